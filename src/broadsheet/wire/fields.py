"""An item as plain fields: for the database, for comparing, for reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from lxml import html as lxml_html

from broadsheet.wire.items import (
    WireBlock,
    WireComment,
    WireItem,
    WireLink,
    WirePhoto,
    WireSubject,
)

# What makes two copies of a story different to a reader or to the law. Not: where a copy was
# read from, what was odd about its bytes, and addresses, which only grow.
_TOLD = (
    "headline", "lead", "dateline", "published", "language", "authors", "agencies", "rights",
    "pub_status", "embargoed",
)  # fmt: skip
# Told as well, where a copy has them: most have none.
_TOLD_IF_ANY = ("signals", "ed_note", "hold", "expires", "credit_line")


def to_fields(item: WireItem) -> dict[str, Any]:
    """Return ``item`` as JSON values. Photo bytes are left out: the raw bytes hold them."""
    # The raw bytes hold the two that are left out as well.
    return {
        name: _plain(getattr(item, name))
        for name in _names_of(WireItem)
        if name not in {"raw", "kept"}
    }


def from_fields(values: dict[str, Any]) -> WireItem:
    """Return the item that :func:`to_fields` made ``values`` of, without photo bytes."""
    known = {field.name for field in fields(WireItem)}
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in known
    }
    for name in ("published", "updated", "embargoed", "expires"):
        read[name] = _moment(values.get(name))
    # Items that were stored before these fields were known.
    read["subjects"] = tuple(WireSubject(**each) for each in values.get("subjects", ()))
    read["links"] = tuple(WireLink(**each) for each in values.get("links", ()))
    if "signal" in values:
        read["signals"] = (values["signal"],) if values["signal"] else ()
    read["body"] = tuple(WireBlock(**block) for block in values["body"])
    read["photos"] = tuple(
        WirePhoto(**{**photo, "taken_on": _day(photo["taken_on"]), "content": None})
        for photo in values["photos"]
    )
    read["comments"] = tuple(
        WireComment(**{**comment, "written_at": datetime.fromisoformat(comment["written_at"])})
        for comment in values["comments"]
    )
    return WireItem(**read)


def fingerprint(item: WireItem) -> str:
    """Return a SHA-256 over what ``item`` tells: the same story saved twice has the same."""
    return fingerprint_of(item, to_fields(item))


def fingerprint_of(item: WireItem, values: dict[str, Any]) -> str:
    """Return the :func:`fingerprint` of ``item``, whose :func:`to_fields` are ``values``."""
    told: dict[str, Any] = {name: values[name] for name in _TOLD}
    told |= {name: values[name] for name in _TOLD_IF_ANY if values[name]}
    told["body"] = [[block.kind, block.html] for block in item.body]
    told["photos"] = [[photo.caption, photo.credit, photo.url] for photo in item.photos]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def plain_paragraphs(item: WireItem) -> list[str]:
    """Return the body as a reader reads it: one text a paragraph, heading, point or row."""
    return paragraphs_of(item.body)


def paragraphs_of(blocks: Iterable[WireBlock]) -> list[str]:
    """Return ``blocks`` as :func:`plain_paragraphs` returns a whole body."""
    return [text for block in blocks for text in _texts(block)]


def _texts(block: WireBlock) -> list[str]:
    # Late: the parsers bring trafilatura, which would double the time it takes to start serving.
    from broadsheet.wire.parsers.inline import to_text

    if block.kind == "photo":
        return []
    if block.kind not in {"list", "numbered list", "table"}:
        return [to_text(block.html)]
    element = lxml_html.fragment_fromstring(block.html, create_parent="div")
    if block.kind == "table":
        rows = [
            "\t".join(" ".join(cell.text_content().split()) for cell in row.iter("td", "th"))
            for row in element.iter("tr")
        ]
        captions = [caption.text_content().strip() for caption in element.iter("caption")]
        return [text for text in (*captions, *rows) if text.strip()]
    points = [point.text_content().strip() for point in element.iter("li")]
    return [point for point in points if point]


def _plain(value: Any) -> Any:
    """Return ``value``, a field of an item, as JSON has it."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    return {name: _plain(getattr(value, name)) for name in _names_of(cast(Hashable, type(value)))}


@cache
def _names_of(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cast(type[Any], kind)))


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
