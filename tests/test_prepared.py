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
