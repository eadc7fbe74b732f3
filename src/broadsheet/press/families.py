"""Families: the same story in several languages, as far as readers may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from broadsheet import prepared
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
    rows = prepared.rows(_of_roots, roots=list(found), at=timezone.now())
    for news_id, headline, language, original in rows:
        for root in {news_id, original} & found.keys():
            found[root].append(Member(news_id, headline, language))
    # Asked for in parts, a story may be found twice.
    return {root: sorted({*members}, key=_in_order) for root, members in found.items()}


def _in_order(member: Member) -> tuple[str, int]:
    return member.language, member.news_id


def _of_roots(roots: Sequence[int], at: datetime) -> QuerySet[Story, Any]:
    rows = Story.objects.public(at).filter(Q(pk__in=roots) | Q(translation_of__in=roots))
    found: QuerySet[Story, Any] = rows.order_by().values_list(
        "pk", "headline", "language", "translation_of"
    )
    return found
