"""Where a story stands, in the desk's words, without a query for each row of a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, WorkflowState

from broadsheet.stories.models import Story
from broadsheet.wire.models import StoryAlert

LIVE, DRAFT, CHANGED = "live", "draft", "changed"
SCHEDULED, EMBARGOED = "scheduled", "embargoed"
EXPIRED, MODERATION = "expired", "moderation"
WITHDRAWN = "withdrawn"

LABELS: dict[str, Promise] = {
    LIVE: _("live"),
    DRAFT: _("draft"),
    CHANGED: _("newer draft"),
    SCHEDULED: _("scheduled"),
    EMBARGOED: _("embargoed"),
    EXPIRED: _("expired"),
    MODERATION: _("waiting for approval"),
    WITHDRAWN: _("copy withdrawn by the agency"),
}


def _of_story(queryset: QuerySet[Revision]) -> Exists:
    return Exists(
        queryset.filter(
            base_content_type=ContentType.objects.get_for_model(Story),
            object_id=Cast(OuterRef("pk"), CharField()),
        )
    )


def _versions_to_come() -> QuerySet[Revision]:
    return cast(QuerySet[Revision], Revision.objects.filter(approved_go_live_at__isnull=False))


def _are(few: QuerySet[Model]) -> Q:
    # Asked of every story of the archive, whether a version waits would take its time; few do.
    ids = few.filter(base_content_type=ContentType.objects.get_for_model(Story))
    return Q(pk__in=[int(each) for each in ids.values_list("object_id", flat=True)])


def scheduled() -> Q:
    """Return the condition that a version of the story is scheduled for publication.

    Which those are is looked up here and now: few at any time.
    """
    return _are(_versions_to_come())


def in_moderation() -> Q:
    """Return the condition that the story is on its way through the workflow, as of now."""
    return _are(WorkflowState.objects.active())


def withdrawn() -> Exists:
    """Return the condition that an agency withdrew copy of the story, which is not settled."""
    return Exists(StoryAlert.objects.open().kills().filter(story=OuterRef("pk")))


def with_status(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Add to each story what :func:`statuses` reads."""
    annotated = stories.annotate(
        _scheduled=_of_story(_versions_to_come()),
        _in_moderation=_of_story(WorkflowState.objects.active()),
        _withdrawn=withdrawn(),
    )
    return cast(QuerySet[Story], annotated)


def statuses(story: Story, at: datetime | None = None) -> list[str]:
    """Return every state that ``story``, read through :func:`with_status`, is in."""
    at = at or timezone.now()
    found = []
    if story.live:
        found.append(LIVE)
        if story.has_unpublished_changes:
            found.append(CHANGED)
    elif story.expired:
        found.append(EXPIRED)
    elif not story._scheduled:
        found.append(DRAFT)
    if story._scheduled:
        found.append(SCHEDULED)
    if story.embargo_until is not None and story.embargo_until > at:
        found.append(EMBARGOED)
    if story._in_moderation:
        found.append(MODERATION)
    if story._withdrawn:
        found.append(WITHDRAWN)
    return found


_CONDITIONS: dict[str, Callable[[], Q]] = {
    LIVE: lambda: Q(live=True),
    CHANGED: lambda: Q(live=True, has_unpublished_changes=True),
    DRAFT: lambda: Q(~scheduled(), live=False, expired=False),
    SCHEDULED: scheduled,
    EMBARGOED: lambda: Q(embargo_until__gt=timezone.now()),
    EXPIRED: lambda: Q(live=False, expired=True),
    MODERATION: in_moderation,
    WITHDRAWN: lambda: Q(withdrawn()),
}


def in_status(stories: QuerySet[Story], status: str) -> QuerySet[Story]:
    """Keep the stories that are in ``status``; raises ``KeyError`` for none of :data:`LABELS`."""
    return stories.filter(_CONDITIONS[status]())
