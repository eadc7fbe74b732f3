"""Families: the same story in several languages, as far as readers may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from broadsheet.press.loading import loaded
from broadsheet.press.reading import once
from broadsheet.stories.models import Story


class Member(NamedTuple):
    """A public story of a family."""

    news_id: int
    headline: str
    language: str


def translations(story: Story) -> list[Member]:
    """Return the public stories that are the same in another language, ``story`` left out.

    Those of all stories that are pressed together are read at once. A story that was never saved
    has none.
    """
    root = _root(story)
    if root is None:
        return []
    known: dict[int, list[Member]] = once("families", dict)
    if root not in known:
        known.update(_read({root, *(_root(each) for each in loaded())} - {None, *known}))
    return [member for member in known[root] if member.news_id != story.news_id]


def _root(story: Story) -> int | None:
    """Return the News ID of what ``story`` translates, or its own."""
    root: int | None = story.translation_of_id or story.news_id
    return root


def _read(roots: Iterable[int | None]) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {root: [] for root in roots if root is not None}
    rows = Story.objects.public().filter(Q(pk__in=found) | Q(translation_of__in=found))
    for news_id, headline, language, original in rows.order_by("language", "pk").values_list(
        "pk", "headline", "language", "translation_of"
    ):
        for root in {news_id, original} & found.keys():
            found[root].append(Member(news_id, headline, language))
    return found
