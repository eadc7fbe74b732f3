"""How many outlets told the paper, and how many origins they have between them."""

from __future__ import annotations

import pytest

from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, kept, register, shown, story_text
from broadsheet.attribution.models import ReaderView, Source, SourcePolicy, StoryRelation
from broadsheet.attribution.relation import SourceKind
from broadsheet.attribution.shown import Count, State

pytestmark = pytest.mark.django_db

FIRST = "SANA, citing local residents, reported that a convoy left the valley."
SECOND = "According to AFP, which quoted local residents, the convoy left at noon."
THIRD = "The ministry said that nobody left."


SANA = ("SANA", "reported", "a convoy left the valley", ["local residents", "SANA"])
AFP = ("AFP", "According to", "the convoy left at noon", ["local residents", "AFP"])


def test_two_agencies_that_repeat_one_origin_are_one_origin() -> None:
    story = make_story(FIRST, SECOND, THIRD)
    actions.confirm(suggest(story, SANA, AFP), None)
    found = shown.view(kept.for_readers(story))
    assert found.count() == Count(outlets=2, origins=1, unknown=0)
    assert [[hop.name for hop in claim.chain] for claim in found.claims] == [
        ["local residents", "SANA"],
        ["local residents", "AFP"],
    ]
    assert all(claim.second_hand for claim in found.claims)


def test_whoever_is_cited_comes_by_the_way_of_whoever_cites() -> None:
    story = make_story(FIRST, THIRD)
    cited = ("local residents", "citing", "a convoy left the valley", ["local residents"])
    rows = suggest(story, cited, SANA)
    assert [[hop.name for hop in row.hops.all()] for row in rows] == [
        ["local residents", "SANA"],
        ["local residents", "SANA"],
    ]
    actions.confirm(rows[:1], None)
    half = shown.view(kept.for_readers(story))
    assert [claim.number for claim in half.claims] == [rows[0].number]
    actions.confirm(rows, None)
    # Both relations tell of the same words: readers are told once.
    whole = shown.view(kept.for_readers(story))
    assert [claim.number for claim in whole.claims] == [rows[0].number]
    assert whole.count() == Count(outlets=1, origins=1, unknown=0)


def test_what_stands_within_a_claim_that_is_told_once_is_told() -> None:
    story = make_story(FIRST)
    text = story_text.newest(story).text
    chain = ["local residents", "SANA"]
    words = "that a convoy left the valley"
    rows = suggest(
        story,
        relation_in(text, "SANA", "reported", words, chain),
        relation_in(text, "local residents", "citing", words, chain, nested_in=0),
        relation_in(text, "", "left", "a convoy", nested_in=1),
    )
    actions.confirm(rows, None)
    (claim,) = shown.view(kept.for_readers(story)).claims
    assert claim.number == rows[0].number
    assert [each.number for each in claim.inside] == [rows[2].number]


def test_other_words_for_unnamed_people_are_other_people_until_the_register_says_no() -> None:
    story = make_story(FIRST, SECOND.replace("local residents", "people in the valley"), THIRD)
    rows = suggest(story, SANA, (*AFP[:3], ["people in the valley", "AFP"]))
    actions.confirm(rows, None)
    assert shown.view(kept.for_readers(story)).count() == Count(2, 2, 0)
    people = register.propose("People of the valley", kind=Source.Kind.GROUP)
    for row in rows:
        row.hops.filter(position=0).update(source=people)
    found = shown.view(kept.for_readers(story))
    assert found.count() == Count(2, 1, 0)
    # What the register calls them was not in the story.
    assert found.claims[1].chain[0].name == "people in the valley"


def test_a_merge_makes_two_origins_one() -> None:
    story = make_story(FIRST, THIRD)
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, "SANA", "reported", "a convoy left the valley"),
        relation_in(text, "The ministry", "said", "nobody left", source_kind=SourceKind.NAMED),
    )
    actions.confirm(rows, None)
    assert shown.view(kept.for_readers(story)).count() == Count(2, 2, 0)
    agency, ministry = (StoryRelation.objects.get(pk=row.pk).source for row in rows)
    assert agency is not None
    assert ministry is not None
    register.merge(ministry, agency, None)
    assert shown.view(kept.for_readers(story)).count() == Count(1, 1, 0)


def test_two_hops_that_a_merge_makes_one_are_drawn_once() -> None:
    story = make_story(FIRST, THIRD)
    actions.confirm(suggest(story, (*SANA[:3], ["Syrian Arab News Agency", "SANA"])), None)
    whole = register.resolve("Syrian Arab News Agency")
    short = register.resolve("SANA")
    assert whole is not None
    assert short is not None
    assert shown.view(kept.for_readers(story)).claims[0].second_hand
    register.merge(short, whole, None)
    (claim,) = shown.view(kept.for_readers(story)).claims
    assert [hop.source for hop in claim.chain] == [short]
    assert not claim.second_hand


def test_no_fact_comes_by_a_way_that_nobody_has_confirmed() -> None:
    words = "AFP reported that SANA said that the mayor denied that the bridge fell."
    story = make_story(words)
    text = story_text.newest(story).text
    afp = relation_in(text, "AFP", "reported", "SANA said that the mayor denied that the bridge")
    sana = relation_in(text, "SANA", "said", "the mayor denied that the bridge", nested_in=0)
    mayor = relation_in(text, "the mayor", "denied", "the bridge fell", nested_in=1)
    _, middle, inner = suggest(story, afp, sana, mayor)
    actions.confirm([inner], None)
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()

    def chains() -> list[tuple[bool, list[str]]]:
        every = shown.view(kept.for_readers(story)).every()
        return [(claim.decided, [hop.name for hop in claim.chain]) for claim in every]

    assert chains() == [
        (False, ["AFP"]),
        (False, ["SANA", "AFP"]),
        (True, ["the mayor"]),
    ]
    assert shown.view(kept.for_readers(story)).count() == Count(1, 1, 0)
    actions.confirm([middle], None)
    assert chains()[1:] == [(True, ["SANA"]), (True, ["the mayor", "SANA"])]


def test_what_is_lost_or_unsaid_is_no_origin() -> None:
    story = make_story(FIRST, SECOND, THIRD)
    text = story_text.newest(story).text
    rows = suggest(
        story,
        (*SANA[:3], ["[missing]", "SANA"]),
        relation_in(text, "", "said", "nobody left"),
        (*AFP[:3], ["local residents", "AFP", "[missing]"]),
    )
    actions.confirm(rows, None)
    assert shown.view(kept.for_readers(story)).count() == Count(outlets=2, origins=1, unknown=2)


def test_who_only_passes_on_is_no_origin() -> None:
    words = "Reuters reported that the minister had said the bridge would hold."
    story = make_story(words)
    text = story_text.newest(story).text
    outer = relation_in(text, "Reuters", "reported", "the minister had said the bridge would hold")
    inner = relation_in(text, "the minister", "had said", "the bridge would hold", nested_in=0)
    actions.confirm(suggest(story, outer, inner), None)
    found = shown.view(kept.for_readers(story))
    assert found.count() == Count(outlets=1, origins=1, unknown=0)
    (claim,) = found.claims
    (within,) = claim.inside
    assert [hop.name for hop in within.chain] == ["the minister", "Reuters"]
    assert [hop.name for hop in within.own] == ["the minister"]
    assert list(found.every()) == [claim, within]


def test_who_adds_something_of_his_own_is_an_origin_as_well() -> None:
    words = "The mayor said the flood was over and that engineers say the bridge holds."
    story = make_story(words)
    text = story_text.newest(story).text
    outer = relation_in(
        text, "The mayor", "said", "the flood was over and that engineers say the bridge holds"
    )
    inner = relation_in(text, "engineers", "say", "the bridge holds", nested_in=0)
    actions.confirm(suggest(story, outer, inner), None)
    assert shown.view(kept.for_readers(story)).count() == Count(1, 2, 0)


def test_suggestions_are_no_facts(desk: dict[str, User]) -> None:
    story = make_story(FIRST)
    assert shown.view(kept.for_readers(story)).state == State.UNREVIEWED
    (row,) = suggest(story, SANA)
    assert shown.view(kept.for_readers(story)).claims == ()
    actions.confirm([row], desk["editor"])
    actions.mark_reviewed(story, desk["editor"])
    found = shown.view(kept.for_readers(story))
    assert found.state == State.REVIEWED
    assert [source.name for source in found.sources()] == ["SANA"]
