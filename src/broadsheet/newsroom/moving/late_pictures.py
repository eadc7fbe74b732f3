"""Pictures whose bytes come along later than the words of their story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from broadsheet.newsroom.moving.pictures import Pictures, key_of, nothing
from broadsheet.stories.models import Photo, Story
from broadsheet.wire.items import WireItem, WirePhoto

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


def fill(story: Story, item: WireItem, pictures: Pictures, *, user: User | None) -> int | None:
    """Give the photos of ``story`` that have no picture the one that ``item`` brings now.

    Which photo is which is told by its words; what the desk has changed is left alone. Returns
    the revision that was written, or ``None`` where there was nothing to do. A story that
    readers see shows the pictures at once, unless the desk has unpublished work on it.
    """
    if not _may_lack(story, item, pictures):
        return None
    newest: Story = story.get_latest_revision_as_object()
    rows = list(newest.photos.all())
    pairs = _pairs(rows, item)
    found, _ = pictures.of(replace(item, photos=tuple(photo for photo, _ in pairs)))
    filled = False
    for photo, row in pairs:
        if (picture := found.get(key_of(photo))) is not None:
            row.picture = picture
            filled = True
    if not filled:
        return None
    newest.photos.set(rows)
    seen_by_readers = story.live and not story.has_unpublished_changes
    revision = newest.save_revision(user=user)
    if seen_by_readers:
        story.publish(revision, user=user, skip_permission_checks=True)
    return int(revision.pk)


def lacking(news_id: int, item: WireItem, pictures: Pictures) -> tuple[WirePhoto, ...]:
    """Return the photos of ``item`` that story ``news_id`` has the words of, and no picture."""
    story = Story.objects.filter(pk=news_id).first()
    if story is None or not _may_lack(story, item, pictures):
        return ()
    newest = story.get_latest_revision_as_object()
    return tuple(photo for photo, _ in _pairs(list(newest.photos.all()), item))


def _may_lack(story: Story, item: WireItem, pictures: Pictures) -> bool:
    brings = _brings(item)
    offered = pictures.find is not nothing or any(photo.content for photo in brings)
    return bool(brings and offered and story.photos.filter(picture__isnull=True).exists())


def _brings(item: WireItem) -> list[WirePhoto]:
    return [photo for photo in item.photos if photo.content is not None or photo.url]


def _pairs(rows: list[Photo], item: WireItem) -> list[tuple[WirePhoto, Photo]]:
    """Return what ``item`` brings, each with the row that has its words and no picture."""
    without = [row for row in rows if row.picture_id is None]
    pairs = []
    for photo in _brings(item):
        words = (photo.caption, photo.credit[:200], photo.alt_text[:300])
        row = next((r for r in without if (r.caption, r.credit, r.alt_text) == words), None)
        if row is not None:
            without.remove(row)
            pairs.append((photo, row))
    return pairs
