"""The frame: what stands around every page, in one language.

The paper's particulars are read afresh, in three small queries, for every page or batch of
pages (``press.reading``), so that no process can print an old name or section; only what is
made of them is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import to_language

from broadsheet import prepared
from broadsheet.press.reading import once
from broadsheet.stories.languages import (
    Direction,
    direction_of,
    front_language_of,
    main_language,
    name_of,
    own_language,
)
from broadsheet.stories.models import Paper, Section, StandingPage

_LOCALES = Path(__file__).parent.parent / "locale"

PaperRow = tuple[str, str, str, str, str | None, str | None, str | None]
SectionRow = tuple[int, str, str, str | None, str | None]
StandingRow = tuple[str, str, str]


@dataclass(frozen=True)
class Link:
    """A name to follow, with the language it is written in."""

    name: str
    url: str
    language: str


@dataclass(frozen=True)
class SectionNames:
    """A section's slug and what it is called, by language; its own name under an empty text."""

    slug: str
    names: dict[str, str]


@dataclass(frozen=True, eq=False)
class Frame:
    """What stands around a page for readers of ``language``.

    ``name_language`` is the language that the paper's name and strapline are in: the readers' own
    where it has a name in it. ``chrome`` is the language that labels and buttons are in: the
    readers' own where there is a translation, else the paper's, else English. A page is laid out as
    ``page_language`` is written all the same. ``digest`` tells this frame from every other, of this
    paper or of an earlier state of it.
    """

    name: str
    strapline: str
    name_language: str
    contact_email: str
    zone: ZoneInfo
    language: str
    chrome: str
    home: str
    sections: tuple[Link, ...]
    fronts: tuple[Link, ...]
    standing: tuple[Link, ...]
    section_names: dict[int, SectionNames]
    digest: str

    @cached_property
    def page_language(self) -> str:
        """The language of the page as a whole: the readers', not that of foreign labels.

        The tag is the labels' where both are in the same language (``en`` for ``en-GB``).
        """
        same = main_language(self.language) == main_language(self.chrome)
        same = same and direction_of(self.language) == direction_of(self.chrome)
        return self.chrome if same else self.language

    @cached_property
    def direction(self) -> Direction:
        """The writing direction of the page."""
        return direction_of(self.page_language)

    @cached_property
    def around(self) -> str:
        """The language that text on the page has, and is written as, unless it says another.

        Empty where labels are not written as the page is, so that all other text says its own.
        """
        return self.chrome if direction_of(self.chrome) == self.direction else ""

    def section(self, section_id: int, language: str) -> Link:
        """Return the link to a section's front for readers of ``language``."""
        return _section_link(self.section_names[section_id], language)

    def section_of(self, section: Section, language: str) -> Link:
        """Return the link to ``section``, which may be too new for this frame to know."""
        if section.pk in self.section_names:
            return self.section(section.pk, language)
        return Link(section.name, section.get_absolute_url(), own_language())


@cache
def translated_languages() -> frozenset[str]:
    """Return the languages that the labels of public pages are translated into."""
    folders = (folder.name for folder in _LOCALES.iterdir() if folder.is_dir())
    return frozenset({"en", *(to_language(name) for name in folders)})


def chrome_language(language: str) -> str:
    """Return the language that labels are in for readers of ``language``."""
    for candidate in (language, language.split("-", maxsplit=1)[0], own_language()):
        if candidate in translated_languages():
            return candidate
    return "en"


def front_url(language: str) -> str:
    """Return the address of the front that lists stories in ``language``."""
    front = front_language_of(language)
    return "/" if front == own_language() else f"/{front}/"


def _asked(language: str) -> tuple[str, str]:
    """Return the languages in which readers of ``language`` are told names, best first."""
    return language, front_language_of(language)


def _section_link(section: SectionNames, language: str) -> Link:
    named = next((each for each in _asked(language) if each in section.names), "")
    prefix = front_url(language)
    return Link(section.names[named], f"{prefix}section/{section.slug}/", named or own_language())


@lru_cache(maxsize=64)
def _built(
    language: str,
    languages: tuple[str, ...],
    paper: tuple[PaperRow, ...],
    section_rows: tuple[SectionRow, ...],
    standing_rows: tuple[StandingRow, ...],
) -> Frame:
    own_name, own_strapline, zone, contact_email, *_ = paper[0]
    names = {"": (own_name, own_strapline)}
    names.update({row[4]: (row[5] or "", row[6] or "") for row in paper if row[4]})
    named = next((each for each in _asked(language) if each in names), "")
    name, strapline = names[named]
    sections: dict[int, SectionNames] = {}
    for section_id, slug, own_name, other_language, other_name in section_rows:
        section = sections.setdefault(section_id, SectionNames(slug, {"": own_name}))
        if other_language and other_name:
            section.names[other_language] = other_name
    standing = [Link(title, f"/{slug}/", tongue) for slug, title, tongue in standing_rows]
    here = tuple(link for link in standing if link.language == language)
    return Frame(
        name=name,
        strapline=strapline,
        name_language=named or own_language(),
        contact_email=contact_email,
        zone=ZoneInfo(zone),
        language=language,
        chrome=chrome_language(language),
        home=front_url(language),
        sections=tuple(_section_link(section, language) for section in sections.values()),
        fronts=tuple(Link(name_of(each), front_url(each), each) for each in languages),
        # A language without standing pages of its own gets the paper's.
        standing=here or tuple(link for link in standing if link.language == own_language()),
        section_names=sections,
        digest=_digest_of(language, languages, paper, section_rows, standing_rows),
    )


def _digest_of(*rows: object) -> str:
    return hashlib.blake2b(repr(rows).encode(), digest_size=16).hexdigest()


def frame_for(language: str) -> Frame:
    """Return the frame of a page for readers of ``language``, from the database as it is now.

    Pages that are pressed together share one reading of it.
    """
    return once(("frame", language), lambda: _built(language, *once("frame", _rows)))


def paper_rows() -> tuple[PaperRow, ...]:
    """Return all that the paper's name is made of, in whatever language."""
    return once("frame", _rows)[1]


def _rows() -> tuple[
    tuple[str, ...], tuple[PaperRow, ...], tuple[SectionRow, ...], tuple[StandingRow, ...]
]:
    """Return what the frames of all languages are made of."""
    # Texts and numbers, which the database gives as they are.
    paper: tuple[PaperRow, ...] = tuple(map(tuple, prepared.rows(_papers)))
    if not paper:
        new = Paper()
        paper = ((new.name, new.strapline, new.time_zone, new.contact_email, None, None, None),)
    sections = tuple(map(tuple, prepared.rows(_sections)))
    standing = tuple(map(tuple, prepared.rows(_standing)))
    return tuple(settings.PAPER_LANGUAGES), paper, sections, standing


def _papers() -> QuerySet[Paper, Any]:
    found: QuerySet[Paper, Any] = Paper.objects.order_by("pk", "names__language").values_list(
        "name",
        "strapline",
        "time_zone",
        "contact_email",
        "names__language",
        "names__name",
        "names__strapline",
    )
    return found


def _sections() -> QuerySet[Section, Any]:
    sections = Section.objects.order_by("position", "name", "pk", "names__language")
    found: QuerySet[Section, Any] = sections.values_list(
        "pk", "slug", "name", "names__language", "names__name"
    )
    return found


def _standing() -> QuerySet[StandingPage, Any]:
    pages = StandingPage.objects.live().order_by("path")
    found: QuerySet[StandingPage, Any] = pages.values_list("slug", "title", "language")
    return found
