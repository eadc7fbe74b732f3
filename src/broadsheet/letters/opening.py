"""Whether a story takes letters: the desk's switch, and so many days after its publication."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from broadsheet.stories.models import Paper, Story


def closes_at(story: Story, paper: Paper) -> datetime | None:
    """Return when ``story`` stops taking letters; ``None`` while it was never published."""
    if story.first_published_at is None:
        return None
    return story.first_published_at + timedelta(days=paper.comments_open_days)


def is_open(story: Story, paper: Paper, at: datetime | None = None) -> bool:
    """Tell whether ``story`` takes letters at ``at`` (now).

    A page is pressed once and stands until something changes, so the server asks this again
    for every letter that comes in.
    """
    end = closes_at(story, paper)
    return story.comments_open and end is not None and end > (at or timezone.now())
