"""An export of WordPress, cut into its entries without ever being in memory as a whole.

WordPress writes one ``<item>`` a post, and ``<wp:author>``, ``<wp:category>``, ``<wp:tag>`` and
``<wp:term>`` before them. Each of these is cut out as bytes and parsed by itself: what is
damaged in one costs nothing of the others, an entry's own bytes can be kept, and memory grows
with the largest entry only. ``CDATA`` sections and comments are stepped over, since a post about
feeds has ``</item>`` in its text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, cast

from broadsheet.wire.incoming import LARGEST_PAGE

# An entry with its comments; the largest real ones (a post with 20,000 comments) have 10 MB.
LARGEST_ENTRY = LARGEST_PAGE
_LARGEST_CHANNEL = 1024 * 1024
_CHUNK = 256 * 1024
# No token is longer, so that one which lies across two chunks is found with the second.
_LONGEST_TOKEN = 300
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PREFIX = re.compile(
    rb"""xmlns:([A-Za-z_][\w.-]{0,40})\s{0,20}=\s{0,20}["']https?://wordpress\.org/export/[\d.]{1,9}/?["']"""
)
_KINDS = b"author|category|tag|term"
_SECTION = rb"<!\[CDATA\[|<!--|"
_ENDS = {b"<![CDATA[": re.compile(rb"\]\]>"), b"<!--": re.compile(rb"-->")}
# A comment that does not end soon is none.
_LONGEST = {b"<![CDATA[": 0, b"<!--": 64 * 1024}
_NEXT = re.compile(rb"<item(?=[\s>])|</channel\s{0,20}>")
_SHOWN = 4096
EntryName = Literal["channel", "item", "author", "category", "tag", "term", "end"]
Fault = Literal["", "cut off", "not closed", "too large", "no end"]
_NAMES: dict[bytes, EntryName] = {
    b"item": "item", b"author": "author", b"category": "category", b"tag": "tag", b"term": "term"
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry's bytes and the line it starts in.

    "channel" is what stands between the entries before the first item; "end" comes last, with
    the fault "no end" where the file just stops. "cut off" is an entry that the file ends in,
    "not closed" one that the next begins in.
    """

    name: EntryName
    content: bytes
    line: int
    fault: Fault = ""


class Wide:
    """A stream of UTF-16 or UTF-32 as one of UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int) -> bytes:
        """Return some of the text as UTF-8; nothing at its end."""
        while chunk := self._stream.read(size):
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")


def wide_encoding(head: bytes) -> str:
    """Return "utf-16" or "utf-32" where ``head`` starts with its mark, else nothing."""
    return next((name for mark, name in _WIDE if head.startswith(mark)), "")


def prefix_of(head: bytes) -> bytes:
    """Return the prefix that the file binds WordPress's namespace to; "wp" where it says none."""
    match = _PREFIX.search(head)
    return match[1] if match else b"wp"


def entries(stream: BinaryIO, head: bytes) -> Iterator[Entry]:
    """Cut ``stream`` into entries, in the order of the file. Raises ``OSError``."""
    encoding = wide_encoding(head)
    if encoding:
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    return _Cutter(Wide(stream, encoding) if encoding else stream, prefix_of(head)).cut()


class _TooLargeError(Exception):
    """What is looked for did not come within the largest entry."""


class _Cutter:
    """``at`` is where the entry starts that is being read; nothing before it is kept."""

    def __init__(self, stream: BinaryIO | Wide, prefix: bytes) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._line = 1
        self._ended = False
        # Until where, from the start of the buffer, it is known that no comment ends.
        self._endless = 0
        wp = re.escape(prefix) + b":"
        self._outer = re.compile(
            _SECTION + rb"</(?:channel|rss)\s{0,20}>|<(?:" + wp + rb"(?P<kind>" + _KINDS
            + rb")|(?P<item>item))(?=[\s>])"
        )  # fmt: skip
        self._inner = {
            name: re.compile(
                _SECTION + rb"(?P<end></" + tag + rb"\s{0,20}>)|</channel\s{0,20}>|<item(?=[\s>])"
            )
            for name, tag in [
                (b"item", b"item"), *((kind, wp + kind) for kind in _KINDS.split(b"|"))
            ]
        }  # fmt: skip

    def cut(self) -> Iterator[Entry]:
        """Yield the entries, the channel before the first item."""
        channel = bytearray()
        has_items = has_end = False
        while (match := self._between(channel)) is not None:
            kind = match["kind"] or match["item"]
            token, start, end = match[0], match.start(), match.end()
            if kind is None:
                self._at = end
                if token == b"<![CDATA[":
                    self._at = self._section(end, token, channel)
                elif token == b"<!--":
                    self._at = self._section(end, token, bytearray())
                else:
                    has_end = True
                continue
            if kind == b"item" and not has_items:
                has_items = True
                yield Entry("channel", bytes(channel), 1)
            self._move(start)
            yield self._entry(kind, end - start)
        if not has_items:
            yield Entry("channel", bytes(channel), 1)
        self._move(len(self._buffer))
        yield Entry("end", b"", self._line, "" if has_end else "no end")

    def _between(self, channel: bytearray) -> re.Match[bytes] | None:
        """Return the next token outside of any entry; what stands before it is the channel's."""
        while True:
            try:
                match = self._find(self._outer, self._at)
            except _TooLargeError:
                self._move(len(self._buffer) - _LONGEST_TOKEN)
                continue
            end = match.start() if match else len(self._buffer)
            channel += self._buffer[self._at : end][: max(0, _LARGEST_CHANNEL - len(channel))]
            self._move(end)
            return match

    def _section(self, start: int, opening: bytes, channel: bytearray) -> int:
        """Return the end of a section outside of any entry, whose text goes to ``channel``."""
        try:
            match = self._find(_ENDS[opening], start, _LONGEST[opening])
        except _TooLargeError:
            match = None
        if match is None:
            return self._at
        if len(channel) < _LARGEST_CHANNEL:
            channel += opening + self._buffer[self._at : match.end()]
        return match.end()

    def _entry(self, kind: bytes, position: int) -> Entry:
        """Read the entry that starts at ``at`` and whose tag's name ends ``position`` later."""
        line, fault = self._line, "cut off"
        end: int | None = None
        position += self._at
        try:
            while (match := self._find(self._inner[kind], position)) is not None:
                position = match.end()
                if match[0] in _ENDS:
                    behind = position - self._at
                    closing = self._find(_ENDS[match[0]], position, _LONGEST[match[0]])
                    if closing is None and match[0] == b"<![CDATA[":
                        break
                    position = closing.end() if closing else self._at + behind
                elif match["end"]:
                    end, fault = match.end(), ""
                    break
                else:
                    end, fault = match.start(), "not closed"
                    break
        except _TooLargeError:
            content = self._buffer[self._at : self._at + _SHOWN]
            self._skip_entry()
            return Entry(_NAMES[kind], content, line, "too large")
        end = len(self._buffer) if end is None else end
        content = self._buffer[self._at : end]
        self._move(end)
        return Entry(_NAMES[kind], content, line, cast("Fault", fault))

    def _skip_entry(self) -> None:
        """Go on behind an entry that is too large, wherever the next one starts."""
        while True:
            self._move(len(self._buffer) - _LONGEST_TOKEN)
            try:
                match = self._find(_NEXT, self._at)
            except _TooLargeError:
                continue
            self._move(match.start() if match else len(self._buffer))
            return

    def _find(
        self, pattern: re.Pattern[bytes], start: int, within: int = 0
    ) -> re.Match[bytes] | None:
        """Return the first match after ``start``, or ``None`` at the end of the file.

        With ``within``, only one that comes within so many bytes counts. What is read further
        is added behind; positions before are kept as ``at`` tells. Raises
        :class:`_TooLargeError`.
        """
        if within and start < self._endless:
            return None
        limit = start + within
        while True:
            match = pattern.search(self._buffer, start)
            if within and (match.start() if match else len(self._buffer)) > limit:
                self._endless = limit
                return None
            if self._ended or (match and match.end() < len(self._buffer)):
                return match
            start = match.start() if match else max(start, len(self._buffer) - _LONGEST_TOKEN)
            if len(self._buffer) - self._at > LARGEST_ENTRY:
                raise _TooLargeError
            gone = self._grow()
            start, limit = start - gone, limit - gone

    def _grow(self) -> int:
        """Read more, and forget what stands before ``at``; return how many bytes that was."""
        chunk = self._stream.read(max(_CHUNK, (len(self._buffer) - self._at) // 2))
        self._ended = not chunk
        gone, self._at = self._at, 0
        self._endless -= gone
        self._buffer = self._buffer[gone:] + chunk
        return gone

    def _move(self, position: int) -> None:
        """Go on at ``position``, counting the lines up to it."""
        self._line += self._buffer.count(b"\n", self._at, position)
        self._at = position
