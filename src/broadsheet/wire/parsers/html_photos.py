"""The photos of a page: figures with their captions, the credit taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import WirePhoto
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.structured import Node, nodes_of, text_of
from broadsheet.wire.times import find_day

_CREDIT = re.compile(
    r"(?:^|[-_ ])(?:credits?|copyright|byline|source|photographer|author)(?:$|[-_ ])"
)
_CAPTION = re.compile(
    r"(?:^|[-_ ])(?:wp-)?(?:img|image|photo|picture|media)?[-_]?caption", re.IGNORECASE
)
# Pictures that belong to the page or to other stories.
_AROUND = re.compile(
    r"(?:^|[-_ ])(?:related|recommend\w*|teaser|promo|sidebar|footer|nav|menu|comments?|more|"
    r"trending|latest|most-read|popular|avatar|logo|ad|advert\w*)(?:$|[-_ ])",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 1500
_LABEL = re.compile(
    r"^(?:image|photo|picture)?\s*(?:caption|credit|source|copyright)[,:]?\s+", re.IGNORECASE
)
_MOST = 40


def photos_of(
    tree: HtmlElement, article: Node, url: str, language: str
) -> tuple[list[WirePhoto], list[str]]:
    """Return the photos that have words, and every text that stood under a picture.

    A picture without caption and credit is left out: without its bytes there is nothing of it
    to keep. The texts are for keeping captions out of the body.
    """
    photos: dict[str, WirePhoto] = {}
    printed: list[str] = []
    for caption_element, image in _captioned(tree):
        credit_printed = _own_credit(caption_element)
        whole = _text(caption_element)
        if not whole or len(whole) > _LONGEST_CAPTION:
            continue
        printed.extend(filter(None, (whole, credit_printed)))
        caption, credit = _apart(whole, credit_printed)
        printed.append(caption)
        key = folded(caption) or folded(credit)
        if key and key not in photos and len(photos) < _MOST:
            photos[key] = WirePhoto(
                caption=caption,
                credit=credit[:200],
                alt_text=(image.get("alt") or "").strip()[:300] if image is not None else "",
                taken_on=find_day(caption, language),
                url=_address(image, url),
            )
    for node in nodes_of(article, "image"):
        caption, credit = split_credit(text_of(node, "caption") or text_of(node, "description"))
        credit = text_of(node, "creditText") or text_of(node, "copyrightHolder") or credit
        key = folded(caption)
        if key and key not in photos:
            printed.append(caption)
            photos[key] = WirePhoto(
                caption=caption,
                credit=clean_credit(credit)[:200] if credit else "",
                taken_on=find_day(caption, language),
                url=urljoin(url, text_of(node, "url") or text_of(node, "contentUrl")),
            )
    return list(photos.values()), printed


def _captioned(tree: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement | None]]:
    """Yield the elements that hold captions, with their picture where it is at hand."""
    for figure in tree.iter("figure"):
        if _stands_around(figure):
            continue
        captions = list(figure.iter("figcaption"))
        if not captions:
            captions = [child for child in figure.iter() if _classed(child, _CAPTION)]
        image = next(figure.iter("img"), None)
        if captions and (
            image is not None or not figure.xpath(".//video|.//audio|.//table|.//pre")
        ):
            yield captions[0], image
    for element in tree.iter("div", "p", "span", "dd", "td"):
        if not _classed(element, _CAPTION) or _stands_around(element):
            continue
        if any(parent.tag in {"figure", "figcaption"} for parent in element.iterancestors()):
            continue
        if any(_classed(child, _CAPTION) for child in element.iterdescendants()):
            continue
        parent = element.getparent()
        images = [*element.iter("img"), *(parent.iter("img") if parent is not None else ())]
        if images:
            yield element, images[0]


def _apart(whole: str, credit_printed: str) -> tuple[str, str]:
    if credit_printed and credit_printed in whole:
        before, _, after = whole.rpartition(credit_printed)
        caption = re.sub(r"[\s|•·(\[–—-]+$", "", before)
        rest = re.sub(r"^[\s|•·)\]–—-]+", "", after)
        caption = " ".join(filter(None, (caption, rest)))
        caption, _ = split_credit(caption) if caption.endswith((")", "]")) else (caption, "")
        return _LABEL.sub("", caption), clean_credit(_LABEL.sub("", credit_printed))
    caption, credit = split_credit(whole)
    return _LABEL.sub("", caption), credit


def _own_credit(caption: HtmlElement) -> str:
    for element in caption.iterdescendants():
        if not isinstance(element.tag, str):
            continue
        marked = element.get("itemprop") in {"copyrightHolder", "creditText", "creator", "author"}
        if (marked or element.tag == "cite" or _classed(element, _CREDIT)) and (
            text := _text(element)
        ):
            return text
    # A credit that stands beside its caption within the figure.
    figure = next(caption.iterancestors("figure"), None)
    if figure is not None:
        for element in figure.iterdescendants():
            if isinstance(element.tag, str) and _classed(element, _CREDIT):
                return _text(element)
    return ""


def _classed(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    if not isinstance(element.tag, str):
        return False
    return bool(pattern.search(element.get("class") or ""))


def _stands_around(element: HtmlElement) -> bool:
    for parent in (element, *element.iterancestors()):
        if parent.tag in {"body", "html", "main"}:
            return False
        if parent.tag in {"nav", "aside", "footer", "a"}:
            return True
        if parent.tag != "article" and _AROUND.search(
            f"{parent.get('class') or ''} {parent.get('id') or ''}"
        ):
            return True
    return False


def _address(image: HtmlElement | None, url: str) -> str:
    if image is None:
        return ""
    for name in ("data-src", "src"):
        source = (image.get(name) or "").strip()
        if source and not source.startswith("data:"):
            try:
                address = urljoin(url, source)
            except ValueError:
                continue
            return address if address.startswith(("http:", "https:")) else ""
    return ""


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())
