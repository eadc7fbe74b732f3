"""Put a story under an embargo, or lift the one it is under."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import log

from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


@transaction.atomic
def embargo(story: Story, until: datetime | None, *, user: User | None = None) -> None:
    """Hold ``story`` back until ``until`` (aware), or lift its embargo with ``None``.

    A story that readers can see is taken away from them at once and published again when the
    embargo ends. Lifting does not publish: a story that waited only for its embargo is put
    back among the drafts. ``user`` needs the permission to publish; without a user the caller
    answers for it. Raises ``PermissionDenied`` and, for a time that has passed, ``ValueError``.
    """
    if user is not None and not user.has_perm("stories.publish_story"):
        raise PermissionDenied("An embargo is set and lifted by those who may publish.")
    if until is not None and until <= timezone.now():
        raise ValueError("an embargo must end in the future; None lifts it")
    was_live = story.live
    before = story.embargo_until
    latest = story.get_latest_revision_as_object()
    if was_live and until is not None:
        UnpublishAction(story, user=user).execute(skip_permission_checks=True)
    story.refresh_from_db()
    story.revisions.update(approved_go_live_at=None)
    if latest.go_live_at is not None and latest.go_live_at in (before, story.go_live_at):
        latest.go_live_at = None
    for version in (story, latest):
        version.embargo_until = until
    story.go_live_at = None
    story.save(update_fields=["embargo_until", "go_live_at"])
    revision = latest.save_revision(user=user, clean=False)
    if was_live and until is not None:
        # Nothing may hold an embargo up; what readers had comes back when it ends.
        story.publish(revision, user=user, ask=False, skip_permission_checks=True)
    log(
        instance=story,
        action="stories.embargo" if until is not None else "stories.embargo.lift",
        user=user,
        data={
            "until": until.isoformat() if until is not None else None,
            "before": before.isoformat() if before is not None else None,
        },
        revision=revision,
    )
