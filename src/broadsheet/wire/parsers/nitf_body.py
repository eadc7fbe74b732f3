"""The body of an NITF story as blocks, wherever it comes: alone, or within NewsML or G2.

Source: IPTC NITF 3.6 (``body``, ``body.head``, ``body.content``, ``body.end``), any version,
in any namespace or none. Elements that NITF does not know keep their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.inline import from_text, to_text
from broadsheet.wire.parsers.nitf_flow import Flow
from broadsheet.wire.parsers.nitf_inline import plain, text_in
from broadsheet.wire.parsers.xml_input import local

_SHORTEST_SENTENCE = 30
_SHORT_HEADLINES = {"ShortHeadLine", "shortheadline", "kicker", "fly", "short"}
_LONGEST_OPENING = 6000
_OPENING = 8
# "By<person>Ann Lee</person><byttl>BusinessDesk</byttl>": what stands apart is read with commas.
_BY_ALONE = re.compile(r"^(by|von|par|por|da|av|af),\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und|et|och|og|y|&)\s+")
_MACHINE_TIME = re.compile(r"^[\d\s:.+TZ-]{8,40}$")


@dataclass(frozen=True)
class NitfBody:
    """What an NITF body says.

    ``kicker`` is a short form of the headline, or a word above it. ``lead`` is the abstract,
    with the further headlines before it, without what the headline or the beginning of the body
    says already. ``blocks`` are everything else that readers read; photos stand among them by
    their ``key``. ``byline`` is as printed, ``authors`` the persons in it. ``dateline`` is as
    printed, ``story_date`` its date as machines or people write it, ``places`` the places it
    names. ``distributor`` is who sent the story, ``credit`` who is to be named for it,
    ``ed_note`` what is said to editors alone.
    """

    blocks: tuple[WireBlock, ...] = ()
    photos: tuple[WirePhoto, ...] = ()
    headline: str = ""
    subheadlines: tuple[str, ...] = ()
    kicker: str = ""
    lead: str = ""
    byline: str = ""
    authors: tuple[str, ...] = ()
    dateline: str = ""
    story_date: str = ""
    places: tuple[str, ...] = ()
    distributor: str = ""
    credit: str = ""
    rights: str = ""
    ed_note: str = ""
    oddities: tuple[str, ...] = ()


@dataclass
class _Head:
    """What ``body.head`` says, as it is read."""

    headlines: list[str] = field(default_factory=list)
    subheadlines: list[str] = field(default_factory=list)
    kickers: list[str] = field(default_factory=list)
    abstract: list[WireBlock] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    datelines: list[str] = field(default_factory=list)
    story_date: str = ""
    places: list[str] = field(default_factory=list)
    distributors: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)


def blocks_of(element: _Element, first_photo: int = 1) -> NitfBody:
    """Return what ``element`` says: an ``nitf``, ``body``, ``body.content`` or anything in one.

    ``first_photo`` is the number in the key of the first photo ("photo-1"), for items of
    several bodies. Text too long for a paragraph is cut into several. Raises nothing.
    """
    flow = Flow(element, first_photo)
    head = _Head()
    for part in _parts_of(element):
        if local(part) == "body.head":
            _read_head(part, head, flow)
        elif local(part) != "head":
            flow.walk(part)
    headline = " ".join(dict.fromkeys(head.headlines))
    blocks = flow.blocks
    if not any(block.kind != "photo" for block in blocks):
        blocks, head.abstract = [*head.abstract, *blocks], []
    if blocks and blocks[0].kind == "heading" and _same(to_text(blocks[0].html), headline):
        blocks = blocks[1:]
    subheadlines = [text for text in head.subheadlines if not _same(text, headline)]
    byline = ", ".join(dict.fromkeys(filter(None, head.bylines)))
    return NitfBody(
        blocks=tuple(blocks),
        photos=tuple(flow.photos),
        headline=headline,
        subheadlines=tuple(subheadlines),
        kicker=next(iter(head.kickers), ""),
        lead=lead_of([*subheadlines, *(to_text(b.html) for b in head.abstract)], headline, blocks),
        byline=byline,
        authors=_authors(head.persons) or names_in(byline),
        dateline=" ".join(filter(None, head.datelines)),
        story_date=head.story_date,
        places=tuple(dict.fromkeys(filter(None, head.places))),
        distributor=", ".join(dict.fromkeys(filter(None, head.distributors))),
        credit=" ".join(flow.credits),
        rights=" ".join(dict.fromkeys(filter(None, [*head.rights, *flow.rights]))),
        ed_note="\n".join(dict.fromkeys(filter(None, flow.ed_notes))),
        oddities=tuple(flow.oddities),
    )


def _authors(persons: Sequence[str]) -> tuple[str, ...]:
    """Return each person once; the Canadian Press has "Ann Lee and Bo Ek" for one."""
    named: list[str] = []
    for person in persons:
        parts = _AND.split(person)
        named.extend(parts if all(" " in part for part in parts) else [person])
    return tuple(dict.fromkeys(named))


def lead_of(texts: list[str], headline: str, blocks: Sequence[WireBlock]) -> str:
    """Join ``texts`` to a lead, without what the headline or the body's opening says already."""
    # "ELM (CNA) - A bridge…": the body has a dateline before the same words, and suppliers cut
    # an abstract off the body at a number of characters, across its paragraphs.
    opening = _letters(" ".join(to_text(block.html) for block in blocks[:_OPENING]))
    told = {_plainly(headline), *(_plainly(to_text(block.html)) for block in blocks[:1])}
    kept: list[str] = []
    for text in texts:
        letters = _letters(text)
        is_long = len(letters) >= _SHORTEST_SENTENCE
        if letters and (
            opening.startswith(letters) or (is_long and letters in opening[:_LONGEST_OPENING])
        ):
            continue
        if letters and _plainly(text) not in told:
            told.add(_plainly(text))
            kept.append(text.strip())
    return " ".join(kept)


def without_notes(blocks: Sequence[WireBlock], ed_note: str) -> tuple[WireBlock, ...]:
    """Return ``blocks`` without a last one that only says again what editors are told.

    NTB has its note ("Utvidet og oppdatert.") once more as the tagline.
    """
    kept = tuple(blocks)
    notes = {_plainly(line) for line in ed_note.splitlines()}
    while len(kept) > 1 and kept[-1].kind == "paragraph":
        if _plainly(to_text(kept[-1].html)) not in notes:
            break
        kept = kept[:-1]
    return kept


def _letters(text: str) -> str:
    return "".join(char for char in folded(text[:_LONGEST_OPENING]) if char.isalnum())


def _same(one: str, other: str) -> bool:
    return _plainly(one) == _plainly(other)


def _plainly(text: str) -> str:
    return folded(text).rstrip(".")


def _parts_of(element: _Element) -> list[_Element]:
    """Return the heads and contents in ``element``, or itself where it has none of them."""
    name = local(element)
    if name == "nitf":
        parts = [child for child in element if local(child) not in {"head", ""}]
        return [inner for part in parts for inner in _parts_of(part)]
    if name == "body":
        heads = [child for child in element if local(child) == "body.head"]
        if heads:
            rest = [child for child in element if local(child) not in {"body.head", ""}]
            return [*heads, *rest]
    return [element]


def _read_head(element: _Element, head: _Head, flow: Flow) -> None:
    for child in element:
        name = local(child)
        if name in _HEAD_PARTS:
            _HEAD_PARTS[name](child, head)
        elif name == "abstract":
            aside = Flow(child, len(flow.photos) + flow.first_photo)
            aside.walk(child)
            head.abstract.extend(block for block in aside.blocks if block.kind != "photo")
        elif name == "note":
            flow.note(child, in_head=True)
        elif name in {"media", "block", "p", "body.content"}:
            flow.block(child, name, "paragraph")
        elif name and name != "series":
            # What NITF does not know here is not for readers, but must not be lost.
            flow.ed_notes.append(plain(child))


def _read_headlines(element: _Element, head: _Head) -> None:
    loose = plain(element) if not any(local(child) for child in element) else ""
    if loose:
        head.headlines.append(loose)
    for child in element:
        if local(child) == "hl1":
            head.headlines.append(plain(child))
        elif (text := plain(child)) and (child.get("class") or "") in _SHORT_HEADLINES:
            head.kickers.append(text)
        elif text:
            head.subheadlines.append(text)


def _read_rights(element: _Element, head: _Head) -> None:
    # Some suppliers put the address of the author's picture there.
    parts = [child for child in element if not local(child).endswith((".photo", ".url"))]
    texts = [(element.text or "").strip(), *(plain(child) for child in parts if local(child))]
    head.rights.append(" ".join(filter(None, texts)))


def _read_byline(element: _Element, head: _Head) -> None:
    head.bylines.append(_BY_ALONE.sub(r"\1 ", plain(element).strip(" ,")))
    persons = [plain(child) for child in element.iter() if local(child) == "person"]
    head.persons.extend(filter(None, persons))


def _read_dateline(element: _Element, head: _Head) -> None:
    written: list[str] = [text_in(element.text)]
    for child in element:
        text = plain(child)
        if local(child) == "story.date":
            head.story_date = head.story_date or (child.get("norm") or text).strip()
            text = "" if _MACHINE_TIME.match(text) else text
        elif local(child) == "location":
            cities = [plain(part) for part in child.iter() if local(part) == "city"]
            head.places.extend(cities or [text])
        between = "" if written[-1].strip() or not "".join(written).strip() else ", "
        tail = text_in(child.tail)
        written.extend([between if text else "", from_text(text), tail])
    text = " ".join(to_text("".join(written)).split()).strip(" ,")
    head.datelines.append(text)
    if text and not head.places and not any(char.isdigit() for char in text):
        head.places.append(text)


_HEAD_PARTS: dict[str, Callable[[_Element, _Head], None]] = {
    "hedline": _read_headlines,
    "headline": _read_headlines,
    "hl1": lambda element, head: head.headlines.append(plain(element)),
    "hl2": lambda element, head: head.subheadlines.append(plain(element)),
    "byline": _read_byline,
    "distributor": lambda element, head: head.distributors.append(plain(element)),
    "dateline": _read_dateline,
    "rights": _read_rights,
    "rights.owner": lambda element, head: head.rights.append(plain(element)),
}
