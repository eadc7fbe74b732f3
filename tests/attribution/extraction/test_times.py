"""Expressions of time: which words, which time they mean, and to which relation they belong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.attribution.extraction import english, reading, times
from broadsheet.attribution.extraction.finding import relation
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import AttributionRelation, TimeExpression

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)  # a Saturday


def found_in(
    text: str, published: datetime | None = PUBLISHED, zone: str = "UTC"
) -> tuple[TimeExpression, ...]:
    return times.find(text, published, zone, "en", doc=reading.read(text))


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        # weekdays
        ("The army left on Friday.", "Friday", "2017-12-29"),
        ("It happened on Saturday.", "Saturday", "2017-12-30"),
        ("It happened on Sunday.", "Sunday", "2017-12-24"),
        ("They met last Friday.", "last Friday", "2017-12-29"),
        ("He will leave on Friday.", "Friday", "2018-01-05"),
        ("They will meet next Tuesday.", "next Tuesday", "2018-01-02"),
        # weeks, months, years
        ("He left earlier this week.", "earlier this week", "2017-12-25/2017-12-30"),
        ("He left last week.", "last week", "2017-12-18/2017-12-24"),
        ("The vote is next week.", "next week", "2018-01-01/2018-01-07"),
        ("It rained over the weekend.", "the weekend", "2017-12-30"),
        ("He resigned last month.", "last month", "2017-11"),
        ("He resigned earlier this month.", "earlier this month", "2017-12"),
        ("He came in November.", "November", "2017-11"),
        ("It comes in February.", "February", "2018-02"),
        ("He came last summer.", "last summer", "2017-22"),
        ("He came in spring 2016.", "spring 2016", "2016-21"),
        ("He left two weeks ago.", "two weeks ago", "2017-12-16~"),
        ("He left yesterday.", "yesterday", "2017-12-29"),
        # since, until, ranges
        ("It has fought since September 2014.", "since September 2014", "2014-09/.."),
        ("It closes until January 5.", "until January 5", "../2018-01-05"),
        ("He stayed from March to May.", "from March to May", "2017-03/2017-05"),
        ("He stayed from 2004 to 2009.", "from 2004 to 2009", "2004/2009"),
        # dates
        ("He left on December 27.", "December 27", "2017-12-27"),
        ("He left on December 31.", "December 31", "2016-12-31"),
        ("The vote will be held on January 5.", "January 5", "2018-01-05"),
        ("He left on 12 March 1998.", "12 March 1998", "1998-03-12"),
        ("It opened on December 1 last year.", "December 1 last year", "2016-12-01"),
        ("He left on 25/6/2017.", "25/6/2017", "2017-06-25"),
        (
            "Sales fell in the first quarter of 2015.",
            "the first quarter of 2015",
            "2015-01/2015-03",
        ),
        ("It rained in the 1990s.", "the 1990s", "199X"),
        ("It was the 20th century.", "the 20th century", "19XX"),
        ("He left on Christmas Day.", "Christmas Day", "2017-12-25"),
        # clock times and zones
        ("He left on Friday at 8:40 p.m.", "Friday at 8:40 p.m.", "2017-12-29T20:40:00"),
        ("He left at 8:40 p.m. on Friday.", "8:40 p.m. on Friday", "2017-12-29T20:40:00"),
        (
            "It was published at 0658 GMT on December 30, 2017.",
            "0658 GMT on December 30, 2017",
            "2017-12-30T06:58:00Z",
        ),
        (
            "He left at 3 p.m. EST on Friday.",
            "3 p.m. EST on Friday",
            "2017-12-29T15:00:00-05:00",
        ),
        (
            "He left on Friday at 10 a.m. Eastern time.",
            "Friday at 10 a.m. Eastern time",
            "2017-12-29T10:00:00-05:00",
        ),
        ("Published 2017-12-30T06:58Z.", "2017-12-30T06:58Z", "2017-12-30T06:58:00Z"),
    ],
)
def test_a_time_is_read(text: str, words: str, value: str) -> None:
    (one,) = found_in(text)
    assert text[slice(*one.span)] == words
    assert one.edtf == value
    assert one.unresolved == ""


def test_a_time_is_counted_from_one_the_text_named_before() -> None:
    text = "The war began in 2011. In August of the same year the town fell."
    year, month = found_in(text)
    assert (year.edtf, year.anchor) == ("2011", "")
    assert (month.edtf, month.anchor) == ("2011-08", "text")
    text = "The council met on December 12. A day later he left."
    _, day = found_in(text)
    assert (day.edtf, day.anchor) == ("2017-12-13", "text")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It came in August of the same year.", "does not name before it"),
        ("A day later he left.", "does not name before it"),
        ("He left several years ago.", "how many"),
        ("He left recently.", "does not say when"),
        ("It opens on Fridays.", "more than one day"),
        ("He left on 5/6/2017.", "cannot be told apart"),
        ("He left at 9 a.m.", "day of this time is not named"),
    ],
)
def test_what_cannot_be_told_says_why_and_is_not_guessed(text: str, why: str) -> None:
    (one,) = found_in(text)
    assert one.edtf is None
    assert why in one.unresolved


def test_without_a_publication_time_only_what_is_absolute_is_told() -> None:
    relative, absolute = found_in("He left on Friday. The war began in May 2011.", None)
    assert relative.edtf is None
    assert "publication" in relative.unresolved
    assert absolute.edtf == "2011-05"


def test_days_are_those_of_the_papers_time_zone() -> None:
    late = datetime(2017, 12, 30, 23, 0, tzinfo=UTC)
    text = "He left yesterday."
    assert [one.edtf for one in found_in(text, late)] == ["2017-12-29"]
    assert [one.edtf for one in found_in(text, late, "Asia/Tokyo")] == ["2017-12-30"]


@pytest.mark.parametrize("text", ["You may march on.", "2000 people came.", "It fell by half.", ""])
def test_other_words_are_no_time(text: str) -> None:
    assert found_in(text) == ()


def test_a_published_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        times.find("He left.", datetime(2017, 12, 30), "UTC", "en")  # noqa: DTZ001 -- the point


def test_a_language_without_words_for_times_is_refused() -> None:
    with pytest.raises(LookupError, match="tlh"):
        times.find("He left.", PUBLISHED, "UTC", "tlh")


_PAST = st.sampled_from(
    [
        "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday",
        "on Sunday", "last week", "earlier this week", "last month", "earlier this month",
        "in March", "in August", "in December", "on December 31", "on January 1", "yesterday",
        "last Friday", "over the weekend", "last summer", "in the spring", "on Christmas Day",
    ]
)  # fmt: skip


@given(
    _PAST,
    st.datetimes(
        min_value=datetime(1995, 1, 1),  # noqa: DTZ001 -- Hypothesis adds the zone
        max_value=datetime(2035, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Asia/Tehran")]),
    ),
    st.sampled_from(["UTC", "Asia/Tehran", "America/New_York"]),
)
@settings(max_examples=60, deadline=None)
def test_a_report_of_the_past_begins_before_it_is_published(
    when: str, published: datetime, zone: str
) -> None:
    for one in times.find(f"The minister resigned {when}.", published, zone, "en"):
        if one.edtf is not None:
            year, month, day = edtf.parse_edtf(one.edtf).lower_strict()[:3]
            assert date(year, month, day) <= published.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize("parsed", [True, False])
def test_a_weekday_far_below_its_verb_is_read(parsed: bool) -> None:
    # The parser makes a new object for a token each time it is asked for one.
    text = "The mayor said in a letter to the council of the town on Friday that he would leave."
    doc = reading.read(text) if parsed else None
    (found,) = times.find(text, PUBLISHED, "UTC", "en", doc=doc)
    assert text[slice(*found.span)] == "Friday"
    assert found.edtf == "2017-12-29"


def with_times(text: str) -> dict[str, AttributionRelation]:
    """Return the relations of ``text`` with their times, by their cues."""
    doc = reading.read(text)
    tokens = Tokens(doc, reading.quoted(text))
    found = [relation(tokens, one) for one in english.findings(tokens)]
    told = times.assign_all(found, doc, times.find(doc, PUBLISHED, "UTC", "en", doc=doc))
    return {text[one.cue[0][0] : one.cue[-1][1]]: one for one in told}


def value(one: TimeExpression | None) -> str | None:
    return None if one is None else one.edtf


@pytest.mark.parametrize(
    ("text", "cue", "said", "happened"),
    [
        (
            "The agency reported on Friday that the convoy left on Wednesday.",
            "reported",
            "2017-12-29",
            "2017-12-27",
        ),
        ("On Friday the mayor said he would resign.", "said", "2017-12-29", None),
        ("The convoy left on Wednesday, the mayor said.", "said", None, "2017-12-27"),
        (
            "In a letter sent on Friday, the mayor said the convoy left on Wednesday.",
            "said",
            "2017-12-29",
            "2017-12-27",
        ),
        ("The coalition claims to have flown since September 2014.", "claims", None, "2014-09/.."),
    ],
)
def test_a_time_belongs_to_the_saying_or_to_what_is_said(
    text: str, cue: str, said: str | None, happened: str | None
) -> None:
    one = with_times(text)[cue]
    assert value(one.statement_time) == said
    assert value(one.event_time) == happened


def test_what_a_source_adds_is_said_at_the_same_time() -> None:
    text = "The agency reported on Friday that the road was open, adding that the convoy had left."
    assert value(with_times(text)["adding"].statement_time) == "2017-12-29"


def test_the_stations_of_a_chain_share_their_times() -> None:
    text = "SANA, citing local residents, reported on Friday that the convoy left on Wednesday."
    found = with_times(text)
    assert {value(one.statement_time) for one in found.values()} == {"2017-12-29"}
    assert {value(one.event_time) for one in found.values()} == {"2017-12-27"}
