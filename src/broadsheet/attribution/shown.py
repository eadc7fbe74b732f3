"""What readers are shown of a story's sources: its claims, the way each came, how many origins.

The same for the page, its JSON-LD, ninjs and the annotations. Pure: it is given what
``kept.for_readers`` found, whose rows bring their hops and sources along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from broadsheet.attribution.kept import ForReaders, Placed
from broadsheet.attribution.models import RelationHop, Source, StoryRelation
from broadsheet.attribution.names import key
from broadsheet.attribution.relation import (
    AttributionRelation,
    Hop,
    SourceKind,
    Span,
    Spans,
    TimeExpression,
)
from broadsheet.attribution.story_text import StoryText
from broadsheet.stories.languages import main_language

# A claim of which this share is what others are said to have said only passes it on.
_PASSED_ON = 0.8


class State(StrEnum):
    """What can be said of a story's sources at all."""

    NOT_RECORDED = "not-recorded"  # never read for its sources, as imported archives are not
    NOT_ANALYSED = "not-analysed"  # could not be read, because of its language for one
    UNREVIEWED = "unreviewed"  # read, and nobody has looked through it to the end
    REVIEWED = "reviewed"


@dataclass(frozen=True)
class Station:
    """One hop of a chain as readers see it.

    ``name`` is empty where ``kind`` is missing or implicit. ``identity`` tells it from the others
    of the same story; it is empty for whoever is not known. ``source`` is its entry in the
    register, ``spans`` its words in the text.
    """

    name: str
    kind: SourceKind
    identity: str
    source: Source | None = None
    spans: Spans = ()


@dataclass(frozen=True)
class When:
    """A time: its EDTF value, ``None`` where it cannot be told, and its words in the text."""

    edtf: str | None
    words: str
    span: Span


@dataclass(frozen=True)
class Claim:
    """A claim of the story, and by which way it came to this paper.

    ``number`` is the relation's own in the story, for ever. ``chain`` is the whole way: the
    relation's own hops, the origin first, and then those of the claim that it stands in, as far
    as they are not among them; of a fact, only through such as are facts themselves. ``own`` are
    the relation's own hops alone. ``decided`` is false for a suggestion that nobody has reviewed,
    which is no fact. ``inside`` are the claims within its content.
    """

    number: int
    decided: bool
    chain: tuple[Station, ...]
    own: tuple[Station, ...]
    said: When | None
    happened: When | None
    row: StoryRelation
    relation: AttributionRelation
    inside: tuple[Claim, ...] = ()

    @property
    def way(self) -> tuple[bool, tuple[tuple[str, str], ...]]:
        """What is the same for claims that came by the same way."""
        return self.decided, tuple((each.identity, str(each.kind)) for each in self.chain)

    @property
    def second_hand(self) -> bool:
        """Whether anybody stands between whoever first said it and this paper."""
        return len(self.chain) > 1

    def rests_on(self, source: Source) -> bool:
        """Tell whether ``source`` is anywhere on its way."""
        return any(each.source == source for each in self.chain)


@dataclass(frozen=True)
class Count:
    """How many outlets told this paper, and how many origins they have between them.

    An *outlet* is the last known hop of a claim's chain: the nearest to this paper, be it an
    agency that passes it on or a speaker who says it himself. An *origin* is the first hop, so
    that chains collapse to their root: two agencies that repeat one ministry are two outlets and
    one origin. Hops are the same where the register says so, otherwise where they bear the same
    name, compared as ``names.key`` does; unnamed people ("two officials") likewise, so that other
    words are other people. A claim that consists of what others are said to have said (four
    fifths of its characters) has no origin but theirs. ``unknown`` is how many claims have an
    origin that the copy does not name, or lost; it is no origin.
    """

    outlets: int
    origins: int
    unknown: int


@dataclass(frozen=True)
class Shown:
    """All that readers may see of a story's sources.

    ``claims`` are the outermost, in reading order, with the others inside them.
    """

    state: State
    reason: str
    text: StoryText
    claims: tuple[Claim, ...]

    def every(self) -> Iterator[Claim]:
        """Yield every claim, each before those inside it."""
        yield from _walk(self.claims)

    def facts(self) -> Iterator[Claim]:
        """Yield the claims whose attribution an editor stands behind."""
        return (claim for claim in self.every() if claim.decided)

    def sources(self) -> list[Source]:
        """Return the sources of the register that the facts rest on, in reading order."""
        found = (hop.source for claim in self.facts() for hop in claim.own)
        return list(dict.fromkeys(source for source in found if source is not None))

    def count(self) -> Count:
        """Count outlets and origins among the facts."""
        return counted(list(self.facts()))


def view(found: ForReaders) -> Shown:
    """Return what readers are shown of what ``kept.for_readers`` found."""
    language = found.text.language
    known = _identities(found.relations)
    own = [_stations(each, known, language) for each in found.relations]
    below = _below(found.relations, own)

    def claim(place: int, outer: Sequence[Station], facts: Sequence[Station]) -> Claim:
        placed = found.relations[place]
        decided = placed.row.is_decided
        whole = _through(own[place], outer)
        # No fact comes by a way that nobody has confirmed.
        sure = _through(own[place], facts) if decided else tuple(facts)
        return Claim(
            number=placed.row.number,
            decided=decided,
            chain=sure if decided else whole,
            own=own[place],
            said=_when(placed.relation.statement_time, placed.row.said, found.text.text),
            happened=_when(placed.relation.event_time, placed.row.happened, found.text.text),
            row=placed.row,
            relation=placed.relation,
            inside=tuple(claim(inner, whole, sure) for inner in below.get(place, ())),
        )

    return Shown(
        state=_state(found),
        reason=found.reason,
        text=found.text,
        claims=tuple(claim(place, (), ()) for place in below.get(None, ())),
    )


def _below(
    placed: Sequence[Placed], own: Sequence[tuple[Station, ...]]
) -> dict[int | None, list[int]]:
    """Return the places of the claims within each claim, and of the outermost under ``None``.

    Of claims with the same words that were passed on by the same way, as "B, citing A, reported"
    makes two, the first is shown for all.
    """
    firsts: dict[object, int] = {}
    shown = []
    for place, (each, chain) in enumerate(zip(placed, own, strict=True)):
        way = tuple((hop.identity, hop.kind) for hop in chain) if len(chain) > 1 else place
        shown.append(firsts.setdefault((each.row.is_decided, each.relation.content, way), place))
    below: dict[int | None, list[int]] = {}
    for place, each in enumerate(placed):
        outer, seen = each.relation.nested_in, {place}
        while outer is not None and outer not in seen and shown[outer] == shown[place]:
            seen.add(outer)
            outer = placed[outer].relation.nested_in
        if shown[place] == place:
            below.setdefault(None if outer is None else shown[outer], []).append(place)
    return below


def counted(claims: Sequence[Claim]) -> Count:
    """Count the outlets and origins of ``claims``; see :class:`Count`."""
    outlets: set[str] = set()
    origins: set[str] = set()
    unknown = 0
    for claim in claims:
        outlets |= {*[hop.identity for hop in claim.chain if hop.identity][-1:]}
        if _only_passes_on(claim):
            continue
        origin = claim.chain[0].identity if claim.chain else ""
        if origin:
            origins.add(origin)
        else:
            unknown += 1
    return Count(len(outlets), len(origins), unknown)


def _walk(claims: Iterable[Claim]) -> Iterator[Claim]:
    for claim in claims:
        yield claim
        yield from _walk(claim.inside)


def _state(found: ForReaders) -> State:
    if not found.recorded:
        return State.NOT_RECORDED
    if found.reviewed:
        return State.REVIEWED
    return State.UNREVIEWED if found.analysed else State.NOT_ANALYSED


def _through(own: tuple[Station, ...], outer: Iterable[Station]) -> tuple[Station, ...]:
    return (*own, *(each for each in outer if not _among(each, own)))


def _stations(placed: Placed, known: Mapping[str, str], language: str) -> tuple[Station, ...]:
    found: list[Station] = []
    for row, hop in zip_longest(placed.row.hops.all(), placed.relation.chain):
        station = _station(row, hop, known, language)
        # Two hops that turned out to be one source, once these were merged, are one.
        if not (found and station.source is not None and found[-1].source == station.source):
            found.append(station)
    return tuple(found)


def _station(row: RelationHop, hop: Hop, known: Mapping[str, str], language: str) -> Station:
    if hop.kind in (SourceKind.MISSING, SourceKind.IMPLICIT) and not hop.name:
        return Station("", hop.kind, "", row.source, hop.spans)
    return Station(
        name=_name(row.source, hop, language),
        kind=hop.kind,
        identity=_identity(row.source, hop, known),
        source=row.source,
        spans=hop.spans,
    )


def _name(source: Source | None, hop: Hop, language: str) -> str:
    """Return what the hop is called: as the register has it, where that is in the same language.

    Unnamed people are called what the story calls them.
    """
    same = source is not None and main_language(source.language or "") == main_language(language)
    if source is not None and same and hop.kind == SourceKind.NAMED:
        return source.name
    return " ".join(hop.name.split()).strip(" ,;:") or (source.name if source else "")


def _identity(source: Source | None, hop: Hop, known: Mapping[str, str]) -> str:
    if source is not None:
        return f"#{source.pk}"
    folded = key(hop.name)
    return known.get(folded) or folded


def _identities(placed: Iterable[Placed]) -> dict[str, str]:
    """Return whom each name means that stands for one source of the register in this story."""
    found: dict[str, set[str]] = {}
    for each in placed:
        for row in each.row.hops.all():
            if row.source is not None:
                found.setdefault(key(row.name), set()).add(f"#{row.source.pk}")
    return {name: one for name, (one, *others) in found.items() if name and not others}


def _among(station: Station, chain: Iterable[Station]) -> bool:
    return any(station.identity and station.identity == each.identity for each in chain)


def _when(time: TimeExpression | None, stored: object, text: str) -> When | None:
    if time is None:
        return None
    start, end = time.span
    words = text[start:end]
    if not words and isinstance(stored, Mapping):
        words = str(stored.get("words") or "")
    return When(time.edtf, " ".join(words.split()), time.span)


def _only_passes_on(claim: Claim) -> bool:
    inner = [each for each in claim.inside if each.chain and each.chain[0].identity]
    if not inner:
        return False
    whole = _places(claim.relation.content)
    covered = {
        at
        for each in inner
        for spans in (each.relation.source, each.relation.cue, each.relation.content)
        for at in _places(spans)
    }
    return len(whole & covered) >= _PASSED_ON * len(whole)


def _places(spans: Spans) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}
