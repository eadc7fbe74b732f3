"""The gate: what the paper stops at is not published, nor what an agency has withdrawn.

Every way to readers goes through ``Story.publish``, which asks here: the form's button, the
newsroom's own verb, an approval in the workflow, and the making of a schedule. Where no person
acts there is nobody to be told of a check: a schedule that comes due was checked when it was made,
and an import answers for itself. What an agency withdrew is stopped for all of them: the withdrawal
may have come after the schedule was made. Nothing here holds up what takes a story away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Revision

from broadsheet import prepared
from broadsheet.attribution import checks
from broadsheet.stories.models import Story
from broadsheet.stories.publication import PublicationStopped, about_to_publish
from broadsheet.wire.models import StoryAlert

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


# As much of an agency's words as a message has room for.
_MOST_SAID = 300


class StoppedByAlerts(PublicationStopped):
    """An agency withdrew copy that the story uses, and nobody has settled that yet."""

    def __init__(self, alerts: Sequence[StoryAlert]) -> None:
        super().__init__([_withdrawn(alert) for alert in alerts])
        self.alerts = tuple(alerts)


def _withdrawn(alert: StoryAlert) -> str:
    said = " ".join(alert.said.split())
    said = said if len(said) <= _MOST_SAID else f"{said[: _MOST_SAID - 1]}…"
    if said:
        reason = _("An agency withdrew copy that this story uses. It says: “%(said)s”")
    else:
        reason = _("An agency withdrew copy that this story uses.")
    how = _(
        "Take out what rests on it, then settle the alert at the head of the story’s form with a "
        "word on what was done."
    )
    return f"{reason % {'said': said}} {how}"


class StoppedByChecks(PublicationStopped):
    """What the checks found stops this version; ``report`` has it with its sentences."""

    def __init__(self, report: checks.Report) -> None:
        super().__init__([f"{finding.says} {finding.advice}" for finding in report.stops])
        self.report = report


def _takes_away(story: Story, revision: Revision) -> bool:
    # An embargo takes a story away from its readers, which nothing may hold up.
    return story.live and revision.as_object().embargo_in_force() is not None


def ask_the_alerts(story: Story, revision: Revision, **rest: Any) -> None:
    """Raise :class:`StoppedByAlerts` where an agency's withdrawal is open, whoever publishes."""
    alerts = prepared.objects(StoryAlert, _open_kills, story=story.pk)
    if alerts and not _takes_away(story, revision):
        raise StoppedByAlerts(alerts)


def _open_kills(story: int) -> QuerySet[StoryAlert]:
    return StoryAlert.objects.open().kills().filter(story=story)


def ask_the_checks(story: Story, revision: Revision, user: User | None, **rest: Any) -> None:
    """Raise :class:`StoppedByChecks` where a check stops ``revision``."""
    if user is None or _takes_away(story, revision):
        return
    report = checks.run(story, revision)
    if report.stops:
        raise StoppedByChecks(report)


def connect() -> None:
    """Stand at the gate from now on."""
    about_to_publish.connect(ask_the_alerts, sender=Story, dispatch_uid="newsroom.alerts")
    about_to_publish.connect(ask_the_checks, sender=Story, dispatch_uid="newsroom.checks")
