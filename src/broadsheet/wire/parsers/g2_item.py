"""One NewsML-G2 item as a wire item: its parts put together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.items import ItemKind, WireBlock, WireItem
from broadsheet.wire.language import language_of
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import (
    g2_content,
    g2_knowledge,
    g2_links,
    g2_parties,
    g2_statements,
    g2_subjects,
    g2_times,
)
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.g2_content import PictureWords
from broadsheet.wire.parsers.g2_properties import attribute, child, plain, unique
from broadsheet.wire.parsers.g2_statements import Description
from broadsheet.wire.parsers.inline import from_text, to_text
from broadsheet.wire.parsers.nitf_body import without_notes
from broadsheet.wire.parsers.xml_input import local

_BY_ELEMENT: dict[str, ItemKind] = {
    "packageItem": "package", "planningItem": "planning", "conceptItem": "knowledge",
    "knowledgeItem": "knowledge", "catalogItem": "knowledge",
}  # fmt: skip
# Reuters signs within the text: "By Ann Lee" above, "(Reporting by Ann Lee; Editing by …)" below.
_SIGNED_ABOVE = re.compile(r"^By [A-Z][^.:;]{3,80}$")
_SIGNED_BELOW = re.compile(r"\(Reporting by ([^();]{3,200}?)(?: in [A-Z][^();]{0,80})?[;)]")
_MACHINE_TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ][\d:.]{5,}")
_FIRST_WORDS, _LAST_WORDS = 8, 3
_MOST_OPENINGS = 4
_LONGEST_HEADLINE = 300
_LONGEST_OPENING = 120
_SHORTEST_LEAD = 40


def groups_of(item: _Element) -> list[list[str]]:
    """Return the guids of the members of a package, by group; none for other items."""
    return g2_links.groups_of(item) if local(item) == "packageItem" else []


def item_of(
    item: _Element, header: _Element | None, beside: Callable[[str], bytes | None]
) -> WireItem:
    """Return the wire item that ``item`` is, without its origin and bytes.

    ``header`` is that of the message it came in; ``beside`` has the files that lie beside the
    document. Raises ``ValueError``, ``LookupError`` and the like for what no one has thought of.
    """
    return _Assembly(item, header, beside).item()


class _Assembly:
    """Puts an item together; what is odd on the way is gathered."""

    def __init__(
        self, item: _Element, header: _Element | None, beside: Callable[[str], bytes | None]
    ) -> None:
        self.element = item
        self.header = header
        self.oddities: list[str] = []
        self.stated, self.own_language = g2_statements.languages_of(item)
        self.metadata_language = self.own_language or self.stated
        self.agency = g2_parties.agency_of(item, header, self.stated)
        self.descriptions = g2_statements.descriptions_of(child(item, "contentMeta"))
        self.guid = self._guid()
        self.headlines = g2_statements.headlines_of(item, self.stated)
        self.rights, self.holder = g2_parties.rights_of(item, self.metadata_language)
        self.kind, kind_code = self._stated_kind()
        self.times = g2_times.times_of(
            item, header, self.agency, is_picture=self.kind in {"picture", "graphic"}
        )
        self.content = g2_content.content_of(
            item,
            beside,
            is_picture=self.kind in {"picture", "graphic"},
            words=self._picture_words(),
        )
        self._settle_kind(kind_code)

    def item(self) -> WireItem:
        """Return the item."""
        about = g2_subjects.about(self.element, self.metadata_language)
        pub_status, odd_status = g2_statements.pub_status_of(self.element)
        told = self._told()
        blocks = self._body(told)
        headline = self._headline(told, blocks)
        lead, blocks = self._lead(headline, blocks)
        byline, authors = self._byline()
        note = unique([g2_statements.ed_note_of(self.element), self.content.ed_note])
        text = "\n".join([headline, *(to_text(block.html) for block in blocks)])
        photos = [*self.content.photos, *g2_links.linked_photos(self.element)]
        if self.kind == "video":
            photos.extend(g2_content.icons_of(self.element))
        hold = self.times.hold
        if not hold and not blocks and self.kind == "text" and headline == self.guid:
            hold = "It has neither a headline nor text."
        return WireItem(
            guid=self.guid,
            origin="",
            format="",
            sha256="",
            headline=headline,
            body=without_notes(blocks, "\n".join(note)),
            kind=self.kind,
            version=attribute(self.element, "version"),
            published=self.times.published,
            updated=self.times.updated,
            language=language_of(text, self.stated),
            slugline=g2_statements.slugline_of(self.element, self.metadata_language),
            dateline=self._dateline(),
            lead=lead,
            section=about.section,
            authors=authors,
            byline=byline,
            agencies=(self.agency,) if self.agency else (),
            info_sources=g2_parties.sources_of(self.element, self.metadata_language),
            topics=about.topics,
            subjects=about.subjects,
            places=about.places,
            genre=about.genre,
            urgency=self._urgency(),
            photos=tuple(photos),
            links=g2_links.links_of(self.element, self.guid),
            rights=self.rights or self.content.rights,
            credit_line=plain(child(self.element, "contentMeta", "creditline"))
            or self.content.credit,
            pub_status=pub_status,
            embargoed=self.times.embargoed,
            expires=self.times.expires,
            signals=g2_statements.signals_of(self.element, self.header),
            ed_note="\n".join(note),
            hold=hold,
            oddities=unique(
                [
                    *self.oddities,
                    *self.headlines.oddities,
                    *odd_status,
                    *self.times.oddities,
                    *self.content.oddities,
                    *(told.oddities if told else ()),
                ]
            ),
        )

    def _guid(self) -> str:
        if guid := attribute(self.element, "guid"):
            return guid
        for name in ("altId", "versionedId"):
            for part in ("itemMeta", "contentMeta"):
                found = child(self.element, part, name)
                if value := plain(found) or attribute(found, "id", "guid"):
                    self.oddities.append("The item has no guid; another name of it was taken.")
                    return value
        # That of a message names all of it: no item but the package that stands for it.
        value = plain(child(self.header, "transmitId"))
        if value and local(self.element) == "packageItem":
            self.oddities.append("The item has no guid; the name of its message was taken.")
            return value
        self.oddities.append("The item has no guid; one was made of what it says.")
        whole = etree.tostring(self.element, with_tail=False)
        return f"sha256:{hashlib.sha256(whole).hexdigest()[:32]}"

    def _stated_kind(self) -> tuple[ItemKind, str]:
        if kind := _BY_ELEMENT.get(local(self.element)):
            return kind, ""
        if g2_knowledge.holds_events(self.element):
            return "planning", ""
        stated, code = g2_statements.kind_of(self.element)
        return stated or "text", "" if stated else code or "none"

    def _settle_kind(self, unknown_code: str) -> None:
        """Correct a kind that the item does not state, or that its content gives the lie to."""
        has_text = bool(self.content.words)
        if unknown_code:
            if not has_text and self.content.photos:
                self.kind = "picture"
            if unknown_code != "none":
                self.oddities.append(
                    f"“{unknown_code[:60]}” is no known class of items; read as {self.kind}."
                )
        elif (self.kind == "package" and local(self.element) == "newsItem" and has_text) or (
            self.kind in {"picture", "graphic", "video", "audio"}
            and has_text
            and not self.content.photos
            and not self.content.has_remote_media
        ):
            self.oddities.append(f"The item calls itself a {self.kind} and is a text.")
            self.kind = "text"

    def _picture_words(self) -> PictureWords:
        captions = [each.text for each in self.descriptions if each.is_caption]
        if not captions and self.kind in {"picture", "graphic"}:
            captions = [each.text for each in self.descriptions]
        is_picture = self.kind in {"picture", "graphic"}
        credit = plain(child(self.element, "contentMeta", "creditline"))
        if is_picture and not credit:
            persons = g2_parties.persons_of(self.element, self.metadata_language)
            credit = "/".join(unique([*persons, self.agency or self.holder]))
        return PictureWords(
            # dpa: a second caption repeats the first one, with place and credit around it.
            caption=captions[0] if captions else "",
            credit=credit if is_picture else "",
            headline=self.headlines.main if is_picture else "",
            rights=self.rights if is_picture else "",
            guid=self.guid if is_picture else "",
            taken_on=self.times.taken_on if is_picture else None,
        )

    def _told(self) -> g2_knowledge.Told | None:
        if self.kind in {"planning", "knowledge"}:
            return g2_knowledge.told(self.element, self.metadata_language)
        return None

    def _body(self, told: g2_knowledge.Told | None) -> list[WireBlock]:
        if told is not None:
            return told.blocks
        blocks = self._without_headlines(self.content.blocks)
        if self.kind in {"video", "audio"} and not blocks:
            lines = [line for each in self.descriptions for line in each.lines]
            lines.extend(g2_statements.part_descriptions_of(self.element))
            blocks = [WireBlock("paragraph", from_text(line)) for line in unique(lines)]
        return blocks

    def _without_headlines(self, blocks: list[WireBlock]) -> list[WireBlock]:
        """Drop the headlines where they open the body, which is where suppliers repeat them."""
        said = {
            folded(text)
            for text in (
                self.headlines.main,
                *self.headlines.further,
                self.content.headline,
                self.headlines.under,
            )
            if text
        }
        kept = list(blocks)
        for _ in range(_MOST_OPENINGS):
            if not kept or kept[0].kind not in {"heading", "paragraph"}:
                break
            if folded(to_text(kept[0].html)) not in said:
                break
            del kept[0]
        return kept

    def _headline(self, told: g2_knowledge.Told | None, blocks: list[WireBlock]) -> str:
        slugline = g2_statements.slugline_of(self.element, self.metadata_language)
        opening = to_text(blocks[0].html) if blocks and blocks[0].kind != "photo" else ""
        summary = next((each.text for each in self.descriptions), "")
        member = next(
            (link.title for link in g2_links.links_of(self.element, "") if link.title), ""
        )
        candidates = [
            ("", self.headlines.main),
            ("", self.content.headline),
            ("", told.headline if told else ""),
            ("its slugline", slugline),
            ("its description", summary),
            ("its first paragraph", opening),
            ("its first member", member),
            ("its file name", plain(child(self.element, "itemMeta", "fileName"))),
            ("its guid", self.guid),
        ]
        source, text = next((source, text) for source, text in candidates if text)
        if source:
            self.oddities.append(f"The item has no headline; {source} stands in for it.")
            if text != self.guid:
                return _shortened(text)
        return text[:_LONGEST_HEADLINE]

    def _lead(self, headline: str, blocks: list[WireBlock]) -> tuple[str, list[WireBlock]]:
        """Return the lead: what sums the story up and does not stand in it already."""
        texts = [self.headlines.under, *self.content.subheadlines, self.content.lead]
        texts += [each.text for each in self.descriptions if self._may_lead(each)]
        body = folded(" ".join(to_text(block.html) for block in blocks if block.kind != "photo"))
        slugline = g2_statements.slugline_of(self.element, self.metadata_language)
        labels = (f"{slugline}:{headline}", f"{slugline}: {headline}")
        kept: list[str] = []
        for text in unique(texts):
            told = folded(text)
            # Reuters: a "caption" of slugline and headline; TT: the story's start, cut off.
            is_label = told in (folded(headline), *map(folded, labels))
            is_repeated = len(told) >= _SHORTEST_LEAD and told.rstrip(".… ") in body
            if not is_label and not is_repeated and not any(told in folded(k) for k in kept):
                kept.append(text)
        return " ".join(kept), blocks

    def _may_lead(self, description: Description) -> bool:
        if self.kind in {"picture", "graphic"}:
            return description.is_lead and bool(description.role)
        if self.kind in {"video", "audio"}:
            return False
        if self.kind != "text":
            return description.is_lead
        return description.is_lead or (description.is_caption and not self.content.photos)

    def _byline(self) -> tuple[str, tuple[str, ...]]:
        byline, authors = g2_parties.byline_of(self.element)
        byline = byline or self.content.byline
        authors = authors or self.content.authors or names_in(self.content.byline)
        persons = g2_parties.persons_of(self.element, self.metadata_language)
        return byline, authors or persons or self._signed()

    def _signed(self) -> tuple[str, ...]:
        """Return the persons that sign the story in its text, where no field names any."""
        words = self.content.words
        for text in words[:_FIRST_WORDS]:
            if _SIGNED_ABOVE.match(text):
                return names_in(text)
        for text in words[-_LAST_WORDS:]:
            if signed := _SIGNED_BELOW.search(text):
                return names_in(signed[1])
        return ()

    def _dateline(self) -> str:
        printed = plain(child(self.element, "contentMeta", "dateline")) or self.content.dateline
        # Reuters: for sports data, the time of sending in a form for machines.
        return "" if _MACHINE_TIME.match(printed) else printed.rstrip(" -–—")

    def _urgency(self) -> int | None:
        text = plain(child(self.element, "contentMeta", "urgency"))
        return int(text) if text in set("123456789") else None


def _shortened(text: str) -> str:
    """Return the beginning of ``text`` that can stand as a headline."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST_OPENING:
        return text
    return text[:_LONGEST_OPENING].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
