"""The gate: a version in which a check finds what the paper stops at is not published.

Every way to readers goes through ``Story.publish``, which asks here: the form's button, the
newsroom's own verb, an approval in the workflow, and the making of a schedule. Where no person
acts there is nobody to be told: a schedule that comes due was checked when it was made, and an
import answers for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Revision

from broadsheet.attribution import checks
from broadsheet.stories.models import Story
from broadsheet.stories.publication import PublicationStopped, about_to_publish

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


class StoppedByChecks(PublicationStopped):
    """What the checks found stops this version; ``report`` has it with its sentences."""

    def __init__(self, report: checks.Report) -> None:
        super().__init__([f"{finding.says} {finding.advice}" for finding in report.stops])
        self.report = report


def ask_the_checks(story: Story, revision: Revision, user: User | None, **_: Any) -> None:
    """Raise :class:`StoppedByChecks` where a check stops ``revision``."""
    if user is None:
        return
    # An embargo takes a story away from its readers, which nothing may hold up.
    if story.live and revision.as_object().embargo_in_force() is not None:
        return
    report = checks.run(story, revision)
    if report.stops:
        raise StoppedByChecks(report)


def connect() -> None:
    """Stand at the gate from now on."""
    about_to_publish.connect(ask_the_checks, sender=Story, dispatch_uid="newsroom.checks")
