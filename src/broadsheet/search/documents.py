"""Documents: a story as the index takes it in, read from the database as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from broadsheet import prepared
from broadsheet.press.bodies import plain
from broadsheet.stories.models import Photo, Picture, Story, StoryAgency, StoryByline

# Values of blocks that are no text for readers.
_NOT_TEXT = frozenset({"url", "picture", "numbered", "id", "type"})
_STORY_FIELDS = (
    "news_id",
    "headline",
    "lead",
    "dateline",
    "body",
    "language",
    "section_id",
    "first_published_at",
    "created_at",
    "expire_at",
)


@dataclass(frozen=True)
class Document:
    """What one story is found by.

    ``public`` says whether readers might see it when it was read; ``until`` when that ends by
    itself. ``at`` is its time in every order by date: first publication, or creation while
    there is none. ``topics``, ``agencies`` and ``bylines`` are primary keys, for filters;
    ``names`` what they are called, with the place and the News ID.
    """

    news_id: int
    language: str
    at: datetime
    public: bool
    until: datetime | None
    headline: str
    lead: str
    body: str
    captions: str
    names: str
    section: int
    topics: tuple[int, ...]
    agencies: tuple[int, ...]
    bylines: tuple[int, ...]


def block_texts(value: Any) -> Iterator[str]:
    """Yield the texts of a block's raw value, in order, without markup, addresses and numbers."""
    if isinstance(value, str):
        yield plain(value) if "<" in value or "&" in value else value
    elif isinstance(value, Mapping):
        # PostgreSQL keeps the members of an object in an order of its own.
        for key, part in sorted(value.items()):
            if key not in _NOT_TEXT:
                yield from block_texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from block_texts(part)


def body_texts(body: Any) -> tuple[list[str], list[str], list[int]]:
    """Return the texts of a story's body, its photos' captions, and pictures without a caption.

    ``body`` is a StreamField's value; its raw data is read, so that no block is built for it.
    """
    texts: list[str] = []
    captions: list[str] = []
    uncaptioned: list[int] = []
    for block in body.raw_data:
        value = block["value"]
        if block["type"] != "photo" or not isinstance(value, Mapping):
            texts.extend(block_texts(value))
            continue
        captions.extend(filter(None, (value.get("caption"), value.get("credit"))))
        if not value.get("caption") and isinstance(value.get("picture"), int):
            uncaptioned.append(value["picture"])
    return texts, captions, uncaptioned


def of(news_ids: Sequence[int]) -> list[Document]:
    """Return the document of each story of ``news_ids`` that exists, in a handful of queries."""
    asked = list(news_ids)
    found = prepared.values(_stories, stories=asked)
    rows = [dict(zip(_STORY_FIELDS, row, strict=True)) for row in found]
    public = set(prepared.numbers(_public, stories=asked, at=timezone.now()))
    bodies = {row["news_id"]: body_texts(row["body"]) for row in rows}
    captions = _captions(asked, bodies)
    bylines = _linked(prepared.rows(_bylines, stories=asked))
    agencies = _linked(prepared.rows(_agencies, stories=asked))
    topics = _linked(prepared.rows(_topics, stories=asked))
    return [
        Document(
            news_id=row["news_id"],
            language=row["language"],
            at=row["first_published_at"] or row["created_at"],
            public=row["news_id"] in public,
            until=row["expire_at"],
            headline=row["headline"],
            lead=row["lead"],
            body="\n".join(bodies[row["news_id"]][0]),
            captions="\n".join(captions[row["news_id"]]),
            names="\n".join(
                [
                    *bylines[row["news_id"]].values(),
                    *topics[row["news_id"]].values(),
                    *agencies[row["news_id"]].values(),
                    row["dateline"],
                ]
            ),
            section=row["section_id"],
            topics=tuple(topics[row["news_id"]]),
            agencies=tuple(agencies[row["news_id"]]),
            bylines=tuple(bylines[row["news_id"]]),
        )
        for row in rows
    ]


def _stories(stories: Sequence[int]) -> QuerySet[Story, Any]:
    found: QuerySet[Story, Any] = Story.objects.filter(pk__in=stories).order_by()
    return found.values_list(*_STORY_FIELDS)


def _public(stories: Sequence[int], at: datetime) -> QuerySet[Story, Any]:
    found: QuerySet[Story, Any] = Story.objects.public(at).filter(pk__in=stories).order_by()
    return found.values_list("pk", flat=True)


def _bylines(stories: Sequence[int]) -> QuerySet[StoryByline, Any]:
    rows: QuerySet[Any, Any] = StoryByline.objects.filter(story__in=stories)
    return rows.values_list("story_id", "byline_id", "byline__name")


def _agencies(stories: Sequence[int]) -> QuerySet[StoryAgency, Any]:
    rows: QuerySet[Any, Any] = StoryAgency.objects.filter(story__in=stories)
    return rows.values_list("story_id", "agency_id", "agency__name")


def _topics(stories: Sequence[int]) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = Story.topics.through.objects.filter(story__in=stories)
    return rows.values_list("story_id", "topic_id", "topic__name")


def _photos(stories: Sequence[int]) -> QuerySet[Photo, Any]:
    rows: QuerySet[Any, Any] = Photo.objects.filter(story__in=stories).order_by("sort_order", "pk")
    return rows.values_list("story_id", "caption", "credit", "alt_text", "picture__caption")


def _linked(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, dict[int, str]]:
    linked: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for story, key, name in rows:
        linked[story][key] = name
    return linked


def _captions(
    news_ids: Sequence[int], bodies: Mapping[int, tuple[list[str], list[str], list[int]]]
) -> defaultdict[int, list[str]]:
    """Return the captions and credits that stand on each story, its own photos first."""
    captions: defaultdict[int, list[str]] = defaultdict(list)
    for story, *texts in prepared.rows(_photos, stories=news_ids):
        caption, credit, alt_text, fallback = texts
        captions[story].extend(filter(None, (caption or fallback, credit, alt_text)))
    wanted = {picture for _, _, pictures in bodies.values() for picture in pictures}
    fallbacks = dict(
        Picture.objects.filter(pk__in=wanted).values_list("pk", "caption") if wanted else ()
    )
    for story, (_, own, pictures) in bodies.items():
        captions[story].extend(own)
        captions[story].extend(filter(None, (fallbacks.get(picture) for picture in pictures)))
    return captions
