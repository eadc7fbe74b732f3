"""NewsML-G2: single items of any kind, and messages with several in one.

Versions 1.0 to 2.35 and later, Core and Power, with the namespace of the standard, another or
none, bare or within a SOAP envelope. The parts are read by the ``g2_`` modules beside this one.

A picture of a message becomes a photo of a text of the same message where the text links to it
(``link``), or where both stand in one package; it stays an item of its own as well.

Source: IPTC NewsML-G2 Standard 2.35 and its Guidelines.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree
from lxml.etree import _Element

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, Incoming
from broadsheet.wire.items import Unread, WireItem, WireRecord
from broadsheet.wire.parsers import g2_item, g2_message, xml_input
from broadsheet.wire.parsers.g2_properties import child
from broadsheet.wire.parsers.guard import STUMBLES
from broadsheet.wire.parsers.xml_input import local

FORMAT = "NewsML-G2"

_ITEMS = {
    "newsItem", "packageItem", "planningItem", "conceptItem", "knowledgeItem", "catalogItem"
}  # fmt: skip
# Parts that somebody sends, or saved, without the item around them.
_PARTS = {"contentSet", "groupSet", "contentMeta", "itemMeta", "inlineXML", "newsCoverageSet"}
_OTHERS = {"NewsML", "nitf", "rss", "feed", "RDF", "html", "opml"}
_HOLDS_ITEM = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:newsMessage|newsItem|packageItem|planningItem|conceptItem|"
    r"knowledgeItem|catalogItem)[\s/>]"
)
_MOST_ITEMS = 5000
# Far above any message of an agency, and low enough that none takes minutes to read.
_MOST_TAGS = 600_000


@dataclass(frozen=True)
class _Found:
    """An item in its document, with the header of the message it came in."""

    element: _Element
    header: _Element | None


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is NewsML-G2 by its first elements."""
    name = xml_input.root_name(incoming)
    if name in _ITEMS | _PARTS | {"newsMessage"}:
        return True
    start = incoming.decoded.text[:HEAD]
    return (
        name not in _OTHERS
        and start.lstrip("\ufeff \t\r\n\x00").startswith("<")
        and bool(_HOLDS_ITEM.search(start))
    )


def parse(incoming: Incoming) -> Sequence[WireRecord]:
    """Return the items in ``incoming``, in order. Raises :class:`WireError` where none is."""
    if incoming.decoded.text.count("<") > _MOST_TAGS:
        raise WireError(
            "The NewsML-G2 message has more elements than any news has. Have it sent in parts."
        )
    markup = xml_input.read(incoming)
    found = _items_in(markup.root)
    if not found:
        raise WireError("The NewsML-G2 message holds no item. Have the supplier send it again.")
    records: list[WireRecord] = []
    packages: dict[int, list[list[str]]] = {}
    for each in found[:_MOST_ITEMS]:
        record = _read_one(incoming, each, is_alone=len(found) == 1)
        if isinstance(record, WireItem):
            record = replace(record, oddities=(*markup.oddities, *record.oddities))
            packages[len(records)] = g2_item.groups_of(each.element)
        records.append(record)
    if len(found) > _MOST_ITEMS:
        left = len(found) - _MOST_ITEMS
        records.append(Unread(incoming.origin, "item", f"The message has {left} items too many."))
    if not any(isinstance(record, WireItem) for record in records):
        raise WireError(
            "The NewsML-G2 item is built in a way that could not be read. Have the supplier send "
            "it again."
        )
    return g2_message.with_pictures(records, packages)


def _items_in(root: _Element) -> list[_Found]:
    """Return the outermost items below ``root``, or what there is of one."""
    found: list[_Found] = []
    header: _Element | None = None
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name in _ITEMS:
            found.append(_Found(element, header))
            continue
        if name == "newsMessage":
            # BusinessDesk writes "Header".
            header = child(element, "header")
            header = child(element, "Header") if header is None else header
        waiting.extend(reversed(element))
    if not found and local(root) in _PARTS:
        whole = etree.Element("packageItem" if local(root) == "groupSet" else "newsItem")
        whole.append(root)
        found.append(_Found(whole, None))
    return found


def _read_one(incoming: Incoming, found: _Found, *, is_alone: bool) -> WireItem | Unread:
    raw = None
    if not is_alone:
        raw = etree.tostring(found.element, encoding="utf-8", with_tail=False)
    try:
        item = g2_item.item_of(found.element, found.header, incoming.beside)
    except STUMBLES:
        # Suppliers send what no one has thought of; one item must not cost the others.
        logging.getLogger(__name__).info("reading %s failed", incoming.origin, exc_info=True)
        return Unread(incoming.origin, "item", "An item is built in a way that could not be read.")
    return replace(
        item,
        origin=incoming.origin,
        format=FORMAT,
        sha256=incoming.sha256 if raw is None else hashlib.sha256(raw).hexdigest(),
        raw=raw,
    )
