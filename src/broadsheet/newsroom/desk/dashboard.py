"""The first page of the newsroom: what somebody who comes in wants to know."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from broadsheet.newsroom.desk import status
from broadsheet.newsroom.desk.outage_panel import OutagesPanel
from broadsheet.newsroom.desk.story_list import headline, status_tags
from broadsheet.newsroom.wire_desk.alerts import AlertsPanel
from broadsheet.newsroom.wire_desk.channels import ChannelsInTrouble
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Story

# How many rows a panel shows; the list of stories has the rest.
ROWS = 8
# As many are looked through one by one.
_FEW = 1_000


def _unfinished() -> QuerySet[Story]:
    halves = Q(live=False, expired=False), Q(live=True, has_unpublished_changes=True)
    # Named one by one where they are few: the database would rather begin with every version
    # that somebody who has been here for years ever wrote. Each half has an index, both have none.
    few = {
        number
        for half in halves
        for number in Story.objects.filter(half).order_by().values_list("pk", flat=True)[: _FEW + 1]
    }
    return Story.objects.filter(Q(pk__in=few) if len(few) <= _FEW else halves[0] | halves[1])


class StoriesPanel(Component):
    """A short list of stories; absent where it would be empty or the viewer may not write."""

    template_name = "newsroom/dashboard_stories.html"
    heading: str | Promise = ""
    name = ""

    @abstractmethod
    def stories(self, user: Any) -> QuerySet[Story]:
        """Return the stories to show to ``user``, the most urgent first."""

    @abstractmethod
    def at(self, story: Story) -> datetime | None:
        """Return the time to show beside ``story``."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rows for whoever looks."""
        user = parent_context["request"].user
        stories: Iterable[Story] = ()
        if user.has_perm("stories.change_story"):
            stories = (
                status.with_status(self.stories(user))
                .select_related("section", "latest_revision")
                .defer("body", "lead", "latest_revision__content")[:ROWS]
            )
        edit = Story.snippet_viewset.get_url_name("edit")
        rows = [
            {
                "headline": headline(story),
                "section": story.section,
                "status": status_tags(story),
                "at": self.at(story),
                "url": reverse(edit, args=[story.pk]),
            }
            for story in stories
        ]
        return {"stories": rows, "heading": self.heading, "id": f"newsroom-{self.name}"}


class MyDraftsPanel(StoriesPanel):
    """What the viewer last worked on and has not published."""

    name = "my-drafts"
    heading = _("Your drafts")
    order = 110

    def stories(self, user: Any) -> QuerySet[Story]:
        """Return unpublished work whose newest version is the viewer's."""
        return (
            _unfinished()
            .filter(
                # What waits for its time or for an editor stands in panels of its own.
                ~status.scheduled(),
                ~status.in_moderation(),
                latest_revision__user=user,
            )
            .order_by("-latest_revision__created_at")
        )

    def at(self, story: Story) -> datetime | None:
        """Return when it was last saved."""
        return story.latest_revision.created_at if story.latest_revision else None


class WaitingPanel(StoriesPanel):
    """What comes by itself: scheduled stories and embargoed ones."""

    name = "waiting"
    heading = _("Scheduled and embargoed")
    order = 230

    def stories(self, user: Any) -> QuerySet[Story]:
        """Return what waits for its time, the next first."""
        now = timezone.now()
        return Story.objects.filter(
            Q(go_live_at__gt=now, live=False) | Q(embargo_until__gt=now) | status.scheduled()
        ).order_by("go_live_at")

    def at(self, story: Story) -> datetime | None:
        """Return when it comes."""
        return story.go_live_at or story.embargo_until


class JustPublishedPanel(StoriesPanel):
    """What readers got last."""

    name = "just-published"
    heading = _("Just published")
    order = 240

    def stories(self, user: Any) -> QuerySet[Story]:
        """Return public stories, the newest first."""
        return Story.objects.public().newest_first()

    def at(self, story: Story) -> datetime | None:
        """Return when it was first published."""
        return story.first_published_at


class PressFailuresPanel(Component):
    """Pages that the press tried and could not make."""

    template_name = "newsroom/dashboard_press.html"
    order = 105

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the failed orders for those who may publish."""
        user = parent_context["request"].user
        orders: Iterable[PressOrder] = ()
        if user.has_perm("stories.publish_story"):
            orders = PressOrder.objects.exclude(last_error="").order_by("-attempts")[:ROWS]
        return {"orders": orders}


def panels() -> list[Component]:
    """Return the newsroom's own panels; Wagtail's for the workflow stand between them."""
    return [
        OutagesPanel(),
        AlertsPanel(),
        ChannelsInTrouble(),
        PressFailuresPanel(),
        MyDraftsPanel(),
        WaitingPanel(),
        JustPublishedPanel(),
    ]
