"""Attachments of a WordPress export: what is known of a picture, and how addresses name it."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from urllib.parse import unquote

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import WirePhoto
from broadsheet.wire.parsers.inline import to_text

_SIZE = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|@2x){1,3}(?=\.[A-Za-z0-9]{2,5}$)")
_PHOTON = re.compile(r"^i\d\.wp\.com/")
_SCHEME = re.compile(r"^(?:https?:)?//(?:www\.)?", re.IGNORECASE)
_UPLOADS = "/uploads/"
_LONGEST_ADDRESS = 2000
# Where plugins and cameras leave who took a picture: Media Credit, Navis, and others.
CREDIT_KEYS = (
    "_media_credit", "media_credit", "_navis_media_credit", "navis_media_credit_org",
    "_photo_credit", "photo_credit", "photographer", "_credit", "credit", "_wp_attachment_credit",
    "copyright", "_copyright",
)  # fmt: skip
_EARLIEST = datetime(1840, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Attachment:
    """A file in the media library. ``post_id`` is the post it was uploaded to, or 0."""

    id: int
    post_id: int = 0
    order: int = 0
    url: str = ""
    guid: str = ""
    link: str = ""
    title: str = ""
    caption: str = ""
    about: str = ""
    alt: str = ""
    credit: str = ""
    taken: int = 0

    @property
    def media_type(self) -> str:
        """What its name says it is, such as "image/jpeg"; empty where it does not."""
        return mimetypes.guess_type(self.url.split("?")[0])[0] or ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, going by its name."""
        return self.media_type.startswith("image/")

    def photo(self, key: str = "") -> WirePhoto:
        """Return it as a photo, with the words the media library has for it."""
        caption, credit = split_credit(plain(self.caption))
        return WirePhoto(
            caption=caption,
            credit=clean_credit(plain(self.credit)) or credit,
            alt_text=plain(self.alt),
            taken_on=taken_on(self.taken),
            url=self.url,
            key=key or self.url,
            guid=self.guid,
            headline=plain(self.title),
            file_name=unquote(self.url.split("?")[0].rsplit("/", 1)[-1]),
            media_type=self.media_type,
        )

    def figure(self, caption: str = "") -> str:
        """Return HTML that shows it, with ``caption`` (HTML) or its own."""
        words = caption or escape(plain(self.caption), quote=False)
        printed = f"<figcaption>{words}</figcaption>" if words else ""
        alt = escape(plain(self.alt))
        return f'<figure><img src="{escape(self.url)}" alt="{alt}">{printed}</figure>'


def plain(markup: str) -> str:
    """Return what a reader sees of ``markup``, in one line."""
    text = to_text(markup) if "<" in markup or "&" in markup else markup
    return " ".join(text.split())


def taken_on(stamp: int) -> date | None:
    """Return the day of a camera's time in seconds; ``None`` for what no camera says."""
    if stamp <= 0:
        return None
    try:
        day = datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return day.date() if _EARLIEST < day < datetime.now(UTC) else None


def names(url: str) -> tuple[str, str]:
    """Return what ``url`` calls a picture, and the same without the size WordPress adds.

    The host, a resizing service before it and the query do not count.
    """
    address = _SCHEME.sub("", url.strip()[:_LONGEST_ADDRESS])
    address = _SCHEME.sub("", _PHOTON.sub("", address))
    address = unquote(address.split("#")[0].split("?")[0])
    if _UPLOADS in address:
        address = address.rsplit(_UPLOADS, 1)[1]
    return address, _SIZE.sub("", address)


def camera(metadata: str) -> tuple[str, str, int]:
    """Return credit, copyright and time of ``_wp_attachment_metadata``, as PHP serialises it."""
    start = metadata.find('"image_meta"')
    if start < 0:
        return "", "", 0
    rest = metadata[start : start + 20_000].encode("utf-8", "replace")
    taken = _serialised(rest, b"created_timestamp")
    seconds = int(taken) if taken.isascii() and taken.isdigit() and len(taken) < 12 else 0  # noqa: PLR2004
    return _serialised(rest, b"credit"), _serialised(rest, b"copyright"), seconds


def _serialised(data: bytes, name: bytes) -> str:
    """Return the value of ``name`` in a serialised array: ``s:4:"name";s:5:"value";``."""
    match = re.search(rb'"' + name + rb'";(?:s:(\d{1,6}):"|i:(\d{1,12});)', data)
    if match is None:
        return ""
    if match[2]:
        return match[2].decode()
    end = match.end() + int(match[1])
    if data[end : end + 2] != b'";':
        # Moving a site to another address changes texts, and not always their lengths.
        end = data.find(b'";', match.end())
    value = data[match.end() : end] if end >= 0 else b""
    return value.decode("utf-8", "replace").strip()
