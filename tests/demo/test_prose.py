from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.demo import prose
from broadsheet.demo.days import span, with_days, with_moments
from broadsheet.press import blocks
from broadsheet.stories.models import Story


def test_a_list_is_drawn_with_its_points() -> None:
    kinds = prose.blocks("- **One**\n- Two", "en")
    stored = json.dumps([{"type": kind, "value": value} for kind, value in kinds])
    html = blocks.drawn(Story._meta.get_field("body").to_python(stored), {})
    assert html == "<ul>\n<li><b>One</b></li>\n<li>Two</li>\n</ul>\n"


def test_every_construct_becomes_its_block() -> None:
    text = """
A *first* paragraph with **bold** and a [link](https://news.example/).

## A heading

> Some words.
>
> — Somebody, somewhere

1. One
2. Two

Table: Fish
| Kind | Tonnes |
|---|---|
| Herring | 71000 |

![A boat.](harbour "The \\"Petrel\\".")

[A film](https://film.example/ "Seen from the quay")
"""
    kinds = dict(prose.blocks(text, "en"))
    assert kinds == {
        "paragraph": "A <i>first</i> paragraph with <b>bold</b> and a "
        '<a href="https://news.example/">link</a>.',
        "heading": "A heading",
        "quotation": {"text": "Some words.", "speaker": "Somebody, somewhere"},
        "list": {
            "numbered": True,
            "points": ["One", "Two"],
        },
        "table": {
            "caption": "Fish",
            "table": {
                "columns": [
                    {"type": "text", "heading": "Kind"},
                    {"type": "number", "heading": "Tonnes"},
                ],
                "rows": [{"values": ["Herring", "71000"]}],
                "caption": "",
            },
        },
        "photo": {"picture": "harbour", "caption": "The “Petrel”.", "alt_text": "A boat."},
        "embed": {
            "url": "https://film.example/",
            "title": "A film",
            "caption": "Seen from the quay",
        },
    }


def test_the_blocks_are_what_a_story_stores() -> None:
    field = Story._meta.get_field("body")
    blocks = prose.blocks("One.\n\n- Two\n\n| A |\n|---|\n| 3 |\n", "en")
    stream = field.stream_block.to_python(
        [{"type": kind, "value": value} for kind, value in blocks]
    )
    assert [child.block_type for child in stream] == ["paragraph", "list", "table"]
    assert next(iter(stream[2].value["table"].rows))[0].value == 3


@pytest.mark.parametrize(
    ("language", "printed"),
    [("en", "“Now,” she said, “it’s time.”"), ("de", "„Now,“ she said, „it’s time.“")],
)
def test_quotation_marks_are_those_of_the_language(language: str, printed: str) -> None:
    assert prose.line('"Now," she said, "it\'s time."', language) == printed


def test_markup_in_a_line_and_unknown_blocks_are_refused() -> None:
    with pytest.raises(prose.ProseError, match="plain text"):
        prose.line("A *bold* claim", "en")
    with pytest.raises(prose.ProseError, match="hr"):
        prose.blocks("One.\n\n---\n\nTwo.", "en")


@pytest.mark.parametrize(
    ("language", "printed"),
    [("en", "on Friday"), ("de", "on Freitag"), ("fa", "on جمعه")],
)
def test_days_are_named_from_the_day_of_publication(language: str, printed: str) -> None:
    assert with_days("on {weekday-1}", date(2017, 12, 30), language) == printed


def test_dates_are_counted_from_the_day_of_publication() -> None:
    assert with_days("{date} {date-30}", date(2017, 12, 30), "fa") == "2017-12-30 2017-11-30"


def test_a_day_far_away_and_other_braces() -> None:
    assert with_days("{weekday+8} {so}", date(2017, 12, 30), "en") == "Sunday {so}"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("{iso -2h30m}", "2017-12-30T04:28:00Z"),
        ("{basic -1d}", "20171229T065800Z"),
        ("{mail +2h}", "Sat, 30 Dec 2017 08:58:00 +0000"),
        ("{anpa -10h}", "12-29"),
        ("{sent -1h}", "12-30-17 0558GMT"),
        ("{weekday +18h de} {weekday -2h fa}", "Sonntag شنبه"),
        ('{"a": {"b": 1}} {iso} {iso 2h}', '{"a": {"b": 1}} {iso} {iso 2h}'),
    ],
)
def test_moments_count_from_the_start_of_the_demo(written: str, printed: str) -> None:
    assert with_moments(written, datetime(2017, 12, 30, 6, 58, tzinfo=UTC)) == printed


def test_a_length_of_time_that_is_none_is_said() -> None:
    assert span("1d 2h3m") == timedelta(days=1, hours=2, minutes=3)
    for text in ("", "soon", "2 weeks"):
        with pytest.raises(ValueError, match="no length of time"):
            span(text)
