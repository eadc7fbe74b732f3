"""Pictures of an export: into the library as they were there, once each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from broadsheet.newsroom.export.pictures import key_of
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.newsroom.restoring.values import Values
from broadsheet.stories.models import Picture
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted

_NAME = re.compile(r"[\w][\w. -]{0,99}")
_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
_MOST_TAGS = 100
_LONGEST_TAG = 100


def restore_picture(item: WireItem, pictures: Pictures) -> Adopted:
    """Store the picture that ``item`` is, unless the library has it.

    Raises ``ValidationError`` for one that is damaged or has no bytes.
    """
    values = Values.read(item.kept, f"The picture {item.headline}")
    if numbers({values.text("key"): values.text("origin")}):
        return Adopted(None, changed=False)
    content = item.photos[0].content if item.photos else None
    if content is None:
        if values.raw("file") is None:
            # An export without the pictures' files: their words stand in the stories.
            return Adopted(None, changed=False, is_missing=True)
        raise ValidationError("The file of this picture is not in the export.")
    name = values.text("file_name")
    picture = Picture(
        title=values.text("title", Picture),
        file=ContentFile(content, name=name if _NAME.fullmatch(name) else "picture"),
        origin=values.text("origin", Picture) or f"sha256:{hashlib.sha256(content).hexdigest()}",
        caption=values.text("caption"),
        credit=values.text("credit", Picture),
        description=values.text("description", Picture),
        taken_on=values.day("taken_on"),
        **{name: values.number(name) for name in _FOCUS},
    )
    picture.full_clean(exclude=["collection", "uploaded_by_user"])
    # What it was given in the newsroom stands, whatever its file says of itself.
    for field in ("caption", "credit", "description"):
        setattr(picture, field, values.text(field, Picture))
    picture.taken_on = values.day("taken_on")
    picture.save()
    pictures.stored.append(picture)
    created_at = values.moment("created_at")
    if created_at is not None:
        Picture.objects.filter(pk=picture.pk).update(created_at=created_at)
    tags = [tag for tag in values.list("tags")[:_MOST_TAGS] if isinstance(tag, str) and tag]
    if tags:
        picture.tags.set([tag[:_LONGEST_TAG] for tag in tags])
    return Adopted(None)


def numbers(origins: Mapping[str, str]) -> dict[str, int]:
    """Return the numbers of the library's pictures by their keys in the export.

    A picture whose words the desk has changed since is still the same picture.
    """
    found: dict[str, int] = {}
    wanted = {origin for origin in origins.values() if origin}
    by_origin: dict[str, list[Picture]] = {}
    for picture in Picture.objects.filter(origin__in=wanted).order_by("pk") if wanted else ():
        by_origin.setdefault(picture.origin, []).append(picture)
    for key, origin in origins.items():
        candidates = by_origin.get(origin, [])
        number = next((each.pk for each in candidates if key_of(each) == key), None)
        if number is not None:
            found[key] = number
    return found


def numbers_or_nearest(origins: Mapping[str, str]) -> dict[str, int]:
    """Return :func:`numbers`; for a key that is not there, another picture of the same bytes."""
    found = numbers(origins)
    for key, origin in origins.items():
        if key not in found and origin:
            number = Picture.objects.filter(origin=origin).values_list("pk", flat=True).first()
            if number is not None:
                found[key] = number
    return found
