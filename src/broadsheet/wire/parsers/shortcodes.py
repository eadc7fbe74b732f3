"""WordPress's shortcodes: ``[gallery ids="1,2"]`` and the like, as HTML.

What WordPress itself and the usual plugins know is converted; what only lays out a page leaves
its words; what shows no words (forms, sliders, share buttons) is taken out and reported; what
nobody knows stays as it stands and is reported. The grammar is that of WordPress's Shortcode
API (developer.wordpress.org/plugins/shortcodes): ``[name attributes]``, ``[name /]``,
``[name]…[/name]`` up to the next closing tag of that name, and ``[[name]]`` for ``[name]`` as text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from broadsheet.wire.parsers.shortcode_kinds import HANDLERS, LAYOUT, MEANS_PAGE, NO_WORDS, Library

_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,60}"
_SPACE = r"(?:[\s\xa0]|&nbsp;)"
# Possessive throughout: what a token has taken is never given back, so that no text makes the
# search take the square of its length.
_QUOTED = r"\"[^\"]{0,2000}+\"|'[^']{0,2000}+'|[“”″„][^“”″„]{0,2000}+[“”″]"
_WORD = r"[^\s\"'\]\[/]{1,2000}+(?:/(?!\])[^\s\"'\]\[/]{0,2000}+)*+"
_VALUE = (
    rf"(?:[\w-]{{1,60}}+={_SPACE}{{0,3}}+(?:{_QUOTED}|{_WORD})"
    rf"|{_QUOTED}|<[^<>]{{0,2000}}+>|{_WORD})"
)
_OPENING = re.compile(
    # An address in brackets is none.
    rf"(?P<escaped>\[?)\[(?P<name>{_NAME})(?!://)"
    rf"(?P<given>(?:[=:][^\s\]\[]{{1,2000}}+)?+(?:{_SPACE}{{1,99}}+{_VALUE}){{0,100}}+)"
    rf"{_SPACE}{{0,99}}+(?P<void>/?)\]"
)
_CLOSING = re.compile(rf"\[/(?P<name>{_NAME})\s{{0,9}}\]")
_ATTRIBUTE = re.compile(
    r"([\w-]{1,60})\s{0,3}=\s{0,3}(?:\"([^\"]*)\"|'([^']*)'|[“”″„]([^“”″„]*)[“”″]|([^\s\"']+))"
    r"|\"([^\"]*)\"|'([^']*)'|(\S+)"
)
_ENTITY_QUOTES = re.compile(r"&(?:quot|#8220|#8221|#8243|#034|#34|ldquo|rdquo);")
_ONE_VALUE = re.compile(rf"{_SPACE}[\w-]{{0,40}}\d[\w-]{{0,40}}")
# What is no word that an editor puts in brackets.
_BARE = {
    "gallery", "playlist", "toc", "sitemap", "adsense", "sharethis", "addtoany", "addthis", "ssba",
    "hr", "clear", "clearfix", "divider", "spacer", "row", "wpgmza", "tagcloud", "sociable", "crp",
    "nggallery", "archives", "searchform", "loginform", "wpp",
}  # fmt: skip
_SIGN = re.compile(r"[_-]")
_DEEPEST = 30


@dataclass
class Converted:
    """The text, and how often each shortcode was ``kept`` as it stands or ``removed``."""

    html: str = ""
    kept: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)


def convert(text: str, library: Library) -> Converted:
    """Return ``text``, HTML, with its shortcodes converted as far as they are known."""
    converted = Converted()
    converted.html = _Text(text, library, converted, 0).convert() if "[" in text else text
    return converted


def attributes(given: str) -> dict[str, str]:
    """Return what stands after a shortcode's name; nameless values are "0", "1" and so on."""
    found: dict[str, str] = {}
    nameless = 0
    given = given.replace("&nbsp;", " ").replace("\xa0", " ")
    if '"' not in given:
        given = _ENTITY_QUOTES.sub('"', given)
    if given[:1] in {"=", ":"}:
        # The first form of [youtube=…] and of [audio:…].
        given = f" {given[1:]}"
    for match in _ATTRIBUTE.finditer(given):
        name, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        if name:
            found.setdefault(name.lower(), value.strip())
        else:
            found[str(nameless)] = value.strip()
            nameless += 1
    return found


@dataclass
class _Text:
    """One text, or what stands within a shortcode, while it is being converted."""

    text: str
    library: Library
    converted: Converted
    depth: int
    out: list[str] = field(default_factory=list)

    def convert(self) -> str:
        """Return the text as HTML."""
        closings = _closings(self.text)
        position = 0
        while (match := _OPENING.search(self.text, position)) is not None:
            self.out.append(self.text[position : match.start()])
            if match["escaped"] and self.text.startswith("]", match.end()):
                self.out.append(match[0][1:])
                position = match.end() + 1
                continue
            name = match["name"].lower()
            end = None if match["void"] else _next(closings.get(name, []), match.end())
            position = self._one(match, name, end)
        return "".join([*self.out, self.text[position:]])

    def _one(self, match: re.Match[str], name: str, end: tuple[int, int] | None) -> int:
        """Convert one shortcode, up to ``end`` of its closing tag; return where to go on."""
        self.out.append(match["escaped"])
        opening = match[0][len(match["escaped"]) :]
        if not _is_one(match, name, closed=end is not None):
            self.out.append(opening)
            return match.end()
        inner = self.text[match.end() : end[0]] if end else ""
        closing = self.text[end[0] : end[1]] if end else ""
        position = end[1] if end else match.end()
        if match["escaped"] and self.text.startswith("]", position):
            # [[name]…[/name]] is shown as it stands, without its outer brackets.
            self.out[-1] = opening + inner + closing
            return position + 1
        if self.depth < _DEEPEST and "[" in inner and name not in MEANS_PAGE:
            inner = _Text(inner, self.library, self.converted, self.depth + 1).convert()
        handler = _handler(name)
        if handler is None:
            self.out.append(opening + inner + closing)
            self.converted.kept[match["name"]] += 1
            return position
        shown = handler(attributes(match["given"]), inner, self.library)
        if shown is None:
            self.converted.removed[match["name"]] += 1
        self.out.append(shown or "")
        return position


def _closings(text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for match in _CLOSING.finditer(text):
        found.setdefault(match["name"].lower(), []).append(match.span())
    return found


def _next(spans: list[tuple[int, int]], position: int) -> tuple[int, int] | None:
    index = bisect_left(spans, (position, position))
    return spans[index] if index < len(spans) else None


def _handler(name: str) -> Callable[[dict[str, str], str, Library], str | None] | None:
    if name in HANDLERS:
        return HANDLERS[name]
    if name in NO_WORDS:
        return _without_words
    if LAYOUT.fullmatch(name):
        return _layout
    return None


def _without_words(given: dict[str, str], inner: str, library: Library) -> str | None:
    """Keep what stands within, if anything does; else it is taken out, and reported."""
    return inner if inner.strip() else None


def _layout(given: dict[str, str], inner: str, library: Library) -> str:
    title = given.get("title") or given.get("heading") or ""
    return (f"\n\n<h3>{title}</h3>\n\n" if title else "\n\n") + f"{inner}\n\n"


def _is_one(match: re.Match[str], name: str, *, closed: bool) -> bool:
    """Tell a shortcode from words in brackets, such as "[sic]", "[video]" or "[my note]"."""
    given = match["given"]
    return (
        closed
        or bool(match["void"])
        or name in _BARE
        or bool(_SIGN.search(name))
        or given[:1] in {"=", ":"}
        or "=" in given
        or ("http" in given and name in HANDLERS)
        or (name in HANDLERS and bool(_ONE_VALUE.fullmatch(given)))
    )
