"""What the newsroom lists beside stories: versions, histories, letters, pictures. Quickly made."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from filled_paper import copy_rows

_STATES = ("held", "approved", "approved", "approved", "rejected")


def fill_desk(first: int, number: int) -> None:
    """Give each of ``number`` stories from ``first`` a version and two entries in its history.

    Besides, there is a letter to every tenth, a picture to every twentieth, and of every
    thousand stories one is a draft, one is scheduled and one is in the workflow.
    """
    from django.contrib.auth import get_user_model
    from django.db.models import F
    from django.utils import timezone
    from wagtail.models import ModelLogEntry, Revision

    from broadsheet.letters.models import Letter
    from broadsheet.stories.models import Story

    user = get_user_model().objects.create_superuser("measurer", "measurer@courier.example", "x")
    now = timezone.now()
    story = Story.objects.get(pk=first)
    revision = story.save_revision(user=user)
    kept = Revision.objects.get(pk=revision.pk)
    begun = kept.pk + 1

    def version(news_id: int) -> dict[str, Any]:
        return {"object_id": str(news_id), "created_at": now - timedelta(minutes=news_id)}

    stories = range(first, first + number)
    Story.objects.filter(pk=first).update(latest_revision=None)
    copy_rows(Revision, kept.pk, map(version, stories))
    Story.objects.filter(pk__gte=first).update(
        latest_revision_id=F("news_id") - first + _first_key(Revision, first, begun)
    )
    entry = ModelLogEntry.objects.log_action(instance=story, action="wagtail.edit", user=user)

    def history() -> Iterator[dict[str, Any]]:
        for news_id in stories:
            for action in ("wagtail.create", "wagtail.publish"):
                yield {
                    "object_id": str(news_id),
                    "action": action,
                    "label": f"Story {news_id}",
                    "uuid": uuid.uuid4().hex,
                    "timestamp": now - timedelta(minutes=news_id),
                }

    copy_rows(ModelLogEntry, entry.pk, history())
    letter = Letter.objects.create(story=story, name="Ann", text="To the editor.", text_mark="x")
    chance = random.Random(7)  # noqa: S311 - no secret

    def written(news_id: int) -> dict[str, Any]:
        return {
            "story_id": news_id,
            "state": chance.choice(_STATES),
            "written_at": now - timedelta(minutes=news_id),
            "text_mark": str(news_id),
        }

    copy_rows(Letter, letter.pk, map(written, stories[::10]))
    _pictures(number // 20)
    Story.objects.filter(pk__in=[*stories[5::1000]]).update(
        live=False, has_unpublished_changes=True
    )
    Revision.objects.filter(object_id__in=[str(each) for each in stories[7::1000]]).update(
        approved_go_live_at=now + timedelta(days=2)
    )


def _first_key(model: Any, first: int, begun: int) -> int:
    found = model.objects.filter(object_id=str(first), pk__gte=begun - 1).order_by("pk").first()
    return int(found.pk)


def _pictures(number: int) -> None:
    from io import BytesIO

    from django.core.files.images import ImageFile
    from PIL import Image as Picture
    from wagtail.images import get_image_model

    drawn = BytesIO()
    Picture.new("RGB", (64, 48), "red").save(drawn, "PNG")
    model = get_image_model()
    image = model.objects.create(title="A picture", file=ImageFile(drawn, "picture.png"))
    copy_rows(model, image.pk, ({"title": f"Picture {at}"} for at in range(number)))
