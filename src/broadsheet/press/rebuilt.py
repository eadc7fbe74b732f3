"""Stories made of rows that were read already (``press.loading``), as lists or pages show them.

They have what those show and nothing else: whatever else is asked of them, the database is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState
from wagtail.fields import StreamField

from broadsheet import prepared
from broadsheet.accounts.models import Byline
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

Row = tuple[Any, ...]
Making = tuple[list[tuple[str, int]], list[tuple[str, int, Callable[[Any], Any]]]]


def _columns(model: type[Model], prefix: str = "") -> list[str]:
    return [f"{prefix}{each.attname}" for each in model._meta.concrete_fields]


# Where a picture stands in the library, and since when.
_PLACES = ("collection_id", "created_at", "uploaded_by_user_id", "file_size")
# What the newsroom alone sees of a story changes with every draft.
_UNSEEN = {"body", "latest_revision_id", "live_revision_id", "has_unpublished_changes", "locked"}
STORY = ["news_id", *(name for name in _columns(Story) if name not in {*_UNSEEN, "news_id"})]
STORY += _columns(Section, "section__")
_PICTURE = [name for name in _columns(Picture, "picture__") if not name.endswith(_PLACES)]
PHOTO = ["story_id", *_columns(Photo), *_PICTURE]
# When the story was published stands in its own row.
BYLINE = ["story_id", *(name for name in _columns(StoryByline) if name != "published_at")]
BYLINE += [f"byline__{name}" for name in ("id", "name", "slug", "role")]
AGENCY = ["story_id", *_columns(StoryAgency)]
AGENCY += [f"agency__{name}" for name in ("id", "name", "slug", "credit_line")]
TOPIC = ["story_id", *_columns(Topic, "topic__")]


def for_a_list(rows: Sequence[tuple[str, Row]]) -> Story:
    """Return the story of ``rows``, its own first, with its section and photos."""
    (_which, own), *others = rows
    story = _story(own)
    parts = [photo(row) for which, row in others if which == "photos"]
    story.__dict__["_cluster_related_objects"] = {"photos": parts}
    return story


def whole(rows: Sequence[tuple[str, Row]]) -> Story:
    """Return the story of ``rows``, its own first and with its body, with all its parts.

    They are lists, each in the order of ``rows``: a page asks for them some twenty times, and each
    time Django would build a manager and a query around them.
    """
    (_which, own), *others = rows
    story = _story(own)
    parts: dict[str, list[Any]] = {name: [] for name in _PARTS}
    for which, row in others:
        parts[which].append(_PARTS[which](row))
    # Where the model keeps parts of it that are not saved (django-modelcluster).
    story.__dict__["_cluster_related_objects"] = parts
    return story


def _story(own: Row) -> Story:
    names = _LISTED if len(own) == len(_LISTED) else _WHOLE
    story: Story = _made(Story, names, own)
    _tie(story, "section", _section(own[_OF_SECTION:_END_OF_SECTION]))
    return story


_LISTED, _WHOLE = tuple(STORY), (*STORY, "body")
_SECTION = tuple(_columns(Section))
_END_OF_SECTION = len(STORY)
_OF_SECTION = _END_OF_SECTION - len(_SECTION)


# What thousands of stories share, and nobody changes.
@lru_cache(maxsize=256)
def _section(row: Row) -> Section:
    section: Section = _made(Section, _SECTION, row)
    return section


@lru_cache(maxsize=1024)
def _topic(row: Row) -> Topic:
    topic: Topic = _made(Topic, tuple(_columns(Topic)), row)
    return topic


def photo(row: Row) -> Photo:
    """Return the photo of ``row``, with its picture if it has one."""
    made: Photo = _made(Photo, tuple(PHOTO), row)
    has_one = made.picture_id is not None
    _tie(made, "picture", _made(Picture, tuple(PHOTO), row, "picture__") if has_one else None)
    return made


def _byline(row: Row) -> StoryByline:
    made: StoryByline = _made(StoryByline, tuple(BYLINE), row)
    _tie(made, "byline", _made(Byline, tuple(BYLINE), row, "byline__"))
    return made


def _agency(row: Row) -> StoryAgency:
    made: StoryAgency = _made(StoryAgency, tuple(AGENCY), row)
    _tie(made, "agency", _made(Agency, tuple(AGENCY), row, "agency__"))
    return made


_PARTS: dict[str, Callable[[Row], Any]] = {
    "photos": photo,
    "bylines": _byline,
    "agencies": _agency,
    "topics": lambda row: _topic(row[1:]),
}


def pictures(rows: Sequence[tuple[str, Row]]) -> list[Picture]:
    """Return the pictures of the photos among ``rows``, in order."""
    photos = (photo(row) for which, row in rows if which == "photos")
    return [each.picture for each in photos if each.picture is not None]


def _tie(made: Model, name: str, other: Model | None) -> None:
    made._state.fields_cache[name] = other


def _made(model: type[Model], names: tuple[str, ...], row: Row, prefix: str = "") -> Any:
    """Return what Django would make of ``row``, without asking who wants to know of it.

    Nobody does, of stories and their parts, and to ask takes half of the time.
    """
    plain, others = _plan(model, names, prefix)
    made = model.__new__(model)
    made._state = state = ModelState()
    state.db, state.adding = connection.alias, False
    values = made.__dict__
    for name, place in plain:
        values[name] = row[place]
    for name, place, read in others:
        values[name] = read(row[place])
    return made


@cache
def _plan(model: type[Model], names: tuple[str, ...], prefix: str) -> Making:
    """Return where the fields of ``model`` stand in a row: those that are as they stand, others."""
    place_of = {name: place for place, name in enumerate(names)}
    found = [
        field
        for field in model._meta.concrete_fields
        if place_of.get(f"{prefix}{field.attname}", -1) >= 0
    ]
    compiler = model._default_manager.all().query.get_compiler(connection=connection)
    columns = [field.get_col(model._meta.db_table) for field in found]
    converters = compiler.get_converters(columns)
    plain, others = [], []
    for number, field in enumerate(found):
        name, place = field.attname, place_of[f"{prefix}{field.attname}"]
        steps = [prepared.in_turn(*converters[number])] if number in converters else []
        # A body is read from its text by being set.
        if isinstance(field, StreamField):
            steps.append(field.to_python)
        if steps:
            others.append((name, place, _one_after_the_other(steps)))
        else:
            plain.append((name, place))
    return plain, others


def _one_after_the_other(steps: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    if len(steps) == 1:
        return steps[0]

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return read
