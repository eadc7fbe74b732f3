"""Make a story of copy that came in, or bring a story up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from broadsheet.attribution.arrivals import archive
from broadsheet.letters.bringing_in import Brought, Taken, bring_in_all
from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.actions.writing import write
from broadsheet.newsroom.moving import late_pictures, stages
from broadsheet.newsroom.moving.old_addresses import redirect_from
from broadsheet.newsroom.moving.pages import adopt_page, is_known_page
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.newsroom.moving.references import references_held
from broadsheet.newsroom.restoring.items import restore_item
from broadsheet.stories import news_ids
from broadsheet.stories.languages import front_language_of, main_language
from broadsheet.stories.models import Section, Story
from broadsheet.stories.publication import PublicationStopped
from broadsheet.wire.decide import New, Unchanged, Update, must_wait
from broadsheet.wire.items import WireItem, WirePhoto
from broadsheet.wire.keeping import Adopted

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


Counts = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Terms:
    """On what terms copy is adopted.

    ``publish`` publishes at once (an embargo still holds); otherwise the story is a draft.
    ``section``, a name or slug, overrules what the copy says; ``default_section`` stands in
    where the copy names no section of the paper. Without ``user`` the caller
    answers for it. ``stages`` lets what comes from another newsroom be here what it was there
    (published, scheduled, a draft), whatever ``publish`` says. ``sections`` gives the section
    of the paper for what an archive calls its categories. ``pictures`` stores the photos.
    """

    publish: bool = False
    section: str = ""
    default_section: str = ""
    user: User | None = None
    stages: bool = True
    sections: Mapping[str, str] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)


@dataclass(frozen=True)
class Adopter:
    """``adopt`` with its terms, in the shape the wire's pipeline asks for."""

    terms: Terms = Terms()

    @contextmanager
    def prepared(
        self, item: WireItem, decision: New | Update | Unchanged, *, dry_run: bool = False
    ) -> Iterator[Callable[[], None]]:
        """Have the pictures of ``item`` in the library while nothing is locked yet."""
        pictures = self.terms.pictures
        photos = () if dry_run else _photos_to_have(item, decision, pictures)
        with pictures.prepared(photos) as keep:
            yield keep

    def __call__(self, item: WireItem, decision: New | Update | Unchanged) -> Adopted:
        """Adopt ``item`` on these terms; what it stored of its photos goes if that fails."""
        # The archive of another newsroom is not read for its sources story by story.
        reading = archive() if item.stage else nullcontext()
        with self.terms.pictures.undone_on_failure(), reading, references_held():
            return adopt(item, decision, terms=self.terms)


@transaction.atomic
def adopt(item: WireItem, decision: New | Update | Unchanged, *, terms: Terms) -> Adopted:
    """Make the story that ``decision`` asks for, with everything around it, and log it.

    A new story keeps its News ID and the time it was first published at its source. An update
    is a new version of the story; readers see it once it is published. Copy that changes
    nothing is left alone, except that a story never published yet is when the terms ask for
    it. Where a person publishes, the paper's checks may stop that: the draft stays, with remarks.
    Copy that must not be published by itself becomes a draft on any terms. A standing page or a
    picture becomes one. Raises ``PermissionDenied`` and, for copy nothing can be made of,
    ``ValidationError``.
    """
    _check(terms)
    if item.kept:
        return restore_item(item, decision, terms.pictures, terms.user)
    if isinstance(decision, Unchanged):
        story = Story.objects.select_related("section").get(pk=decision.news_id)
        return _leave(story, item, terms)
    if item.kind == "page":
        return adopt_page(item, terms.pictures, publish=is_to_be_published(item, terms))
    if item.kind == "picture":
        return _picture(item, terms)
    if _is_no_story(item) and terms.user is None:
        why = f"This is no story but: {item.kind}. It was kept as it came."
        return Adopted(None, changed=False, is_missing=True, remarks=(why,))
    item = filed(item, terms)
    story = (
        _new_story(item, terms)
        if isinstance(decision, New)
        else _known_story(decision, item, terms)
    )
    remarks = write(story, item, terms.pictures)
    if isinstance(decision, New):
        story.full_clean(exclude=["news_id"])
        story.save()
    remarks += remarks_on(story, item)
    revision = story.save_revision(user=terms.user)
    log(
        instance=story,
        action="wagtail.create" if isinstance(decision, New) else "wagtail.edit",
        user=terms.user,
        data={"wire": {"guid": item.guid, "format": item.format, "sha256": item.sha256}},
        revision=revision,
        content_changed=True,
    )
    along, said = _along(story, item)
    remarks += said
    if is_to_be_published(item, terms):
        remarks += _published(story, revision, terms)
    else:
        remarks += why_a_draft(item, terms)
    return Adopted(story.news_id, story.section.name, revision.pk, remarks=remarks, along=along)


def _new_story(item: WireItem, terms: Terms) -> Story:
    story = Story(live=False, section=_section(item, terms))
    if item.news_id is not None:
        news_ids.reserve(item.news_id)
        story.news_id = item.news_id
    story.first_published_at = item.published
    if terms.stages:
        stages.set_times(story, item)
    return story


def _known_story(decision: Update, item: WireItem, terms: Terms) -> Story:
    known = _unlocked(Story.objects.get(pk=decision.news_id))
    story: Story = known.get_latest_revision_as_object()
    if terms.section:
        story.section = filing.section_named(terms.section)
    if story.live:
        story.substantively_updated_at = item.updated or timezone.now()
    return story


def _is_no_story(item: WireItem) -> bool:
    if item.kind in {"package", "planning", "knowledge"}:
        return True
    return item.kind != "text" and not item.body


def why_a_draft(item: WireItem, terms: Terms) -> tuple[str, ...]:
    """Return why the new story of ``item`` is not published, where the desk should know."""
    if (terms.publish or item.stage == "published") and (reason := must_wait(item)):
        return (f"It is a draft: {reason}",)
    return stages.remarks_on(item) if terms.stages else ()


def is_to_be_published(item: WireItem, terms: Terms) -> bool:
    """Tell whether the story of ``item`` is published (or scheduled) on these terms."""
    if must_wait(item):
        return False
    if item.stage:
        return terms.stages and stages.fate_of(item) != "keep"
    return terms.publish


def filed(item: WireItem, terms: Terms) -> WireItem:
    """Return ``item`` under a section of the paper, what the archive called it as a topic."""
    section = terms.sections.get(item.section, item.section)
    if section == item.section:
        return item
    return replace(item, section=section, topics=(item.section, *item.topics))


def _picture(item: WireItem, terms: Terms) -> Adopted:
    found, remarks = terms.pictures.of(item)
    if not found and terms.user is not None:
        raise ValidationError(" ".join(remarks) or "The picture has no bytes here.")
    if not found:
        # Copy without its pictures is a normal case: they may come along another time.
        said = "The picture has no bytes here; its words were kept as they came."
        return Adopted(None, changed=False, is_missing=True, remarks=(*remarks, said))
    is_new = any(map(terms.pictures.is_new, found.values()))
    return Adopted(None, changed=is_new, remarks=tuple(remarks))


def _photos_to_have(
    item: WireItem, decision: New | Update | Unchanged, pictures: Pictures
) -> tuple[WirePhoto, ...]:
    if item.kept:
        return ()
    if isinstance(decision, Unchanged):
        return late_pictures.lacking(decision.news_id, item, pictures)
    if item.kind == "page" and is_known_page(item):
        return ()
    return item.photos


def _along(story: Story, item: WireItem) -> tuple[Counts, tuple[str, ...]]:
    """Bring in what came along with the story; return counts of it, and what did not work out."""
    led = redirect_from(item.old_urls, story.get_absolute_url())
    return told_of_along(story, item, led, bring_in_all(story, letters_of(item)))


def letters_of(item: WireItem) -> list[Brought]:
    """Return the comments of ``item`` as the letters they become."""
    return [
        Brought(
            name=comment.author,
            text=comment.text,
            written_at=comment.written_at,
            guid=comment.guid or f"{item.guid}#{place}",
            email=comment.email,
            answers=comment.parent_guid,
            is_approved=comment.approved,
        )
        for place, comment in enumerate(item.comments)
    ]


def told_of_along(
    story: Story, item: WireItem, redirects: tuple[int, tuple[str, ...]], taken: Taken
) -> tuple[Counts, tuple[str, ...]]:
    """Return counts of what came along with ``item``, and what of it did not work out.

    ``redirects`` is what ``redirect_from`` returned of its old addresses.
    """
    led, remarks = redirects
    pictures = sum(photo.picture_id is not None for photo in story.photos.all())
    pictures += sum(block["type"] == "photo" for block in story.body.raw_data)
    along = (
        ("redirect", "imported", led),
        ("redirect", "noted", len(remarks)),
        ("comment", "imported", taken.stored),
        ("comment", "unchanged", taken.known),
        ("comment", "refused", len(taken.refused)),
        ("photo", "imported", pictures),
        ("photo", "noted", max(len(item.photos) - pictures, 0)),
    )
    return tuple(each for each in along if each[2]), (*remarks, *taken.refused)


def _published(story: Story, revision: Revision, terms: Terms) -> tuple[str, ...]:
    """Publish what was adopted; return why not, where somebody is there to be told."""
    try:
        story.publish(revision, user=terms.user)
    except PublicationStopped as stopped:
        return ("It is kept as a draft.", *stopped.messages)
    return ()


def _check(terms: Terms) -> None:
    if terms.user is None:
        return
    wanted = ["stories.add_story", *(["stories.publish_story"] if terms.publish else [])]
    if not terms.user.has_perms(wanted):
        raise PermissionDenied("You may not adopt copy on these terms.")


def _section(item: WireItem, terms: Terms) -> Section:
    if terms.section:
        return filing.section_named(terms.section)
    return filing.section_for(item.section, terms.default_section)


def _leave(story: Story, item: WireItem, terms: Terms) -> Adopted:
    # What the desk took off the page again must not come back with the next import.
    wanted = is_to_be_published(item, terms) and not story.live and story.last_published_at is None
    waiting = story.latest_revision is not None and story.latest_revision.approved_go_live_at
    if wanted and not waiting:
        story.publish(story.latest_revision or story.save_revision(), user=terms.user)
        return Adopted(story.news_id, story.section.name)
    revision_id = late_pictures.fill(story, item, terms.pictures, user=terms.user)
    return Adopted(story.news_id, story.section.name, revision_id, changed=revision_id is not None)


def _unlocked(story: Story) -> Story:
    if story.locked:
        raise ValidationError(
            f"Story {story.news_id} is locked in the newsroom. Have it unlocked, then import again."
        )
    return story


def remarks_on(story: Story, item: WireItem) -> tuple[str, ...]:
    """Return what the desk should know of ``story`` as it was made of ``item``."""
    return (*_language_remark(story), *_time_remark(item))


def _time_remark(item: WireItem) -> tuple[str, ...]:
    if item.published is None or item.published <= timezone.now():
        return ()
    return (f"The publication time, {item.published:%Y-%m-%d %H:%M} UTC, lies in the future.",)


def _language_remark(story: Story) -> tuple[str, ...]:
    front = front_language_of(story.language)
    if main_language(front) == main_language(story.language):
        return ()
    return (
        f"The paper has no front in “{story.language}”, the language of this story: it stands on "
        f"the one in “{front}”.",
    )
