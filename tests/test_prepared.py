"""A query that is written once is asked with other values, and finds what Django's would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from broadsheet import prepared
from broadsheet.stories.models import Story
from press import newspaper

pytestmark = pytest.mark.django_db


def _in_language(limit: int, language: str, since: datetime, least: int) -> QuerySet[Story, Any]:
    rows = Story.objects.filter(
        language=language, first_published_at__gte=since, news_id__gte=least
    )
    return rows.order_by("pk").values_list("pk", flat=True)[:limit]


def test_each_time_with_its_own_values() -> None:
    old, new = datetime(2017, 12, 30, tzinfo=UTC), datetime(2026, 5, 1, 12, tzinfo=UTC)
    for news_id, language, moment in [(1, "en", old), (2, "en", new), (3, "fa", new)]:
        newspaper.story("Bread", news_id=news_id, language=language, first_published_at=moment)

    def found(limit: int, language: str, since: datetime, least: int = 0) -> list[int]:
        return prepared.numbers(_in_language, limit, language=language, since=since, least=least)

    assert found(5, "en", old) == [1, 2]
    assert found(5, "en", new) == [2]
    assert found(5, "fa", old) == [3]
    assert found(5, "en' OR 1=1 --", old) == []
    assert found(1, "en", old) == [1]
    assert found(5, "en", old, least=2) == [2]


def _forgetful(at: datetime) -> QuerySet[Story, Any]:
    return Story.objects.values_list("pk", flat=True)


def test_a_value_that_would_be_lost_is_refused() -> None:
    with pytest.raises(ValueError, match="not every value"):
        prepared.numbers(_forgetful, at=datetime(2026, 5, 1, tzinfo=UTC))


def _languages(moments: datetime) -> QuerySet[Story, Any]:
    rows = Story.objects.filter(first_published_at__lte=moments).order_by("news_id")
    return rows.values_list("language").distinct()


def _of_numbers(numbers: list[int], until: datetime) -> QuerySet[Story]:
    rows = Story.objects.filter(pk__in=numbers, first_published_at__lte=until)
    return rows.order_by("pk").defer("body")


def test_what_a_query_orders_by_is_not_among_what_it_finds() -> None:
    for news_id, language in [(1, "en"), (2, "fa")]:
        newspaper.story("Bread", news_id=news_id, language=language)
    found = prepared.rows(_languages, moments=datetime(2030, 1, 1, tzinfo=UTC))
    assert found == [("en",), ("fa",)]


def test_whole_rows_for_a_list_of_numbers_however_long() -> None:
    for news_id in (3, 7, 400):
        newspaper.story(f"Bread {news_id}", news_id=news_id, lead="Dear.")
    until = datetime(2030, 1, 1, tzinfo=UTC)
    for wanted in ([], [7], [400, 3], list(range(1, 500))):
        made = prepared.objects(Story, _of_numbers, numbers=wanted, until=until)
        asked = list(_of_numbers(wanted, until))
        assert [story.news_id for story in made] == [story.news_id for story in asked]
        for story, same in zip(made, asked, strict=True):
            assert (story.headline, story.lead, story.first_published_at, story.live) == (
                same.headline, same.lead, same.first_published_at, same.live,
            )  # fmt: skip
            assert story.get_deferred_fields() == {"body"}
            assert list(story.body.raw_data) == list(same.body.raw_data)
