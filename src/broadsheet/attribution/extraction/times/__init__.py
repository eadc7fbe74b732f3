"""Expressions of time in a text, and the times they mean as EDTF (ISO 8601-2:2019).

::

    find:    text → scan.row_of             words, each with a class of its language
                  → vocabulary.forms        where classes stand in the form of a time
                  → absolute, relative      what each means; None where it is no time after all
                  → join                    dates with clocks, ends of ranges, since and until
    assign:  times × relation               when it was said, when it happened (assignment)

Relative times are counted from the publication in the paper's time zone. In a report of the past
none is later than that; the tense of the governing verb tells. What cannot be told has no value,
and a reason: nothing is guessed.
"""

from __future__ import annotations

from broadsheet.attribution.extraction.times.assignment import assign, assign_all
from broadsheet.attribution.extraction.times.reading import find

__all__ = ["assign", "assign_all", "find"]
