"""The text of a WordPress post: blocks, classic text and shortcodes, as blocks and photos."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from urllib.parse import urljoin

from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.parsers import autop, fragment, gutenberg, shortcodes
from broadsheet.wire.parsers.inline import from_text
from broadsheet.wire.parsers.shortcode_kinds import player
from broadsheet.wire.parsers.wxr_index import Index
from broadsheet.wire.parsers.wxr_pictures import Attachment, plain

_IMAGE = re.compile(r"<img\b([^<>]{0,4000})>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s{0,9}=\s{0,9}["']([^"']{1,2000})""", re.IGNORECASE)
_NUMBER = re.compile(r"\bwp-image-(\d{1,18})\b")
_ALONE = re.compile(
    r"^(?:[ \t]|<p>){0,20}(https?://[^\s<>\"\[\]]{1,2000})(?:[ \t]|</p>|<br ?/?>){0,20}$",
    re.MULTILINE,
)
# Whose addresses WordPress shows as what they lead to when they stand on a line of their own
# (wp-includes/class-wp-oembed.php, and the files it plays).
_SHOWN = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,3}(?:youtube\.com|youtu\.be|vimeo\.com|dailymotion\.com|dai\.ly|"
    r"flickr\.com|flic\.kr|twitter\.com|x\.com|instagram\.com|facebook\.com|soundcloud\.com|"
    r"spotify\.com|ted\.com|tiktok\.com|reddit\.com|tumblr\.com|issuu\.com|mixcloud\.com|scribd\.com|"
    r"slideshare\.net|speakerdeck\.com|kickstarter\.com|animoto\.com|imgur\.com|crowdsignal\.com|"
    r"polldaddy\.com|videopress\.com|wordpress\.tv|screencast\.com|bsky\.app|pinterest\.com|"
    r"wolframcloud\.com|cloudup\.com|smugmug\.com|hulu\.com|viddler\.com|blip\.tv|vine\.co)/.+"
    r"|.+\.(?:mp3|ogg|m4a|wav|mp4|m4v|webm|ogv|flv)$"
)
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|dt|dd|tr|td|th|option|br|img|hr|input|source|track|wbr|col|param|embed|area|"
    r"link|meta|base)(?![A-Za-z0-9]))[A-Za-z]",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]{0,4000}>")
_DEEPEST = 500
_ENOUGH = 600
# References of a post to attachments by number, wherever they stand.
_REFERENCES = re.compile(
    r"\bwp-image-(\d{1,18})\b|\battachment_(\d{1,18})\b"
    r"|wp:(?:image|cover|video|audio|file|media-text)\s\{[^{}]{0,1000}?\"(?:id|mediaId)\":(\d{1,18})\b"
)
_LISTS = re.compile(r"""\b(?:ids|include|images|gallery_ids)=["']?([\d,\s]{1,20000})""")
_ID_LISTS = re.compile(r'"ids":\[([\d,"\s]{1,20000})\]')
_BARE_GALLERY = re.compile(r"\[gallery(?![^\]]{0,2000}\b(?:ids|include)=)[^\]]{0,2000}\]")
_FILES = re.compile(
    r"""["'=\s(\]]((?:(?:https?:)?/)?/[^\s"'<>\]\[]{1,2000}\.[A-Za-z0-9]{2,5})(?=["'\s<>\]\[?])"""
)


@dataclass
class Body:
    """The body; ``notes`` counts what was kept, left out or missing, by kind and name."""

    blocks: list[WireBlock] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    oddities: list[str] = field(default_factory=list)


class Shelf:
    """The media library as post ``post_id`` sees it; ``missing`` are the pictures it lacks."""

    def __init__(self, index: Index, post_id: int) -> None:
        self._index = index
        self._post_id = post_id
        self.missing: list[int] = []

    def figure(self, number: int, caption: str = "") -> str:
        """Return HTML that shows picture ``number``; empty where it is missing."""
        attachment = self._index.attachment(number)
        if attachment is None or not attachment.url:
            self.missing.append(number)
            return ""
        return attachment.figure(caption)

    def gallery(self) -> list[int]:
        """Return the pictures that were uploaded to the post."""
        return [each.id for each in self._index.attached_to(self._post_id)]

    def address(self, number: int) -> str:
        """Return where the file of attachment ``number`` is."""
        attachment = self._index.attachment(number)
        return attachment.url if attachment else ""

    def caption(self, number: int) -> str:
        """Return the caption of attachment ``number`` as HTML."""
        attachment = self._index.attachment(number)
        return from_text(plain(attachment.caption)) if attachment else ""


def read(content: str, index: Index, post_id: int, base_url: str, footnotes: str = "") -> Body:
    """Return the body that ``content`` is, as readers were shown it."""
    body = Body()
    shelf = Shelf(index, post_id)
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if gutenberg.has_blocks(content):
        flattened = gutenberg.flatten(content, shelf, index, footnotes)
        parts = flattened.parts
        for name, count in flattened.unshown.items():
            body.notes["block", name] += count
        for number in flattened.missing:
            body.notes["missing block", str(number)] += 1
    else:
        parts = [gutenberg.Part(content, is_classic=True)]
    markup = "\n".join(_html(part, shelf, body) for part in parts)
    for number in shelf.missing:
        body.notes["photo", str(number)] += 1
    if _is_deep(markup):
        markup = _ANY_TAG.sub("\n\n", markup)
        body.oddities.append("Its HTML is nested too deep; its words were kept.")
    shown = fragment.read(markup, base_url)
    body.oddities.extend(shown.oddities)
    _add(shown, _numbers(markup, base_url), index, body)
    return body


def references(content: str) -> tuple[set[int], set[str], bool]:
    """Return the numbers and addresses of what ``content`` shows.

    The third tells whether it shows what was uploaded to it without naming it.
    """
    found: set[int] = set()
    # Most texts have nothing that any of these could be found in, which is told far sooner.
    if "wp-image-" in content or "attachment_" in content or 'd":' in content:
        found.update(
            int(next(filter(None, groups)))
            for groups in _REFERENCES.findall(content)
            if any(groups)
        )
    has_lists = "ids" in content or "include=" in content or "images=" in content
    lists = [*_LISTS.findall(content), *_ID_LISTS.findall(content)] if has_lists else []
    for listed in lists:
        found.update(
            int(part)
            for part in re.split(r"[^\d]+", listed)
            if part and len(part) < 19  # noqa: PLR2004
        )
    return found, set(_FILES.findall(content)), bool(_BARE_GALLERY.search(content))


def with_featured(body: Body, featured: Attachment) -> None:
    """Put ``featured`` first among the photos of ``body``."""
    same = next((photo for photo in body.photos if photo.url == featured.url), None)
    if same is not None:
        body.photos.remove(same)
    body.photos.insert(0, same or featured.photo())


def _html(part: gutenberg.Part, shelf: Shelf, body: Body) -> str:
    text = autop.without_comments(part.html)
    converted = shortcodes.convert(text, shelf)
    for name, count in converted.kept.items():
        body.notes["shortcode kept", name] += count
    for name, count in converted.removed.items():
        body.notes["shortcode removed", name] += count
    text = _ALONE.sub(_shown, converted.html)
    return autop.paragraphs(text) if part.is_classic else text


def _is_deep(markup: str) -> bool:
    """Tell HTML that is nested deeper than any page: cleaning takes the square of its depth."""
    depth = 0
    for match in _NESTING.finditer(markup):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def _shown(match: re.Match[str]) -> str:
    return player(match[1]) if _SHOWN.fullmatch(match[1]) else match[0]


def _numbers(markup: str, base_url: str) -> dict[str, int]:
    """Return the numbers that the pictures in ``markup`` have in their class, by address."""
    found: dict[str, int] = {}
    for given in _IMAGE.findall(markup):
        number, source = _NUMBER.search(given), _SOURCE.search(given)
        if number and source:
            found[absolute(unescape(source[1]), base_url)] = int(number[1])
    return found


def absolute(address: str, base_url: str) -> str:
    """Return ``address`` as seen from ``base_url``; itself where that is no address."""
    try:
        return urljoin(f"{base_url.rstrip('/')}/", address.strip()) if base_url else address.strip()
    except ValueError:
        return address.strip()


def _add(shown: fragment.Fragment, ids: dict[str, int], index: Index, body: Body) -> None:
    """Add blocks and photos, each photo with what the media library knows of it, and once."""
    keys: dict[str, str] = {}
    first: dict[str, str] = {}
    for photo in shown.photos:
        attachment = index.attachment_at(photo.url) or (
            index.attachment(ids[photo.url]) if photo.url in ids else None
        )
        known = _known(photo, attachment)
        keys[photo.key] = first.setdefault(known.url, photo.key)
        if keys[photo.key] == photo.key:
            body.photos.append(known)
    used: set[str] = set()
    for block in shown.blocks:
        if block.kind == "photo":
            key = keys.get(block.html, block.html)
            if key in used:
                continue
            used.add(key)
            body.blocks.append(WireBlock("photo", key))
        else:
            body.blocks.append(block)


def _known(photo: WirePhoto, attachment: Attachment | None) -> WirePhoto:
    if attachment is None or not attachment.url:
        name = photo.url.split("?")[0].rsplit("/", 1)[-1]
        return replace(photo, file_name=photo.file_name or name)
    known = attachment.photo(photo.key)
    return replace(
        known,
        caption=photo.caption or known.caption,
        credit=photo.credit or known.credit,
        alt_text=photo.alt_text or known.alt_text,
    )


def words(blocks: Iterable[WireBlock]) -> str:
    """Return the beginning of the text of ``blocks``, enough to tell its language."""
    found: list[str] = []
    for block in blocks:
        if block.kind != "photo":
            found.append(plain(block.html))
            if sum(map(len, found)) > _ENOUGH:
                break
    return "\n".join(found)[:_ENOUGH]
