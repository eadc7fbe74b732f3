"""Whether a story takes letters: the desk's switch, and so many days after readers could see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from django.utils import timezone

from broadsheet.stories.models import Paper, Story


def closes_at(story: Story, paper: Paper) -> datetime | None:
    """Return when ``story`` stops taking letters; ``None`` while it was never published.

    Counted from its first publication, or from when this paper took it in where that is later:
    nobody could write to this paper about a story that was published elsewhere years ago.
    """
    if story.first_published_at is None:
        return None
    return _opened_at(story.first_published_at, story.created_at) + _open_for(paper)


def closing(paper: Paper, at: datetime, since: datetime) -> dict[int, datetime]:
    """Return the public stories that stopped taking letters between ``since`` and ``at``.

    By News ID, with the time it happened.
    """
    begin, end = since - _open_for(paper), at - _open_for(paper)
    rows = (
        Story.objects.public(at)
        .filter(comments_open=True, first_published_at__lte=end, created_at__lte=end)
        .order_by()
        .values_list("pk", "first_published_at", "created_at")
    )
    # Two questions, each answered by an index, where one with an OR would read every story.
    late = (rows.filter(first_published_at__gt=begin), rows.filter(created_at__gt=begin))
    return {
        news_id: _opened_at(published, taken_in) + _open_for(paper)
        for news_id, published, taken_in in chain.from_iterable(late)
    }


def _opened_at(published: datetime, taken_in: datetime) -> datetime:
    return max(published, taken_in)


def _open_for(paper: Paper) -> timedelta:
    return timedelta(days=paper.comments_open_days)


def is_open(story: Story, paper: Paper, at: datetime | None = None) -> bool:
    """Tell whether ``story`` takes letters at ``at`` (now).

    A page is pressed once and stands until something changes, so the server asks this again
    for every letter that comes in.
    """
    end = closes_at(story, paper)
    return story.comments_open and end is not None and end > (at or timezone.now())
