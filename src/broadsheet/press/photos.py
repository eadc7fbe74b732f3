"""Photos: the pictures of public stories as pressed files.

What the newsroom keeps of a picture is never public. Readers get renditions of it, under an
address that names the story they belong to: when the story goes, its pictures go, whoever else
uses the same picture. The address carries a hash of the picture and of its focal point, so that
browsers may keep it for ever. Renditions are WebP, which every browser of the last years
reads; the one picture that link previews fetch is a JPEG. Both are written without the
metadata of the original, where a camera may have noted a place.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images.models import Filter

from broadsheet.press import blocks, loading
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet, SheetKind
from broadsheet.stories.models import Picture, PictureRendition, StandingPage, Story

logger = logging.getLogger(__name__)

_QUALITY = "format-webp|webpquality-75"
# Widths in CSS pixels: a phone, a column, the widest figure on a fine screen.
WHOLE = {f"w{width}": f"width-{width}|{_QUALITY}" for width in (480, 960, 1600)}
# Cut to 3:2 around the focal point, for the places where pictures stand side by side.
CARD = {f"c{width}": f"fill-{width}x{width * 2 // 3}|{_QUALITY}" for width in (480, 960)}
_SPECS = {**WHOLE, **CARD}
_FILTERS = {label: Filter(spec=spec) for label, spec in _SPECS.items()}
_LABELS = {spec: label for label, spec in _SPECS.items()}
# Link previews: cut from the card, as the largest there is.
_PREVIEW = "og"
_KEY = re.compile(
    r"(?P<owner>\d+|page-\d+)/(?P<picture>\d+)-(?P<digest>[0-9a-f]{10})-"
    r"(?P<label>w480|w960|w1600|c480|c960|og)\.(?P<suffix>webp|jpg)",
    re.ASCII,
)


@dataclass(frozen=True)
class Shown:
    """A picture as a page shows it: addresses by width, and the shape it takes up.

    ``srcset`` is as HTML wants it; ``width`` and ``height`` are those of the largest, in pixels.
    """

    src: str
    srcset: str
    width: int
    height: int
    preview: str


def pictures_of(page: Story | StandingPage) -> list[Picture]:
    """Return the pictures that ``page`` shows, each once: of a story's photos, then its body."""
    found: dict[int, Picture] = {}
    if isinstance(page, Story):
        for photo in loading.parts_of(page, "photos"):
            if photo.picture is not None:
                found.setdefault(photo.picture.pk, photo.picture)
    if not isinstance(page, Story) or loading.has_photo_blocks(page):
        for place, stored in enumerate(page.body.raw_data):
            block = blocks.built(page.body, place) if stored["type"] == "photo" else None
            # The picture is gone from the library where the chooser's value is empty.
            if block is not None and (picture := block.value["picture"]) is not None:
                found.setdefault(picture.pk, picture)
    return list(found.values())


def _fitting(picture: Picture, labels: Iterable[str]) -> list[str]:
    """Return the labels, narrow to wide, that ``picture`` is wide enough for, and one at least.

    Nothing is scaled up, so that all wider ones would be the same picture again.
    """
    fitting: list[str] = []
    for label in labels:
        fitting.append(label)
        if int(label[1:]) >= picture.width:
            break
    return fitting


def renditions_of(
    pictures: Sequence[Picture], labels: Sequence[str]
) -> dict[int, dict[str, PictureRendition]]:
    """Return the renditions of each picture by label, making what is missing.

    A picture that cannot be read (a broken or hostile file) has none, and says so in the log.
    """
    found: dict[int, dict[str, PictureRendition]] = {picture.pk: {} for picture in pictures}
    if not pictures:
        return found
    specs = [_SPECS[label] for label in labels]
    rows = PictureRendition.objects.filter(image_id__in=list(found), filter_spec__in=specs)
    keyed = {(row.image_id, row.filter_spec, row.focal_point_key): row for row in rows}
    for picture in pictures:
        fitting = _fitting(picture, labels)
        for label in fitting:
            # Renditions for a focal point that has moved since are of no use.
            key = (picture.pk, _SPECS[label], _FILTERS[label].get_cache_key(picture))
            if key in keyed:
                found[picture.pk][label] = keyed[key]
        missing = [label for label in fitting if label not in found[picture.pk]]
        if missing:
            found[picture.pk] |= _made(picture, missing)
    return found


def _made(picture: Picture, labels: Sequence[str]) -> dict[str, PictureRendition]:
    made = {}
    try:
        for label in labels:
            made[label] = _rendition(picture, label)
    # Whatever a decoder raises on a hostile file, it must not stop the press.
    except Exception as error:  # noqa: BLE001
        logger.warning("picture %s cannot be shown: %s", picture.pk, error)
        return {}
    return made


def _rendition(picture: Picture, label: str) -> PictureRendition:
    """Make one rendition, as Wagtail's own ``create_rendition`` does.

    That one leaves temporary files open where a picture turns out to be broken.
    """
    wanted = _FILTERS[label]
    content = BytesIO()
    wanted.run(picture, content)
    row: PictureRendition
    row, _created = PictureRendition.objects.get_or_create(
        image=picture,
        filter_spec=wanted.spec,
        focal_point_key=wanted.get_cache_key(picture),
        defaults={"file": ContentFile(content.getvalue(), f"{picture.pk}-{label}.webp")},
    )
    return row


def digest_of(picture: Picture) -> str:
    """Return the part of an address that changes whenever the picture's renditions do."""
    focus = _FILTERS["c480"].get_cache_key(picture)
    of = f"{picture.file_hash or picture.file.name} {focus} {_QUALITY}"
    return hashlib.sha256(of.encode()).hexdigest()[:10]


def owner_of(page: Story | StandingPage) -> str:
    """Return what the addresses of a page's pictures begin with."""
    return str(page.news_id) if isinstance(page, Story) else f"page-{page.pk}"


def _key(owner: str, picture: Picture, label: str) -> str:
    suffix = "jpg" if label == _PREVIEW else "webp"
    return f"{owner}/{picture.pk}-{digest_of(picture)}-{label}.{suffix}"


def shown(
    wanted: Iterable[tuple[str, Picture]], specs: dict[str, str], *, preview: bool = False
) -> dict[tuple[str, int], Shown]:
    """Return how each picture is shown, by owner and picture; those that cannot be are left out.

    ``wanted`` pairs an owner (see :func:`owner_of`) with a picture, ``specs`` is :data:`WHOLE`
    or :data:`CARD`. With ``preview`` the addresses are those of the newsroom's own files, which
    only those who are logged in can fetch.
    """
    pairs = list(wanted)
    unique = list({picture.pk: picture for _, picture in pairs}.values())
    renditions = renditions_of(unique, list(specs))
    result = {}
    for owner, picture in pairs:
        rows = renditions[picture.pk]
        if not rows:
            continue
        addresses = {
            row.width: row.url if preview else address(_key(owner, picture, label))
            for label, row in rows.items()
        }
        widest = max(rows.values(), key=lambda row: row.width)
        result[owner, picture.pk] = Shown(
            src=addresses[min(addresses, key=lambda width: abs(width - 960))],
            srcset=", ".join(f"{url} {width}w" for width, url in sorted(addresses.items())),
            width=widest.width,
            height=widest.height,
            preview=address(_key(owner, picture, _PREVIEW)),
        )
    return result


def photo_sheets(page: Story | StandingPage) -> list[Sheet]:
    """Return the sheets of all the pictures that ``page`` shows, whether it is public or not.

    Drawing a sheet asks again whether it may be seen.
    """
    owner = owner_of(page)
    return [
        Sheet(KIND.name, _key(owner, picture, label))
        for picture in pictures_of(page)
        for label in (*_fitting(picture, WHOLE), *_fitting(picture, CARD), _PREVIEW)
    ]


def pressed_of(picture: Picture) -> list[Sheet]:
    """Return the sheets of ``picture`` that stand in the pressed folder, whoever shows them."""
    rows = PressedFile.objects.filter(kind=KIND.name, key__contains=f"/{picture.pk}-")
    return [Sheet(KIND.name, key) for key in rows.values_list("key", flat=True)]


def address(key: str) -> str:
    """Return the address of the picture that ``key`` names."""
    return f"/photos/{key}"


def draw(key: str) -> bytes | None:
    """Return the bytes of one picture, ``None`` where no reader may see it (any more)."""
    named = _KEY.fullmatch(key)
    page = _public_page(named["owner"]) if named else None
    if named is None or page is None:
        return None
    for picture in pictures_of(page):
        if picture.pk == int(named["picture"]) and digest_of(picture) == named["digest"]:
            label = named["label"]
            whole = _fitting(picture, CARD)[-1] if label == _PREVIEW else label
            rendition = renditions_of([picture], [whole])[picture.pk].get(whole)
            return _bare(rendition, jpeg=label == _PREVIEW) if rendition is not None else None
    return None


def _public_page(owner: str) -> Story | StandingPage | None:
    if owner.startswith("page-"):
        page: StandingPage | None = (
            StandingPage.objects.live().filter(pk=owner.removeprefix("page-")).first()
        )
        return page
    story: Story | None = (
        Story.objects.public().filter(pk=owner).prefetch_related("photos__picture").first()
    )
    return story


def _bare(rendition: Any, *, jpeg: bool) -> bytes | None:
    """Return a rendition's bytes without metadata (Exif, XMP), as it is or as a JPEG."""
    try:
        with rendition.file.open("rb") as file:
            content = bytes(file.read())
        with Image.open(BytesIO(content)) as picture:
            if not jpeg and not {"exif", "xmp"} & picture.info.keys():
                return content
            bare = BytesIO()
            if jpeg:
                picture.convert("RGB").save(bare, "JPEG", quality=82, optimize=True)
            else:
                picture.save(bare, "WEBP", quality=75, exif=b"", xmp=b"")
            return bare.getvalue()
    except OSError as error:
        logger.warning("rendition %s cannot be read: %s", rendition.pk, error)
        return None


KIND = SheetKind(name="photo", address=address, draw=draw)
