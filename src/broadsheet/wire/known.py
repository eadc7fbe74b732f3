"""What the paper knows of an item: the questions to the database behind ``decide``."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from broadsheet.stories.models import Story
from broadsheet.wire.decide import Known, KnownStory
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.models import Provenance


def known_of(item: WireItem) -> Known:
    """Return the stories that ``item`` may be a copy of."""
    uses = Provenance.objects.filter(item__guid=item.guid).order_by("-id")
    seen = uses.filter(item__sha256=item.sha256).select_related("story").first()
    if seen is not None and seen.story is not None:
        # Importing a folder again asks only this; what else is known makes no difference.
        return Known(seen=KnownStory(seen.news_id, seen.story.headline, ()))
    latest = uses.select_related("story").first()
    taken = Story.objects.filter(pk=item.news_id).first() if item.news_id is not None else None
    deleted = next(
        (use.news_id for use in (seen, latest) if use is not None and use.story_id is None), None
    )
    if deleted is None and item.news_id is not None and taken is None:
        deleted = item.news_id if _was_deleted(item.news_id) else None
    return Known(
        by_guid=_from_use(latest),
        by_news_id=_known_story(taken) if taken is not None else None,
        deleted_news_id=deleted,
    )


def _from_use(use: Provenance | None) -> KnownStory | None:
    if use is None or use.story is None:
        return None
    return _known_story(use.story)


def _known_story(story: Story) -> KnownStory:
    use = Provenance.objects.filter(story=story).select_related("item").order_by("-id").first()
    if use is None or use.item.erased_at is not None:
        return KnownStory(
            news_id=story.news_id,
            headline=story.headline,
            paragraphs=tuple(story.body.stream_block.get_searchable_content(story.body)),
            published=story.first_published_at,
            edited_since=True,
        )
    item = use.item.item
    return KnownStory(
        news_id=story.news_id,
        headline=item.headline,
        paragraphs=tuple(plain_paragraphs(item)),
        published=item.published,
        captions=tuple(photo.caption for photo in item.photos),
        fingerprint=use.item.fingerprint,
        updated=item.updated,
        edited_since=story.latest_revision_id != use.revision_id,
    )


def _was_deleted(news_id: int) -> bool:
    found: bool = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Story),
        object_id=str(news_id),
        action="wagtail.delete",
    ).exists()
    return found
