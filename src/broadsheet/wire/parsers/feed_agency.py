"""What an agency adds to the entries of its feeds: its status, its notes, its own text format.

The Associated Press delivers entries of Atom with ``apcm:ContentMetadata`` (what the copy is)
and ``apnm:NewsManagement`` (what may be done with it), and often with NITF for their content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireSubject
from broadsheet.wire.parsers import feed_words, nitf
from broadsheet.wire.parsers.guard import guarded
from broadsheet.wire.parsers.xml_input import local, text_of

_AP = "{http://ap.org/schemas/"
# By the name of the element, what it is of an item.
_TEXTS = {
    "ByLine": "byline",
    "DateLine": "dateline",
    "SlugLine": "slugline",
    "CopyrightLine": "rights",
    "CreditLine": "credit_line",
    "ManagementSequenceNumber": "version",
    "PublishingStatus": "pub_status",
}
_NOTES = {"PublishingSpecialInstructions", "Instruction", "EditorialNote"}
_SUBJECTS = {"SubjectClassification", "EntityClassification", "Subject"}
_HIGHEST_URGENCY = 9
# What the text itself says better than the feed around it.
_OF_THE_TEXT = ("body", "photos", "lead", "byline", "authors", "dateline", "places")
_IF_MISSING = (
    "slugline", "genre", "urgency", "section", "topics", "subjects", "rights", "ed_note",
    "pub_status", "embargoed", "signals", "hold", "credit_line", "agencies",
)  # fmt: skip


class Extensions:
    """What ``entry`` has of an agency's own; it is taken out of the entry, for its readers."""

    def __init__(self, entry: _Element) -> None:
        self.fields: dict[str, Any] = {}
        self.subjects: list[WireSubject] = []
        self.places: list[str] = []
        self.notes: list[str] = []
        self.guid, self.release, self.headline = "", "", ""
        self.nitf: bytes | None = None
        for content in [child for child in entry if local(child) == "content"]:
            found = next((each for each in content.iter() if local(each) == "nitf"), None)
            if found is not None:
                self.nitf = etree.tostring(found, encoding="utf-8", with_tail=False)
                entry.remove(content)
                break
        for element in list(_own(entry)):
            self._read(element)
        for element in [child for child in entry if _is_own(child)]:
            entry.remove(element)

    def _read(self, element: _Element) -> None:
        name, text = local(element), text_of(element)
        if name in _TEXTS and text:
            self.fields.setdefault(_TEXTS[name], text)
        elif name in _NOTES and text:
            self.notes.append(text)
        elif name == "ManagementId":
            self.guid = text
        elif name == "HeadLine":
            self.headline = text
        elif name == "PublishingReleaseDateTime":
            self.release = text
        elif name == "Priority":
            number = element.get("Numeric") or text
            if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= _HIGHEST_URGENCY:
                self.fields["urgency"] = int(number)
        elif name in _SUBJECTS and (value := element.get("Value") or text):
            scheme = element.get("Authority") or element.get("System") or ""
            self.subjects.append(WireSubject(value, element.get("Id") or "", scheme))
        elif name == "DateLineLocation" and (city := element.get("City")):
            self.places.append(city)

    def applied(self, item: WireItem) -> WireItem:
        """Return ``item`` with what the agency says of it."""
        fields = dict(self.fields)
        oddities = list(item.oddities)
        if fields or self.guid:
            fields["agencies"] = item.agencies or ("AP",)
        if self.guid:
            fields["guid"] = self.guid
        if self.release:
            embargoed, odd = feed_words.moment_of(self.release, None, "")
            fields["embargoed"] = embargoed
            oddities.extend(odd)
        if self.notes:
            fields["ed_note"] = "\n".join(dict.fromkeys(self.notes))
        if not item.authors and (byline := fields.get("byline")):
            fields["authors"] = tuple(feed_words.names_of([byline]))
        fields["subjects"] = tuple(dict.fromkeys((*item.subjects, *self.subjects)))
        fields["places"] = tuple(dict.fromkeys((*item.places, *self.places)))
        item = replace(item, **fields, oddities=tuple(oddities))
        return self._with_text(item) if self.nitf is not None else item

    def _with_text(self, item: WireItem) -> WireItem:
        try:
            with guarded(nitf.FORMAT, item.origin):
                records = nitf.parse(Incoming(self.nitf or b"", item.origin))
        except WireError as error:
            said = f"The entry’s NITF could not be read: {error}"
            return replace(item, oddities=(*item.oddities, said))
        text = next((record for record in records if isinstance(record, WireItem)), None)
        if text is None:
            return item
        taken = {name: value for name in _OF_THE_TEXT if (value := getattr(text, name))}
        taken["photos"] = (*text.photos, *item.photos)
        taken |= {name: getattr(text, name) for name in _IF_MISSING if not getattr(item, name)}
        no_text = {"The feed carries no text for this entry.", "The feed carries a summary only."}
        oddities = [said for said in item.oddities if said not in no_text]
        return replace(item, **taken, oddities=(*oddities, *text.oddities))


def _own(entry: _Element) -> Iterator[_Element]:
    return (element for element in entry.iter() if _is_own(element))


def _is_own(element: _Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(_AP)
