"""How far a story's text has been read for its claims, in the desk's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.attribution import reasons
from broadsheet.attribution.models import StoryReading
from broadsheet.newsroom.claims.listing import Overview
from broadsheet.newsstand import heartbeat, nodes

State = StoryReading.State
# A text takes a second or two; the first one also starts the reader.
_SOON_S = 60


@dataclass(frozen=True)
class Told:
    """``sentence`` says how things stand, ``advice`` what can be done about it.

    ``level`` is one of Wagtail's for messages. ``waits`` tells that it will change by itself,
    ``ask`` is the label of a button that has the text read, if one is of use.
    """

    level: str
    sentence: str
    advice: str = ""
    waits: bool = False
    ask: str = ""


def told(seen: Overview) -> Told:
    """Return how far the text of a story has been read."""
    reading = seen.reading
    if reading is None:
        return Told(
            "info",
            _("This text was never read for its sources: they are not recorded."),
            ask=_("Read it now"),
        )
    if reading.state == State.WAITING:
        return _waiting(reading)
    if reading.state == State.NOT_ANALYSED:
        return Told(
            "warning",
            _("This text was not analysed: %(reason)s") % {"reason": reasons.told(reading.reason)},
            _("That does not mean that nobody stands behind it. Add its claims by hand."),
            ask=_("Read again"),
        )
    if reading.state == State.FAILED:
        return Told(
            "error",
            _("This text could not be read: %(reason)s") % {"reason": reasons.told(reading.reason)},
            ask=_("Read again"),
        )
    if not seen.every:
        return Told("info", _("The text was read; nobody is said to stand behind any of it."))
    return Told("success", "")


def _waiting(reading: StoryReading) -> Told:
    beat = heartbeat.read()
    reads = (beat is not None and beat.alive) or any(node.alive for node in nodes.known())
    since = (timezone.now() - reading.waiting_since).total_seconds()
    if not reads:
        return Told(
            "warning",
            _("This text waits to be read, and no worker runs that would."),
            _("`broadsheet serve` and `broadsheet worker` start one."),
            waits=True,
        )
    ahead = StoryReading.objects.waiting().filter(waiting_since__lt=reading.waiting_since).count()
    if ahead:
        return Told(
            "info",
            ngettext(
                "This text waits to be read; %d other comes before it.",
                "This text waits to be read; %d others come before it.",
                ahead,
            )
            % ahead,
            waits=True,
        )
    if since < _SOON_S:
        return Told("info", _("This text is being read; suggestions appear here."), waits=True)
    return Told("info", _("This text waits to be read."), waits=True)
