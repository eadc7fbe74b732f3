from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadsheet.wire.decide import (
    Correction,
    Duplicate,
    Kill,
    Known,
    KnownCopy,
    KnownStory,
    New,
    NewerCopy,
    Refused,
    Unchanged,
    Update,
    decide,
    must_wait,
    says_nearly_the_same,
)
from broadsheet.wire.fields import fingerprint, plain_paragraphs
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto

TEXT = (
    "The clock on the market hall has been seven minutes fast since the spring, and the town has "
    "decided to leave it that way."
)
OTHER = (
    "Goats will graze below the dam from June on, the water board announced, in order to keep the "
    "slope free of hazel without a single engine."
)
AT = datetime(2020, 5, 1, 8, 0, tzinfo=UTC)


def make(text: str = TEXT, **changes: object) -> WireItem:
    item = WireItem(
        guid="news-id:7",
        origin="page.txt",
        format="saved text",
        sha256="a" * 64,
        headline="The clock stays fast",
        body=(WireBlock("paragraph", text),),
        published=AT,
        news_id=7,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def known(item: WireItem, **changes: object) -> KnownStory:
    story = KnownStory(
        news_id=7,
        headline=item.headline,
        paragraphs=tuple(plain_paragraphs(item)),
        published=item.published,
        fingerprint=fingerprint(item),
    )
    return replace(story, **changes)  # type: ignore[arg-type]


def test_what_nobody_knows_is_new() -> None:
    assert decide(make(), Known()) == New()


def test_the_very_same_copy_changes_nothing_whatever_the_desk_did() -> None:
    story = known(make(OTHER), edited_since=True)
    assert decide(make(), Known(seen=story, by_guid=story, by_news_id=story)) == Unchanged(7)


def test_other_bytes_that_tell_the_same_change_nothing() -> None:
    story = known(make())
    item = make(sha256="b" * 64, origin="elsewhere.txt", oddities=("something",))
    assert decide(item, Known(by_guid=story, by_news_id=story)) == Unchanged(7)


def test_a_changed_text_is_an_update() -> None:
    story = known(make())
    item = make(TEXT + " It will be looked at again in autumn.", sha256="b" * 64)
    assert decide(item, Known(by_guid=story, by_news_id=story)) == Update(7)


def test_the_desks_own_work_is_not_overwritten() -> None:
    story = known(make(), edited_since=True)
    item = make(TEXT + " It will be looked at again in autumn.", sha256="b" * 64)
    decision = decide(item, Known(by_guid=story, by_news_id=story))
    assert isinstance(decision, Refused)
    assert "edited story 7" in decision.reason


def test_another_story_under_a_taken_number_is_refused() -> None:
    story = known(make())
    item = make(OTHER, headline="Goats below the dam", sha256="b" * 64)
    decision = decide(item, Known(by_guid=story, by_news_id=story))
    assert isinstance(decision, Refused)
    assert "News ID 7 belongs to another story" in decision.reason
    assert "The clock stays fast" in decision.reason


def test_under_its_own_address_a_story_may_be_rewritten_whole() -> None:
    story = known(make())
    item = make(OTHER, guid="https://paper.example/clock", news_id=None, sha256="b" * 64)
    assert decide(item, Known(by_guid=story)) == Update(7)


def test_a_story_the_desk_wrote_itself_is_recognised() -> None:
    story = known(make(), fingerprint="", edited_since=True)
    assert decide(make(), Known(by_news_id=story)) == Unchanged(7)


def test_the_same_story_saved_in_another_shape_changes_nothing() -> None:
    story = known(make())
    page = make(guid="https://paper.example/clock", sha256="b" * 64, lead="Seven minutes fast")
    assert decide(page, Known(by_news_id=story)) == Unchanged(7)
    with_photo = replace(page, photos=(WirePhoto(caption="The market hall"),))
    assert decide(with_photo, Known(by_news_id=story)) == Update(7)


def test_an_older_state_does_not_undo_a_newer_one() -> None:
    story = known(make(), updated=AT)
    older = make(TEXT + " More.", updated=AT.replace(hour=7), sha256="b" * 64)
    newer = make(TEXT + " More.", updated=AT.replace(hour=9), sha256="b" * 64)
    assert decide(older, Known(by_guid=story, by_news_id=story)) == Unchanged(7)
    assert decide(newer, Known(by_guid=story, by_news_id=story)) == Update(7)


def test_address_and_number_must_not_point_at_two_stories() -> None:
    first, second = known(make()), known(make(), news_id=8)
    decision = decide(make(news_id=8), Known(by_guid=first, by_news_id=second))
    assert isinstance(decision, Refused)


def test_a_deleted_storys_number_is_not_used_again() -> None:
    decision = decide(make(), Known(deleted_news_id=7))
    assert isinstance(decision, Refused)
    assert "never used twice" in decision.reason


@pytest.mark.parametrize("status", ["stat:canceled", "canceled", "stat:withheld"])
def test_what_the_supplier_takes_back_is_a_kill_of_every_story_made_of_it(status: str) -> None:
    known = Known(takes_back=("urn:1",), made_of_it=(7, 9))
    assert decide(make(pub_status=status), known) == Kill((7, 9), ("urn:1",))


def test_what_was_taken_back_for_good_is_not_taken_again() -> None:
    decision = decide(make(version="3"), Known(was_withdrawn=True))
    assert isinstance(decision, Refused)
    assert "took this copy back" in decision.reason


def test_the_same_copy_under_another_guid_is_a_duplicate() -> None:
    alike = KnownCopy(4, "The clock stays fast", known(make()), likeness=0.95)
    decision = decide(make(guid="other", news_id=None), Known(alike=alike))
    assert isinstance(decision, Duplicate)
    assert (decision.item_id, decision.news_id) == (4, 7)


def test_copy_that_only_resembles_another_is_news() -> None:
    alike = KnownCopy(4, "The clock stays fast", known(make()), likeness=0.4, same_sender=True)
    assert decide(make(guid="other", news_id=None), Known(alike=alike)) == New()


@pytest.mark.parametrize(
    ("signal", "expected"), [("sig:update", Update(7)), ("sig:correction", Correction(7))]
)
def test_a_later_state_under_a_guid_of_its_own_is_of_the_story_it_resembles(
    signal: str, expected: Update
) -> None:
    alike = KnownCopy(4, "The clock stays fast", known(make()), likeness=0.95)
    changed = make(f"{TEXT} It rains.", guid="other", news_id=None, signals=(signal,))
    assert decide(changed, Known(alike=alike)) == expected


@pytest.mark.parametrize(("same_sender", "expected"), [(True, Update(7)), (False, New())])
def test_nearly_the_same_text_once_more_is_a_later_state_if_the_same_agency_sends_it(
    same_sender: bool, expected: Update | New
) -> None:
    alike = KnownCopy(4, "The clock", known(make()), likeness=0.7, same_sender=same_sender)
    changed = make(f"{TEXT} It rains.", guid="other", news_id=None)
    assert decide(changed, Known(alike=alike)) == expected
    assert "The clock" in says_nearly_the_same(Known(alike=alike))


def test_versions_are_compared_as_numbers() -> None:
    story = known(make(), version="9", news_id=7)
    item = make(OTHER, guid="urn:x", news_id=None, version="10")
    assert decide(item, Known(by_guid=story)) == Update(7)
    assert decide(replace(item, version="8"), Known(by_guid=story)) == Unchanged(7)


def test_what_came_for_a_story_the_desk_edited_names_it() -> None:
    story = known(make(), edited_since=True)
    decision = decide(make(OTHER, guid="urn:x", news_id=None), Known(by_guid=story))
    assert isinstance(decision, NewerCopy)
    assert decision.news_id == 7


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, False),
        ({"hold": "Its embargo has no end a machine can read."}, True),
        ({"genre": "Advisory"}, True),
        ({"kind": "picture"}, True),
    ],
)
def test_what_must_never_be_published_by_itself(changes: dict[str, object], waits: bool) -> None:
    assert bool(must_wait(replace(make(), **changes))) == waits  # type: ignore[arg-type]
