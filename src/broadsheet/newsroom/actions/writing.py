"""What copy says becomes what a story says: words, photos, names, within a story's bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.moving.pictures import Pictures, block_of, key_of, name_of
from broadsheet.stories.languages import own_language, validate_language
from broadsheet.stories.models import (
    Agency,
    Photo,
    Picture,
    Story,
    StoryAgency,
    StoryByline,
    Topic,
)
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem, WirePhoto
from broadsheet.wire.stream import foreseen, stream_of

# Some sites list every word of a page as a keyword; a story has a handful of topics.
_MOST_TOPICS = 12
_FIRST_WORDS = 80
_PLAYED = ("video/", "audio/")


class Names(Protocol):
    """Who finds the records that copy names: ``filing``, or what asks it once a name."""

    @property
    def byline(self) -> Callable[[str], Byline]:
        """Returns the byline of a name."""

    @property
    def agency(self) -> Callable[[str], Agency]:
        """Returns the agency of a name or credit line."""

    @property
    def topic(self) -> Callable[[str, str], Topic]:
        """Returns the topic of a name in a language."""

    @property
    def filed_topic(self) -> Callable[[str, str], Topic]:
        """Returns the topic that an archive files stories in a language under, by its name."""


def write(
    story: Story, item: WireItem, pictures: Pictures | None = None, names: Names = filing
) -> tuple[str, ...]:
    """Let ``story`` say what ``item`` says; return what of it could not be taken as it is.

    ``pictures`` stores the bytes of its photos; without it, their words alone are taken.
    """
    remarks: list[str] = []
    story.headline = _headline(item, remarks)
    story.slugline = _cut(item.slugline, story, "slugline")
    story.dateline = _cut(item.dateline, story, "dateline")
    story.lead = item.lead
    story.language = language_of(item, remarks)
    story.embargo_until = item.embargoed
    if item.comments_open is not None:
        story.comments_open = item.comments_open
    found: dict[str, Picture] = {}
    if pictures is not None:
        found, missed = pictures.of(item)
        remarks.extend(missed)
    _write_body_and_photos(story, item, found, remarks)
    story.bylines.set(
        [
            StoryByline(sort_order=place, byline=each)
            for place, each in enumerate(_distinct(map(names.byline, item.authors)))
        ]
    )
    story.agencies.set(
        [
            StoryAgency(sort_order=place, agency=each)
            for place, each in enumerate(_distinct(map(names.agency, item.agencies)))
        ]
    )
    topic_of = names.filed_topic if item.stage else names.topic
    story.topics.set(_distinct(topic_of(name, story.language) for name in topics_of(item)))
    return tuple(remarks)


def topics_of(item: WireItem) -> Sequence[str]:
    """Return the names of the topics that a story made of ``item`` has."""
    # What an archive's editors filed their stories under is meant, however much it is.
    return item.topics if item.stage else item.topics[:_MOST_TOPICS]


def _write_body_and_photos(
    story: Story, item: WireItem, found: dict[str, Picture], remarks: list[str]
) -> None:
    photos = [photo for photo in item.photos if not photo.media_type.startswith(_PLAYED)]
    remarks.extend(
        f"A recording came along, which no story can show: {name_of(photo)}."
        for photo in item.photos
        if photo not in photos
    )
    placed = {block.html for block in item.body if block.kind == "photo"}
    within = [photo for photo in photos if photo.key in placed and key_of(photo) in found]
    body = list(item.body)
    if len(within) == len(photos) and body and body[0].kind == "photo":
        # A story that opens with its only kind of photo leads with it.
        within = [photo for photo in within if photo.key != body[0].html]
    blocks = {photo.key: block_of(photo, found[key_of(photo)]) for photo in within}
    field: Any = Story._meta.get_field("body")
    known = None if blocks else foreseen(item)
    # Copies of the blocks: a body may be given others.
    raw = stream_of(body, blocks) if known is None else [dict(block) for block in known.blocks]
    story.body = field.stream_block.to_python(raw)
    story.photos.set(
        [
            _photo(place, photo, found.get(key_of(photo)))
            for place, photo in enumerate(each for each in photos if each not in within)
        ]
    )


def _photo(place: int, photo: WirePhoto, picture: Picture | None) -> Photo:
    return Photo(
        sort_order=place,
        picture=picture,
        caption=photo.caption,
        credit=photo.credit[:200],
        alt_text=photo.alt_text[:300],
        taken_on=photo.taken_on,
    )


def _headline(item: WireItem, remarks: list[str]) -> str:
    longest = int(Story._meta.get_field("headline").max_length or 0)
    headline = " ".join(item.headline.split())
    if not headline:
        headline = next(iter(plain_paragraphs(item)), "") or item.slugline or item.guid
        headline = _shortened(headline, _FIRST_WORDS)
        remarks.append("It has no headline; its first words stand in for one.")
    elif len(headline) > longest:
        headline = _shortened(headline, longest)
        remarks.append(f"Its headline has more than {longest} characters and was cut.")
    return headline


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    start = text[: longest - 2].rsplit(" ", 1)[0] or text[: longest - 2]
    return f"{start} …"


def language_of(item: WireItem, remarks: list[str]) -> str:
    """Return the language of ``item``; the paper's own, with a remark, where it names none."""
    if not item.language:
        return own_language()
    try:
        validate_language(item.language)
    except ValidationError:
        said = item.language[:50]
        remarks.append(f"“{said}” is no language; it was filed under the paper's own.")
        return own_language()
    return item.language


def _cut(text: str, story: Story, field: str) -> str:
    return text[: int(story._meta.get_field(field).max_length)]


def _distinct(found: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(found))
