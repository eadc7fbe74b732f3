"""The pages of sources: who one is, what rests on it, and how much of that is second-hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_percent
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup

from broadsheet.attribution.models import Source
from broadsheet.attribution.reader_view import plot, resting
from broadsheet.attribution.reader_view.entries import PrintedClaim, Printer
from broadsheet.attribution.reader_view.resting import Figures
from broadsheet.attribution.shown import Claim, Shown
from broadsheet.press import dates, ledger, listings, summaries
from broadsheet.press.frame import Frame, frame_for
from broadsheet.press.render import render
from broadsheet.stories.languages import locale_of, own_language
from broadsheet.stories.models import Story


@dataclass(frozen=True)
class Listed:
    """A story on a source's page, with the claims in it that rest on the source, and how."""

    entry: summaries.Summary
    claims: tuple[tuple[PrintedClaim, Markup], ...]


def source_page(source: Source, stories: Sequence[tuple[Story, Shown]]) -> str:
    """Return the page of ``source``, on which ``stories`` rest, the newest first."""
    frame = frame_for(own_language())
    counted = resting.figures(source)
    months = _months(source.slug)
    with translation.override(frame.chrome):
        context = {
            "frame": frame,
            "canonical": source.get_absolute_url(),
            "source": source,
            "facts": _facts(source, frame),
            "stories": _listed(source, stories, frame),
            "share": _share(counted, frame) if counted.total else None,
            "whole": counted.whole,
            "counted": dates.numerals(counted.total, frame.chrome),
            "plot": plot.plot(counted, rtl=frame.direction == "rtl"),
            "period": lambda each: _period(each, frame),
            "size": (plot.WIDTH, plot.HEIGHT),
            "years": _by_year(source.slug, months, frame)
            if sum(count for _month, count in months) > len(stories)
            else [],
        }
    return render("attribution/source.html", context, language=own_language())


def month_page(source: Source, year: int, month: int, stories: Sequence[Story]) -> str:
    """Return the page of what rests on ``source`` among the stories of a month."""
    frame = frame_for(own_language())
    context = {
        "frame": frame,
        "canonical": month_address(f"{source.slug}/{year:04}-{month:02}"),
        "source": source,
        "month": dates.month_name(year, month, frame.chrome),
        "stories": summaries.of(stories, frame),
    }
    return render("attribution/source_month.html", context, language=own_language())


def month_address(key: str) -> str:
    """Return the address of what rests on a source in a month, by its sheet's key."""
    slug, _slash, month = key.rpartition("/")
    return f"/source/{slug}/{month.replace('-', '/')}/"


def _facts(source: Source, frame: Frame) -> list[str]:
    """Return what the register knows of a source, in words: its kind, its country, its agency."""
    facts = [source.get_kind_display()]
    if source.country:
        territories = locale_of(frame.chrome).territories
        facts.append(territories.get(source.country.upper(), source.country))
    if source.agency is not None:
        facts.append(_("sends this paper copy as %(agency)s") % {"agency": source.agency.printed})
    return [str(each) for each in facts]


def _listed(source: Source, stories: Sequence[tuple[Story, Shown]], frame: Frame) -> list[Listed]:
    entries = summaries.of([story for story, _shown in stories], frame)
    found = []
    for (story, shown), entry in zip(stories, entries, strict=True):
        printer = Printer(story, shown, frame.chrome, frame.zone, address=story.get_absolute_url())
        claims = [
            claim for claim in shown.facts() if any(hop.source == source for hop in claim.own)
        ]
        pairs = tuple((printer.claim(claim), _how(source, claim)) for claim in claims)
        found.append(Listed(entry, pairs))
    return found


def _how(source: Source, claim: Claim) -> Markup:
    """Return how a claim of ``source`` came: first-hand, from whom, or through whom."""
    place = next(n for n, hop in enumerate(claim.chain) if hop.source == source)
    before = [hop.name for hop in claim.chain[:place]][:1]
    after = [hop.name for hop in claim.chain[place + 1 :]]
    lost = _("(source lost in the copy)") if claim.chain[0].kind == "missing" else _("nobody named")
    names = {
        "origin": Markup("<bdi>{}</bdi>").format((before and before[0]) or lost),
        "outlets": Markup(" {} ")
        .format(pgettext("chain", "→"))
        .join(
            Markup("<bdi>{}</bdi>").format(name or _("(source lost in the copy)")) for name in after
        ),
    }
    if before and after:
        text = _("Second-hand: from %(origin)s, through %(outlets)s")
    elif before:
        text = _("Second-hand: from %(origin)s")
    elif after:
        text = _("Second-hand: through %(outlets)s")
    else:
        return Markup("{}").format(_("First-hand"))
    return Markup("{}").format(text) % names


def _share(counted: Figures, frame: Frame) -> tuple[str, str]:
    """Return the share of what is second-hand as a number, and in words."""
    share = counted.second_hand / counted.total
    percent = format_percent(share, locale=locale_of(frame.chrome), numbering_system="default")
    words = ngettext(
        "of its claims are second-hand: %(some)s of %(number)s.",
        "of its claims are second-hand: %(some)s of %(number)s.",
        counted.total,
    ) % {
        "some": dates.numerals(counted.second_hand, frame.chrome),
        "number": dates.numerals(counted.total, frame.chrome),
    }
    return dates.numerals(percent, frame.chrome), words


def _period(period: tuple[int, int], frame: Frame) -> str:
    year, month = period
    if month:
        return dates.month_name(year, month, frame.chrome)
    return dates.numerals(year, frame.chrome)


def _months(slug: str) -> list[tuple[str, int]]:
    """Return the months of a source as ISO 8601 writes them, each with how many stories it has."""
    dated = Story.objects.public().exclude(first_published_at=None).order_by("first_published_at")
    first = dated.values_list("first_published_at", flat=True).first()
    if first is None:
        return []
    zone = listings.zone()
    years = range(first.astimezone(zone).year, timezone.now().astimezone(zone).year + 1)
    keys = [f"{slug}/{year:04}-{month:02}" for year in years for month in range(1, 13)]
    return [(key.rpartition("/")[2], count) for key, count in ledger.tallies("source-month", keys)]


def _by_year(
    slug: str, months: Sequence[tuple[str, int]], frame: Frame
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for month, count in sorted(months, reverse=True):
        year, number = month.split("-")
        name = dates.month_name(int(year), int(number), frame.chrome)
        link = (name, month_address(f"{slug}/{month}"), dates.numerals(count, frame.chrome))
        found.setdefault(dates.numerals(year, frame.chrome), []).append(link)
    return list(found.items())
