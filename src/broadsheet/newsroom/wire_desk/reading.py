"""An item as it came, in the parts that its page shows.

Whatever a supplier wrote is hostile: inline HTML goes through ``nh3`` once more, everything else
is text. Nothing is drawn from another machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO

import nh3
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from broadsheet.newsroom.wire_desk.rows import KINDS
from broadsheet.stories.languages import name_of
from broadsheet.wire import photo_files
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto
from broadsheet.wire.models import ReceivedItem

_INLINE = {"a", "b", "strong", "i", "em", "sub", "sup", "br"}
_BLOCKS = {*_INLINE, "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr"} | {
    "th",
    "td",
}
_ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_WIDEST = 1200
_MOST_PIXELS = 100_000_000


@dataclass(frozen=True)
class Shown:
    """A block of the body, ready to be drawn; ``photo`` is its number among the photos."""

    kind: str
    html: SafeString = field(default_factory=lambda: SafeString(""))
    photo: int | None = None


@dataclass(frozen=True)
class ShownPhoto:
    """A photo with its words. ``is_stored`` tells that its bytes are here to be looked at."""

    number: int
    photo: WirePhoto
    is_stored: bool = False


@dataclass(frozen=True)
class Fact:
    """One thing that a supplier says of an item, beside its words."""

    label: Promise
    values: tuple[str, ...]


def body(item: WireItem) -> list[Shown]:
    """Return the blocks of ``item``, safe to draw."""
    numbers = {photo.key: number for number, photo in enumerate(item.photos) if photo.key}
    return [_shown(block, numbers) for block in item.body]


def _shown(block: WireBlock, numbers: dict[str, int]) -> Shown:
    if block.kind == "photo":
        return Shown("photo", photo=numbers.get(block.html))
    if block.kind == "embed":
        # An address, which the template escapes and does not make a link of.
        return Shown("embed", SafeString(nh3.clean_text(block.html)))
    has_parts = block.kind in {"list", "numbered list", "table"}
    cleaned = nh3.clean(
        block.html,
        tags=_BLOCKS if has_parts else _INLINE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Shown("parts" if has_parts else block.kind, mark_safe(cleaned))  # noqa: S308 - cleaned


def photos(item: WireItem) -> list[ShownPhoto]:
    """Return the photos of ``item``, with whether their bytes came along."""
    return [
        ShownPhoto(number, photo, bool(photo.stored_as)) for number, photo in enumerate(item.photos)
    ]


def stored_photo(item: WireItem, number: int) -> bytes | None:
    """Return the bytes of a photo of ``item`` that came along; ``None`` where none did."""
    wanted = replace(item, photos=item.photos[number : number + 1])
    found = photo_files.with_bytes(wanted).photos
    return found[0].content if found else None


def thumbnail(content: bytes) -> bytes:
    """Return a picture drawn anew from ``content``, as JPEG: nothing else that it holds.

    Raises ``ValidationError`` for what is no picture, or unfolds into too many pixels.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content)) as image:
            _refuse_bomb(image.width * image.height)
            image.draft("RGB", (_WIDEST, _WIDEST))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((_WIDEST, _WIDEST))
            target = BytesIO()
            upright.convert("RGB").save(target, format="JPEG", quality=85)
            return target.getvalue()
    except (ValidationError, MemoryError):
        raise
    except Exception as error:
        # Besides what Pillow documents, its decoders raise struct.error, TypeError and others
        # on what somebody has tampered with.
        raise ValidationError(_("This picture is damaged.")) from error


def _refuse_bomb(pixels: int) -> None:
    if pixels > _MOST_PIXELS:
        raise ValidationError(_("This picture unfolds into too many pixels."))


def facts(received: ReceivedItem, item: WireItem) -> list[Fact]:
    """Return everything else the item says of itself, what matters most first."""
    found = [
        Fact(label, tuple(value for value in values if value))
        for label, values in _facts(received, item)
    ]
    return [fact for fact in found if fact.values]


def _facts(received: ReceivedItem, item: WireItem) -> Iterator[tuple[Promise, tuple[str, ...]]]:
    yield _("Status"), (item.pub_status,)
    yield _("Signals"), item.signals
    yield _("Embargo until"), (_time(item.embargoed),)
    yield _("Expires"), (_time(item.expires),)
    yield _("Version"), (item.version,)
    yield _("Published by the agency"), (_time(item.published),)
    yield _("Updated by the agency"), (_time(item.updated),)
    yield _("Received"), (_time(received.received_at),)
    yield _("Agency"), item.agencies
    yield _("Passed through or rests on"), item.info_sources
    yield _("Byline"), (item.byline,)
    yield _("Authors"), item.authors
    yield _("Credit line"), (item.credit_line,)
    yield _("Rights"), (item.rights,)
    yield _("Kind"), (str(KINDS.get(item.kind, item.kind)),)
    yield _("Genre"), (item.genre,)
    yield _("Urgency"), ("" if item.urgency is None else str(item.urgency),)
    yield _("Language"), (f"{name_of(item.language)} ({item.language})" if item.language else "",)
    yield _("Section"), (item.section,)
    yield _("Slugline"), (item.slugline,)
    yield _("Dateline"), (item.dateline,)
    yield (
        _("Subjects"),
        tuple(
            " ".join(filter(None, (each.name, f"[{each.code}]" if each.code else "")))
            for each in item.subjects
        ),
    )
    yield _("Topics"), item.topics
    yield _("Places"), item.places
    yield (
        _("Tied to"),
        tuple(f"{LINKS.get(each.rel, each.rel)}: {each.title or each.guid}" for each in item.links),
    )
    yield _("Addresses it had"), item.old_urls
    yield _("Guid"), (item.guid,)
    yield _("Format"), (item.format,)
    yield _("Read from"), (item.origin,)
    yield _("SHA-256"), (item.sha256,)


LINKS = {
    "replaces": _("replaces"),
    "corrects": _("corrects"),
    "kills": _("withdraws"),
    "translates": _("translates"),
    "derived": _("is made from"),
    "member": _("contains"),
    "related": _("belongs with"),
}


def _time(moment: object) -> str:
    if not isinstance(moment, datetime):
        return ""
    return str(date_format(localtime(moment), "DATETIME_FORMAT"))
