"""The words of a ninjs item: which of its headlines, descriptions and bodies readers get.

A body comes in several forms at once, all of which say the same: HTML is taken first, since it
has the paragraphs and links, then NITF, then plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import fragment, nitf_body, xml_input
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.ninjs_members import Members, Said

_HEADLINES = ("main", "headline", "primary", "", "default", "hl1", "title", "text", "xhtml", "html")
# Roles of texts that are no whole story, where a whole one is there.
_EXCERPTS = {
    "summary", "abstract", "teaser", "short", "lead", "preamble", "ingress", "kicker", "sms",
    "push", "social", "intro", "standfirst", "excerpt", "caption", "headline",
}  # fmt: skip
_LEADS = (
    "lead", "summary", "abstract", "standfirst", "teaser", "ingress", "preamble", "intro",
    "excerpt", "text", "", "html", "xhtml", "main", "description", "short", "caption",
)  # fmt: skip
_OTHER_LEADS = ("abstract", "summary", "teaser", "lead", "fragment")
_CAPTIONS = (
    "caption", "text", "", "html", "xhtml", "caption_xhtml", "caption_html", "main", "description",
    "lead", "summary", "abstract",
)  # fmt: skip
_MARKUP = re.compile(
    r"<(?:p|div|br|h[1-6]|section|article|body|html|ul|ol|table|b|i|a|em|strong)\b", re.IGNORECASE
)
_NITF = re.compile(
    r"\s{0,100}(?:<\?xml[^>]{0,200}>\s{0,100})?<(?:nitf|body\.content|block)\b", re.IGNORECASE
)
# What TT sets above its HTML: the section and its own name, both of which the item tells.
_TT_ABOVE = re.compile(
    r'<div class="dat">(?:\s{0,20}<span[^<>]{0,100}>[^<>]{0,200}</span>){0,4}\s{0,20}</div>'
)
_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"<[^<>]{0,4000}>")
_NO_WORDS = re.compile(r"(?:\s++|<[^<>]{0,4000}>)*+")
_RANK = {"html": 0, "nitf": 1, "text": 2, "xml": 3}
# A form that has less than this of the words of another is an excerpt of it.
_WHOLE = 0.6
_HALF = 0.4
_LONGEST_HEADLINE = 1000


@dataclass(frozen=True)
class Body:
    """The body, with the photos that stand in it, and what an NITF body says beside."""

    blocks: tuple[WireBlock, ...] = ()
    photos: tuple[WirePhoto, ...] = ()
    nitf: nitf_body.NitfBody | None = None
    oddities: tuple[str, ...] = ()


def headline_of(item: Members) -> str:
    """Return the main headline as plain text; HTML in it is odd."""
    said = item.said("headlines", "headline")
    wanted = [each for role in _HEADLINES for each in said if each.role == role]
    for each in [*wanted, *said]:
        if text := _plain(item, each.value, "headline"):
            return text[:_LONGEST_HEADLINE]
    return _plain(item, item.text("title", "name", "label"), "title")[:_LONGEST_HEADLINE]


def caption_of(item: Members) -> str:
    """Return the words that go with a picture, as plain text."""
    return described_as(item, *_CAPTIONS)


def lead_of(item: Members) -> str:
    """Return the summary of a story, as plain text."""
    stated = described_as(item, *_LEADS)
    # AP's longer headline is a sentence.
    return stated or plain(item.text(*_OTHER_LEADS, "headlineextended"))


def blocks_of_lead(item: Members) -> tuple[WireBlock, ...]:
    """Return the summary as blocks, for items that have no body beside it."""
    said = item.said("descriptions", "description")
    text = next((each.value for role in _LEADS for each in said if each.role == role), "")
    return fragment.read(text or item.text(*_OTHER_LEADS)).blocks


def described_as(item: Members, *roles: str) -> str:
    """Return the first description under any of ``roles``, as plain text."""
    said = item.said("descriptions", "description")
    return next((plain(each.value) for role in roles for each in said if each.role == role), "")


def plain(text: str) -> str:
    """Return what a reader sees of ``text``, which may be HTML, on one line."""
    if "<" not in text and "&" not in text:
        return _SPACES.sub(" ", text).strip()
    blocks = fragment.read(text).blocks
    return _SPACES.sub(" ", " ".join(to_text(block.html) for block in blocks)).strip()


def body_of(item: Members) -> Body:
    """Return the body in the best form there is, without a headline repeated above it."""
    said = [
        each
        for each in [*item.said("bodies", "body"), *_other_bodies(item)]
        if _has_words(each.value)
    ]
    whole = [each for each in said if each.role not in _EXCERPTS] or said
    oddities: list[str] = []
    for each in _in_order(whole):
        try:
            body = _read(each)
        except WireError as error:
            oddities.append(f"A body as {each.role or each.content_type} was left out: {error}")
            continue
        if body.blocks:
            return Body(body.blocks, body.photos, body.nitf, (*oddities, *body.oddities))
    return Body(oddities=tuple(oddities))


def without_headline(blocks: tuple[WireBlock, ...], headline: str) -> tuple[WireBlock, ...]:
    """Return ``blocks`` without a first one that repeats the headline."""
    if len(blocks) < 2 or blocks[0].kind not in {"heading", "paragraph"}:  # noqa: PLR2004 - the one would be lost
        return blocks
    return blocks[1:] if folded(to_text(blocks[0].html)) == folded(headline) else blocks


def _other_bodies(item: Members) -> list[Said]:
    names = ("articlehtml", "contenthtml", "storyhtml", "content", "articletext")
    found = [Said("", "", text) for name in names for text in item.texts(name)[:1]]
    # AFP's own JSON has the paragraphs as a list.
    lists = [item.texts(name) for name in ("news", "paragraphs")]
    return [*found, *(Said("", "", "\n\n".join(texts)) for texts in lists if texts)]


def _in_order(said: list[Said]) -> list[Said]:
    """Return the bodies, the best form first; what is an excerpt of another comes last."""
    if len(said) < 2:  # noqa: PLR2004 - one has no other to stand behind
        return said
    most = max(_words(each.value) for each in said)
    longest = {
        form: max((_words(each.value) for each in said if _form(each) == form), default=0)
        for form in _RANK
    }

    def rank(each: Said) -> tuple[bool, bool, int]:
        form, words = _form(each), _words(each.value)
        return words < most * _HALF and form != "html", words < longest[form] * _WHOLE, _RANK[form]

    if longest["html"] and longest["html"] < longest["text"] * _HALF:
        said = [each for each in said if _form(each) != "html"]
    return sorted(said, key=rank)


def _form(said: Said) -> str:
    stated = f"{said.role} {said.content_type}"
    if _NITF.match(said.value) or ("nitf" in stated and "ttnitf" not in stated):
        return "nitf"
    if "html" in stated:
        return "html"
    if "xml" in stated or said.value.lstrip().startswith("<?xml"):
        return "xml"
    if "plain" in said.content_type:
        return "text"
    return "html" if _MARKUP.search(said.value) else "text"


def _read(said: Said) -> Body:
    form = _form(said)
    if form in {"nitf", "xml"}:
        is_whole = _NITF.match(said.value) or said.value.lstrip().startswith("<?xml")
        # AP sends the paragraphs alone, without what stands around them.
        read = xml_input.read_text(
            said.value if is_whole else f"<body.content>{said.value}</body.content>"
        )
        nitf = nitf_body.blocks_of(read.root)
        return Body(nitf.blocks, nitf.photos, nitf, (*read.oddities, *nitf.oddities))
    if form == "text" and "plain" in said.content_type:
        found = fragment.from_plain(said.value)
    else:
        found = fragment.read(_TT_ABOVE.sub("", said.value))
    return Body(found.blocks, found.photos, None, found.oddities)


def _plain(item: Members, text: str, name: str) -> str:
    read = plain(text)
    if "<" in text and read != _SPACES.sub(" ", text).strip():
        item.oddities.append(f"The {name} has HTML in it; it was read without.")
    return read


def _words(text: str) -> int:
    return len(_TAG.sub(" ", text).split())


def _has_words(text: str) -> bool:
    """Tell whether :func:`_words` of ``text`` are any, without counting them."""
    found = _NO_WORDS.match(text)
    return found is None or found.end() < len(text)
