"""The sources under a story, and the marks of their claims in its body."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup

from broadsheet.attribution.reader_view import known
from broadsheet.attribution.reader_view.entries import Printer, numbers
from broadsheet.attribution.reader_view.marking import Mark, Marker
from broadsheet.attribution.shown import Count, Shown, State
from broadsheet.press import dates
from broadsheet.press.frame import frame_for
from broadsheet.stories.languages import locale_of
from broadsheet.stories.models import Story


def story_part(story: Story) -> Markup:
    """Return the sources' part of a story's page: a list that needs no script.

    A story that is not saved yet, as in a preview, has none.
    """
    if story.pk is None:
        return Markup()
    shown = known.of(story)
    frame = frame_for(story.language)
    if shown.state is State.NOT_RECORDED:
        return _not_recorded(frame.chrome)
    count = shown.count()
    env: Any = engines["jinja2"]
    with translation.override(frame.chrome):
        html = env.env.get_template("attribution/part.html").render(
            ways=Printer(story, shown, frame.chrome, frame.zone).ways(shown.claims),
            summary=_summary(count, frame.chrome),
            unknown=_unknown(count, frame.chrome),
            notice=_notice(shown, frame.chrome),
            language=story.language,
            chrome=frame.chrome,
            arrow="←" if frame.direction == "rtl" else "→",
        )
    return Markup(html)  # noqa: S704 - drawn by an escaping template


# Of a whole archive that was never read for its sources, the part is the same.
@lru_cache(maxsize=64)
def _not_recorded(chrome: str) -> Markup:
    env: Any = engines["jinja2"]
    with translation.override(chrome):
        html = env.env.get_template("attribution/part.html").render(
            ways=(), summary="", unknown="", notice=_("Source not recorded")
        )
    return Markup(html)  # noqa: S704 - drawn by an escaping template


def marker(story: Story) -> Marker | None:
    """Return what marks the claims in the body of ``story``; ``None`` where it shows none."""
    if story.pk is None:
        return None
    shown = known.of(story)
    ways = numbers(shown)
    marks = [
        Mark(claim.number, ways[claim.way], claim.relation.content, claim.decided)
        for claim in shown.every()
    ]
    if not marks:
        return None
    chrome = frame_for(story.language).chrome
    return Marker(shown.text, marks, chrome)


def _summary(count: Count, chrome: str) -> str:
    """Return how many outlets and origins stand behind the facts; nothing where there are none."""
    if not count.outlets:
        return ""
    outlets = ngettext("%(number)s outlet", "%(number)s outlets", count.outlets)
    origins = ngettext("%(number)s origin", "%(number)s origins", count.origins)
    return pgettext("outlets, origins", "%(outlets)s, %(origins)s") % {
        "outlets": outlets % {"number": dates.numerals(count.outlets, chrome)},
        "origins": origins % {"number": dates.numerals(count.origins, chrome)},
    }


def _unknown(count: Count, chrome: str) -> str:
    if not count.unknown:
        return ""
    return ngettext(
        "Of %(number)s claim the origin is not known.",
        "Of %(number)s claims the origin is not known.",
        count.unknown,
    ) % {"number": dates.numerals(count.unknown, chrome)}


def _notice(shown: Shown, chrome: str) -> str:
    """Return what must be said beside the list, or in its place."""
    if shown.claims:
        return _doubt(shown)
    match shown.state:
        case State.NOT_RECORDED:
            return _("Source not recorded")
        case State.NOT_ANALYSED:
            name = locale_of(shown.text.language).get_display_name(chrome)
            return _("Not analysed: sources are not read in this language (%(language)s).") % {
                "language": name or shown.text.language
            }
        case State.REVIEWED:
            return _("Reviewed: this story attributes nothing to a source.")
        case State.UNREVIEWED:
            return _("The sources of this story have not been reviewed yet.")


def _doubt(shown: Shown) -> str:
    if shown.state == State.REVIEWED:
        return ""
    if any(not claim.decided for claim in shown.every()):
        return _("What is marked as unreviewed was found by a program and confirmed by nobody.")
    return _("The review of these sources is not finished.")
