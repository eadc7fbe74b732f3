"""Who stands behind what in the sample stories, read from the files beside them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from broadsheet.attribution.relation import CueKind, HedgeKind, QuoteType, SourceKind
from broadsheet.demo import claims, samples
from broadsheet.demo.claims import SampleClaims
from broadsheet.demo.samples import SampleError

EVERY = claims.every()
TEXT = (
    "Ferry waits\n\nThe mate reportedly left on Friday. The Post, citing two sailors, said that "
    "it “was late”, the mate said.\n\n“We wait,” said Ana Lima."
)
MARKED = """reviewed: yes
---
<t1>The mate</t1> <c1>reportedly</c1> <t1>left on {weekday-1}</t1>. <s2>The Post</s2>, citing two \
sailors, <c2>said</c2> <t2>that <t3>it “was late”</t3>, <s3>the mate</s3> <c3>said</c3></t2>.

<t4>“We wait,”</t4> <c4>said</c4> <s4>Ana Lima</s4>.
---
"""
NOTES = """1 cue=adverb hedges="reportedly: hearsay" event={date-1} event_words="on {weekday-1}"
2 chain="two sailors (unnamed) > The Post"
3 inside=2 kind=unnamed name="the mate of the ferry"
"""


def written(folder: Path, marked: str) -> SampleClaims:
    (folder / "en").mkdir()
    path = folder / "en" / "7-ferry.claims.txt"
    path.write_text(marked, "utf-8")
    return SampleClaims(7, "en", path, reviewed=True)


def test_marks_and_notes_become_an_analysis_of_the_story(tmp_path: Path) -> None:
    found = written(tmp_path, MARKED + NOTES).found_in(TEXT, date(2017, 12, 30))
    mate, post, nested, lima = found.relations
    assert [TEXT[slice(*span)] for span in mate.content] == ["The mate", "left on Friday"]
    assert mate.source_kind == SourceKind.IMPLICIT
    assert mate.cue_kind == CueKind.ADVERB
    (hedge,) = mate.hedges
    assert (TEXT[slice(*hedge.span)], hedge.kind) == ("reportedly", HedgeKind.HEARSAY)
    assert mate.event_time is not None
    assert mate.event_time.edtf == "2017-12-29"
    assert TEXT[slice(*mate.event_time.span)] == "on Friday"
    assert [(hop.name, hop.kind) for hop in post.chain] == [
        ("two sailors", SourceKind.UNNAMED),
        ("The Post", SourceKind.NAMED),
    ]
    assert (nested.nested_in, nested.source_name) == (1, "the mate of the ferry")
    assert [each.quote_type for each in found.relations[1:]] == [
        QuoteType.MIXED,
        QuoteType.MIXED,
        QuoteType.DIRECT,
    ]
    assert TEXT[slice(*lima.source[0])] == "Ana Lima"


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (MARKED.replace("Ana Lima", "Ana Lime") + NOTES, "stands 0 times"),
        ("reviewed: yes\n---\nThe mate <s1>Ana</s1>\n---\n", "no cue"),
        ("reviewed: yes\n---\n<s1>A</s1> <c1>mate</c1> <t1>sang</t1>\n---\n", "0 times"),
        ("reviewed: yes\n---\n<c1>m</c1><t1>ate</t1>\n---\n", "stands 2 times"),
        (MARKED + '4 hedges="perhaps: hearsay"\n', "'perhaps' stands 0 times"),
        (MARKED + "4 hedge=none\n", "notes nobody knows: hedge"),
        (MARKED + "4 kind=nobody\n", "nobody"),
        (MARKED + "4 inside=9\n", "9"),
        (
            "reviewed: yes\n---\n<t1>two sailors, said that it “was late”, the mate said.\n\n"
            "“We</t1> wait,” <c1>said</c1>\n---\n",
            "runs over the end",
        ),
    ],
)
def test_what_does_not_fit_the_story_is_refused_and_the_file_named(
    tmp_path: Path, marked: str, said: str
) -> None:
    found = written(tmp_path, marked)
    with pytest.raises(SampleError, match=r"7-ferry\.claims\.txt: .*") as error:
        found.found_in(TEXT, date(2017, 12, 30))
    assert said in str(error.value)


def test_a_file_says_whether_an_editor_has_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "STORIES", tmp_path)
    written(tmp_path, MARKED.replace("yes", "perhaps"))
    with pytest.raises(SampleError, match="'reviewed' is yes or no"):
        claims.every()


def test_there_is_enough_to_see_in_each_language() -> None:
    stories = {story.news_id: story for story in samples.stories()}
    shown = [each for each in EVERY if each.reviewed]
    assert all(stories[each.news_id].state == "published" for each in shown)
    assert all(stories[each.news_id].language == each.language for each in EVERY)
    languages = Counter(each.language for each in shown)
    assert languages["en"] >= 4
    assert languages["fa"] >= 2
    assert languages["de"] >= 1
    assert any(not each.reviewed for each in EVERY)


def test_every_agency_of_the_paper_is_in_the_register() -> None:
    register = samples.sources()
    agencies = {row["slug"] for row in samples.paper()["agencies"]}
    assert {row["agency"] for row in register if "agency" in row} == agencies
    names = [row["name"] for row in register]
    assert len(set(names)) == len(names)
    assert {row.get("kind", "organisation") for row in register} == {
        "organisation", "person", "document", "group",
    }  # fmt: skip
    assert any(row.get("country") for row in register)
