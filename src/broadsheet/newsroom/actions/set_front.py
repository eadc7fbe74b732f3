"""Choose and order the stories of a front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from broadsheet.stories.models import Front, FrontPlacement, Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


@transaction.atomic
def set_front(front: Front, stories: Sequence[Story], *, user: User | None = None) -> None:
    """Make ``stories``, in this order and each once, what the desk chose for ``front``.

    What else the front shows fills by recency when it is pressed. ``user`` needs the permission
    to change fronts; without a user the caller answers for it. Raises ``PermissionDenied``.
    """
    if user is not None and not user.has_perm("stories.change_front"):
        raise PermissionDenied("You may not change fronts.")
    front.placements.set(
        [
            FrontPlacement(story=story, sort_order=position)
            for position, story in enumerate(dict.fromkeys(stories))
        ]
    )
    front.save()
    log(
        instance=front,
        action="stories.front.set",
        user=user,
        data={"news_ids": [story.news_id for story in dict.fromkeys(stories)]},
    )
