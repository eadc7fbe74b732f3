"""A story reaches every place readers look at within a second, and leaves them as fast."""

from __future__ import annotations

import gzip
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import brotli
import pytest
import requests
from PIL import Image

from flows.desk import Desk, photo
from flows.papers import RunningPaper, ask, pending, soon, start, stop

pytestmark = pytest.mark.flow
PROMISED_SECONDS = 1.0
# Long enough that all is looked at before, on a busy machine too.
AHEAD = timedelta(seconds=15)
_FEEDS = [
    f"/feeds/{name}.{kind}"
    for name in ("all", "world", "topic/water", "en")
    for kind in ("rss", "atom", "json")
]


@pytest.fixture(scope="module")
def desk(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An editor in the newsroom of a served paper on which one story stands."""
    folder = tmp_path_factory.mktemp("publication")
    home = Path(shutil.copytree(town, folder / "home"))
    paper = start(home, "serve", folder / "printed.txt")
    try:
        editor = Desk(paper)
        # The lists stand, so that what is missing there is not so for want of a page.
        editor.publish("Permanent")
        soon(lambda: not pending(home))
        yield editor
    finally:
        stop(paper)


@pytest.fixture(scope="module")
def picture(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> int:
    file = tmp_path_factory.mktemp("picture") / "lock.png"
    Image.new("RGB", (1000, 700), "#3a6ea5").save(file)
    return desk.upload("Lock", file)


@dataclass(frozen=True)
class Place:
    """Somewhere a reader may meet a story."""

    path: str
    status: int
    shows: bool


def look(paper: RunningPaper, news_id: int, headline: str) -> Iterator[Place]:
    """Look everywhere for a story, the newest of the paper where it is public.

    The search comes last: who asks it too often is refused.
    """
    day = datetime.now(UTC).strftime("/archive/%Y/%m/%d/")
    paths = [f"/news/{news_id}/", f"/news/{news_id}.json", "/", "/section/world/", day]
    paths += ["/topic/water/", "/by/mira-doe/", *_FEEDS, "/sitemaps/0.xml", "/sitemap-news.xml"]
    paths.append(f"/search/?q={headline}")
    for path in paths:
        answer = paper.get(path)
        # Where a story shows, it shows its address; search repeats the words of any question.
        there = answer.status_code == requests.codes.ok and f"/news/{news_id}/" in answer.text
        yield Place(path, answer.status_code, there)


def absent(paper: RunningPaper, news_id: int, headline: str) -> list[Place]:
    """Return the first place where the story is missing, if it is anywhere."""
    return [*islice((each for each in look(paper, news_id, headline) if not each.shows), 1)]


def everywhere(paper: RunningPaper, news_id: int, headline: str) -> bool:
    return not absent(paper, news_id, headline)


def nowhere(paper: RunningPaper, news_id: int, headline: str) -> bool:
    return not any(place.shows for place in look(paper, news_id, headline))


def traces(home: Path, news_id: int, headline: str) -> list[str]:
    """Return the pressed files that hold anything of a story, whether a page leads there or not."""
    root = home / "pressed"
    found = []
    for file in root.rglob("*"):
        if not file.is_file():
            continue
        content = file.read_bytes()
        if file.suffix in {".gz", ".br"}:
            content = (gzip if file.suffix == ".gz" else brotli).decompress(content)
        name = file.relative_to(root).as_posix()
        if headline.encode() in content or name.startswith(f"photos/{news_id}/"):
            found.append(name)
    return sorted(found)


def within_a_second(desk: Desk, news_id: int, headline: str, *, shown: bool) -> None:
    answered = time.monotonic()
    while True:
        missing = [p for p in look(desk.paper, news_id, headline) if p.shows is not shown]
        if not missing or time.monotonic() - answered > PROMISED_SECONDS:
            break
    assert not missing


def test_published_everywhere_within_a_second_and_gone_as_fast(desk: Desk, picture: int) -> None:
    desk.publish("Lighthouse", **photo(picture, "The lock at noon."))
    news_id = desk.news_id("Lighthouse")
    within_a_second(desk, news_id, "Lighthouse", shown=True)
    photos = [file for file in traces(desk.paper.home, news_id, "Lighthouse") if "photos/" in file]
    assert photos
    assert all(desk.paper.get(f"/{file}").status_code == 200 for file in photos)

    desk.unpublish(news_id)
    within_a_second(desk, news_id, "Lighthouse", shown=False)
    assert desk.paper.get(f"/news/{news_id}/").status_code == 410
    assert desk.paper.get(f"/news/{news_id}.json").status_code == 410
    assert traces(desk.paper.home, news_id, "Lighthouse") == []
    for file in photos:
        gone = desk.paper.get(f"/{file}")
        assert gone.status_code in {404, 410}
    # What stood beside it stands still.
    assert absent(desk.paper, desk.news_id("Permanent"), "Permanent") == []


def test_nobody_sees_a_story_before_its_time(desk: Desk, picture: int) -> None:
    moment = datetime.now(UTC) + AHEAD
    at = moment.strftime("%Y-%m-%d %H:%M:%S")
    shot = photo(picture, "Not before its time.")
    desk.publish("Embargoed", embargo_until=at, **shot)
    desk.publish("Scheduled", go_live_at=at, **shot)
    desk.publish("Expiring", expire_at=at, **shot)
    early = {name: desk.news_id(name) for name in ("Embargoed", "Scheduled")}
    expiring = desk.news_id("Expiring")
    # The worker may be pressing what it has read the sources of.
    soon(lambda: everywhere(desk.paper, expiring, "Expiring"))

    for headline, news_id in early.items():
        assert not [place for place in look(desk.paper, news_id, headline) if place.shows]
        assert traces(desk.paper.home, news_id, headline) == []
        for path in (f"/news/{news_id}/", f"/news/{news_id}.json", f"/letters/{news_id}/"):
            assert desk.paper.get(path).status_code == 404, path
        assert headline not in desk.paper.get(f"/letters/{news_id}/").text
        _for_the_desk_only(desk, news_id, headline)
    uploads = [path for path in (desk.paper.home / "media").rglob("*") if path.is_file()]
    assert uploads
    for file in uploads:
        path = "/newsroom/media/" + file.relative_to(desk.paper.home / "media").as_posix()
        assert desk.paper.get(path).status_code == 302
    assert datetime.now(UTC) < moment, "looking took too long to say anything"

    soon(lambda: all(everywhere(desk.paper, number, name) for name, number in early.items()))
    assert datetime.now(UTC) >= moment
    soon(lambda: nowhere(desk.paper, expiring, "Expiring"))
    assert desk.paper.get(f"/news/{expiring}/").status_code == 410
    soon(lambda: traces(desk.paper.home, expiring, "Expiring") == [])


def _for_the_desk_only(desk: Desk, news_id: int, headline: str) -> None:
    ((revision,),) = ask(
        desk.paper.home,
        "SELECT max(r.id) FROM wagtailcore_revision r JOIN django_content_type c "
        "ON c.id = r.content_type_id WHERE c.model = 'story' AND r.object_id = ?",
        str(news_id),
    )
    for path in (
        f"/newsroom/stories/edit/{news_id}/",
        f"/newsroom/stories/history/{news_id}/",
        f"/newsroom/stories/history/{news_id}/revisions/{revision}/view/",
    ):
        stranger = desk.paper.get(path)
        assert stranger.status_code == 302, path
        assert "/newsroom/login/" in stranger.headers["Location"]
        insider = desk.get(path)
        assert insider.status_code == 200, path
        assert headline in insider.text, path


def test_an_embargo_put_on_a_public_story_takes_it_away(desk: Desk) -> None:
    desk.publish("Hasty")
    news_id = desk.news_id("Hasty")
    soon(lambda: everywhere(desk.paper, news_id, "Hasty"))
    later = datetime.now(UTC) + timedelta(hours=1)
    desk.republish(news_id, embargo_until=later.strftime("%Y-%m-%d %H:%M:%S"))
    within_a_second(desk, news_id, "Hasty", shown=False)
    assert traces(desk.paper.home, news_id, "Hasty") == []
