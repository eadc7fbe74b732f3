"""Bounds of everything that comes in, whichever parser read it: counts, lengths, times, numbers.

Here, and nowhere else, stands how much of anything one item may hold. What is over a bound is
left out or cut, and the item says so (:class:`~broadsheet.wire.items.WireItem`, ``oddities``);
copy whose text was left out in part is held, so that it is never published by itself. The bytes
as they came in are kept whole all the same.

What no database or page could take goes as well: characters that are none (zeros, halves of
characters, most controls), and the two that turn the direction of all that follows, which only
those use who want a text to look like another (Unicode Technical Report 36, section 2.5).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, cast

from broadsheet.wire.items import WireBlock, WireComment, WireItem, WireRecord

# Parts of one item. Live pages of several days, galleries and threads of comments stay below.
MOST_BLOCKS = 5_000
MOST_CHARACTERS = 2_000_000
MOST_OF = {
    "photos": 1_000,
    "comments": 20_000,
    "topics": 500,
    "subjects": 1_000,
    "links": 1_000,
    "places": 200,
    "old_urls": 200,
    "authors": 100,
    "agencies": 50,
    "info_sources": 50,
    "signals": 50,
}
_MOST_ODDITIES = 60
# Characters: of what is a name, a line, a text. Guids and addresses are as long as their columns.
LONGEST_LINE = 5_000
LONGEST_TEXT = 50_000
LONGEST_GUID = 1_000
# PostgreSQL's index takes no entry of more than 2,704 bytes, and beside the guid stands a checksum
# (https://www.postgresql.org/docs/current/btree.html).
MOST_BYTES_OF_GUID = 2_500
LONGEST_COMMENT_GUID = 255
LONGEST_ORIGIN = 2_000
LONGEST_VERSION = 100
LONGEST_ADDRESS = 2_000
_TEXTS = {"lead", "ed_note", "hold", "rights", "text", "caption", "about", "reason", "alt_text"}
_LONGEST_OF = {"origin": LONGEST_ORIGIN, "version": LONGEST_VERSION}
_GUIDS = {
    "guid": LONGEST_GUID,
    "comment guid": LONGEST_COMMENT_GUID,
    "comment parent_guid": LONGEST_COMMENT_GUID,
    "key": LONGEST_ADDRESS,
}
_ADDRESSES = {"url", "old_urls", "old_url", "new_url"}
_WHOLE = {"html", "kept", "values"}
# Three digits less than the database counts: a hostile number must not use up all others.
LARGEST_NEWS_ID = 10**15
_LARGEST_URGENCY = 9
# Times near the ends of the calendar have no date in some zone, so no page could show them.
YEARS = range(1600, 2200)

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e\ufffe\uffff\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")

Record = TypeVar("Record", bound=WireRecord)


def within(record: Record) -> Record:
    """Return ``record`` within all bounds; what had to go is told among its oddities."""
    said: list[str] = []
    if not isinstance(record, WireItem):
        return cast(Record, _Words(said).of(record))
    bounded = _item(record, said)
    if more := max(len(bounded.oddities) - _MOST_ODDITIES, 0):
        said.append(f"{more} oddities more.")
    if said:
        bounded = replace(bounded, oddities=(*bounded.oddities[:_MOST_ODDITIES], *said))
    return cast(Record, bounded)


def text_of(value: str) -> str:
    """Return ``value`` without what no database, page or line on a screen can take."""
    # What can be printed has none of these; most texts can.
    if value.isprintable() or _NO_TEXT.search(value) is None:
        return value
    return _NO_TEXT.sub("", _HALVES.sub("\ufffd", value))


def guid_of(guid: str, longest: int = LONGEST_GUID) -> str:
    """Return ``guid``, one that is too long cut so that it still differs from all others."""
    coded = guid.encode("utf-8", "replace")
    if len(guid) <= longest and len(coded) <= MOST_BYTES_OF_GUID:
        return guid
    begin = coded[: MOST_BYTES_OF_GUID - 80].decode("utf-8", "ignore")[: longest - 80]
    return f"{begin}#sha256:{hashlib.sha256(coded).hexdigest()}"


def _item(item: WireItem, said: list[str]) -> WireItem:
    counted: dict[str, Any] = {}
    for name, most in MOST_OF.items():
        values = getattr(item, name)
        if len(values) > most:
            counted[name] = values[:most]
            said.append(f"{len(values) - most} of its {len(values)} {name} were left out.")
    item = replace(item, **counted) if counted else item
    item = _body(item, said)
    item = _Words(said).of(item)
    changed: dict[str, Any] = {}
    if not item.guid.strip():
        changed["guid"] = f"sha256:{item.sha256}"
    if item.comments:
        changed["comments"] = _comments(item.comments, said)
    if item.news_id is not None and not 0 < item.news_id < LARGEST_NEWS_ID:
        changed["news_id"] = None
        said.append("Its News ID is no number that a paper gives; it is given another one.")
    if item.urgency is not None and not 0 <= item.urgency <= _LARGEST_URGENCY:
        changed["urgency"] = None
        said.append(f"Its urgency, {str(item.urgency)[:20]}, is none.")
    changed |= _times(item, said)
    return replace(item, **changed) if changed else item


def _body(item: WireItem, said: list[str]) -> WireItem:
    body = tuple(block for block in item.body if block.kind != "embed" or _is_address(block.html))
    if len(body) < len(item.body):
        said.append(f"{len(item.body) - len(body)} embeds of no address were left out.")
        item = replace(item, body=body)
    kept, characters = len(item.body), 0
    for place, block in enumerate(item.body):
        characters += len(block.html)
        if place >= MOST_BLOCKS or characters > MOST_CHARACTERS:
            kept = place
            break
    if kept == len(item.body):
        return item
    left = len(item.body) - kept
    why = f"The copy is too long for a story: its last {left} blocks were left out."
    said.append(why)
    return replace(item, body=item.body[:kept], hold=item.hold or why)


def _is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and text.startswith(("http://", "https://"))


def _comments(comments: tuple[WireComment, ...], said: list[str]) -> tuple[WireComment, ...]:
    timed = tuple(
        comment for comment in comments if (at := _moment(comment.written_at)) and at.year in YEARS
    )
    if len(timed) < len(comments):
        said.append(f"{len(comments) - len(timed)} comments of impossible times were left out.")
    return timed


def _times(item: WireItem, said: list[str]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in ("published", "updated", "expires", "embargoed"):
        at = getattr(item, name)
        if at is None:
            continue
        moment = _moment(at)
        if moment is None or moment.year not in YEARS:
            changed[name] = None
            said.append(f"The year of “{name}” cannot be right; it was left out.")
            if name == "embargoed":
                changed["hold"] = item.hold or (
                    "The copy has an embargo whose date cannot be right. Ask when it ends."
                )
        elif moment is not at:
            changed[name] = moment
    return changed


def _moment(at: datetime) -> datetime | None:
    if at.tzinfo is UTC:
        return at
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


@cache
def _members_of(kind: Hashable) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cast(type[Any], kind)))


@dataclass
class _Words:
    """Cleans and bounds every text of a record, whatever it stands in."""

    said: list[str]
    cut: dict[str, int] = field(default_factory=dict)

    def of(self, record: Any) -> Any:
        """Return ``record`` with its texts within their bounds."""
        bounded = self._value("", record)
        self.said.extend(
            f"Its {name} had {length} characters and was cut." for name, length in self.cut.items()
        )
        return bounded

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(name, value)
        if isinstance(value, tuple):
            changed = tuple(self._value(name, each) for each in value)
            return (
                changed if any(a is not b for a, b in zip(changed, value, strict=True)) else value
            )
        if is_dataclass(value) and not isinstance(value, type):
            return self._record(value)
        return value

    def _record(self, record: Any) -> Any:
        inner = isinstance(record, WireComment)
        changed: dict[str, Any] = {}
        for member in _members_of(cast(Hashable, type(record))):
            before = getattr(record, member)
            if not before or isinstance(before, bytes | bool | int | date):
                continue
            name = f"comment {member}" if inner else member
            if isinstance(record, WireBlock) and record.kind == "photo":
                name = "key"
            after = self._value(name, before)
            if after is not before:
                changed[member] = after
        return replace(record, **changed) if changed else record

    def _text(self, name: str, value: str) -> str:
        value = text_of(value)
        if name in _WHOLE:
            return value
        if name in _GUIDS:
            return guid_of(value, _GUIDS[name])
        if name in _ADDRESSES:
            return self._address(name, value)
        longest = LONGEST_TEXT if name.rpartition(" ")[2] in _TEXTS else LONGEST_LINE
        longest = _LONGEST_OF.get(name, longest)
        if len(value) <= longest:
            return value
        if name not in _LONGEST_OF:
            self.cut.setdefault(name, len(value))
        return f"{value[: longest - 1]}…"

    def _address(self, name: str, value: str) -> str:
        if len(value) <= LONGEST_ADDRESS:
            return value
        # An address that was cut would be another one.
        self.cut.setdefault(name, len(value))
        return ""
