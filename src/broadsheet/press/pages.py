"""The pages a reader sees, each as a whole document.

Every function takes what the page shows and returns its HTML. What stands on which list, and
where the page is kept, is decided elsewhere (``press.listings``, the kinds of sheets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.conf import settings

from broadsheet.accounts.models import Byline
from broadsheet.press import bodies, dates, jsonld, photos, summaries
from broadsheet.press.frame import Frame, Link, frame_for, front_url
from broadsheet.press.listings import ON_A_FRONT
from broadsheet.press.render import render
from broadsheet.press.story_pages import preview_page, story_page
from broadsheet.press.summaries import Entry
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Section, StandingPage, Topic

__all__ = [
    "archive_page",
    "byline_page",
    "day_page",
    "front_page",
    "gone_page",
    "month_page",
    "not_found_page",
    "preview_page",
    "preview_standing_page",
    "standing_page",
    "story_page",
    "topic_page",
    "unavailable_page",
    "year_page",
]

# Beside the first story of a front, this many stand out from the rest.
_PROMINENT = 4
# A section's block on the front of the paper is two rows; the section's own front has the rest.
_BLOCK = 7
# A block with no more than these has room in half a row.
_HALF = 2


def _printed_day(stories: Sequence[Entry], frame: Frame) -> str:
    """Return the day of the newest story: what a pressed front can truly say of its date."""
    moments = [story.published for story in stories if story.published]
    if not moments:
        return ""
    return dates.weekday_and_day(max(moments).astimezone(frame.zone).date(), frame.page_language)


@dataclass(frozen=True)
class Block:
    """A section's block on the front of the paper; two that are not ``wide`` share a row."""

    section: Link
    stories: list[Entry]
    wide: bool


def _blocks(groups: Sequence[tuple[Link, list[Entry]]]) -> list[Block]:
    """Return the blocks of a front, where short ones that follow each other stand in pairs."""
    blocks: list[Block] = []
    for place, (section, stories) in enumerate(groups):
        following = groups[place + 1][1] if place + 1 < len(groups) else None
        closes_a_pair = bool(blocks) and not blocks[-1].wide and _narrow_at_end(blocks) % 2 == 1
        opens_a_pair = following is not None and len(following) <= _HALF
        wide = len(stories) > _HALF or not (closes_a_pair or opens_a_pair)
        blocks.append(Block(section, stories[:_BLOCK], wide))
    return blocks


def _narrow_at_end(blocks: Sequence[Block]) -> int:
    return len(list(takewhile(lambda block: not block.wide, reversed(blocks))))


def front_page(section: Section | None, language: str, news_ids: Sequence[int]) -> str:
    """Return the front of the paper, or of ``section``, with the public ones of these stories.

    ``news_ids`` are in their order on the page, and may be more than there is room for.
    """
    frame = frame_for(language)
    shown = summaries.listed(news_ids, frame)[:ON_A_FRONT]
    lead, prominent, rest = shown[:1], shown[1 : 1 + _PROMINENT], shown[1 + _PROMINENT :]
    path = f"section/{section.slug}/" if section is not None else ""
    context: dict[str, object] = {
        "frame": frame,
        "section": frame.section_of(section, language) if section is not None else None,
        "lead": lead[0] if lead else None,
        "prominent": prominent,
        "printed_day": _printed_day(shown, frame),
        "canonical": f"{frame.home}{path}",
        "alternates": [
            *((each, f"{front_url(each)}{path}") for each in settings.PAPER_LANGUAGES),
            ("x-default", f"/{path}"),
        ],
    }
    if section is None:
        context |= {
            "kind": "front",
            "title": f"{frame.name} – {frame.strapline}" if frame.strapline else frame.name,
            "description": frame.strapline,
            "feeds": (language,),
            "json_ld": jsonld.script(
                {"@context": "https://schema.org", **jsonld.organisation(frame)}
            ),
            "blocks": _blocks(summaries.by_section(rest, frame)),
        }
        return render("press/front.html", context, language=language)
    context |= {"feeds": (section.slug,), "rest": rest}
    return render("press/section.html", context, language=language)


def _list_page(template: str, frame: Frame, canonical: str, **context: object) -> str:
    whole = {"frame": frame, "canonical": canonical, **context}
    return render(template, whole, language=frame.language)


def topic_page(topic: Topic, news_ids: Sequence[int]) -> str | None:
    """Return the page of a topic with the public ones of these stories; ``None`` without any."""
    frame = frame_for(topic.language)
    stories = summaries.listed(news_ids, frame)
    if not stories:
        return None
    return _list_page(
        "press/topic.html",
        frame,
        topic.get_absolute_url(),
        topic=topic,
        stories=stories,
        feeds=(f"topic/{topic.slug}",),
    )


def byline_page(byline: Byline, news_ids: Sequence[int]) -> str | None:
    """Return the page of a byline with the public ones of these stories; ``None`` without any."""
    frame = frame_for(own_language())
    stories = summaries.listed(news_ids, frame)
    if not stories:
        return None
    return _list_page(
        "press/byline.html",
        frame,
        byline.get_absolute_url(),
        byline=byline,
        stories=stories,
    )


def day_page(day: date, news_ids: Sequence[int]) -> tuple[str, int]:
    """Return the page of the stories first published on ``day``, in the paper's zone.

    With it comes how many of ``news_ids`` are public and stand on it.
    """
    frame = frame_for(own_language())
    stories = summaries.listed(news_ids, frame)
    page = _list_page(
        "press/day.html",
        frame,
        f"/archive/{day:%Y/%m/%d}/",
        day=dates.weekday_and_day(day, frame.page_language),
        month=dates.month_name(day.year, day.month, frame.page_language),
        month_url=f"/archive/{day:%Y/%m}/",
        stories=stories,
    )
    return page, len(stories)


def month_page(year: int, month: int, days: Sequence[tuple[date, int]]) -> str:
    """Return the page of a month: its days, each with the number of stories."""
    frame = frame_for(own_language())
    return _list_page(
        "press/period.html",
        frame,
        f"/archive/{year:04}/{month:02}/",
        heading=dates.month_name(year, month, frame.page_language),
        up=(dates.numerals(year, frame.page_language), f"/archive/{year:04}/"),
        entries=[
            (dates.weekday_and_day(day, frame.page_language), f"/archive/{day:%Y/%m/%d}/", count)
            for day, count in days
        ],
    )


def year_page(year: int, months: Sequence[tuple[int, int]]) -> str:
    """Return the page of a year: its months, each with the number of stories."""
    frame = frame_for(own_language())
    return _list_page(
        "press/period.html",
        frame,
        f"/archive/{year:04}/",
        heading=dates.numerals(year, frame.page_language),
        up=None,
        entries=[
            (
                dates.month_name(year, month, frame.page_language),
                f"/archive/{year:04}/{month:02}/",
                count,
            )
            for month, count in months
        ],
    )


def archive_page(years: Sequence[tuple[int, int]]) -> str:
    """Return the page of the whole archive: its years, each with the number of stories."""
    frame = frame_for(own_language())
    return _list_page(
        "press/period.html",
        frame,
        "/archive/",
        heading="",
        up=None,
        entries=[
            (dates.numerals(year, frame.page_language), f"/archive/{year:04}/", count)
            for year, count in years
        ],
    )


def standing_page(page: StandingPage, *, preview: bool = False) -> str:
    """Return a page that is no news, such as the corrections policy.

    With ``preview`` pictures come from the newsroom's own files.
    """
    frame = frame_for(page.language)
    owner = photos.owner_of(page)
    pictures = photos.pictures_of(page)
    shown = photos.shown(((owner, each) for each in pictures), photos.WHOLE, preview=preview)
    return _list_page(
        "press/standing.html",
        frame,
        "" if preview else page.get_absolute_url(),
        robots="noindex" if preview else "",
        page=page,
        shown={picture_id: each for (_owner, picture_id), each in shown.items()},
        description=page.search_description or bodies.opening(page.body),
    )


def preview_standing_page(page: StandingPage) -> str:
    """Return a standing page that may be unsaved, for the newsroom's preview."""
    return standing_page(page, preview=True)


def not_found_page(language: str) -> str:
    """Return what a reader sees where nothing stands, and nothing is known to have stood."""
    return render("press/not_found.html", {"robots": "noindex"}, language=language)


def gone_page(language: str) -> str:
    """Return what a reader sees where something was published and is not any more."""
    return render("press/gone.html", {"robots": "noindex"}, language=language)


def unavailable_page(language: str) -> str:
    """Return what a reader sees while the paper cannot answer."""
    return render("press/unavailable.html", {"robots": "noindex"}, language=language)
