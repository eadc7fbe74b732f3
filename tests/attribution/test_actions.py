from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attribution.stories_at_desk import (
    make_story,
    reading,
    relation_in,
    rewrite,
    span_of,
    suggest,
)
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, kept, story_text
from broadsheet.attribution.actions import Link, Marks, TimeValue
from broadsheet.attribution.models import RelationChange, Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import Analysis, SourceKind
from broadsheet.newsroom.actions.publish import publish
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Story

pytestmark = pytest.mark.django_db

ONE = "SANA, citing local residents, reported on Friday that the road was closed."
TWO = "A clerk said the keys had been lost. The mayor promised new ones."
State = StoryReading.State
Status = StoryRelation.Status
SANA = ("SANA", "reported", "that the road was closed", ["local residents", "SANA"])
CLERK = ("A clerk", "said", "the keys had been lost")
MAYOR = ("The mayor", "promised", "new ones")


@pytest.fixture
def story(db: Any) -> Story:
    return make_story(ONE, TWO)


def test_a_saved_story_waits_and_is_analysed(story: Story) -> None:
    assert reading(story).state == State.WAITING
    rows = suggest(story, SANA, CLERK)
    assert [row.number for row in rows] == [1, 2]
    assert [hop.name for hop in rows[0].hops.all()] == ["local residents", "SANA"]
    assert rows[0].source == Source.objects.get(name="SANA")
    assert rows[0].source is not None
    assert rows[0].source.proposed
    # Nobody knows which residents, nor whether another clerk is the same.
    assert not Source.objects.filter(name__in=["local residents", "A clerk"]).exists()
    kept_text = reading(story)
    assert kept_text.state == State.ANALYSED
    assert kept_text.text.split("\n\n") == ["Ferry stays in port", ONE, TWO]
    assert len(kept_text.claims) == 4


def test_an_analysis_of_a_text_that_is_no_more_is_of_no_use(story: Story) -> None:
    text = story_text.newest(story)
    rewrite(story, TWO)
    assert not actions.suggest(story, text, Analysis(True, "en"))
    assert reading(story).state == State.WAITING


def test_a_text_nobody_can_read_is_said_to_be_so(story: Story) -> None:
    text = story_text.newest(story)
    assert actions.suggest(story, text, Analysis(False, "cs", reason="No Czech here."))
    assert (reading(story).state, reading(story).reason) == (State.NOT_ANALYSED, "No Czech here.")
    actions.fail(story, text, "It took too long.")
    assert (reading(story).state, reading(story).reason) == (State.FAILED, "It took too long.")


def test_what_was_decided_stays_when_the_story_is_read_again(
    story: Story, desk: dict[str, User]
) -> None:
    sana, clerk, mayor = suggest(story, SANA, CLERK, MAYOR)
    assert actions.confirm([sana], desk["reporter"]) == 1
    assert actions.reject([clerk], desk["reporter"]) == 1
    changed = rewrite(story, "A new beginning.", ONE.replace("on Friday", "late on Friday"), TWO)
    rows = suggest(changed, SANA, CLERK, MAYOR)
    assert [(row.number, row.status) for row in rows] == [
        (1, Status.CONFIRMED),
        (2, Status.REJECTED),
        (4, Status.SUGGESTED),
    ]
    assert not StoryRelation.objects.filter(pk=mayor.pk).exists()
    text = reading(story).text
    for row in rows:
        for each in (*row.cue_spans, *row.content_spans, *row.source_spans):
            assert text[each["start"] : each["end"]] == each["exact"]
    assert not any(row.lost for row in rows)


def test_a_confirmed_claim_that_was_deleted_is_lost_and_comes_back(
    story: Story, desk: dict[str, User]
) -> None:
    (sana,) = suggest(story, SANA)
    actions.confirm([sana], desk["editor"])
    (row,) = suggest(rewrite(story, "SANA reported that nothing had happened.", TWO))
    assert (row.lost, row.status) == (True, Status.CONFIRMED)
    assert kept.placed(kept.rows_of([story]), reading(story).text) == []
    (row,) = suggest(rewrite(story, "The town is cut off.", ONE))
    assert not row.lost
    verbs = RelationChange.objects.filter(relation=row).values_list("verb", flat=True)
    assert list(verbs) == ["confirm", "carry over", "carry over"]


def test_only_whoever_may_edit_the_story_decides(story: Story, desk: dict[str, User]) -> None:
    (sana,) = suggest(story, SANA)
    nobody = User.objects.create_user("reader", "reader@example.org", "correct horse battery")
    for act in (actions.confirm, actions.reject):
        with pytest.raises(PermissionDenied):
            act([sana], nobody)
    with pytest.raises(PermissionDenied):
        actions.edit(sana, Marks(source_name="SANA"), nobody)
    with pytest.raises(PermissionDenied):
        actions.mark_reviewed(story, nobody)
    # What readers see changes with every decision.
    publish(story)
    sana.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.confirm([sana], desk["reporter"])
    assert actions.confirm([sana], desk["editor"]) == 1


def test_a_locked_story_is_decided_on_by_who_holds_the_lock(
    story: Story, desk: dict[str, User]
) -> None:
    (sana,) = suggest(story, SANA)
    story.locked, story.locked_by = True, desk["editor"]
    story.save()
    with pytest.raises(PermissionDenied):
        actions.confirm([sana], desk["reporter"])
    assert actions.confirm([sana], desk["editor"]) == 1


def test_all_that_is_certain_enough_is_confirmed_at_once(
    story: Story, desk: dict[str, User]
) -> None:
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, *SANA, confidence=0.97),
        relation_in(text, *CLERK, confidence=0.6),
        relation_in(text, *MAYOR, confidence=0.9),
    )
    assert actions.confirm_all_above(story, 0.9, desk["editor"]) == 2
    statuses = {row.number: StoryRelation.objects.get(pk=row.pk).status for row in rows}
    assert statuses == {1: Status.CONFIRMED, 2: Status.SUGGESTED, 3: Status.CONFIRMED}
    assert StoryRelation.objects.filter(decided_by=desk["editor"]).count() == 2


def test_an_editor_corrects_words_source_chain_and_times(
    story: Story, desk: dict[str, User]
) -> None:
    clerk, _ = suggest(story, CLERK, MAYOR)
    text = story_text.newest(story).text
    edited = actions.edit(
        clerk,
        Marks(
            source=(span_of("A clerk", text),),
            content=(span_of("the keys had been lost.", text),),
            source_name="Dana Reyes",
            source_kind=SourceKind.NAMED,
            chain=(Link("two sailors", SourceKind.UNNAMED), Link("Dana Reyes")),
            said=TimeValue("2026-03-13"),
            happened=TimeValue("2026-03", span_of("on Friday", text)),
        ),
        desk["editor"],
    )
    assert (edited.status, edited.decided_by) == (Status.EDITED, desk["editor"])
    assert edited.content_spans[0]["exact"] == "the keys had been lost."
    assert edited.source == Source.objects.get(name="Dana Reyes")
    hops = [(hop.name, hop.source and hop.source.name) for hop in edited.hops.all()]
    assert hops == [("two sailors", None), ("Dana Reyes", "Dana Reyes")]
    assert edited.said is not None
    assert edited.happened is not None
    assert (edited.said["edtf"], edited.happened["words"]) == ("2026-03-13", "on Friday")
    change = RelationChange.objects.get(relation=edited)
    assert change.by == desk["editor"]
    assert change.before["source_name"] == "A clerk"
    assert change.after["source_name"] == "Dana Reyes"
    # Nothing else was touched, and confirming it makes it no less edited.
    actions.confirm([edited], desk["editor"])
    edited.refresh_from_db()
    assert edited.status == Status.EDITED


@pytest.mark.parametrize(
    "marks",
    [
        Marks(cue=()),
        Marks(content=()),
        Marks(content=((5, 9000),)),
        Marks(content=((30, 40), (35, 50))),
        Marks(said=TimeValue("last Friday")),
    ],
)
def test_marks_that_cannot_be_change_nothing(
    story: Story, desk: dict[str, User], marks: Marks
) -> None:
    (sana,) = suggest(story, SANA)
    with pytest.raises(ValidationError):
        actions.edit(sana, marks, desk["editor"])
    assert StoryRelation.objects.get().status == Status.SUGGESTED


def test_a_claim_does_not_stand_within_itself(story: Story, desk: dict[str, User]) -> None:
    outer, inner = suggest(story, CLERK, MAYOR)
    inner = actions.edit(inner, Marks(nested_in=outer), desk["editor"])
    with pytest.raises(ValidationError):
        actions.edit(outer, Marks(nested_in=inner), desk["editor"])


def test_what_was_not_found_is_added_by_hand(story: Story, desk: dict[str, User]) -> None:
    suggest(story, SANA)
    text = story_text.newest(story).text
    marks = Marks(
        source=(span_of("The mayor", text),),
        cue=(span_of("promised", text),),
        content=(span_of("new ones", text),),
    )
    added = actions.add(story, marks, desk["editor"])
    assert (added.number, added.status, added.method) == (2, Status.CONFIRMED, "hand")
    assert [hop.name for hop in added.hops.all()] == ["The mayor"]
    with pytest.raises(ValidationError):
        actions.add(story, Marks(content=marks.content), desk["editor"])
    # The library finds it now as well; it is there already.
    assert len(suggest(rewrite(story, TWO, ONE), SANA, MAYOR)) == 2


def test_a_rejection_can_be_taken_back(story: Story, desk: dict[str, User]) -> None:
    (sana,) = suggest(story, SANA)
    actions.reject([sana], desk["editor"])
    assert actions.reopen([sana], desk["editor"]) == 1
    assert StoryRelation.objects.get().status == Status.SUGGESTED


def test_a_review_holds_until_something_new_is_found(story: Story, desk: dict[str, User]) -> None:
    (sana,) = suggest(story, SANA)
    actions.confirm([sana], desk["editor"])
    actions.mark_reviewed(story, desk["editor"])
    suggest(rewrite(story, "The town is cut off.", ONE, TWO), SANA)
    assert reading(story).reviewed_by == desk["editor"]
    suggest(rewrite(story, ONE, TWO, "Nobody answered."), SANA, MAYOR)
    assert reading(story).reviewed_at is None


def test_a_nested_claim_stands_in_the_one_that_was_decided(
    story: Story, desk: dict[str, User]
) -> None:
    text = story_text.newest(story).text
    outer = relation_in(text, "A clerk", "said", "the keys had been lost. The mayor promised new")
    inner = relation_in(text, *MAYOR, nested_in=0)
    first, second = suggest(story, outer, inner)
    assert second.nested_in == first
    actions.confirm([first], desk["editor"])
    changed = rewrite(story, ONE, TWO, "Nobody answered.")
    rows = suggest(changed, outer, inner)
    assert rows[1].nested_in == first
    placed = kept.placed(kept.rows_of([story]), reading(story).text)
    assert [each.relation.nested_in for each in placed] == [None, 0]


def test_a_decision_on_a_public_story_orders_its_page_and_no_front(
    story: Story, desk: dict[str, User], django_capture_on_commit_callbacks: Any
) -> None:
    PressOrder.objects.all().delete()
    (sana,) = suggest(story, SANA)
    actions.confirm([sana], desk["editor"])
    assert not PressOrder.objects.exists()
    publish(Story.objects.get())
    PressOrder.objects.all().delete()
    actions.reject([sana], desk["editor"])
    kinds = set(PressOrder.objects.values_list("kind", flat=True))
    assert "story" in kinds
    assert kinds <= {"story", "ninjs", "attributions", "source", "source-month"}
    # A month of an agency is thousands of stories: the worker's, and not of who decides.
    months = PressOrder.objects.filter(kind="source-month").values_list("priority", flat=True)
    assert list(months) == [-6]


def test_every_verb_is_announced(story: Story, desk: dict[str, User]) -> None:
    heard: list[tuple[str, Any]] = []

    def hear(sender: Any, story: Story, verb: str, user: Any, **_: Any) -> None:
        heard.append((verb, user))

    actions.relations_changed.connect(hear)
    try:
        (sana,) = suggest(story, SANA)
        actions.confirm([sana], desk["editor"])
        actions.confirm([sana], desk["editor"])
        actions.mark_reviewed(story, desk["editor"])
    finally:
        actions.relations_changed.disconnect(hear)
    assert heard == [("suggest", None), ("confirm", desk["editor"]), ("review", desk["editor"])]


def test_only_what_was_seen_is_confirmed_together(story: Story, desk: dict[str, User]) -> None:
    suggest(story, SANA, CLERK, MAYOR)
    assert actions.confirm_all_above(story, 0.5, desk["editor"], among=[1, 3]) == 2
    open_ones = StoryRelation.objects.filter(status=Status.SUGGESTED)
    assert list(open_ones.values_list("number", flat=True)) == [2]


def test_the_own_hop_is_what_the_relation_says_of_its_source(
    story: Story, desk: dict[str, User]
) -> None:
    (sana,) = suggest(story, SANA)
    chain = (Link("two sailors", SourceKind.UNNAMED), Link("SANA"))
    actions.edit(sana, Marks(register_source=None, chain=chain), desk["editor"])
    assert [hop.source for hop in sana.hops.all()] == [None, None]


def test_what_a_review_left_open_is_nothing_new(story: Story, desk: dict[str, User]) -> None:
    suggest(story, SANA, MAYOR)
    actions.mark_reviewed(story, desk["editor"])
    suggest(rewrite(story, "The town is cut off.", ONE, TWO), SANA, MAYOR)
    assert reading(story).reviewed_by == desk["editor"]


def test_what_was_decided_stands_within_a_claim_that_is_suggested_anew(
    story: Story, desk: dict[str, User]
) -> None:
    text = story_text.newest(story).text
    outer = relation_in(text, "A clerk", "said", "the keys had been lost. The mayor promised new")
    inner = relation_in(text, *MAYOR, nested_in=0)
    _, second = suggest(story, outer, inner)
    actions.confirm([second], desk["editor"])
    rows = suggest(rewrite(story, ONE, TWO, "Nobody answered."), outer, inner)
    decided, anew = rows
    assert (decided.status, anew.status) == (Status.CONFIRMED, Status.SUGGESTED)
    assert decided.nested_in == anew
    # What an editor took out of it stays out.
    actions.edit(decided, Marks(nested_in=None), desk["editor"])
    decided, _ = suggest(rewrite(story, ONE, TWO, "Nobody ever answered."), outer, inner)
    assert decided.nested_in is None


def test_nobody_decides_on_a_suggestion_that_was_made_anew(
    story: Story, desk: dict[str, User]
) -> None:
    sana, mayor = suggest(story, SANA, MAYOR)
    sana_anew, _ = suggest(rewrite(story, ONE, TWO, "Nobody answered."), SANA, MAYOR)
    with pytest.raises(ValidationError):
        actions.edit(sana, Marks(source_name="SANA"), desk["editor"])
    with pytest.raises(ValidationError):
        actions.confirm([sana_anew, mayor], desk["editor"])
    with pytest.raises(ValidationError):
        actions.edit(sana_anew, Marks(nested_in=mayor), desk["editor"])
    assert not StoryRelation.objects.exclude(status=Status.SUGGESTED).exists()
