"""Stories as lists show them, made of rows that were read already (``press.loading``).

They have what a list shows and nothing else: whatever else is asked of them, the database is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from broadsheet.stories.models import Photo, Picture, Section, Story

Row = tuple[Any, ...]


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


def for_a_list(rows: Sequence[tuple[str, Row]]) -> Story:
    """Return the story of ``rows``, its own first, with its section and photos."""
    (_which, own), *others = rows
    names = tuple(STORY) if len(own) == len(STORY) else (*STORY, "body")
    story: Story = _made(Story, names, own)
    story.section = _made(Section, names, own, "section__")
    parts = [photo(row) for which, row in others if which == "photos"]
    story.__dict__["_cluster_related_objects"] = {"photos": parts}
    return story


def photo(row: Row) -> Photo:
    """Return the photo of ``row``, with its picture if it has one."""
    made: Photo = _made(Photo, tuple(PHOTO), row)
    has_one = made.picture_id is not None
    made.picture = _made(Picture, tuple(PHOTO), row, "picture__") if has_one else None
    return made


def pictures(rows: Sequence[tuple[str, Row]]) -> list[Picture]:
    """Return the pictures of the photos among ``rows``, in order."""
    photos = (photo(row) for which, row in rows if which == "photos")
    return [each.picture for each in photos if each.picture is not None]


def _made(model: type[Model], names: tuple[str, ...], row: Row, prefix: str = "") -> Any:
    places, fields, converters = _plan(model, names, prefix)
    values = [row[place] for place in places]
    for number, convert in converters:
        values[number] = convert(values[number])
    return model.from_db(connection.alias, fields, values)


@cache
def _plan(
    model: type[Model], names: tuple[str, ...], prefix: str
) -> tuple[list[int], list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """Return where the fields of ``model`` stand in a row, their names, and how they are read."""
    place_of = {name: place for place, name in enumerate(names)}
    found = [
        field
        for field in model._meta.concrete_fields
        if place_of.get(f"{prefix}{field.attname}", -1) >= 0
    ]
    compiler = model._default_manager.all().query.get_compiler(connection=connection)
    columns = [field.get_col(model._meta.db_table) for field in found]
    converters = [
        (number, _chain(chain, expression))
        for number, (chain, expression) in compiler.get_converters(columns).items()
    ]
    places = [place_of[f"{prefix}{field.attname}"] for field in found]
    return places, [field.attname for field in found], converters


def _chain(chain: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for step in chain:
            value = step(value, expression, connection)
        return value

    return convert
