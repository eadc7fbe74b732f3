"""Single facts of a page: headline, times, section, topics, language.

For each, the sources are asked in the order of how often they are right on news sites: what
the page states of its story (JSON-LD), what it states of itself (meta), what it prints, and
last what trafilatura and htmldate make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import labels
from broadsheet.wire.parsers.structured import (
    Meta,
    Node,
    plain,
    text_of,
    texts_of,
)
from broadsheet.wire.times import Moment, read_moment

if TYPE_CHECKING:
    from trafilatura.settings import Document

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time",
    "datepublished", "publishdate", "publish-date", "publish_date", "publication_date",
    "published_at", "pubdate", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dc.date", "cxenseparse:recs:publishtime",
    "article.published", "article:published", "bt:pubdate", "rnews:datepublished",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")
# A day named without time and zone may begin half a day before or after ours.
_ONE_DAY_ANYWHERE = timedelta(hours=38)
_LONGEST_TITLE = 400
_LATER = timedelta(days=3)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_-]|$)")
_SEPARATOR = r"\s*(?:\||[–—•·»«:]|\s-)\s*"
_LONGEST_LINE = 160
_LONGEST_NAME = 80
_SHORTEST_LEAD, _LONGEST_LEAD = 40, 500
_MOST_TOPICS = 20
_UNSEEN = frozenset({"script", "style", "noscript", "textarea", "select"})
_BLOCK = frozenset(
    {
        "p", "div", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section",
        "article", "header", "footer", "main", "ul", "ol", "dl", "table", "tr", "figure",
        "figcaption", "blockquote", "form", "fieldset", "address", "aside", "nav", "br", "hr",
        "body",
    }
)  # fmt: skip


def printed_lines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short lines that a reader sees, in page order."""
    line: list[str] = []
    body = tree.find("body")
    for event, element in etree.iterwalk(
        body if body is not None else tree, events=("start", "end", "comment", "pi")
    ):
        is_markup = isinstance(element.tag, str) and element.tag not in _UNSEEN
        # A definition is printed on the line of its term.
        if is_markup and element.tag in _BLOCK and not _joins(event, element.tag):
            yield from _finished(line)
            line = []
        if event == "start" and is_markup:
            line.append(element.text or "")
        elif event != "start":
            line.append(element.tail or "")
    yield from _finished(line)


def _joins(event: str, tag: str) -> bool:
    return (event, tag) in {("start", "dd"), ("end", "dt")}


def _finished(line: list[str]) -> Iterator[str]:
    text = " ".join(" ".join(line).split())
    if text and len(text) <= _LONGEST_LINE:
        yield text


def printed_titles(tree: HtmlElement, meta: Meta) -> list[str]:
    """Return the texts that may be the page's title, the surest first."""
    headings = [" ".join(" ".join(h.itertext()).split()) for h in tree.iter("h1")]
    title = tree.find(".//title")
    return [
        text
        for text in (
            *headings,
            meta.first("og:title", "twitter:title"),
            plain(title.text_content()) if title is not None else "",
        )
        if text
    ]


def headline_of(tree: HtmlElement, meta: Meta, article: Node, library: Document, url: str) -> str:
    """Return the headline: what is printed as such, checked against what the page states.

    A main heading may be the name of the site, and a stated title may have it at its end; the
    two together tell. ``library`` is what trafilatura makes of the page.
    """
    headings = _headings(tree, "h1")
    stated = [
        text
        for text in (
            text_of(article, "headline"),
            meta.first("og:title"),
            meta.first("twitter:title", "title", "dc.title", "parsely-title"),
        )
        if text
    ]
    whole = tree.find(".//title")
    title = plain(whole.text_content()) if whole is not None else ""
    for heading in headings:
        for text in stated:
            if folded(text).startswith(folded(heading)) or _share(heading, text) >= 0.6:  # noqa: PLR2004
                return heading
    # What is both printed as a heading and a part of the title, site and section cut off.
    within = _part_of(title, [*headings, *_headings(tree, "h2", "h3")])
    if _is_site_name(within, meta, article, url):
        within = _part_of(title, _headings(tree, "h2", "h3"))
    if within and (not stated or folded(stated[0]).startswith(folded(within))):
        return within
    found = stated[0] if stated else (library.title or "")
    if not stated and len(headings) == 1:
        found = headings[0]
    if library.title and re.match(rf"{re.escape(library.title)}{_SEPARATOR}", found):
        return library.title
    return _without_site(found, meta, article, url)


def _headings(tree: HtmlElement, *tags: str) -> list[str]:
    texts = (" ".join(" ".join(heading.itertext()).split()) for heading in tree.iter(*tags))
    return [text for text in texts if text]


def _part_of(title: str, headings: Iterable[str]) -> str:
    """Return the longest heading that the page's title begins or ends with, or its whole."""
    found = ""
    whole = folded(title[:_LONGEST_TITLE])
    for heading in headings:
        text = folded(heading[:_LONGEST_TITLE])
        if len(heading) <= len(found) or text not in whole:
            continue
        is_whole = whole == text
        begins = bool(re.match(rf"{re.escape(text)}{_SEPARATOR}", whole))
        ends = bool(re.search(rf"{_SEPARATOR}{re.escape(text)}$", whole))
        if is_whole or begins or ends:
            found = heading
    return found


def _is_site_name(text: str, meta: Meta, article: Node, url: str) -> bool:
    names = [meta.first("og:site_name"), *texts_of(article, "publisher")]
    squashed = "".join(folded(text).split())
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return squashed in {"".join(folded(name).split()) for name in names if name} | {host} or (
        squashed.replace("-", "") in host.replace("-", "").split(".")
    )


def _share(one: str, other: str) -> float:
    first, second = set(folded(one).split()), set(folded(other).split())
    return len(first & second) / max(len(first), len(second), 1)


def _without_site(title: str, meta: Meta, article: Node, url: str) -> str:
    names = [meta.first("og:site_name"), *texts_of(article, "publisher")]
    # "… | TechCrunch" on techcrunch.com: the address says what the site is called.
    tail = re.split(_SEPARATOR, title)[-1]
    if "".join(tail.split()).casefold() in (urlsplit(url).hostname or "").split("."):
        names.append(tail)
    for name in filter(None, names):
        cut = re.sub(rf"{_SEPARATOR}{re.escape(name)}\s*$", "", title, flags=re.IGNORECASE)
        if cut and cut != title:
            return cut.strip()
    return title


def agencies_of(article: Node) -> list[str]:
    """Return the agencies that the page states its copy is from."""
    stated = [
        text
        for name in ("sourceOrganization", "provider", "isBasedOn", "creditText")
        for text in texts_of(article, name)
    ]
    return [agency_named(text) for text in stated if agency_named(text)]


def published_of(
    tree: HtmlElement, meta: Meta, article: Node, url: str, language: str
) -> Moment | None:
    """Return when the story was first published, as it is stated, with what had to be assumed."""
    stated = [
        *texts_of(article, "datePublished"),
        *(value for name in _PUBLISHED for value in meta.all(name)),
        *texts_of(article, "dateCreated"),
        *(filter(None, (labels.time_in(line) for line in printed_lines(tree)))),
        *_time_elements(tree),
    ]
    moments = [moment for text in stated if (moment := read_moment(text, language))]
    exact = [moment for moment in moments if moment.has_clock]
    in_address = _day_in(url)
    if moments and in_address and moments[0].at - in_address > _LATER:
        # Templates state the time of the last change as that of publication; an address stays.
        return Moment(
            in_address,
            (
                f"The address has the day {in_address:%Y-%m-%d}, the page states "
                f"{moments[0].at:%Y-%m-%d} as its publication; the address was believed.",
            ),
            has_clock=False,
        )
    if moments:
        first = moments[0]
        # The day is from the surest source, its time from the next one that has it.
        return next((m for m in exact if abs(m.at - first.at) < _ONE_DAY_ANYWHERE), first)
    return None


def inferred_day(page: str, url: str) -> Moment | None:
    """Return the day that htmldate makes out in ``page``, its scripts included, at 00:00 UTC."""
    # Late: few pages need it, and it brings a parser of dates in all languages.
    import htmldate

    day = htmldate.find_date(page, original_date=True, extensive_search=True, url=url or None)
    if not day:
        return None
    return Moment(
        datetime.fromisoformat(day).replace(tzinfo=UTC),
        (f"The publication day, {day}, was inferred from the page; read as 00:00 UTC.",),
        has_clock=False,
    )


def _day_in(url: str) -> datetime | None:
    match = _DAY_IN_PATH.search(url)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC) if match else None
    except ValueError:
        return None


def _time_elements(tree: HtmlElement) -> list[str]:
    """Return the times that are marked as such near the story, the publication's first."""
    marked: list[str] = []
    others: list[str] = []
    for element in tree.iter("time"):
        around = {parent.tag for parent in element.iterancestors()}
        is_marked = element.get("pubdate") is not None
        if around & {"aside", "nav", "footer"} or ("li" in around and not is_marked):
            continue
        text = (element.get("datetime") or "").strip() or plain(element.text_content())
        about = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        if "modif" in about or "updat" in about:
            continue
        is_marked = is_marked or "publish" in about
        (marked if is_marked else others).append(text)
    return [*marked, *others[:1]]


def updated_of(meta: Meta, article: Node) -> datetime | None:
    """Return when the story was last changed, as the page states it."""
    for text in (*texts_of(article, "dateModified"), *meta.all(*_UPDATED)):
        if moment := read_moment(text):
            return moment.at
    return None


def declared_language(tree: HtmlElement, meta: Meta, article: Node) -> str:
    """Return the language the page says it is in; empty where it does not."""
    return (
        text_of(article, "inLanguage")
        or (tree.get("lang") or tree.get("xml:lang") or "")
        or meta.first("og:locale", "content-language", "language", "dc.language", "inlanguage")
    )


def lead_of(meta: Meta, article: Node) -> str:
    """Return the page's summary of its story; empty where it is cut off or none."""
    for text in (
        text_of(article, "description"),
        meta.first("og:description"),
        meta.first("description", "twitter:description"),
    ):
        if _SHORTEST_LEAD <= len(text) <= _LONGEST_LEAD and not text.endswith(("...", "…", "[…]")):
            return text
    return ""


def section_of(meta: Meta, article: Node) -> str:
    """Return the section the page files its story in; empty where it names none."""
    named = [*texts_of(article, "articleSection"), meta.first("article:section", "section")]
    return next((name for name in named if name and len(name) <= _LONGEST_NAME), "")


def topics_of(meta: Meta, article: Node) -> list[str]:
    """Return what the page says its story is about, each name once.

    The general ``keywords`` element is not asked: it is written for search engines.
    """
    stated = [
        *texts_of(article, "keywords"),
        *meta.all("article:tag", "news_keywords", "parsely-tags"),
    ]
    topics: dict[str, str] = {}
    for text in stated:
        for part in re.split(r"[,;،؛]", text):
            name = part.strip()
            if name and len(name) <= _LONGEST_NAME and ":" not in name:
                topics.setdefault(folded(name), name)
    return list(topics.values())[:_MOST_TOPICS]
