"""Ghost's cards (pictures, embeds, bookmarks, …) as plain HTML, for the blocks of a body.

The editors of Ghost, Mobiledoc (to version 5) and Lexical (since), name cards and what is in
them alike. A card that is not known here keeps every text it has, and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from markdown_it import MarkdownIt

from broadsheet.wire.parsers.json_text import listed, said, storable

Payload = dict[str, Any]

_TAG = re.compile(r"<[A-Za-z/!]")
_LONGEST_MARKDOWN = 2_000_000
_DEEPEST = 12
# Of a card nobody knows: what is set about how it looks, and addresses, are no words.
_NO_WORDS = re.compile(
    r"(?i)(?:^type|^version|url|href|src|id|color|colour|width|height|size|align\w*|layout|style|"
    r"format|mode|direction|indent|background\w*|segment|visibility|labels)$"
)


def card(name: str, payload: Payload, oddities: list[str]) -> str:
    """Return the card ``name`` as HTML; what is odd about it is added to ``oddities``."""
    kind = name.lower().replace("_", "-").removeprefix("card-")
    kind = kind.removesuffix("-card") or kind
    if kind in _NOTHING:
        return ""
    made = _CARDS.get(kind)
    if made is None:
        said_already = f"The card “{name[:40]}” is not known; its words were kept."
        if said_already not in oddities:
            oddities.append(said_already)
        return "".join(f"<p>{text}</p>" for text in words_of(payload))
    if kind in _DYNAMIC and (said_already := _DYNAMIC[kind]) not in oddities:
        oddities.append(said_already)
    return made(payload)


def is_card(name: str) -> bool:
    """Tell whether ``name`` is that of a card, known by its payload's names."""
    return name.lower() in _CARDS or name.lower() in _NOTHING


def words_of(value: object, depth: int = 0) -> Iterator[str]:
    """Yield every text within ``value``, as HTML."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if value.strip():
            yield _rich(storable(value))
    elif isinstance(value, dict):
        for name, each in value.items():
            if not _NO_WORDS.search(str(name)):
                yield from words_of(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from words_of(each, depth + 1)


def markdown(text: str) -> str:
    """Return ``text``, written in Markdown with HTML in it, as HTML."""
    if len(text) > _LONGEST_MARKDOWN:
        return f"<pre>{escape(text)}</pre>"
    made: str = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return made


def _rich(text: str) -> str:
    """Return HTML as it is and plain text escaped: fields have been both, by version."""
    return text if _TAG.search(text) or re.search(r"&#?\w+;", text) else escape(text, quote=False)


def _inline(text: str) -> str:
    return re.sub(r"</?p\b[^<>]{0,1000}>", " ", _rich(text))


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>' if url else text


def _paragraph(*parts: str) -> str:
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _figure(inner: str, caption: str) -> str:
    told = f"<figcaption>{_inline(caption)}</figcaption>" if caption else ""
    return f"<figure>{inner}{told}</figure>"


def _image(payload: Payload) -> str:
    source = said(payload, "src", "image", "imageUrl")
    if not source:
        return _paragraph(_inline(said(payload, "caption")))
    # The label of the picture's file is no caption; the caption may be HTML.
    alt = escape(said(payload, "alt", "altText"))
    return _figure(f'<img src="{escape(source)}" alt="{alt}">', said(payload, "caption"))


def _gallery(payload: Payload) -> str:
    pictures = "".join(_image(image) for image in listed(payload, "images"))
    return pictures + _paragraph(_inline(said(payload, "caption")))


def _embed(payload: Payload) -> str:
    url, caption = said(payload, "url"), _inline(said(payload, "caption"))
    markup = said(payload, "html")
    if not url and markup:
        return markup + _paragraph(caption)
    return (f'<iframe src="{escape(url)}"></iframe>' if url else "") + _paragraph(caption)


def _bookmark(payload: Payload) -> str:
    metadata = payload.get("metadata")
    about = metadata if isinstance(metadata, dict) else {}
    url = said(payload, "url") or said(about, "url")
    title = said(about, "title") or said(payload, "title") or url
    description = said(about, "description") or said(payload, "description")
    return _paragraph(
        _link(url, escape(title, quote=False)),
        escape(description, quote=False),
        _inline(said(payload, "caption")),
    )


def _markup(payload: Payload) -> str:
    return said(payload, "html")


def _markdown(payload: Payload) -> str:
    return markdown(said(payload, "markdown"))


def _code(payload: Payload) -> str:
    code = payload.get("code")
    text = storable(code) if isinstance(code, str) else ""
    return f"<pre>{escape(text, quote=False)}</pre>" + _paragraph(_inline(said(payload, "caption")))


def _callout(payload: Payload) -> str:
    emoji, text = said(payload, "calloutEmoji"), said(payload, "calloutText")
    return f"<blockquote><p>{escape(emoji)} {_inline(text)}</p></blockquote>" if text else ""


def _toggle(payload: Payload) -> str:
    heading, content = said(payload, "heading"), said(payload, "content")
    return (f"<h4>{_inline(heading)}</h4>" if heading else "") + (
        content if _TAG.search(content) else _paragraph(_rich(content))
    )


def _button(payload: Payload) -> str:
    text = escape(said(payload, "buttonText"), quote=False)
    return _paragraph(_link(said(payload, "buttonUrl"), text)) if text else ""


def _playable(payload: Payload) -> str:
    source, title = said(payload, "src"), escape(said(payload, "title"), quote=False)
    player = f'<video src="{escape(source)}"></video>' if source else ""
    return _paragraph(title) + player + _paragraph(_inline(said(payload, "caption")))


def _file(payload: Payload) -> str:
    title = said(payload, "fileTitle", "title") or said(payload, "fileName") or "File"
    link = _link(said(payload, "src"), escape(title, quote=False))
    return _paragraph(link, _inline(said(payload, "fileCaption", "caption")))


def _header(payload: Payload) -> str:
    heading = said(payload, "header", "heading")
    made = f"<h2>{_inline(heading)}</h2>" if heading else ""
    made += _paragraph(_inline(said(payload, "subheader", "subheading")))
    picture = said(payload, "backgroundImageSrc")
    made += _image({"src": picture}) if picture else ""
    made += _paragraph(_inline(said(payload, "disclaimer")))
    return made + (_button(payload) if said(payload, "buttonUrl") else "")


def _product(payload: Payload) -> str:
    picture = said(payload, "productImageSrc")
    title, description = said(payload, "productTitle"), said(payload, "productDescription")
    made = _image({"src": picture}) if picture else ""
    made += f"<h4>{_inline(title)}</h4>" if title else ""
    made += description if _TAG.search(description) else _paragraph(_rich(description))
    button = escape(said(payload, "productButton"), quote=False)
    url = said(payload, "productUrl")
    return made + (_paragraph(_link(url, button or escape(url))) if url else "")


def _call_to_action(payload: Payload) -> str:
    picture, text = said(payload, "imageUrl"), said(payload, "textValue", "html")
    made = (
        _paragraph(_inline(said(payload, "sponsorLabel"))) if payload.get("hasSponsorLabel") else ""
    )
    made += _image({"src": picture}) if picture else ""
    made += text if _TAG.search(text) else _paragraph(_rich(text))
    return made + (_button(payload) if said(payload, "buttonUrl") else "")


_CARDS: dict[str, Callable[[Payload], str]] = {
    "image": _image,
    "gallery": _gallery,
    "embed": _embed,
    "bookmark": _bookmark,
    "html": _markup,
    "email": _markup,
    "email-cta": _call_to_action,
    "markdown": _markdown,
    "code": _code,
    "codeblock": _code,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "video": _playable,
    "audio": _playable,
    "file": _file,
    "header": _header,
    "signup": _header,
    "product": _product,
    "call-to-action": _call_to_action,
}
# Marks that nothing is printed for.
_NOTHING = {"hr", "horizontalrule", "paywall", "transistor", "zwnj", "tk", "before-main-content"}
_DYNAMIC = {
    "signup": "A form for signing up stood in the post; its words were kept.",
    "email": "Words that stood in the newsletter only are in the text.",
    "email-cta": "Words that stood in the newsletter only are in the text.",
}
