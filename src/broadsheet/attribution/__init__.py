"""Attribution: which source stands behind which sentence.

In comes a story's text; out go relations of source, cue and content, as spans of that text,
suggested until an editor confirms them. It refuses to show a guess as a fact, and to call a text
of a language it does not know empty: that is "not analysed".

The extraction needs neither Django nor any other room, and nothing heavy is imported before the
first text is analysed::

    from broadsheet.attribution import analyse, extract
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.attribution.extraction import NotAnalysed, analyse, extract

__all__ = ["NotAnalysed", "analyse", "extract"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from broadsheet.attribution import extraction

        return getattr(extraction, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
