"""The claims of one story as the desk sees them: each with its words, its chain and its state."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wagtail.admin.admin_url_finder import AdminURLFinder

from broadsheet.attribution import actions, kept, reasons, story_text
from broadsheet.attribution.models import RelationHop, Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import AttributionRelation
from broadsheet.attribution.story_text import StoryText
from broadsheet.newsroom.claims import labels, pane
from broadsheet.stories.languages import Direction, direction_of
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

Status = StoryRelation.Status
# Deeper ones are indented no further: there is no room, and "within" says where they stand.
_DEEPEST = 3
_FEW = 3


@dataclass(frozen=True)
class Station:
    """One hop as it is drawn: its name, or in words why it has none; ``url`` leads to the register.

    ``own`` tells that it is the claim's own source.
    """

    name: str
    why: str
    url: str | None
    own: bool


@dataclass(frozen=True)
class When:
    """A time: its words in the text, its EDTF value, or why it has none."""

    words: str
    edtf: str
    unresolved: str


@dataclass(frozen=True)
class Entry:
    """One claim in the list. Without ``relation`` its words are no longer in the text.

    ``depth`` says how far it is nested in others; ``within`` is the number of the one around it.
    """

    row: StoryRelation
    relation: AttributionRelation | None
    depth: int
    within: int | None
    source_url: str | None
    stations: tuple[Station, ...]

    @property
    def number(self) -> int:
        """Its number within the story, for ever."""
        return self.row.number

    @property
    def is_lost(self) -> bool:
        """Whether its words are gone from the newest text."""
        return self.relation is None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide on it."""
        return self.row.status == Status.SUGGESTED

    @property
    def is_rejected(self) -> bool:
        """Whether somebody said that it is none."""
        return self.row.status == Status.REJECTED

    @property
    def is_by_hand(self) -> bool:
        """Whether an editor added it: nobody had to guess."""
        return self.row.method == labels.BY_HAND

    @property
    def name(self) -> str:
        """Who stands behind it, or that nobody is named."""
        return self.row.source_name or str(self.row.get_source_kind_display())

    @property
    def is_named(self) -> bool:
        """Whether the text says who stands behind it."""
        return bool(self.row.source_name)

    @property
    def content(self) -> list[str]:
        """What is claimed, one text a stretch."""
        return _words(self.row.content_spans)

    @property
    def cue(self) -> list[str]:
        """The words that carry the attribution."""
        return _words(self.row.cue_spans)

    @property
    def source_words(self) -> list[str]:
        """The words for the source, where they say it otherwise than its name."""
        found = _words(self.row.source_spans)
        return [] if found == [self.row.source_name] else found

    @property
    def hedges(self) -> list[tuple[str, str]]:
        """The words that keep a distance, each with what kind of distance."""
        return [(each["exact"], labels.hedge(each["kind"])) for each in self.row.hedges]

    @property
    def said(self) -> When | None:
        """When it was said."""
        return _when(self.row.said)

    @property
    def happened(self) -> When | None:
        """When what it tells happened."""
        return _when(self.row.happened)

    @property
    def quoted(self) -> str:
        """Whether in the source's own words."""
        return labels.quote_type(self.row.quote_type)

    @property
    def likelihood(self) -> str:
        """Its confidence in words."""
        return labels.likelihood(self.row.confidence)

    @property
    def found_by(self) -> str:
        """What found it."""
        return labels.method(self.row.method)


@dataclass(frozen=True)
class Overview:
    """Everything the page shows of one story."""

    story: Story
    text: StoryText
    reading: StoryReading | None
    entries: tuple[Entry, ...]
    lost: tuple[Entry, ...]
    passages: tuple[pane.Passage, ...]
    may_decide: bool

    @property
    def headline(self) -> str:
        """The newest version's headline."""
        return self.text.text[slice(*self.text.headline)]

    @property
    def direction(self) -> Direction:
        """How the newest version's language runs."""
        return direction_of(self.text.language)

    @cached_property
    def every(self) -> dict[int, Entry]:
        """All of them by number, lost ones too."""
        return {entry.number: entry for entry in (*self.entries, *self.lost)}

    @cached_property
    def undecided(self) -> list[Entry]:
        """Those in the text on which somebody still has to decide."""
        return [entry for entry in self.entries if entry.is_open]

    @cached_property
    def first(self) -> list[Entry]:
        """A few of them for the story's own form: what is to be decided comes first."""
        standing = [entry for entry in self.entries if not entry.is_rejected]
        return sorted(standing, key=lambda entry: not entry.is_open)[:_FEW]

    @cached_property
    def counts(self) -> list[str]:
        """How many there are of each sort, in words, sorts without any left out."""
        return labels.counts(
            Counter("lost" if e.is_lost else str(e.row.status) for e in self.every.values())
        )

    @cached_property
    def shown(self) -> str:
        """The numbers that can be confirmed together, as their form sends them."""
        return ",".join(str(entry.number) for entry in self.undecided)

    @cached_property
    def thresholds(self) -> list[tuple[str, str, int]]:
        """From which confidence they can be confirmed together: value, words, how many."""
        return [
            (value, str(words), sum(e.row.confidence >= float(value) for e in self.undecided))
            for value, words in labels.thresholds()
        ]

    @cached_property
    def stamp(self) -> str:
        """What tells this state of the page from any other."""
        reading = self.reading
        parts: list[Any] = [self.text.digest, self.may_decide]
        if reading is not None:
            parts += [reading.state, reading.reason, reading.read_digest, reading.reviewed_at]
        parts += [
            (e.number, e.row.status, e.row.decided_at, e.is_lost) for e in self.every.values()
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def after(self, number: int) -> int | None:
        """Return which claim is next to be decided on, once ``number`` is."""
        numbers = [entry.number for entry in self.entries]
        at = numbers.index(number) + 1 if number in numbers else 0
        around = [*self.entries[at:], *self.entries[:at]]
        return next((e.number for e in around if e.is_open and e.number != number), None)


def overview(story: Story, user: User) -> Overview:
    """Return what the page shows ``user`` of ``story``, from a handful of queries."""
    text = story_text.newest(story)
    reading = StoryReading.objects.filter(pk=story.pk).select_related("reviewed_by").first()
    rows = list(kept.rows_of([story]).select_related("source", "nested_in", "decided_by"))
    placed = kept.placed(rows, text.text, reading.text if reading else "")
    known = {each.row.pk: each.relation for each in placed}
    address = _Address(user)
    return Overview(
        story=story,
        text=text,
        reading=reading,
        entries=tuple(_nested([each.row for each in placed], known, address)),
        lost=tuple(_entry(row, None, 0, address) for row in rows if row.pk not in known),
        passages=tuple(pane.passages(text, placed)),
        may_decide=actions.may_decide(user, story),
    )


class _Address:
    """Finds where the register keeps a source, if it has a page and ``user`` may open it."""

    def __init__(self, user: User) -> None:
        self._finder = AdminURLFinder(user)
        self._known: dict[int, str | None] = {}

    def __call__(self, source: Source | None) -> str | None:
        if source is None:
            return None
        if source.pk not in self._known:
            self._known[source.pk] = self._finder.get_edit_url(source)
        return self._known[source.pk]


def _nested(
    rows: Sequence[StoryRelation], known: dict[int, AttributionRelation], address: _Address
) -> Iterator[Entry]:
    """Yield the entries of ``rows`` in their order, each with those nested in it behind it."""
    present = {row.pk for row in rows}
    inside: dict[int | None, list[StoryRelation]] = {}
    for row in rows:
        outer = row.nested_in_id if row.nested_in_id in present else None
        inside.setdefault(outer, []).append(row)

    def walk(outer: int | None, depth: int) -> Iterator[Entry]:
        for row in inside.get(outer, ()):
            yield _entry(row, known[row.pk], depth, address)
            yield from walk(row.pk, depth + 1)

    yield from walk(None, 0)


def _entry(
    row: StoryRelation, relation: AttributionRelation | None, depth: int, address: _Address
) -> Entry:
    return Entry(
        row=row,
        relation=relation,
        depth=min(depth, _DEEPEST),
        within=row.nested_in.number if row.nested_in is not None else None,
        source_url=address(row.source),
        stations=tuple(_stations(row, row.hops.all(), address)),
    )


def _stations(
    row: StoryRelation, hops: Iterable[RelationHop], address: _Address
) -> Iterator[Station]:
    for hop in hops:
        yield Station(
            name=hop.name,
            why="" if hop.name else str(hop.get_kind_display()),
            url=address(hop.source),
            own=hop.name == row.source_name,
        )


def _words(stored: Iterable[dict[str, Any]]) -> list[str]:
    return [" ".join(each["exact"].split()) for each in stored]


def _when(stored: dict[str, Any] | None) -> When | None:
    if stored is None:
        return None
    return When(stored["words"], stored["edtf"] or "", reasons.told(stored["unresolved"]))
