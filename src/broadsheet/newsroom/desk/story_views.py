"""The pages that save and publish a story, which say when a planned one appears."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import CreateView, EditView
from wagtail.utils.timestamps import render_timestamp

from broadsheet.newsroom.desk.checking import AsksTheChecks
from broadsheet.stories.models import Story


class _SaysWhen:
    """Tells Wagtail's view what became of a story that it published.

    Wagtail looks at the form for a schedule. Where an embargo asks for one it is made while the
    story is published, so that the form knows nothing of it.
    """

    object: Story
    action: str

    def publish_action(self) -> Any:
        """Publish, and look at what was stored."""
        response = super().publish_action()  # type: ignore[misc]
        if (when := self._planned_for()) is not None:
            self.object.go_live_at = when
            self.object.live = Story.objects.values_list("live", flat=True).get(pk=self.object.pk)
        return response

    def get_success_message(self, instance: Story | None = None) -> str:
        """Return Wagtail's message, and from when readers see what was published or approved."""
        message = str(super().get_success_message(instance))  # type: ignore[misc]
        if self.action not in {"publish", "workflow-action"}:
            return message
        if (when := self._planned_for()) is None:
            return message
        appears = _("Readers will see this version from %(time)s.")
        return f"{message} {appears % {'time': render_timestamp(when)}}"

    def _planned_for(self) -> datetime | None:
        # Not `scheduled_revision`, which remembers how it was before.
        planned = self.object.revisions.filter(approved_go_live_at__isnull=False)
        at: datetime | None = planned.values_list("approved_go_live_at", flat=True).first()
        return at


class StoryCreateView(AsksTheChecks, _SaysWhen, CreateView):
    """The form of a new story."""


class StoryEditView(AsksTheChecks, _SaysWhen, EditView):
    """The form of a story that is there."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Lead to who stands behind what the story says."""
        url = reverse("newsroom_claims", args=[self.object.pk])
        return [HeaderButton(_("Sources"), url=url, icon_name="openquote")]
