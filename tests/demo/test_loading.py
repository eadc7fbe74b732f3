from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from broadsheet.accounts.models import User
from broadsheet.attribution import annotated, checks, register, shown
from broadsheet.attribution.kept import for_readers
from broadsheet.attribution.models import Source, StoryReading, StoryRelation
from broadsheet.attribution.relation import SourceKind
from broadsheet.demo import claims, desk, loading, premises, receiving, samples, sourcing
from broadsheet.letters.models import Letter
from broadsheet.stories import news_ids
from broadsheet.stories.models import Front, StandingPage, Story
from broadsheet.wire.models import Channel, QueuedItem, StoryAlert

NOW = datetime.now(UTC).replace(microsecond=0)
EXPECTED = samples.stories()
SAVED_PAGE = 3187
FROM_THE_WIRE = max(story.news_id for story in EXPECTED) + 1
CLAIMS = claims.every()


@pytest.fixture
def own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
@pytest.mark.usefixtures("own_media")
def test_an_interrupted_loading_is_completed_and_then_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = desk.make

    def stop_in_the_middle(sample: samples.SampleStory, started: datetime) -> Story:
        if sample.news_id == EXPECTED[9].news_id:
            made(sample, started)
            raise KeyboardInterrupt
        return made(sample, started)

    monkeypatch.setattr(desk, "make", stop_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        loading.load(NOW)
    assert Story.objects.count() == 9, "the story that was interrupted is not half there"
    monkeypatch.setattr(desk, "make", made)
    told: list[tuple[int, int]] = []
    loading.load(NOW, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told)
    check_the_paper()
    check_its_sources()
    check_the_wire()

    # What a user does stays, however often the demo is started.
    mine = Story.objects.create(
        headline="Mine", section=Story.objects.get(pk=4701).section, live=False
    )
    assert mine.news_id == FROM_THE_WIRE + 1
    Story.objects.get(pk=4706).delete()
    Story.objects.filter(pk=4701).update(headline="Edited")
    assert loading.load(NOW + timedelta(days=1)) == 0
    assert Story.objects.get(pk=4701).headline == "Edited"
    assert Story.objects.filter(pk=mine.news_id).exists()
    assert not Story.objects.filter(pk=4706).exists()


def check_its_sources() -> None:
    stories = Story.objects.in_bulk()
    editor = User.objects.get(username="editor")
    found = {each.news_id: shown.view(for_readers(stories[each.news_id])) for each in CLAIMS}
    for each in CLAIMS:
        marked = annotated.read(each.path).relations
        rows = StoryRelation.objects.filter(story=each.news_id)
        assert len(rows) == len(marked), each.path.name
        assert {row.decided_by for row in rows} == ({editor} if each.reviewed else {None})
        if each.reviewed:
            assert found[each.news_id].state == shown.State.REVIEWED
            assert len([*found[each.news_id].facts()]) == len(marked), each.path.name
    facts = [claim for each in found.values() for claim in each.facts()]
    assert any(len(claim.own) > 2 for claim in facts)
    assert any(claim.chain[0].kind == SourceKind.UNNAMED for claim in facts)
    assert any(claim.relation.hedges for claim in facts)
    assert any(claim.inside for claim in facts)
    assert any(claim.said for claim in facts)
    assert any(claim.happened for claim in facts)
    assert shown.view(for_readers(stories[SAVED_PAGE])).state == shown.State.NOT_RECORDED

    (waiting,) = (each for each in CLAIMS if not each.reviewed)
    assert "dangling" in {each.check for each in checks.run(stories[waiting.news_id]).findings}
    mahtab = register.resolve("خبرگزاری مهتاب", "fa")
    assert mahtab == register.resolve("the Mahtab News Agency", "en")
    assert mahtab is not None
    assert mahtab.agency is not None
    assert Source.objects.filter(proposed=True).exists()
    assert StoryReading.objects.waiting().count() > len(CLAIMS)


def check_the_wire() -> None:
    state = QueuedItem.State
    items = {(item.headline, item.item.version): item for item in QueuedItem.objects.all()}
    by_state = Counter(item.state for item in items.values())
    assert by_state == {
        state.WAITING: 9, state.SUPERSEDED: 2, state.DUPLICATE: 1, state.KILLED: 1, state.NOTICE: 1,
    }  # fmt: skip
    waiting = [item for item in items.values() if item.state == state.WAITING]
    assert Counter(item.intent for item in waiting) == {
        "new": 6, "update": 1, "correction": 1, "advisory": 1,
    }  # fmt: skip
    assert {item.language for item in waiting} == {"en", "de", "fa"}
    assert {item.item.format for item in items.values()} == {
        "NITF", "NewsML-G2", "ninjs", "ANPA 1312", "feed", "e-mail",
    }  # fmt: skip
    assert [item.embargo_until for item in waiting if item.embargo_until] == [
        NOW + timedelta(hours=6)
    ]
    (held,) = (item for item in waiting if item.held_because)
    assert (held.intent, held.agency) == ("advisory", "Meridian Press Agency")
    (mail,) = (item for item in waiting if item.item.format == "e-mail")
    (photo,) = mail.item.item.photos
    assert photo.credit == "Korrin Mountain Rescue (drawing)"
    for item in items.values():
        assert not re.search(r"\{\w+ ", item.item.content.decode("utf-8")), item.headline

    alert = StoryAlert.objects.open().get()
    assert (alert.story_id, alert.kind) == (FROM_THE_WIRE, "kill")
    assert "forged" in alert.said
    assert alert.story.section.slug == "business"
    assert alert.story.first_published_at == NOW - timedelta(hours=5, minutes=20)
    for channel in Channel.objects.all():
        channel.full_clean()
        assert Path(channel.address).is_dir()
        assert channel.last_item_at


@pytest.mark.django_db
@pytest.mark.usefixtures("own_media")
def test_a_channel_that_was_deleted_gets_no_copy() -> None:
    wire = samples.wire()
    receiving.receive(wire["copy"][0], NOW)
    assert not QueuedItem.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("own_media")
def test_what_was_written_since_keeps_its_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that an earlier demo loaded has stories that were edited, and some are gone."""
    steps = list(loading.steps(NOW))
    monkeypatch.setattr(
        loading, "steps", lambda _: (each for each in steps if not each.name.startswith("claims "))
    )
    loading.load(NOW)
    edited = Story.objects.get(pk=4696).get_latest_revision_as_object()
    edited.headline = "No light on the isles"
    edited.save_revision().publish()
    Story.objects.get(pk=4686).delete()
    monkeypatch.setattr(loading, "steps", lambda _: iter(steps))
    assert loading.load(NOW) == len(CLAIMS)
    assert not StoryRelation.objects.filter(story__in=(4696, 4686)).exists()
    assert StoryRelation.objects.filter(story=4701).exists()


@pytest.mark.django_db
def test_a_source_that_is_in_the_register_stays_as_it_is() -> None:
    mine = register.propose("Clear Water", proposed=False)
    sourcing.make_source({"name": "Clear Water", "ownership_note": "Another one."})
    assert Source.objects.get() == mine
    assert Source.objects.get().ownership_note == ""


def check_the_paper() -> None:
    public = set(Story.objects.public().values_list("pk", flat=True))
    written = {sample.news_id for sample in EXPECTED if sample.state == "published"}
    assert public == written | {SAVED_PAGE, FROM_THE_WIRE}
    stories = Story.objects.in_bulk()
    for sample in EXPECTED:
        story = stories[sample.news_id]
        assert "{weekday" not in f"{story.headline}{story.lead}{story.body.raw_data!r}"
        if sample.age is not None and sample.state == "published":
            assert story.first_published_at == NOW - sample.age
        if sample.published is not None:
            assert story.first_published_at == sample.published
    by_state = {sample.state: stories[sample.news_id] for sample in EXPECTED}
    assert by_state["scheduled"].scheduled_revision is not None
    assert (by_state["embargoed"].embargo_until or NOW) > NOW
    assert by_state["embargoed"].scheduled_revision is not None
    assert by_state["submitted"].current_workflow_state is not None
    assert by_state["expired"].expired
    assert (by_state["expired"].expire_at or NOW) < NOW
    assert by_state["unpublished"].first_published_at is not None
    assert not by_state["unpublished"].live
    assert by_state["draft"].latest_revision is not None

    seals = stories[SAVED_PAGE]
    assert seals.first_published_at == datetime(2024, 3, 12, 7, 14, tzinfo=UTC)
    assert seals.photos.get().credit == "Meridian Press"
    assert len(seals.body) == 10
    assert "Captcha" not in repr(seals.body.raw_data)

    front = Front.objects.get(section=None, language="en")
    assert front.placements.first().story_id == 4701
    assert Letter.objects.all().held().count() == 3
    assert StandingPage.objects.live().count() == len(samples.pages())
    assert news_ids.allocate()[0] > FROM_THE_WIRE
    news_ids.NewsIdCounter.objects.update(last=FROM_THE_WIRE)


def test_only_an_empty_or_own_home_is_claimed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = premises.claim(home)
    (home / "broadsheet.sqlite3").write_bytes(b"")
    assert premises.claim(home) == first
    real = tmp_path / "real"
    real.mkdir()
    (real / "broadsheet.sqlite3").write_bytes(b"")
    with pytest.raises(premises.RealPaperError, match="BROADSHEET_HOME"):
        premises.claim(real)
    assert [path.name for path in real.iterdir()] == ["broadsheet.sqlite3"]
