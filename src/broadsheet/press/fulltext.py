"""A story's whole text as HTML that stands by itself: in feeds and in ninjs.

It is the body of the page, with every address made absolute and without what only the page's
own style sheet understands.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import nh3
from django.conf import settings
from django.template import engines
from django.utils import translation

from broadsheet.press import bodies, loading, photos
from broadsheet.press.frame import chrome_language
from broadsheet.press.jsonld import absolute
from broadsheet.press.loading import derived
from broadsheet.press.reading import once
from broadsheet.press.story_pages import Figure
from broadsheet.press.xml_text import printable
from broadsheet.stories.models import Story


def _with_whole_address(element: str, attribute: str, value: str) -> str | None:
    if attribute in ("href", "src") and value.startswith("/") and not value.startswith("//"):
        return absolute(value)
    return value


_CLEANER = nh3.Cleaner(
    tags={
        "a", "b", "blockquote", "br", "caption", "em", "figcaption", "figure", "h2", "i", "img",
        "li", "ol", "p", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    },
    attributes={"a": {"href"}, "img": {"src", "alt", "width", "height"}, "th": {"scope"}},
    attribute_filter=_with_whole_address,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)  # fmt: skip


Pictures = dict[int, photos.Shown]


def prepare(stories: Sequence[Story]) -> None:
    """Find the pictures of many stories at once; those of one are found when they are needed."""
    found = _found()
    found.update(_find([story for story in stories if story.news_id not in found]))


def show(story: Story, pictures: Pictures) -> None:
    """Have ``story``, within this one reading, show ``pictures`` and not those readers get."""
    _found()[story.news_id] = pictures


def _found() -> dict[int, Pictures]:
    return once("pictures of stories", dict)


def _find(stories: Sequence[Story]) -> dict[int, Pictures]:
    wanted = [
        (photos.owner_of(story), picture)
        for story in stories
        for picture in photos.pictures_of(story)
    ]
    shown = photos.shown(wanted, photos.WHOLE) if wanted else {}
    found: dict[int, Pictures] = {story.news_id: {} for story in stories}
    for (owner, picture_id), picture in shown.items():
        found[int(owner)][picture_id] = picture
    return found


def pictures_of(story: Story) -> Pictures:
    """Return what readers see of the pictures of ``story``, by picture, found once a reading."""
    found = _found()
    if story.news_id not in found:
        found.update(_find([story]))
    return found[story.news_id]


def figures_of(story: Story) -> list[Figure]:
    """Return the story's photos, each with the picture readers can see, if there is one."""
    shown = pictures_of(story)
    return [
        Figure(photo, shown.get(photo.picture.pk) if photo.picture is not None else None)
        for photo in loading.parts_of(story, "photos")
    ]


def html_of(story: Story) -> str:
    """Return the whole text of ``story`` as clean HTML with absolute addresses."""
    return once(("full text", story.news_id), lambda: _html_of(story))


def shows_others(story: Story) -> bool:
    """Tell whether the body shows what others own: a picture's words, a standing page's address."""
    return derived(story, "shows others", lambda: _shows_others(story))


def _shows_others(story: Story) -> bool:
    return any(
        block["type"] == "photo" or "linktype=" in str(block["value"])
        for block in story.body.raw_data
    )


def pictures_key(story: Story) -> Hashable:
    """Return what the whole text of ``story`` shows beside the story's own rows."""
    return tuple(pictures_of(story).items())


def _html_of(story: Story) -> str:
    chrome = chrome_language(story.language)
    if shows_others(story):
        return _draw(story, chrome)
    key = ("full text", chrome, settings.BASE_URL, pictures_key(story))
    return derived(story, key, lambda: _draw(story, chrome))


def _draw(story: Story, chrome: str) -> str:
    if (words := _words_alone(story)) is not None:
        return words
    env: Any = engines["jinja2"]
    context = {"story": story, "figures": figures_of(story), "shown": pictures_of(story)}
    with translation.override(chrome):
        drawn = env.env.get_template("press/fulltext.html").render(context)
    return printable(_CLEANER.clean(drawn)).strip()


def _words_alone(story: Story) -> str | None:
    """Return what the template and the cleaner make of plain paragraphs, as most stories are."""
    if loading.parts_of(story, "photos"):
        return None
    found = []
    for block in story.body.raw_data:
        plain = bodies.words_alone(block["value"]) if block["type"] == "paragraph" else None
        if plain is None:
            return None
        found.append(plain)
    return printable("\n".join(found)).strip()
