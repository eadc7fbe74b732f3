"""The boxes of a page that are no part of its story: comments, related stories, newsletters.

They are told by what their makers call them (``class`` and ``id``), and by their being little
beside the story: templates put the same words on the frame around everything.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from broadsheet.wire.items import WireBlock
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers.inline import to_text

_EDGE = r"(?:^|[-_\s])"
_END = r"(?:$|[-_\s\d])"
_BOX = re.compile(
    rf"{_EDGE}(?:"
    r"comments?|commentlist|comments?(?:area|list|section|box)|kommentare|comentarios|"
    r"commentaires|disqus(?:_thread)?|respond|livefyre|fyre|"
    r"related\w*|relacionad[oa]s|verwandt\w*|read[-_]?more|see[-_]?also|keep[-_]?reading|"
    r"more[-_]?(?:news|stories|articles|posts|from|on|in|like)|also[-_]?(?:read|like)|"
    r"most[-_]?(?:read|viewed|popular|shared|commented)|popular|ranking|trending|mas[-_]?leidas|"
    r"recommend\w*|recirc\w*|outbrain|taboola|jp[-_]relatedposts|teasers?|"
    r"next[-_]?(?:article|story|post|up)|prev(?:ious)?[-_]?(?:article|story|post)|"
    r"newsletters?\w*|subscri(?:be|ption)\w*|sign[-_]?up|mailchimp|paywall\w*|regwall\w*|"
    r"share\w*|sharing|social\w*|addtoany\w*|sharedaddy|sociable|follow[-_]?us|"
    r"breadcrumbs?|post[-_]?tags?|tags?[-_]?(?:list|links|cloud)|tagcloud|entry[-_]?tags|"
    r"author[-_]?(?:bio|box|info|card|profile|description)|about[-_]?(?:the[-_]?)?author|"
    r"cookie\w*|gdpr\w*|consent\w*|advert\w*|sponsored|donat(?:e|ion)\w*|pagination|"
    rf"printfriendly|toolbox|tools"
    rf"){_END}",
    re.IGNORECASE,
)
_POINT = re.compile(r"</?li>")
_LONGEST_NAME = 300
_HOLDERS = frozenset(
    {"div", "section", "aside", "ul", "ol", "nav", "form", "table", "footer", "dl"}
)
_LINES = (
    "p", "li", "td", "dd", "dt", "div", "section", "blockquote", "h1", "h2", "h3", "h4", "h5", "a",
)  # fmt: skip
# A story is most of the text on its page; what has more than this of it is the story's frame.
_LARGE_SHARE = 0.3
_BETWEEN = "\n"


def without_boxes(blocks: list[WireBlock], tree: HtmlElement) -> list[WireBlock]:
    """Return the blocks but for those that stand nowhere on the page ``tree`` but in boxes.

    Where that would leave little, what looks like a box is the frame of the story, and all
    are returned.
    """
    boxed, free = _texts(tree)
    if not boxed:
        return blocks
    texts = [_points(block) for block in blocks]
    kept = [
        at
        for at, points in enumerate(texts)
        if not points or any(text not in boxed or text in free for text in points)
    ]
    left = sum(len(text) for at in kept for text in texts[at])
    whole = sum(len(text) for points in texts for text in points)
    return [blocks[at] for at in kept] if left >= (1 - _LARGE_SHARE) * whole else blocks


def _points(block: WireBlock) -> list[str]:
    parts = _POINT.split(block.html) if block.kind in {"list", "numbered list"} else [block.html]
    return [text for part in parts if (text := folded(to_text(part)))]


def _texts(tree: HtmlElement) -> tuple[str, str]:
    """Return the texts that stand in boxes, and those that stand elsewhere."""
    boxed: list[str] = []
    free: list[str] = []
    body = tree.find("body")
    boxes: set[HtmlElement] = set()
    # What holds the headline or the story is no box beside it.
    frames = {
        parent
        for inner in tree.iter("h1", "article", "main")
        for parent in (inner, *inner.iterancestors())
    }
    for element in body.iter(etree.Element) if body is not None else ():
        if element.getparent() in boxes or (element.tag in _HOLDERS and _is_box(element, frames)):
            boxes.add(element)
        if element.tag in _LINES:
            lines = element.iter(*_LINES)
            next(lines)
            # The texts of what stands within a line are in it; those of a frame are not wanted.
            if element.tag != "a" and all(line.tag == "a" for line in lines):
                (boxed if element in boxes else free).append(folded("".join(element.itertext())))
    return _BETWEEN.join(boxed), _BETWEEN.join(free)


def _is_box(element: HtmlElement, frames: set[HtmlElement]) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not _BOX.search(name[:_LONGEST_NAME]):
        return False
    return element not in frames
