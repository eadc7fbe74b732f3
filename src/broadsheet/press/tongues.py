"""Text of one language within text of another."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from broadsheet.stories.languages import direction_of


@lru_cache(maxsize=4096)
def tongue(language: str, around: str) -> Markup:
    """Return the attributes ``lang`` and ``dir`` for text within text of another language."""
    if language == around:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(language, direction_of(language))
