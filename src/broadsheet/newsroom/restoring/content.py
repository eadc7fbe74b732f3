"""What a version says is written into a story or a page: ``export.content`` read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.restoring.body import restored_body
from broadsheet.newsroom.restoring.values import Values
from broadsheet.slugs import is_slug
from broadsheet.stories.languages import own_language, validate_language
from broadsheet.stories.models import (
    Agency,
    Photo,
    Section,
    StandingPage,
    Story,
    StoryAgency,
    StoryByline,
    Topic,
)
from broadsheet.stories.reserved_slugs import validate_section_slug

_MOST = 500


def write_story(story: Story, values: Values, pictures: Mapping[str, int]) -> list[str]:
    """Let ``story`` say what ``values`` say; return what could not be taken over as it was."""
    for name in ("headline", "slugline", "dateline"):
        setattr(story, name, values.text(name, Story))
    story.lead = values.text("lead")
    remarks: list[str] = []
    story.language = language(values, remarks)
    story.section = section(values.inner("section"))
    story.body, said = _body(Story, values, pictures)
    remarks += said
    story.translation_of_id = _translated(story, values)
    # A story whose comments are not mentioned has them closed: nothing opens by itself.
    story.comments_open = values.flag("comments_open")
    story.substantive_update = values.flag("substantive_update")
    for name in ("substantively_updated_at", "embargo_until", "go_live_at", "expire_at"):
        setattr(story, name, values.moment(name))
    story.topics.set([_topic(each) for each in _few(values, "topics")])
    story.bylines.set(
        [
            StoryByline(sort_order=place, byline=_byline(each))
            for place, each in enumerate(_few(values, "bylines"))
        ]
    )
    story.agencies.set(
        [
            StoryAgency(
                sort_order=place,
                agency=_agency(each),
                credit_line=each.text("credit_line", StoryAgency),
            )
            for place, each in enumerate(_few(values, "agencies"))
        ]
    )
    story.photos.set(
        [
            Photo(
                sort_order=place,
                picture_id=pictures.get(each.text("picture")),
                caption=each.text("caption"),
                credit=each.text("credit", Photo),
                alt_text=each.text("alt_text", Photo),
                taken_on=each.day("taken_on"),
            )
            for place, each in enumerate(_few(values, "photos"))
        ]
    )
    return remarks


def write_page(page: StandingPage, values: Values, pictures: Mapping[str, int]) -> list[str]:
    """Let ``page`` say what ``values`` say; return what could not be taken over as it was."""
    remarks: list[str] = []
    for name in ("title", "seo_title"):
        setattr(page, name, values.text(name, StandingPage))
    page.search_description = values.text("search_description")
    page.show_in_menus = values.flag("show_in_menus")
    page.language = language(values, remarks)
    page.go_live_at, page.expire_at = values.moment("go_live_at"), values.moment("expire_at")
    page.body, said = _body(StandingPage, values, pictures)
    return remarks + said


def language(values: Values, remarks: list[str]) -> str:
    """Return the language of ``values``; the paper's own, with a remark, where it is none."""
    tag = values.text("language", Story)
    try:
        validate_language(tag)
    except ValidationError:
        remarks.append(f"{values.where}: “{tag}” is no language; it has the paper's own.")
        return own_language()
    return tag


def section(values: Values) -> Section:
    """Return the section that ``values`` name, made if need be."""
    slug, name = slug_of(values, Section), values.text("name", Section)
    found: Section | None = Section.objects.filter(slug=slug).first() if slug else None
    if found is not None:
        return found
    if not slug or not name:
        return filing.section_for(name)
    validate_section_slug(slug)
    made: Section = Section.objects.create(slug=slug, name=name, position=Section.objects.count())
    return made


def _body(model: type[Any], values: Values, pictures: Mapping[str, int]) -> tuple[Any, list[str]]:
    blocks, remarks = restored_body(values.list("body"), pictures, values.where)
    field = model._meta.get_field("body")
    return field.stream_block.to_python(blocks), remarks


def _translated(story: Story, values: Values) -> int | None:
    of = values.number("translation_of")
    if of is None or of == story.news_id:
        return None
    # One that comes later is tied when it is there.
    return of if Story.objects.filter(pk=of).exists() else None


def _few(values: Values, name: str) -> list[Values]:
    found = list(values.each(name))
    if len(found) > _MOST:
        raise ValidationError(f"{values.where}: more than {_MOST} {name} are too many.")
    return found


def _topic(values: Values) -> Topic:
    slug, name = slug_of(values, Topic), values.text("name", Topic)
    found = Topic.objects.filter(slug=slug).first() if slug else None
    tongue = values.text("language", Topic) or own_language()
    if found is None and slug and name:
        validate_language(tongue)
        found = Topic.objects.create(slug=slug, name=name, language=tongue)
    return found or filing.topic(name or slug or "?", tongue)


def _byline(values: Values) -> Byline:
    slug, name = slug_of(values, Byline), values.text("name", Byline)
    found = Byline.objects.filter(slug=slug).first() if slug else None
    if found is None and slug and name:
        found = Byline.objects.create(slug=slug, name=name)
    return found or filing.byline(name or slug or "?")


def _agency(values: Values) -> Agency:
    slug, name = slug_of(values, Agency), values.text("name", Agency)
    found = Agency.objects.filter(slug=slug).first() if slug else None
    return found or filing.agency(name or slug or "?")


def slug_of(values: Values, model: type[Any]) -> str:
    """Return the slug that ``values`` give; empty for a text that is none."""
    slug = values.text("slug", model)
    return slug if is_slug(slug) else ""
