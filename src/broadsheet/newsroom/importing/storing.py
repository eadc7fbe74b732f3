"""Many new stories at once: the rows that adopting each by itself would write, set by set.

Copies that are plainly new enter, in the order in which they came; what leaves is what became of
each. All of it is one part of the caller's transaction. Refused is nothing: whoever calls knows
that each is new, and takes them one by one where this raises.

What a story gets here and what ``adopt`` gives it must be the same, row by row;
``tests/newsroom/test_bulk_import.py`` holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from broadsheet import new_rows
from broadsheet.attribution import arrivals
from broadsheet.letters.bringing_in import Taken, bring_in_with
from broadsheet.newsroom.actions import adopt as adopting
from broadsheet.newsroom.actions.writing import language_of, topics_of, write
from broadsheet.newsroom.importing import ahead, references, versions
from broadsheet.newsroom.importing.names import KnownNames
from broadsheet.newsroom.moving import stages
from broadsheet.newsroom.moving.old_addresses import Redirecting
from broadsheet.press import loading
from broadsheet.press.actions import order_stories
from broadsheet.press.reading import one_reading
from broadsheet.search import index
from broadsheet.stories import news_ids
from broadsheet.stories.models import Story, StoryTopic
from broadsheet.wire.copies import Copy
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted, keep_all
from broadsheet.wire.stream import foreseen, keep_foreseen


@dataclass
class New:
    """A new story on its way: the copy it is made of and what is to be told of it.

    ``body`` is the story's, written as JSON for the story and its version.
    """

    copy: Copy
    story: Story
    is_published: bool
    remarks: list[str]
    body: str
    revision: Revision | None = None
    along: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def adopted(self) -> Adopted:
        """What was made of the copy."""
        return Adopted(
            self.story.news_id,
            self.story.section.name,
            self.story.latest_revision_id,
            remarks=tuple(self.remarks),
            along=tuple(each for each in self.along if each[2]),
        )


def can_be_stored(copy: Copy, terms: adopting.Terms) -> bool:
    """Tell whether a new ``copy`` can be stored with others: nothing of it asks for a look."""
    item = copy.item
    if len(item.language) > _LONGEST_LANGUAGE:
        return False
    if terms.stages and item.stage == "scheduled":
        return False
    return not any(terms.pictures.may_have(photo) for photo in item.photos)


_LONGEST_LANGUAGE = int(Story._meta.get_field("language").max_length or 0)


def store(
    copies: Sequence[Copy], terms: adopting.Terms, names: KnownNames, redirecting: Redirecting
) -> list[Adopted]:
    """Store a story for each of ``copies``, with all that comes along; part of a transaction.

    Raises ``ValidationError`` for a section that is none of the paper's, and whatever the
    database raises where one of them is not new after all.
    """
    now = timezone.now()
    items = [adopting.filed(copy.item, terms) for copy in copies]
    # An archive's own topics came before its stories, and are looked for in other languages, too.
    if not any(item.stage for item in items):
        names.foresee_topics(
            (name, language_of(item, [])) for item in items for name in topics_of(item)
        )
    made = [_made(copy, item, terms, names) for copy, item in zip(copies, items, strict=True)]
    given = news_ids.assign([new.copy.item.news_id for new in made])
    for new, news_id in zip(made, given, strict=True):
        new.story.news_id = news_id
        new.story.created_at = now
        if new.is_published and new.story.first_published_at is None:
            new.story.first_published_at = now
        new.remarks += adopting.remarks_on(new.story, new.copy.item)
    _write_parts([new.story for new in made])
    _write_revisions(made, now)
    _write_stories(made, now)
    _write_log(made, now)
    references.write([new.story for new in made])
    _bring_along(made, redirecting)
    for new in made:
        if not new.is_published:
            new.remarks += adopting.why_a_draft(new.copy.item, terms)
    keep_all([(new.copy, new.adopted) for new in made])
    with ahead.known_words(new.copy for new in made):
        index.put_new([new.story for new in made])
    _order([new.story for new in made if new.story.is_public()])
    return [new.adopted for new in made]


def _order(stories: Sequence[Story]) -> None:
    with one_reading():
        loading.at_hand(stories)
        order_stories(stories)


def _made(copy: Copy, item: WireItem, terms: adopting.Terms, names: KnownNames) -> New:
    keep_foreseen(item, copy.item)
    story = Story(
        live=False,
        section=names.section(terms.section, item.section, terms.default_section),
        first_published_at=item.published,
    )
    if terms.stages:
        stages.set_times(story, item)
    remarks = write(story, item, names=names)
    known = foreseen(item)
    # None of its pictures is at hand (can_be_stored), so that its body is what was foreseen.
    body = versions.written_body(story) if known is None else known.text
    return New(copy, story, adopting.is_to_be_published(item, terms), list(remarks), body)


def _write_parts(stories: Sequence[Story]) -> None:
    """Write what belongs to each story: it is written after them, so that it knows its version."""
    for name in ("bylines", "agencies", "photos"):
        rows = []
        for story in stories:
            for row in getattr(story, name).all():
                row.story_id = story.news_id
                if name == "bylines":
                    row.published_at = story.first_published_at
                rows.append(row)
        new_rows.insert(rows)
    new_rows.insert_values(
        StoryTopic,
        ("story_id", "topic_id", "published_at"),
        [
            (story.news_id, topic.pk, story.first_published_at)
            for story in stories
            for topic in story.topics.all()
        ],
    )


def _write_revisions(made: Sequence[New], now: datetime) -> None:
    kind = ContentType.objects.get_for_model(Story)
    for new in made:
        new.revision = Revision(
            content_type=kind,
            base_content_type=kind,
            object_id=str(new.story.news_id),
            created_at=now,
            content=versions.content_of(new.story, new.body),
            object_str=str(new.story),
        )
    revisions = new_rows.insert([new.revision for new in made if new.revision])
    # The archive of another newsroom is not read for its sources story by story.
    arrivals.versions_kept(
        (new.story.news_id, revision)
        for new, revision in zip(made, revisions, strict=True)
        if not new.copy.item.stage
    )
    with arrivals.archive():
        arrivals.versions_kept(
            (new.story.news_id, revision)
            for new, revision in zip(made, revisions, strict=True)
            if new.copy.item.stage
        )
    for new, revision in zip(made, revisions, strict=True):
        new.story.latest_revision = revision


def _write_stories(made: Sequence[New], now: datetime) -> None:
    for new in made:
        story = new.story
        story.has_unpublished_changes = not new.is_published
        if new.is_published:
            story.live = True
            story.live_revision = story.latest_revision
            story.last_published_at = now
    new_rows.insert([new.story for new in made], {"body": [new.body for new in made]})


def _write_log(made: Sequence[New], now: datetime) -> None:
    new_rows.insert_values(ModelLogEntry, _LOGGED, list(_entries(made, now)))


_LOGGED = (
    "action", "data", "content_type_id", "object_id", "label", "timestamp", "revision_id",
    "content_changed",
)  # fmt: skip


def _entries(made: Sequence[New], now: datetime) -> Iterator[tuple[Any, ...]]:
    kind = ContentType.objects.get_for_model(Story).pk
    for new in made:
        item = new.copy.item
        story = new.story
        values = (kind, str(story.news_id), str(story), now, story.latest_revision_id, True)
        wire = {"guid": item.guid, "format": item.format, "sha256": item.sha256}
        yield ("wagtail.create", {"wire": wire}, *values)
        if new.is_published:
            yield ("wagtail.publish", {}, *values)


def _bring_along(made: Sequence[New], redirecting: Redirecting) -> None:
    with_letters = [new for new in made if new.copy.item.comments]
    taken = bring_in_with([(new.story, adopting.letters_of(new.copy.item)) for new in with_letters])
    letters = {new.story.news_id: each for new, each in zip(with_letters, taken, strict=True)}
    for new in made:
        item = new.copy.item
        led, remarks = redirecting.lead(item.old_urls, new.story.get_absolute_url())
        along, said = adopting.told_of_along(
            new.story, item, (led, remarks), letters.get(new.story.news_id, Taken())
        )
        new.along += along
        new.remarks += said
    redirecting.write()
