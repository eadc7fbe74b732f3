"""Pictures are had before anything is locked, and go again where their story came to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection

from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.moving.pictures import Find, Pictures
from broadsheet.newsroom.wire_terms import adopter_for
from broadsheet.stories.models import Photo, Picture, Section, Story, Topic
from broadsheet.wire import parsers, pipeline
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto
from broadsheet.wire.models import Channel, QueuedItem
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from wire.loopback_web import answer, serving


def jpeg(side: int = 8) -> bytes:
    target = BytesIO()
    Image.new("RGB", (side, side), "#336699").save(target, "JPEG")
    return target.getvalue()


PICTURE = jpeg()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def story(*photos: WirePhoto, guid: str = "urn:coast:1") -> WireItem:
    return WireItem(
        guid=guid,
        origin="wire.xml",
        format="NewsML-G2",
        sha256=guid.encode().hex().ljust(64, "0"),
        headline="No ferry on Sundays",
        body=(WireBlock("paragraph", f"The ferry {guid} will not sail on Sundays from May on."),),
        published=timezone.now(),
        language="en",
        photos=photos,
    )


def taken(
    monkeypatch: pytest.MonkeyPatch,
    adopter: Adopter,
    *items: WireItem,
    channel: Channel | None = None,
    dry_run: bool = False,
) -> list[Outcome]:
    def parse(incoming: Incoming) -> Iterable[WireItem]:
        return items

    monkeypatch.setattr(parsers, "parse", parse)
    files = [Incoming(b"bytes", "wire.xml")]
    return list(bring_in(files, adopter, channel=channel, dry_run=dry_run))


def finding(find: Find) -> Adopter:
    return Adopter(Terms(pictures=Pictures(find)))


def noting(asked: list[str]) -> Find:
    def find(address: str) -> bytes:
        asked.append(address)
        return PICTURE

    return find


class Everywhere(dict[str, bytes]):
    """The same bytes at every address."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def __missing__(self, address: str) -> bytes:
        return self.content


def files(media: Path) -> list[str]:
    # What waits with an item in the queue is not the library's.
    return [path.name for path in (media / "original_images").rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("through", ["a channel", "an import"])
def test_others_write_while_a_picture_is_fetched(
    monkeypatch: pytest.MonkeyPatch, settings: Any, through: str
) -> None:
    """The server answers only once somebody else has written to the database."""
    Section.objects.get_or_create(slug="news", defaults={"name": "News"})
    section = Section.objects.get(slug="news")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    wrote: list[bool] = []
    with serving() as web:

        def slow(client: Any, head: str) -> None:
            try:
                Topic.objects.create(name="Meanwhile", slug=f"meanwhile-{len(wrote)}")
                wrote.append(True)
            finally:
                connection.close()
                client.sendall(answer(PICTURE, "200 OK", "Content-Type: image/jpeg"))

        web.answers["/ferry.jpg"] = slow
        settings.FETCH_PRIVATE = ["127.0.0.1"]
        settings.FETCH_PORTS = [str(web.port)]
        channel = Channel.objects.create(
            name="Coast", address="https://wire.example/", adoption="publish", section=section
        )
        outcomes = taken(
            monkeypatch,
            adopter_for(channel),
            story(WirePhoto(url=web.url("/ferry.jpg"), caption="The ferry")),
            channel=channel if through == "a channel" else None,
        )
    assert [(outcome.kind, outcome.error) for outcome in outcomes] == [("imported", "")]
    assert wrote == [True]
    assert outcomes[0].oddities == ()
    assert Photo.objects.get(story=Story.objects.get()).picture == Picture.objects.get()


@pytest.mark.django_db
def test_what_was_fetched_for_a_story_that_failed_goes_again(
    monkeypatch: pytest.MonkeyPatch, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    there: list[int] = []

    def failing(*_: Any) -> None:
        there.append(Picture.objects.count())
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(pipeline, "keep_use", failing)
    adopter = finding(Everywhere(PICTURE).__getitem__)
    photo = WirePhoto(url="https://wire.example/a.jpg")
    with django_capture_on_commit_callbacks(execute=True):
        (outcome,) = taken(monkeypatch, adopter, story(photo))
    assert (outcome.kind, there) == ("refused", [1])
    assert not Picture.objects.exists()
    assert not Story.objects.exists()
    assert files(media) == []
    monkeypatch.undo()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, PICTURE], ids=["named", "attached"])
def test_a_dry_run_fetches_nothing_and_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, media: Path, content: bytes | None
) -> None:
    asked: list[str] = []
    adopter = finding(noting(asked))
    photo = WirePhoto(url="https://wire.example/a.jpg", content=content)
    (outcome,) = taken(monkeypatch, adopter, story(photo), dry_run=True)
    assert outcome.kind == "imported"
    assert (asked, files(media), Picture.objects.count()) == ([], [], 0)


@pytest.mark.django_db
def test_what_is_fetched_once_is_there_for_both_and_asked_for_no_more_by_a_story_that_has_it(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    asked: list[str] = []
    adopter = finding(noting(asked))
    photo = WirePhoto(url="https://wire.example/a.jpg", caption="The ferry")
    one, other = story(photo), story(photo, guid="urn:coast:2")
    taken(monkeypatch, adopter, one, other, one)
    assert asked == ["https://wire.example/a.jpg"] * 2
    assert Picture.objects.count() == len(files(media)) == 1
    assert Photo.objects.filter(picture__isnull=False).count() == 2


@pytest.mark.django_db
def test_what_another_import_has_used_meanwhile_stays_and_what_it_took_back_is_missed(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    pictures = Pictures(Everywhere(PICTURE).__getitem__)
    photo = WirePhoto(url="https://wire.example/a.jpg")
    with django_capture_on_commit_callbacks(execute=True), pictures.prepared([photo]):
        (picture,) = Picture.objects.all()
        other = Story(headline="Another", section=Section.objects.create(name="A", slug="a"))
        other.photos.set([Photo(picture=picture)])
        other.save()
    assert Picture.objects.get() == picture
    assert len(files(media)) == 1
    with pictures.prepared([photo]) as keep:
        picture.delete()
        found, remarks = pictures.of(story(photo))
        keep()
    assert (found, len(remarks)) == ({}, 1)


@pytest.mark.django_db
def test_the_pictures_of_several_stories_are_kept_each_with_its_own(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """As an import does that stores many stories in one transaction, of which one fails."""
    contents = {f"https://wire.example/{side}.jpg": jpeg(side) for side in (8, 16)}
    pictures = Pictures(contents.get)
    good, bad = (WirePhoto(url=url) for url in contents)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pictures.prepared([good]),
        pictures.prepared([bad]) as keep,
    ):
        with pictures.undone_on_failure():
            pictures.of(story(good))
        with suppress(RuntimeError), pictures.undone_on_failure():
            pictures.of(story(bad))
            raise RuntimeError
        keep()
    assert Picture.objects.get().width == 8
    assert len(files(media)) == 1


@pytest.mark.django_db
def test_what_cannot_be_fetched_or_read_is_said_once_and_the_story_comes_in(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    adopter = finding(Everywhere(b"no picture").__getitem__)
    (outcome,) = taken(
        monkeypatch, adopter, story(WirePhoto(url="https://wire.example/a.jpg", caption="A"))
    )
    assert outcome.kind == "imported"
    assert [said for said in outcome.oddities if "a.jpg" in said]
    assert files(media) == []
    assert not QueuedItem.objects.exists()
