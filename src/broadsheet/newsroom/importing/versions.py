"""Versions of new stories: what ``Story.serializable_data`` says, with each field asked once.

Wagtail's asks of every field of every story what it is and how its value is written, which for
an archive takes as long as to store them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models
from modelcluster.models import (
    get_all_child_m2m_relations,
    get_all_child_relations,
    get_field_value,
)

from broadsheet.stories.body_field import BodyField
from broadsheet.stories.models import Story

Value = Callable[[Any], Any]

# Whatever of these is no text stands in a version as it is.
_AS_IT_IS = {
    models.AutoField, models.BigAutoField, models.BigIntegerField, models.BooleanField,
    models.IntegerField, models.PositiveBigIntegerField, models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
}  # fmt: skip
_TEXTS = {models.CharField, models.SlugField, models.TextField}


def written_body(story: Story) -> str:
    """Return the body of ``story`` as JSON, which is stored with the story and its versions."""
    text: str = Story._meta.get_field("body").value_to_string(story)
    return text


def content_of(story: Story, body: str) -> dict[str, Any]:
    """Return what a version of ``story`` says; ``body`` is its :func:`written_body`.

    The story and all that belongs to it are there as objects, whether stored or not.
    """
    content = _values_of(story, _fields(Story))
    content["body"] = body
    for name, model in _children():
        fields = _fields(model)
        content[name] = [_values_of(child, fields) for child in getattr(story, name).all()]
    for name in _filed():
        content[name] = [each.pk for each in getattr(story, name).all()]
    return content


def _values_of(row: models.Model, fields: Sequence[tuple[str, Value]]) -> dict[str, Any]:
    return {name: value(row) for name, value in fields}


@cache
def _fields(model: type[models.Model]) -> tuple[tuple[str, Value], ...]:
    fields = [("pk", _value_of(model._meta.pk))]
    every: Iterable[Any] = model._meta.fields
    fields += [(field.name, _value_of(field)) for field in every if field.serialize]
    return tuple(fields)


@cache
def _children() -> tuple[tuple[str, type[models.Model]], ...]:
    return tuple(
        (relation.get_accessor_name(), relation.related_model)
        for relation in get_all_child_relations(Story)
    )


@cache
def _filed() -> tuple[str, ...]:
    return tuple(field.name for field in get_all_child_m2m_relations(Story) if field.serialize)


def _value_of(field: Any) -> Value:
    """Return how what a version says of ``field`` is read off a row."""
    kind = type(field)
    if kind is BodyField:
        # Who asks has written it.
        return lambda _: ""
    if field.remote_field is not None or kind in _AS_IT_IS:
        read: Value = attrgetter(field.attname)
        return read
    if kind in _TEXTS:
        return _text(attrgetter(field.attname))
    if kind is models.DateTimeField and not field.auto_now:
        return _moment(attrgetter(field.attname))
    return lambda row: get_field_value(field, row)


def _text(read: Value) -> Value:
    def value(row: Any) -> Any:
        found = read(row)
        return found if type(found) is str or found is None else str(found)

    return value


def _moment(read: Value) -> Value:
    def value(row: Any) -> datetime | None:
        found = read(row)
        return found if found is None else found.astimezone(UTC)

    return value
