"""WordPress's block editor: HTML between comments that say what each part is.

The comments are those of the block grammar (developer.wordpress.org/block-editor, "Markup
representation of a block"): ``<!-- wp:name {json} -->…<!-- /wp:name -->`` or
``<!-- wp:name {json} /-->``. Most blocks carry the HTML readers see; what is to be made of the
others is told here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol

from broadsheet.wire.parsers.shortcode_kinds import Library, first_address, player

_START = re.compile(r"<!--\s{1,20}(/?)wp:([a-z][a-z0-9_-]{0,60}(?:/[a-z][a-z0-9_-]{0,60})?)(?=\s)")
_END = "-->"
_FIGCAPTION = re.compile(r"<figcaption\b[^<>]{0,2000}>(.{0,20000}?)</figcaption>", re.DOTALL)
_DOWNLOAD = re.compile(
    r"<a\b[^<>]{0,4000}wp-block-file__button[^<>]{0,4000}>[^<]{0,500}</a>"
    r"|<object\b[^<>]{0,4000}>.{0,2000}?</object>",
    re.DOTALL,
)
_FRAME = re.compile(r"\s{0,99}<figure\b[^<>]{0,2000}\bwp-block-gallery\b[^<>]{0,2000}>")
_TAGS = re.compile(r"<[^<>]{0,4000}>")
_DEEPEST = 60
_MOST_REFERENCES = 50
# Blocks that show nothing of their own, or that a paper shows in its own way.
_SILENT = {"more", "nextpage", "separator", "spacer", "post-content", "page-break"}
# What other blocks stand in: no words of their own are lost without them.
_CONTAINERS = {"group", "columns", "column", "cover", "media-text", "buttons", "gallery", "list"}
_REPEATED = {"query", "post-template", "comments", "navigation", "template-part", "social-links"}


class Patterns(Protocol):
    """Blocks that posts show by number."""

    def pattern(self, number: int) -> str | None:
        """Return the content of block ``number``; ``None`` where the export lacks it."""


@dataclass(frozen=True)
class Part:
    """A part of a post; ``is_classic`` tells text that was written before there were blocks."""

    html: str
    is_classic: bool


@dataclass
class Flattened:
    """The parts, the blocks that show nothing here by name, and patterns that are missing."""

    parts: list[Part] = field(default_factory=list)
    unshown: Counter[str] = field(default_factory=Counter)
    missing: list[int] = field(default_factory=list)


@dataclass
class _Open:
    name: str
    given: dict[str, Any]
    out: list[str] = field(default_factory=list)


def has_blocks(content: str) -> bool:
    """Tell whether ``content`` was written in the block editor, at least in part."""
    return "<!-- wp:" in content


def flatten(content: str, library: Library, patterns: Patterns, footnotes: str = "") -> Flattened:
    """Return the HTML of ``content`` without the comments, with other blocks told as HTML.

    ``footnotes`` is the JSON that WordPress keeps them in, beside the post.
    """
    flattened = Flattened()
    _Walk(library, patterns, footnotes, flattened).walk(content, ())
    return flattened


class _Walk:
    def __init__(
        self, library: Library, patterns: Patterns, footnotes: str, flattened: Flattened
    ) -> None:
        self._library = library
        self._patterns = patterns
        self._footnotes = footnotes
        self._flattened = flattened
        self._stack: list[_Open] = []
        self._references = 0

    def walk(self, content: str, within: tuple[int, ...]) -> None:
        """Walk through ``content``; ``within`` are the patterns it stands in."""
        floor = len(self._stack)
        position = 0
        while (match := _START.search(content, position)) is not None:
            end = content.find(_END, match.end())
            if end < 0:
                break
            self._text(content[position : match.start()])
            position = end + len(_END)
            given = content[match.end() : end].strip()
            name = match[2].removeprefix("core/")
            if match[1]:
                self._close(name, floor)
            elif given.endswith("/"):
                self._void(name, _attributes(given[:-1]), within)
            elif len(self._stack) < _DEEPEST:
                self._stack.append(_Open(name, _attributes(given)))
        self._text(content[position:])
        while len(self._stack) > floor:
            self._finish(self._stack.pop())

    def _text(self, text: str) -> None:
        if not text:
            return
        if self._stack:
            self._stack[-1].out.append(text)
        elif text.strip():
            self._flattened.parts.append(Part(text, is_classic=True))

    def _html(self, html: str, *, is_classic: bool = False) -> None:
        if self._stack:
            self._stack[-1].out.append(html)
        elif html.strip():
            self._flattened.parts.append(Part(html, is_classic=is_classic))

    def _close(self, name: str, floor: int) -> None:
        if not any(block.name == name for block in self._stack[floor:]):
            return
        while True:
            block = self._stack.pop()
            self._finish(block)
            if block.name == name:
                return

    def _void(self, name: str, given: dict[str, Any], within: tuple[int, ...]) -> None:
        if name == "block":
            self._reference(given, within)
        elif name == "footnotes":
            self._html(_notes(self._footnotes))
        elif name == "image" and isinstance(given.get("id"), int):
            self._html(self._library.figure(given["id"]))
        elif name == "gallery" and isinstance(given.get("ids"), list):
            self._html(self._pictures(given["ids"]))
        elif name.split("/", maxsplit=1)[0] in {"embed", "core-embed"}:
            self._html(player(str(given.get("url") or "")))
        elif name not in _SILENT | _CONTAINERS and not self._is_repeated():
            self._flattened.unshown[name] += 1

    def _reference(self, given: dict[str, Any], within: tuple[int, ...]) -> None:
        number = given.get("ref")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 1 << 62:
            self._flattened.unshown["block"] += 1
            return
        self._references += 1
        content = self._patterns.pattern(number)
        if content is None:
            self._flattened.missing.append(number)
        elif number not in within and self._references <= _MOST_REFERENCES:
            self.walk(content, (*within, number))

    def _is_repeated(self) -> bool:
        return any(block.name in _REPEATED for block in self._stack)

    def _pictures(self, ids: list[Any]) -> str:
        known = [int(each) for each in ids if str(each).isascii() and str(each).isdigit()]
        return "\n".join(self._library.figure(number) for number in known if number < 1 << 62)

    def _finish(self, block: _Open) -> None:
        inner = "".join(block.out)
        name = block.name
        if name in {"query", "comments"}:
            self._flattened.unshown[name] += 1
        elif name in {"freeform", "classic"}:
            self._html(inner, is_classic=True)
        elif name == "shortcode":
            self._html(f"\n<div>{inner}</div>\n")
        elif name == "embed" or name.startswith("core-embed/"):
            self._html(_embed(block.given, inner))
        elif name == "file":
            self._html(_DOWNLOAD.sub("", inner))
        elif name in {"cover", "media-text"}:
            self._html(_backdrop(block.given, inner))
        elif name == "gallery":
            shown = "" if "<img" in inner else self._pictures(_list(block.given.get("ids")))
            self._html(shown + _opened(inner))
        elif name not in _SILENT:
            is_own = "/" in name or name in _REPEATED
            if is_own and not _has_words(inner) and not self._is_repeated():
                self._flattened.unshown[name] += 1
            self._html(inner)


def _attributes(given: str) -> dict[str, Any]:
    given = given.strip()
    if not given.startswith("{"):
        return {}
    try:
        read = json.loads(given)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _embed(given: dict[str, Any], inner: str) -> str:
    match = _FIGCAPTION.search(inner)
    caption = match[1] if match else ""
    shown = player(str(given.get("url") or "")) or player(
        first_address(inner.replace(match[0], "") if match else inner)
    )
    if not shown:
        return inner
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>" if caption else shown


def _backdrop(given: dict[str, Any], inner: str) -> str:
    url = given.get("url") or given.get("mediaLink") or ""
    if not isinstance(url, str) or not url or "<img" in inner or given.get("mediaType") == "video":
        return inner
    is_picture = bool(given.get("url")) and given.get("backgroundType", "image") == "image"
    return f'<figure><img src="{escape(url)}" alt=""></figure>{inner}' if is_picture else inner


def _opened(gallery: str) -> str:
    """Take the frame off a gallery: its pictures are figures themselves, with own captions."""
    start = _FRAME.match(gallery)
    before, end, after = gallery.rpartition("</figure>")
    return f"<div>{before[start.end() :]}</div>{after}" if start and end else gallery


def _notes(footnotes: str) -> str:
    try:
        notes = json.loads(footnotes) if footnotes else []
    except (ValueError, RecursionError):
        return ""
    points = [str(each.get("content") or "") for each in _list(notes) if isinstance(each, dict)]
    return "<ol>" + "".join(f"<li>{point}</li>" for point in points) + "</ol>" if points else ""


def _has_words(html: str) -> bool:
    return "<img" in html or "<iframe" in html or bool(_TAGS.sub("", html).strip())
