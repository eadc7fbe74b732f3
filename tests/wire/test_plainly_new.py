"""Which copies of a batch are plainly new, so that they can be stored together."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from broadsheet.wire.copies import Copy, copy_of
from broadsheet.wire.decide import New, decide
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink
from broadsheet.wire.keeping import keep_item
from broadsheet.wire.known import MOST_COMPARED, known_of
from broadsheet.wire.models import ReceivedItem
from broadsheet.wire.parsers import parse
from broadsheet.wire.plainly_new import plainly_new

pytestmark = pytest.mark.django_db


def _paragraph(seed: int, words: int) -> str:
    chance = random.Random(seed)  # noqa: S311 - text
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(chance.choices(letters, k=6)) for _ in range(words))


def _copy(number: int, *paragraphs: str, **values: Any) -> Copy:
    document = {
        "uri": f"urn:newsml:agency.example:{number}",
        "type": "text",
        "pubStatus": "usable",
        "language": "en",
        "versionCreated": "2019-03-02T10:00:00Z",
        "headline": f"Harbour {number}",
        "body_html": "".join(f"<p>{each}</p>" for each in paragraphs),
        **values,
    }
    raw = json.dumps(document).encode()
    (item,) = parse(Incoming(raw, "one.json"))
    assert isinstance(item, WireItem)
    return copy_of(item, raw)


def _two_that_share(words: int) -> tuple[Copy, Copy]:
    """Return two stories of so many words that share a sentence, and a number of their sketches."""
    for seed in range(100):
        shared = _paragraph(seed, 16)
        one, other = (_copy(each, shared, _paragraph(1_000 + each, words)) for each in (1, 2))
        if set(one.sketch) & set(other.sketch):
            return one, other
    pytest.fail("no two sketches met")


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_sentence_in_common_makes_no_two_stories_one(is_stored: bool) -> None:
    one, other = _two_that_share(200)
    if is_stored:
        keep_item(one.item, one.raw)
        assert plainly_new([other]) == [True]
        assert decide(other.item, known_of(other.item, fold=True)) == New()
    else:
        assert plainly_new([one, other]) == [True, True]


@pytest.mark.parametrize("is_stored", [True, False])
def test_what_is_mostly_the_same_is_looked_at_by_itself(is_stored: bool) -> None:
    one, other = _two_that_share(20)
    if is_stored:
        keep_item(one.item, one.raw)
        assert plainly_new([other]) == [False]
        assert known_of(other.item, fold=True).alike is not None
    else:
        assert plainly_new([one, other]) == [True, False]


def test_more_than_are_compared_for_one_are_left_to_it() -> None:
    one, other = _two_that_share(200)
    several = [
        replace(one, item=replace(one.item, guid=f"urn:other:{number}"))
        for number in range(MOST_COMPARED + 1)
    ]
    assert plainly_new([*several[:1], other]) == [True, True]
    assert plainly_new([*several, other])[-1] is False


def test_what_was_erased_is_like_nothing() -> None:
    one, other = _two_that_share(20)
    kept = keep_item(one.item, one.raw)
    kept.erase("a judge’s order")
    assert plainly_new([other]) == [True]


def test_one_without_a_sketch_leaves_the_others_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, other = _copy(1, _paragraph(1, 60)), _copy(2, _paragraph(2, 60))
    # As a parser might hand it on that has made a list of nothing.
    broken = replace(one, item=replace(one.item, guid="broken", body=(None,)))  # type: ignore[arg-type]
    assert plainly_new([broken, other]) == [False, True]
    assert "no sketch could be made" in caplog.text


def test_what_is_taken_back_before_it_comes_is_looked_at_by_itself() -> None:
    kill, killed = _copy(1, _paragraph(1, 60), pubStatus="canceled"), _copy(2, _paragraph(2, 60))
    kill = copy_of(replace(kill.item, links=(WireLink("kills", killed.item.guid),)), kill.raw)
    assert kill.intent == "kill"
    assert plainly_new([kill, killed]) == [False, False]
    assert plainly_new([killed, kill]) == [True, False]


def test_one_that_cannot_be_compared_is_left_to_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = _two_that_share(200)
    keep_item(one.item, one.raw)
    monkeypatch.setattr(ReceivedItem, "item", property(lambda _: 1 / 0))
    assert plainly_new([other]) == [False]
    assert "could not be compared" in caplog.text
