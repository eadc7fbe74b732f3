"""A story page saved as text: what a browser writes with "save as text".

The shape is a head (the story's number, its publication time), the headline, mostly printed
twice, the captions of its photos under the second one, the paragraphs, and the page's
furniture. Every part but the headline and one paragraph may be missing.

Agencies are left empty: the credit under a photo names who sent the photo, and an agency that
a sentence cites is a source of that sentence, not the sender of the copy. A page in this shape
says nothing of the sender, so neither do we.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from broadsheet.wire.credits import split_credit
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import LONGEST_PARAGRAPH, Incoming
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers import labels
from broadsheet.wire.parsers.inline import from_text
from broadsheet.wire.times import Moment, find_day, plain_digits, read_moment

FORMAT = "saved text"

_LINE_END = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_HEAD_LINES = 12
_LONGEST_HEADLINE = 300
_SENTENCE_END = re.compile(r"""[.!?…؟。:;,،؛”"»’')\]]$""")
_NARROWEST_WRAP, _WIDEST_WRAP, _FEWEST_WRAPPED = 50, 100, 3
_SHORTEST_PROSE = 80


@dataclass
class _Page:
    """The page as it is taken apart: ``groups`` are its lines between empty lines."""

    groups: list[list[str]]
    news_id: int | None = None
    time: str = ""
    furniture: bool = False
    oddities: list[str] = field(default_factory=list)


def recognises(incoming: Incoming) -> bool:
    """Tell whether this is text in the shape above: anything that is no markup."""
    start = incoming.decoded.text.lstrip("\ufeff \t\r\n")[:1]
    return start not in {"<", "{", "["}


def parse(incoming: Incoming) -> list[WireItem]:
    """Return the one story on the page. Raises :class:`WireError` where there is none."""
    page = _without_head(_groups(incoming.decoded.text))
    marked = page.news_id is not None or bool(page.time)
    _drop_furniture(page)
    if not page.groups or not (marked or page.furniture or _is_prose(page.groups)):
        raise WireError(
            "No story was found in the text. A saved page starts with “News ID:” or "
            "“Published:”, then the headline and the paragraphs; save the page again."
        )
    headline, captions, rest = _headline(page.groups)
    paragraphs = [text for group in rest for text in _paragraphs(group)]
    if not paragraphs:
        raise WireError("The page has a headline but no paragraph. Save the whole page.")
    language = language_of("\n".join([headline, *paragraphs]))
    published = _published(page, language)
    photos = tuple(_photo(caption, language) for caption in captions)
    if page.news_id is None:
        page.oddities.append("The page prints no News ID.")
    return [
        WireItem(
            guid=guid_of(page.news_id, headline, published, incoming.sha256),
            origin=incoming.origin,
            format=FORMAT,
            sha256=incoming.sha256,
            headline=headline,
            body=tuple(WireBlock("paragraph", from_text(text)) for text in paragraphs),
            published=published.at if published else None,
            language=language,
            news_id=page.news_id,
            photos=photos,
            oddities=(*incoming.decoded.oddities, *page.oddities),
        )
    ]


def guid_of(news_id: int | None, headline: str, published: Moment | None, sha256: str) -> str:
    """Name a story whose page gives it no address: by number, else by headline and time.

    A page with neither number nor time is named by its bytes: a headline alone ("The weather")
    comes back with another story under it.
    """
    if news_id is not None:
        return f"news-id:{news_id}"
    if published is None:
        return f"sha256:{sha256}"
    name = f"{_folded(headline)}\n{published.at.isoformat()}"
    return f"page:{hashlib.sha256(name.encode()).hexdigest()}"


def _groups(text: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for raw in _LINE_END.split(text):
        if len(raw) > LONGEST_PARAGRAPH:
            raise WireError(
                "The text has a line longer than any paragraph. Save the page with its line ends."
            )
        line = raw.strip(" \t\ufeff\u00a0\x00\x1a\u200e\u200f\u202a\u202b\u202c")
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _without_head(groups: list[list[str]]) -> _Page:
    """Take the number and the time out of the first lines, however they are grouped."""
    page = _Page([])
    seen = 0
    for group in groups:
        kept = []
        for line in group:
            seen += 1
            if seen > _HEAD_LINES or not _take_head_line(page, line):
                kept.append(line)
        if kept:
            page.groups.append(kept)
    return page


def _take_head_line(page: _Page, line: str) -> bool:
    """Note what a line of the head says; tell whether it was one."""
    if page.news_id is None and labels.is_number_line(line):
        page.news_id = labels.number_in(line)
        if page.news_id is None:
            page.oddities.append(f"“{line}” is no number a story can have; it gets another.")
        return True
    if page.news_id is None and (number := labels.number_in(line)) is not None:
        # Number and time on one line, in either order.
        match = labels.NUMBER.search(plain_digits(line[: labels.LONGEST_LINE]))
        other = (line[: match.start()] + line[match.end() :]).strip(" \t|-–—•·,،") if match else ""
        if not page.time and (time := labels.time_in(other)):
            page.news_id, page.time = number, time
            return True
    if not page.time and (time := labels.time_in(line)):
        page.time = time
        return True
    return False


def _drop_furniture(page: _Page) -> None:
    """Cut the page's furniture, and the buttons that stand next to it."""
    kept: list[list[str]] = []
    for group in page.groups:
        lines = [line for line in group if not labels.is_furniture(line)]
        page.furniture = page.furniture or len(lines) < len(group)
        if lines:
            kept.append(lines)
    while kept and labels.is_button(kept[-1][-1]):
        kept[-1].pop()
        if not kept[-1]:
            kept.pop()
    page.groups = kept


def _is_prose(groups: list[list[str]]) -> bool:
    """Tell whether unmarked text is a story all the same: a headline over real paragraphs."""
    lines = [line for group in groups for line in group]
    long = [line for line in lines[1:] if len(line) >= _SHORTEST_PROSE and " " in line]
    return (
        len(lines[0]) <= _LONGEST_HEADLINE
        and any(char.isalpha() for char in lines[0])
        and len(long) * 2 >= len(lines[1:]) > 0
        and all(_SENTENCE_END.search(line) for line in long[:3])
    )


def _headline(groups: list[list[str]]) -> tuple[str, list[str], list[list[str]]]:
    """Return the headline, the captions printed under it, and the groups after them."""
    headline = groups[0][0]
    if len(headline) > _LONGEST_HEADLINE:
        raise WireError(
            "The page has no headline: its first line is a paragraph. Put the headline on a "
            "line of its own and import the file again."
        )
    rest = [group for group in (groups[0][1:], *groups[1:]) if group]
    captions: list[str] = []
    if rest and _folded(rest[0][0]) == _folded(headline):
        # What follows the second headline without an empty line are the photos' captions,
        # unless the page has no empty lines at all.
        under = rest[0][1:]
        if len(rest) > 1 and not _is_wrapped(under):
            captions = under
            rest = rest[1:]
        else:
            rest = [group for group in (under, *rest[1:]) if group]
    while rest and len(rest) > 1 and len(rest[0]) == 1 and split_credit(rest[0][0])[1]:
        captions.append(rest.pop(0)[0])
    if len(rest) == 1:
        while len(rest[0]) > 1 and split_credit(rest[0][0])[1]:
            captions.append(rest[0].pop(0))
    return headline, captions, rest


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether ``lines`` are one paragraph broken at a margin."""
    inner = lines[:-1]
    return (
        len(lines) >= _FEWEST_WRAPPED
        and max(map(len, lines)) <= _WIDEST_WRAP
        and min(map(len, inner)) >= _NARROWEST_WRAP
        and sum(bool(_SENTENCE_END.search(line)) for line in inner) * 2 <= len(inner)
    )


def _paragraphs(group: list[str]) -> list[str]:
    return [" ".join(group)] if _is_wrapped(group) else group


def _published(page: _Page, language: str) -> Moment | None:
    if not page.time:
        page.oddities.append("The page prints no publication time.")
        return None
    moment = read_moment(page.time, language)
    if moment is None:
        page.oddities.append(f"The publication time “{page.time}” could not be read.")
        return None
    page.oddities.extend(moment.oddities)
    return moment


def _photo(printed: str, language: str) -> WirePhoto:
    caption, credit = split_credit(printed)
    return WirePhoto(caption=caption, credit=credit, taken_on=find_day(caption, language))
