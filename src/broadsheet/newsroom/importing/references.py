"""Wagtail's index of what refers to what, for many new stories at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import ReferenceIndex

from broadsheet import new_rows
from broadsheet.accounts.models import Byline
from broadsheet.stories.models import Agency, Section, Story

_COLUMNS = (
    "content_type_id", "base_content_type_id", "object_id", "to_content_type_id",
    "to_object_id", "model_path", "content_path", "content_path_hash",
)  # fmt: skip


def write(stories: Sequence[Story]) -> None:
    """Write what each of ``stories`` refers to, none of which stands in the index yet.

    Their bodies show no picture of the library; their text links by address alone.
    """
    new_rows.insert_values(
        ReferenceIndex, _COLUMNS, [row for story in stories for row in _rows(story)]
    )


def _rows(story: Story) -> Iterator[tuple[object, ...]]:
    yield _row(story, Section, story.section_id, "section", "section")
    for byline in story.bylines.all():
        path = f"bylines.{byline.pk}.byline"
        yield _row(story, Byline, byline.byline_id, "bylines.item.byline", path)
    for agency in story.agencies.all():
        path = f"agencies.{agency.pk}.agency"
        yield _row(story, Agency, agency.agency_id, "agencies.item.agency", path)


def _row(story: Story, to: type[Model], pk: int, model_path: str, path: str) -> tuple[object, ...]:
    kind = _kind(Story)
    content_path_hash: uuid.UUID = ReferenceIndex._get_content_path_hash(path)
    number = str(story.news_id)
    return kind, kind, number, _kind(to), str(pk), model_path, path, content_path_hash


def _kind(model: type[Model]) -> int:
    return int(ContentType.objects.get_for_model(model).pk)
