"""Pictures that come along: their bytes are found, stored once, and given to the story."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import Error, transaction
from wagtail.models import ReferenceIndex

from broadsheet.stories.models import Picture
from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireItem, WirePhoto

logger = logging.getLogger(__name__)

# Returns the bytes that an address or a file's name stands for, or ``None`` where nothing does.
Find = Callable[[str], bytes | None]
_LONGEST_TITLE = 255


def nothing(address: str) -> bytes | None:
    """Find nothing: the words of pictures are taken, their bytes are not."""
    return None


@dataclass
class Pictures:
    """Stores pictures of items that are adopted.

    ``find`` gives the bytes of what an item only names. It may take as long as somebody else's
    server likes: where it asks one, everything is had by :meth:`prepared`, before a transaction
    keeps others from writing. ``stored`` are the pictures of the transaction that is open.
    """

    find: Find = nothing
    stored: list[Picture] = field(default_factory=list)
    _ahead: list[Picture] = field(default_factory=list)
    _given: list[Picture] = field(default_factory=list)
    _ready: dict[str, Picture | ValidationError | WireError | None] = field(default_factory=dict)
    _blocks: int = 0

    @contextmanager
    def prepared(self, photos: Iterable[WirePhoto]) -> Iterator[Callable[[], None]]:
        """Have the pictures of ``photos`` in the library, each in a transaction of its own.

        Within the block, :meth:`of` gives what is ready and looks for nothing. Yields
        :meth:`keep`, to be called once the stories are stored. What is not kept when the block
        (the outermost, where there are several) ends is removed again, rows and files.
        """
        self._blocks += 1
        mine: list[str] = []
        try:
            for photo in photos:
                name = _bytes_of(photo)
                if name and name not in self._ready:
                    self._ready[name] = self._had(photo)
                    mine.append(name)
            yield self.keep
        finally:
            for name in mine:
                del self._ready[name]
            self._blocks -= 1
            if not self._blocks:
                self._take_back()

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Remove the files that the block stores where it raises: its transaction has no rows.

        Where nothing was :meth:`prepared`, what it stored is kept if it does not.
        """
        stored, given = len(self.stored), len(self._given)
        try:
            yield
        except BaseException:
            _delete_files(self.stored[stored:])
            del self.stored[stored:], self._given[given:]
            raise
        if not self._blocks:
            self.keep()

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
        for key in self._gone(found):
            # Another import had it first, failed, and took it back.
            del found[key]
            missing += 1
        # Where nobody offers any bytes, each story need not say so.
        if missing and self.find is not nothing:
            remarks.append(f"{missing} of its pictures have no bytes here; their words were kept.")
        return found, remarks

    def picture(self, photo: WirePhoto) -> Picture | None:
        """Return the library's picture of ``photo``; ``None`` where its bytes cannot be had.

        The same bytes are one picture, however often they come. Raises ``ValidationError`` for
        what is no picture and ``WireError`` for what may not be fetched.
        """
        if self._blocks and (name := _bytes_of(photo)) in self._ready:
            picture = self._ready[name]
            if isinstance(picture, Exception):
                raise picture
        elif self._blocks and photo.content is None:
            return None
        else:
            picture, is_new = self._stored(photo)
            if picture is not None and is_new:
                self.stored.append(picture)
        if picture is not None:
            self._given.append(picture)
        return picture

    def may_have(self, photo: WirePhoto) -> bool:
        """Tell whether the bytes of ``photo`` may be had here, without looking for them."""
        if photo.media_type.startswith(("video/", "audio/")):
            return False
        return bool(photo.content or (photo.url and self.find is not nothing))

    def is_new(self, picture: Picture) -> bool:
        """Tell whether ``picture`` is one that is not kept yet: the library had it not before."""
        return picture in self.stored or picture in self._ahead

    def keep(self) -> None:
        """Keep what was stored so far and given to a story: the story stands."""
        self.stored.clear()
        given = {picture.pk for picture in self._given}
        self._ahead = [picture for picture in self._ahead if picture.pk not in given]
        self._given.clear()

    def _had(self, photo: WirePhoto) -> Picture | ValidationError | WireError | None:
        try:
            picture, is_new = self._stored(photo)
        except (ValidationError, WireError) as error:
            return error
        if picture is not None and is_new:
            self._ahead.append(picture)
        return picture

    def _stored(self, photo: WirePhoto) -> tuple[Picture | None, bool]:
        """Return the library's picture of ``photo``, and whether it is there only now."""
        content = photo.content or (self.find(photo.url) if photo.url else None)
        if content is None:
            return None, False
        origin = f"sha256:{hashlib.sha256(content).hexdigest()}"
        known: Picture | None = Picture.objects.filter(origin=origin).first()
        if known is not None:
            return known, False
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
        try:
            with transaction.atomic():
                picture.save()
        except BaseException:
            if picture.file._committed:
                _delete_files([picture])
            raise
        return picture, True

    def _gone(self, found: dict[str, Picture]) -> list[str]:
        ready = {picture.pk for picture in found.values()} if self._blocks else set()
        there = set(Picture.objects.filter(pk__in=ready).values_list("pk", flat=True))
        gone = ready - there
        return [key for key, picture in found.items() if picture.pk in gone]

    def _take_back(self) -> None:
        _delete_files(self.stored)
        for picture in self._ahead:
            try:
                with transaction.atomic():
                    # Another import may have met the same bytes meanwhile, and used them.
                    if not ReferenceIndex.get_references_to(picture).exists():
                        picture.delete()
            except (Error, OSError):
                # What became of the story is true all the same; the library has one too many.
                logger.exception("the picture %s could not be taken back", picture.pk)
        self.stored.clear()
        self._ahead.clear()
        self._given.clear()


def _delete_files(pictures: Iterable[Picture]) -> None:
    for picture in pictures:
        picture.file.storage.delete(picture.file.name)


def _bytes_of(photo: WirePhoto) -> str:
    """Return what names the bytes of ``photo``: themselves, or where they are to be had."""
    if photo.content:
        return f"sha256:{hashlib.sha256(photo.content).hexdigest()}"
    return photo.url


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
