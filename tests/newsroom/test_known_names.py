"""Names that an import remembers are those that asking for each by itself would find."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.importing import names as remembered
from broadsheet.newsroom.importing.names import KnownNames
from broadsheet.stories.models import Topic

pytestmark = pytest.mark.django_db

ASKED = [
    *((f"Number {number}", "en") for number in range(25)),
    *(("  number   3 ", "en"), ("NUMBER 4", "en"), ("Number 4", "de"), ("Twice", "en")),
    *(("ÖL", "de"), ("öl", "de"), ("50%_", "en"), ("Twice", "fr"), ("N" * 200, "en")),
]


@pytest.fixture
def topics() -> None:
    for number, (name, language) in enumerate(
        [*((f"Number {number}", "en") for number in range(24)), ("twice", "en"), ("Twice", "en"),
         ("twice", "de"), ("Öl", "de"), ("öl", "de"), ("50x_", "en"), ("n" * 120, "en")]
    ):  # fmt: skip
        Topic.objects.create(name=name, slug=f"topic-{number}", language=language)


@pytest.mark.parametrize("way", ["topic", "filed_topic"])
def test_topics_that_are_read_at_once_are_those_asked_for_one_by_one(
    topics: None, way: str
) -> None:
    names = KnownNames()
    for name, language in ASKED:
        there = Topic.objects.count()
        found = getattr(names, way)(name, language)
        # Whatever it made is found from now on.
        assert getattr(filing, way)(name, language) == found
        assert Topic.objects.count() - there == (found.slug[:6] != "topic-")


@pytest.mark.parametrize("kept", [20_000, 26])
def test_stories_of_each_language_get_the_topic_of_theirs(
    kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_MOST_KEPT", kept)
    for name, slug, language in (
        ("Iran", "iran-fr", "fr"), ("Iran", "iran-de", "de"),
        *((f"Number {number}", f"number-{number}", "fr") for number in range(30)),
    ):  # fmt: skip
        Topic.objects.create(name=name, slug=slug, language=language)
    names = KnownNames()
    for number in range(21):
        names.filed_topic(f"Number {number}", "fr")
    assert [names.filed_topic("Iran", each).slug for each in ("fr", "de")] == ["iran-fr", "iran-de"]


def test_many_topics_are_read_at_once(topics: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("names are compared by SQLite's rules")
    names = KnownNames()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for number in range(24):
            names.topic(f"Number {number}", "en")
    assert len(asked) == 20
    names.forget()
    Topic.objects.filter(name="Number 23").update(name="Another")
    for number in range(23):
        names.topic(f"Number {number}", "en")
    assert names.topic("Number 23", "en").slug == "number-23"
