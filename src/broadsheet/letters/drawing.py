"""How letters look to readers: their part of a story's page, and pages of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet import prepared
from broadsheet.letters import opening, wording
from broadsheet.letters.models import Letter
from broadsheet.press import dates, loading
from broadsheet.press.frame import chrome_language
from broadsheet.press.reading import once
from broadsheet.press.render import render
from broadsheet.stories.models import Paper, Story

# A story's page has 15 KB of HTML in all: letters get a bounded share of it, in bytes of text,
# the rest stands on the page of the letters.
ON_THE_STORY = 8
_SHARE = 3_000
_EXCERPT = 900
A_PAGE = 50

# Stands for a News ID in the part of a story that has no letters, which differs in nothing else.
_NEWS_ID = f"news-{token_hex(8)}"


@dataclass(frozen=True)
class PrintedLetter:
    """A letter as a template prints it: text only, with its date in the paper's manner."""

    pk: int
    name: str
    date: str
    machine_date: str
    paragraphs: list[list[str]]
    cut: bool = False
    answers_pk: int | None = None
    answers_name: str = ""


@dataclass
class FormState:
    """What stands in the form: what was typed, what was wrong, and the key it shows.

    An empty ``key`` means that the picture's address makes one. ``pictured`` is false where
    too many keys were asked for; ``first`` says that the form is what the page is about.
    """

    name: str = ""
    email: str = ""
    text: str = ""
    answer: str = ""
    key: str = ""
    pictured: bool = True
    first: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The template asks for each by name, and a missing name is an error there.
        self.errors = _Errors(self.errors)


class _Errors(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _excerpt(text: str, most: int) -> tuple[str, bool]:
    """Return ``text``, cut between words where it has more than ``most`` bytes in UTF-8."""
    if len(text.encode()) <= most:
        return text, False
    start = text.encode()[:most].decode("utf-8", "ignore")
    return start.rsplit(maxsplit=1)[0] + " …", True


def printed(letter: Letter, language: str, zone: ZoneInfo, most: int = 0) -> PrintedLetter:
    """Return ``letter`` as readers of ``language`` see it, within ``most`` bytes of text if set."""
    text, cut = _excerpt(letter.text, most) if most else (letter.text, False)
    answered = letter.answers
    is_shown = answered is not None and answered.state == Letter.State.APPROVED
    return PrintedLetter(
        pk=letter.pk,
        name=letter.name,
        date=dates.brief(letter.written_at, language, zone),
        machine_date=dates.machine(letter.written_at),
        paragraphs=wording.paragraphs(text),
        cut=cut,
        answers_pk=answered.pk if answered is not None and is_shown else None,
        answers_name=answered.name if answered is not None and is_shown else "",
    )


def story_part(story: Story) -> Markup:
    """Return the letters' part of a story's page: approved ones, the newest first, and the form.

    The form is the same for every reader, so the page stays a file. It asks for a key only when
    a reader opens it. A story that is not saved yet, as in a preview, has no letters.
    """
    if story.pk is None:
        return Markup()
    paper: Paper = once("paper", _paper)
    chrome = chrome_language(story.language)
    is_open = opening.is_open(story, paper)
    count = _count(story)
    if not count:
        return Markup(_without_letters(chrome, is_open).replace(_NEWS_ID, str(story.pk)))  # noqa: S704
    approved = Letter.objects.filter(story_id=story.pk).approved().select_related("answers")
    shown: list[PrintedLetter] = []
    left = _SHARE
    for letter in approved[:ON_THE_STORY]:
        if left <= 0:
            break
        shown.append(printed(letter, chrome, paper.zone, min(_EXCERPT, max(left, 200))))
        left -= sum(len(line.encode()) for lines in shown[-1].paragraphs for line in lines)
    return Markup(_part(str(story.pk), shown, count, chrome, is_open))  # noqa: S704


def _paper() -> Paper:
    return next(iter(prepared.objects(Paper, _papers)), None) or Paper()


def _papers() -> QuerySet[Paper]:
    first: QuerySet[Paper] = Paper.objects.order_by("pk")[:1]
    return first


def _count(story: Story) -> int:
    """Return how many letters readers see, asked once for all stories of a reading."""
    counts: dict[int, int] = once("letters of stories", dict)
    if story.pk not in counts:
        missing = {story.pk, *(each.pk for each in loading.loaded())} - counts.keys()
        counts.update(dict.fromkeys(missing, 0))
        counts.update(prepared.rows(_counted, stories=sorted(missing)))
    return counts[story.pk]


def _counted(stories: Sequence[int]) -> QuerySet[Letter, Any]:
    rows = Letter.objects.filter(story_id__in=stories, state=Letter.State.APPROVED).order_by()
    return rows.values_list("story_id").annotate(Count("pk"))


@lru_cache(maxsize=256)
def _without_letters(chrome: str, is_open: bool) -> str:
    return _part(_NEWS_ID, (), 0, chrome, is_open)


def _part(
    news_id: str, shown: Sequence[PrintedLetter], count: int, chrome: str, is_open: bool
) -> str:
    """Return the part's HTML, drawn by an escaping template."""
    env: Any = engines["jinja2"]
    with translation.override(chrome):
        return str(
            env.env.get_template("letters/part.html").render(
                news_id=news_id,
                letters=shown,
                count=count,
                printed_count=dates.numerals(count, chrome),
                more=count > len(shown),
                open=is_open,
                form=FormState(),
            )
        )


def page(
    story: Story,
    heading: str,
    *,
    message: str = "",
    status: bool = False,
    form: FormState | None = None,
    kept: str = "",
    letters: Sequence[Letter] = (),
    pages: Page[Letter] | None = None,
) -> str:
    """Return a page about the letters of ``story``, in its language.

    ``kept`` is a text the reader typed that cannot be sent, shown so that it is not lost.
    """
    paper = Paper.objects.first() or Paper()
    chrome = chrome_language(story.language)
    return render(
        "letters/page.html",
        {
            "title": f"{heading}: {story.headline}",
            "robots": "noindex",
            "heading": heading,
            "headline": story.headline,
            "language": story.language,
            "story_url": story.get_absolute_url(),
            "news_id": story.pk,
            "message": message,
            "status": status,
            "form": form,
            "kept": kept,
            "letters": [printed(letter, chrome, paper.zone) for letter in letters],
            "pages": pages if pages is not None and pages.has_other_pages() else None,
        },
        language=story.language,
    )


def heading(count: int, language: str) -> str:
    """Return the heading over ``count`` letters, in the language that is active."""
    return f"{_('Comments')} ({dates.numerals(count, language)})" if count else _("Comments")
