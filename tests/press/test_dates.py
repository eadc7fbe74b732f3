from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.press import dates

SEED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
GMT = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("language", "zone", "printed"),
    [
        ("en", "UTC", "0658 GMT December 30, 2017"),
        ("en", "Europe/Berlin", "0758 CET December 30, 2017"),
        ("en", "Asia/Tehran", "1028 UTC+03:30 December 30, 2017"),
        ("en-GB", "UTC", "0658 GMT 30 December 2017"),
        ("de", "UTC", "30. Dezember 2017, 06:58 Uhr GMT"),
        ("fa", "UTC", "ساعت ۰۶:۵۸ به وقت گرینویچ، ۹ دی ۱۳۹۶"),
        ("fa", "Asia/Tehran", "ساعت ۱۰:۲۸ به وقت تهران، ۹ دی ۱۳۹۶"),
        ("ar-EG", "UTC", "٣٠ ديسمبر ٢٠١٧، ٠٦:٥٨ GMT"),
        ("xx", "UTC", "December 30, 2017, 06:58 GMT"),
    ],
)
def test_the_publication_line_is_each_languages_own(language: str, zone: str, printed: str) -> None:
    assert dates.publication(SEED, language, ZoneInfo(zone)) == printed


def test_a_days_number_follows_the_papers_zone() -> None:
    late = datetime(2017, 12, 30, 23, 30, tzinfo=UTC)
    assert dates.brief(late, "en", ZoneInfo("Europe/Berlin")) == "December 31, 2017, 00:30"
    assert dates.brief(late, "fa", GMT) == "۹ دی ۱۳۹۶، ۲۳:۳۰"


def test_the_persian_year_turns_in_march() -> None:
    assert dates.long_day(date(2024, 3, 19), "fa") == "۲۹ اسفند ۱۴۰۲"
    assert dates.long_day(date(2024, 3, 20), "fa") == "۱ فروردین ۱۴۰۳"
    assert dates.weekday_and_day(date(2017, 12, 30), "fa") == "شنبه ۹ دی ۱۳۹۶"


def test_months_and_weekdays_are_written_out() -> None:
    assert dates.month_name(2017, 12, "en") == "December 2017"
    assert dates.month_name(2017, 12, "de") == "Dezember 2017"
    assert dates.weekday_and_day(date(2017, 12, 30), "en") == "Saturday, December 30, 2017"


def test_machines_get_utc_whatever_the_zone() -> None:
    local = SEED.astimezone(ZoneInfo("Asia/Tehran"))
    assert dates.machine(local) == "2017-12-30T06:58:00Z"


@pytest.mark.parametrize(
    ("language", "printed"), [("en", "0.0032"), ("de", "0,0032"), ("fa", "۰٫۰۰۳۲")]
)
def test_a_length_has_four_decimals(language: str, printed: str) -> None:
    assert dates.seconds(0.00317, language) == printed
