"""What the reading of one expression may look at: its words, publication, and what stood before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from broadsheet.attribution.extraction.times.calendar import Meaning, unresolved
from broadsheet.attribution.extraction.times.scan import Row
from broadsheet.attribution.extraction.times.vocabulary import Value, Vocabulary

PUBLICATION, TEXT = "publication", "text"
PAST, FUTURE, PRESENT, UNTOLD = "past", "future", "present", ""
NOT_PUBLISHED = unresolved("It is relative to a publication time that is not known.", PUBLICATION)
NOTHING_BEFORE = unresolved("It is relative to a time that the text does not name before it.", TEXT)
_NEAR = 900
"""Characters over which "the next day" still looks back to a day; about three paragraphs."""


@dataclass(slots=True)
class Form:
    """The words of one expression: ``row``'s from ``first`` up to, not including, ``last``."""

    row: Row
    first: int
    last: int

    def value(self, *kinds: str) -> Value | None:
        """Return the value of the first word of one of the classes ``kinds``, or ``None``."""
        for at in range(self.first, self.last):
            if self.row.kinds[at] in kinds:
                return self.row.values[at]
        return None

    def integer(self, *kinds: str) -> int | None:
        """Return the value of the first word of ``kinds`` as a whole number, or ``None``."""
        value = self.value(*kinds)
        if value is None:
            return None
        if isinstance(value, str):
            digits = "".join(filter(str.isdecimal, value))
            return int(digits) if digits else None
        return int(value)

    def integers(self, *kinds: str) -> list[int]:
        """Return the values of all words of ``kinds`` as whole numbers."""
        return [
            found
            for at in range(self.first, self.last)
            if self.row.kinds[at] in kinds
            and (found := Form(self.row, at, at + 1).integer(*kinds)) is not None
        ]

    def has(self, *kinds: str) -> bool:
        """Whether a word of one of the classes ``kinds`` is in it."""
        return any(self.row.kinds[at] in kinds for at in range(self.first, self.last))

    def is_plural(self, plurals: frozenset[str]) -> bool:
        """Whether one of its words is a unit in the plural: "years"."""
        return any(word in plurals for word in self.row.lowered[self.first : self.last])

    def before(self) -> str:
        """Return the word before it, lower-case; empty at the head of a text or line."""
        return self.row.lowered[self.first - 1] if self.first else ""

    def after(self, nth: int = 0) -> str:
        """Return the ``nth`` word after it, lower-case; empty at the end."""
        at = self.last + nth
        return self.row.lowered[at] if at < len(self.row.lowered) else ""

    @property
    def start(self) -> int:
        """Its first character."""
        return self.row.starts[self.first]

    @property
    def end(self) -> int:
        """The character behind its last."""
        return self.row.ends[self.last - 1]


@dataclass(slots=True)
class Context:
    """What is known where an expression stands.

    ``today`` is the day of publication in the paper's time zone, ``tense`` tells the tense of
    what governs the words between two characters. ``seen`` is the last time the text named that
    is no coarser than what is asked for, see :meth:`last_day`.
    """

    words: Vocabulary
    today: date | None
    tense: Callable[[int, int], str]
    day: tuple[int, Meaning] | None = None
    month: tuple[int, Meaning] | None = None
    year: tuple[int, Meaning] | None = None
    stated_year: tuple[int, int] | None = None

    def remember(self, meaning: Meaning, at: int) -> None:
        """Note that the text named ``meaning`` at the character ``at``."""
        if meaning.first is None or meaning.last is None:
            return
        entry = (at, meaning)
        if meaning.precision in {"day", "clock"}:
            self.day = self.month = self.year = entry
        elif meaning.precision == "month":
            self.month = self.year = entry
        elif meaning.precision in {"year", "season"}:
            self.year = entry

    def last_day(self, at: int) -> date | None:
        """Return the last day named not far before the character ``at``."""
        if self.day is None or at - self.day[0] > _NEAR:
            return None
        return self.day[1].last

    def last_month(self, at: int) -> date | None:
        """Return a day in the last month named not far before ``at``."""
        if self.month is None or at - self.month[0] > _NEAR:
            return None
        return self.month[1].first

    def last_year(self, at: int) -> int | None:
        """Return the last year named not far before ``at``."""
        if self.year is None or at - self.year[0] > _NEAR or self.year[1].first is None:
            return None
        return self.year[1].first.year
