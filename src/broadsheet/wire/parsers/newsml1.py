"""NewsML 1.0 to 1.2, as agencies really send it; not NewsML-G2, which shares only its name.

Source: IPTC NewsML 1.2 DTD and Functional Specification. Each story of each ``NewsItem``
becomes an item: several where a ``NewsItem`` tells the same in several languages, or carries
texts with headlines of their own. ``published`` is ``FirstCreated``, ``updated``
``ThisRevisionCreated``; the revision is the version.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink, WireRecord, WireSubject
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import newsml1_facts as facts
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.newsml1_content import Text
from broadsheet.wire.parsers.newsml1_parts import Story, blocks_in, stories_in, words_of
from broadsheet.wire.parsers.newsml1_tree import child, children, line, lines, party_names
from broadsheet.wire.parsers.nitf import held
from broadsheet.wire.parsers.nitf_body import lead_of
from broadsheet.wire.parsers.supplier_clock import SupplierClock
from broadsheet.wire.parsers.xml_input import Markup, local, read, root_name, text_of

FORMAT = "NewsML 1"

_MOST_ITEMS = 5000
_LONGEST_OPENING = 100
_SHOUTED_WORDS = 5


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is NewsML 1, by the name of its root element."""
    return root_name(incoming) in {"NewsML", "NewsItem", "newsml", "NEWSML"}


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the stories in ``incoming``. Raises :class:`WireError` where there is none."""
    markup = read(incoming)
    root = markup.root
    envelope = child(root, "NewsEnvelope")
    items = (
        [root] if local(root) == "NewsItem" else [e for e in root.iter() if local(e) == "NewsItem"]
    )
    records: list[WireRecord] = []
    for item in items[:_MOST_ITEMS]:
        raw = _alone(root, envelope, item) if len(items) > 1 else None
        found = _Item(incoming, markup, envelope, item, raw).records()
        records.extend(found)
    if len(items) > _MOST_ITEMS:
        records.append(
            Unread(
                incoming.origin,
                "story",
                f"The file has {len(items)} news items; the first {_MOST_ITEMS} were read. Have "
                "the supplier send it in parts.",
            )
        )
    if not any(isinstance(record, WireItem) for record in records):
        reasons = [record.reason for record in records if isinstance(record, Unread)]
        raise WireError(reasons[0] if reasons else "The NewsML holds no news item.")
    return records


def _alone(root: _Element, envelope: _Element | None, item: _Element) -> bytes:
    """Return ``item`` as a file of its own, with the envelope it came in."""
    alone = etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    alone.extend(deepcopy(each) for each in (envelope, item) if each is not None)
    return etree.tostring(alone, encoding="utf-8")


class _Item:
    """One ``NewsItem`` on its way to its stories."""

    def __init__(
        self,
        incoming: Incoming,
        markup: Markup,
        envelope: _Element | None,
        item: _Element,
        raw: bytes | None,
    ) -> None:
        self.incoming, self.markup, self.raw = incoming, markup, raw
        self.envelope, self.item = envelope, item
        self.sha256 = incoming.sha256 if raw is None else hashlib.sha256(raw).hexdigest()

    def records(self) -> list[WireRecord]:
        records: list[WireRecord] = []
        guids: dict[str, str] = {}
        for story in stories_in(self.item):
            item = self._record(story, guids)
            if isinstance(item, WireItem):
                guids[item.guid] = item.language
            records.append(item)
        return records

    def _record(self, story: Story, guids: dict[str, str]) -> WireItem | Unread:
        path = story.path
        agency = facts.agency_of(self.envelope, self.item, path)
        # Europa Press gives GMT, and says so in a label alone.
        clock = SupplierClock("" if facts.is_in_gmt(self.item) else agency)
        managed = facts.management_of(self.envelope, self.item, clock)
        texts = [*story.bodies, *story.leads]
        blocks = blocks_in(story.bodies) or blocks_in(story.leads)
        headline, odd = self._headline(story, managed.label, texts)
        if not headline or not (texts or story.photos or managed.guid or not odd):
            return Unread(
                self.incoming.origin,
                "story",
                "The news item has neither a headline nor a text. Have the supplier send it again.",
            )
        written = "\n".join([headline, *(to_text(b.html) for b in blocks if b.kind != "photo")])
        language = language_of(written, story.language or _first(texts, "language"))
        byline = ", ".join(lines(path, "ByLine", language)) or _first_of_body(texts, "byline")
        byline = byline or next(
            (said for up in path for author in children(up, "Author") if (said := text_of(author))),
            "",
        )
        title = line(path, "ByLineTitle", language)
        notes, slug = facts.notes_and_slug(path)
        slugline, lead = self._slug_and_lead(story, headline, slug or managed.label, texts)
        subjects = _subjects(facts.subjects_of(path, language), texts)
        photos = [photo for text in texts for photo in text.photos]
        # An index of other items has a name, but nothing to read; an alert has as little.
        lists = any(link.rel == "member" for link in managed.links)
        is_unsaid = bool(odd) and managed.status.casefold() == "usable"
        is_package = not texts and not story.photos and (lists or is_unsaid)
        guid = managed.guid or facts.own_name(self.item)
        guid = guid or f"newsml:{_hash(f'{headline}{managed.published or self.sha256}')}"
        links = list(managed.links)
        if guids:
            original = next(iter(guids))
            is_other = language != guids[original]
            links.append(WireLink("translates" if is_other else "related", original))
            guid = f"{guid}#{language or len(guids)}"
            guid = guid if guid not in guids else f"{guid}-{len(guids)}"
        item = WireItem(
            guid=guid,
            origin=self.incoming.origin,
            format=FORMAT,
            sha256=self.sha256,
            headline=headline,
            body=tuple(blocks),
            kind="package" if is_package else story.kind,
            version=managed.version,
            published=managed.published,
            updated=managed.updated,
            language=language,
            slugline=slugline,
            dateline=_dateline(line(path, "DateLine", language))
            or _first_of_body(texts, "dateline"),
            lead=lead,
            section=_first(texts, "section"),
            authors=names_in(byline) or self._authors(story),
            byline=", ".join(filter(None, (byline, title))),
            agencies=(agency,) if agency else (),
            info_sources=self._sources(story, agency),
            topics=tuple(
                dict.fromkeys((*(s.name for s in subjects if s.name), *facts.topics_of(path)))
            ),
            subjects=subjects,
            places=facts.places_of(path)
            or tuple(place for text in texts for place in text.head.places),
            genre=facts.genre_of(path) or managed.kind or _first(texts, "genre"),
            urgency=managed.urgency
            or next((text.head.urgency for text in texts if text.head.urgency), None),
            photos=(*photos, *story.photos),
            links=tuple(
                dict.fromkeys((*links, *(link for text in texts for link in text.head.links)))
            ),
            rights=facts.rights_of(path) or _first(texts, "rights"),
            credit_line=line(path, "CreditLine", language),
            pub_status=managed.status or _first(texts, "status"),
            embargoed=managed.embargoed,
            expires=managed.expires,
            signals=(*managed.signals, *facts.signals_of(path), *_signals(texts)),
            ed_note="\n".join(
                dict.fromkeys(
                    filter(
                        None,
                        (
                            *notes,
                            *story.notes,
                            *(text.head.ed_note for text in texts),
                            *(text.body.ed_note for text in texts),
                        ),
                    )
                )
            ),
            raw=self.raw,
            oddities=tuple(
                dict.fromkeys(
                    (
                        *self.markup.oddities,
                        *(oddity for text in texts for oddity in text.oddities),
                        *odd,
                        *(
                            ["It has too many parts; the last were left out."]
                            if story.is_cut
                            else []
                        ),
                        *clock.oddities,
                    )
                )
            ),
        )
        return held(item) if managed.hold else item

    def _headline(self, story: Story, label: str, texts: list[Text]) -> tuple[str, tuple[str, ...]]:
        headline = (
            line(story.path, "HeadLine", story.language)
            or next(iter(story.titles), "")
            or _first_of_body(texts, "headline")
            or _first(texts, "title")
        )
        if headline:
            return headline, ()
        first = next((words for text in texts if (words := _opening(text))), "")
        if not first and story.photos:
            photo = story.photos[0]
            first = photo.headline or photo.caption or photo.file_name
        said = first or label
        return said, ("It has no headline; its first words stand for one.",) if said else ()

    def _slug_and_lead(
        self, story: Story, headline: str, label: str, texts: list[Text]
    ) -> tuple[str, str]:
        slug = line(story.path, "SlugLine", story.language)
        subheads = [*lines(story.path, "SubHeadLine", story.language), *story.subtitles]
        subheads.extend(head for text in texts for head in text.body.subheadlines)
        keywords = {word for text in texts for word in text.head.keywords}
        told: list[str] = []
        for subhead in dict.fromkeys(subheads):
            # EFE sends its slugline as the second headline: "INDIA SUCESOS".
            is_loud = subhead.isupper() and len(subhead.split()) < _SHOUTED_WORDS
            if subhead in keywords or is_loud:
                slug = slug or subhead
            else:
                told.append(subhead)
        if story.bodies:
            told.extend(words_of(text) for text in story.leads)
        for text in texts:
            lead = text.body.lead
            for subhead in text.body.subheadlines:
                lead = lead.removeprefix(subhead).strip()
            told.append(lead)
        slug = slug or label or _first(texts, "slugline")
        return slug, lead_of(told, headline, blocks_in(story.bodies or story.leads))

    def _authors(self, story: Story) -> tuple[str, ...]:
        named = [
            name
            for component in reversed(story.path)
            for party in party_names(component, "Creator")
            for name in names_in(party)
        ]
        return tuple(dict.fromkeys(named))

    def _sources(self, story: Story, agency: str) -> tuple[str, ...]:
        named = [
            facts.known(party) or party
            for component in story.path
            for party in party_names(component, "Source")
        ]
        return tuple(dict.fromkeys(name for name in named if name and name != agency))


def _subjects(stated: tuple[WireSubject, ...], texts: list[Text]) -> tuple[WireSubject, ...]:
    """Return the subjects of the item, named and completed by those of the NITF in it."""
    inner = {s.code: s for text in texts for s in text.head.subjects}
    named = [inner[s.code] if not s.name and s.code in inner else s for s in stated]
    codes = {s.code for s in named}
    return (*named, *(s for s in inner.values() if s.code not in codes))


def _dateline(text: str) -> str:
    return text.rstrip(" -–—")


def _opening(text: Text) -> str:
    first = next((to_text(block.html) for block in text.blocks if block.kind != "photo"), "")
    return (
        first
        if len(first) <= _LONGEST_OPENING
        else first[:_LONGEST_OPENING].rsplit(" ", 1)[0] + "…"
    )


def _first(texts: list[Text], name: str) -> str:
    return next((value for text in texts if (value := getattr(text.head, name))), "")


def _first_of_body(texts: list[Text], name: str) -> str:
    return next((value for text in texts if (value := getattr(text.body, name))), "")


def _signals(texts: list[Text]) -> tuple[str, ...]:
    return tuple(signal for text in texts for signal in text.head.signals)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
