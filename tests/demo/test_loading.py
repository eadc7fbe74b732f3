from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from broadsheet.demo import desk, loading, premises, samples
from broadsheet.letters.models import Letter
from broadsheet.stories import news_ids
from broadsheet.stories.models import Front, StandingPage, Story

NOW = datetime.now(UTC).replace(microsecond=0)
EXPECTED = samples.stories()
SAVED_PAGE = 3187


@pytest.fixture
def own_media(settings: LazySettings, tmp_path: Path) -> None:
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

    # What a user does stays, however often the demo is started.
    mine = Story.objects.create(
        headline="Mine", section=Story.objects.get(pk=4701).section, live=False
    )
    assert mine.news_id == max(story.news_id for story in EXPECTED) + 1
    Story.objects.get(pk=4706).delete()
    Story.objects.filter(pk=4701).update(headline="Edited")
    assert loading.load(NOW + timedelta(days=1)) == 0
    assert Story.objects.get(pk=4701).headline == "Edited"
    assert Story.objects.filter(pk=mine.news_id).exists()
    assert not Story.objects.filter(pk=4706).exists()


def check_the_paper() -> None:
    public = set(Story.objects.public().values_list("pk", flat=True))
    assert public == {s.news_id for s in EXPECTED if s.state == "published"} | {SAVED_PAGE}
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
    assert news_ids.allocate()[0] > max(story.news_id for story in EXPECTED)
    news_ids.NewsIdCounter.objects.update(last=max(story.news_id for story in EXPECTED))


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
