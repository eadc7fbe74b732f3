"""JSON that came in: read within bounds, and made of characters that can be stored."""

from __future__ import annotations

import json
import re
from typing import Any

from broadsheet.wire.errors import WireError

# Lone surrogates and zeros, which JSON can write and neither UTF-8 nor a database can hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def load(text: str) -> Any:
    """Return the value in ``text``. Raises :class:`WireError` for what is no JSON."""
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n\x00"), strict=False)
    except json.JSONDecodeError as error:
        raise WireError(
            f"The JSON cannot be read: line {error.lineno}: {error.msg}. Have the supplier send "
            "it again."
        ) from error
    except (RecursionError, ValueError) as error:
        raise WireError(
            "The JSON is nested deeper than any story, or has a number without end. Have the "
            "supplier send it again."
        ) from error


def said(node: object, *names: str) -> str:
    """Return the first text that ``node`` has under one of ``names``; numbers count as text."""
    for name in names:
        value = node.get(name) if isinstance(node, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:g}" if isinstance(value, float) else str(value)[:40]
        if isinstance(value, str) and value.strip():
            return storable(value).strip()
    return ""


def listed(node: object, name: str) -> list[Any]:
    """Return the list that ``node`` has under ``name``; a single value is a list of one."""
    value = node.get(name) if isinstance(node, dict) else None
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def storable(text: str) -> str:
    """Return ``text`` without characters that cannot be stored."""
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text
