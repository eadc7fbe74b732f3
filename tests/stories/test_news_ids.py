from __future__ import annotations

import pytest

from broadsheet.stories import news_ids


@pytest.mark.django_db
def test_ids_start_at_one_and_are_consecutive() -> None:
    assert [news_ids.allocate()[0], *news_ids.allocate(3)] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_a_number_brought_along_is_never_allocated() -> None:
    news_ids.reserve(207166)
    news_ids.reserve(12)
    assert news_ids.allocate()[0] == 207167


@pytest.mark.django_db
def test_nothing_is_not_a_count() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        news_ids.allocate(0)
