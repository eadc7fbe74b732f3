"""Posts that hold several languages in one text, as the plugin qTranslate and its heirs do.

Three notations: ``[:en]…[:de]…[:]``, ``<!--:en-->…<!--:-->`` and ``{:en}…{:}``.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"\[:([a-z]{2})?\]|<!--:([a-z]{2})?-->|\{:([a-z]{2})?\}")


def versions(text: str) -> dict[str, str]:
    """Return ``text`` by language; empty where it is in one.

    What stands outside of any mark belongs to all of them.
    """
    if "[:" not in text and "<!--:" not in text and "{:" not in text:
        return {}
    marks = list(_MARK.finditer(text))
    languages = list(dict.fromkeys(name for mark in marks if (name := _name(mark))))
    if not languages:
        return {}
    found: dict[str, list[str]] = {language: [] for language in languages}
    position, current = 0, ""
    for mark in marks:
        part = text[position : mark.start()]
        for language in [current] if current else languages:
            found[language].append(part)
        position, current = mark.end(), _name(mark)
    for language in [current] if current else languages:
        found[language].append(text[position:])
    return {language: "".join(parts).strip() for language, parts in found.items()}


def _name(mark: re.Match[str]) -> str:
    return mark[1] or mark[2] or mark[3] or ""
