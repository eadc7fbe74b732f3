from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.accounts.models import Byline
from broadsheet.search import hands, index, ranking, rows, shelves
from broadsheet.search.index import State
from broadsheet.search.models import IndexedStory
from broadsheet.search.queries import Filters
from broadsheet.stories.models import Agency, Section, Story, StoryAgency, StoryByline, Topic

Publish = Callable[..., Story]
pytestmark = pytest.mark.django_db


def found(text: str, **filters: object) -> list[int]:
    return list(index.query(text, Filters(**filters)).news_ids)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "turkish",
        "AIRSTRIKES",
        "airstrike",
        '"turkish airstrikes"',
        "airst*",
        "derik",
        "AFP",
        "turkish derik",
        "syrias",
    ],
)
def test_a_story_is_found_by_headline_body_and_caption(publish: Publish, text: str) -> None:
    story = publish(
        "Turkish airstrikes hit the north",
        "Residents of <b>Syrias</b> north said so.",
        caption="A helicopter flies over Derik",
    )
    publish("Bread is dearer", "Bakers blame the weather.")
    assert found(text) == [story.pk]


def test_words_in_the_wrong_order_are_no_phrase(publish: Publish) -> None:
    publish("Turkish airstrikes hit the north")
    assert found('"airstrikes turkish"') == []


def test_what_is_not_wanted_is_left_out(publish: Publish) -> None:
    publish("Bread and wine")
    plain = publish("Bread and water")
    assert found("bread -wine") == [plain.pk]
    assert found('bread -"and wine"') == [plain.pk]


def test_variants_of_persian_letters_find_each_other(publish: Publish) -> None:
    story = publish("رئيس‌جمهور: كتاب‌های ایرانی", language="fa")
    for text in ("رئیس جمهور", "رئیسجمهور", "رئیس‌جمهور", "کتاب", "کتاب ها", "ایران"):
        assert found(text) == [story.pk], text


def test_writing_without_spaces_is_found(publish: Publish) -> None:
    story = publish("東京都知事選挙", language="ja")
    for text in ("東京", "京都知事", "選挙", "都", "挙"):
        assert found(text) == [story.pk], text
    assert found("京東") == []


def test_words_without_spaces_between_them_stand_together(publish: Publish) -> None:
    together = publish("ข่าววันนี้", "กด<b>ใช้</b>งานแล้ว", language="th")
    publish("ข่าววันนี้", "ใช้แล้ว งานนี้ ช้งา", language="th")
    assert found("ใช้งาน") == [together.pk]
    # Nor does one field go on in the next.
    publish("ใช้", "งาน", language="th")
    assert found("ใช้งาน") == [together.pk]


def test_what_is_remembered_of_a_story_comes_back_however_much_it_is(publish: Publish) -> None:
    words = " ".join(["again"] * 50_000)
    story = publish("Words", words)
    remembered = IndexedStory.objects.get(news_id=story.pk).tokens
    assert len(words) > 100 * len(remembered)
    assert f"\n{words}\n".encode() in rows.texts_of(remembered)


def test_a_headline_counts_for_more_than_the_body(publish: Publish) -> None:
    headline = publish("The bridge", "It was built by many hands long ago in the old town.")
    publish("The town", "There is a bridge in it, built by many hands long ago, and a mill.")
    assert found("bridge")[0] == headline.pk


def test_stories_with_some_of_the_words_follow_those_with_all(publish: Publish) -> None:
    publish("Wine alone")
    both = publish("Bread with wine")
    publish("Neither of them")
    result = index.query("bread wine")
    assert (result.total, result.partial, result.partial_from) == (1, 1, 1)
    assert result.news_ids[0] == both.pk
    by_date = index.query("bread wine", order="date")
    assert by_date.news_ids == (both.pk,)
    none = index.query("bread wine cheese")
    assert (none.total, none.partial, none.partial_from) == (0, 2, 0)


class TestOnlyWhatReadersMaySee:
    def test_a_draft_is_for_the_newsroom_only(self, publish: Publish) -> None:
        story = publish("Secret plans", live=False)
        index.put([story])
        assert found("secret") == []
        assert index.matching("secret") == [story.pk]

    def test_an_embargo_holds(self, publish: Publish) -> None:
        story = publish("Secret plans", embargo_until=timezone.now() + timedelta(hours=1))
        assert found("secret") == []
        assert index.matching("secret") == [story.pk]

    def test_unpublishing_takes_it_out(self, publish: Publish) -> None:
        story = publish("Secret plans")
        assert found("secret") == [story.pk]
        story.unpublish()
        assert found("secret") == []
        assert index.matching("secret") == [story.pk]

    def test_expiry_counts_from_its_moment(self, publish: Publish) -> None:
        story = publish("Secret plans", expire_at=timezone.now() + timedelta(hours=1))
        assert found("secret") == [story.pk]
        past = timezone.now() - timedelta(minutes=1)
        Story.objects.update(expire_at=past)  # no signal, as time itself sends none
        assert found("secret") == []
        IndexedStory.objects.update(until=past)
        assert index.query("secret").total == 0

    def test_a_row_changed_behind_the_index_is_not_shown(self, publish: Publish) -> None:
        publish("Secret plans")
        Story.objects.update(live=False)
        assert found("secret") == []

    def test_deletion_takes_it_out(self, publish: Publish) -> None:
        story = publish("Secret plans")
        story.delete()
        assert found("secret") == []
        assert index.matching("secret") == []
        assert not IndexedStory.objects.exists()

    def test_old_words_are_forgotten(self, publish: Publish) -> None:
        story = publish("Secret plans")
        story.headline = "Public plans"
        story.save_revision().publish()
        assert found("secret") == []
        assert found("public") == [story.pk]


def test_a_publication_that_is_rolled_back_is_not_found(publish: Publish) -> None:
    def fail_after_publishing() -> None:
        with transaction.atomic():
            publish("Secret plans")
            assert found("secret")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_publishing()
    assert found("secret") == []
    assert not IndexedStory.objects.exists()


def test_a_saved_draft_is_indexed_after_commit(
    publish: Publish, django_capture_on_commit_callbacks: type
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        story = publish("A draft", caption="Its photo", live=False)
    assert index.matching("photo") == [story.pk]


def test_a_publication_indexes_once(
    publish: Publish, django_capture_on_commit_callbacks: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = publish("A draft", live=False)
    revision = story.save_revision()
    put: list[list[int]] = []
    monkeypatch.setattr(index.engine(), "put", put.append)
    with django_capture_on_commit_callbacks(execute=True):
        revision.publish()
    assert put == [[story.pk]]


def test_what_is_saved_after_a_publication_is_indexed_after_commit(
    publish: Publish, django_capture_on_commit_callbacks: type
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        story = publish("A draft")
        story.headline = "Something newer"
        story.save()
    assert found("newer") == [story.pk]


def test_a_saved_story_whose_publication_was_undone_is_indexed_after_commit(
    publish: Publish, django_capture_on_commit_callbacks: type
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        story = publish("A draft", live=False)
        with transaction.atomic():
            story.save_revision().publish()
            transaction.set_rollback(True)
    assert found("draft") == []
    assert index.matching("draft") == [story.pk]


def test_putting_twice_changes_nothing(publish: Publish) -> None:
    story = publish("Once")
    with CaptureQueriesContext(connection) as queries:
        index.put([story])
    written = ("INSERT", "UPDATE", "DELETE")
    assert not [each for each in queries.captured_queries if each["sql"].startswith(written)]
    assert found("once") == [story.pk]


def test_rebuilding_keeps_what_others_put_meanwhile(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, gone, same = publish("Old words"), publish("Gone words"), publish("Same words")
    made = rows.of([changed.pk, gone.pk, same.pk])

    def made_earlier(chunks: Sequence[Sequence[int]]) -> Iterator[tuple[Sequence[int], object]]:
        changed.headline = "New words"
        changed.save_revision().publish()
        gone.delete()
        yield chunks[0], made

    monkeypatch.setattr(shelves, "of_many", made_earlier)
    assert index.rebuild() == 2
    assert found("old") == []
    assert found("new") == [changed.pk]
    assert set(found("words")) == {changed.pk, same.pk}


def test_filters(publish: Publish, section: Section) -> None:
    other = Section.objects.create(name="Science", slug="science")
    topic = Topic.objects.create(name="Rain", slug="rain")
    agency = Agency.objects.create(name="AFP", slug="afp")
    byline = Byline.objects.create(name="A. Writer", slug="a-writer")
    first = publish(
        "Weather here",
        language="de",
        section=other,
        topics=[topic],
        agencies=[StoryAgency(agency=agency)],
        bylines=[StoryByline(byline=byline)],
        first_published_at=datetime(2017, 12, 30, 6, 58, tzinfo=UTC),
    )
    second_at = datetime(2018, 1, 2, 23, 59, tzinfo=UTC)
    second = publish("Weather there", first_published_at=second_at)
    assert set(found("weather")) == {first.pk, second.pk}
    for only_first in (
        {"section": other.pk},
        {"language": "de"},
        {"topic": topic.pk},
        {"agency": agency.pk},
        {"byline": byline.pk},
        {"before": datetime(2018, 1, 1, tzinfo=UTC)},
        {"since": datetime(2017, 12, 30, 6, 58, tzinfo=UTC), "before": second_at},
    ):
        assert found("weather", **only_first) == [first.pk], only_first
    assert found("weather", since=second_at) == [second.pk]
    assert found("weather", section=other.pk, language="en") == []
    ever = {
        "since": datetime.min.replace(tzinfo=UTC),
        "before": datetime.max.replace(tzinfo=UTC),
    }
    assert found("weather", **ever) == found("weather")
    # No words: everything that is filed so, newest first.
    assert found("", language="de") == [first.pk]
    assert found("", since=datetime(2017, 1, 1, tzinfo=UTC)) == [second.pk, first.pk]
    assert found("") == []
    # Names are words as well.
    assert found("rain writer") == [first.pk]


def test_pages_follow_one_another(publish: Publish) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    stories = [
        publish(f"Weather {number}", first_published_at=start + timedelta(days=number))
        for number in range(7)
    ]
    newest_first = [story.pk for story in reversed(stories)]
    pages = [index.query("weather", order="date", offset=at, limit=3) for at in (0, 3, 6, 9)]
    assert [list(page.news_ids) for page in pages] == [
        newest_first[:3],
        newest_first[3:6],
        newest_first[6:],
        [],
    ]
    assert {page.total for page in pages} == {7}
    assert index.query("weather", offset=5000).news_ids == ()


class TestCommonWords:
    """Words that stand in more stories than are read whole."""

    @pytest.fixture(autouse=True)
    def few_are_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ranking, "POOL", 2)

    @pytest.fixture
    def stories(self, publish: Publish) -> list[int]:
        start = datetime(2020, 1, 1, tzinfo=UTC)
        old = publish("Weather of old", "It rains.", first_published_at=start)
        return [old.pk] + [
            publish(
                f"Story {number}",
                "Weather and rains. " + "Other words follow. " * 90,
                first_published_at=start + timedelta(days=number),
            ).pk
            for number in range(1, 5)
        ]

    @pytest.mark.parametrize("text", ["weather", "weather rains", "rains weather and"])
    def test_the_best_comes_first_then_the_newest(self, stories: list[int], text: str) -> None:
        result = index.query(text)
        if "and" not in text:
            assert list(result.news_ids) == [stories[0], *reversed(stories[1:])]
        else:
            assert list(result.news_ids) == list(reversed(stories[1:]))
        assert result.more == (" " in text)
        assert index.query(text, order="date").news_ids[0] == stories[-1]

    def test_words_that_never_meet_are_found_apart(self, publish: Publish) -> None:
        for number in range(3):
            publish(f"Bread {number}")
            publish(f"Wine {number}")
        result = index.query("bread wine")
        assert (result.total, result.partial, result.partial_from) == (0, 6, 0)

    def test_few_stories_with_both_are_ranked(self, publish: Publish) -> None:
        for number in range(3):
            publish(f"Bread {number}")
            publish(f"Wine {number}")
        both = publish("Wine", "Bread")
        assert index.query("bread wine").news_ids[0] == both.pk

    def test_a_phrase_stands_together(self, publish: Publish) -> None:
        wanted = [publish(f"Bread and wine {number}").pk for number in range(3)]
        for number in range(3):
            publish(f"Wine and bread {number}")
        assert set(found('"bread and wine"')) == set(wanted)


def test_a_phrase_that_is_not_wanted_takes_no_other_story(publish: Publish) -> None:
    publish("Bread and wine")
    other = publish("Wine and bread")
    assert found('bread -"and wine"') == [other.pk]
    assert list(index.query('bread -"and wine"', order="date").news_ids) == [other.pk]


def test_two_stories_in_one_place_move_apart(publish: Publish, section: Section) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    for news_id in (5, 5 + (1 << 20), 5 + (1 << 21)):
        publish(f"Weather {news_id}", news_id=news_id, first_published_at=at)
    assert len(found("weather")) == 3
    index.rebuild()
    assert len(found("weather")) == 3


def test_rebuilding_finds_everything_again(publish: Publish) -> None:
    story = publish("Weather")
    index.put([publish("Draft of the weather", live=False)])
    IndexedStory.objects.all().delete()
    steps: list[tuple[int, int]] = []
    assert index.rebuild(lambda done, of: steps.append((done, of))) == 2
    assert steps == [(2, 2)]
    assert found("weather") == [story.pk]
    assert len(index.matching("weather")) == 2
    assert index.engine().state() == State(stories=2, indexed=2, public=1)


def test_what_the_hands_send_is_the_row_that_they_made(publish: Publish) -> None:
    story = publish("Weather", body=[{"type": "paragraph", "value": "<p>Rain and rain.</p>"}])
    (values,) = hands.values_of([story.pk])
    (row,) = rows.of([story.pk])
    sent = rows.Row.of_values(pickle.loads(pickle.dumps(values)))  # noqa: S301 - our own
    assert sent.tokens == row.tokens
    assert "rain" in sent.tokens.split(" ")
    names = [field.attname for field in IndexedStory._meta.concrete_fields]
    assert [getattr(sent.story, name) for name in names] == [
        getattr(row.story, name) for name in names
    ]


def test_hands_can_begin_where_nothing_is_set_up() -> None:
    check = "import sys, broadsheet.search.hands; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
