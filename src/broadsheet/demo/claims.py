"""Who stands behind what in the sample stories, as somebody marked it beside them.

In comes ``stories/<language>/<News ID>-<words>.claims.txt``: passages of that story with its
sources, cues and contents in tags (``attribution.annotated``), and a note on each claim that needs
one. Out goes what an analysis of the story's text would be. It refuses a passage that does not
stand in the text, or stands there twice. Nothing here knows the database.

Notes are those of annotated stories, and here also ``name`` and ``kind`` of the source, ``cue``
(the kind of it), ``inside`` (the number of the claim that this one stands in), ``hedges``
("reportedly: hearsay; claims: distancing"), ``confidence``, and ``said_words`` and
``event_words`` for the times. A hop of a chain that is not named says so: "residents (unnamed)".
Days are written as in the stories, and ``{date-1}`` is the date of that day (see ``days``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from broadsheet.attribution import annotated
from broadsheet.attribution.annotated import AnnotatedStory, Marked
from broadsheet.attribution.relation import (
    Analysis,
    AttributionRelation,
    CueKind,
    Hedge,
    HedgeKind,
    Hop,
    QuoteType,
    SourceKind,
    Span,
    Spans,
    TimeExpression,
)
from broadsheet.demo.days import with_days
from broadsheet.demo.samples import STORIES, SampleError

# Marked by the editor, or as the library finds it in that very text.
_METHODS = {True: "hand", False: "rules+model"}
_ENDING = ".claims.txt"
_BETWEEN = "\n\n"
_OPENING, _CLOSING = "“„«", "”“»"
_QUOTES = "“”„«»"
_NOTES = frozenset(
    {
        "name", "kind", "cue", "inside", "chain", "hedges", "confidence", "said", "said_words",
        "event", "event_words",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SampleClaims:
    """The claims of one sample story; ``path`` is their file.

    ``reviewed`` tells that the sample paper's editor has confirmed them all; otherwise they are
    suggestions that wait for somebody.
    """

    news_id: int
    language: str
    path: Path
    reviewed: bool

    def found_in(self, text: str, published: date) -> Analysis:
        """Return the claims as an analysis of ``text``, that of the story published on that day.

        Raises :class:`SampleError`, naming the file, for what does not stand in the text.
        """
        try:
            story = _parsed(self.path, published, self.language)
            places = _Places(story.text, text)
            relations = [_relation(each, places) for each in story.relations]
            nested = tuple(
                replace(each, method=_METHODS[self.reviewed]) for each in _nested(relations, story)
            )
        except (ValueError, KeyError) as error:
            raise SampleError(f"{self.path.name}: {error}") from error
        hedges = tuple(hedge for each in nested for hedge in each.hedges)
        return Analysis(True, self.language, relations=nested, hedges=hedges)


def every() -> list[SampleClaims]:
    """Return the claims of all sample stories that have any. Raises :class:`SampleError`."""
    return [_read(path) for path in sorted(STORIES.glob(f"*/*{_ENDING}"))]


def _read(path: Path) -> SampleClaims:
    language = path.parent.name
    try:
        reviewed = _parsed(path, date.min.replace(year=2000), language).head["reviewed"]
        number = int(path.name.partition("-")[0])
    except (ValueError, KeyError) as error:
        raise SampleError(f"{path.name}: {error}") from error
    if reviewed not in ("yes", "no"):
        raise SampleError(f"{path.name}: 'reviewed' is yes or no, not {reviewed!r}")
    return SampleClaims(number, language, path, reviewed == "yes")


def _parsed(path: Path, published: date, language: str) -> AnnotatedStory:
    raw = with_days(path.read_text("utf-8"), published, language)
    return annotated.parse(raw, path.name)


class _Places:
    """Where the passages of an annotated file stand in the text of the story."""

    def __init__(self, passages: str, text: str) -> None:
        self._passages, self._text = passages, text
        self._found: list[tuple[Span, int]] = []
        at = 0
        for passage in passages.split(_BETWEEN):
            self._found.append(((at, at + len(passage)), _only_place(passage, text)))
            at += len(passage) + len(_BETWEEN)

    def spans(self, spans: Spans) -> Spans:
        """Return where the words at ``spans`` of the passages stand in the text."""
        return tuple(sorted(self._span(span) for span in spans))

    def words_near(self, words: str, near: Span) -> Span:
        """Return where ``words`` stand in the passage that has the characters ``near``."""
        (start, end), _ = self._passage(near)
        at = start + _only_place(words, self._passages[start:end])
        return self._span((at, at + len(words)))

    def words(self, spans: Spans) -> str:
        return " ".join(self._passages[start:end] for start, end in spans)

    def _span(self, span: Span) -> Span:
        (start, _), place = self._passage(span)
        return place + span[0] - start, place + span[1] - start

    def _passage(self, span: Span) -> tuple[Span, int]:
        for (start, end), place in self._found:
            if start <= span[0] and span[1] <= end:
                return (start, end), place
        raise ValueError(f"a mark runs over the end of {self._passages[slice(*span)]!r}")


def _only_place(words: str, text: str) -> int:
    times = text.count(words)
    if not words or times != 1:
        raise ValueError(f"{words!r} stands {times} times in the text, and not once")
    return text.index(words)


def _relation(marked: Marked, places: _Places) -> AttributionRelation:
    notes = marked.notes
    if unknown := notes.keys() - _NOTES:
        raise ValueError(f"claim {marked.number} has notes nobody knows: {', '.join(unknown)}")
    default = SourceKind.NAMED if marked.source else SourceKind.IMPLICIT
    kind = SourceKind(notes.get("kind", default))
    name = notes.get("name", places.words(marked.source))
    near = marked.cue[0]
    return AttributionRelation(
        source=places.spans(marked.source),
        cue=places.spans(marked.cue),
        content=places.spans(marked.content),
        source_kind=kind,
        cue_kind=CueKind(notes.get("cue", CueKind.VERB)),
        quote_type=_quote_type(places.words(marked.content)),
        source_name=name,
        chain=_chain(notes["chain"]) if "chain" in notes else (Hop(name, kind),),
        hedges=_hedges(notes.get("hedges", ""), near, places),
        statement_time=_time(notes, "said", near, places),
        event_time=_time(notes, "event", near, places),
        confidence=float(notes.get("confidence", 1)),
    )


def _nested(
    relations: list[AttributionRelation], story: AnnotatedStory
) -> list[AttributionRelation]:
    places = {marked.number: place for place, marked in enumerate(story.relations)}
    return [
        replace(relation, nested_in=places[int(inside)])
        if (inside := marked.notes.get("inside"))
        else relation
        for relation, marked in zip(relations, story.relations, strict=True)
    ]


def _quote_type(words: str) -> QuoteType:
    if words[0] in _OPENING and words[-1] in _CLOSING:
        return QuoteType.DIRECT
    return QuoteType.MIXED if any(mark in words for mark in _QUOTES) else QuoteType.INDIRECT


def _chain(written: str) -> tuple[Hop, ...]:
    return tuple(_hop(each.strip()) for each in written.split(">"))


def _hop(written: str) -> Hop:
    name, bracket, kind = written.removesuffix(")").partition(" (")
    return Hop(name, SourceKind(kind) if bracket else SourceKind.NAMED)


def _hedges(written: str, near: Span, places: _Places) -> tuple[Hedge, ...]:
    pairs = (each.rpartition(":") for each in written.split(";") if each.strip())
    return tuple(
        Hedge(places.words_near(words.strip(), near), HedgeKind(kind.strip()))
        for words, _, kind in pairs
    )


def _time(notes: dict[str, str], name: str, near: Span, places: _Places) -> TimeExpression | None:
    if name not in notes:
        return None
    return TimeExpression(
        places.words_near(notes[f"{name}_words"], near), notes[name], "publication"
    )
