"""Names that an import remembers are those that asking for each by itself would find."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.models import Byline
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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="foresees by SQLite's rules only")
def test_topics_that_are_foreseen_are_those_made_one_by_one(topics: None) -> None:
    asked = [
        *ASKED,
        *(("Water", language) for language in ("en", "de", "fr")),
        ("water!", "en"), ("Water 2", "en"), ("Twice", "it"), ("!?", "en"), ("?!", "en"),
    ]  # fmt: skip

    def told() -> list[tuple[str, str, str]]:
        rows = Topic.objects.order_by("pk").values_list("name", "slug", "language")
        return [(name, slug, language) for name, slug, language in rows]

    with transaction.atomic():
        one_by_one = [filing.topic(name, language).slug for name, language in asked]
        made = told()
        transaction.set_rollback(True)
    Topic.objects.create(name="Begun", slug="begun", language="en").delete()
    names = KnownNames()
    names.foresee_topics(asked)
    assert told() == made
    with CaptureQueriesContext(connection) as queries:
        assert [names.topic(name, language).slug for name, language in asked] == one_by_one
    assert not queries.captured_queries
    assert told() == made


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_a_name_is_looked_up_in_its_index() -> None:
    plan = filing._called(Topic, "Harbour").filter(language="en").explain()
    assert "USING INDEX topic_called (<expr>=? AND language=?)" in plan
    assert "USING INDEX byline_called (<expr>=?)" in filing._called(Byline, "A. Name").explain()
