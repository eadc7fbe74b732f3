"""The blocks of a body, drawn one by one so that an odd one costs no page and no word.

What is stored may be older than the blocks are now, or come from a careless import. A block
that cannot be drawn as what it says it is stands on the page as plain text.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.template import engines
from markupsafe import Markup, escape

from broadsheet.press import bodies

log = logging.getLogger(__name__)

# What a block holds besides words: names of its parts and numbers of rows.
_NO_WORDS = frozenset({"id", "type", "picture", "numbered"})


def _as_it_is(_key: str, block: Markup) -> Markup:
    return block


def drawn(
    body: Any, shown: Mapping[int, Any], mark: Callable[[str, Markup], Markup] = _as_it_is
) -> Markup:
    """Return the HTML of a body (a StreamField's value), block by block.

    ``shown`` has each picture that can be shown, by its number in the library. ``mark`` is given
    each block's key (its id, its place where it has none) with its HTML, and may set marks in it.
    """
    env: Any = engines["jinja2"]
    # Jinja keeps the module with the compiled template.
    draw: Callable[..., object] = env.env.get_template("press/body.html").module.block
    return Markup(  # noqa: S704 - every one of them is
        "".join(
            mark(str(stored.get("id") or place), _one(body, place, draw, shown))
            for place, stored in enumerate(body.raw_data)
        )
    )


def _one(body: Any, place: int, draw: Callable[..., object], shown: Mapping[int, Any]) -> Markup:
    stored = _stored(body, place)
    # Nearly every block is one: what the template draws of it, without building the block.
    if stored["type"] == "paragraph" and isinstance(stored["value"], str):
        return bodies.cleaned(stored["value"]) + "\n"
    block = built(body, place)
    if block is not None:
        try:
            return Markup(draw(block.block_type, block.value, shown))  # noqa: S704 - a macro's
        # Whatever is wrong with one block must not cost the page.
        except Exception as error:  # noqa: BLE001
            _warn(block.block_type, error)
    return Markup("\n").join(
        Markup("<p>{}</p>").format(escape(text)) for text in _texts(_stored(body, place)["value"])
    )


def built(body: Any, place: int) -> Any:
    """Return the block at ``place`` of ``body``, ``None`` where it is not what its type says."""
    try:
        block = body[place]
    # Wagtail builds all blocks of a type at once, and one odd block takes the others with it.
    except Exception:  # noqa: BLE001
        raw = _stored(body, place)
        try:
            block = body.stream_block.to_python([raw])[0]
        except Exception as error:  # noqa: BLE001
            _warn(raw["type"], error)
            return None
    # Wagtail takes what is no mapping for a block whose every part is empty.
    if isinstance(block.value, Mapping) and not isinstance(_stored(body, place)["value"], Mapping):
        return None
    return block


def _stored(body: Any, place: int) -> dict[str, Any]:
    raw: dict[str, Any] = body.raw_data[place]
    return raw


def _warn(kind: str, error: Exception) -> None:
    log.warning("a block (%s) is printed as plain text: %s: %s", kind, type(error).__name__, error)


def words(raw: Mapping[str, Any]) -> list[str]:
    """Return the words of one stored block as plain texts; pictures, tables and links have none."""
    value = raw["value"]
    try:
        match raw["type"]:
            case "paragraph":
                return [bodies.plain(value)]
            case "heading":
                return [str(value)]
            case "quotation":
                said_by = f" — {value['speaker']}" if value.get("speaker") else ""
                return [f"{value['text']}{said_by}"]
            case "list":
                return [bodies.plain(_point(point)) for point in value["points"]]
            case _:
                return []
    except (AttributeError, IndexError, KeyError, TypeError):
        return list(_texts(value))


def _point(point: Any) -> object:
    """Return a list's point, which was stored as a bare text before Wagtail gave points names."""
    return point["value"] if isinstance(point, Mapping) else point


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a stored value, without markup, in its order."""
    if isinstance(value, str):
        if text := bodies.plain(value):
            yield text
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _NO_WORDS:
                yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
