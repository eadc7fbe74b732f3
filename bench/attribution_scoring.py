"""How well found attributions match marked ones; no measurement by itself.

Definitions, used by ``attribution_marks.py`` and by the training in ``training/attribution``:

- Texts are cut into tokens: words (with their inner apostrophes, full stops and hyphens) and
  single signs. A *span* is an unbroken run of tokens of one part (source, cue or content); what
  is marked twice counts once.
- *Exact*: a span is right if a span of the same part on the other side has the same tokens.
  *Overlap*: if it shares at least one token with one. Precision is the share of found spans that
  are right, recall that of marked ones.
- *Top level*: relations that stand in no other one's content, as in collections where each token
  has one label. *All levels*: every relation.
- *Linked*: a found relation is right if one marked relation overlaps it in all three parts; each
  marked one serves once. A source that is absent matches only an absent one. *Linked, half*: in
  each part the shared tokens are at least half of the larger side.
- *Direct quotes, end to end*: marked relations with nothing but quoted words for content; right if
  a found relation covers at least half of the content and has the right source.
- *Sure*: of relations with a confidence of at least 0.9, the share whose cue overlaps a marked
  one, and how many of all found they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Spans = Sequence[tuple[int, int]]
Tokens = frozenset[int]

_TOKEN = re.compile(r"\w+(?:['’.\-]\w+)*|[^\w\s]")
_PAIRS = {"“": "”", "«": "»", "„": "“"}
SURE = 0.9
_QUOTED_SHARE = 0.85
_QUOTED_AT_LEAST = 3
_HALF = 0.5


@dataclass(frozen=True)
class Parts:
    """One relation as sets of token numbers; ``nested`` is set where it is in another's content."""

    source: Tokens
    cue: Tokens
    content: Tokens
    nested: bool = False
    confidence: float = 1.0
    direct: bool = False


@dataclass
class Tally:
    """Right and wrong on both sides; adds up over stories."""

    right_found: int = 0
    found: int = 0
    right_marked: int = 0
    marked: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right, in percent."""
        return 100 * self.right_found / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what was marked that was found, in percent."""
        return 100 * self.right_marked / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in percent."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Scores:
    """Everything counted so far, by name."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    sure: int = 0
    sure_right: int = 0
    found: int = 0

    def tally(self, name: str) -> Tally:
        """The tally ``name``, made where there is none yet."""
        return self.tallies.setdefault(name, Tally())


def tokens(text: str) -> list[tuple[int, int]]:
    """Character spans of the tokens of ``text``."""
    return [match.span() for match in _TOKEN.finditer(text)]


def quoted(text: str, cut: Sequence[tuple[int, int]]) -> Tokens:
    """Numbers of the tokens that stand inside quotation marks, these included."""
    inside: set[int] = set()
    opened: list[int] = []
    closing = ""
    for number, (start, end) in enumerate(cut):
        sign = text[start:end]
        gap = text[cut[number - 1][1] : start] if number else "\n\n"
        if "\n" in gap:
            # A quotation that runs on is opened again in its next paragraph.
            inside.update(opened)
            opened, closing = [], ""
        if closing:
            opened.append(number)
            if sign == closing:
                inside.update(opened)
                opened, closing = [], ""
        elif sign in _PAIRS or sign == '"':
            opened, closing = [number], _PAIRS.get(sign, '"')
    inside.update(opened)
    return frozenset(inside)


def numbers(cut: Sequence[tuple[int, int]], spans: Spans) -> Tokens:
    """Numbers of the tokens that ``spans`` touch."""
    return frozenset(
        number
        for number, (start, end) in enumerate(cut)
        if any(start < last and first < end for first, last in spans)
    )


def parts_of(
    text: str,
    relations: Iterable[tuple[Spans, Spans, Spans, float]],
) -> list[Parts]:
    """Return the relations (source, cue, content, confidence) of ``text`` in tokens.

    Whether one is nested is told from the tokens: its cue stands in another's content.
    """
    cut = tokens(text)
    in_quotes = quoted(text, cut)
    rows = [
        (numbers(cut, source), numbers(cut, cue), numbers(cut, content), confidence)
        for source, cue, content, confidence in relations
    ]
    found = []
    for place, (source, cue, content, confidence) in enumerate(rows):
        nested = any(
            cue <= other[2] and len(other[2]) > len(cue | content) - len(source) // 2
            for at, other in enumerate(rows)
            if at != place and not other[1] <= content
        )
        share = len(content & in_quotes) / max(1, len(content))
        direct = share >= _QUOTED_SHARE and len(content) >= _QUOTED_AT_LEAST
        found.append(Parts(source, cue, content, nested, confidence, direct))
    return found


def runs(sets: Iterable[Tokens]) -> set[Tokens]:
    """Unbroken runs of tokens in ``sets``, each once."""
    out: set[Tokens] = set()
    for group in sets:
        run: list[int] = []
        for number in sorted(group):
            if run and number != run[-1] + 1:
                out.add(frozenset(run))
                run = []
            run.append(number)
        if run:
            out.add(frozenset(run))
    return out


def _spans(scores: Scores, level: str, found: Sequence[Parts], marked: Sequence[Parts]) -> None:
    for name in ("cue", "source", "content"):
        ours = runs(getattr(parts, name) for parts in found)
        theirs = runs(getattr(parts, name) for parts in marked)
        exact = scores.tally(f"{level} {name} exact")
        exact.found += len(ours)
        exact.marked += len(theirs)
        exact.right_found += len(ours & theirs)
        exact.right_marked += len(ours & theirs)
        overlap = scores.tally(f"{level} {name} overlap")
        covered_ours = frozenset().union(*ours)
        covered_theirs = frozenset().union(*theirs)
        overlap.found += len(ours)
        overlap.marked += len(theirs)
        overlap.right_found += sum(not span.isdisjoint(covered_theirs) for span in ours)
        overlap.right_marked += sum(not span.isdisjoint(covered_ours) for span in theirs)


def touches(one: Tokens, other: Tokens) -> bool:
    """Whether two parts share a token, or are both absent."""
    return not one.isdisjoint(other) or not (one or other)


def shares_half(one: Tokens, other: Tokens) -> bool:
    """Whether what two parts share is at least half of the larger."""
    return len(one & other) >= _HALF * max(len(one), len(other))


def _linked(
    tally: Tally,
    found: Sequence[Parts],
    marked: Sequence[Parts],
    alike: Callable[[Tokens, Tokens], bool],
) -> None:
    pairs = []
    for place, ours in enumerate(found):
        for at, theirs in enumerate(marked):
            sides = ((ours.cue, theirs.cue), (ours.source, theirs.source))
            if all(alike(a, b) for a, b in sides) and alike(ours.content, theirs.content):
                shared = len(ours.cue & theirs.cue) + len(ours.source & theirs.source)
                most = len(ours.content | theirs.content)
                pairs.append((-shared, -len(ours.content & theirs.content) / most, place, at))
    used_ours: set[int] = set()
    used_theirs: set[int] = set()
    for _, _, place, at in sorted(pairs):
        if place not in used_ours and at not in used_theirs:
            used_ours.add(place)
            used_theirs.add(at)
    tally.found += len(found)
    tally.marked += len(marked)
    tally.right_found += len(used_ours)
    tally.right_marked += len(used_theirs)


def _quotes(tally: Tally, found: Sequence[Parts], marked: Sequence[Parts]) -> None:
    def right(one: Parts, others: Sequence[Parts]) -> bool:
        return any(
            len(one.content & other.content) >= _HALF * len(one.content)
            and touches(one.source, other.source)
            for other in others
        )

    ours = [parts for parts in found if parts.direct and not parts.nested]
    theirs = [parts for parts in marked if parts.direct and not parts.nested]
    tally.found += len(ours)
    tally.marked += len(theirs)
    tally.right_found += sum(right(parts, marked) for parts in ours)
    tally.right_marked += sum(right(parts, found) for parts in theirs)


def add(scores: Scores, found: Sequence[Parts], marked: Sequence[Parts]) -> None:
    """Count one story's ``found`` relations against the ``marked`` ones."""
    top_found = [parts for parts in found if not parts.nested]
    top_marked = [parts for parts in marked if not parts.nested]
    for level, ours, theirs in (("top", top_found, top_marked), ("all", found, marked)):
        _spans(scores, level, ours, theirs)
        _linked(scores.tally(f"{level} linked overlap"), ours, theirs, touches)
        _linked(scores.tally(f"{level} linked half"), ours, theirs, shares_half)
    _quotes(scores.tally("direct quotes"), found, marked)
    cues = frozenset().union(*(parts.cue for parts in marked))
    scores.found += len(found)
    for parts in found:
        if parts.confidence >= SURE:
            scores.sure += 1
            scores.sure_right += not parts.cue.isdisjoint(cues)


def report(columns: dict[str, Scores]) -> str:
    """Return a table of the scores, one column a finder: precision, recall, F1 in percent."""
    names = list(next(iter(columns.values())).tallies)
    rows = [f"{'':24}" + "".join(f"{name:>24}" for name in columns)]
    rows.append(f"{'':24}" + f"{'P     R    F1':>24}" * len(columns))
    for name in names:
        cells = ""
        for scores in columns.values():
            tally = scores.tally(name)
            cells += f"{tally.precision:13.1f}{tally.recall:6.1f}{tally.f1:5.1f}"
        rows.append(f"{name:24}{cells}")
    right, share = f"{'cues right where sure':24}", f"{'share of found':24}"
    for scores in columns.values():
        right += f"{100 * scores.sure_right / max(1, scores.sure):24.1f}"
        share += f"{100 * scores.sure / max(1, scores.found):24.1f}"
    rows += [right, share]
    counts = next(iter(columns.values()))
    rows.append(
        f"marked: {counts.tally('all linked overlap').marked} relations, "
        f"{counts.tally('top linked overlap').marked} at top level, "
        f"{counts.tally('direct quotes').marked} direct quotes"
    )
    return "\n".join(rows)
