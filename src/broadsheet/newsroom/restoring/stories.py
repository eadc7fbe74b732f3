"""A story of an export becomes the same story: its versions, times, comments and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from broadsheet.newsroom.restoring.claims import restore_reading
from broadsheet.newsroom.restoring.content import write_story
from broadsheet.newsroom.restoring.letters import restore_letters
from broadsheet.newsroom.restoring.pictures import numbers_or_nearest
from broadsheet.newsroom.restoring.values import Values
from broadsheet.press.actions import order_story
from broadsheet.stories import news_ids
from broadsheet.stories.models import Story
from broadsheet.wire.decide import New, Unchanged, Update
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

_MOST_VERSIONS = 3


def restore_story(item: WireItem, decision: New | Update | Unchanged, user: User | None) -> Adopted:
    """Make, or bring up to date, the story that ``item`` is. Part of the caller's transaction.

    Of one that says the same already, only comments that are new are taken. Raises
    ``ValidationError`` for what cannot be kept.
    """
    values = Values.read(item.kept, f"Story {item.news_id}")
    if values.number("news_id") != item.news_id or not item.news_id:
        raise ValidationError(f"{values.where} is another one by its own words.")
    if isinstance(decision, Unchanged):
        return _more_letters(Story.objects.get(pk=decision.news_id), values)
    pictures = numbers_or_nearest(values.texts("pictures"))
    versions = list(values.each("versions"))
    if not 0 < len(versions) <= _MOST_VERSIONS:
        raise ValidationError(f"{values.where} has no version, or too many.")
    is_new = isinstance(decision, New)
    if isinstance(decision, New):
        news_ids.reserve(item.news_id)
    else:
        _take_down(Story.objects.get(pk=decision.news_id), values, user)
    remarks: list[str] = []
    story, revision = Story(), Revision()
    for number, version in enumerate(versions):
        story = (
            Story(news_id=item.news_id, live=False)
            if is_new and not number
            else _stored(item.news_id)
        )
        remarks += write_story(story, version, pictures)
        if is_new and not number:
            story.first_published_at = values.moment("first_published_at")
            story.full_clean(exclude=["news_id"])
            story.save()
            # The versions keep it as well, and a new row has the time of its making.
            story.created_at = values.moment("created_at") or story.created_at
        revision = story.save_revision(user=user)
        remarks += _be(story, revision, version, user)
    _set_times(item.news_id, values, versions)
    story = Story.objects.get(pk=item.news_id)
    log(
        instance=story,
        action="wagtail.create" if is_new else "wagtail.edit",
        user=user,
        data={"wire": {"guid": item.guid, "format": item.format, "sha256": item.sha256}},
        revision=revision,
        content_changed=True,
    )
    new, known = restore_letters(story, list(values.each("comments")))
    if values.raw("sources") is not None:
        restore_reading(story, values.inner("sources"))
    if story.is_gone():
        # What is live was ordered when it was published; an address that is gone says so.
        order_story(story)
    along = (("comment", "imported", new), ("comment", "unchanged", known))
    return Adopted(
        story.news_id,
        story.section.name,
        revision.pk,
        remarks=tuple(dict.fromkeys(remarks)),
        along=tuple(each for each in along if each[2]),
    )


def _stored(news_id: int) -> Story:
    return Story.objects.get(pk=news_id)


def _roles(version: Values) -> list[Any]:
    return version.list("is")


def _take_down(story: Story, values: Values, user: User | None) -> None:
    if story.locked:
        raise ValidationError(
            f"Story {story.news_id} is locked in the newsroom. Have it unlocked, then import again."
        )
    if story.live and not values.flag("live"):
        story.unpublish(user=user)


def _be(story: Story, revision: Revision, version: Values, user: User | None) -> list[str]:
    """Let ``revision`` be what it was: live, or waiting for its time."""
    roles = _roles(version)
    if "live" in roles:
        # The desk that published it was asked, and a time that has come cannot come again.
        story.publish(revision, user=user, ask=False)
    elif "scheduled" in roles:
        if story.go_live_at is None or story.go_live_at <= timezone.now():
            return ["Its time has passed without its being published; it is a draft."]
        story.publish(revision, user=user, ask=False)
    return []


def _set_times(news_id: int, values: Values, versions: list[Values]) -> None:
    told: Mapping[str, Any] = {
        "created_at": values.moment("created_at") or timezone.now(),
        "first_published_at": values.moment("first_published_at"),
        "last_published_at": values.moment("last_published_at"),
        "expired": values.flag("expired") and not values.flag("live"),
    }
    live = next((version for version in versions if "live" in _roles(version)), None)
    if live is not None:
        if told["first_published_at"] is None:
            # What readers see stands on lists by its time: by this one where none is told.
            told = {name: value for name, value in told.items() if name != "first_published_at"}
        # Publishing has set these as for news of today.
        told = {
            **told,
            "substantively_updated_at": live.moment("substantively_updated_at"),
            "substantive_update": live.flag("substantive_update"),
        }
    Story.objects.filter(pk=news_id).update(**told)


def _more_letters(story: Story, values: Values) -> Adopted:
    new, known = restore_letters(story, list(values.each("comments")))
    if new and story.is_public():
        order_story(story)
    along = (("comment", "imported", new), ("comment", "unchanged", known))
    return Adopted(
        story.news_id,
        story.section.name,
        changed=bool(new),
        along=tuple(each for each in along if each[2]),
    )
