"""The desk of the sample paper: makes stories of samples and brings each to its state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from wagtail.actions.unpublish import UnpublishAction
from wagtail.images import get_image_model

from broadsheet.accounts.models import Byline, User
from broadsheet.attribution import story_text
from broadsheet.demo import prose
from broadsheet.demo.days import with_days
from broadsheet.demo.filing import body_of
from broadsheet.demo.samples import SamplePhoto, SampleStory
from broadsheet.newsroom.actions.publish import publish
from broadsheet.stories import news_ids
from broadsheet.stories.models import (
    Agency,
    Photo,
    Picture,
    Section,
    Story,
    StoryAgency,
    StoryByline,
    Topic,
)


def make(sample: SampleStory, started: datetime) -> Story:
    """Make the story of ``sample``, as the desk would have at its time, and return it.

    ``started`` is the moment from which the sample's times count. A story that stands under
    that News ID already is returned as it is.
    """
    there = Story.objects.filter(pk=sample.news_id).first()
    if there is not None:
        return there
    news_ids.reserve(sample.news_id)
    story = _written(sample, started)
    story.full_clean()
    story.save()
    _bring_to_state(story, sample, started)
    return story


def moment_of(sample: SampleStory, started: datetime) -> datetime:
    """Return when the story of ``sample`` was, or will be, published (UTC); for drafts, now.

    ``started`` is the moment from which the sample's times count.
    """
    if sample.published is not None:
        return sample.published.astimezone(UTC)
    return started - (sample.age or timedelta()) + (sample.due_in or timedelta())


def text_of(sample: SampleStory, started: datetime) -> str:
    """Return the text of the story of ``sample`` as attribution reads it, before anybody edits."""
    return story_text.of(_written(sample, started)).text


def _written(sample: SampleStory, started: datetime) -> Story:
    moment = moment_of(sample, started)
    language = sample.language

    def text(words: str) -> str:
        return prose.line(with_days(words, moment.date(), language), language)

    story = Story(
        news_id=sample.news_id,
        headline=text(sample.headline),
        lead=text(sample.lead),
        slugline=sample.slugline,
        dateline=text(sample.dateline),
        section=Section.objects.get(slug=sample.section),
        language=language,
        translation_of_id=sample.translation_of,
        comments_open=sample.comments_open,
        live=False,
    )
    blocks = prose.blocks(with_days(sample.body, moment.date(), language), language)
    story.body = body_of(Story, [_stored(kind, value) for kind, value in blocks])
    if sample.state in {"published", "expired", "unpublished"}:
        story.first_published_at = moment
    if sample.updated_after is not None:
        story.substantively_updated_at = min(moment + sample.updated_after, started)
    if sample.state == "scheduled":
        story.go_live_at = moment
    if sample.state == "embargoed":
        story.embargo_until = moment
    story.topics.set(Topic.objects.get(slug=slug) for slug in sample.topics)
    story.bylines.set(
        StoryByline(byline=Byline.objects.get(slug=slug), sort_order=place)
        for place, slug in enumerate(sample.bylines)
    )
    story.agencies.set(
        StoryAgency(agency=Agency.objects.get(slug=slug), sort_order=place)
        for place, slug in enumerate(sample.agencies)
    )
    story.photos.set(
        _photo(photo, place, text(photo.caption)) for place, photo in enumerate(sample.photos)
    )
    return story


def _stored(kind: str, value: Any) -> dict[str, Any]:
    if kind == "photo":
        picture = picture_named(value["picture"])
        value = {"credit": picture.credit, **value, "picture": picture.pk}
    return {"type": kind, "value": value}


def _photo(photo: SamplePhoto, place: int, caption: str) -> Photo:
    picture = picture_named(photo.picture) if photo.picture else None
    return Photo(
        sort_order=place,
        picture=picture,
        caption=caption,
        credit=photo.credit or (picture.credit if picture else ""),
        alt_text=photo.alt_text or (picture.description if picture else ""),
        taken_on=photo.taken_on or (picture.taken_on if picture else None),
    )


def picture_named(name: str) -> Picture:
    """Return the picture that was loaded from the file of this name."""
    found: Picture = get_image_model().objects.get(file__contains=f"/demo-{name}.")
    return found


def _bring_to_state(story: Story, sample: SampleStory, started: datetime) -> None:
    reporter = User.objects.filter(username="reporter").first()
    editor = User.objects.filter(username="editor").first()
    match sample.state:
        case "draft":
            story.save_revision(user=editor, log_action=True)
        case "submitted":
            story.save_revision(user=reporter, log_action=True)
            workflow = story.get_workflow()
            if workflow is not None:
                workflow.start(story, reporter)
        case _:
            publish(story, user=editor)
    if sample.state in {"expired", "unpublished"}:
        story.refresh_from_db()
        expired = sample.state == "expired"
        UnpublishAction(story, set_expired=expired, user=editor).execute(
            skip_permission_checks=True
        )
        if expired:
            ended = moment_of(sample, started) + timedelta(hours=12)
            Story.objects.filter(pk=story.pk).update(expire_at=ended)
    if sample.state == "published":
        # It was published when it says so, and not at the moment of loading.
        moment = moment_of(sample, started)
        updated = story.substantively_updated_at or moment
        Story.objects.filter(pk=story.pk).update(last_published_at=updated)
