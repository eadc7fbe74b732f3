"""Pictures that come along: their bytes are found, stored once, and given to the story."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from broadsheet.stories.models import Picture
from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireItem, WirePhoto

# Returns the bytes that an address or a file's name stands for, or ``None`` where nothing does.
Find = Callable[[str], bytes | None]
_LONGEST_TITLE = 255


def nothing(address: str) -> bytes | None:
    """Find nothing: the words of pictures are taken, their bytes are not."""
    return None


@dataclass
class Pictures:
    """Stores pictures of items that are adopted.

    ``find`` gives the bytes of what an item only names. Files that were stored for something
    that came to nothing are removed again by :meth:`take_back`.
    """

    find: Find = nothing
    stored: list[Picture] = field(default_factory=list)

    def of(self, item: WireItem) -> tuple[dict[str, Picture], list[str]]:
        """Return the pictures of ``item`` by the address, key or content of its photos.

        The second value says, a sentence each, which could not be had or read.
        """
        found: dict[str, Picture] = {}
        remarks: list[str] = []
        missing = 0
        for photo in item.photos:
            if photo.media_type.startswith(("video/", "audio/")):
                continue
            try:
                picture = self.picture(photo)
            except ValidationError as error:
                remarks.append(f"The picture {name_of(photo)}: {' '.join(error.messages)}")
                continue
            except WireError as error:
                remarks.append(f"The picture {name_of(photo)}: {error}")
                continue
            if picture is None:
                missing += bool(photo.url)
            else:
                found[key_of(photo)] = picture
        # Where nobody offers any bytes, each story need not say so.
        if missing and self.find is not nothing:
            remarks.append(f"{missing} of its pictures have no bytes here; their words were kept.")
        return found, remarks

    def picture(self, photo: WirePhoto) -> Picture | None:
        """Return the library's picture of ``photo``; ``None`` where its bytes cannot be had.

        The same bytes are one picture, however often they come. Raises ``ValidationError`` for
        what is no picture and ``WireError`` for what may not be fetched.
        """
        content = photo.content or (self.find(photo.url) if photo.url else None)
        if content is None:
            return None
        origin = f"sha256:{hashlib.sha256(content).hexdigest()}"
        known: Picture | None = Picture.objects.filter(origin=origin).first()
        if known is not None:
            return known
        name = name_of(photo)
        try:
            picture = Picture(
                title=(photo.headline or photo.caption or name)[:_LONGEST_TITLE],
                file=ContentFile(content, name=name),
                origin=origin,
                caption=photo.caption,
                credit=photo.credit[:200],
                description=photo.alt_text[:255],
                taken_on=photo.taken_on,
            )
        except MemoryError:
            raise
        except Exception as error:
            # Wagtail looks for the size already here, through decoders that raise anything on
            # what somebody has tampered with.
            raise ValidationError("It is no picture that can be read.") from error
        picture.full_clean(exclude=["collection", "uploaded_by_user"])
        picture.save()
        self.stored.append(picture)
        return picture

    def keep(self) -> None:
        """Keep what was stored so far: its story stands."""
        self.stored.clear()

    def take_back(self) -> None:
        """Remove the files of what was stored since the last :meth:`keep`: its rows are gone."""
        for picture in self.stored:
            picture.file.storage.delete(picture.file.name)
        self.stored.clear()


def key_of(photo: WirePhoto) -> str:
    """Return what names ``photo`` among the photos of its item."""
    return photo.key or photo.url or photo.guid or photo.file_name or photo.caption


def name_of(photo: WirePhoto) -> str:
    """Return a file's name for ``photo``: its own, or the last part of its address."""
    name = photo.file_name or unquote(PurePosixPath(urlsplit(photo.url).path).name)
    return PurePosixPath(name.replace("\\", "/")).name[-80:] or "picture"


def block_of(photo: WirePhoto, picture: Picture) -> dict[str, Any]:
    """Return the value of a photo block of a story's body."""
    return {
        "picture": picture.pk,
        "caption": photo.caption,
        "credit": photo.credit[:200],
        "alt_text": photo.alt_text[:300],
    }
