"""What a reader asks: the fields of the search form as an address carries them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from broadsheet.accounts.models import Byline
from broadsheet.search.index import MAX_RESULTS
from broadsheet.search.queries import MAX_LENGTH, Filters, Order
from broadsheet.stories.languages import name_of, own_language
from broadsheet.stories.models import Agency, Section, Topic

ON_A_PAGE = 20
_LAST_PAGE = MAX_RESULTS // ON_A_PAGE
# Section, topic, agency and byline are given by slug; from and to are days (ISO 8601).
FIELDS = ("q", "section", "language", "topic", "agency", "by", "from", "to", "order", "lang")
_NARROWING = ("section", "language", "topic", "agency", "by", "from", "to")


@dataclass(frozen=True)
class Narrowing:
    """One filter that is set: what it is called to readers, and the search without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Search:
    """One search, as readers may ask it: every field as text, and the page."""

    fields: Mapping[str, str]
    page: int = 1

    @property
    def text(self) -> str:
        """What was typed."""
        return self.fields.get("q", "")

    @property
    def order(self) -> Order:
        """By relevance, unless dates were asked for."""
        return "date" if self.fields.get("order") == "date" else "relevance"

    @property
    def narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return any(self.fields.get(name) for name in _NARROWING)

    def url(self, **changes: str) -> str:
        """Return the address of this search with other fields, on its first page."""
        fields = {**self.fields, **changes}
        return "/search/?" + urlencode({name: value for name, value in fields.items() if value})

    def page_url(self, page: int) -> str:
        """Return the address of another page of this search."""
        return self.url(page=str(page) if page > 1 else "")

    def widened(self) -> str:
        """Return the address of this search without its filters."""
        return self.url(**dict.fromkeys(_NARROWING, ""))

    def on(self, page: int) -> Search:
        """Return this search on another page."""
        return replace(self, page=page)


def read(request: HttpRequest) -> Search:
    """Return the search that ``request`` asks for; fields that make no sense are left out."""
    fields = {}
    for name in FIELDS:
        value = request.GET.get(name, "").replace("\0", "").strip()[: MAX_LENGTH + 1]
        if value:
            fields[name] = value
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1  # noqa: PLR2004
    return Search(fields, max(1, min(number, _LAST_PAGE)))


def language_for(request: HttpRequest) -> str:
    """Return the paper's language that a reader wants: ``?lang=``, else Accept-Language.

    See RFC 9110, 12.5.4; where nothing fits it is the paper's own.
    """
    languages = settings.PAPER_LANGUAGES
    if (asked := request.GET.get("lang", "")) in languages:
        return asked
    of = {language.lower(): language for language in reversed(languages)}
    main = {language.lower().split("-")[0]: language for language in reversed(languages)}
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if found := of.get(tag) or main.get(tag.split("-")[0]):
            return found
    return own_language()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date, zone: tzinfo) -> datetime | None:
    try:
        return datetime.combine(day, time(), zone)
    except OverflowError:  # no such day in that zone
        return None


@dataclass(frozen=True)
class Sieve:
    """A search's filters, looked up: for the engine, for readers, and what was wrong."""

    filters: Filters
    set: tuple[tuple[str, str, str], ...]  # field, label, value
    mistakes: tuple[str, ...]

    def narrowings(self, search: Search) -> list[Narrowing]:
        """Return the filters as readers see them, each with the way out of it."""
        return [
            Narrowing(label, value, search.url(**{name: ""})) for name, label, value in self.set
        ]


def sieve(search: Search, language: str, zone: tzinfo) -> Sieve:
    """Look the filters of ``search`` up; days begin in ``zone``, names are in ``language``."""
    fields = search.fields
    keys: dict[str, int] = {}
    chosen: list[tuple[str, str, str]] = []
    mistakes: list[str] = []
    for name, label, field, row in _rows(fields):
        if row is None:
            mistakes.append(
                _("There is no %(kind)s “%(name)s”.") % {"kind": label, "name": fields[name]}
            )
            continue
        keys[field] = row.pk
        value = row.name_in(language) if isinstance(row, Section) else str(row)
        chosen.append((name, label, value))
    tongue = fields.get("language", "")
    if tongue:
        chosen.append(("language", _("Language"), name_of(tongue)))
    since = before = None
    for name, label in (("from", _("Published from")), ("to", _("Published until"))):
        if not (text := fields.get(name)):
            continue
        day = _day(text)
        if day is None:
            mistakes.append(_("“%(text)s” is no day, such as 2017-12-30.") % {"text": text})
            continue
        if name == "from":
            since = _midnight(day, zone)
        elif day < date.max:
            before = _midnight(day + timedelta(days=1), zone)
        chosen.append((name, label, text))
    filters = Filters(
        section=keys.get("section"),
        language=tongue,
        topic=keys.get("topic"),
        agency=keys.get("agency"),
        byline=keys.get("byline"),
        since=since,
        before=before,
    )
    return Sieve(filters, tuple(chosen), tuple(mistakes))


def _rows(
    fields: Mapping[str, str],
) -> Iterator[tuple[str, str, str, Section | Topic | Agency | Byline | None]]:
    """Yield field, label, the filter it sets, and the row whose slug was given, if any has it."""
    if slug := fields.get("section"):
        yield "section", _("Section"), "section", Section.objects.filter(slug=slug).first()
    if slug := fields.get("topic"):
        yield "topic", _("Topic"), "topic", Topic.objects.filter(slug=slug).first()
    if slug := fields.get("agency"):
        yield "agency", _("Agency"), "agency", Agency.objects.filter(slug=slug).first()
    if slug := fields.get("by"):
        yield "by", _("Byline"), "byline", Byline.objects.filter(slug=slug).first()
