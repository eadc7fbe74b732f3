"""What a feed's entry says in words: headlines, names, dates, topics, senders."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.items import WireSubject
from broadsheet.wire.likeness import folded
from broadsheet.wire.times import read_moment

_TAG = re.compile(
    r"</?(?P<name>a|abbr|applet|b|bdi|big|blink|br|center|cite|code|div|embed|em|font|frame|frameset|"
    r"h[1-6]|hr|iframe|img|ins|i|link|meta|mark|object|p|q|small|span|strike|strong|sub|sup|s|tt|u|"
    r"wbr)(?=[\s/>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"<(script|style)(?=[\s/>])[^<>]{0,2000}>[^<]{0,5000}(?:</\1\s*>|$)", re.IGNORECASE
)
_BREAKS = {"br", "div", "p", "hr", *(f"h{level}" for level in range(1, 7))}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_MOST_ESCAPES = 3
_LONGEST_HEADLINE = 1000
_LONGEST_NAME = 120
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_BY = re.compile(r"^(?:by|von|par|por|di|da|от|از|بقلم)\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:[;|،؛]|\s&\s|\s+(?:and|und|et|y|و)\s+)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"^\W*|\s*\(\s*\)|[\s,;(\[]*$")
_COPYRIGHT = re.compile(
    r"^(?:copyright|\(c\)|©|\s|all\s+rights\s+reserved|by|the\s+(?=associated)|[-–,.:]|\d{4})+",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"[\s.,|–-]*(?:all\s+rights\s+reserved|inc\.?|ltd\.?)[\s.]*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:[:|»›·•]|\s[-–—/]\s)\s*")
_GLOBAL = re.compile(r"^[A-Za-z][\w+.-]*:")
_LONGEST_URL = 2000
_SENTENCE = re.compile(r"[.!?…。؟۔]\s")
_LONGEST_FIRST_WORDS = 120


def headline_of(title: str, *, is_plain: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return a title as plain text, and what was odd about it: tags, or what is too long.

    With ``is_plain`` its sender calls it plain: a lone tag in it is what it writes about.
    """
    text, oddities = title[: 10 * _LONGEST_HEADLINE], []
    stripped = text if is_plain and not _is_paired(text) else _without_tags(text)
    for _ in range(_MOST_ESCAPES):
        if not _ENTITY.search(stripped):
            break
        stripped = unescape(stripped)
        if _is_paired(stripped):
            stripped = _without_tags(stripped)
    if _TAG.search(text) or (stripped != text and _TAG.search(unescape(text))):
        oddities.append("The headline has HTML in it; its words were kept.")
    plain = " ".join(stripped.split())
    if len(plain) > _LONGEST_HEADLINE:
        oddities.append("The headline is longer than any headline; it was cut.")
        plain = f"{plain[:_LONGEST_HEADLINE].rsplit(' ', 1)[0]} …"
    return plain, tuple(oddities)


def _is_paired(text: str) -> bool:
    return any(f"</{tag['name']}" in text for tag in _TAG.finditer(text))


def _without_tags(text: str) -> str:
    text = _SCRIPT.sub("", text)
    return _TAG.sub(lambda tag: " " if tag["name"].lower() in _BREAKS else "", text)


def first_words(paragraph: str) -> str:
    """Return the beginning of ``paragraph``, to stand for a headline."""
    text = " ".join(paragraph.split())
    sentence = _SENTENCE.search(text[: _LONGEST_FIRST_WORDS + 2])
    if sentence:
        return text[: sentence.start() + 1].rstrip(".。۔")
    if len(text) <= _LONGEST_FIRST_WORDS:
        return text.rstrip(".。۔")
    return f"{text[:_LONGEST_FIRST_WORDS].rsplit(' ', 1)[0]} …"


def names_of(people: Iterable[str]) -> list[str]:
    """Return the names in ``people``, each once: "By A B and C D" are two, an address is none."""
    names: dict[str, str] = {}
    for printed in people:
        text = _BY.sub("", " ".join(_EMAIL.sub("", plain(printed)).split()))
        parts = _SEVERAL.split(text)
        if not all(" " in part.strip() or agency_named(part) for part in parts):
            parts = [text]
        for part in parts:
            name = _BRACKETS.sub("", part.strip()).strip("<> ")
            if name and len(name) <= _LONGEST_NAME and not name.startswith(("http:", "https:")):
                names.setdefault(folded(name), name)
    return list(names.values())


def plain(text: object) -> str:
    """Return ``text`` without tags and escapes; empty for what is no text."""
    return headline_of(text)[0] if isinstance(text, str) else ""


def agency_in(said: str) -> str:
    """Return the agency that a feed's title or copyright names, alone or before a separator."""
    text = plain(said)
    owner = _RESERVED.sub("", _COPYRIGHT.sub("", text))
    for part in (text, owner, *_PARTS.split(text)[:2], *_PARTS.split(owner)[:1]):
        if agency := agency_named(part) or agency_named(_BY.sub("", part)):
            return agency
    return ""


def unique_name(name: str, address: str) -> str:
    """Return an entry's ``name``, with the host of the feed's ``address`` before a bare one."""
    if not _GLOBAL.match(name):
        try:
            host = urlsplit(address).netloc
        except ValueError:
            host = ""
        name = f"{host}:{name}" if host else name
    return name[:_LONGEST_URL]


def moment_of(printed: Any, parsed: Any, language: str) -> tuple[datetime | None, tuple[str, ...]]:
    """Return the moment an entry prints (UTC), and what had to be assumed.

    ``parsed`` is feedparser's reading, a ``struct_time`` in UTC, which knows some more forms.
    """
    if not isinstance(printed, str) or not printed.strip():
        return None, ()
    moment = read_moment(printed[:200], language)
    if moment is not None and moment.has_clock:
        return moment.at, moment.oddities
    if isinstance(parsed, time.struct_time | tuple):
        try:
            at = datetime.fromtimestamp(calendar.timegm(tuple(parsed)), UTC)
        except (ValueError, OverflowError, OSError, TypeError, IndexError):
            at = None
        if at is not None and (moment is None or at.time() != datetime.min.time()):
            return at, ()
    if moment is not None:
        return moment.at, moment.oddities
    return None, (f"The time “{printed[:80]}” could not be read.",)


def topics_of(tags: Any) -> tuple[tuple[str, ...], tuple[WireSubject, ...]]:
    """Return the names of ``tags`` as feedparser lists them, and those that have a code."""
    topics: dict[str, str] = {}
    subjects: dict[WireSubject, None] = {}
    for tag in tags if isinstance(tags, list) else []:
        if not isinstance(tag, dict):
            continue
        term, label = plain(tag.get("term")), plain(tag.get("label"))
        scheme = tag.get("scheme")
        name = label or term
        if not name:
            continue
        topics.setdefault(folded(name), name)
        if isinstance(scheme, str) and scheme.strip():
            subjects[WireSubject(name, term, scheme.strip())] = None
    return tuple(topics.values()), tuple(subjects)
