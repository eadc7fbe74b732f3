"""Publish what a story says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


def publish(story: Story, *, user: User | None = None) -> None:
    """Keep ``story`` as a new version and publish it, or schedule it where an embargo holds.

    Permission and log are Wagtail's (``PublishRevisionAction``), the embargo is the story's
    own. Without a user the caller answers for it. Raises ``PermissionDenied``, for a story that is
    not complete ``ValidationError``, and ``PublicationStopped`` where one of the paper's checks
    stops it (``newsroom.gate``); the version is kept then.
    """
    revision = story.save_revision(user=user, log_action=True)
    story.publish(revision, user=user)
