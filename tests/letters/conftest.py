"""A story that takes letters, and a visitor with a key for it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.letters.models import SecurityKey
from broadsheet.stories.models import Section, Story

FORM = "application/x-www-form-urlencoded"


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

    def send(self, headers: dict[str, str] | None = None, /, **fields: str) -> Any:
        """Send the form, as a browser encodes it."""
        words = {"name": "Ada", "text": "A fine bridge.", "answer": "", "key": ""}
        body = urlencode(words | fields)
        address = f"/letters/{self.story.pk}/"
        return self.client.post(address, body, FORM, headers=headers or {})

    def shown(self, answer: Any) -> SecurityKey:
        """Return the key that the form in ``answer`` shows."""
        found = re.search(r'name="key" value="([\w-]+)"', answer.content.decode())
        assert found, answer.content.decode()
        return SecurityKey.objects.get(pk=found[1])


@pytest.fixture
def visitor(story: Story) -> Visitor:
    return Visitor(story)
