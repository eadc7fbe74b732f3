"""A story as ninjs for an export: as the press writes it, drafts as well, with the pictures' files.

``pubStatus`` is "usable" for what readers may see at this moment, "withheld" for everything else
(IPTC NewsCodes, pubstatusg2); ``embargoedUntil`` is the supplier's embargo where one holds.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadsheet.newsroom.export.pictures import Kept
from broadsheet.press import fulltext, ninjs
from broadsheet.press.dates import machine
from broadsheet.press.photos import Shown
from broadsheet.stories.models import Story

# From a story's own folder to the top of the export.
_UP = "../../"


def document(story: Story, pictures: Mapping[int, Kept], now: datetime) -> dict[str, Any]:
    """Return ``story`` as ninjs whose pictures are the files of the export.

    Call it within one reading of the press, once a story.
    """
    fulltext.show(story, {pk: _shown(kept) for pk, kept in pictures.items() if kept.file})
    whole = ninjs.members(story)
    if not story.is_public(now):
        whole["pubStatus"] = "withheld"
    if (end := story.embargo_in_force(now)) is not None:
        whole["embargoedUntil"] = machine(end)
    for photo, row in zip(whole.get("associations", ()), story.photos.all(), strict=False):
        photo.pop("renditions", None)
        kept = pictures.get(row.picture_id or 0)
        if kept is not None and kept.file:
            photo["renditions"] = [_rendition(kept)]
    return whole


def _shown(kept: Kept) -> Shown:
    address = f"{_UP}{kept.file}"
    return Shown(address, f"{address} {kept.width}w", kept.width, kept.height, address)


def _rendition(kept: Kept) -> dict[str, Any]:
    rendition: dict[str, Any] = {
        "name": "original",
        "href": f"{_UP}{kept.file}",
        "width": kept.width,
        "height": kept.height,
        "sizeInBytes": kept.size,
    }
    if media_type := mimetypes.guess_type(kept.file)[0]:
        rendition["contentType"] = media_type
    return rendition
