"""What the forms of a story tell, read once for all sheets that are pressed together."""

from __future__ import annotations

from broadsheet.attribution import kept, shown, story_text
from broadsheet.attribution.models import Source, StoryReading
from broadsheet.attribution.shown import Shown, Station
from broadsheet.press.loading import loaded
from broadsheet.press.reading import once
from broadsheet.stories.models import Story


def shown_of(story: Story) -> Shown:
    """Return what readers may see of the sources of ``story``, as it stands."""
    known: dict[int, Shown] = once("attributions shown", dict)
    if story.news_id not in known:
        known[story.news_id] = shown.view(_found(story))
    return known[story.news_id]


def _found(story: Story) -> kept.ForReaders:
    if _was_read(story):
        return kept.for_readers(story)
    return kept.ForReaders(False, False, False, "", story_text.of(story), ())


def _was_read(story: Story) -> bool:
    """Tell whether the story was ever read for its sources; most of an archive was not."""
    known: dict[int, bool] = once("readings", dict)
    if story.news_id not in known:
        asked = {story.news_id, *(each.news_id for each in loaded())} - known.keys()
        read = set(StoryReading.objects.filter(pk__in=asked).values_list("pk", flat=True))
        known.update({news_id: news_id in read for news_id in asked})
    return known[story.news_id]


def is_document(station: Station) -> bool:
    """Tell whether a hop is a document, which says by itself what is written in it."""
    return station.source is not None and station.source.kind == Source.Kind.DOCUMENT
