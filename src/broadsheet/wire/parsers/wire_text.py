"""Wire text: the formats agencies send to teleprinters, ANPA 1312, IPTC 7901 and ZCZC.

They are known by their header lines, with or without the control characters around them; one
file may hold any number of messages, one behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming, refuse_too_large
from broadsheet.wire.items import Unread, WireRecord
from broadsheet.wire.parsers import wire_text_anpa, wire_text_envelope, wire_text_iptc
from broadsheet.wire.parsers.wire_text_message import Message, item_of
from broadsheet.wire.parsers.wire_text_signs import decoded, german_letters, in_seven_bits

FORMAT = "wire text (ANPA 1312, IPTC 7901)"

_HEAD = 1500
_PADDING = " \t\r\n\x00\x05\x07\x0c\x7f\ufeff"
_WINDOW = 400
# Routing for the receiving computer: ENQ and codes, on a line of their own.
_SELECTORS = re.compile(r"\x05{1,6}[^\n\x01\x16]{0,60}\n")
# Padding, and a line such as "[31-JUL-97  00:00]" that a recorder put there.
_STAMP = re.compile(r"[ \t\r\n\x00\x05\x07\x0c\x7f\ufeff]*(?:\[[\w: -]{6,30}\]\s*)?")
_CANDIDATE = re.compile(
    r"^(?P<lead_in>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f ]{0,20})(?=ZCZC|\^(?:BC|AM|PM|AP)-|"
    r"[A-Za-z]{1,6}\d{3,5}|[a-z] [a-z][\x11-\x14 ])",
    re.MULTILINE,
)
# What stands between one message and the next: the end of a transmission, or a time of sending.
_ENDED = re.compile(
    r"(?:[\x03\x04]|NNNN|\./\.\s?\w{0,6}|GMT<?|<|"
    r"\d{6}\s?(?:[A-Z]{3,4}\s)?\s?[^\W\d_]{3,4}\.?\s\d{2,4}|"
    r"\d{4}[A-Z]{2,4}|\d\d-\d\d-\d\d|\]|={3,}|-{3,}|\*{3,})\W*$"
)
_BARE_KEYWORD = re.compile(r"\^(?:BC|AM|PM|AP)-[^\n]{1,120}\n")
_MOST_MESSAGES = 10_000
_TOO_LONG = "A message is longer than any story. Send its parts by themselves."
_LONGEST_MESSAGE = 1_000_000
_MOST_LINES = 20_000


def recognises(incoming: Incoming) -> bool:
    """Tell by its first lines whether this is wire text."""
    head = incoming.head[:_HEAD].decode("latin-1")
    if head[:1] in {"<", "{"} or "\x00" in head[:64].strip("\x00"):
        return False
    return _reader_at(_SELECTORS.sub("", head, count=4)[_lead_in(head) :]) is not None


def parse(incoming: Incoming) -> list[WireRecord]:
    """Return the messages in the file; what of them cannot be read is an ``Unread``.

    Raises :class:`WireError` where none can.
    """
    refuse_too_large(len(incoming.content))
    read = decoded(incoming.content)
    oddities = list(read.oddities)
    text = read.text
    if in_seven_bits(text):
        text = german_letters(text)
        oddities.append("Brackets and braces stand for German letters; they were read as those.")
    parts = _messages(_SELECTORS.sub("", text))
    records: list[WireRecord] = []
    for part in parts:
        is_whole = len(parts) == 1
        source = incoming.content if is_whole else part.encode("utf-8", "surrogatepass")
        bare = part[_lead_in(part) :]
        reader = _reader_at(bare) or wire_text_iptc.read
        try:
            if len(part) > _LONGEST_MESSAGE or part.count("\n") > _MOST_LINES:
                raise WireError(_TOO_LONG)  # noqa: TRY301 - one message of many
            message = reader(bare, source)
            message.oddities += oddities
            records.append(item_of(message, incoming.origin, raw=None if is_whole else source))
        except WireError as error:
            if is_whole:
                raise
            records.append(Unread(incoming.origin, "story", str(error)))
    if not records:
        raise WireError("The wire text holds no message. Send it again.")
    return records


def _reader_at(text: str) -> Callable[[str, bytes], Message] | None:
    if wire_text_envelope.START.match(text):
        return wire_text_envelope.read
    if wire_text_anpa.header_at(text) or _BARE_KEYWORD.match(text):
        return wire_text_anpa.read
    if wire_text_iptc.header_at(text):
        return wire_text_iptc.read
    return None


def _lead_in(text: str) -> int:
    """Return how much padding, and of what a relay put above it, stands before a message."""
    match = _STAMP.match(text)
    return match.end() if match else 0


def _messages(text: str) -> list[str]:
    """Return the messages one by one; words between them stay with the one before."""
    starts = [0]
    covered = 0
    for match in _CANDIDATE.finditer(text):
        at = match.start()
        window = text[at : at + _WINDOW]
        lead_in = len(match["lead_in"])
        if (end := _head_end(window[lead_in:])) == 0 or at < covered:
            continue
        before = text[max(0, at - 200) : at].rstrip(_PADDING)
        marked = "\x01" in match["lead_in"] or "\x16" in match["lead_in"]
        if at and (marked or not before or _ENDED.search(before)):
            starts.append(at)
        if at in starts[-1:] or not text[:at].strip(_PADDING):
            covered = at + lead_in + end
        if len(starts) > _MOST_MESSAGES:
            break
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [part for part in parts if part[_lead_in(part) :].strip(_PADDING + "\x01\x02\x03\x04")]


def _head_end(text: str) -> int:
    """Return where the header ends that ``text`` starts with; 0 where it starts with none."""
    match = (
        wire_text_envelope.START.match(text)
        or wire_text_anpa.header_at(text)
        or _BARE_KEYWORD.match(text)
        or wire_text_iptc.header_at(text)
    )
    return match.end() if match else 0
