"""Which of a text's times a relation was said at, and at which its content happened.

The time of the statement stands outside every content that does not hold the cue itself: beside
the cue ("said on Friday"), before the clause ("On Friday the agency said"), or in the document
that speaks ("in a letter sent on Friday"). The time of the event stands in the content, by its
main verb if there are several.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.relation import (
    AttributionRelation,
    SourceKind,
    Span,
    Spans,
    TimeExpression,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CLAUSES = frozenset(
    {"advcl", "conj", "acl", "xcomp", "prep", "pcomp", "ccomp", "dep", "parataxis"}
)
_DOCUMENTS = word_set(
    "statement interview remark report letter speech study survey poll article comment message "
    "memo document post tweet video broadcast testimony filing email e-mail note briefing press "
    "conference book column editorial paper announcement release ruling decision order call "
    "meeting address hearing debate appearance rally event"
)
_FARTHEST = 6
"""Steps up the parse from a time to the cue that it belongs to."""
_BY_THE_WAY = 20
"""More than any number of verbs: for what only a relative clause or an apposition tells."""
_BESIDE = 4
"""Words between the cue and a time that stands right behind it: "said in Ohio on"."""
_SAME_BREATH = 3
"""Sentences over which one source goes on speaking at the same time."""


def _holds(spans: Spans, span: Span) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _root(doc: Doc, spans: Spans) -> Token | None:
    """Return the token of ``spans`` that governs the others, a verb where there is one."""
    best: Token | None = None
    for start, end in spans:
        words = doc.char_span(start, end, alignment_mode="expand")
        if words is None:
            continue
        root = words.root
        if best is None or (best.pos_ not in {"VERB", "AUX"} and root.pos_ in {"VERB", "AUX"}):
            best = root
        if best in root.subtree and best != root and root.pos_ in {"VERB", "AUX"}:
            best = root
    return best


def _governor(doc: Doc, span: Span) -> tuple[Token, Token] | None:
    """Return the root of the words of time, and the verb or noun above them."""
    words = doc.char_span(*span, alignment_mode="expand")
    if words is None:
        return None
    root = words.root
    at = root.head
    while at.pos_ in {"ADP", "ADV", "SCONJ", "NUM"} and at.head != at:
        at = at.head
    return root, at


def _verb(token: Token) -> Token:
    at = token
    for _ in range(_FARTHEST):
        if at.pos_ in {"VERB", "AUX"} or at.head == at:
            break
        at = at.head
    return at


def _speaks_of(cue: Token, doc: Doc, time: TimeExpression, relation: AttributionRelation) -> int:
    """Return how surely ``time`` is when ``cue`` was said: 0 not at all, up to 4."""
    found = _governor(doc, time.span)
    if found is None:
        return 0
    root, above = found
    cues = {token.i for span in relation.cue for token in _tokens(doc, span)} | {cue.i}
    if above.i in cues:
        return 4
    if _right_behind(doc, relation, time) or _hangs_on(above, cues):
        return 3
    if _clause_above(cue, above):
        return 2
    if _holds(relation.source, time.span):
        return 2 * _dates_source(root, above)
    # At the head of the sentence, before the clause of the cue.
    first = min(start for start, _ in relation.cue)
    head = doc.text[root.sent.start_char : time.span[0]].strip()
    return int(time.span[1] <= first and len(head.split()) <= 1 and cue.sent == root.sent)


def _right_behind(doc: Doc, relation: AttributionRelation, time: TimeExpression) -> bool:
    """Whether nothing but its place and listener stands between the cue and ``time``."""
    last = max(end for _, end in relation.cue)
    if last > time.span[0]:
        return False
    between = _tokens(doc, (last, time.span[0]))
    return len(between) <= _BESIDE and not any(
        token.pos_ in {"VERB", "AUX", "PUNCT"} for token in between
    )


def _hangs_on(above: Token, cues: set[int]) -> bool:
    """Whether ``above`` hangs on a cue, no other clause or thing between them."""
    at = above
    for _ in range(_FARTHEST):
        if at.i in cues:
            return True
        is_clause = at.pos_ in {"VERB", "AUX"} and at.dep_ not in {"acl", "amod"}
        is_thing = at.pos_ == "NOUN" and at != above and at.lemma_ not in _DOCUMENTS
        if at.head == at or at.dep_ == "relcl" or is_clause or is_thing:
            break
        at = at.head
    return False


def _clause_above(cue: Token, above: Token) -> bool:
    """Whether the cue's clause hangs on one that tells the time: "reported on Friday …, adding"."""
    at = _verb(cue)
    for _ in range(_FARTHEST):
        if at in {above, _verb(above)}:
            return True
        if at.dep_ not in _CLAUSES or at.head == at:
            break
        at = at.head
    return False


def _dates_source(root: Token, above: Token) -> bool:
    """Whether words of time in a source date what speaks: "a letter sent on Friday"."""
    noun = _verb(above) if above.pos_ != "NOUN" else above
    document = noun.lemma_ in _DOCUMENTS or above.head.lemma_ in _DOCUMENTS
    return document or root.dep_ == "poss"


def _tokens(doc: Doc, span: Span) -> list[Token]:
    words = doc.char_span(*span, alignment_mode="expand") if span[0] < span[1] else None
    if words is None:
        return []
    return [
        token
        for token in words
        if not token.is_space and span[0] <= token.idx and token.idx + len(token) <= span[1]
    ]


def _inner(one: Spans, other: Spans) -> bool:
    """Whether ``one`` stands within ``other``."""
    return bool(one) and all(_holds(other, span) for span in one)


class _Text:
    """The times and relations of one text, by where they stand."""

    def __init__(
        self, doc: Doc, times: Iterable[TimeExpression], relations: Iterable[AttributionRelation]
    ) -> None:
        self.doc = doc
        self.times = sorted(times, key=lambda time: time.span)
        self.starts = [time.span[0] for time in self.times]
        self.relations = sorted(relations, key=lambda one: one.cue[0])
        self.cues = [one.cue[0][0] for one in self.relations]
        self.holders: dict[Span, list[AttributionRelation]] = {}
        for one in self.relations:
            for time in self.times_in(one.content):
                self.holders.setdefault(time.span, []).append(one)

    def times_in(self, spans: Spans) -> list[TimeExpression]:
        """Return the times that stand wholly in one of ``spans``."""
        found: dict[Span, TimeExpression] = {}
        for start, end in spans:
            for at in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                if self.times[at].span[1] <= end:
                    found[self.times[at].span] = self.times[at]
        return [found[span] for span in sorted(found)]

    def cued_in(self, spans: Spans) -> list[AttributionRelation]:
        """Return the relations whose cue stands wholly in ``spans``."""
        return [
            self.relations[at]
            for start, end in spans
            for at in range(bisect_left(self.cues, start), bisect_left(self.cues, end))
            if self.relations[at].cue[-1][1] <= end or _inner(self.relations[at].cue, spans)
        ]


def _statement(
    relation: AttributionRelation, text: _Text, among: set[Span] | None = None
) -> TimeExpression | None:
    """Return when ``relation`` was said, of the times of its sentence.

    With ``among`` only of those, and then also of one that another relation says.
    """
    cue = _root(text.doc, relation.cue)
    if cue is None:
        return None
    low = bisect_left(text.starts, cue.sent.start_char)
    high = bisect_left(text.starts, cue.sent.end_char)
    best: tuple[int, int] | None = None
    chosen: TimeExpression | None = None
    for time in text.times[low:high]:
        if _holds(relation.content, time.span):
            continue
        if among is None and any(
            not _inner(relation.cue, other.content) for other in text.holders.get(time.span, ())
        ):
            continue
        if among is not None and time.span not in among:
            continue
        sure = _speaks_of(cue, text.doc, time, relation)
        if not sure:
            continue
        near = -min(abs(time.span[0] - relation.cue[0][0]), 999)
        if best is None or (sure, near) > best:
            best, chosen = (sure, near), time
    return chosen


def _event(relation: AttributionRelation, text: _Text) -> TimeExpression | None:
    inside = text.times_in(relation.content)
    main = _root(text.doc, relation.content) if inside else None
    if main is None:
        return None
    nested = [other for other in text.cued_in(relation.content) if other is not relation]
    spans = {time.span for time in inside}
    told = (_statement(other, text, spans) for other in nested)
    said = {time.span for time in told if time is not None}
    open_ones = [time for time in inside if time.span not in said] or inside
    steps = {time.span: _steps(text.doc, time, main) for time in open_ones}
    return min(
        (time for time in open_ones if steps[time.span] < _BY_THE_WAY),
        key=lambda time: (time.edtf is None, steps[time.span], time.span[0]),
        default=None,
    )


def _steps(doc: Doc, time: TimeExpression, main: Token) -> int:
    """Return how many verbs stand between ``time`` and the content's main verb."""
    found = _governor(doc, time.span)
    if found is None:
        return _FARTHEST
    steps = 0
    at = found[1]
    for _ in range(2 * _FARTHEST):
        if at == main:
            return steps
        if at.head == at:
            break
        if at.dep_ in {"relcl", "acl", "appos"} and main.pos_ in {"VERB", "AUX"}:
            steps += _BY_THE_WAY
        steps += at.pos_ in {"VERB", "AUX"}
        at = at.head
    return _FARTHEST + steps


def assign(
    relation: AttributionRelation,
    doc: Doc,
    times: Sequence[TimeExpression],
    others: Sequence[AttributionRelation] = (),
) -> AttributionRelation:
    """Return ``relation`` with ``statement_time`` and ``event_time`` out of ``times``.

    ``others`` are the relations of the text; a time in the content of one of them is not when
    this one was said, unless this one stands in that content too.
    """
    return _assigned(relation, _Text(doc, times, others))


def _assigned(relation: AttributionRelation, text: _Text) -> AttributionRelation:
    return replace(
        relation,
        statement_time=_statement(relation, text),
        event_time=_event(relation, text),
    )


def _shared(told: list[AttributionRelation]) -> list[AttributionRelation]:
    """Return relations where those with one content have the times that any of them has."""
    said: dict[Spans, TimeExpression] = {}
    happened: dict[Spans, TimeExpression] = {}
    for one in told:
        if one.statement_time is not None:
            said.setdefault(one.content, one.statement_time)
        if one.event_time is not None:
            happened.setdefault(one.content, one.event_time)
    return [
        replace(
            one,
            statement_time=one.statement_time or said.get(one.content),
            event_time=one.event_time or happened.get(one.content),
        )
        for one in told
    ]


def assign_all(
    relations: Iterable[AttributionRelation], doc: Doc, times: Sequence[TimeExpression]
) -> tuple[AttributionRelation, ...]:
    """Return ``relations`` with their times; what one source goes on to say shares its time.

    Wants relations whose ``source_name`` is resolved. Two that share a content, as the hops of a
    chain do, share its times.
    """
    every = tuple(relations)
    text = _Text(doc, times, every)
    told = [_assigned(relation, text) for relation in every]
    told = _shared(told)
    starts = [sentence.start_char for sentence in doc.sents]

    def sentence_of(one: AttributionRelation) -> int:
        return bisect_right(starts, one.cue[0][0])

    last: dict[str, tuple[int, TimeExpression | None]] = {}
    order = sorted(range(len(told)), key=lambda number: told[number].cue[0])
    for number in order:
        one = told[number]
        name = one.source_name.casefold()
        if not name or one.source_kind in {SourceKind.IMPLICIT, SourceKind.MISSING}:
            continue
        at = sentence_of(one)
        if one.statement_time is None and name in last and one.nested_in is None:
            before, time = last[name]
            if at - before <= _SAME_BREATH and time is not None:
                told[number] = replace(one, statement_time=time)
        if told[number].statement_time is not None:
            last[name] = at, told[number].statement_time
    return tuple(told)
