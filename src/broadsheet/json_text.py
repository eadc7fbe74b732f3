r"""JSON as the paper stores it: letters as they are, not as escapes.

Python writes every letter beyond ASCII as ``\uXXXX`` unless it is told not to: six bytes for a
letter that takes two in UTF-8, and a text in a text seven. A paper in Persian or Russian would
be stored two to three times as large. Whoever reads JSON reads both alike (RFC 8259, section 7).
"""

from __future__ import annotations

import json
from typing import Any


class Written(str):
    """JSON that is written already, as the value of a JSON field on its way to SQLite."""

    __slots__ = ()


def written(value: Any, encoder: type[json.JSONEncoder] | None = None) -> str:
    """Return ``value`` as JSON that can be stored as UTF-8.

    ``encoder`` is asked for what JSON has no form of. Raises ``TypeError`` for what neither has
    a form of.
    """
    text = json.dumps(value, cls=encoder, ensure_ascii=False)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a pair of UTF-16 has no bytes in UTF-8: such text keeps its escapes.
        return json.dumps(value, cls=encoder)
    return text
