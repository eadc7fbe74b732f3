"""Claims as a template prints them, under the way that each of them came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from broadsheet.attribution.reader_view import times
from broadsheet.attribution.relation import HedgeKind, SourceKind
from broadsheet.attribution.shown import Claim, Shown, Station, When
from broadsheet.attribution.story_text import HEADLINE
from broadsheet.press import bodies
from broadsheet.stories.models import Story

_QUOTED = 150
_QUOTES = '“”„‟"«»‹›'
# What quotes within a quotation: “” and „“ become ‘’ and ‚‘, and «» become ‹›.
_INNER = str.maketrans("“”„‟«»", "‘’‚‛‹›")

Way = tuple[bool, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class PrintedHop:
    """A hop to print: its name with the address of its page, or what is said where it has none."""

    name: str
    url: str
    unsaid: str


@dataclass(frozen=True)
class PrintedHedge:
    """Words by which the story keeps its distance, and what they mean in plain words."""

    words: str
    meaning: str


@dataclass(frozen=True)
class PrintedClaim:
    """A claim to print; ``url`` leads to its place in the text, empty where that has no mark."""

    number: int
    words: str
    url: str
    said: Markup
    happened: Markup
    hedges: tuple[PrintedHedge, ...]
    inside: tuple[PrintedWay, ...]


@dataclass(frozen=True)
class PrintedWay:
    """A chain to print, with its number on the page and the claims that came by it.

    ``first`` tells that nothing above it on the page has the same number.
    """

    number: int
    first: bool
    decided: bool
    hops: tuple[PrintedHop, ...]
    claims: tuple[PrintedClaim, ...]


def numbers(shown: Shown) -> dict[Way, int]:
    """Return the number that each way has on the page, in reading order from 1."""
    ways = dict.fromkeys(claim.way for claim in shown.every())
    return {way: number for number, way in enumerate(ways, 1)}


class Printer:
    """Prints the claims of one story for readers of ``language``, the active one.

    ``address`` is where the story's page stands, empty on that page itself.
    """

    def __init__(
        self, story: Story, shown: Shown, language: str, zone: tzinfo, *, address: str = ""
    ) -> None:
        self._story, self._shown = story, shown
        self._language, self._zone = language, zone
        self._address = address
        self._numbers = numbers(shown)
        self._seen: set[Way] = set()

    def ways(self, claims: Iterable[Claim]) -> tuple[PrintedWay, ...]:
        """Return ``claims`` under their ways, in the order in which these first appear."""
        found: dict[Way, list[Claim]] = {}
        for claim in claims:
            found.setdefault(claim.way, []).append(claim)
        return tuple(self._way(way, some) for way, some in found.items())

    def _way(self, way: Way, claims: Sequence[Claim]) -> PrintedWay:
        first = way not in self._seen
        self._seen.add(way)
        decided, _hops = way
        return PrintedWay(
            number=self._numbers[way],
            first=first,
            decided=decided,
            hops=hops(claims[0].chain, linked=decided),
            claims=tuple(self.claim(claim, self.ways(claim.inside)) for claim in claims),
        )

    def claim(self, claim: Claim, inside: tuple[PrintedWay, ...] = ()) -> PrintedClaim:
        """Return ``claim`` to print, with those ``inside`` it."""
        marked = _stands_in_body(claim, self._shown)
        return PrintedClaim(
            number=claim.number,
            words=quoted(claim, self._shown),
            url=f"{self._address}#claim-{claim.number}" if marked else self._address,
            said=self._time(claim.said),
            happened=self._time(claim.happened),
            hedges=_hedges(claim, self._shown),
            inside=inside,
        )

    def _time(self, when: When | None) -> Markup:
        if when is None:
            return Markup()
        found = times.printed(when.edtf, self._language, self._zone) if when.edtf else None
        return found or (_quoted_words(when.words) if when.words else Markup())


def hops(chain: Iterable[Station], *, linked: bool = True) -> tuple[PrintedHop, ...]:
    """Return a chain to print; only what is a fact is ``linked`` to the pages of its sources."""
    return tuple(
        PrintedHop(
            name=hop.name,
            url=hop.source.get_absolute_url() if linked and hop.source and hop.name else "",
            unsaid="" if hop.name else _unsaid(hop.kind),
        )
        for hop in chain
    )


def quoted(claim: Claim, shown: Shown) -> str:
    """Return the words that are claimed, shortened, to be printed in quotation marks.

    Without those around them, and with those inside them as inner ones.
    """
    text = shown.text.text
    parts = (" ".join(text[start:end].split()) for start, end in claim.relation.content)
    words = " … ".join(part for part in parts if part)
    inner = words[1:-1]
    if words[:1] in _QUOTES and words[-1:] in _QUOTES and not any(q in inner for q in _QUOTES):
        words = inner
    return bodies.shortened(words.rstrip(" ,;:"), _QUOTED).translate(_INNER)


def _unsaid(kind: SourceKind) -> str:
    if kind == SourceKind.MISSING:
        return _("(source lost in the copy)")
    return _("(nobody is named)")


def _stands_in_body(claim: Claim, shown: Shown) -> bool:
    blocks = shown.text.blocks
    return any(
        block.start < end and start < block.end
        for start, end in claim.relation.content
        for block in blocks
        if block.key != HEADLINE
    )


def _hedges(claim: Claim, shown: Shown) -> tuple[PrintedHedge, ...]:
    meanings: Mapping[HedgeKind, str] = {
        HedgeKind.HEARSAY: _("passed on as hearsay"),
        HedgeKind.DISTANCING: _("the story keeps its distance"),
        HedgeKind.AGENTLESS: _("it is not said by whom"),
        HedgeKind.SCARE: _("not the story’s own word"),
    }
    found = {
        " ".join(shown.text.text[slice(*hedge.span)].split()).strip(_QUOTES): hedge.kind
        for hedge in claim.relation.hedges
    }
    return tuple(PrintedHedge(words, meanings[kind]) for words, kind in found.items() if words)


def _quoted_words(words: str) -> Markup:
    return Markup("<q>{}</q>").format(escape(words))
