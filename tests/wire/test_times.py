from __future__ import annotations

import pytest

from broadsheet.wire.times import find_day, read_moment


@pytest.mark.parametrize(
    "printed",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31",
        "Fri, 31 Dec 9999 23:59:59 +0000",
        "2359 GMT December 31, 9999",
        "31/12/9999 23:59",
        "10 دی 9377",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_day_no_page_can_mean_is_none(printed: str) -> None:
    assert read_moment(printed, "fa") is None
    assert find_day(printed, "fa") is None


@pytest.mark.parametrize("printed", ["1600-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_days_an_archive_can_hold_are_read(printed: str) -> None:
    moment = read_moment(printed)
    assert moment is not None
    assert f"{moment.at:%Y-%m-%dT%H:%M:%SZ}" == printed
