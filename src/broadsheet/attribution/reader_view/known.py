"""What stories show of their sources, read once for all that are pressed together."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.attribution import kept, shown
from broadsheet.attribution.models import Source, StoryReading
from broadsheet.press import loading
from broadsheet.press.reading import once
from broadsheet.stories.models import Story


def of(story: Story) -> shown.Shown:
    """Return what ``story``, which must have been saved, shows of its sources."""
    return of_all([story])[story.pk]


def of_all(stories: Iterable[Story]) -> dict[int, shown.Shown]:
    """Return what each of ``stories`` shows, by News ID.

    Within one reading (``press.reading``) that is asked once for every whole story loaded so far.
    """
    stories = list(stories)
    known: dict[int, shown.Shown] = once("attributions shown", dict)
    missing = {story.pk: story for story in stories if story.pk not in known}
    if missing:
        missing.update({each.pk: each for each in loading.loaded() if each.pk not in known})
        found = kept.all_for_readers(list(missing.values()))
        known.update({key: shown.view(each) for key, each in found.items()})
    return {story.pk: known[story.pk] for story in stories}


def was_read(story: Story) -> bool:
    """Tell whether ``story``, which must have been saved, was ever looked at for its sources.

    Within one reading that is asked once for every whole story loaded so far.
    """
    seen: dict[int, shown.Shown] = once("attributions shown", dict)
    if story.pk in seen:
        return seen[story.pk].state is not shown.State.NOT_RECORDED
    known: dict[int, bool] = once("stories looked at", dict)
    if story.pk not in known:
        asked = {story.pk, *(each.pk for each in loading.loaded())} - known.keys()
        known.update(dict.fromkeys(asked, False))
        rows = StoryReading.objects.filter(pk__in=asked).values_list("pk", flat=True)
        known.update(dict.fromkeys(rows, True))
    return known[story.pk]


def of_source(stories: Iterable[Story], source: Source) -> dict[int, shown.Shown]:
    """Return what each of ``stories`` shows that rests on ``source``, by News ID."""
    found = kept.all_for_readers(list(stories), resting_on=source)
    return {key: shown.view(each) for key, each in found.items()}
