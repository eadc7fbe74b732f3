"""The sources under a pressed story: what is confirmed, what is not, and what cannot be said."""

from __future__ import annotations

import html
import re
from datetime import UTC
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attribution.stories_at_desk import make_story, relation_in, rewrite, suggest
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import ReaderView, SourcePolicy, StoryReading
from broadsheet.attribution.reader_view import known, times
from broadsheet.attribution.relation import Analysis, SourceKind, TimeExpression
from broadsheet.press import pages
from broadsheet.stories.models import Story

pytestmark = pytest.mark.django_db

FIRST = "SANA, citing <b>local residents</b>, reported that a <i>convoy</i> left the valley."
SECOND = "According to AFP, which quoted local residents, the convoy left at noon."


def published(*paragraphs: str, **fields: Any) -> Story:
    story = make_story(*(paragraphs or (FIRST, SECOND)), **fields)
    story.get_latest_revision().publish()
    return Story.objects.get(pk=story.pk)


def relations(story: Story) -> list[Any]:
    text = story_text.newest(story).text
    at = text.index("noon")
    return suggest(
        story,
        ("SANA", "reported", "a convoy left the valley", ["local residents", "SANA"]),
        relation_in(
            text,
            "AFP",
            "According to",
            "the convoy left at noon",
            ["local residents", "AFP"],
            statement_time=TimeExpression((at, at + 4), "2026-03-13"),
            event_time=TimeExpression((at, at + 4), "2014-09/.."),
        ),
    )


def plain(drawn: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", drawn))).strip()


def test_marks_within_a_quotation_are_inner_ones() -> None:
    story = published("Ana Lima said that it “was late”. „Spät“, «Ana» said.")
    rows = suggest(
        story,
        ("Ana Lima", "said", "that it “was late”"),
        ("Ana Lima", "said", "„Spät“, «Ana» said"),
    )
    actions.confirm(rows, None)
    drawn = html.unescape(sources(story))
    assert "that it ‘was late’</a></q>" in drawn
    assert "‚Spät‘, ‹Ana› said</a></q>" in drawn


def sources(story: Story) -> str:
    page = pages.story_page(Story.objects.get(pk=story.pk))
    found = re.search(r'<section id="sources".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def body(story: Story) -> str:
    page = pages.story_page(Story.objects.get(pk=story.pk))
    return page.split('<div class="text">')[1].split("</article>")[0]


def show_suggestions() -> None:
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()


def test_who_stands_behind_what_is_listed_with_the_way_it_came() -> None:
    story = published()
    actions.confirm(relations(story), None)
    actions.mark_reviewed(story, None)
    found = sources(story)
    assert "2 outlets, 1 origin" in found
    assert "local residents → SANA → this paper" in plain(found)
    assert '<a href="/source/sana/">' in found
    assert '<time datetime="2026-03-13">March 13, 2026</time>' in found
    assert 'since <time datetime="2014-09">September 2014</time>' in found
    assert '<q><a href="#claim-1">a convoy left the valley</a></q>' in found
    assert '<li id="source-1">' in found
    assert "reviewed" not in found


def test_the_body_says_the_same_with_its_claims_marked() -> None:
    story = published()
    before = body(story)
    actions.confirm(relations(story), None)
    after = body(story)
    assert plain(after) == plain(before)
    assert '<span class="claim" id="claim-1">a </span><i><span' in after
    assert 'href="#source-1" aria-label="Source 1" aria-describedby="way-1"' in after
    # The same text in a draft that nobody published changes nothing for readers.
    rewrite(story, FIRST, SECOND, "A third, unpublished.")
    assert body(story) == after


def test_suggestions_are_hidden_or_marked_as_the_paper_chooses() -> None:
    story = published()
    rows = relations(story)
    assert "claim" not in body(story)
    assert "have not been reviewed yet" in sources(story)
    show_suggestions()
    assert 'class="claim unsure"' in body(story)
    found = sources(story)
    assert found.count(">Unreviewed</p>") == 2
    assert "confirmed by nobody" in found
    assert "outlet" not in found
    # Nothing leads to the page of a source that no fact rests on.
    assert "/source/" not in found
    actions.confirm(rows[:1], None)
    found = sources(story)
    assert found.count(">Unreviewed</p>") == 1
    assert "1 outlet, 1 origin" in found
    actions.mark_reviewed(story, None)
    assert "Unreviewed" not in sources(story)


def test_what_was_never_read_is_not_recorded() -> None:
    story = published()
    StoryReading.objects.filter(pk=story.pk).delete()
    assert "Source not recorded" in sources(story)


def test_a_language_that_is_not_read_is_named() -> None:
    story = published("Skipet gikk.", language="nb")
    text = story_text.newest(story)
    reason = "attribution is not analysed in the language “nb”"
    assert actions.suggest(story, text, Analysis(False, "nb", reason))
    found = sources(story)
    assert "Not analysed" in found
    assert "Norwegian Bokmål" in found


def test_a_reviewed_story_without_sources_says_so() -> None:
    story = published("The ferry sailed.")
    suggest(story)
    actions.mark_reviewed(story, None)
    assert "attributes nothing to a source" in sources(story)


def test_what_was_lost_is_said_and_what_stands_within_stands_under_it() -> None:
    words = "The mayor said that some say the bridge holds. It was not hit, reported."
    story = published(words)
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, "The mayor", "said", "some say the bridge holds"),
        relation_in(text, "", "some say", "the bridge holds", nested_in=0),
        relation_in(
            text, "", "reported", "It was not hit", ["[missing]"], source_kind=SourceKind.MISSING
        ),
    )
    actions.confirm(rows, None)
    found = plain(sources(story))
    assert "(nobody is named) → The mayor → this paper" in found
    assert "(source lost in the copy) → this paper" in found
    assert found.count("The mayor → this paper") == 2
    assert "Of 2 claims the origin is not known." in found


def test_a_persian_page_is_drawn_from_right_to_left() -> None:
    story = published("سانا گفت که AFP رفته است.", language="fa", headline="خبر")
    text = story_text.newest(story).text
    made = relation_in(
        text, "سانا", "گفت", "AFP رفته است", ["AFP", "سانا"], source_kind=SourceKind.NAMED
    )
    actions.confirm(suggest(story, made), None)
    found = sources(story)
    assert "←" in found
    assert "→" not in found
    assert "<bdi>AFP</bdi>" in found
    assert 'data-n="۱"' in body(story)


def test_a_preview_of_what_was_never_saved_is_drawn() -> None:
    story = make_story("Words.")
    draft = Story(headline="New", section=story.section, body=story.body, language="en")
    assert "New" in pages.preview_page(draft)


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2017-12-29", '<time datetime="2017-12-29">December 29, 2017</time>'),
        ("2017-12", '<time datetime="2017-12">December 2017</time>'),
        ("2017", '<time datetime="2017">2017</time>'),
        ("2017~", 'about <time datetime="2017">2017</time>'),
        ("2017-12?", 'perhaps <time datetime="2017-12">December 2017</time>'),
        ("2017-22", "summer 2017"),
        ("201X", "2010–2019"),
        ("19XX", "1900–1999"),
        ("../2017", 'until <time datetime="2017">2017</time>'),
        (
            "2017-12-30T06:58:00Z",
            '<time datetime="2017-12-30T06:58:00Z">0658 GMT December 30, 2017</time>',
        ),
        (
            "2017/2018",
            '<time datetime="2017">2017</time> to <time datetime="2018">2018</time>',
        ),
        ("2017-13-40", None),
        ("../..", None),
        ("Y17000", None),
    ],
)
def test_times_are_printed_as_the_paper_prints_them(edtf: str, expected: str | None) -> None:
    assert times.printed(edtf, "en", UTC) == expected


def test_a_persian_day_is_in_the_calendar_of_its_readers() -> None:
    assert "۸ دی ۱۳۹۶" in str(times.printed("2017-12-29", "fa", UTC))


def test_a_moment_that_no_calendar_reaches_in_universal_time_is_not_printed() -> None:
    assert times.printed("0001-01-01T00:00:00+05:00", "en", UTC) is None
    assert times.printed("9999-12-31T23:59:59-05:00", "fa", UTC) is None


def test_hostile_names_stay_text() -> None:
    name = '"><script>alert(1)</script>'
    story = published("The source said it was over.")
    text = story_text.newest(story).text
    made = relation_in(
        text,
        "The source",
        "said",
        "it was over",
        [name, "The source"],
        source_kind=SourceKind.NAMED,
    )
    actions.confirm(suggest(story, made), None)
    found = sources(story)
    assert "<script>alert" not in found
    assert name in html.unescape(found)


def test_many_stories_are_asked_about_together() -> None:
    SourcePolicy.load()
    stories = [published() for _ in range(4)]
    for story in stories:
        actions.confirm(relations(story), None)

    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(known.of_all(stories[:count])) == count
        return len(queries)

    assert asked(4) == asked(1)
