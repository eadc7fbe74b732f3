"""A story that takes letters, and a visitor with a key for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from broadsheet.letters.models import SecurityKey
from broadsheet.stories.models import Section, Story

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    cache.clear()
    yield


def publish(headline: str = "Bridge opens", **fields: Any) -> Story:
    section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World"})
    published = fields.pop("first_published_at", timezone.now() - timedelta(hours=1))
    return Story.objects.create(
        headline=headline,
        section=section,
        live=True,
        first_published_at=published,
        last_published_at=published,
        **fields,
    )


@pytest.fixture
def story(db: None) -> Story:
    return publish()


class Visitor:
    """A browser with its cookies, at one story's form."""

    def __init__(self, story: Story, address: str = "192.0.2.7") -> None:
        self.story = story
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)

    def look(self) -> SecurityKey:
        """Fetch the picture as a pressed page does, and return the key behind it."""
        answer = self.client.get(f"/letters/keys/{self.story.pk}/new.png")
        assert answer.status_code == 200, answer.content
        return SecurityKey.objects.latest("made_at")

    def send(self, **fields: str) -> Any:
        words = {"name": "Ada", "text": "A fine bridge.", "answer": "", "key": ""}
        return self.client.post(f"/letters/{self.story.pk}/", _encoded(words | fields), FORM)


def _encoded(fields: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(fields)


@pytest.fixture
def visitor(story: Story) -> Visitor:
    return Visitor(story)
