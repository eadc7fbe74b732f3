"""Stories published the way the newsroom publishes them: through a revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from wagtail.models import Collection

from broadsheet.accounts.models import Byline
from broadsheet.stories.models import (
    Agency,
    Picture,
    Section,
    Story,
    StoryAgency,
    StoryByline,
    Topic,
)
from press import newspaper


def section(slug: str = "world") -> Section:
    made, _ = Section.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    assert isinstance(made, Section)
    return made


def topic(slug: str = "water") -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def byline(slug: str = "mira-doe") -> Byline:
    return Byline.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def agency(name: str = "Coast Wire") -> Agency:
    return Agency.objects.get_or_create(name=name, slug=name.lower().replace(" ", "-"))[0]


def picture() -> Picture:
    """Return a picture in the library, whose root a flush of the database may have taken."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    return newspaper.picture()


def draft(
    headline: str = "Ferry runs again",
    *,
    topics: Sequence[Topic] = (),
    bylines: Sequence[Byline] = (),
    agencies: Sequence[Agency] = (),
    **fields: Any,
) -> Story:
    """Save a draft with a body of two paragraphs."""
    story = Story(headline=headline, live=False, **{"section": section(), **fields})
    story.body = Story._meta.get_field("body").to_python(
        [
            {"type": "paragraph", "value": "<p>The ferry sailed on Friday.</p>"},
            {"type": "paragraph", "value": "<p>It was <b>full</b>.</p>"},
        ]
    )
    story.topics = list(topics)
    story.bylines = [StoryByline(byline=each) for each in bylines]
    story.agencies = [StoryAgency(agency=each) for each in agencies]
    story.save()
    return story


def publish(story: Story) -> Story:
    """Publish ``story`` as it stands, in one transaction as Wagtail's views do."""
    with transaction.atomic():
        story.save_revision().publish()
    story.refresh_from_db()
    return story


def published(headline: str = "Ferry runs again", **fields: Any) -> Story:
    return publish(draft(headline, **fields))
