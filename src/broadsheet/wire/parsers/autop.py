"""Paragraphs of texts that were written without any: the rules of WordPress's ``wpautop``.

Until its block editor, WordPress stored what was typed: blank lines between paragraphs, line
ends within them, and HTML only for the rest. Readers were shown paragraphs. The rules are those
of its function reference (developer.wordpress.org/reference/functions/wpautop): blank lines
part paragraphs, elements that are blocks stand between them, a single line end is a line break,
and ``pre`` is left as it is.
"""

from __future__ import annotations

import re

_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|area|"
    "blockquote|address|style|script|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|"
    "header|footer|nav|figure|figcaption|details|menu|summary|textarea|iframe|video|audio|object"
)
_BLOCK_TAG = re.compile(rf"(<(?:/?)(?:{_BLOCKS})(?=[\s/>])[^<>]{{0,4000}}>)", re.IGNORECASE)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_VERBATIM = {"pre", "script", "style", "textarea", "iframe", "video", "audio", "object"}
# Text right within these is white space between their parts.
_FRAMES = {"table", "thead", "tbody", "tfoot", "tr", "colgroup", "ul", "ol", "dl", "menu"}
_SINGLE = {
    "li", "td", "th", "dt", "dd", "caption", "figcaption", "legend", "summary", "figure", "p",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_VOID = {"hr", "col", "area"}
_BREAKS = re.compile(r"<br ?/?>[ \t]*\n?")
_BLANK_LINE = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")
_ANY_TAG = re.compile(r"(<[^<>]*>)")
_COMMENT = "<!--"


def paragraphs(text: str) -> str:
    """Return ``text``, HTML as WordPress stored it, with its paragraphs marked as such."""
    text = without_comments(text.replace("\r\n", "\n").replace("\r", "\n"))
    out: list[str] = []
    open_tags: list[str] = []
    verbatim = ""
    for index, part in enumerate(_BLOCK_TAG.split(text)):
        if index % 2 == 0:
            out.append(part if verbatim else _flowed(part, open_tags))
            continue
        name = _name(part)
        if verbatim:
            out.append(part)
            verbatim = "" if part.startswith("</") and name == verbatim else verbatim
        elif part.startswith("</"):
            out.append(part)
            if name in open_tags:
                while open_tags.pop() != name:
                    pass
        else:
            out.append(part)
            if name in _VERBATIM:
                verbatim = "" if part.endswith("/>") else name
            elif name not in _VOID:
                open_tags.append(name)
    return "".join(out)


def without_comments(text: str) -> str:
    """Return ``text`` without HTML comments; one that divides it ("more") is a blank line."""
    if _COMMENT not in text:
        return text
    parts: list[str] = []
    position = 0
    while (start := text.find(_COMMENT, position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.append(text[position:start])
        if text.startswith(("more", "nextpage"), start + len(_COMMENT)):
            parts.append("\n\n")
        position = end + 3
    return "".join([*parts, text[position:]])


def _name(tag: str) -> str:
    match = _NAME.match(tag)
    return match[1].lower() if match else ""


def _flowed(text: str, open_tags: list[str]) -> str:
    within = open_tags[-1] if open_tags else ""
    if not text.strip() or within in _FRAMES:
        return text
    text = re.sub(r"<br ?/?>[ \t\n]{0,99}<br ?/?>", "\n\n", text)
    parts = [part for part in _BLANK_LINE.split(text.strip("\n \t")) if part.strip()]
    if within == "p" or (within in _SINGLE and len(parts) == 1):
        return "\n".join(_broken(part) for part in parts)
    return "".join(f"<p>{_broken(part)}</p>\n" for part in parts)


def _broken(text: str) -> str:
    """Mark the line ends of one paragraph, other than those within tags."""
    text = _BREAKS.sub("\n", text.strip())
    parts = _ANY_TAG.split(text)
    parts[::2] = [part.replace("\n", "<br>\n") for part in parts[::2]]
    return "".join(parts)
