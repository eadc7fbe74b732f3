"""HTML that takes whoever reads it the square of something: of its depth, or of its attributes.

In XML, attributes without end are taken away (``xml_input``); in HTML, where a lone ``<`` in a
sentence may look like an element, they are only told.
"""

from __future__ import annotations

import re
from collections import Counter

MOST_ATTRIBUTES = 300
_DEEPEST = 1000
# Possessive and bounded throughout: what does not match is given up soon, however it goes on.
_SURPLUS = re.compile(
    r"""<[A-Za-z][^\s/>]{0,100}+(?:[\s/]{1,100}+[^\s/>=][^\s/>=]{0,200}+"""
    r"""(?:\s{0,100}+=\s{0,100}+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]{0,500}+))?+)"""
    rf"{{{MOST_ATTRIBUTES}}}"
)
# Elements that stay open until they are closed. Paragraphs and points of lists do not.
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|dt|dd|tr|td|th|option|br|img|hr|input|source|track|wbr|col|param|embed|area|"
    r"link|meta|base)(?![A-Za-z0-9]))([A-Za-z][A-Za-z0-9]{0,30})",
    re.IGNORECASE,
)


def has_surplus_attributes(markup: str) -> bool:
    """Tell whether an element in the HTML ``markup`` has more attributes than any."""
    return _SURPLUS.search(markup) is not None


def is_too_deep(markup: str) -> bool:
    """Tell HTML that is nested deeper than any page: cleaning takes the square of its depth."""
    depth, still_open = 0, Counter[str]()
    for match in _NESTING.finditer(markup):
        name = match[2].lower()
        # What closes nothing that is open does not make the rest any shallower.
        step = 1 if not match[1] else -1 if still_open[name] else 0
        still_open[name] += step
        if (depth := depth + step) > _DEEPEST:
            return True
    return False
