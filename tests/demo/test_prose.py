from __future__ import annotations

from datetime import date

import pytest

from broadsheet.demo import prose
from broadsheet.demo.days import with_days
from broadsheet.stories.models import Story


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
            "points": [{"type": "item", "value": "One"}, {"type": "item", "value": "Two"}],
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
