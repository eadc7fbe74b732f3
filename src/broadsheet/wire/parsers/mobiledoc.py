"""Posts as Ghost's older editor keeps them: Mobiledoc 0.2 and 0.3, as HTML.

https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md
"""

from __future__ import annotations

from html import escape
from typing import Any

from broadsheet.wire.parsers.ghost_cards import card
from broadsheet.wire.parsers.json_text import listed, storable

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_ATOM = 1
_MOST_OPEN = 50
_INLINE = {"a", "b", "strong", "i", "em", "sub", "sup", "code", "s", "u", "span"}
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote"}


def to_html(document: Any, oddities: list[str]) -> str:
    """Return a Mobiledoc ``document`` as HTML; nothing in it is dropped."""
    if not isinstance(document, dict):
        return ""
    sections, markups = listed(document, "sections"), listed(document, "markups")
    # Version 0.2 keeps its markups before its sections, in one list.
    is_old = len(sections) == 2 and all(  # noqa: PLR2004
        isinstance(each, list) and all(isinstance(one, list) for one in each) for each in sections
    )
    if is_old and str(document.get("version", "")).startswith("0.2"):
        markups, sections = sections
    reader = _Reader(document, markups, oddities, is_old=is_old)
    return "".join(reader.section(section) for section in sections)


class _Reader:
    """Knows the lists that sections point into."""

    def __init__(
        self, document: dict[str, Any], markups: list[Any], oddities: list[str], *, is_old: bool
    ) -> None:
        self.markups = markups
        self.atoms, self.cards = listed(document, "atoms"), listed(document, "cards")
        self.oddities, self.is_old = oddities, is_old

    def section(self, section: Any) -> str:
        if not isinstance(section, list) or not section:
            return ""
        kind = section[0]
        if kind == _MARKUP:
            tag, inner = str(_at(section, 1)).lower(), self._markers(_at(section, 2))
            tag = tag if tag in _BLOCKS else "p"
            tag = "blockquote" if tag in {"aside", "pull-quote"} else tag
            return f"<{tag}>{inner}</{tag}>"
        if kind == _IMAGE:
            return card("image", {"src": _at(section, 1)}, self.oddities)
        if kind == _LIST:
            tag = "ol" if _at(section, 1) == "ol" else "ul"
            points = _at(section, 2)
            made = "".join(
                f"<li>{self._markers(point)}</li>"
                for point in (points if isinstance(points, list) else [])
            )
            return f"<{tag}>{made}</{tag}>"
        if kind == _CARD:
            return self._card(section)
        return ""

    def _card(self, section: list[Any]) -> str:
        # Version 0.2 has the card itself in the section, 0.3 its place among the cards.
        found = (
            section[1:] if isinstance(_at(section, 1), str) else _at(self.cards, _at(section, 1))
        )
        name, payload = _at(found, 0), _at(found, 1)
        if not isinstance(name, str):
            return ""
        return card(name, payload if isinstance(payload, dict) else {}, self.oddities)

    def _markers(self, markers: Any) -> str:
        made: list[str] = []
        closing: list[str] = []
        for marker in markers if isinstance(markers, list) else []:
            if not isinstance(marker, list):
                continue
            kind, opened, closed, value = (
                (0, _at(marker, 0), _at(marker, 1), _at(marker, 2))
                if self.is_old
                else (_at(marker, 0), _at(marker, 1), _at(marker, 2), _at(marker, 3))
            )
            for place in opened if isinstance(opened, list) else []:
                begin, end = self._tag(_at(self.markups, place))
                if len(closing) < _MOST_OPEN:
                    made.append(begin)
                    closing.append(end)
            made.append(self._atom(value) if kind == _ATOM else _text(value))
            count = min(max(closed, 0), len(closing)) if isinstance(closed, int) else 0
            made.extend(closing.pop() for _ in range(count))
        return "".join([*made, *reversed(closing)])

    def _atom(self, place: Any) -> str:
        atom = _at(self.atoms, place)
        name = str(_at(atom, 0))
        return "<br>" if name in {"soft-return", "soft-break"} else _text(_at(atom, 1))

    def _tag(self, markup: Any) -> tuple[str, str]:
        name = str(_at(markup, 0)).lower()
        if name not in _INLINE:
            return "", ""
        attributes = _at(markup, 1)
        pairs = attributes if isinstance(attributes, list) else []
        named = dict(zip(map(str, pairs[::2]), map(str, pairs[1::2]), strict=False))
        target = f' href="{escape(storable(named["href"]))}"' if "href" in named else ""
        return f"<{name}{target}>", f"</{name}>"


def _at(values: Any, place: Any) -> Any:
    is_there = isinstance(values, list) and isinstance(place, int) and 0 <= place < len(values)
    return values[place] if is_there else None


def _text(value: Any) -> str:
    return escape(storable(value), quote=False) if isinstance(value, str) else ""
