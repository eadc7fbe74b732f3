"""The comments under a WordPress post."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape

from lxml import html as lxml_html

from broadsheet.wire.items import WireComment
from broadsheet.wire.parsers.wxr_markup import Fields
from broadsheet.wire.parsers.wxr_times import Zone, moment

_ARE_COMMENTS = {"", "comment", "review"}
_LEFT_OUT = {"spam", "trash", "post-trashed"}
_BREAK = re.compile(
    r"<br ?/?>\n?|</?p(?:\s[^<>]{0,500})?>\n?|</(?:li|blockquote|div)>", re.IGNORECASE
)
_BLANK = re.compile(r"\n{3,}")
_LONGEST_NAME = 245
# Of answers to answers that were all left out; also the end of those that answer each other.
_DEEPEST = 200


@dataclass
class Comments:
    """The comments that are taken, and how many were ``left_out``, by what they are."""

    taken: list[WireComment] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    oddities: list[str] = field(default_factory=list)


def read(post: Fields, guid: str, zone: Zone, otherwise: datetime | None) -> Comments:
    """Return the comments of ``post``, oldest number first, answers tied to what they answer.

    Pingbacks and trackbacks are links, not comments; notes of the newsroom are not for
    readers; spam and what was deleted stays behind. ``otherwise`` is the time of a comment
    that has none.
    """
    comments = Comments()
    found = sorted(post.each("wp:comment"), key=lambda each: each.number("wp:comment_id"))
    parents = {each.number("wp:comment_id"): each.number("wp:comment_parent") for each in found}
    taken: set[int] = set()
    for each in found:
        if reason := _reason(each):
            comments.left_out[reason] += 1
            continue
        comment = _comment(each, guid, zone, otherwise, comments)
        if comment is not None:
            comments.taken.append(comment)
            taken.add(each.number("wp:comment_id"))
    for index, comment in enumerate(comments.taken):
        number = int(comment.guid.rpartition("-")[2])
        if parent := _nearest(number, parents, taken):
            answering = replace(comment, parent_guid=f"{guid}#comment-{parent}")
            comments.taken[index] = answering
    return comments


def _reason(comment: Fields) -> str:
    kind = comment.get("wp:comment_type")
    if kind not in _ARE_COMMENTS:
        return kind
    approved = comment.get("wp:comment_approved")
    return approved if approved in _LEFT_OUT else ""


def _comment(
    each: Fields, guid: str, zone: Zone, otherwise: datetime | None, comments: Comments
) -> WireComment | None:
    text = _text(each.raw("wp:comment_content"))
    at, _ = moment(each.get("wp:comment_date_gmt"), each.get("wp:comment_date"), zone)
    if at is None:
        at = otherwise
        comments.oddities.append("A comment has no time; it has the story's.")
    if not text or at is None:
        comments.left_out["without text" if not text else "without a time"] += 1
        return None
    author = " ".join(unescape(each.get("wp:comment_author")).split())[:_LONGEST_NAME]
    number = each.number("wp:comment_id")
    return WireComment(
        author=author,
        text=text,
        written_at=at,
        email=each.get("wp:comment_author_email"),
        guid=f"{guid}#comment-{number}",
        approved=each.get("wp:comment_approved") in {"1", "approved", "approve", ""},
    )


def _nearest(number: int, parents: dict[int, int], taken: set[int]) -> int:
    """Return the comment that ``number`` answers, past those that were left out; 0 without."""
    for _ in range(_DEEPEST):
        number = parents.get(number, 0)
        if not number or number in taken:
            return number
    return 0


def _text(content: str) -> str:
    """Return a comment as plain text, with its paragraphs."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _BREAK.sub(lambda match: "\n\n" if "p" in match[0].lower() else "\n", text)
        root = lxml_html.fragment_fromstring(text.replace("\x00", ""), create_parent="div")
        for link in root.iter("a"):
            href, words = link.get("href") or "", link.text_content().strip()
            if href.startswith(("http://", "https://")) and words and href not in words:
                link.tail = f" ({href}){link.tail or ''}"
        text = str(root.text_content())
    else:
        text = unescape(text)
    return _BLANK.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
