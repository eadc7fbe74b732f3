"""What the checks say of a story, on its form; asked for again after each save."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import Panel

from broadsheet.attribution import checks
from broadsheet.newsroom.claims.panel import ASKED_AGAIN
from broadsheet.newsroom.desk import checking
from broadsheet.stories.models import Story


class ChecksPanel(Panel):
    """The findings, with their sentences; nothing where there are none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Checks before publication"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The panel on one story's form."""

        template_name = "newsroom/sources/checks_panel.html"

        @property
        def media(self) -> forms.Media:
            """The script that asks again."""
            return forms.Media(js=[ASKED_AGAIN])

        @cached_property
        def found(self) -> dict[str, Any]:
            """What the template of the findings is drawn from."""
            return _context(self.instance)


def _context(story: Story) -> dict[str, Any]:
    if not story.pk:
        return {"story": story, "rows": [], "waits": False}
    report = checks.run(story)
    return {
        "story": story,
        "rows": checking.rows(report),
        "waits": report.waits,
        "stops": len(report.stops),
        "sources_url": checking.sources_url(story),
    }


def findings(request: HttpRequest, news_id: int) -> HttpResponse:
    """Answer with what the checks say of the newest version of a story."""
    if not request.user.has_perm("stories.change_story"):
        raise PermissionDenied
    story = get_object_or_404(Story, pk=news_id)
    return render(request, "newsroom/sources/checks.html", _context(story))


@hooks.register("register_admin_urls")
def checks_address() -> list[URLPattern]:
    """Serve the findings to the form."""
    return [path("stories/checks/<int:news_id>/", findings, name="newsroom_checks")]
