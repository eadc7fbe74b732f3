"""What stories show of their sources, read once for all that are pressed together."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.attribution import kept, shown
from broadsheet.attribution.models import Source
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


def of_source(stories: Iterable[Story], source: Source) -> dict[int, shown.Shown]:
    """Return what each of ``stories`` shows that rests on ``source``, by News ID."""
    found = kept.all_for_readers(list(stories), resting_on=source)
    return {key: shown.view(each) for key, each in found.items()}
