"""What attribution finds in a text: who is said to stand behind which words.

The model is the one of the attribution literature (PARC 3.0, PolNeAR): a relation of source, cue
and content, each a list of spans; here with the chain of hops, the hedges and the two times.
Everything is frozen, and needs neither Django nor any other room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]
"""Half-open range of characters (code points) of the text that was analysed: ``text[a:b]``."""
Spans = tuple[Span, ...]
"""Spans in reading order, disjoint; several where what they mark is interrupted."""


class SourceKind(StrEnum):
    """How the text names whoever stands behind a claim."""

    NAMED = "named"  # "SANA", "Ms Keller", and "she" where that resolves to a name
    UNNAMED = "unnamed"  # "a senior general", "local residents"
    IMPLICIT = "implicit"  # nobody is named and none was meant: "has been accused of"
    MISSING = "missing"  # somebody was to be named and is not: "..., reported"


class CueKind(StrEnum):
    """The sort of words that carry the attribution."""

    VERB = "verb"
    NOUN = "noun"
    PREPOSITION = "preposition"
    ADVERB = "adverb"  # and the adjectives that do the same: "alleged", "reputed"
    PUNCTUATION = "punctuation"


class QuoteType(StrEnum):
    """Whether the content is in the source's own words."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class HedgeKind(StrEnum):
    """How the text keeps its distance."""

    HEARSAY = "hearsay"  # "reportedly", "is said to"
    DISTANCING = "distancing"  # "claims", "insists"
    AGENTLESS = "agentless"  # "has been accused", by nobody
    SCARE = "scare"  # "so-called", a word in quotation marks that nobody is quoted with


class Status(StrEnum):
    """How far a relation has been looked at."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that weaken or distance a claim."""

    span: Span
    kind: HedgeKind


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words for a time, and the time they mean.

    ``edtf`` is a level 0 or 1 string of EDTF (ISO 8601-2:2019), in the paper's time zone:
    ``"2017-12-29"``, ``"2014-09/.."``, ``"2017-12-30T06:58:00Z"``; ``None`` where it cannot be
    told, and then ``unresolved`` says why in one short English sentence. ``anchor`` is what a
    relative expression was counted from: ``"publication"``, ``"text"`` (a time named before it)
    or ``""`` for an absolute one.
    """

    span: Span
    edtf: str | None
    anchor: str = ""
    unresolved: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One station on a claim's way to this page.

    ``name`` is how the text calls it, resolved ("SANA" for a later "it"), empty where
    ``kind`` is missing or implicit. ``spans`` are its words in the text, empty where it has none.
    """

    name: str
    kind: SourceKind
    spans: Spans = ()


@dataclass(frozen=True, slots=True)
class AttributionRelation:
    """One attribution: ``source``, by ``cue``, stands behind ``content``.

    ``source`` may be empty (implicit or missing), ``content`` and ``cue`` never are.
    ``source_name`` is the source with pronouns resolved ("it" to "Syria's state television").
    ``chain`` holds the hops from the origin to the last one before this paper, origin first;
    a relation with one source has a chain of one hop, one whose source is implicit has none.
    ``nested_in`` is the position, in the list returned with it, of the relation whose content
    this one is part of.
    ``confidence`` is a calibrated probability that cue, source and content are right.
    ``method`` says what found it: ``"rules"``, ``"model"`` or ``"rules+model"``.
    """

    source: Spans
    cue: Spans
    content: Spans
    source_kind: SourceKind
    cue_kind: CueKind
    quote_type: QuoteType
    source_name: str = ""
    nested_in: int | None = None
    chain: tuple[Hop, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    statement_time: TimeExpression | None = None
    event_time: TimeExpression | None = None
    confidence: float = 0.0
    method: str = "rules"
    status: Status = Status.SUGGESTED


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the text and whether anybody stands behind it.

    ``relations`` are positions in the analysis' list. ``claims`` tells whether the sentence says
    something that could be true or false, so that an unattributed one is worth a look.
    """

    span: Span
    relations: tuple[int, ...] = ()
    claims: bool = True

    @property
    def unattributed(self) -> bool:
        """Whether the sentence makes a claim that nobody is named for."""
        return self.claims and not self.relations


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in one text, or why it was not looked at.

    ``analysed`` is false where the language is not supported; then ``reason`` says so and the
    lists are empty, which never means that nothing is attributed. ``hedges`` are all of the
    text's, also those in no relation; ``times`` likewise.
    """

    analysed: bool
    language: str
    reason: str = ""
    relations: tuple[AttributionRelation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    times: tuple[TimeExpression, ...] = field(default=())
