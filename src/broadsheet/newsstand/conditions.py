"""What a request asks for beyond an address: a coding, a newer copy only, a part. All pure.

The rules are those of RFC 9110: sections 12.5.3 (codings), 13 (conditions) and 14 (ranges).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal, NamedTuple

Coding = Literal["br", "gzip", "identity"]

_ENTITY_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_ONE_RANGE = re.compile(rb"bytes=[ \t]*(\d*)-(\d*)[ \t]*", re.ASCII)
# Longer figures cannot be offsets in a file, and Python refuses to read very long ones.
_LONGEST_FIGURE = 18


class Part(NamedTuple):
    """The bytes ``first`` to ``last`` (both included) of a representation."""

    first: int
    last: int


class UnsatisfiableRangeError(ValueError):
    """A range that lies wholly beyond the end: the answer is 416."""


# The header is the sender's to choose, so the memory is bounded.
@lru_cache(maxsize=256)
def best_coding(accept_encoding: bytes) -> Coding:
    """Return the coding to answer with, given the value of Accept-Encoding.

    A client that does not take gzip gets the bytes uncoded, as does one that sends no such
    header: many small programs never decode. "br" is returned for a client that takes both, so
    that gzip may still be sent. ``q=0`` refuses a coding.
    """
    weights: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    anything = weights.get("*", 0.0)
    if weights.get("gzip", weights.get("x-gzip", anything)) <= 0:
        return "identity"
    return "br" if weights.get("br", anything) > 0 else "gzip"


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value.strip())
            except ValueError:
                return 0.0
    return 1.0


def is_unchanged(headers: Mapping[bytes, bytes], etag: bytes, modified: int) -> bool:
    """Tell whether the client's copy is still good, so that 304 is the answer.

    ``etag`` is ours with its quotes, ``modified`` seconds since 1970. If-None-Match is compared
    weakly and, where it is there, decides alone (RFC 9110, 13.2.2).
    """
    wanted = headers.get(b"if-none-match")
    if wanted is not None:
        return wanted.strip() == b"*" or etag in _ENTITY_TAG.findall(wanted)
    since = headers.get(b"if-modified-since")
    if since is None:
        return False
    then = _seconds(since)
    return then is not None and modified <= then


def _seconds(http_date: bytes) -> int | None:
    try:
        moment = parsedate_to_datetime(http_date.decode("latin-1"))
        return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def part_wanted(
    headers: Mapping[bytes, bytes], size: int, etag: bytes, modified: int
) -> Part | None:
    """Return the one part that is asked for, or ``None`` for the whole.

    Several ranges at once, an unknown unit, nonsense and an If-Range that does not hold all
    get the whole, as the rules allow. Raises :class:`UnsatisfiableRangeError` for a range that
    starts beyond ``size`` bytes.
    """
    match = _ONE_RANGE.fullmatch(headers.get(b"range", b""))
    if match is None or match[0].endswith(b"=-") or len(match[0]) > 2 * _LONGEST_FIGURE:
        return None
    condition = headers.get(b"if-range")
    if condition is not None:
        # Strong comparison: a weak tag never matches, a date only to the second.
        holds = condition == etag if b'"' in condition else _seconds(condition) == modified
        if not holds:
            return None
    first, last = match[1], match[2]
    if not first:
        length = int(last or b"0")
        if not last:
            return None
        if length == 0 or size == 0:
            raise UnsatisfiableRangeError
        return Part(max(0, size - length), size - 1)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise UnsatisfiableRangeError
    return Part(start, end)
