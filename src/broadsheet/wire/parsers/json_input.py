"""JSON as suppliers really send it: read leniently, within bounds.

Line breaks within texts, commas before a closing bracket, a byte order mark, and one document
a line are read, and said to be odd. Source of the rules: RFC 8259; JSON Lines.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import HEAD, Incoming

_STARTS = re.compile(
    r'\s{0,1000}(?:\[\s{0,100}){0,3}(?:\{\s{0,1000}(?:"[^"\n]{1,300}"\s{0,20}:|\}))'
)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"|,(?=\s*+[}\]])', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a text can do without, and a database or a page cannot stand.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DEEPEST = 60
_MOST_LINES = 20_000


@dataclass(frozen=True)
class Loaded:
    """The values in a file, one or (one a line) several, and what was odd about its bytes."""

    values: tuple[Any, ...]
    oddities: tuple[str, ...] = ()


def looks_like_json(incoming: Incoming) -> bool:
    """Tell whether the file begins as JSON does: an object, or a list of objects."""
    text = incoming.decoded.text[:HEAD].lstrip("\ufeff")
    return bool(_STARTS.match(text))


def read(incoming: Incoming) -> Loaded:
    """Return what is in ``incoming``. Raises :class:`WireError` where it is no JSON."""
    text = incoming.decoded.text.lstrip("\ufeff").strip("\x00 \t\r\n\x1e")
    said = incoming.decoded.oddities
    try:
        return Loaded((_cleaned(json.loads(text)),), said)
    except RecursionError:
        raise WireError(_TOO_DEEP) from None
    except ValueError as error:
        first = error
    for attempt, oddity in (
        (_loads_loosely, "The JSON has line breaks or other controls within its texts."),
        (_loads_without_commas, "The JSON has commas before closing brackets."),
        (_loads_lines, ""),
    ):
        try:
            values = attempt(text)
        except RecursionError:
            raise WireError(_TOO_DEEP) from None
        except ValueError:
            continue
        return Loaded(
            tuple(_cleaned(value) for value in values), (*said, *([oddity] if oddity else ()))
        )
    where = f"line {first.lineno}: {first.msg}" if isinstance(first, json.JSONDecodeError) else ""
    raise WireError(
        f"The JSON cannot be read ({where or 'a number in it is too long'}). Have the supplier "
        "send it again."
    )


_TOO_DEEP = "The JSON is nested too deeply to be news. Have the supplier send it again."


def _loads_loosely(text: str) -> list[Any]:
    return [json.loads(text, strict=False)]


def _loads_without_commas(text: str) -> list[Any]:
    mended = _STRING_OR_COMMA.sub(lambda match: "" if match[0] == "," else match[0], text)
    return [json.loads(mended, strict=False)]


def _loads_lines(text: str) -> list[Any]:
    """Read one document after the other, each on lines of its own (JSON Lines and the like)."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < _MOST_LINES:
        value, end = decoder.raw_decode(text, at)
        if not isinstance(value, dict | list):
            raise ValueError("no document")  # noqa: TRY004 - what the decoder raises as well
        values.append(value)
        at = end
        while at < len(text) and text[at] in " \t\r\n\x1e,;\x00":
            at += 1
    return values


def _cleaned(value: Any, depth: int = 0) -> Any:
    """Return ``value`` with texts that can be stored. Raises :class:`WireError` when too deep."""
    if depth > _DEEPEST:
        raise WireError(_TOO_DEEP)
    if isinstance(value, str):
        # Neither of them can be printed.
        return value if value.isprintable() else _CONTROLS.sub("", _SURROGATE.sub("\ufffd", value))
    if isinstance(value, list):
        return [_cleaned(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(each, depth + 1) for name, each in value.items()}
    return value
