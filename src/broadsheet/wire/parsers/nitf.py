"""NITF, the News Industry Text Format: 2.x to 3.6, as agencies really send it.

Source: IPTC NITF 3.6. One file may hold several stories, one after the other or in an element
around them. A story's times are those of its head; ``date.release`` after ``date.issue`` is an
embargo (NITF: "the date and time the story is available to be released").
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.agencies import agency_named, language_of_agency
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink, WireRecord
from broadsheet.wire.language import language_of
from broadsheet.wire.notes import applied
from broadsheet.wire.parsers.g2_parties import known_agency
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.nitf_body import NitfBody, blocks_of, without_notes
from broadsheet.wire.parsers.nitf_head import NitfHead, head_of
from broadsheet.wire.parsers.supplier_clock import SupplierClock
from broadsheet.wire.parsers.xml_input import Markup, local, read_text, root_name

FORMAT = "NITF"

_END = re.compile(r"(?<=</nitf>)(?=\s*<)", re.IGNORECASE)
_START = re.compile(r"<(?:[\w.-]{1,40}:)?nitf[\s>/]")
_OTHERS = {"newsml", "newsmessage", "newsitem", "packageitem", "html", "rss", "feed", "rdf"}
_MOST_STORIES = 5000
_LONGEST_OPENING = 100
_SHOUTED_WORDS = 5
_NO_NAMES = 5


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is NITF: by its root element, or an unknown one around ``nitf``."""
    name = root_name(incoming).casefold()
    if name == "nitf":
        return True
    is_other = not name or name in _OTHERS
    return not is_other and bool(_START.search(incoming.decoded.text[: 64 * 1024]))


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the stories in ``incoming``. Raises :class:`WireError` where there is none."""
    text = incoming.decoded.text
    parts = _END.split(text, _MOST_STORIES) if root_name(incoming).casefold() == "nitf" else [text]
    parts = [part for part in parts if _START.search(part)] or [text]
    records: list[WireRecord] = []
    if len(parts) > _MOST_STORIES:
        parts = parts[:_MOST_STORIES]
        records.append(_too_many(incoming))
    for part in parts:
        try:
            markup = read_text(part)
        except WireError as error:
            if len(parts) == 1:
                raise
            records.append(Unread(incoming.origin, "story", str(error)))
            continue
        stories = [each for each in markup.root.iter() if local(each) == "nitf"]
        stories = [
            each for each in stories if not any(local(up) == "nitf" for up in each.iterancestors())
        ]
        if len(stories) > _MOST_STORIES:
            records.append(_too_many(incoming))
        is_whole = len(parts) == 1 and len(stories) == 1
        for story in stories[:_MOST_STORIES]:
            raw = None if is_whole else etree.tostring(story, encoding="utf-8", with_tail=False)
            records.append(_record(incoming, story, markup, raw))
    items = [record for record in records if isinstance(record, WireItem)]
    if not items:
        reasons = [record.reason for record in records if isinstance(record, Unread)]
        raise WireError(reasons[0] if reasons else "The NITF holds no story.")
    return records


def _too_many(incoming: Incoming) -> Unread:
    return Unread(
        incoming.origin,
        "story",
        f"The file has more than {_MOST_STORIES} stories; only those were read. Have the supplier "
        "send it in parts.",
    )


def _record(
    incoming: Incoming, story: _Element, markup: Markup, raw: bytes | None
) -> WireItem | Unread:
    head, body = head_of(story), blocks_of(story)
    headline, odd = headline_of(body, head)
    told = any(block.kind != "photo" for block in body.blocks) or body.lead or body.photos
    if not headline or not (told or head.status or head.links or head.guid):
        return Unread(
            incoming.origin,
            "story",
            "The NITF has neither a headline nor a paragraph. Have the supplier send it again.",
        )
    agency = agency_of(body, head)
    clock = SupplierClock(agency)
    sha256 = hashlib.sha256(raw).hexdigest() if raw is not None else incoming.sha256
    published = (
        clock.read(head.issued)
        or clock.read(head.printed)
        or clock.read(body.story_date)
        or clock.read(head.released)
    )
    revised = [at for text in head.revised if (at := clock.read(text))]
    release = clock.read(head.released)
    is_held = head.status.casefold().startswith("embargo")
    is_embargo = release is not None and (
        is_held or (published is not None and release > published)
    )
    byline, lead = body.byline, body.lead
    if agency == "ANSA" and byline and not body.authors and len(byline.split()) >= _NO_NAMES:
        # ANSA sends the second headline as the byline.
        byline, lead = "", " ".join(filter(None, (byline, lead)))
    slugline, lead = _slugline(head, body, lead)
    ed_note = "\n".join(dict.fromkeys(filter(None, (head.ed_note, body.ed_note))))
    item = WireItem(
        guid=_scoped(head.guid, agency)
        or f"nitf:{_name(headline, published.isoformat() if published else sha256)}",
        origin=incoming.origin,
        format=FORMAT,
        sha256=sha256,
        headline=headline,
        body=without_notes(body.blocks, ed_note),
        kind="text" if not body.photos or _has_words(body) else "picture",
        version=head.version,
        published=published,
        updated=max(revised, default=published),
        language=language_of(
            "\n".join([headline, *(to_text(b.html) for b in body.blocks)]),
            head.language or language_of_agency(agency),
        ),
        slugline=slugline,
        dateline=body.dateline,
        lead=lead,
        section=head.section,
        authors=body.authors,
        byline=byline,
        agencies=(agency,) if agency else (),
        info_sources=_sources(head, body, agency),
        topics=topics_of(head),
        subjects=head.subjects,
        places=tuple(dict.fromkeys((*body.places, *head.places))),
        genre=head.genre or (head.kind if head.kind.casefold() == "advisory" else ""),
        urgency=head.urgency,
        photos=body.photos,
        links=_links(head, agency),
        rights=" ".join(dict.fromkeys(filter(None, (head.rights, body.rights)))),
        credit_line=body.credit,
        pub_status=head.status,
        embargoed=release if is_embargo else None,
        expires=clock.read(head.expires),
        signals=head.signals,
        ed_note=ed_note,
        raw=raw,
        oddities=(
            *incoming.decoded.oddities,
            *markup.oddities,
            *body.oddities,
            *odd,
            *clock.oddities,
        ),
    )
    return held(item) if is_held and release is None else item


def held(item: WireItem) -> WireItem:
    """Return an embargoed ``item`` whose end no field names: its words may, or it is held."""
    marked = applied(item)
    if marked.embargoed is not None or marked.hold:
        return item
    return replace(item, hold="The supplier put it under an embargo without saying until when.")


def headline_of(body: NitfBody, head: NitfHead) -> tuple[str, tuple[str, ...]]:
    """Return the headline, and what is odd about it: some stories have none of their own."""
    if headline := body.headline or head.title:
        return headline, ()
    first = next((to_text(block.html) for block in body.blocks if block.kind != "photo"), "")
    if len(first) > _LONGEST_OPENING:
        first = first[:_LONGEST_OPENING].rsplit(" ", 1)[0] + "…"
    said = first or head.slugline or (body.photos[0].headline if body.photos else "")
    return said, ("It has no headline; its first words stand for one.",) if said else ()


def agency_of(body: NitfBody, head: NitfHead) -> str:
    """Return who sent the story: the first party that is a known agency, or else the first."""
    named = [*head.senders[:1], body.distributor, *head.senders[1:], body.byline]
    for text in (*named, body.rights):
        if agency := agency_named(text) or known_agency(text):
            return agency
    return next(filter(None, named[:-1]), "")


def topics_of(head: NitfHead) -> tuple[str, ...]:
    """Return the names of what the story is about, for readers."""
    keywords = head.keywords if len(head.keywords) > 1 else ()
    named = [*(subject.name for subject in head.subjects), *keywords]
    return tuple(dict.fromkeys(name for name in named if name))


def _slugline(head: NitfHead, body: NitfBody, lead: str) -> tuple[str, str]:
    """Tell a slugline that was sent as a second headline ("INDIA SUCESOS") from a lead."""
    for text in body.subheadlines:
        words = len(text.split())
        if text in (*head.keywords, head.slugline) or (text.isupper() and words < _SHOUTED_WORDS):
            return head.slugline or text, lead.removeprefix(text).strip()
    return head.slugline or body.kicker, lead


def _sources(head: NitfHead, body: NitfBody, agency: str) -> tuple[str, ...]:
    named = [agency_named(text) or known_agency(text) for text in (*head.senders, body.distributor)]
    return tuple(dict.fromkeys(name for name in named if name and name != agency))


def _scoped(guid: str, agency: str) -> str:
    """Return ``guid``, with the agency before it where it is a mere number others may count to."""
    is_number = guid.isascii() and not any(char.isalpha() for char in guid)
    return f"{agency}:{guid}" if guid and agency and is_number else guid


def _links(head: NitfHead, agency: str) -> tuple[WireLink, ...]:
    """Return the links, their targets named as those stories' own guids are."""
    links = []
    for link in head.links:
        stem, _, number = link.guid.rpartition(":")
        same_shape = stem and number.isdecimal() and head.guid.count(":") == stem.count(":")
        links.append(WireLink(link.rel, _scoped(stem if same_shape else link.guid, agency)))
    return tuple(links)


def _has_words(body: NitfBody) -> bool:
    return any(block.kind != "photo" for block in body.blocks)


def _name(headline: str, when: str) -> str:
    return hashlib.sha256(f"{headline}\n{when}".encode()).hexdigest()
