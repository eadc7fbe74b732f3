"""From a publication to the bytes on disk, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from broadsheet.press import actions
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import (
    Front,
    FrontPlacement,
    Paper,
    Story,
)
from press import newsroom
from press.conftest import PressedFolder

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


def everywhere(story: Story, *more: str) -> list[str]:
    return [
        "/",
        "/section/world/",
        "/archive/",
        "/archive/2017/",
        "/archive/2017/12/",
        "/archive/2017/12/30/",
        "/feeds/all.rss",
        "/feeds/all.atom",
        "/feeds/all.json",
        "/feeds/world.rss",
        "/feeds/en.json",
        f"/sitemaps/{story.news_id // 1000}.xml",
        "/sitemap.xml",
        f"/news/{story.news_id}/",
        f"/news/{story.news_id}.json",
        *more,
    ]


def test_a_publication_is_on_every_page_when_it_returns(pressed: PressedFolder) -> None:
    story = newsroom.published(
        topics=[newsroom.topic()],
        bylines=[newsroom.byline()],
        first_published_at=PUBLISHED,
    )

    more = ["/topic/water/", "/by/mira-doe/", "/feeds/topic/water.atom"]
    for address in everywhere(story, *more):
        assert pressed.has(address), address
    ledger = set(PressedFile.objects.values_list("address", flat=True))
    assert ledger.issuperset(everywhere(story, *more))
    # What is left is the order of the new section for the whole paper: the worker's business.
    assert not PressOrder.objects.filter(priority__gte=-4).exists()
    assert not pressed.leftovers()
    for address in ("/", "/section/world/", "/archive/2017/12/30/", *more):
        assert "Ferry runs again" in pressed.text(address), address
    assert f"/news/{story.news_id}/" in pressed.text(f"/sitemaps/{story.news_id // 1000}.xml")


def test_a_draft_is_nowhere(pressed: PressedFolder) -> None:
    story = newsroom.draft("Nobody may know yet")
    story.save_revision()
    actions.order_everything()
    actions.press_orders()
    assert pressed.holding("Nobody may know yet") == []
    assert not pressed.has(f"/news/{story.news_id}/")


def test_a_rolled_back_publication_leaves_no_trace(pressed: PressedFolder) -> None:
    story = newsroom.draft("Taken back in time")
    with transaction.atomic():
        story.save_revision().publish()
        transaction.set_rollback(True)
    assert not PressOrder.objects.filter(kind="story").exists()
    assert pressed.holding("Taken back in time") == []


def test_a_story_that_moves_leaves_its_old_pages(pressed: PressedFolder) -> None:
    story = newsroom.published(
        topics=[newsroom.topic("water")], bylines=[newsroom.byline("mira-doe")]
    )
    newsroom.published("Another one", first_published_at=PUBLISHED)
    moved = Story.objects.get(pk=story.pk)
    moved.section = newsroom.section("culture")
    moved.topics = [newsroom.topic("bridges")]
    moved.bylines = []
    moved.first_published_at = PUBLISHED
    newsroom.publish(moved)

    assert "Ferry runs again" not in pressed.text("/section/world/")
    assert "Ferry runs again" in pressed.text("/section/culture/")
    assert not pressed.has("/topic/water/")
    assert not pressed.has("/feeds/topic/water.rss")
    assert not pressed.has("/by/mira-doe/")
    assert pressed.has("/topic/bridges/")
    today = timezone.now()
    assert not pressed.has(f"/archive/{today:%Y/%m/%d}/")
    assert not pressed.has(f"/archive/{today:%Y/%m}/")
    assert not pressed.has(f"/archive/{today:%Y}/")
    assert "Ferry runs again" in pressed.text("/archive/2017/12/30/")
    assert "Ferry runs again" not in pressed.text("/feeds/world.rss")


@pytest.mark.parametrize("way", ["unpublish", "delete", "expire"])
def test_a_withdrawn_story_is_gone_everywhere(pressed: PressedFolder, way: str) -> None:
    newsroom.published("The one that stays")
    story = newsroom.published(
        "The one that goes",
        topics=[newsroom.topic()],
        bylines=[newsroom.byline()],
        first_published_at=PUBLISHED,
    )
    news_id = story.news_id
    assert pressed.holding("The one that goes")
    if way == "unpublish":
        story.unpublish()
    elif way == "delete":
        story.delete()
    else:
        # Past its time without anybody saving it.
        Story.objects.filter(pk=news_id).update(expire_at=timezone.now() - timedelta(seconds=1))
        assert actions.order_due() == 1
        actions.press_orders()

    assert pressed.holding("The one that goes") == []
    assert pressed.holding(f"/news/{news_id}/") == []
    for address in (
        f"/news/{news_id}/", f"/news/{news_id}.json", "/topic/water/", "/by/mira-doe/",
        "/archive/2017/12/30/", "/archive/2017/12/", "/archive/2017/",
    ):  # fmt: skip
        assert not pressed.has(address), address
        assert not PressedFile.objects.filter(address=address).exists(), address
    assert not (pressed.root / "topic").exists(), "an empty folder is left"
    assert "The one that stays" in pressed.text("/")
    assert actions.order_due() == 0


def test_an_embargoed_story_is_nowhere_until_its_embargo_ends(pressed: PressedFolder) -> None:
    later = timezone.now() + timedelta(hours=2)
    story = newsroom.published("Under embargo", embargo_until=later)
    actions.order_everything()
    actions.press_orders()
    assert pressed.holding("Under embargo") == []
    assert not PressedFile.objects.filter(kind__in=["story", "ninjs"]).exists()

    # The embargo ended while nobody looked: a bulk import can leave such a row.
    Story.objects.filter(pk=story.pk).update(
        embargo_until=timezone.now() - timedelta(seconds=1), live=True
    )
    assert actions.order_due() == 1
    actions.press_orders()
    assert "Under embargo" in pressed.text("/")


def test_an_embargo_that_ended_long_ago_is_found_by_whoever_starts(pressed: PressedFolder) -> None:
    later = timezone.now() + timedelta(hours=2)
    story = newsroom.published("Long under embargo", embargo_until=later)
    actions.press_orders()
    Story.objects.filter(pk=story.pk).update(
        embargo_until=timezone.now() - timedelta(days=30), live=True
    )
    # Not every few seconds, for ever: a paper has thousands that once were under one.
    assert actions.order_due() == 0
    assert actions.recover()
    actions.press_orders()
    assert "Long under embargo" in pressed.text("/")


def test_the_desks_choice_leads_and_the_rest_is_by_recency(pressed: PressedFolder) -> None:
    old = newsroom.published("An old one", first_published_at=PUBLISHED)
    newsroom.published("A newer one", first_published_at=PUBLISHED + timedelta(days=1))
    text = pressed.text("/")
    assert text.index("A newer one") < text.index("An old one")

    front = Front(language="en")
    front.placements = [FrontPlacement(story=old)]
    front.save()
    text = pressed.text("/")
    assert text.index("An old one") < text.index("A newer one")

    old.unpublish()
    assert "An old one" not in pressed.text("/")


def test_each_language_has_its_front(pressed: PressedFolder) -> None:
    newsroom.published("Only English")
    # Empty, but there: every page's language bar and menu lead to them.
    actions.press_orders()
    assert pressed.has("/fa/")
    assert pressed.has("/fa/section/world/")
    newsroom.published("فقط فارسی", language="fa")
    assert "فقط فارسی" in pressed.text("/fa/")
    assert "فقط فارسی" in pressed.text("/fa/section/world/")
    assert "فقط فارسی" not in pressed.text("/")
    assert "Only English" not in pressed.text("/fa/")


def test_a_story_in_a_language_without_a_front_stands_on_the_nearest(
    pressed: PressedFolder,
) -> None:
    newsroom.published("In British English", language="en-GB")
    newsroom.published("En français", language="fr")
    for address in ("/", "/section/world/", "/feeds/en.json"):
        assert "In British English" in pressed.text(address)
        assert "En français" in pressed.text(address)


def test_a_language_the_paper_gains_takes_its_stories_when_the_paper_starts(
    pressed: PressedFolder, settings: Settings
) -> None:
    newsroom.published("Ferry runs again")
    newsroom.published("کشتی", language="fa")
    newsroom.published("En français", language="fr")
    settings.PAPER_LANGUAGES = ["fa", "en", "fr"]
    actions.recover()
    actions.press_orders()
    assert "کشتی" in pressed.text("/")
    assert "Ferry" in pressed.text("/en/")
    assert "En français" in pressed.text("/fr/")
    assert not pressed.has("/fa/")
    assert "En français" not in pressed.text("/")
    assert "En français" not in pressed.text("/section/world/")


def test_a_translation_is_named_on_the_page_of_the_original(pressed: PressedFolder) -> None:
    original = newsroom.published("Ferry runs again")
    translated = newsroom.published("کشتی", language="fa", translation_of=original)
    assert f"/news/{translated.news_id}/" in pressed.text(f"/news/{original.news_id}/")
    translated.unpublish()
    assert f"/news/{translated.news_id}/" not in pressed.text(f"/news/{original.news_id}/")


def test_a_renamed_topic_moves_with_its_page(pressed: PressedFolder) -> None:
    topic = newsroom.topic("water")
    story = newsroom.published(topics=[topic])
    topic.slug, topic.name = "rivers", "Rivers"
    topic.save()
    actions.press_orders()
    assert not pressed.has("/topic/water/")
    assert "Ferry runs again" in pressed.text("/topic/rivers/")
    assert "/topic/rivers/" in pressed.text(f"/news/{story.news_id}/")
    topic.delete()
    actions.press_orders()
    assert not pressed.has("/topic/rivers/")
    assert "Rivers" not in pressed.text(f"/news/{story.news_id}/")


def test_a_renamed_section_is_renamed_on_every_page(pressed: PressedFolder) -> None:
    story = newsroom.published()
    section = story.section
    section.name, section.slug = "Abroad", "abroad"
    section.save()
    actions.press_orders()
    assert not pressed.has("/section/world/")
    assert not pressed.has("/feeds/world.rss")
    assert "Ferry runs again" in pressed.text("/section/abroad/")
    assert "Abroad" in pressed.text(f"/news/{story.news_id}/")


def test_the_papers_new_name_is_on_every_page(pressed: PressedFolder) -> None:
    story = newsroom.published()
    paper = Paper.load()
    paper.name = "The Harbour Post"
    paper.save()
    actions.press_orders()
    for address in ("/", "/404.html", f"/news/{story.news_id}/", "/feeds/all.rss"):
        assert "The Harbour Post" in pressed.text(address), address


def test_pressing_again_changes_nothing(pressed: PressedFolder) -> None:
    newsroom.published(topics=[newsroom.topic()])
    actions.order_everything()
    actions.press_orders()
    before = {path: path.stat().st_mtime_ns for path in pressed.root.rglob("*") if path.is_file()}
    count = actions.order_everything()
    outcome = actions.press_orders()
    after = {path: path.stat().st_mtime_ns for path in pressed.root.rglob("*") if path.is_file()}
    assert after == before
    assert outcome.failed == 0
    assert outcome.total == count
    assert PressedFile.objects.count() == outcome.pressed


def test_one_sheet_by_hand(pressed: PressedFolder) -> None:
    actions.press(Sheet("robots", ""))
    assert "Sitemap: https://paper.example/sitemap.xml" in pressed.text("/robots.txt")
    assert not PressOrder.objects.filter(kind="robots").exists()
    with pytest.raises(KeyError):
        actions.press(Sheet("no such kind", ""))


def test_pressing_inside_a_transaction_is_refused(pressed: PressedFolder) -> None:
    actions.order([Sheet("robots", "")], priority=-10)
    with transaction.atomic(), pytest.raises(RuntimeError):
        actions.press_orders()
