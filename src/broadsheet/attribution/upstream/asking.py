"""Which stories to look at: asked by source, by agency, by received item."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from broadsheet.attribution import names, register
from broadsheet.attribution.models import RelationHop, Source, SourceAlias, StoryRelation
from broadsheet.attribution.upstream.findings import RestingStory
from broadsheet.attribution.upstream.reading import Chunk
from broadsheet.attribution.upstream.wanted import Wanted
from broadsheet.stories.models import Agency, Story, StoryAgency
from broadsheet.wire.models import Provenance, ReceivedItem

_AT_ONCE = 200
# SQLite takes some thousand parameters in a statement; this is well below.
_MOST = 500


def of_source(source: Source) -> Iterator[RestingStory]:
    """Yield every story that rests on ``source``, newest News ID first.

    A merged source is asked for as the one it was merged into, with all that was merged into that.
    Of a source that is an agency, or owns one, the stories made of the agency's copy rest on it as
    well, and what the agency itself is the source of.
    """
    return resting(wanted_of(source))


def of_item(item: ReceivedItem) -> Iterator[RestingStory]:
    """Yield every story made of ``item`` or of another version of it, newest News ID first.

    Versions have the guid in common. Of the same copy taken in under two guids nothing is known.
    """
    same = ReceivedItem.objects.filter(guid=item.guid).values_list("pk", flat=True)
    return resting(Wanted(items=frozenset(same)))


def wanted_of(source: Source) -> Wanted:
    """Return whom to ask for: the source, what was merged with it, and what it is or owns."""
    family = register.family(source.current)
    agencies = {each.agency_id for each in family if each.agency_id is not None}
    found = {each.pk: source.current.name for each in family}
    for agency in Agency.objects.filter(pk__in=agencies):
        if names.key(agency.name) in _folded(family):
            continue  # it is the agency; who owns it rests on others
        owned = Source.objects.standing().filter(
            agency=agency, aliases__folded=names.key(agency.name)
        )
        for each in owned.distinct():
            found.update({member.pk: each.name for member in register.family(each)})
    return Wanted(sources=found, agencies=frozenset(agencies))


def resting(wanted: Wanted) -> Iterator[RestingStory]:
    """Yield the stories that rest on anything of ``wanted``, newest News ID first."""
    news_ids = ids_of(wanted)
    for start in range(0, len(news_ids), _AT_ONCE):
        yield from Chunk(wanted, news_ids[start : start + _AT_ONCE]).stories()


def ids_of(wanted: Wanted) -> array[int]:
    """Return the News IDs of all that rests on ``wanted``, newest first."""
    found: set[int] = set()
    for keys in _slices(sorted(wanted.sources)):
        found.update(_each(_hops(keys), "relation__story_id"))
    for keys in _slices(sorted(wanted.items)):
        found.update(_each(Provenance.objects.filter(item__in=keys), "news_id"))
    for keys in _slices(sorted(wanted.agencies)):
        found.update(_each(StoryAgency.objects.filter(agency__in=keys), "story_id"))
    # A translation says what its original says, and may itself be translated on.
    level = set(found)
    while level := _translations(level) - found:
        found |= level
    return array("Q", sorted(found, reverse=True))


def _translations(news_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for some in _slices(sorted(news_ids)):
        found.update(_each(Story.objects.filter(translation_of__in=some), "pk"))
    return found


def _hops(keys: Sequence[int]) -> Any:
    hops = RelationHop.objects.filter(source__in=keys)
    return hops.exclude(relation__status=StoryRelation.Status.REJECTED)


def _each(rows: Any, name: str) -> Iterator[int]:
    found: Iterator[int] = rows.order_by().values_list(name, flat=True).iterator()
    return found


def _slices(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _MOST] for start in range(0, len(keys), _MOST))


def _folded(family: Iterable[Source]) -> set[str]:
    rows = SourceAlias.objects.filter(source__in=list(family))
    return set(rows.values_list("folded", flat=True))
