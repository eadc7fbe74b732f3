"""Ritzau's own XML: ``RBNews``, alone or several in the answer of its service.

Nothing of it is documented in public; what is read is what the files show. Times are
Copenhagen's, texts are HTML within the XML, and what is not said is marked as ``nil``. A flag
(``Annuleret``, ``Korrektion``, ``NyVersion``) is told in the words the IPTC has for it.
"""

from __future__ import annotations

import hashlib
import re

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import Unread, WireItem, WireLink, WireRecord, WireSubject
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import fragment, xml_input
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.supplier_clock import SupplierClock
from broadsheet.wire.parsers.xml_input import local, text_of

FORMAT = "Ritzau XML"

_AGENCY = "Ritzau"
_HOLDS = re.compile(r"<RBNews[\s>]")
_IPTC = "http://cv.iptc.org/newscodes/subjectcode/"
_ESCAPED_TWICE = re.compile(r"&amp;(apos|quot|amp|lt|gt|nbsp|#\d{1,6});")
_SIGNALS = {"NyVersion": "update", "Korrektion": "correction", "InfoFlash": "flash"}
_MOST_ITEMS = 5000
_LONGEST_CODE = len("11006005")
_LONGEST_OPENING = 100


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is Ritzau's XML by its first elements."""
    name = xml_input.root_name(incoming)
    if name == "RBNews":
        return True
    return name.startswith("XMLNews") and bool(_HOLDS.search(incoming.decoded.text))


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the stories in ``incoming``, in order. Raises :class:`WireError` where there is none.

    An answer of the service that holds no story yet is none.
    """
    markup = xml_input.read(incoming)
    found = [each for each in markup.root.iter() if local(each) == "RBNews"]
    records: list[WireRecord] = []
    for each in found[:_MOST_ITEMS]:
        raw = None if len(found) == 1 else etree.tostring(each, encoding="utf-8", with_tail=False)
        records.append(_record(incoming, each, raw, markup.oddities))
    if len(found) > _MOST_ITEMS:
        reason = f"The file has {len(found)} stories; the first {_MOST_ITEMS} were read."
        records.append(Unread(incoming.origin, "story", reason))
    if not any(isinstance(record, WireItem) for record in records):
        raise WireError("Ritzau's XML holds no story with a headline or a text.")
    return records


def _record(
    incoming: Incoming, story: _Element, raw: bytes | None, oddities: tuple[str, ...]
) -> WireItem | Unread:
    said = {local(each): each for each in reversed(story) if local(each)}
    text = {name: text_of(each) for name, each in said.items()}
    odd = list(oddities)
    body = _fragment(said.get("content"))
    words = [to_text(block.html) for block in body.blocks if block.kind != "photo"]
    lead = _plain(said.get("subtitle"))
    headline = _plain(said.get("headline"))
    if not headline:
        headline = _opening(next(iter([*words, lead]), ""))
        odd.append("It has no headline; its first words stand for one.")
    if not headline:
        reason = "A story has neither a headline nor a text. Have it sent again."
        return Unread(incoming.origin, "story", reason)
    if len(said.get("MultimedieList", ())):
        odd.append("It came with media that are not read.")
    clock = SupplierClock(_AGENCY)
    at = clock.read(text.get("PublishDate", ""))
    sha256 = incoming.sha256 if raw is None else hashlib.sha256(raw).hexdigest()
    is_canceled = text.get("Annuleret", "").casefold() == "true"
    byline = text.get("byLine", "")
    place = text.get("town", "")
    return WireItem(
        guid=text.get("NewsID", "") or f"ritzau:{sha256}",
        origin=incoming.origin,
        format=FORMAT,
        sha256=sha256,
        headline=headline,
        body=body.blocks,
        version=text.get("version", ""),
        published=at,
        updated=at,
        # Press releases that Ritzau passes on are often in English.
        language="en" if language_of(" ".join(words)) == "en" else "da",
        slugline=text.get("strapline", ""),
        dateline=place,
        lead="" if lead in (headline, *words) else lead,
        section=text.get("section", ""),
        authors=names_in(byline),
        byline=byline,
        agencies=(_AGENCY,),
        subjects=_subjects(said.get("IPTCList")),
        places=(place,) if place else (),
        genre=text.get("format", ""),
        urgency=_urgency(text.get("Priority", "")),
        photos=body.photos,
        links=_links(text),
        credit_line=text.get("origin", ""),
        pub_status="canceled" if is_canceled else text.get("Status", ""),
        signals=tuple(
            word for name, word in _SIGNALS.items() if text.get(name, "").casefold() == "true"
        ),
        ed_note="\n".join(
            to_text(block.html) for block in _fragment(said.get("TilRedaktionen")).blocks
        ),
        raw=raw,
        oddities=tuple(dict.fromkeys((*odd, *body.oddities, *clock.oddities))),
    )


def _fragment(element: _Element | None) -> fragment.Fragment:
    if element is None:
        return fragment.Fragment()
    return fragment.read(_ESCAPED_TWICE.sub(r"&\1;", "".join(element.itertext())))


def _plain(element: _Element | None) -> str:
    return " ".join(" ".join(to_text(b.html) for b in _fragment(element).blocks).split())


def _opening(text: str) -> str:
    if len(text) <= _LONGEST_OPENING:
        return text
    return text[:_LONGEST_OPENING].rsplit(" ", 1)[0] + "…"


def _subjects(codes: _Element | None) -> tuple[WireSubject, ...]:
    if codes is None:
        return ()
    # Numbers, so without the zero that the codes of the IPTC may begin with.
    found = [text_of(each) for each in codes]
    return tuple(
        WireSubject("", f"subj:{code.zfill(_LONGEST_CODE)}", _IPTC)
        for code in dict.fromkeys(found)
        if code.isascii() and code.isdecimal() and len(code) <= _LONGEST_CODE
    )


def _links(text: dict[str, str]) -> tuple[WireLink, ...]:
    links = [
        WireLink("replaces", text[name]) for name in ("Replaces", "replacedID") if text.get(name)
    ]
    return tuple(dict.fromkeys(links))


def _urgency(said: str) -> int | None:
    return int(said) if said in set("123456789") else None
