"""What the desk is told of the checks when a story is published, approved or planned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.snippets.views.snippets import (
    CollectWorkflowActionDataView,
    WorkflowActionView,
)

from broadsheet.attribution import arrivals, checks
from broadsheet.attribution.models import StoryReading
from broadsheet.newsroom.gate import StoppedByAlerts, StoppedByChecks
from broadsheet.stories.models import Story
from broadsheet.stories.publication import PublicationStopped


def sources_url(story: Story | int) -> str:
    """Return where the sources of ``story`` are decided on, empty where no page does that."""
    try:
        return reverse("newsroom_claims", args=[story.pk if isinstance(story, Story) else story])
    except NoReverseMatch:
        return ""


def edit_url(story: Story) -> str:
    """Return the address of the form of ``story``."""
    return reverse(Story.snippet_viewset.get_url_name("edit"), args=[story.pk])


def rows(report: checks.Report) -> list[dict[str, Any]]:
    """Return what the templates show of each finding, what stops publication first."""
    return [
        {
            "finding": finding,
            "stops": finding in report.stops,
            "sentences": report.quoted(finding),
            "more": report.not_quoted(finding),
        }
        for finding in report.findings
    ]


def told(report: checks.Report, story: Story, heading: str) -> str:
    """Return ``heading`` and every finding with its sentences, as HTML for a message."""
    context = {"heading": heading, "rows": rows(report), "story": story}
    return render_to_string("newsroom/sources/message.html", context)


def say_stopped(request: HttpRequest, story: Story, stopped: PublicationStopped) -> HttpResponse:
    """Tell why ``story`` was not published, and return to its form."""
    heading = _("“%(headline)s” was not published. It is kept as a draft.")
    heading %= {"headline": story.headline}
    if isinstance(stopped, StoppedByChecks):
        if stopped.report.waits:
            _have_read(story)
        only_stops = checks.Report(stopped.report.text, stops=stopped.report.stops)
        messages.error(request, told(only_stops, story, heading), buttons=_buttons(story))
        return redirect(edit_url(story))
    alerts = stopped.alerts if isinstance(stopped, StoppedByAlerts) else ()
    buttons = [
        messages.button(reverse("newsroom_wire_alert", args=[alert.pk]), _("See and settle"))
        for alert in alerts
    ]
    messages.error(request, " ".join([heading, *stopped.messages]), buttons=buttons)
    return redirect(edit_url(story))


def say_warnings(request: HttpRequest, story: Story) -> None:
    """Tell what the checks found in a version that was published all the same."""
    report = checks.run(story)
    if not report.findings:
        return
    heading = _("The checks say of the sources of “%(headline)s”:")
    said = told(report, story, heading % {"headline": story.headline})
    messages.warning(request, said, buttons=_buttons(story))


def _buttons(story: Story) -> list[Any]:
    url = sources_url(story)
    return [messages.button(url, _("Sources"))] if url else []


def _have_read(story: Story) -> None:
    reading = StoryReading.objects.filter(pk=story.pk).first()
    if reading is None or reading.state != StoryReading.State.WAITING:
        arrivals.ask_for(story)


class AsksTheChecks:
    """A form whose publication may be stopped; the words are kept, and it is said why."""

    request: HttpRequest
    object: Story

    def publish_action(self) -> Any:
        """Publish, unless a check stops it."""
        return self._unless_stopped(super().publish_action)  # type: ignore[misc]

    def workflow_action_action(self) -> Any:
        """Do what the workflow asks for, unless a check stops the publication it ends with."""
        return self._unless_stopped(super().workflow_action_action)  # type: ignore[misc]

    def _unless_stopped(self, act: Callable[[], Any]) -> Any:
        try:
            # What a workflow wrote before it came to publishing is taken back.
            with transaction.atomic():
                response = act()
        except PublicationStopped as stopped:
            return say_stopped(self.request, self.object, stopped)
        if Story.objects.get(pk=self.object.pk).latest_revision_id == _published(self.object):
            say_warnings(self.request, self.object)
        return response


def _published(story: Story) -> int | None:
    """Return the version that readers see, or will."""
    planned = story.revisions.filter(approved_go_live_at__isnull=False).values_list("pk", flat=True)
    live: int | None = Story.objects.values_list("live_revision", flat=True).get(pk=story.pk)
    return planned.first() or live


class _ToldBefore:
    """A window of the workflow that shows what the checks say before one approves."""

    template_name = "newsroom/sources/workflow_action.html"
    object: Story

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the window's context, with the findings."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        report = checks.run(self.object)
        return {**context, "rows": rows(report), "sources_url": sources_url(self.object)}


class StoryWorkflowActionView(_ToldBefore, WorkflowActionView):
    """Approving and sending back a story from where it waits."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Do it, unless a check stops the publication it ends with."""
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except PublicationStopped as stopped:
            response = say_stopped(request, self.object, stopped)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                step = {"step": "success", "redirect": edit_url(self.object)}
                return self.render_modal_json(request, step)
            return response


class StoryWorkflowWordsView(_ToldBefore, CollectWorkflowActionDataView):
    """The same window, where the form is saved with the decision."""
