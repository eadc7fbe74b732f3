"""Messages between ``ZCZC`` and ``NNNN``, the envelope of the teleprinter (ITU-T S.4).

ZCZC2543/SXA                          what is inside is the sender's own: ANSA's, AAP's …
XPP82010_SXA_QBXB
R POL S0A QBXB
INCENDIO NEL PORTO; DISTRUTTO UN MAGAZZINO
(ANSA) - ROMA, 12 GEN - …
12-GEN-12 10:11 NNNN
"""

from __future__ import annotations

import re

from broadsheet.wire.items import WireSubject
from broadsheet.wire.parsers.wire_text_body import blocks_of
from broadsheet.wire.parsers.wire_text_message import Message, agency_of, day_of
from broadsheet.wire.parsers.wire_text_signs import readable, without_codes

FORMAT = "wire text"

START = re.compile(r"[\x00-\x20\x7f]*ZCZC[ \t]?(?P<rest>[^\n]{0,80})(?:\n|$)")
_END = re.compile(r"\s*NNNN\s*$")
_CODE_LINE = re.compile(
    r"^(?:[%$*:]\S{0,20}(?: [A-Z]{3})*|"
    r"[A-Z]{1,3}(?: [A-Z0-9]{2,5}){1,5}|[A-Z]{2,4}\d{3,8}\w*|:)\s*$"
)
_SENT = re.compile(
    r"^(?P<day>\d{1,2})-(?P<month>[^\W\d_]{3})-(?P<year>\d{2,4})\s+(?P<clock>\d\d[:.]?\d\d)\s*$"
)
_ANSA = re.compile(r"^R (?P<category>[A-Z]{3}) ")
_INITIALS = re.compile(r"^[A-Z]{1,4}(?:[-/][A-Z]{1,4}){1,2}\.?$")
# AAP's releases have their sender above it and their headline below.
_TITLE_NEXT = "*X"
_HEAD_LINES = 10
_LONGEST_HEADLINE = 240


def read(text: str, source: bytes) -> Message:
    """Return what the message ``text`` says; ``source`` are its bytes."""
    message = Message(FORMAT, source)
    if start := START.match(text):
        rest = without_codes(start["rest"]).strip()
        message.agency = agency_of(rest.split("/")[0].split(" ")[0]) if rest else ""
        number = re.match(r"(?P<number>\w*\d+)(?:/(?P<service>\w+))?", rest)
        if number:
            message.number = rest.replace("/", "-")
        text = text[start.end() :]
    lines = _END.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_end(message, [line.replace("\x7f", "") for line in lines])
    at = _read_codes(message, lines)
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at < len(lines):
        head = " ".join(readable(without_codes(lines[at])).split()).lstrip(":<* ")
        below = any(line.strip() for line in lines[at + 1 :])
        if head and len(head) <= _LONGEST_HEADLINE and below:
            message.headline = head
            at += 1
    message.blocks = blocks_of(lines[at:])
    return message


def _read_codes(message: Message, lines: list[str]) -> int:
    """Note the lines of codes at the head; return where they end."""
    if _TITLE_NEXT in (heads := [line.strip() for line in lines[:_HEAD_LINES]]):
        at = heads.index(_TITLE_NEXT)
        message.notes += [head.lstrip(":") for head in heads[:at] if len(head.lstrip(":$%")) > 1]
        return at + 1
    at = 0
    for line in lines[:_HEAD_LINES]:
        bare = without_codes(line).strip()
        if bare and not _CODE_LINE.match(bare):
            break
        if ansa := _ANSA.match(bare):
            message.agency = message.agency or "ANSA"
            category = ansa["category"]
            message.subjects.append(WireSubject(category, category, "ansa"))
        at += 1
    return at


def _without_end(message: Message, lines: list[str]) -> list[str]:
    if not message.agency and "(ANSA)" in "".join(lines):
        message.agency = "ANSA"
    while lines and not without_codes(lines[-1]).strip():
        lines.pop()
    if lines and (match := _SENT.match(without_codes(lines[-1]).strip())):
        clock = re.sub(r"\D", "", match["clock"])
        if sent := day_of(match["year"], match["month"], match["day"], clock):
            message.date(sent)
        lines.pop()
    while lines and not without_codes(lines[-1]).strip():
        lines.pop()
    if lines and _INITIALS.match(without_codes(lines[-1]).strip()):
        message.notes.append(without_codes(lines.pop()).strip())
    return lines
