"""A story page saved as HTML, from any site.

The body is found by trafilatura and the date, as a last resort, by htmldate. What the page
says of itself (JSON-LD, OpenGraph, meta elements) is read first, since it is exact where it
is there; what is printed on the page decides between them where they differ.

A News ID is taken only where the page itself calls it that: printed with its label, in a meta
element of that name, or in an address like ``/news/207166/`` or ``/news/207166/words``. Other
numbers in addresses belong to the numbering of their site and would clash with this paper's.
"""

from __future__ import annotations

import re
from copy import deepcopy
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement, defs

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import LONGEST_PARAGRAPH, Incoming
from broadsheet.wire.items import WireBlock, WireItem
from broadsheet.wire.language import language_of
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import (
    html_authors,
    html_body,
    html_ends,
    html_facts,
    html_photos,
    labels,
    structured,
)
from broadsheet.wire.parsers.feed_words import first_words
from broadsheet.wire.parsers.inline import from_text, to_text
from broadsheet.wire.parsers.saved_text import guid_of
from broadsheet.wire.parsers.structured import Meta, Node, text_of
from broadsheet.wire.parsers.xml_input import root_name

FORMAT = "saved page"

# In bytes of UTF-8, since a Chinese character says as much as three letters.
_SHORTEST_BODY = 80
# Lines of verse or of an interview may all be short.
_SHORTEST_VERSE = 600
# Far above any page of news, and low enough that no page takes minutes to read.
_MOST_ELEMENTS = 100_000
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|title|meta|section|table|span)\b",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://[^\s>]{3,2000})")
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=\s]{200,}")
# XML knows no such characters, and the trees here are XML's.
_UNPRINTED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|"
    r"&#(?:0{0,9}(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)|"
    r"[xX]0{0,9}(?:[0-8bBcCeEfF]|1[0-9a-fA-F])(?![0-9a-fA-F])|[xX][fF]{3}[eEfF](?![0-9a-fA-F])|"
    r"6553[45](?!\d));?"
)
_NEWS_PATH = re.compile(r"/news/(\d{1,9})(?:/[^/]*|\.html?)?/?$")
_NUMBER_NAMES = ("news_id", "newsid", "news-id", "news:id", "broadsheet:news-id")
_LONGEST_HEADLINE = 300
_NO_HEADLINE = "The page has no headline; the beginning of its text stands in."
_LONGEST_URL = 1000


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is HTML, whatever it is called."""
    text = incoming.decoded.text.lstrip("\ufeff \t\r\n")
    if not text.startswith("<") or not _MARKUP.search(text[:20_000]):
        return False
    # XML of another kind may well have HTML somewhere in it.
    root = root_name(incoming).lower()
    return root in defs.tags or root in {"", "main", "article", "section"} or "-" in root


def parse(incoming: Incoming) -> list[WireItem]:
    """Return the one story on the page. Raises :class:`WireError` where there is none."""
    return [_story(incoming, _load(incoming.decoded.text))]


def _load(text: str) -> HtmlElement:
    """Parse a page. The parser knows no entities but HTML's own, and opens nothing."""
    text = _plainer(text)
    if text.count("<") > 2 * _MOST_ELEMENTS:
        raise WireError("The page has more elements than any page of news. Save it as text.")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    for element in list(tree.iter("style", "svg", "template", "iframe", "object")):
        element.drop_tree()
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():
            script.drop_tree()
    _refuse_endless_text(tree)
    return tree


def _plainer(text: str) -> str:
    """Return the page without pictures written into it and without characters of no meaning."""
    return _UNPRINTED.sub("", _DATA_ADDRESS.sub("data:,", text))


def _refuse_endless_text(tree: HtmlElement) -> None:
    for element in tree.iter():
        is_markup = isinstance(element.tag, str)
        for name, value in element.attrib.items() if is_markup else ():
            # What scripts keep there; nothing that is read here is that long.
            if len(value) > LONGEST_PARAGRAPH:
                del element.attrib[name]
        text = element.text or "" if is_markup and element.tag != "script" else ""
        if max(len(text), len(element.tail or "")) > LONGEST_PARAGRAPH:
            raise WireError(
                "The page has a text longer than any paragraph, without mark-up. Save the page "
                "of a story."
            )


def _story(incoming: Incoming, tree: HtmlElement) -> WireItem:
    # Late: it brings numpy, and more, to processes that hardly ever meet a saved page.
    from trafilatura.metadata import extract_metadata

    meta = structured.read_meta(tree)
    url = _own_url(incoming.decoded.text, tree, meta)
    article = structured.article_of(
        structured.read_json_ld(tree), html_facts.printed_titles(tree, meta), url
    )
    library = extract_metadata(_without_footer(tree), default_url=url or None)
    headline = html_facts.headline_of(tree, meta, article, library, url)[:_LONGEST_HEADLINE]
    blocks = html_body.extract(tree, url)
    declared = html_facts.declared_language(tree, meta, article)
    language = language_of("\n".join([headline, *(to_text(b.html) for b in blocks)]), declared)
    photos, captions = html_photos.photos_of(tree, article, url, language)
    authors = html_authors.authors_of(meta, article, library, url)
    body = html_body.without_furniture(
        blocks, headline, [*captions, *authors, *(f"By {name}" for name in authors)]
    )
    body = _or_told_in_full(html_ends.trimmed(body, headline), article)
    has_headline = bool(headline)
    headline = headline or _beginning(body)
    _refuse_no_article(headline, body, article, meta, tree)
    published = html_facts.published_of(tree, meta, article, url, language)
    published = published or html_facts.inferred_day(_plainer(incoming.decoded.text), url)
    updated = html_facts.updated_of(meta, article)
    news_id = _news_id(tree, meta, url)
    agencies = [*map(agency_named, authors), *html_facts.agencies_of(article)]
    return WireItem(
        guid=url or guid_of(news_id, headline, published, incoming.sha256),
        origin=incoming.origin,
        format=FORMAT,
        sha256=incoming.sha256,
        headline=headline,
        body=tuple(body),
        version=updated.isoformat() if updated else "",
        published=published.at if published else None,
        updated=updated,
        language=language,
        news_id=news_id,
        lead=html_facts.lead_of(meta, article),
        section=html_facts.section_of(meta, article),
        authors=tuple(name for name in authors if not agency_named(name)),
        agencies=tuple(dict.fromkeys(filter(None, agencies))),
        topics=tuple(html_facts.topics_of(meta, article)),
        photos=tuple(photos),
        old_urls=(url,) if url else (),
        rights=text_of(article, "copyrightNotice") or meta.first("dc.rights", "dcterms.rights"),
        oddities=(
            *incoming.decoded.oddities,
            *(() if has_headline else (_NO_HEADLINE,)),
            *(published.oddities if published else ("The page names no publication time.",)),
        ),
    )


def _without_footer(tree: HtmlElement) -> HtmlElement:
    """Return a copy without the foot of the page, which names the makers of its template."""
    copy = deepcopy(tree)
    for footer in list(copy.iter("footer")):
        if next(footer.iterancestors("article"), None) is None:
            footer.drop_tree()
    return copy


def _own_url(text: str, tree: HtmlElement, meta: Meta) -> str:
    """Return the address the page had, absolute and without fragment; empty if unknown."""
    saved = _SAVED_FROM.search(text[:4096])
    base = saved[1] if saved else ""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for candidate in (*links, meta.first("og:url", "twitter:url"), base):
        try:
            parts = urlsplit(urljoin(base, candidate.strip()))
        except ValueError:
            continue
        # The front of a site is given as "canonical" by templates that forgot the story.
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
        if is_whole and (parts.path.strip("/") or parts.query):
            url = str(urlunsplit(parts._replace(netloc=parts.netloc.lower(), fragment="")))
            if len(url) <= _LONGEST_URL:
                return url
    return ""


def _news_id(tree: HtmlElement, meta: Meta, url: str) -> int | None:
    for line in html_facts.printed_lines(tree):
        if (number := labels.number_in(line)) is not None:
            return number
    said = meta.first(*_NUMBER_NAMES)
    if said.isascii() and said.isdigit() and 0 < int(said[:18]) <= labels.HIGHEST_NUMBER:
        return int(said)
    try:
        match = _NEWS_PATH.search(urlsplit(url).path)
    except ValueError:
        return None
    return int(match[1]) or None if match else None


def _or_told_in_full(body: list[WireBlock], article: Node) -> list[WireBlock]:
    """Take the story from the page's data where the page shows only the beginning of it."""
    said = article.get("articleBody")
    if not isinstance(said, str):
        return body
    shown = [to_text(block.html) for block in body]
    parts = [structured.plain(part) for part in re.split(r"\n+|</p>|<br\s*/?>", said)]
    parts = [part for part in parts if part]
    is_longer = sum(map(len, parts)) > max(2 * sum(map(len, shown)), _SHORTEST_BODY)
    # Trafilatura may have found it there too, and run its paragraphs into one.
    is_same = len(shown) == 1 and folded(shown[0]) == folded(" ".join(parts))
    if not is_longer and not is_same:
        return body
    return [WireBlock("paragraph", from_text(part)) for part in parts]


def _beginning(body: list[WireBlock]) -> str:
    """Return the first words of the story, where they are those of a sentence."""
    for block in body:
        text = to_text(block.html)
        if block.kind == "paragraph" and len(text.encode()) >= _SHORTEST_BODY:
            return first_words(text)
    return ""


def _refuse_no_article(
    headline: str, body: list[WireBlock], article: Node, meta: Meta, tree: HtmlElement
) -> None:
    told = [to_text(block.html) for block in body if block.kind in {"paragraph", "quotation"}]
    is_marked = bool(article) or meta.first("og:type") == "article"
    is_marked = is_marked or tree.find(".//article") is not None
    if not headline:
        raise WireError("The page has no headline. Save the page of a story.")
    sizes = [len(text.encode()) for text in told]
    is_long = max(sizes, default=0) >= _SHORTEST_BODY or sum(sizes) >= _SHORTEST_VERSE
    if not told or not (is_marked or is_long):
        raise WireError(
            "No story was found on the page. Save the page of one story, not a list of stories "
            "or a form."
        )
