"""IPTC 7901 (IPTC Recommendation 7901, "The text transmission format").

SOH bdt0123 4 pl 123  dpa 0456        service, number, priority, category, words, agency
Keyword/Keyword/
STX (Zusammenfassung 1430)            what kind of text it is
Fire destroys warehouse
By Ann Lee, dpa =                     the head ends with an equals sign
Berlin (dpa) - text …                 paragraphs between empty lines
ETX # Notizblock …                    for editors
281205 Nov 25                         day, hour and minute, month, year
"""

from __future__ import annotations

import re

from broadsheet.wire.items import WireSubject
from broadsheet.wire.parsers.wire_text_body import blocks_of
from broadsheet.wire.parsers.wire_text_message import Message, agency_of, day_of
from broadsheet.wire.parsers.wire_text_signs import readable, without_codes

FORMAT = "IPTC 7901"

HEADER_LINE = (
    r"(?P<service>[A-Za-z]{2,6})(?P<number>\d{3,5}) (?P<priority>[1-9]) (?P<category>[A-Za-z]{1,5})"
    r" {1,3}(?P<words>\d{1,5})(?:[ \t]+(?P<rest>[^\r\n]{0,60}?))?"
)
_HEADER = re.compile(
    rf"[\x00-\x08\x0e-\x1f\x7f \t]*{HEADER_LINE}[ \t\x00-\x08\x0e-\x1f]*\r?(?:\n|$)"
)
_SENT = re.compile(
    r"^\W{0,3}(?:(?P<agency>[A-Z]{2,8}) )?(?P<day>\d\d)(?P<clock>\d{4})\s{0,2}"
    r"(?P<zone>[A-Z]{3,4})?\s+"
    r"(?P<month>[^\W\d_]{3,4})\.?\s+(?P<year>\d{2}|\d{4})\W*$"
)
_HEAD_END = re.compile(r"\s?=\s*$")
_DATELINE_END = re.compile(r"\([\w./,& -]{2,40}\)\s*=\s*$")
_BYLINE = re.compile(r"^(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|DI|Da|Od|Door|Av|Af|От|بقلم)\s+\S")
_BRACKETED = re.compile(r"^\((?P<inner>[^()]{1,600})\)$", re.DOTALL)
_PHOTO = re.compile(
    r"^(?:foto|photo|bild|grafik|graphic|infografik|video|mit|with|archiv)\b", re.IGNORECASE
)
_NOTEPAD = re.compile(
    r"^\s{0,3}(?:[#=_*-]{1,4}\s*)?"
    r"(?:(?:dpa-)?notizblock|notebook|bloc-notes|cuaderno\sde\snotas|notatnik)"
    r"\s*[#=_*:-]{0,4}$|^\s{0,3}#{2,4}\s(?:redaktionelle\shinweise|note\sto\seditors)\s*$|"
    r"^\s*(?:die\sfolgenden\sinformationen\ssind\snicht\szur\sveröffentlichung|"
    r"the\sfollowing\sinformation\sis\snot\s(?:intended\s)?for\spublication)\b|"
    r"^\s*\*( \*){2,}\s*$|^\s*(?:NOTE\sTO\sEDITORS|Redaktionshinweis(?:e)?|Hinweise?\san\sdie\s"
    r"Redaktionen)\s?:",
    re.IGNORECASE,
)
_NOTE_HEADING = re.compile(r"^#{2,4}\s(?P<name>[^#\n]{2,60})$")
_SIGNALS = {
    "berichtigung", "korrektur", "correction", "refile", "wiederholung", "aktualisierung", "update",
    "corrección", "version corrigée", "versión corregida", "تصحيح", "تحديث",
}  # fmt: skip
_INITIALS = re.compile(r"^(?:dpa|apa|afp|ats|sda|belga|lni|lby|lsw)(?:[ -][\w./]{1,12}){1,8}$")
_DESKS = re.compile(r"^[a-z]{2,4}(?:[/-][a-z]{1,5}){1,4}\.?$|^[A-Z]{2,4}/(?:[A-Z]{2,4}/?){1,3}$")
_SIGNED = re.compile(
    r"^\((?:SDA|ATS|APA|AFP|Schluss|Ende|Fin|Forts\.?)[\\/\w .+-]{0,40}\)\W*$", re.IGNORECASE
)
_END_MARK = re.compile(r"^\s*(?:\./\.\s*\w{0,6}|NNNN|\+\+\+|#{3,})\s*$")
_VERSION = re.compile(r"\((?P<version>\d{1,2})(?:DER|LEAD)?\)\s*$")
_CORRECTED = re.compile(r"\bCOR\s?(?P<number>\d{1,5})\b")
_TERMS = re.compile(r"[^\W\d_][^\s/-]*(?:[/-]+[^\s/-]+)+")
_FOR_EDITORS = "rs"
_HEAD_LINES = 30
_LONGEST_SIGNAL = 60
_SECTIONS = {
    "pl": "Politik", "wi": "Wirtschaft", "ku": "Kultur", "sp": "Sport", "vm": "Vermischtes",
    "rs": "Redaktioneller Service",
}  # fmt: skip


def header_at(text: str, at: int = 0) -> re.Match[str] | None:
    """Return the header line that starts at ``at``, if one does."""
    return _HEADER.match(text, at)


def read(text: str, source: bytes) -> Message:
    """Return what the message ``text`` says; ``source`` are its bytes."""
    message = Message(FORMAT, source)
    header = header_at(text)
    if header is not None:
        _read_header(message, header)
        text = text[header.end() :]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_end(message, [line.replace("\x7f", "") for line in lines])
    heads, body = _parted(lines)
    body, notes = _without_notes(message, body)
    _read_heads(message, heads)
    message.notes += notes
    message.blocks = blocks_of([line.replace("\x02", "").replace("\x03", "") for line in body])
    return message


def _read_header(message: Message, header: re.Match[str]) -> None:
    said = header.groupdict()
    message.number = f"{said['service'].lower()}{said['number']}"
    message.urgency = int(said["priority"])
    category = said["category"]
    message.section = _SECTIONS.get(category.casefold(), "")
    message.subjects.append(WireSubject(message.section or category, category, "iptc7901"))
    if category.casefold() == _FOR_EDITORS:
        message.genre = "Redaktionshinweis"
    rest = " ".join(without_codes(said["rest"] or "").split())
    for word in (*re.findall(r"[^\W\d_][\w-]*", rest), said["service"]):
        if agency := agency_of(word) or agency_of(word.split("-")[0]):
            message.agency = agency
            break
    if corrected := _CORRECTED.search(rest):
        message.signals.append("COR")
        message.reference = f"{said['service'].lower()}{corrected['number']}"


def _without_end(message: Message, lines: list[str]) -> list[str]:
    """Take the time of sending and the marks of the end off ``lines``."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 15), -1):
        line = without_codes(lines[at]).strip()
        match = _SENT.match(line) if len(line) <= _LONGEST_SIGNAL else None
        if match is None:
            continue
        if match["agency"] and not message.agency:
            message.agency = agency_of(match["agency"])
        if sent := day_of(match["year"], match["month"], match["day"], match["clock"]):
            message.date(sent, match["zone"] or "")
        lines = [*lines[:at], *lines[at + 1 :]]
        break
    while lines and (
        not without_codes(lines[-1]).strip() or _END_MARK.match(without_codes(lines[-1]))
    ):
        lines.pop()
    return lines


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of the head and those of the body."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        bare = without_codes_but_mark(line)
        if _HEAD_END.search(bare) and not _DATELINE_END.search(bare):
            return lines[: at + 1], lines[at + 1 :]
    # No mark: the keywords, then the lines up to the next empty or indented one.
    heads: list[str] = []
    for at, line in enumerate(lines):
        bare = without_codes(line)
        is_indented = line.replace("\x02", "").startswith(("  ", "\t"))
        has_title = any(not _is_keywords(head) for head in heads if head.strip())
        if has_title and (not bare.strip() or is_indented):
            return heads, lines[at:]
        if is_indented and heads:
            return heads, lines[at:]
        heads.append(line)
    return heads[:1], heads[1:]


def without_codes_but_mark(line: str) -> str:
    """Return ``line`` without control codes; the equals sign at its end stays."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", line).rstrip()


def _is_keywords(line: str) -> bool:
    bare = without_codes(line).strip()
    return bare.endswith("/") or (
        " " not in bare and bool(_TERMS.fullmatch(bare)) and not re.search(r"\d/\d", bare)
    )


def _read_heads(message: Message, heads: list[str]) -> None:
    texts = [readable(without_codes(line)).strip() for line in heads]
    first_empty = _last_gap(texts)
    keywords = [text for text in texts[:first_empty] if text]
    if not keywords:
        while texts and (not texts[0] or _is_keywords(texts[0])):
            if texts[0]:
                keywords.append(texts[0])
            texts.pop(0)
    else:
        texts = texts[first_empty:]
        while texts and (not texts[0] or _is_keywords(texts[0])):
            keywords += [texts[0]] if texts[0] else []
            texts.pop(0)
    _read_keywords(message, keywords)
    _read_title(message, [text for text in texts if text])


def _last_gap(texts: list[str]) -> int:
    """Return where the last part of the head starts: keywords stand above an empty line."""
    filled = [at for at, text in enumerate(texts) if text]
    if not filled:
        return 0
    gaps = [at for at, text in enumerate(texts) if not text and filled[0] < at < filled[-1]]
    return gaps[-1] + 1 if gaps else 0


def _read_keywords(message: Message, keywords: list[str]) -> None:
    whole = "".join(line if line.endswith("/") else f"{line}/" for line in keywords)
    parts = [part.strip() for part in whole.split("/") if part.strip()]
    message.slugline = "/".join(parts)[:200]
    if len(parts) > 1:
        message.topics += parts


def _read_title(message: Message, lines: list[str]) -> None:
    title: list[str] = []
    for text in _brackets_joined(lines):
        if match := _BRACKETED.match(text):
            _read_bracketed(message, match["inner"].strip())
        elif _BYLINE.match(text) and title:
            message.byline = text
        elif message.byline and title:
            message.byline = f"{message.byline} {text}"
        elif text.isupper() and len(text) <= _LONGEST_SIGNAL and len(lines) > 1 and not title:
            message.signals.append(text)
        else:
            title.append(text)
    if not title and message.signals and lines:
        title = [message.signals.pop()]
    message.headline = " ".join(" ".join(title).split())
    if version := _VERSION.search(message.headline):
        message.version = version["version"]


def _brackets_joined(lines: list[str]) -> list[str]:
    """Join the lines of what stands in brackets over several of them."""
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1].startswith("(") and ")" not in joined[-1]:
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _read_bracketed(message: Message, inner: str) -> None:
    if _PHOTO.match(inner):
        message.notes.append(f"({inner})")
    elif ":" in inner or len(inner) > _LONGEST_SIGNAL:
        message.notes.append(f"({inner})")
        word = inner.split(":", maxsplit=1)[0].strip()
        if word.casefold() in _SIGNALS:
            message.signals.append(word)
    else:
        message.signals.append(inner)
        if not message.genre and inner[:1].isupper() and not any(map(str.isdigit, inner)):
            message.genre = inner


def _without_notes(message: Message, body: list[str]) -> tuple[list[str], list[str]]:
    """Return the text, and what below it is for editors alone, as it stands."""
    start = next((at for at, line in enumerate(body) if _NOTEPAD.match(without_codes(line))), None)
    notes = [] if start is None else [without_codes(line).strip() for line in body[start:]]
    body = body if start is None else body[:start]
    while body and not without_codes(body[-1]).strip():
        body = body[:-1]
    last = without_codes(body[-1]).strip() if body else ""
    if any(pattern.match(last) for pattern in (_INITIALS, _SIGNED, _DESKS)):
        notes.insert(0, last)
        body = body[:-1]
    for line in notes:
        heading = _NOTE_HEADING.match(line)
        if heading and heading["name"].strip().casefold() in _SIGNALS:
            message.signals.append(heading["name"].strip())
    return body, [readable(line) for line in notes if line]
