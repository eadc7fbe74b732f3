"""How much was found of each kind, and what became of it: the accounts of an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.wire.outcomes import Outcome

# Columns in the order in which they are read.
KINDS = (
    "imported", "updated", "unchanged", "duplicate", "withdrawn", "queued", "noted", "refused"
)  # fmt: skip
_PLURALS = {
    "story": "stories", "page": "pages", "photo": "photos", "comment": "comments",
    "redirect": "redirects", "author": "authors", "topic": "topics", "section": "sections",
    "feed": "feeds", "file": "files", "shortcode": "shortcodes", "block": "blocks",
}  # fmt: skip


@dataclass
class Reconciliation:
    """Counts by what a record is and what became of it."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count ``outcome`` and what came along with it."""
        if outcome.kind != "waiting":
            self._count(outcome.what, outcome.kind, 1)
        for what, kind, number in outcome.along:
            self._count(what, kind, number)

    def _count(self, what: str, kind: str, number: int) -> None:
        self.counts.setdefault(what, Counter())[kind] += number

    def number(self, what: str, kind: str) -> int:
        """Return how many of ``what`` became ``kind``."""
        return self.counts[what][kind] if what in self.counts else 0

    @property
    def refused(self) -> int:
        """How many records were refused, whatever they are."""
        return sum(counter["refused"] for counter in self.counts.values())

    def as_values(self) -> dict[str, dict[str, int]]:
        """Return the counts as plain JSON values."""
        return {what: dict(counter) for what, counter in self.counts.items()}

    @classmethod
    def of_values(cls, values: Mapping[str, Mapping[str, int]]) -> Reconciliation:
        """Return what :meth:`as_values` made ``values`` of."""
        return cls({what: Counter(counts) for what, counts in values.items()})

    def table(self) -> list[str]:
        """Return the accounts as lines of text, a row a kind of thing."""
        shown = [kind for kind in KINDS if any(counter[kind] for counter in self.counts.values())]
        rows = [
            [
                _PLURALS.get(what, what),
                str(sum(counter.values())),
                *(str(counter[kind]) for kind in shown),
            ]
            for what, counter in sorted(self.counts.items(), key=_order)
        ]
        table = [["", "found", *shown], *rows]
        widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
        return [
            "  ".join(
                cell.ljust(width) if at == 0 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        ]


def _order(row: tuple[str, Counter[str]]) -> tuple[int, str]:
    known = list(_PLURALS)
    return (known.index(row[0]) if row[0] in known else len(known), row[0])
