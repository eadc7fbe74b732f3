"""The addresses a WordPress post answered to, and where others led."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_DATED = re.compile(r"/(\d{4})/(\d{1,2})/(?:(\d{1,2})/)?")
_OLD_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# Permalinks such as /2020/01/4711-the-title/ and /the-title-4711.html.
_NUMBERED = re.compile(r"/\d{1,12}-$")
_LONGEST = 2000


def is_address(text: str) -> bool:
    """Tell whether ``text`` is an absolute address that can be visited."""
    if not text.startswith(("http://", "https://")) or len(text) > _LONGEST:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def of_post(
    *,
    link: str,
    guid: str,
    base_url: str,
    number: int,
    kind: str,
    slug: str,
    old_slugs: Iterable[str],
    old_dates: Iterable[str],
) -> tuple[str, ...]:
    """Return the addresses that led to a post, its permalink first.

    ``old_slugs`` and ``old_dates`` are what WordPress redirects from (``_wp_old_slug`` and
    ``_wp_old_date``): the permalink with the part in question as it was.
    """
    # The guid of a file is where the file is, which is no page.
    found = [link] if kind == "attachment" or "/uploads/" in guid else [link, guid]
    root = base_url.rstrip("/")
    if root and number:
        found += [f"{root}/?{query}" for query in _queries(kind, number)]
    if slug and is_address(link):
        found += [_with_slug(link, slug, old.strip()) for old in old_slugs if old.strip()]
    found += [_with_date(link, old) for old in old_dates]
    return tuple(dict.fromkeys(filter(is_address, found)))


def _queries(kind: str, number: int) -> list[str]:
    if kind == "page":
        return [f"page_id={number}", f"p={number}"]
    if kind == "attachment":
        return [f"attachment_id={number}"]
    return [f"p={number}"] if kind == "post" else [f"post_type={kind}&p={number}", f"p={number}"]


def _with_slug(link: str, slug: str, old: str) -> str:
    before, found, after = link.rpartition(slug)
    is_whole = found and (before.endswith(("/", "=")) or _NUMBERED.search(before))
    return f"{before}{old}{after}" if is_whole and after[:1] in {"", "/", ".", "-", "&"} else ""


def _with_date(link: str, old: str) -> str:
    match = _OLD_DATE.fullmatch(old.strip())
    dated = _DATED.search(link)
    if match is None or dated is None:
        return ""
    day = f"{match[3]}/" if dated[3] else ""
    return f"{link[: dated.start()]}/{match[1]}/{match[2]}/{day}{link[dated.end() :]}"
