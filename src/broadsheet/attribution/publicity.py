"""What readers see of attributions is pressed again when it changes.

A story's own page and its machine-readable forms, and the page of each source it rests on: those
of its dependents (``press.dependents``) whose kind shows sources. Orders are part of the caller's
transaction and pressed after it (``press.actions.order``).
"""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.attribution.models import Source
from broadsheet.attribution.reader_view import resting
from broadsheet.press import actions as press
from broadsheet.press import dependents, ledger
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet, kinds
from broadsheet.stories.models import Story

# A story's page and ninjs carry its sources; the others are this room's own kinds of sheets.
_OF_THE_STORY = frozenset({"story", "ninjs", "attributions"})
_OF_A_SOURCE = frozenset({"source", "source-month"})
# A source may stand behind thousands of stories: the worker's business.
_MANY = -6
_AT_ONCE = 500


def order_story(story: Story, *, left: Iterable[Source] = ()) -> None:
    """Have what shows the sources of ``story`` pressed, where readers see or saw the story.

    ``left`` are sources that it rested on until now.
    """
    own = Sheet("story", str(story.news_id))
    if not story.is_public() and not ledger.known({own}):
        return
    sheets = {
        sheet
        for sheet in dependents.of(story) | ledger.shown_on("story", [own.key])
        if sheet.kind in _OF_A_SOURCE or (sheet.kind in _OF_THE_STORY and sheet.key == own.key)
    }
    sheets |= {sheet for source in left for sheet in resting.sheets_of_source(source.slug, story)}
    # All of a month's stories that rest on a source: nobody waits for those.
    months = {sheet for sheet in sheets if sheet.kind == "source-month"}
    press.order(sheets - months)
    press.order(months, priority=_MANY)


def order_sources(sources: Iterable[Source]) -> None:
    """Have the pages of ``sources`` pressed, and, by the worker, all stories that name them."""
    sources = list(sources)
    order_slugs([source.slug for source in sources])
    months = {Sheet("source-month", key) for key in resting.all_months(sources)}
    press.order(months, priority=_MANY)
    ids = Story.objects.filter(relations__hops__source__in=sources).distinct()
    keys = list(ids.order_by("-pk").values_list("pk", flat=True))
    known = {kind.name for kind in kinds()} & _OF_THE_STORY
    for start in range(0, len(keys), _AT_ONCE):
        some = [str(key) for key in keys[start : start + _AT_ONCE]]
        pressed = ledger.known({Sheet("story", key) for key in some})
        press.order({Sheet(kind, sheet.key) for sheet in pressed for kind in known}, priority=_MANY)


def order_slugs(slugs: Iterable[str]) -> None:
    """Have the pages at ``/source/<slug>/`` pressed, or taken away, with those of its months."""
    for slug in slugs:
        press.order([Sheet("source", slug)])
        keys = PressedFile.objects.filter(kind="source-month", key__startswith=f"{slug}/")
        months = {Sheet("source-month", key) for key in keys.values_list("key", flat=True)}
        press.order(months, priority=_MANY)
