"""ANPA 1312 (ANPA Bulletin 1312, "High-speed wire service transmission guidelines").

    SYN SYN SOH a0123 US asian            service level, number, selector code
    r i DC3 DC1 BC-Harbour-Fire 11-13 0466   priority, category, format, keyword, date, words
    STX
    ^BC-Harbour Fire, 1st Ld-Writethru,466<  keyword line, then headline, notes, byline
    ^Fire destroys warehouse<
    TAB text …                            paragraphs
    ETX AP-WF-11-13-13 1509GMT< EOT       time of sending

Files that went through mail or editors have lost the control characters; the second line alone
is enough to know them by. The priorities are ANPA's, as urgencies of the IPTC.
"""

from __future__ import annotations

import re
from html import unescape

from broadsheet.wire.items import WireSubject
from broadsheet.wire.parsers.wire_text_body import blocks_of
from broadsheet.wire.parsers.wire_text_message import Message, agency_of, day_of
from broadsheet.wire.parsers.wire_text_signs import ETX, STX, TAB_LINE, readable, without_codes

FORMAT = "ANPA 1312"

FIRST_LINE = (
    r"(?:[\x16\x01\x05]{1,8})?(?P<service>[A-Za-z])(?P<number>\d{3,5})[\x1f ]?"
    r"(?P<selector>[\w-]{0,12})"
)
SECOND_LINE = (
    r"(?P<priority>[a-z]) (?P<category>[a-z])(?P<codes>[\x11-\x14]{0,2}) ?"
    r"(?P<keyword>\S[^\n]{0,60}?)\s+(?P<one>\d{1,2})-(?P<two>\d{1,2})(?:-\d{2,4})?"
    r"(?:\s+(?P<words>\d{1,5}))?[ \t\x00-\x1f]*"
)
_HEADER = re.compile(rf"[ \t]*(?:{FIRST_LINE}[ \t\x1e\x1f]*\r?\n)?{SECOND_LINE}\r?(?:\n|$)")
_URGENCIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "a": 6, "s": 6, "w": 6, "c": 6, "z": 6}
_CATEGORIES = {
    "a": "Domestic news", "b": "Special events", "d": "Food", "e": "Entertainment",
    "f": "Business and finance", "g": "Domestic news", "i": "International news", "j": "Lotteries",
    "k": "Commentary", "l": "Lifestyle", "m": "Farm news", "n": "State and regional news",
    "o": "Weather", "p": "Politics", "q": "Sports results", "r": "Racing", "s": "Sports",
    "t": "Travel", "v": "Advisories", "w": "Washington",
}  # fmt: skip
_ADVISORIES = "v"
_TABULAR = "\x12"
_SENT = re.compile(
    r"\x03?[ \t]*(?P<agency>[A-Z]{2,5})-(?P<wire>[A-Z]{2})-(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d{2,4})"
    r"\s+(?P<clock>\d{4})(?P<zone>[A-Z]{2,4})?<?\s*$"
)
# The Canadian Press and Kyodo write the day first.
_SENT_LATER = re.compile(
    r"\x03?[ \t]*(?P<clock>\d\d:\d\d)(?P<zone>[A-Z]{2,4})[ -]"
    r"(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d\d)<?\s*$"
)
_KYODO = re.compile(r"K[A-Z]{2}-(?P<clock>\d\d:\d\d)-(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d\d)\s*$")
_SIGNED_OFF = re.compile(
    r"^\s*(?:==)?(?P<name>Reuters?|REUTERS?|Kyodo|AP|UPI)\s*$|^\s*={2}(?P<other>\w+)\s*$"
)
_KEYWORD = re.compile(r"^(?:BC|AM|PM|AP)-|,\s?\d{1,5}$")
_WORD_COUNT = re.compile(r",\s?0*\d{1,5}$")
_REFERENCE = re.compile(r"(?:^|[\s,*])(?P<reference>[a-zA-Z]\d{4})(?=[\s,]|$)")
_VERSION = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)\s?)?(?:ld|lead|write-?thru|add|sub)(?!\w)[\w -]{0,30}$|"
    r"\d{1,2}(?:st|nd|rd|th)\s?(?:Ld|Add|Write)[\w -]{0,30}$",
    re.IGNORECASE,
)
_PHOTOS = re.compile(
    r"^(?:AP|CP|UPI|With|Eds:? With)\s(?:Photos?|Graphics?|LaserPhoto)\b", re.IGNORECASE
)
_NOTE = re.compile(
    r"^\W{0,2}(?:eds?\b\.?\s?[:;]|editors?['’]?s?(?:\snotes?)?\s?[:_–—-]|update\s?:|attention\b|"
    r"note\sto\b|embargo|hold\sfor|for\srelease|for\suse|not\sfor|mandatory\b|adv\d|"
    r"corrects?\s?[:;]|"
    r"with\s(?:photos?|bc-)|\$adv)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:By|BY|Par|PAR|Por|POR|Von|VON)\s+\S")
_SIGNER = re.compile(
    r"^(?:for\s)?(?:the\s)?"
    r"(?:associated press|canadian press|united press international|reuters)\b|"
    r"\b(?:writer|correspondent|editor|analyst|columnist)$",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"^(?P<tag>HL|SYMBOL|INDEX|code|KEYWORDS?|HEADLINE|DATELINE)\s?:\s?", re.IGNORECASE
)
_SERVICE_MARK = re.compile(r"^\*\d{3,5}$|^\$?adv\s?\d*$", re.IGNORECASE)
_NEXT_HEAD = re.compile(r"(?<=<)\s*\^")
_LONGEST_HEADLINE = 240


def header_at(text: str, at: int = 0) -> re.Match[str] | None:
    """Return the two lines of a header that start at ``at``, if they do."""
    return _HEADER.match(text, at)


def read(text: str, source: bytes) -> Message:
    """Return what the message ``text`` says; ``source`` are its bytes."""
    message = Message(FORMAT, source)
    header = header_at(text)
    tabular = False
    if header is not None:
        tabular = _read_header(message, header)
        text = text[header.end() :]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_end(message, lines)
    heads, body = _parted(lines)
    left = _read_heads(message, heads, has_body=bool(body))
    # Without a body this is a list of headlines: what stands below the first is all there is.
    message.blocks = blocks_of(body or [f"\t{text}" for text in left], tabular=tabular)
    if message.lead and message.blocks and _starts_alike(message.lead, message.blocks[0].html):
        message.lead = ""
    return message


def _read_header(message: Message, header: re.Match[str]) -> bool:
    """Note what the header says; tell whether the text is tabular."""
    said = header.groupdict()
    if said["number"]:
        message.number = f"{said['service'].lower()}{said['number']}"
    message.agency = agency_of(said["selector"] or "") if said["selector"] else ""
    if said["selector"] and not message.agency and "KYODO" in said["selector"].upper():
        message.agency = "Kyodo"
    priority, category = said["priority"], said["category"]
    message.urgency = _URGENCIES.get(priority)
    name = _CATEGORIES.get(category, "")
    message.subjects.append(WireSubject(name or category, category, "anpa"))
    message.section = name
    if category == _ADVISORIES:
        message.genre, message.section = "Advisory", ""
    keyword = " ".join(without_codes(said["keyword"]).split())
    if reference := _REFERENCE.search(keyword):
        message.reference = reference["reference"].lower()
        keyword = _REFERENCE.sub("", keyword).strip()
    message.slugline = keyword
    return _TABULAR in said["codes"]


def _without_end(message: Message, lines: list[str]) -> list[str]:
    """Take the time of sending off the end, and what agencies sign with."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        line = lines[at].replace("\x04", "").replace("\x7f", "")
        match = (
            _SENT.search(line[-80:]) or _SENT_LATER.search(line[-60:]) or _KYODO.search(line[-60:])
        )
        if match is None:
            continue
        said = match.groupdict()
        if match.re is _KYODO:
            message.agency = message.agency or "Kyodo"
        elif said.get("agency"):
            message.agency = message.agency or agency_of(said["agency"])
        clock = said["clock"].replace(":", "")
        if sent := day_of(said["y"], said["m"], said["d"], clock):
            message.date(sent, said.get("zone") or "")
        rest = lines[at].replace("\x7f", "")
        lines = [*lines[:at], rest[: max(0, len(line) - len(match[0]))], *lines[at + 1 :]]
        break
    while lines and not without_codes(lines[-1]).strip(" _"):
        lines.pop()
    if lines and (match := _SIGNED_OFF.match(without_codes(lines[-1]))):
        message.agency = message.agency or agency_of(match["name"] or match["other"])
        lines.pop()
    return lines


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of the head, joined where they were broken, and those of the body.

    Lines of the head keep their mark, where they have one.
    """
    heads: list[str] = []
    is_open = False
    for at, raw in enumerate(lines):
        line = _bare(raw)
        if not line.strip():
            is_open = False
        elif line.lstrip(" ").startswith("^"):
            heads.extend(f"^{part}" for part in _NEXT_HEAD.split(line.strip().lstrip("^")))
            is_open = not line.endswith(("<", "=", ">"))
        elif line.startswith("code:"):
            continue
        elif is_open and line.endswith("<") and not line.startswith(("\t", "   ", TAB_LINE)):
            heads[-1] = f"{heads[-1]} {line.strip()}"
            is_open = False
        elif _is_unmarked_head(heads, lines, at):
            heads.append(line.strip())
        else:
            return heads, [_bare(each) for each in lines[at:]]
    return heads, []


def _bare(line: str) -> str:
    return line.replace(STX, "").replace(ETX, "").rstrip()


def _is_unmarked_head(heads: list[str], lines: list[str], at: int) -> bool:
    """Tell a keyword line or a headline that has no mark: unindented above indented text."""
    line = _bare(lines[at])
    if line.startswith((" ", "\t")) or len(line) > _LONGEST_HEADLINE:
        return False
    if heads and (len(heads) > 1 or not _KEYWORD.search(heads[0].strip("^<"))):
        return False
    below = next((each for each in lines[at + 1 :] if each.strip()), "")
    is_keyword = not heads and bool(_KEYWORD.search(line.strip("<")))
    return is_keyword or below.startswith(("\t", "   "))


def _read_heads(message: Message, heads: list[str], *, has_body: bool) -> list[str]:
    """Note what the head says; return what of it is text, where there is no other text."""
    left: list[str] = []
    is_first = True
    for head in heads:
        text = " ".join(readable(without_codes(head)).split()).strip("^ ")
        if not text:
            continue
        if _SERVICE_MARK.match(text):
            if not text.startswith("*"):
                message.notes.append(text)
        elif is_first and _is_keyword_line(text, message, is_marked=head.startswith("^")):
            _read_keyword_line(message, text)
            is_first = False
        else:
            is_first = False
            left += _read_head(message, text, has_body=has_body)
    return left


def _is_keyword_line(text: str, message: Message, *, is_marked: bool) -> bool:
    if _KEYWORD.search(text):
        return True
    start = _letters(message.slugline.split(" ")[0].removeprefix("BC-"))
    return is_marked and bool(start) and _letters(text).startswith(start)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _read_keyword_line(message: Message, text: str) -> None:
    slug = _WORD_COUNT.sub("", text).strip(" ,")
    if reference := _REFERENCE.search(slug):
        message.reference = message.reference or reference["reference"].lower()
        slug = _REFERENCE.sub("", slug).strip(" ,")
    message.slugline = slug
    if version := _VERSION.search(slug.rsplit(",", 1)[-1].strip()):
        message.version = version[0].strip()


def _read_head(message: Message, text: str, *, has_body: bool) -> list[str]:
    """Note what a line of the head says; return it where it is text and nothing else."""
    if tagged := _TAGGED.match(text):
        _read_tagged(message, tagged["tag"].upper(), text[tagged.end() :].strip())
    elif _PHOTOS.match(text) or _NOTE.match(text):
        message.notes.append(text)
    elif _BYLINE.match(text):
        message.byline = text
    elif _SIGNER.search(text) and message.headline:
        message.agency = message.agency or agency_of(text)
        message.byline = f"{message.byline}, {text}" if message.byline else ""
    elif not message.headline:
        message.headline = text
    elif not has_body:
        return [text]
    elif not message.lead:
        message.lead = text
    else:
        message.notes.append(text)
    return []


def _read_tagged(message: Message, tag: str, value: str) -> None:
    if tag in {"HL", "HEADLINE"}:
        message.headline = value
    elif tag == "SYMBOL":
        message.subjects.append(WireSubject(value, value, "symbol"))
    elif tag in {"INDEX", "KEYWORD", "KEYWORDS"}:
        message.topics += [name.strip() for name in value.split(",") if name.strip()]


def _starts_alike(lead: str, first: str) -> bool:
    """Tell whether ``lead`` is what the text says right behind its dateline anyway."""
    plain = _letters(lead)[:60]
    return bool(plain) and plain in _letters(unescape(first))
