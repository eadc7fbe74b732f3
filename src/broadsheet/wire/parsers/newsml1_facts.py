"""What NewsML 1 says of an item and its stories: identity, status, times, people, subjects.

Source: IPTC NewsML 1.2 Functional Specification, 5.2 (envelope), 5.3 (identification and
management) and 5.4 (components and their metadata).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.items import WireLink, WireSubject
from broadsheet.wire.parsers.g2_parties import known_agency
from broadsheet.wire.parsers.newsml1_tree import (
    below,
    below_metadata,
    child,
    children,
    formal,
    line_of,
    party_names,
    properties,
)
from broadsheet.wire.parsers.supplier_clock import SupplierClock
from broadsheet.wire.parsers.xml_input import local, text_of

_IPTC = "http://cv.iptc.org/newscodes/subjectcode/"
_REVISION = re.compile(r":\d{1,9}[A-Z]?$")
_SUBJECTS = ("SubjectCode", "Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")
_PLACES = ("SubLocation", "City", "CountryArea", "Area", "Country", "WorldRegion")
_KEYWORDS = (
    "keyword", "keywords", "bwindustrykeywords", "bwcategorykeywords", "bwcountrykeywords",
    "bwregionkeywords", "bwstatekeywords",
)  # fmt: skip
_NOTES = ("editorialinfo", "editorsnote", "editornote", "ednote")
_NOTE_LINES = re.compile(r"advisory|editor|ednote|note|instruction|correct|embargo", re.IGNORECASE)
_SLUG_LINES = re.compile(r"catchword|slug|stichwort", re.IGNORECASE)
_CODE = re.compile(r"^(?:[A-Z]{2,3}|[A-Z]{2}-[A-Z0-9]{1,3})$")
_KEY = re.compile(r"(?:[0-9A-Fa-f]{16,64}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})")
_HIGHEST_URGENCY = 9
# urn:newsml:provider:date:item:revision
_COLONS = 5


@dataclass(frozen=True)
class Management:
    """The item as a whole: ``guid`` names it in all its revisions, ``version`` is the revision."""

    guid: str = ""
    version: str = ""
    label: str = ""
    status: str = ""
    kind: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    embargoed: datetime | None = None
    expires: datetime | None = None
    hold: str = ""
    urgency: int | None = None
    signals: tuple[str, ...] = ()
    links: tuple[WireLink, ...] = ()


def agency_of(envelope: _Element | None, item: _Element, path: Sequence[_Element]) -> str:
    """Return who sent the item: its provider or sender, by the name the agency is known by."""
    named: list[str] = []
    for component in reversed(path):
        named.extend(party_names(component, "Provider"))
    for sender in children(envelope, "SentFrom"):
        named.extend(formal(party) for party in children(sender, "Party"))
    identifier = child(item, "Identification", "NewsIdentifier")
    for component in reversed(path):
        for news_lines in children(component, "NewsLines"):
            named.extend(line_of(each) for each in children(news_lines, "CreditLine"))
        named.extend(party_names(component, "Source"))
    domain = text_of(child(identifier, "ProviderId"))
    for text in [*named, domain, formal(child(envelope, "NewsService"))]:
        if agency := known(text):
            return agency
    return next(filter(None, [*named, domain]), "")


def known(text: str) -> str:
    """Return the agency that ``text`` names, by name, slash or address; empty if not known."""
    host = text.casefold().split("://")[-1].removeprefix("www.")
    parts = [part for part in host.split(".")[:-1] if part not in {"co", "com"}]
    for candidate in (text, *reversed(parts)):
        if agency := agency_named(candidate) or known_agency(candidate):
            return agency
    return ""


def management_of(envelope: _Element | None, item: _Element, clock: SupplierClock) -> Management:
    """Return what identifies and manages ``item``, its times read by ``clock``."""
    managed = child(item, "NewsManagement")
    identifier = child(item, "Identification", "NewsIdentifier")
    guid, version = _identity(identifier)
    created = clock.read(text_of(child(managed, "FirstCreated")))
    first = clock.read(text_of(child(managed, "FirstPublished"))) or created
    revised = clock.read(text_of(child(managed, "ThisRevisionCreated")))
    sent = clock.read(text_of(child(envelope, "DateAndTime")))
    status = formal(child(managed, "Status"))
    embargoed, expires, hold = _changes(managed, status, clock)
    kind = formal(child(managed, "NewsItemType"))
    return Management(
        guid=guid,
        version=version,
        label=text_of(child(item, "Identification", "NameLabel")),
        status=status,
        kind="" if kind.casefold() in {"news", "newsitem", "text"} else kind,
        published=first or revised or sent,
        updated=revised or first or sent,
        embargoed=embargoed,
        expires=expires,
        hold=hold,
        urgency=_urgency(formal(child(managed, "Urgency")))
        or _urgency(formal(child(envelope, "Priority"))),
        signals=_signals(item, managed),
        links=_links(item, managed),
    )


def signals_of(path: Sequence[_Element]) -> tuple[str, ...]:
    """Return what the metadata call this version, where it is a word: AFP's "Correction"."""
    said = [value for component in path for value in properties(component, "Version")]
    return tuple(dict.fromkeys(value for value in said if value.isalpha()))


def is_in_gmt(item: _Element) -> bool:
    """Tell whether the label for its date calls the times of ``item`` Greenwich's."""
    label = text_of(child(item, "Identification", "DateLabel"))
    return bool(re.search(r"\d\s?(?:GMT|UTC)\b", label[:200]))


def own_name(item: _Element) -> str:
    """Return what names ``item`` where its ``NewsIdentifier`` does not; empty where nothing does.

    TASS gives its key as the ``Duid`` of the component. Most number their parts only: "NC0001".
    """
    for element in (item, *children(item, "NewsComponent")):
        duid = (element.get("Duid") or "").strip()
        if _KEY.fullmatch(duid) and any(char.isdigit() for char in duid):
            return duid
    return ""


def without_revision(guid: str) -> str:
    """Return a NewsML URN ("urn:newsml:afp.com:20240105:TX-1:2N") without its revision."""
    guid = " ".join(guid.split())
    is_whole = guid.casefold().startswith("urn:newsml:") and guid.count(":") >= _COLONS
    return _REVISION.sub("", guid) if is_whole else guid


def subjects_of(path: Sequence[_Element], language: str) -> tuple[WireSubject, ...]:
    """Return the subjects with their codes, named where the item has a set of topics."""
    names = _topic_names(path, language)
    subjects: dict[WireSubject, None] = {}
    for component in path:
        for element in below_metadata(component, *_SUBJECTS):
            code = (element.get("FormalName") or "").strip()
            scheme = (element.get("Scheme") or "").strip()
            name = names.get(code, "") or ("" if len(element) else text_of(element))
            if code.isdecimal() and len(code) == len("11006005"):
                subjects[WireSubject(name, f"subj:{code}", _IPTC)] = None
            elif code or name:
                subjects[WireSubject(name or code, code, scheme)] = None
        for code in _codes_pointed_at(path, component):
            subjects[WireSubject(names.get(code, ""), f"subj:{code}", _IPTC)] = None
    return tuple(subjects)


def _codes_pointed_at(path: Sequence[_Element], component: _Element) -> list[str]:
    """Return the IPTC's codes that ``component`` has by pointers alone (``TopicOccurrence``)."""
    pointers = {
        (each.get("Topic") or "").lstrip("#")
        for each in below_metadata(component, "TopicOccurrence")
    }
    topics = [t for up in path for t in below_metadata(up, "Topic") if t.get("Duid") in pointers]
    codes = [text_of(child(topic, "FormalName")) for topic in topics]
    return [code for code in codes if code.isdecimal() and len(code) == len("11006005")]


def topics_of(path: Sequence[_Element]) -> tuple[str, ...]:
    """Return the keywords that are given for readers and searching."""
    found: list[str] = []
    for component in path:
        for news_lines in children(component, "NewsLines"):
            found.extend(line_of(each) for each in children(news_lines, "KeywordLine"))
        found.extend(properties(component, *_KEYWORDS))
        # PA: "ARTS". Belga's property of this name is among the administrative ones.
        for described in children(component, "DescriptiveMetadata"):
            topics = (each for each in below(described, "Property"))
            found.extend(t.get("Value") or "" for t in topics if t.get("FormalName") == "Topic")
        for holder in children(component, "item_keywords"):
            found.extend(text_of(each) for each in holder)
    words = [word.strip() for text in found for word in text.split(";")]
    return tuple(dict.fromkeys(filter(None, words)))


def places_of(path: Sequence[_Element]) -> tuple[str, ...]:
    """Return the names of the places, the smallest first; codes of countries are left out."""
    found: list[str] = []
    for component in reversed(path):
        said: dict[str, list[str]] = {}
        holders = [*below_metadata(component, "Location")]
        for prop in [each for holder in holders for each in below(holder, "Property")] or [
            *below_metadata(component, "Property")
        ]:
            said.setdefault(prop.get("FormalName") or "", []).append(prop.get("Value") or "")
        for name in _PLACES:
            found.extend(v.strip() for v in said.get(name, []) if not _CODE.match(v.strip()))
    return tuple(dict.fromkeys(filter(None, found)))


def notes_and_slug(path: Sequence[_Element]) -> tuple[list[str], str]:
    """Return what is said to editors alone, and the slug that stands in a line of its own kind."""
    notes: list[str] = []
    slug = ""
    for component in reversed(path):
        for news_lines in children(component, "NewsLines"):
            for element in children(news_lines, "NewsLine"):
                kind = formal(child(element, "NewsLineType"))
                texts = [line_of(each) for each in children(element, "NewsLineText")]
                if _NOTE_LINES.search(kind):
                    notes.extend(texts)
                elif _SLUG_LINES.search(kind):
                    slug = slug or next(filter(None, texts), "")
        notes.extend(properties(component, *_NOTES))
        # PA: "Embargoed to 0001 Tuesday June 03". A comment with a name is the software's.
        comments = (each for each in children(component, "Comment") if not each.get("FormalName"))
        notes.extend(line_of(each) for each in comments)
    return list(dict.fromkeys(filter(None, notes))), slug


def genre_of(path: Sequence[_Element]) -> str:
    """Return the innermost genre that is stated."""
    for component in reversed(path):
        for genre in below_metadata(component, "Genre"):
            if said := formal(genre):
                return said
    return ""


def rights_of(path: Sequence[_Element]) -> str:
    """Return the lines of copyright and the terms of use, each once, the innermost first."""
    said: list[str] = []
    for component in reversed(path):
        for news_lines in children(component, "NewsLines"):
            said.extend(
                line_of(each) for each in children(news_lines, "CopyrightLine", "RightsLine")
            )
        for rights in below_metadata(component, "UsageRights", "Copyright"):
            # PA: "Press Association" and "2025", after a line "Press Association 2025".
            parts = [text_of(each) for each in rights]
            said.extend(part for part in parts if not any(part in line for line in said))
    return " ".join(dict.fromkeys(filter(None, said)))


def _identity(identifier: _Element | None) -> tuple[str, str]:
    """Return the item's name without its revision, and the revision.

    Some suppliers send the same ``PublicIdentifier`` with everything; there, its parts count.
    """
    provider = text_of(child(identifier, "ProviderId"))
    date = text_of(child(identifier, "DateId"))
    number = text_of(child(identifier, "NewsItemId"))
    revision = child(identifier, "RevisionId")
    version = text_of(revision)
    public = text_of(child(identifier, "PublicIdentifier"))
    if public.count(":") >= _COLONS:
        # ANP repeats the revision in the NewsItemId ("…-v2"), but not here.
        stem = public.removesuffix(f":{version}") if version else public
        return (stem if stem != public else without_revision(public)), version
    if number.strip("0"):
        return ":".join(filter(None, ("urn:newsml", provider, date, number))), version
    return (public if public.count(":") == _COLONS - 1 else ""), version


def _changes(
    managed: _Element | None, status: str, clock: SupplierClock
) -> tuple[datetime | None, datetime | None, str]:
    """Return when an embargo ends, when use ends, and why an embargo has no end."""
    change = child(managed, "StatusWillChange")
    at = clock.read(text_of(child(change, "DateAndTime")))
    future = formal(child(change, "FutureStatus")).casefold()
    if status.casefold().startswith("embargo"):
        said = "The supplier put it under an embargo without saying until when."
        return at, None, "" if at else said
    if at is None:
        return None, None, ""
    return (at, None, "") if future == "usable" else (None, at, "")


def _urgency(said: str) -> int | None:
    urgency = int(said) if said.isascii() and said.isdecimal() and len(said) == 1 else 0
    return urgency if 1 <= urgency <= _HIGHEST_URGENCY else None


def _signals(item: _Element, managed: _Element | None) -> tuple[str, ...]:
    signals = [formal(each) for each in children(managed, "Instruction")]
    if child(item, "Update") is not None:
        signals.append("update")
    return tuple(dict.fromkeys(filter(None, signals)))


def _links(item: _Element, managed: _Element | None) -> tuple[WireLink, ...]:
    links: dict[WireLink, None] = {}
    for element in children(managed, "DerivedFrom", "AssociatedWith"):
        is_derived = local(element) == "DerivedFrom"
        if guid := (element.get("NewsItem") or "").strip():
            link = WireLink("derived" if is_derived else "related", without_revision(guid))
            links[link] = None
    for element in below(item, "NewsItemRef"):
        if guid := (element.get("NewsItem") or "").strip():
            links[WireLink("member", without_revision(guid))] = None
    return tuple(links)


def _topic_names(path: Iterable[_Element], language: str) -> dict[str, str]:
    wanted = language.split("-", maxsplit=1)[0].casefold()
    names: dict[str, str] = {}
    for component in path:
        for topic in below_metadata(component, "Topic"):
            code = next((text_of(each) for each in children(topic, "FormalName")), "")
            for description in children(topic, "Description"):
                spoken = description.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
                is_name = (description.get("Variant") or "Name").casefold() == "name"
                if code and is_name and (code not in names or spoken.casefold() == wanted):
                    names[code] = text_of(description)
    return names
