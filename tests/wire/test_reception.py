"""What comes through a channel: kept, queued, folded, and adopted on the channel's terms."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from broadsheet.newsroom.actions import adopt as adopting
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.stories.models import Agency, Story
from broadsheet.wire import parsers, photo_files, queue
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireBlock, WireItem, WireLink, WirePhoto
from broadsheet.wire.models import (
    Channel,
    Provenance,
    QueuedItem,
    ReceivedItem,
    Sketch,
    StoryAlert,
)
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in

pytestmark = pytest.mark.django_db

State = QueuedItem.State
TEXT = (
    "The ferry to the north island will not sail on Sundays from May on, the harbour office said "
    "on Monday, since two of its three crews have found work ashore. Islanders were told by "
    "letter. The mayor called the decision final, and said that the mail would come by helicopter."
)
OTHER = (
    "A choir of two hundred singers opened the new concert hall in the old grain store on Friday "
    "night. The hall has cost nine million and seats eleven hundred people; its organ comes next "
    "year, when the builder in the valley has finished the last of its four thousand pipes."
)


@pytest.fixture
def channel() -> Channel:
    agency = Agency.objects.create(name="Coast Press", slug="coast-press", rights="Print only")
    return Channel.objects.create(name="Coast", address="https://wire.example/", agency=agency)


def item(guid: str = "urn:coast:1", text: str = TEXT, **changes: object) -> WireItem:
    plain = WireItem(
        guid=guid,
        origin="wire.xml",
        format="NewsML-G2",
        sha256="",
        headline="No ferry on Sundays",
        body=(WireBlock("paragraph", text),),
        published=timezone.now(),
        language="en",
        **changes,  # type: ignore[arg-type]
    )
    told = repr((plain.guid, plain.version, text, plain.headline, plain.pub_status, changes))
    return replace(plain, sha256=hashlib.sha256(told.encode()).hexdigest())


def receive(
    monkeypatch: pytest.MonkeyPatch,
    channel: Channel | None,
    *items: WireItem,
    publish: bool = False,
) -> list[Outcome]:
    def parse(incoming: Incoming) -> Iterable[WireItem]:
        return items

    monkeypatch.setattr(parsers, "parse", parse)
    adopter = Adopter(Terms(publish=publish))
    return list(bring_in([Incoming(b"bytes", "wire.xml")], adopter, channel=channel))


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes]


def states() -> list[str]:
    return list(QueuedItem.objects.order_by("item_id").values_list("state", flat=True))


def test_an_item_waits_in_the_queue_with_what_the_channel_knows(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kinds(receive(monkeypatch, channel, item())) == ["queued"]
    entry = QueuedItem.objects.get()
    assert (entry.state, entry.agency, entry.intent) == (State.WAITING, "Coast Press", "new")
    assert entry.item.item.rights == "Print only"
    assert not Story.objects.exists()


def test_the_same_copy_sent_again_is_there_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kinds(receive(monkeypatch, channel, item(), item())) == ["queued", "unchanged"]
    assert QueuedItem.objects.count() == 1


def test_versions_fold_whatever_order_they_come_in(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    two, three = item(version="2", text=TEXT + " It rains."), item(version="3", text=TEXT + " Yes.")
    receive(monkeypatch, channel, item(version="1"), three, two)
    assert states() == [State.SUPERSEDED, State.WAITING, State.SUPERSEDED]


def test_the_same_text_under_another_guid_is_a_duplicate(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = receive(monkeypatch, channel, item(), item("urn:2"))
    assert kinds(outcomes) == ["queued", "duplicate"]
    entry = QueuedItem.objects.get(guid="urn:2")
    assert entry.duplicate_of is not None
    assert entry.duplicate_of.guid == "urn:coast:1"


def test_last_weeks_text_and_another_text_are_no_duplicates(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(item("urn:old"), published=timezone.now() - timedelta(days=7))
    outcomes = receive(monkeypatch, channel, old, item(), item("urn:3", OTHER))
    assert kinds(outcomes) == ["queued", "queued", "queued"]


def test_an_update_under_a_new_guid_takes_the_place_of_what_waits(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = item("urn:coast:9", TEXT + " Nobody objected.", signals=("sig:update",))
    receive(monkeypatch, channel, item(), update)
    assert states() == [State.SUPERSEDED, State.WAITING]


def test_nearly_the_same_of_another_agency_is_not_published_by_itself(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    other = item("urn:9", f"{TEXT} {OTHER[:120]}", agencies=("Hill News",))
    assert kinds(receive(monkeypatch, channel, item(), other, publish=True)) == [
        "imported",
        "queued",
    ]
    assert "nearly the same" in QueuedItem.objects.get(guid="urn:9").reason


def test_the_same_words_with_other_numbers_are_another_story(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = "The numbers drawn in the island lottery this evening were {}. The bonus ball was {}. {}"
    one = item("urn:1", draw.format("3, 14, 15, 29 and 35", 8, TEXT))
    other = item("urn:2", draw.format("1, 12, 18, 27 and 44", 5, TEXT))
    assert kinds(receive(monkeypatch, channel, one, other)) == ["queued", "queued"]
    assert states() == [State.WAITING, State.WAITING]


def test_terms_make_a_draft_or_publish(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    Channel.objects.update(adoption=Channel.Adoption.DRAFT)
    channel.refresh_from_db()
    assert kinds(receive(monkeypatch, channel, item())) == ["imported"]
    story = Story.objects.get()
    assert not story.live
    assert QueuedItem.objects.get().story == story
    assert story.printed_agencies == ["Coast Press"]
    changed = item(version="2", text=TEXT + " It rains.")
    assert kinds(receive(monkeypatch, channel, changed)) == ["updated"]
    assert Provenance.objects.filter(story=story).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"hold": "The embargo has no end a machine can read."},
        {"genre": "Advisory"},
        {"kind": "picture"},
    ],
)
def test_what_must_not_be_published_by_itself_waits_on_any_terms(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    outcomes = receive(monkeypatch, channel, item(**changes), publish=True)  # type: ignore[arg-type]
    assert kinds(outcomes) == ["queued"]
    assert QueuedItem.objects.get().held_because
    assert not Story.objects.exists()


def test_embargoed_copy_is_not_live_before_its_time_on_any_terms(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    until = timezone.now() + timedelta(hours=2)
    receive(monkeypatch, channel, item(embargoed=until), publish=True)
    story = Story.objects.get()
    assert not story.live
    assert not story.is_public()
    assert QueuedItem.objects.get().is_embargoed()


def test_a_kill_finds_every_story_marks_it_and_stops_later_use(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    receive(monkeypatch, channel, item(), publish=True)
    story = Story.objects.get()
    assert story.live
    kill = item(version="2", pub_status="stat:canceled", ed_note="The letter was forged.")
    assert kinds(receive(monkeypatch, channel, kill, publish=True)) == ["withdrawn"]
    alert = StoryAlert.objects.get()
    assert (alert.story, alert.kind, alert.said) == (story, "kill", "The letter was forged.")
    assert states() == [State.KILLED, State.NOTICE]
    late = item(version="3", text=TEXT + " It rains.")
    receive(monkeypatch, channel, late, publish=True)
    assert Story.objects.count() == 1
    entry = QueuedItem.objects.get(item__version="3")
    assert "took this copy back" in entry.reason
    with pytest.raises(WireError, match="took this copy back"):
        queue.take_up(entry, Adopter(Terms()))


def test_a_kill_without_a_guid_finds_what_it_means_by_its_slugline(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    first = item("a0512", slugline="BC-Ferry-Sundays, 1st Ld")
    other = item("a0513", OTHER, slugline="BC-Concert Hall")
    kill = item("a0600", "Kill this.", slugline="BC-Ferry-Sundays--KILL")
    receive(monkeypatch, channel, first, other, publish=True)
    with CaptureQueriesContext(connection) as asked:
        receive(monkeypatch, channel, kill, publish=True)
    looked = [query["sql"] for query in asked if '$."slugline"' in query["sql"]]
    assert len(looked) == 1 or connection.vendor != "sqlite"
    assert StoryAlert.objects.get().story == Story.objects.get(provenance__item__guid="a0512")
    assert states() == [State.KILLED, State.ADOPTED, State.NOTICE]


def test_withheld_copy_may_be_released_by_a_later_version(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    withheld = item(version="2", pub_status="stat:withheld")
    usable = item(version="3", pub_status="stat:usable", text=TEXT + " It rains.")
    receive(monkeypatch, channel, item(), withheld, usable)
    assert states() == [State.KILLED, State.NOTICE, State.WAITING]


def test_what_comes_for_a_story_the_desk_edited_warns_the_desk(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    receive(monkeypatch, channel, item(), publish=True)
    story = Story.objects.get()
    story.headline = "No Sunday ferry"
    story.save_revision()
    receive(monkeypatch, channel, item(version="2", text=OTHER), publish=True)
    assert StoryAlert.objects.get().kind == "update"
    assert Story.objects.get().headline == "No ferry on Sundays"
    assert QueuedItem.objects.get(item__version="2").state == State.WAITING


def test_an_item_that_names_what_it_replaces_updates_that_story(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.adoption = Channel.Adoption.DRAFT
    receive(monkeypatch, channel, item())
    newer = item("urn:coast:77", OTHER, links=(WireLink("replaces", "urn:coast:1"),))
    assert kinds(receive(monkeypatch, channel, newer)) == ["updated"]
    assert Story.objects.count() == 1


def test_an_import_folds_agency_copy_and_acts_on_kills_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kill = item(version="2", pub_status="canceled")
    outcomes = receive(monkeypatch, None, item(), item("urn:2"), kill)
    assert kinds(outcomes) == ["imported", "duplicate", "withdrawn"]
    assert StoryAlert.objects.count() == 1
    assert not QueuedItem.objects.exists()


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="asks for the plan of SQLite")
def test_looking_for_the_same_text_asks_no_more_of_a_large_archive(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = ReceivedItem.objects.all().keep(item("urn:any", OTHER), b"bytes")
    Sketch.objects.bulk_create(
        Sketch(value=number, item=received) for number in range(0, 2**32, 2**32 // 20_000)
    )
    with CaptureQueriesContext(connection) as queries:
        receive(monkeypatch, channel, item())
    (asked,) = [each["sql"] for each in queries if '"wire_sketch"."value" IN (' in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "SEARCH wire_sketch USING COVERING INDEX sketch_value" in plan


def test_a_parser_that_fails_stops_nothing_else(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(incoming: Incoming) -> Iterable[WireItem]:
        if incoming.origin == "bad":
            raise RecursionError
        return [item()]

    monkeypatch.setattr(parsers, "parse", parse)
    files = [Incoming(b"x", "bad"), Incoming(b"y", "good")]
    outcomes = list(bring_in(files, Adopter(), channel=channel))
    assert kinds(outcomes) == ["refused", "queued"]
    assert outcomes[0].origin == "bad"


@pytest.mark.parametrize("error", [RuntimeError, IntegrityError])
def test_what_no_story_could_be_made_of_by_a_fault_of_ours_waits_in_the_queue(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    channel.adoption = Channel.Adoption.PUBLISH
    channel.save()

    def failing(*_: object, **__: object) -> None:
        raise error("the disk is full")

    monkeypatch.setattr(adopting, "write", failing)
    (outcome,) = receive(monkeypatch, channel, item(), publish=True)
    assert (outcome.kind, outcome.error) == ("queued", "")
    entry = QueuedItem.objects.get()
    assert entry.state == State.WAITING
    assert "waits in the queue" in entry.reason
    assert channel.faults.get().said == entry.reason
    assert not Story.objects.exists()


def test_a_channel_says_what_went_wrong_until_it_goes_well(channel: Channel) -> None:
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    for _ in range(60):
        channel.went_wrong("No answer.", {}, pause=timedelta(minutes=7), at=at)
    assert channel.next_poll_at == at + timedelta(minutes=7)
    assert (channel.failures, channel.faults.count(), channel.is_late) == (60, 50, True)
    channel.went_well({"etag": "x"}, items=1, at=at)
    assert (channel.failures, channel.last_error, channel.last_item_at) == (0, "", at)


def test_one_process_takes_a_look_at_a_time(channel: Channel) -> None:
    other = Channel.objects.get(pk=channel.pk)
    assert channel.claim()
    assert not other.claim()
    assert not Channel.objects.due().exists()


def test_photos_wait_with_their_item_and_become_the_storys(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "JPEG")
    photo = WirePhoto(caption="The pier", url="pier.jpg")
    incoming = Incoming(b"bytes", "wire.xml", beside={"pier.jpg": drawn.getvalue()}.get)

    def parse(_: Incoming) -> list[WireItem]:
        return [item(photos=(photo,))]

    monkeypatch.setattr(parsers, "parse", parse)
    list(bring_in([incoming], Adopter(), channel=channel))
    entry = QueuedItem.objects.get()
    kept = entry.item.item
    assert kept.photos[0].content is None
    assert photo_files.with_bytes(kept).photos[0].content == drawn.getvalue()
    adopted = queue.take_up(entry, Adopter())
    (shown,) = Story.objects.get(pk=adopted.news_id).photos.all()
    assert (shown.caption, shown.picture.width) == ("The pier", 60)
    entry.item.erase("A court said so.")
    assert photo_files.with_bytes(kept).photos[0].content is None
