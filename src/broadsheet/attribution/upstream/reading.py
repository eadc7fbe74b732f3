"""Reads what rests, a chunk of stories at a time, in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from broadsheet.attribution import kept, story_text
from broadsheet.attribution.models import RelationHop, StoryReading, StoryRelation
from broadsheet.attribution.relation import Span, Spans
from broadsheet.attribution.upstream import destinations
from broadsheet.attribution.upstream.findings import (
    Passage,
    RestingCopy,
    RestingRelation,
    RestingStory,
    Visibility,
)
from broadsheet.attribution.upstream.sentences import around, sentences
from broadsheet.attribution.upstream.wanted import Wanted
from broadsheet.stories.models import Story, StoryAgency
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.likeness import folded, share
from broadsheet.wire.models import Provenance, ReceivedItem

# Of a sentence the desk has touched up, so much still is the copy's.
_MOSTLY = 0.7


class Chunk:
    """A few hundred stories that rest on what is wanted."""

    def __init__(self, wanted: Wanted, news_ids: Sequence[int]) -> None:
        self._wanted, self._news_ids = wanted, list(news_ids)

    def stories(self) -> Iterator[RestingStory]:
        """Yield each of them, in the order in which they were asked for."""
        places = destinations.of(self._news_ids)
        for news_id in self._news_ids:
            yield self._resting(news_id, places[news_id])

    def _resting(self, news_id: int, places: tuple[destinations.Destination, ...]) -> RestingStory:
        story = self._stories.get(news_id)
        uses = self._uses.get(news_id, [])
        if story is None:
            copies = tuple(_copy(use, {}) for use in uses)
            return RestingStory(
                news_id, "", "", Visibility.DELETED, copies=copies, destinations=places
            )
        text = _Texts(story, self._readings.get(news_id))
        relations = tuple(self._relation(row, text) for row in self._relations.get(news_id, ()))
        agencies = tuple(self._agencies.get(news_id, ()))
        return RestingStory(
            news_id=news_id,
            headline=story.headline,
            language=story.language,
            visibility=_visibility(story),
            relations=relations,
            copies=tuple(_copy(use, text.by_version) for use in uses),
            agencies=agencies,
            translation_of=story.translation_of_id if not (relations or uses or agencies) else None,
            destinations=places,
        )

    def _relation(self, row: StoryRelation, texts: _Texts) -> RestingRelation:
        hops = list(row.hops.all())
        position = next(
            place for place, hop in enumerate(hops) if hop.source_id in self._wanted.sources
        )
        chain = tuple(hop.name or (hop.source.name if hop.source else "") for hop in hops)
        return RestingRelation(
            number=row.number,
            status=str(row.status),
            source=self._wanted.sources[hops[position].source_id or 0],
            position=position,
            chain=chain,
            through=chain[position + 1 :],
            passages=texts.passages_of(row),
        )

    @cached_property
    def _stories(self) -> dict[int, Story]:
        rows = Story.objects.filter(pk__in=self._news_ids).select_related("translation_of")
        return {story.pk: story for story in rows.defer("translation_of__body").order_by()}

    @cached_property
    def _relations(self) -> dict[int, list[StoryRelation]]:
        found: dict[int, list[StoryRelation]] = defaultdict(list)
        if self._wanted.sources:
            hops = RelationHop.objects.filter(
                source__in=list(self._wanted.sources), relation__story__in=self._news_ids
            )
            # Not as a join: relations are wide, and would have to be told apart again.
            of_them = kept.rows_of(self._news_ids).standing()
            for row in of_them.filter(pk__in=hops.values("relation")):
                found[row.story_id].append(row)
        return found

    @cached_property
    def _readings(self) -> dict[int, StoryReading]:
        rows = StoryReading.objects.filter(pk__in=self._news_ids).only("text", "claims")
        return {row.pk: row for row in rows}

    @cached_property
    def _uses(self) -> dict[int, list[Provenance]]:
        found: dict[int, list[Provenance]] = defaultdict(list)
        if self._wanted.items:
            of_them = Provenance.objects.filter(
                news_id__in=self._news_ids, item__in=list(self._wanted.items)
            )
            for use in of_them.select_related("item").defer("item__raw").order_by("pk"):
                if use.news_id is not None:
                    found[use.news_id].append(use)
        return found

    @cached_property
    def _agencies(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        if self._wanted.agencies:
            of_them = StoryAgency.objects.filter(
                story__in=self._news_ids, agency__in=list(self._wanted.agencies)
            )
            for news_id, name in of_them.order_by("sort_order", "pk").values_list(
                "story", "agency__name"
            ):
                found[news_id].append(name)
        return found


class _Texts:
    """The words of one story: what readers see or saw, and what the desk is writing."""

    def __init__(self, story: Story, reading: StoryReading | None) -> None:
        self._read = reading.text if reading is not None else ""
        self._claims = [(int(a), int(b)) for a, b in reading.claims] if reading is not None else []
        self.by_version: dict[str, str] = {}
        if story.live or story.last_published_at is not None:
            self.by_version["public"] = story_text.of(story).text
        if "public" not in self.by_version or story.has_unpublished_changes:
            draft = self._read or story_text.of(story).text
            if draft != self.by_version.get("public"):
                self.by_version["draft"] = draft

    def passages_of(self, row: StoryRelation) -> tuple[Passage, ...]:
        """Return the sentences that hold the relation's content, cue or source."""
        found: list[Passage] = []
        for version, text in self.by_version.items():
            finder = self._finders[version]
            parts = [
                finder.spans(stored)
                for stored in (row.content_spans, row.cue_spans, row.source_spans)
            ]
            content, *others = parts
            if content:
                spans = [*content, *(span for each in others for span in each or ())]
                found += _passages(version, text, around(spans, self._sentences[version]))
        return tuple(found)

    @cached_property
    def _finders(self) -> dict[str, kept.Finder]:
        return {name: kept.Finder(text, self._read) for name, text in self.by_version.items()}

    @cached_property
    def _sentences(self) -> dict[str, list[Span]]:
        return {
            name: sentences(text, self._claims if text == self._read else ())
            for name, text in self.by_version.items()
        }


def versions_of(found: Iterable[RestingStory]) -> dict[int, tuple[int, ...]]:
    """Return the stored versions (``Revision``) of each story that may carry it, oldest first.

    All of the story's, or, where it rests on received items alone, those since the first was
    taken in. Wagtail keeps no index of a story's versions: ask once for many stories.
    """
    since = {
        each.news_id: 0
        if each.relations or each.agencies
        else min((copy.revision_id or 0 for copy in each.copies), default=0)
        for each in found
    }
    versions: dict[int, list[int]] = {news_id: [] for news_id in since}
    rows = Revision.objects.filter(content_type=ContentType.objects.get_for_model(Story))
    for key, of in rows.order_by("pk").values_list("pk", "object_id").iterator():
        if key >= since.get(int(of), key + 1):
            versions[int(of)].append(key)
    return {news_id: tuple(keys) for news_id, keys in versions.items()}


def _passages(version: str, text: str, spans: Spans) -> Iterator[Passage]:
    return (Passage(version, span, text[slice(*span)]) for span in spans)


def _copy(use: Provenance, texts: Mapping[str, str]) -> RestingCopy:
    item = use.item
    erased = item.erased_at is not None
    return RestingCopy(
        item_id=item.pk,
        guid=item.guid,
        version=item.version,
        revision_id=use.revision_id,
        erased=erased,
        passages=() if erased else tuple(_taken_over(item, texts)),
    )


def _taken_over(item: ReceivedItem, texts: Mapping[str, str]) -> Iterator[Passage]:
    came = item.item
    words = [came.headline, came.lead, *plain_paragraphs(came)]
    whole = folded(" ".join(words))
    for version, text in texts.items():
        taken = tuple(span for span in sentences(text) if _stands_in(text[slice(*span)], whole))
        yield from _passages(version, text, taken)


def _stands_in(sentence: str, whole: str) -> bool:
    return folded(sentence) in whole or share([sentence], [whole]) >= _MOSTLY


def _visibility(story: Story) -> Visibility:
    if story.is_public():
        return Visibility.PUBLIC
    return Visibility.WITHDRAWN if story.is_gone() else Visibility.DRAFT
