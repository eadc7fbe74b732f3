"""What a story was at the system it comes from is what it becomes here."""

from __future__ import annotations

from typing import Literal

from django.utils import timezone

from broadsheet.stories.models import Story
from broadsheet.wire.items import WireItem

Fate = Literal["publish", "schedule", "keep"]


def fate_of(item: WireItem) -> Fate:
    """Return what is to be done with the story of ``item``, which has a stage of its own."""
    if item.stage == "scheduled" and item.published and item.published > timezone.now():
        return "schedule"
    # What was to be published at a time that has passed is published, as WordPress does.
    return "publish" if item.stage in {"published", "scheduled"} and item.published else "keep"


def set_times(story: Story, item: WireItem) -> None:
    """Give a new ``story`` the times of its stage: what never was published has no such time."""
    match fate_of(item):
        case "schedule":
            story.go_live_at = item.published
        case "keep" if item.stage not in {"", "private"}:
            story.first_published_at = None


def remarks_on(item: WireItem) -> tuple[str, ...]:
    """Return what the desk should know of the stage of ``item``."""
    match item.stage:
        case "private":
            return ("It was private there; here it is a draft.",)
        case "trashed":
            return ("It was in the trash there; here it is a draft.",)
        case "pending":
            return ("It waited for review there; here it is a draft.",)
        case "scheduled":
            return ("It was scheduled for no time; it is a draft.",)
        case _:
            return ()
