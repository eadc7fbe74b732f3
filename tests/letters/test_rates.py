from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from broadsheet.letters import rates
from broadsheet.letters.models import RateCount

FEW = rates.Limit("few", 2, timedelta(minutes=10))
MANY = rates.Limit("many", 50, timedelta(minutes=10))
NOON = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_limit_holds_for_its_stretch_and_its_subject() -> None:
    with mock.patch("django.utils.timezone.now", return_value=NOON):
        rates.count((FEW, "a"))
        rates.count((FEW, "a"))
        rates.count((FEW, "b"))
        with pytest.raises(rates.TooManyError) as caught:
            rates.count((FEW, "a"))
    assert caught.value.seconds == 570
    assert caught.value.minutes == 10
    with mock.patch("django.utils.timezone.now", return_value=NOON + timedelta(minutes=10)):
        rates.count((FEW, "a"))


@pytest.mark.django_db
def test_where_one_limit_is_reached_none_is_counted() -> None:
    rates.count((FEW, "a"))
    rates.count((FEW, "a"))
    with pytest.raises(rates.TooManyError):
        rates.count((MANY, "a"), (FEW, "a"))
    assert not RateCount.objects.filter(limit="many").exists()
