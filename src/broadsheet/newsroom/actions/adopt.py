"""Make a story of copy that came in, or bring a story up to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Revision

from broadsheet.newsroom.actions import filing
from broadsheet.stories import news_ids
from broadsheet.stories.languages import front_language_of, main_language, own_language
from broadsheet.stories.models import Photo, Section, Story, StoryAgency, StoryByline
from broadsheet.stories.publication import PublicationStopped
from broadsheet.stories.reserved_slugs import FIRST_PARTS
from broadsheet.wire.decide import New, Unchanged, Update
from broadsheet.wire.items import WireItem
from broadsheet.wire.pipeline import Adopted
from broadsheet.wire.stream import stream_of

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

# Some sites list every word of a page as a keyword; a story has a handful of topics.
_MOST_TOPICS = 12


@dataclass(frozen=True)
class Terms:
    """On what terms copy is adopted.

    ``publish`` publishes at once (an embargo still holds); otherwise the story is a draft.
    ``section``, a name or slug, overrules what the copy says. Without ``user`` the caller
    answers for it.
    """

    publish: bool = False
    section: str = ""
    user: User | None = None


@dataclass(frozen=True)
class Adopter:
    """``adopt`` with its terms, in the shape the wire's pipeline asks for."""

    terms: Terms = Terms()

    def __call__(self, item: WireItem, decision: New | Update | Unchanged) -> Adopted:
        """Adopt ``item`` on these terms."""
        return adopt(item, decision, terms=self.terms)


@transaction.atomic
def adopt(item: WireItem, decision: New | Update | Unchanged, *, terms: Terms) -> Adopted:
    """Make the story that ``decision`` asks for, with everything around it, and log it.

    A new story keeps its News ID and the time it was first published at its source. An update
    is a new version of the story; readers see it once it is published. Copy that changes
    nothing is left alone, except that a story never published yet is when the terms ask for
    it. Where a person publishes, the paper's checks may stop that: the draft stays, with remarks.
    Comments that came along stay with the stored item. Raises ``PermissionDenied`` and,
    for copy no story can be made of, ``ValidationError``.
    """
    _check(terms)
    if isinstance(decision, Unchanged):
        story = Story.objects.select_related("section").get(pk=decision.news_id)
        return _leave(story, terms)
    if isinstance(decision, New):
        story = Story(live=False, section=_section(item, terms))
        if item.news_id is not None:
            news_ids.reserve(item.news_id)
            story.news_id = item.news_id
        story.first_published_at = item.published
    else:
        story = _unlocked(Story.objects.get(pk=decision.news_id)).get_latest_revision_as_object()
        if terms.section:
            story.section = filing.section_named(terms.section)
        if story.live:
            story.substantively_updated_at = item.updated or timezone.now()
    write(story, item)
    if isinstance(decision, New):
        story.full_clean(exclude=["news_id"])
        story.save()
    remarks = (
        *_language_remark(story),
        *_time_remark(item),
        *_redirect(item.old_urls, story),
    )
    revision = story.save_revision(user=terms.user)
    log(
        instance=story,
        action="wagtail.create" if isinstance(decision, New) else "wagtail.edit",
        user=terms.user,
        data={"wire": {"guid": item.guid, "format": item.format, "sha256": item.sha256}},
        revision=revision,
        content_changed=True,
    )
    if terms.publish:
        remarks += _published(story, revision, terms)
    return Adopted(story.news_id, story.section.name, revision.pk, remarks=remarks)


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
    return filing.section_for(item.section)


def _leave(story: Story, terms: Terms) -> Adopted:
    # What the desk took off the page again must not come back with the next import.
    wanted = terms.publish and not story.live and story.last_published_at is None
    waiting = story.latest_revision is not None and story.latest_revision.approved_go_live_at
    if wanted and not waiting:
        story.publish(story.latest_revision or story.save_revision(), user=terms.user)
        return Adopted(story.news_id, story.section.name)
    return Adopted(story.news_id, story.section.name, changed=False)


def write(story: Story, item: WireItem) -> None:
    """Let ``story`` say what ``item`` says."""
    story.headline = item.headline
    story.slugline = item.slugline
    story.dateline = item.dateline
    story.lead = item.lead
    story.language = item.language or own_language()
    story.embargo_until = item.embargoed
    field: Any = Story._meta.get_field("body")
    story.body = field.stream_block.to_python(stream_of(item.body))
    story.photos.set(
        [
            Photo(
                sort_order=place,
                caption=photo.caption,
                credit=photo.credit,
                alt_text=photo.alt_text,
                taken_on=photo.taken_on,
            )
            for place, photo in enumerate(item.photos)
        ]
    )
    story.bylines.set(
        [
            StoryByline(sort_order=place, byline=found)
            for place, found in enumerate(_distinct(map(filing.byline, item.authors)))
        ]
    )
    story.agencies.set(
        [
            StoryAgency(sort_order=place, agency=found)
            for place, found in enumerate(_distinct(map(filing.agency, item.agencies)))
        ]
    )
    topics = item.topics[:_MOST_TOPICS]
    story.topics.set(_distinct(filing.topic(name, story.language) for name in topics))


def _distinct(found: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(found))


def _unlocked(story: Story) -> Story:
    if story.locked:
        raise ValidationError(
            f"Story {story.news_id} is locked in the newsroom. Have it unlocked, then import again."
        )
    return story


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


def _redirect(old_urls: Iterable[str], story: Story) -> tuple[str, ...]:
    """Let the addresses the story had elsewhere lead to it; return what did not work out."""
    remarks = []
    for url in old_urls:
        path = _old_path(url)
        if not path:
            continue
        taken = Redirect.objects.filter(old_path=path, site=None).first()
        if taken is None:
            Redirect.add_redirect(path, story.get_absolute_url(), is_permanent=True)
        elif taken.redirect_link != story.get_absolute_url():
            remarks.append(f"The old address {path} leads to {taken.redirect_link} already.")
    return tuple(remarks)


def _old_path(url: str) -> str:
    """Return the path of ``url`` as redirects keep it; empty where it cannot be one.

    The front of a site is no story's address, and what the paper itself answers stays its own.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path: str = Redirect.normalise_path(
        f"{parts.path}?{parts.query}" if parts.query else parts.path
    )
    first = path.strip("/").split("/")[0].split("?")[0]
    longest = int(Redirect._meta.get_field("old_path").max_length or 0)
    if not first or first in FIRST_PARTS or len(path) > longest:
        return ""
    return path
