from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attribution.stories_at_desk import (
    PUBLISHED,
    analysis_of,
    make_story,
    reading,
    relation_in,
    rewrite,
    span_of,
    suggest,
)
from broadsheet.attribution import actions, checks, headlines, register, story_text
from broadsheet.attribution.models import SourcePolicy, StoryReading
from broadsheet.attribution.relation import (
    Analysis,
    Hedge,
    HedgeKind,
    SourceKind,
    TimeExpression,
)
from broadsheet.stories.models import Story

pytestmark = pytest.mark.django_db

LOST = "SANA said the road was closed, reported."
ROAD = "The road was reportedly closed on Friday by the army."
CLERK = "A clerk said the keys had been lost. The mayor promised new ones."


def _policy(**fields: str) -> SourcePolicy:
    policy: SourcePolicy = SourcePolicy.load()
    for check in checks.CHECKS:
        setattr(policy, check.name, fields.get(check.name, fields.get("others", "warning")))
    policy.save()
    return policy


def _found(story: Story, *names: str) -> list[checks.Finding]:
    text = story_text.newest(story)
    return checks.find(checks.subject_of(story, text, reading(story)), names or None)


def _one(story: Story, name: str) -> checks.Finding:
    (finding,) = _found(story, name)
    return finding


def _quoted(story: Story, finding: checks.Finding) -> list[str]:
    return checks.Report(story_text.newest(story), (finding,)).quoted(finding)


def test_the_checks_are_named_as_the_policy_names_them() -> None:
    fields = {field.name for field in SourcePolicy._meta.get_fields()}
    assert {check.name for check in checks.CHECKS} == fields - {"id", "suggestions"}


def test_an_outlet_that_was_lost_is_found() -> None:
    story = make_story(CLERK, LOST)
    text = story_text.newest(story).text
    lost = relation_in(
        text, "", "reported", "SANA said the road was closed",
        chain=("SANA", "[missing]"), source_kind=SourceKind.MISSING,
    )  # fmt: skip
    (row,) = suggest(story, lost)
    finding = _one(story, "dangling")
    assert "“reported” has lost its source" in finding.says
    assert _quoted(story, finding) == [LOST]
    assert finding.words == (span_of("reported", text),)
    assert finding.numbers == (row.number,)
    actions.reject([row], None)
    assert _found(story, "dangling") == []


def test_a_source_that_was_filled_in_is_not_lost_any_more() -> None:
    story = make_story(LOST)
    text = story_text.newest(story).text
    (row,) = suggest(
        story,
        relation_in(text, "", "reported", "the road was closed", source_kind=SourceKind.MISSING),
    )
    assert _found(story, "dangling")
    marks = actions.Marks(source_name="AFP", source_kind=SourceKind.NAMED)
    actions.edit(row, marks, None)
    assert _found(story, "dangling") == []


def _hedged(text: str) -> Any:
    hedge = Hedge(span_of("reportedly", text), HedgeKind.HEARSAY)
    content = "closed on Friday by the army"
    relation = relation_in(text, "", "reportedly", content, hedges=(hedge,))
    return replace(relation, content=(span_of("The road was", text), *relation.content))


@pytest.mark.parametrize(
    ("headline", "fires"),
    [
        ("Army closes the road", True),
        ("Road closed by army", True),
        ("Army reportedly closes the road", False),
        ("Road closed by army, says mayor", False),
        ("Mayor: army closes road", False),
        ("Army closes road: mayor", False),
        ("Army ‘closes the road’", False),
        ("Has the army closed the road?", False),
        ("Army accused of closing road", False),
        ("Council elects a new mayor", False),
        ("Army parades in the capital", False),
    ],
)
def test_a_headline_that_drops_the_hedge_is_found(headline: str, fires: bool) -> None:
    story = make_story(ROAD, CLERK, headline=headline)
    text = story_text.newest(story).text
    suggest(story, _hedged(text), ("A clerk", "said", "the keys had been lost"))
    found = _found(story, "hedge_not_in_headline")
    assert bool(found) is fires
    if fires:
        assert "“reportedly”" in found[0].says
        assert _quoted(story, found[0]) == [headline, ROAD]


def test_a_headline_that_the_library_found_attributing_is_left_alone() -> None:
    story = make_story(
        ROAD, headline="Army schließt the road, Bürgermeister zufolge", language="de"
    )
    text = story_text.newest(story).text
    suggest(
        story,
        _hedged(text),
        ("Bürgermeister", "zufolge", "Army schließt the road"),
    )
    assert _found(story, "hedge_not_in_headline") == []


def test_headlines_are_compared_by_what_their_words_mean() -> None:
    assert headlines.content_words("US choppers evacuated the commanders", "en") == {
        *("us", "chopper", "evacu", "command")
    }


def test_everything_from_one_origin_is_found_through_its_chains() -> None:
    story = make_story(
        "SANA, citing local residents, reported that the road was closed.",
        "AFP said the bridge was down, local residents told it.",
    )
    rows = suggest(
        story,
        ("SANA", "reported", "that the road was closed", ["local residents", "SANA"]),
        ("AFP", "said", "the bridge was down", ["local residents", "AFP"]),
    )
    finding = _one(story, "single_source")
    assert "local residents" in finding.says
    assert len(finding.sentences) == 2
    # Two agencies that repeat one are one origin; two that do not are two.
    actions.edit(rows[1], actions.Marks(chain=(actions.Link("AFP"),)), None)
    assert _found(story, "single_source") == []


def test_two_names_of_one_source_are_one_origin() -> None:
    story = make_story("SANA said the road was closed.", "The agency said the bridge was down.")
    suggest(
        story,
        ("SANA", "said", "the road was closed"),
        ("The agency", "said", "the bridge was down"),
    )
    assert _found(story, "single_source") == []
    text = story_text.newest(story).text
    same = relation_in(text, "The agency", "said", "the bridge was down", source_name="SANA")
    again = rewrite(story, *text.split("\n\n")[1:], "Nobody answered.")
    suggest(again, ("SANA", "said", "the road was closed"), same)
    assert _found(again, "single_source")


def test_one_remark_is_not_all_that_a_long_story_rests_on() -> None:
    story = make_story("The road is closed. The bridge is down. Rain fell.", CLERK)
    suggest(story, ("A clerk", "said", "the keys had been lost"))
    assert _found(story, "single_source") == []


def test_what_a_source_says_of_others_comes_from_that_source() -> None:
    story = make_story("SANA said residents claimed the road was closed.")
    text = story_text.newest(story).text
    suggest(
        story,
        relation_in(text, "SANA", "said", "residents claimed the road was closed"),
        relation_in(text, "residents", "claimed", "the road was closed", nested_in=0),
    )
    assert "SANA" in _one(story, "single_source").says


def test_that_nobody_is_named_is_found() -> None:
    story = make_story(CLERK)
    suggest(
        story,
        ("A clerk", "said", "the keys had been lost"),
        ("The mayor", "promised", "new ones"),
    )
    assert _one(story, "only_unnamed").numbers == (1, 2)
    named = rewrite(story, CLERK, "Dana Reyes said nothing.")
    suggest(
        named,
        ("A clerk", "said", "the keys had been lost"),
        ("Dana Reyes", "said", "nothing"),
    )
    assert _found(named, "only_unnamed") == []


def test_a_chain_of_two_hops_is_found_once() -> None:
    story = make_story("SANA, citing local residents, reported that the road was closed.", CLERK)
    suggest(
        story,
        ("SANA", "reported", "that the road was closed", ["local residents", "SANA"]),
        ("SANA", "citing", "the road was closed", ["local residents", "SANA"]),
        ("A clerk", "said", "the keys had been lost"),
    )
    finding = _one(story, "long_chain")
    assert "local residents → SANA" in finding.says
    assert finding.numbers == (1, 2)


def test_a_time_that_cannot_be_told_is_found() -> None:
    story = make_story(CLERK.replace("said", "said the other day"))
    text = story_text.newest(story).text
    vague = TimeExpression(span_of("the other day", text), None, unresolved="Any day.")
    known = TimeExpression(span_of("said", text), "2026-03-13")
    relation = relation_in(text, "A clerk", "said", "the keys had been lost")
    suggest(story, replace(relation, statement_time=vague, event_time=known))
    assert "“the other day”" in _one(story, "unresolved_date").says


def test_sentences_that_nobody_stands_behind_are_one_finding() -> None:
    story = make_story("The town is cut off. Rain fell.", CLERK)
    rows = suggest(
        story,
        ("A clerk", "said", "the keys had been lost"),
        ("The mayor", "promised", "new ones"),
    )
    finding = _one(story, "unattributed")
    assert _quoted(story, finding) == ["The town is cut off.", "Rain fell."]
    actions.reject(rows[1:], None)
    assert _quoted(story, _one(story, "unattributed"))[-1] == "The mayor promised new ones."


def test_only_the_first_of_many_sentences_are_quoted() -> None:
    story = make_story(" ".join(f"House {number} burned." for number in range(9)))
    suggest(story)
    report = checks.run(story)
    (finding,) = report.findings
    assert len(report.quoted(finding)) == 5
    assert report.not_quoted(finding) == 4


def test_of_a_long_sentence_the_part_in_question_is_quoted() -> None:
    long = (
        "SANA said " + "that the road and the bridge were closed and " * 12 + "no more, reported."
    )
    story = make_story(long)
    text = story_text.newest(story).text
    lost = relation_in(text, "", "reported", "no more", source_kind=SourceKind.MISSING)
    suggest(story, lost)
    (quoted,) = _quoted(story, _one(story, "dangling"))
    assert quoted.startswith("… ")
    assert quoted.endswith("no more, reported.")
    assert len(quoted) <= 224
    assert quoted[2:].split()[0] in long.split()


def test_an_attribution_that_was_only_guessed_in_a_headline_does_not_hide_a_dropped_hedge() -> None:
    story = make_story(ROAD, headline="Army closes the road")
    text = story_text.newest(story).text
    rows = suggest(story, _hedged(text), ("Army", "closes", "the road"))
    assert _found(story, "hedge_not_in_headline")
    actions.confirm([row for row in rows if row.source_name == "Army"], None)
    assert _found(story, "hedge_not_in_headline") == []


def test_the_policy_says_what_warns_what_stops_and_what_is_left_alone() -> None:
    story = make_story(CLERK)
    suggest(story, ("A clerk", "said", "the keys had been lost"))
    _policy(only_unnamed="stop", unattributed="off")
    report = checks.run(story)
    assert [each.check for each in report.stops] == ["only_unnamed"]
    assert [each.check for each in report.warnings] == ["single_source"]
    _policy(others="off")
    assert checks.run(story).findings == ()


def test_a_text_that_was_not_read_never_passes() -> None:
    story = make_story(CLERK)
    _policy()
    report = checks.run(story)
    assert report.waits
    assert [each.check for each in report.warnings] == [checks.UNREAD]
    _policy(dangling="stop")
    assert [each.check for each in checks.run(story).stops] == [checks.UNREAD]
    suggest(story, ("A clerk", "said", "the keys had been lost"))
    assert not checks.run(story).waits
    changed = rewrite(story, CLERK, "Another sentence.")
    assert checks.run(changed).waits
    assert not checks.run(changed, changed.revisions.order_by("pk").first()).waits
    StoryReading.objects.all().delete()
    assert checks.run(story).waits
    _policy(others="off")
    assert checks.run(story).findings == ()


def test_a_text_that_cannot_be_read_warns_and_is_checked_for_what_was_added_by_hand() -> None:
    story = make_story(CLERK)
    _policy(only_unnamed="stop")
    text = story_text.newest(story)
    actions.suggest(story, text, Analysis(False, "cs", reason="No Czech here."))
    report = checks.run(story)
    assert not report.stops
    assert [each.check for each in report.warnings] == [checks.NOT_ANALYSED]
    assert "No Czech here." in report.warnings[0].says
    marks = actions.Marks(
        source=(span_of("A clerk", text.text),),
        cue=(span_of("said", text.text),),
        content=(span_of("the keys had been lost", text.text),),
        source_kind=SourceKind.UNNAMED,
    )
    actions.add(story, marks, None)
    assert [each.check for each in checks.run(story).stops] == ["only_unnamed"]
    actions.fail(story, text, "It took too long.")
    assert "It took too long." in checks.run(story).warnings[0].says


def test_merged_sources_are_one_origin() -> None:
    story = make_story("SANA said the road was closed.", "Suna Press said the bridge was down.")
    rows = suggest(
        story,
        ("SANA", "said", "the road was closed"),
        ("Suna Press", "said", "the bridge was down"),
    )
    assert _found(story, "single_source") == []
    kept, given_up = rows[0].source, rows[1].source
    assert kept is not None
    assert given_up is not None
    register.merge(kept, given_up, None)
    assert "SANA" in _one(story, "single_source").says


def test_the_real_page(seed_page: Path) -> None:
    from broadsheet.attribution import analyse

    lines = seed_page.read_text(encoding="utf-8").split("\n")
    paragraphs = [line for line in lines[5:] if len(line) > 120 and "(AFP)" not in line]
    story = make_story(*paragraphs, headline=lines[3].strip())
    text = story_text.newest(story)
    analysis = analyse(text.text, PUBLISHED, language="en")
    assert actions.suggest(story, text, analysis)
    found = {each.check: each for each in _found(story)}
    assert set(found) >= {"dangling", "hedge_not_in_headline", "long_chain", "unattributed"}
    assert "“reported” has lost its source" in found["dangling"].says
    assert "“reportedly”" in found["hedge_not_in_headline"].says
    assert "single_source" not in found
    assert "only_unnamed" not in found
    chains = " ".join(each.says for each in _found(story, "long_chain"))
    assert "local residents → " in chains
    assert "Syria’s state television → AFP" in chains
    nobody = _quoted(story, found["unattributed"])
    assert any(words.startswith("Backed by Russian air power") for words in nobody)


def test_findings_are_given_once() -> None:
    story = make_story(LOST)
    text = story_text.newest(story).text
    lost = relation_in(text, "", "reported", "the road was closed", source_kind=SourceKind.MISSING)
    wider = replace(lost, content=(span_of("SANA said the road was closed", text),))
    assert len(analysis_of(text, lost, wider).relations) == 2
    suggest(story, lost, wider)
    assert len(_found(story, "dangling")) == 1
