"""What a page says of itself to machines: JSON-LD (schema.org) and meta elements.

Both are written by templates and are often wrong in form: entities within JSON, comments,
several articles on one page. They are read leniently; what cannot be read is left out.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from broadsheet.wire.likeness import folded

# schema.org: Article with its descendants, and the postings that news sites use for stories.
_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|ReviewNewsArticle)$")
_DEEPEST = 12
_TAG = re.compile(r"<[^<>]{1,500}>")
_JSON_NOISE = re.compile(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]|--)>\s*$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")

Node = dict[str, Any]


@dataclass(frozen=True)
class Meta:
    """The meta elements of a page, by lower-case name or property, in page order."""

    values: tuple[tuple[str, str], ...]

    def first(self, *names: str) -> str:
        """Return the first value under the first of ``names`` that has one."""
        for name in names:
            for key, value in self.values:
                if key == name:
                    return value
        return ""

    def all(self, *names: str) -> list[str]:
        """Return every value under any of ``names``, in page order."""
        return [value for key, value in self.values if key in names]


def read_meta(tree: HtmlElement) -> Meta:
    """Return the meta elements of the page, those with microdata included."""
    values = []
    for element in tree.iter("meta"):
        content = plain(element.get("content") or "")
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content and name:
            values.append((name.strip().lower(), content))
    return Meta(tuple(values))


def read_json_ld(tree: HtmlElement) -> list[Node]:
    """Return every node of every JSON-LD script, references to other nodes filled in."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_nodes(_loads(script.text or ""), 0))
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
            by_id[name] = node
    return [_resolved(node, by_id) for node in nodes]


def article_of(nodes: Iterable[Node], titles: Iterable[str], url: str) -> Node:
    """Return the node that describes the page's story; empty where there is none.

    Pages carry the teasers of other stories as articles too. The one under the page's own
    address is preferred, then the one with the page's own title, then the first.
    """
    articles = [node for node in nodes if _is_article(node)]
    wanted = {folded(title) for title in titles if title}
    for node in articles:
        if url and _path(url) in {_path(address) for address in _addresses(node)}:
            return node
    for node in articles:
        if folded(text_of(node, "headline") or text_of(node, "name")) in wanted:
            return node
    return articles[0] if articles else {}


def text_of(node: Node, name: str) -> str:
    """Return the plain text of a property: its first value where it has several."""
    return next(iter(texts_of(node, name)), "")


def texts_of(node: Node, name: str) -> list[str]:
    """Return the plain texts of a property; of a node within it, its name."""
    found: list[str] = []
    for value in _listed(node.get(name)):
        inner = value.get("name") or value.get("@value") if isinstance(value, dict) else value
        found.extend(plain(text) for text in _listed(inner) if isinstance(text, str))
    return [text for text in found if text]


def nodes_of(node: Node, name: str) -> list[Node]:
    """Return the nodes in a property; a bare text stands as a node with that name."""
    return [
        value if isinstance(value, dict) else {"name": value}
        for value in _listed(node.get(name))
        if isinstance(value, dict | str)
    ]


def types_of(node: Node) -> list[str]:
    """Return the schema.org types of a node, without their address."""
    return [
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for name in _listed(node.get("@type"))
        if isinstance(name, str)
    ]


def plain(text: str) -> str:
    """Return ``text`` without tags and entities, white space made single."""
    return " ".join(html.unescape(_TAG.sub("", html.unescape(text))).split())


def _is_article(node: Node) -> bool:
    return any(_ARTICLE.search(name) for name in types_of(node))


def _loads(text: str) -> Any:
    text = _JSON_NOISE.sub("", text).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", text), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value
        for part in value.values():
            if isinstance(part, list | dict):
                yield from _nodes(part, depth + 1)


def _resolved(node: Node, by_id: dict[str, Node]) -> Node:
    """Put the node that a bare reference (``{"@id": …}``) means in its place."""

    def meant(value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            name = value.get("@id")
            return by_id.get(name, value) if isinstance(name, str) else value
        return value

    return {
        name: [meant(part) for part in value] if isinstance(value, list) else meant(value)
        for name, value in node.items()
    }


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _addresses(node: Node) -> Iterator[str]:
    for name in ("url", "@id", "mainEntityOfPage"):
        for value in _listed(node.get(name)):
            address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(address, str):
                yield address


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.path.rstrip('/')}?{parts.query}"
