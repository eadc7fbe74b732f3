"""What the paper knows of an item: the questions to the database behind ``decide``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from broadsheet.stories.models import Story
from broadsheet.wire import sluglines
from broadsheet.wire.decide import Known, KnownCopy, KnownStory
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.intent import kills_guids
from broadsheet.wire.items import WireItem
from broadsheet.wire.likeness import likeness, same_numbers, same_story, sketch
from broadsheet.wire.models import Provenance, ReceivedItem, Sketch, WithdrawnCopy

# Copy that says the same is the same copy for so long: the weather of next week is none.
ALIKE_WITHIN = timedelta(days=3)
# So many texts that share a number of their sketches are compared in full.
MOST_COMPARED = 5
# Of so many items that came last, the sluglines are looked at for what a kill means.
_MOST_RECENT = 2_000
# Items whose guid one names as an earlier state of itself.
_EARLIER = {"replaces", "corrects"}


def known_of(item: WireItem, *, fold: bool = False) -> Known:
    """Return the stories that ``item`` may be a copy of.

    With ``fold``, copy that says nearly the same under another guid is looked for as well:
    right for agencies' traffic, wrong for an archive, in which every story is its own.
    """
    takes_back = taken_back(item)
    made_of_it = made_of(takes_back) if takes_back else ()
    uses = Provenance.objects.filter(item__guid=item.guid).order_by("-id")
    seen = uses.filter(item__sha256=item.sha256).select_related("story").first()
    if seen is not None and seen.story is not None:
        # Importing a folder again asks only this; what else is known makes no difference.
        story = seen.story
        return Known(
            seen=KnownStory(story.news_id, story.headline, ()),
            takes_back=takes_back,
            made_of_it=made_of_it,
        )
    latest = uses.select_related("story").first()
    if latest is None and (earlier := [e.guid for e in item.links if e.rel in _EARLIER]):
        latest = (
            Provenance.objects.filter(item__guid__in=earlier, story__isnull=False)
            .order_by("-id")
            .select_related("story")
            .first()
        )
    taken = Story.objects.filter(pk=item.news_id).first() if item.news_id is not None else None
    deleted = next(
        (use.news_id for use in (seen, latest) if use is not None and use.story_id is None), None
    )
    if deleted is None and item.news_id is not None and taken is None:
        deleted = item.news_id if _was_deleted(item.news_id) else None
    return Known(
        by_guid=_from_use(latest),
        by_news_id=_known_story(taken) if taken is not None else None,
        alike=_alike(item) if fold and latest is None and taken is None else None,
        deleted_news_id=deleted,
        takes_back=takes_back,
        made_of_it=made_of_it,
        was_withdrawn=WithdrawnCopy.objects.filter(guid=item.guid, is_final=True).exists(),
    )


def made_of(guids: list[str] | tuple[str, ...]) -> tuple[int, ...]:
    """Return the News IDs of all stories made of items with these ``guids``, oldest first."""
    stories = Story.objects.filter(provenance__item__guid__in=guids)
    return tuple(stories.order_by("news_id").values_list("news_id", flat=True).distinct())


def latest_made_of(guids: Iterable[str]) -> dict[str, int]:
    """Return the latest of the stories made of items with these ``guids``, by guid."""
    rows = Provenance.objects.filter(item__guid__in=list(guids), story__isnull=False)
    return dict(rows.order_by("story_id").values_list("item__guid", "story_id"))


def taken_back(item: WireItem) -> tuple[str, ...]:
    """Return the guids of what ``item`` takes back; none where it takes nothing back.

    Where it names nothing that ever came, its slugline tells: text messages have no more.
    """
    guids = kills_guids(item)
    if (
        not guids
        or ReceivedItem.objects.filter(guid__in=guids).exclude(sha256=item.sha256).exists()
    ):
        return guids
    return (*guids, *_by_slugline(item))


def _by_slugline(item: WireItem) -> list[str]:
    named = sluglines.base(item.slugline)
    if not named:
        return []
    since = timezone.now() - ALIKE_WITHIN
    # Newest first and no further: no index says when they came, and there may be millions.
    rows = ReceivedItem.objects.order_by("-pk").values_list(
        "received_at", "guid", "fields__slugline", "fields__agencies"
    )
    return list(
        dict.fromkeys(
            guid
            for received_at, guid, slugline, agencies in rows[:_MOST_RECENT]
            if received_at >= since
            and guid != item.guid
            and sluglines.base(slugline or "") == named
            and set(agencies or ()) == set(item.agencies)
        )
    )


def _alike(item: WireItem) -> KnownCopy | None:
    """Return the copy under another guid that says nearly what ``item`` says, if there is one."""
    paragraphs = plain_paragraphs(item)
    values = sketch(paragraphs)
    if not values:
        return None
    shared = Counter(
        Sketch.objects.filter(value__in=values).values_list("item_id", flat=True)
    ).most_common(MOST_COMPARED)
    found: list[KnownCopy] = []
    received = ReceivedItem.objects.in_bulk([item_id for item_id, _ in shared])
    for item_id, _ in shared:
        other = received[item_id]
        if other.guid == item.guid or other.erased_at is not None:
            continue
        copy = other.item
        mine, theirs = item.published or timezone.now(), copy.published or other.received_at
        if abs(mine - theirs) > ALIKE_WITHIN or copy.language != item.language:
            continue
        texts = plain_paragraphs(copy)
        if same_story(paragraphs, texts):
            use = other.uses.filter(story__isnull=False).select_related("story").last()
            found.append(
                KnownCopy(
                    other.pk,
                    copy.headline,
                    _from_use(use),
                    likeness(paragraphs, texts),
                    same_sender=set(copy.agencies) == set(item.agencies),
                    same_numbers=same_numbers(paragraphs, texts),
                )
            )
    return max(found, key=lambda copy: copy.likeness, default=None)


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
        version=item.version,
        edited_since=story.latest_revision_id != use.revision_id,
    )


def _was_deleted(news_id: int) -> bool:
    found: bool = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Story),
        object_id=str(news_id),
        action="wagtail.delete",
    ).exists()
    return found
