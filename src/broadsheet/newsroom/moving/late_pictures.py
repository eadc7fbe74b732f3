"""Pictures whose bytes come along later than the words of their story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.newsroom.moving.pictures import Pictures, key_of, nothing
from broadsheet.stories.models import Story
from broadsheet.wire.items import WireItem

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


def fill(story: Story, item: WireItem, pictures: Pictures, *, user: User | None) -> int | None:
    """Give the photos of ``story`` that have no picture the one that ``item`` brings now.

    Which photo is which is told by its words; what the desk has changed is left alone. Returns
    the revision that was written, or ``None`` where there was nothing to do. A story that
    readers see shows the pictures at once, unless the desk has unpublished work on it.
    """
    brings = [photo for photo in item.photos if photo.content is not None or photo.url]
    offered = pictures.find is not nothing or any(photo.content for photo in brings)
    if not brings or not offered or not story.photos.filter(picture__isnull=True).exists():
        return None
    newest: Story = story.get_latest_revision_as_object()
    rows = list(newest.photos.all())
    lacking = [row for row in rows if row.picture_id is None]
    found, _ = pictures.of(item)
    filled = False
    for photo in brings:
        words = (photo.caption, photo.credit[:200], photo.alt_text[:300])
        row = next((r for r in lacking if (r.caption, r.credit, r.alt_text) == words), None)
        if row is not None and (picture := found.get(key_of(photo))) is not None:
            row.picture = picture
            lacking.remove(row)
            filled = True
    if not filled:
        return None
    newest.photos.set(rows)
    seen_by_readers = story.live and not story.has_unpublished_changes
    revision = newest.save_revision(user=user)
    if seen_by_readers:
        story.publish(revision, user=user, skip_permission_checks=True)
    return int(revision.pk)
