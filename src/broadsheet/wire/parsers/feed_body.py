"""The body of a feed's entry: its content, or its description where it has nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import feed_media, fragment
from broadsheet.wire.parsers.feed_media import Media
from broadsheet.wire.parsers.fragment import Fragment
from broadsheet.wire.parsers.inline import to_text

# Descriptions above this, or of several paragraphs, are stories: many feeds have nothing else.
_LONGEST_SUMMARY = 800
_ESCAPED = re.compile(r"&lt;/?(?:p|div|br|a|b|i|strong|em|img|ul|li|span|h[1-6])\b", re.IGNORECASE)
_CLOSED = re.compile(r"</[a-z][a-z0-9]{0,9}\s{0,5}>|<br\b", re.IGNORECASE)
_MARKED = re.compile(r"<[A-Za-z!/]")
_CUT = re.compile(r"(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|…|\.\.\.)\s*(?:»|→)?\s*$")
# What WordPress and feed services put under every entry.
_FOOTER = re.compile(
    r"^(?:The post .{1,400} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:Continue reading|Read more|Read the full story|Weiterlesen|ادامه مطلب)\b.{0,200}"
    r"|La entrada .{1,400} (?:se publicó primero en|aparece primero en) .{1,200}"
    r"|L’article .{1,400} est apparu en premier sur .{1,200}"
    r"|Der Beitrag .{1,400} erschien zuerst auf .{1,200})$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_FOOTER = 700
_TEXT = ("text/", "application/xhtml", "application/xml")


@dataclass(frozen=True)
class Body:
    """``words`` are the blocks as a reader reads them; ``lead`` is what stands before them."""

    blocks: tuple[WireBlock, ...]
    photos: tuple[WirePhoto, ...]
    words: tuple[str, ...]
    lead: str
    oddities: tuple[str, ...]


def read(said: Mapping[str, Any], media: Media, base_url: str) -> Body:
    """Return the body of the entry that feedparser read as ``said``."""
    oddities: list[str] = []
    contents = _contents(said, base_url, oddities)
    summary = _summary(said, base_url, oddities)
    if not contents and not summary.blocks and media.words:
        summary = fragment.read(media.words, base_url)
    return made_of(contents, summary, media.photos, oddities)


def made_of(
    contents: Iterable[Fragment],
    summary: Fragment,
    photos: tuple[WirePhoto, ...],
    oddities: Iterable[str] = (),
) -> Body:
    """Return the body made of the fullest of ``contents``, or else of the ``summary``.

    ``photos`` are those that stand beside the text.
    """
    odd = list(oddities)
    content = max(contents, key=lambda each: len(_folded(each)), default=Fragment())
    full, short = _folded(content), _folded(summary)
    # feedparser repeats the content as the summary where there is no other.
    is_summary_only = not full
    if not full or (len(short) > len(full) and _begins(short, full)):
        content, summary = summary if short else content, content if short else summary
    odd.extend(content.oddities)
    blocks = _without_footer(content.blocks, odd)
    words = tuple(to_text(block.html) for block in blocks if block.kind not in {"photo", "embed"})
    if not words:
        odd.append("The feed carries no text for this entry.")
    elif is_summary_only and len(words) == 1 and len(words[0]) <= _LONGEST_SUMMARY:
        odd.append("The feed carries a summary only.")
    elif _CUT.search(words[-1][-40:]):
        odd.append("The feed cuts the text short.")
    return Body(
        tuple(blocks),
        _photos(content.photos, summary.photos, photos),
        words,
        _lead(summary, words),
        tuple(odd),
    )


def language_said(said: Mapping[str, Any]) -> str:
    """Return the language that the entry declares; empty where it declares none."""
    contents = said.get("content")
    details = [*(contents if isinstance(contents, list) else []),
               said.get("summary_detail"), said.get("title_detail")]  # fmt: skip
    for detail in details:
        language = detail.get("language") if isinstance(detail, Mapping) else None
        if isinstance(language, str) and language.strip():
            return language.strip()
    language = said.get("language")
    return language.strip() if isinstance(language, str) else ""


def _contents(said: Mapping[str, Any], base_url: str, oddities: list[str]) -> list[Fragment]:
    read = []
    contents = said.get("content")
    for each in contents if isinstance(contents, list) else []:
        if not isinstance(each, Mapping) or not isinstance(each.get("value"), str):
            continue
        kind = str(each.get("type") or "text/html").lower()
        if not kind.startswith(_TEXT) and not kind.endswith("+xml"):
            oddities.append(f"The entry’s content is of the type {kind}; it was left out.")
        elif each["value"].strip():
            read.append(_fragment(each["value"], kind, _base(each, base_url), oddities))
        elif isinstance(each.get("src"), str):
            oddities.append(f"The entry’s content is kept elsewhere: {each['src'][:500]}")
    return read


def _summary(said: Mapping[str, Any], base_url: str, oddities: list[str]) -> Fragment:
    value = dict.get(said, "summary") if isinstance(said, dict) else None
    if not isinstance(value, str) or not value.strip():
        return Fragment()
    detail = said.get("summary_detail")
    detail = detail if isinstance(detail, Mapping) else {}
    kind = str(detail.get("type") or "text/html").lower()
    return _fragment(value, kind, _base(detail, base_url), oddities)


def _fragment(value: str, kind: str, base_url: str, oddities: list[str]) -> Fragment:
    if not _MARKED.search(value) and _ESCAPED.search(value):
        said = "The HTML of the entry is escaped twice; it was read as HTML."
        if said not in oddities:
            oddities.append(said)
        value = unescape(value)
    elif kind == "text/plain" and not _CLOSED.search(value):
        return fragment.from_plain(value)
    return fragment.read(value, base_url)


def _base(detail: Mapping[str, Any], base_url: str) -> str:
    base = detail.get("base")
    return feed_media.absolute(base, base_url) or base_url if isinstance(base, str) else base_url


def _folded(read: Fragment) -> str:
    return folded(" ".join(to_text(block.html) for block in read.blocks if block.kind != "photo"))


def _begins(longer: str, shorter: str) -> bool:
    """Tell whether ``longer`` begins with all of ``shorter``."""
    return longer.startswith(_CUT.sub("", shorter).rstrip())


def _without_footer(blocks: tuple[WireBlock, ...], oddities: list[str]) -> list[WireBlock]:
    kept = list(blocks)
    while len(kept) > 1 and kept[-1].kind == "paragraph":
        text = to_text(kept[-1].html).strip()
        if len(text) > _LONGEST_FOOTER or not _FOOTER.match(text):
            break
        kept.pop()
        oddities.append("The line that the feed puts under every entry was left out.")
    return kept


def _lead(summary: Fragment, words: tuple[str, ...]) -> str:
    """Return the summary, where the body does not say the same."""
    parts = [
        to_text(block.html) for block in summary.blocks if block.kind not in {"photo", "embed"}
    ]
    text = " ".join(" ".join(parts).split())
    beginning = folded(_CUT.sub("", text))
    if not beginning or beginning in folded(" ".join(words)):
        return ""
    return text


def _photos(
    inside: tuple[WirePhoto, ...], other: tuple[WirePhoto, ...], around: tuple[WirePhoto, ...]
) -> tuple[WirePhoto, ...]:
    """Return each photo once: first those that stand beside the text, then those within it."""
    said = {feed_media.file_of(photo.url): photo for photo in around}
    within = []
    for photo in inside:
        known = said.pop(feed_media.file_of(photo.url), None)
        within.append(feed_media.with_words(photo, known) if known is not None else photo)
    files = {feed_media.file_of(photo.url) for photo in within} | set(said)
    beside = [photo for photo in other if feed_media.file_of(photo.url) not in files]
    return tuple(
        replace(photo, key=photo.key or photo.url) for photo in (*said.values(), *beside, *within)
    )
