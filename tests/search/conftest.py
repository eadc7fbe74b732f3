from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from broadsheet.stories.models import Photo, Section, Story

Publish = Callable[..., Story]


@pytest.fixture
def section() -> Section:
    world: Section = Section.objects.create(name="World", slug="world")
    return world


@pytest.fixture
def publish(section: Section) -> Publish:
    """Publish a story of one paragraph as the newsroom does."""

    def published(
        headline: str, body: str = "", *, caption: str = "", live: bool = True, **fields: Any
    ) -> Story:
        story = Story(
            **{"section": section, "headline": headline, "live": False, **fields},
            body=[("paragraph", body)] if body else [],
        )
        if caption:
            story.photos.add(Photo(caption=caption, credit="AFP"))
        story.save()
        if live:
            story.save_revision().publish()
            story.refresh_from_db()
        return story

    return published
