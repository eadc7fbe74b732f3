"""What rests on a source or on wire copy, through any number of hops, and where it went."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from attribution.sourced_stories import agency, confirmed_story, source, sourced_story
from attribution.stories_at_desk import make_story, relation_in, rewrite, suggest
from broadsheet.attribution import actions, register, story_text, upstream
from broadsheet.attribution.models import RelationHop, Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import SourceKind
from broadsheet.attribution.upstream import Destination, RestingStory, Visibility, destinations
from broadsheet.attribution.upstream.sentences import around, sentences
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.actions.publish import publish
from broadsheet.press import actions as press
from broadsheet.press.models import PressedFile
from broadsheet.stories.models import Story, StoryAgency
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.models import Provenance, ReceivedItem
from broadsheet.wire.pipeline import bring_in

pytestmark = pytest.mark.django_db

PAGE = """<html lang="en"><head><title>{headline}</title>
<link rel="canonical" href="https://wire.example/{number}">
<meta property="article:published_time" content="2017-12-30T06:58:00Z"></head>
<body><article><h1>{headline}</h1>
<p>{first} The harbour master said that the ferry would sail again on Monday morning.</p>
<p>Nobody was hurt when the old wooden pier gave way at noon, according to the police.</p>
<p>The town has asked for money to build a new pier before the coming summer begins.</p>
</article></body></html>"""


def of(name: str) -> list[RestingStory]:
    return list(upstream.of_source(Source.objects.get(name=name)))


def relation_of(story: Story, *arguments: Any, **fields: Any) -> StoryRelation:
    text = story_text.newest(story).text
    (row,) = suggest(story, relation_in(text, *arguments, **fields))
    return row


def adopted(number: int = 1, *, publish: bool = False, **words: str) -> Story:
    """Return the story that a wire item becomes; the same number again is an update of it."""
    page = PAGE.format(
        number=number, headline=words.get("headline", "A pier gives way"),
        first=words.get("first", "The old pier is gone."),
    )  # fmt: skip
    file = Incoming(page.encode(), f"{number}.html")
    (outcome,) = bring_in([file], Adopter(Terms(publish=publish)))
    assert outcome.news_id is not None, outcome.error
    return Story.objects.get(pk=outcome.news_id)


def test_a_source_is_found_at_any_place_of_a_chain() -> None:
    story = confirmed_story()
    (found,) = of("SANA")
    assert (found.news_id, found.headline) == (story.pk, story.headline)
    (relation,) = found.relations
    assert relation.chain == ("local residents", "SANA")
    assert (relation.position, relation.through) == (1, ())
    assert (relation.number, relation.status) == (1, "confirmed")
    # In the middle, and at the origin.
    middle = make_story("AFP quoted state television as citing SANA that it rained.")
    relation_of(middle, "AFP", "quoted", "it rained", ["SANA", "State television", "AFP"])
    newest, older = of("SANA")
    assert (newest.news_id, older.news_id) == (middle.pk, story.pk)
    assert newest.relations[0].position == 0
    assert newest.relations[0].through == ("State television", "AFP")
    assert newest.relations[0].status == "suggested"


def test_the_sentence_is_told_in_every_text_that_has_it() -> None:
    story = confirmed_story()
    publish(story)
    (public,) = of("SANA")
    assert [each.version for each in public.relations[0].passages] == ["public"]
    changed = rewrite(
        Story.objects.get(pk=story.pk),
        "A new beginning.",
        "SANA, citing local residents, reported on Friday that the road was closed on Wednesday.",
    )
    suggest(changed)  # nothing new, in the text as it is now
    (found,) = of("SANA")
    in_public, in_draft = found.relations[0].passages
    sentence = "SANA, citing local residents, reported on Friday that the road was closed on "
    for passage in (in_public, in_draft):
        assert passage.words.startswith(sentence)
    assert (in_public.version, in_draft.version) == ("public", "draft")
    live = story_text.of(changed).text
    assert live[slice(*in_public.span)] == in_public.words
    draft = story_text.newest(changed).text
    assert draft[slice(*in_draft.span)] == in_draft.words
    assert in_public.span != in_draft.span


def test_words_that_left_the_draft_are_still_where_readers_see_them() -> None:
    story, _ = sourced_story()
    publish(story)
    rewrite(Story.objects.get(pk=story.pk), "Nothing is left of it.")
    (found,) = of("SANA")
    assert [each.version for each in found.relations[0].passages] == ["public"]


def test_what_an_editor_rejected_rests_on_nothing() -> None:
    _, rows = sourced_story()
    actions.reject(rows[:1], None)
    assert of("SANA") == []


def test_a_merged_source_is_asked_for_as_the_one_it_became() -> None:
    story, _ = sourced_story()
    other = source("Syrian Arab News Agency", slug="syrian-arab-news-agency")
    second = make_story("Syrian Arab News Agency said the shop was open.")
    relation_of(second, "Syrian Arab News Agency", "said", "the shop was open",
                ["Syrian Arab News Agency"])  # fmt: skip
    sana = Source.objects.get(name="SANA")
    assert [each.news_id for each in upstream.of_source(sana)] == [story.pk]
    merge = register.merge(other, sana, None)
    both = [second.pk, story.pk]
    for asked in (other, Source.objects.get(pk=sana.pk)):
        assert [each.news_id for each in upstream.of_source(asked)] == both
    register.unmerge(merge, None)
    assert [each.news_id for each in upstream.of_source(Source.objects.get(pk=sana.pk))] == [
        story.pk
    ]


def test_the_copy_of_an_agency_rests_on_it_and_on_who_owns_it() -> None:
    afp = agency("AFP")
    story, _ = sourced_story()
    credited = make_story("The bridge is open again.")
    StoryAgency.objects.create(story=credited, agency=afp)
    owner = source("Ministry", agency=afp)
    claimed = make_story("Ministry said the tunnel was safe.")
    relation_of(claimed, "Ministry", "said", "the tunnel was safe", ["Ministry"],
                source_kind=SourceKind.NAMED)  # fmt: skip
    by_afp = {each.news_id: each for each in of("AFP")}
    # What the owner says rests on the owner alone.
    assert set(by_afp) == {story.pk, credited.pk}
    assert by_afp[credited.pk].agencies == ("AFP",)
    by_owner = {each.news_id: each for each in upstream.of_source(owner)}
    assert set(by_owner) == {story.pk, credited.pk, claimed.pk}
    assert by_owner[story.pk].relations[0].source == "AFP"
    assert by_owner[claimed.pk].relations[0].source == "Ministry"


def test_translations_rest_on_what_they_translate() -> None:
    story, _ = sourced_story()
    persian = make_story("جاده بسته است.", headline="راه", language="fa", translation_of=story)
    german = make_story("Die Straße ist zu.", headline="Straße", language="de",
                        translation_of=persian)  # fmt: skip
    found = {each.news_id: each for each in of("SANA")}
    assert set(found) == {story.pk, persian.pk, german.pk}
    assert found[persian.pk].translation_of == story.pk
    assert found[german.pk].translation_of == persian.pk
    assert found[story.pk].translation_of is None
    assert found[persian.pk].relations == ()


def test_what_readers_can_see_of_each_is_told() -> None:
    now = timezone.now()
    source("SANA")
    made = {}
    for name in ("draft", "public", "withdrawn", "embargoed"):
        story = make_story("SANA said it rained.", headline=name)
        relation_of(story, "SANA", "said", "it rained", ["SANA"])
        made[name] = story
    made["embargoed"].embargo_until = now + timedelta(hours=1)
    for name in ("public", "withdrawn", "embargoed"):
        publish(made[name])
    Story.objects.get(pk=made["withdrawn"].pk).unpublish()
    assert {each.headline: each.visibility for each in of("SANA")} == {
        "draft": Visibility.DRAFT,
        "public": Visibility.PUBLIC,
        "withdrawn": Visibility.WITHDRAWN,
        "embargoed": Visibility.DRAFT,
    }


def test_a_wire_item_leads_to_its_story_and_the_sentences_that_are_its_own() -> None:
    story = adopted()
    changed = story.get_latest_revision_as_object()
    body = list(changed.body.raw_data)
    body.append({"type": "paragraph", "value": "<p>Our reporter saw the mayor swim.</p>"})
    body[1] = {"type": "paragraph", "value": body[1]["value"].replace("at noon", "at midday")}
    changed.body = changed.body.stream_block.to_python(body)
    changed.save_revision()
    item = ReceivedItem.objects.get()
    story = Story.objects.get(pk=story.pk)
    suggest(story)
    (found,) = upstream.of_item(item)
    (copy,) = found.copies
    assert (found.news_id, found.visibility, copy.item_id) == (
        story.pk,
        Visibility.DRAFT,
        item.pk,
    )
    words = [each.words for each in copy.passages]
    assert "The old pier is gone." in words
    assert any("at midday" in each for each in words)
    assert not any("swim" in each for each in words)
    text = story_text.newest(story).text
    for passage in copy.passages:
        assert text[slice(*passage.span)] == passage.words


def test_all_of_a_real_page_rests_on_the_page(seed_page: Path) -> None:
    file = Incoming(seed_page.read_bytes(), seed_page.name)
    (outcome,) = bring_in([file], Adopter(Terms()))
    story = Story.objects.get(pk=outcome.news_id)
    (found,) = upstream.of_item(ReceivedItem.objects.get())
    assert found.news_id == story.pk == 207166
    text = story_text.newest(story).text
    (copy,) = found.copies
    assert [each.span for each in copy.passages] == sentences(text)
    assert len(copy.passages) > 12


def test_an_update_leads_to_the_same_story_through_every_version() -> None:
    story = adopted(publish=True)
    updated = adopted(publish=True, first="The old pier is gone for good.")
    assert updated.pk == story.pk
    first, second = ReceivedItem.objects.order_by("pk")
    for item in (first, second):
        (found,) = upstream.of_item(item)
        assert [each.item_id for each in found.copies] == [first.pk, second.pk]
        assert found.visibility == Visibility.PUBLIC
    versions = upstream.versions_of([found])[story.pk]
    assert set(versions) == set(story.revisions.values_list("pk", flat=True))
    assert found.copies[1].revision_id in versions


def test_versions_before_the_copy_came_do_not_rest_on_it() -> None:
    story = make_story("Something else.")
    item = ReceivedItem.objects.create(guid="g", sha256="0" * 64, fields={}, raw=b"")
    later = story.save_revision()
    Provenance.objects.create(item=item, story=story, news_id=story.pk, revision_id=later.pk)
    last = story.save_revision()
    item.erase("a court order")
    (found,) = upstream.of_item(item)
    assert found.copies[0].erased
    assert found.copies[0].passages == ()
    assert upstream.versions_of([found]) == {story.pk: (later.pk, last.pk)}


class TestPressed:
    """Destinations, by what was really pressed."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def _pressed(self, tmp_path: Path, settings: Settings) -> None:
        settings.PRESSED_ROOT = tmp_path / "pressed"
        settings.MEDIA_ROOT = tmp_path / "media"

    def test_every_pressed_file_is_told_its_own_first(self) -> None:
        story = confirmed_story()
        publish(story)
        (found,) = of("SANA")
        own = [each.address for each in found.destinations if each.own]
        assert own == [
            f"/news/{story.pk}/attributions.json",
            f"/news/{story.pk}.json",
            f"/news/{story.pk}/",
        ]
        lists = {each.address for each in found.destinations if not each.own}
        assert {"/", "/section/world/", "/feeds/all.rss"} <= lists
        stand = set(PressedFile.objects.values_list("address", flat=True))
        assert {*own, *lists} <= stand

    def test_a_story_whose_row_is_gone_is_found_by_the_ledger(self) -> None:
        story = adopted(publish=True)
        item = ReceivedItem.objects.get()
        number = story.pk
        with press.held():  # the press has not come to take its pages away
            story.delete()
            (found,) = upstream.of_item(item)
        assert (found.news_id, found.visibility) == (number, Visibility.DELETED)
        assert Destination("story", f"/news/{number}/", own=True) in found.destinations
        press.press_orders()
        (found,) = upstream.of_item(item)
        assert not found.destinations

    def test_other_rooms_tell_where_they_sent_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(destinations, "_providers", [])

        def sent(news_ids: Collection[int]) -> dict[int, list[Destination]]:
            return {each: [Destination("e-mail", "desk@other.example")] for each in news_ids}

        destinations.register(sent)
        destinations.register(sent)
        story, _ = sourced_story()
        (found,) = of("SANA")
        assert found.destinations == (Destination("e-mail", "desk@other.example"),)
        assert destinations.of([story.pk]) == {story.pk: found.destinations}


def test_what_only_links_to_a_story_is_not_its_own() -> None:
    for number, sheets in (("1", [["story", "1"], ["story", "10"]]), ("10", [])):
        PressedFile.objects.create(
            address=f"/news/{number}/", kind="story", key=number, sha256="0", size=1,
            pressed_at=timezone.now(), shown_on=sheets,
        )  # fmt: skip
    assert destinations.pressed([1]) == {
        1: [Destination("story", "/news/1/", own=True), Destination("story", "/news/10/")]
    }


def many(count: int) -> Source:
    """Return a source that ``count`` bare stories rest on."""
    template, rows = sourced_story()
    given = Source.objects.get(name="SANA")
    numbers = range(template.pk + 1, template.pk + 1 + count)
    Story.objects.bulk_create(
        Story(pk=number, headline=f"Story {number}", section=template.section, live=True)
        for number in numbers
    )
    relations = StoryRelation.objects.bulk_create(
        StoryRelation(story_id=number, number=1, source=given, source_kind="named",
                      cue_kind="verb", quote_type="indirect", method="rules")
        for number in numbers
    )  # fmt: skip
    RelationHop.objects.bulk_create(
        RelationHop(relation=each, position=0, source=given, name="SANA", kind="named")
        for each in relations
    )
    assert len(rows) == 3
    return given


def test_a_handful_of_queries_whatever_the_number(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    given = many(150)
    with django_assert_max_num_queries(13):
        assert len(list(upstream.of_source(given))) == 151


def test_stories_come_one_by_one() -> None:
    given = many(450)
    answer = upstream.of_source(given)
    newest = next(answer)
    assert newest.news_id == max(Story.objects.values_list("pk", flat=True))
    numbers = [newest.news_id, *(each.news_id for each in answer)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 451


def test_hostile_and_persian_names_are_words() -> None:
    source("سانا", language="fa")
    story = make_story("سانا گفت: راه بسته است؟ باران آمد۔ هوا سرد است.", language="fa")
    relation_of(story, "سانا", "گفت", "راه بسته است", ["%_'\"; DROP TABLE --", "سانا"])
    # Nothing is known of its sentences but their punctuation.
    StoryReading.objects.update(claims=[])
    (found,) = of("سانا")
    assert found.relations[0].chain == ("%_'\"; DROP TABLE --", "سانا")
    assert [each.words for each in found.relations[0].passages] == ["سانا گفت: راه بسته است؟"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("One. Two! “Three?” Four", ["One.", "Two!", "“Three?”", "Four"]),
        ("A headline\n\nIt rained at 3.5 mm.", ["A headline", "It rained at 3.5 mm."]),
        ("雨が降った。道は閉じた。", ["雨が降った。", "道は閉じた。"]),
        ("باران آمد؟ نه.", ["باران آمد؟", "نه."]),
        (" \n . \n", ["."]),
    ],
)
def test_sentences_are_found_in_any_script(text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in sentences(text)] == found


def test_known_sentences_go_first() -> None:
    text = "Mr. Lee said so. He left."
    known = [(0, 16)]
    assert sentences(text, known) == [(0, 16), (17, 25)]
    assert around([(4, 7)], sentences(text, known)) == ((0, 16),)
    assert sentences(text, [(3, 99), (-1, 2)]) == sentences(text)
