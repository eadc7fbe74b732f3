"""Bodies: the blocks of a story or a standing page as the HTML a reader gets.

Whatever is stored is sanitised here once more by ``nh3`` with one fixed list of what may stay,
so that nothing depends on how it came in.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

import nh3
from markupsafe import Markup
from wagtail.rich_text.rewriters import LinkRewriter

from broadsheet.stories.models import StandingPage

_CLEANER = nh3.Cleaner(
    tags={"p", "b", "strong", "i", "em", "sup", "sub", "a", "br"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
# Most paragraphs: words, and the key that the newsroom's form gives a paragraph. What HTML would
# read or write otherwise than it stands (a reference, a control character, a no-break space) is
# left to the cleaner.
_WORDS_ALONE = re.compile(
    r'<p(?: data-block-key="[\w-]*")?>'
    r"([^<>&\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\udfff\ufdd0-\ufdef\ufeff]*)</p>"
)
_BREAK = re.compile(r"</p>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def _page_link(attributes: dict[str, str]) -> str:
    """Turn a link that an editor chose in the newsroom's page chooser into a plain one."""
    number = attributes.get("id", "")
    page = StandingPage.objects.live().filter(pk=number).first() if number.isdecimal() else None
    return f'<a href="{html.escape(page.get_absolute_url())}">' if page else "<a>"


_follow_pages = LinkRewriter({"page": _page_link})


def _source(value: object) -> str:
    """Return the stored HTML of a rich text value, or a plain text as it is; nothing of nothing."""
    return "" if value is None else str(getattr(value, "source", value))


def cleaned(value: object) -> Markup:
    """Return rich text as whole, clean paragraphs."""
    text = _source(value)
    if "linktype=" in text:
        text = _follow_pages(text)
    return _cleaned(text)


# A story's page, its ninjs and its feeds show the same paragraphs.
@lru_cache(maxsize=1024)
def _cleaned(text: str) -> Markup:
    if found := _WORDS_ALONE.fullmatch(text):
        return Markup(f"<p>{found[1]}</p>")  # noqa: S704 - no mark-up and no reference in it
    text = _CLEANER.clean(text).strip()
    head, paragraph, rest = text.partition("<p>")
    # What stands before the first paragraph, or without one, gets one of its own.
    opening = f"<p>{head}</p>" if head.strip() else ""
    return Markup(opening + paragraph + rest)  # noqa: S704 - nh3 has just cleaned it


def words_alone(stored: object) -> str | None:
    """Return a stored paragraph as :func:`cleaned` does, ``None`` where it is more than words."""
    found = _WORDS_ALONE.fullmatch(stored) if isinstance(stored, str) else None
    return f"<p>{found[1]}</p>" if found else None


def inline(value: object) -> Markup:
    """Return rich text without the paragraph around it, for a point of a list."""
    text = str(cleaned(value))
    if text.count("<p>") == 1:
        text = text.removeprefix("<p>").removesuffix("</p>")
    return Markup(text)  # noqa: S704 - cleaned above


def safe_link(url: str) -> str:
    """Return ``url`` where it leads to the web, else nothing: no script hides in a link."""
    return url if url.startswith(("https://", "http://")) else ""


def plain(value: object) -> str:
    """Return rich text as plain text on one line."""
    text = _source(value)
    if found := _WORDS_ALONE.fullmatch(text):
        return " ".join(found[1].split())
    text = _TAG.sub("", _BREAK.sub(" ", text))
    return _SPACE.sub(" ", html.unescape(text)).strip()


@lru_cache(maxsize=1024)
def shortened(text: str, length: int) -> str:
    """Return ``text`` cut at a word's end so that it has at most ``length`` characters."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    at = cut.rfind(" ")
    return cut[: at if at > length // 2 else None].rstrip(" ,;:–—-،؛") + "…"


def opening(body: Any, length: int = 200) -> str:
    """Return the beginning of a body as plain text, for lists and descriptions.

    ``body`` is a StreamField's value; its raw data is read, so that no block is built for it.
    """
    for block in body.raw_data:
        if block["type"] == "paragraph" and (text := plain(block["value"])):
            return shortened(text, length)
    return ""
