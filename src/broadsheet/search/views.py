"""The search page, and the description by which browsers add the paper to their search box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.press import dates
from broadsheet.press.frame import Frame, frame_for
from broadsheet.press.render import render
from broadsheet.search import asking, index, limits, results
from broadsheet.search.asking import ON_A_PAGE, Search, Sieve, language_for
from broadsheet.search.queries import Filters, parse
from broadsheet.stories.languages import paper_languages
from broadsheet.stories.models import Agency

# What was withdrawn may show here for so long; what is searched over and over is asked once.
_KEPT = "public, max-age=10"
_MOST_AGENCIES = 60
_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"


@dataclass(frozen=True)
class Page:
    """A link to a page of results; ``here`` is the one that is shown."""

    number: str
    url: str
    here: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Answer a search with a page of results, or the empty form."""
    language = language_for(request)
    search = asking.read(request)
    frame = frame_for(language)
    with translation.override(frame.chrome):
        if search.text or search.narrowed:
            try:
                limits.count(request)
            except limits.TooManyError as error:
                return _refused(search, frame, error)
        sieve = asking.sieve(search, language, frame.zone)
        context = _found(search, sieve, frame)
    response = HttpResponse(render("search/results.html", context, language=language))
    response.headers["Cache-Control"] = _KEPT
    return _headed(response)


def _headed(response: HttpResponse) -> HttpResponse:
    # Pages of results are no pages of the paper: robots read the stories themselves.
    response.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _refused(search: Search, frame: Frame, error: limits.TooManyError) -> HttpResponse:
    context = _form(search, Sieve(Filters(), (), ()), frame) | {"too_many": error.seconds}
    text = render("search/results.html", context, language=frame.language)
    response = HttpResponse(text, status=429, headers={"Retry-After": str(error.seconds)})
    response.headers["Cache-Control"] = "no-store"
    return _headed(response)


def _form(search: Search, sieve: Sieve, frame: Frame) -> dict[str, object]:
    """Return what the page shows whatever was found."""
    return {
        "frame": frame,
        "title": _("Search: %(text)s") % {"text": search.text} if search.text else _("Search"),
        "robots": "noindex",
        "search": search,
        "narrowings": sieve.narrowings(search),
        "mistakes": sieve.mistakes,
        "sections": [
            (section.slug, frame.section(number, frame.language))
            for number, section in frame.section_names.items()
        ],
        "languages": paper_languages(),
        "agencies": Agency.objects.order_by("name").values_list("slug", "name")[:_MOST_AGENCIES],
        "found": None,
        "results": [],
        "some": [],
        "too_many": 0,
    }


def _found(search: Search, sieve: Sieve, frame: Frame) -> Mapping[str, object]:
    context = _form(search, sieve, frame)
    # With a filter that means nothing, what was found would be the answer to another question.
    if sieve.mistakes or not (search.text or search.narrowed):
        return context
    offset = (search.page - 1) * ON_A_PAGE
    found = index.query(
        search.text, sieve.filters, order=search.order, offset=offset, limit=ON_A_PAGE
    )
    query = parse(search.text)
    at = len(found.news_ids) if found.partial_from is None else found.partial_from
    last = -(-min(found.total + found.partial, index.MAX_RESULTS) // ON_A_PAGE)
    return context | {
        "found": found,
        "results": results.of(found.news_ids[:at], query, frame),
        "some": results.of(found.news_ids[at:], query, frame),
        "query": query,
        "count": dates.numerals(f"{found.total}", frame.chrome),
        "offset": offset,
        "pages": _pages(search, last, frame),
        "previous": search.page_url(search.page - 1) if search.page > 1 else "",
        "next": search.page_url(search.page + 1) if search.page < last else "",
    }


def _pages(search: Search, last: int, frame: Frame) -> list[Page]:
    """Return links to the pages around this one."""
    if last <= 1:
        return []
    first = max(1, min(search.page - 3, last - 6))
    return [
        Page(dates.numerals(number, frame.chrome), search.page_url(number), number == search.page)
        for number in range(first, min(last, first + 6) + 1)
    ]


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Answer with the paper's OpenSearch description (OpenSearch 1.1, draft 6)."""
    frame = frame_for(language_for(request))
    root = ET.Element("OpenSearchDescription", {"xmlns": _NAMESPACE})
    # The specification allows 16 characters.
    ET.SubElement(root, "ShortName").text = frame.name[:16]
    ET.SubElement(root, "Description").text = frame.strapline or frame.name
    ET.SubElement(
        root,
        "Url",
        {"type": "text/html", "template": f"{settings.BASE_URL}/search/?q={{searchTerms}}"},
    )
    ET.SubElement(root, "InputEncoding").text = "UTF-8"
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    response = HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}',
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
    response.headers["Cache-Control"] = "public, max-age=86400"
    patch_vary_headers(response, ["Accept-Language"])
    return response
