"""The pages of the wire queue: lists, filters, the item as it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.actions.adopt import Terms
from broadsheet.newsroom.wire_desk import comparing, queue_reading
from broadsheet.stories.models import Paper, Section, Story
from broadsheet.wire.items import WireBlock, WirePhoto
from broadsheet.wire.models import Channel, QueuedItem
from newsroom.test_wire_queue import (
    QUEUE,
    State,
    act,
    body_of,
    in_three_hours,
    menu_of,
    now,
    shown,
)
from newsroom.wire_at_desk import BRIDGE, CHOIR, FERRY, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_files(settings: Any, tmp_path: Path) -> Path:
    """Keep what is stored apart from other tests."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_the_queue_is_shown_newest_first_with_what_is_not_plain_news(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    end = in_three_hours()
    enter("urn:1", urgency=2, slugline="FERRY-SUNDAY", section="Transport")
    enter("urn:2", CHOIR, headline="تالار تازه", language="fa", embargoed=end)
    held = enter("urn:3", BRIDGE, headline="Diary", hold="For planning only.")
    wire_queue.take(held, user=people["editor"])
    client = at_desk("reporter")
    assert shown(client) == ["Diary", "تالار تازه", "No ferry on Sundays"]
    page = client.get(QUEUE).content.decode()
    for words in ("Embargo until", "Held", "For planning only.", "FERRY-SUNDAY", "Transport"):
        assert words in page
    assert 'lang="fa" dir="rtl">تالار تازه</a>' in page
    assert "<bdi>editor</bdi>" in page


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ({"q": "ferry sunday"}, ["Ferry"]),
        ({"agency": "Inland News"}, ["Hall"]),
        ({"language": "fa"}, ["Hall"]),
        ({"section": "Culture"}, ["Hall"]),
        ({"intent": "advisory"}, ["Diary"]),
        ({"urgency": "2"}, ["Ferry"]),
        ({"words_from": "15", "words_to": "26"}, ["Diary"]),
        ({"state": "dismissed"}, ["Old"]),
        ({"state": "all"}, ["Diary", "Hall", "Ferry", "Old"]),
        ({"state": "mine"}, ["Diary"]),
        ({"received_to": "2020-01-01T00:00"}, []),
        ({"received_from": "2020-01-01T00:00"}, ["Diary", "Hall", "Ferry"]),
        ({"agency": "Nobody Press"}, []),
        ({"urgency": "many"}, []),
        ({"q": "\x00%_\\'"}, []),
    ],
)
def test_filters_narrow_the_queue(
    query: dict[str, str],
    headlines: list[str],
    at_desk: Callable[[str], Client],
    people: dict[str, User],
) -> None:
    old = enter("urn:0", "A tram stops.", headline="Old")
    wire_queue.dismiss(old, user=people["editor"])
    enter("urn:1", urgency=2, slugline="FERRY-SUNDAY", headline="Ferry")
    hall: dict[str, Any] = {"language": "fa", "agencies": ("Inland News",), "section": "Culture"}
    enter("urn:2", CHOIR, headline="Hall", urgency=5, **hall)
    diary = enter("urn:3", BRIDGE, headline="Diary", genre="Advisory")
    QueuedItem.objects.filter(pk=diary.pk).update(intent="advisory", words=20)
    wire_queue.take(diary, user=people["reporter"])
    assert shown(at_desk("reporter"), **query) == headlines


def test_a_channel_narrows_the_queue(at_desk: Callable[[str], Client]) -> None:
    channel = Channel.objects.create(name="Coast", address="https://wire.example/")
    enter("urn:1", channel=channel, headline="Ferry")
    enter("urn:2", CHOIR, headline="Hall")
    assert shown(at_desk("reporter"), channel=str(channel.pk)) == ["Ferry"]


def test_pages_follow_each_other_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now()
    for number in range(9):
        entry = enter(f"urn:{number}", f"Paragraph {number} says {number}.", headline=str(number))
        # Many come in the same moment.
        at_once = at - timedelta(seconds=number // 3)
        state = (State.WAITING, State.TAKEN)[number % 2]
        QueuedItem.objects.filter(pk=entry.pk).update(received_at=at_once, state=state)
    for states in (["waiting", "taken"], None):
        seen: list[int] = []
        before: int | None = None
        while True:
            page = queue_reading.page(QueuedItem.objects.all(), states, before=before, size=2)
            seen += [entry.pk for entry in page.entries]
            if (before := page.older) is None:
                break
        assert seen == list(QueuedItem.objects.newest_first().values_list("pk", flat=True))


def test_a_longer_queue_asks_no_more_questions(at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    for number in range(2):
        enter(f"urn:{number}", f"Paragraph {number}.")
    shown(client)
    with CaptureQueriesContext(connection) as few:
        shown(client)
    for number in range(2, 14):
        entry = enter(f"urn:{number}", f"Paragraph {number}.")
        wire_queue.take(entry, user=User.objects.get(username="editor"))
    with CaptureQueriesContext(connection) as many:
        assert len(shown(client)) == 14
    assert len(many) == len(few)


def test_new_rows_are_told_apart(at_desk: Callable[[str], Client]) -> None:
    client = at_desk("reporter")
    first = enter("urn:1")
    QueuedItem.objects.update(received_at=timezone.now() - timedelta(hours=1))
    enter("urn:2", CHOIR, headline="Hall", section="Culture")
    answer = client.get(f"{QUEUE}new/", {"after": str(first.pk)}).content.decode()
    assert "Hall" in answer
    assert "No ferry" not in answer
    narrowed = client.get(f"{QUEUE}new/", {"after": str(first.pk), "section": "Sports"})
    assert "Hall" not in narrowed.content.decode()
    for odd in ("", "x", "9" * 40, "-1"):
        assert "<tr" not in client.get(f"{QUEUE}new/", {"after": odd}).content.decode()


def test_many_are_taken_and_dismissed_at_once(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    client = at_desk("reporter")
    one, two, held = enter("urn:1"), enter("urn:2", CHOIR), enter("urn:3", BRIDGE)
    wire_queue.take(held, user=people["editor"])
    page = act(client, "take", one, two, held)
    assert "2 items are yours." in page
    assert "editor has taken" in page
    assert "1 item dismissed." in act(client, "dismiss", one)
    assert [now(each).state for each in (one, two)] == [State.DISMISSED, State.TAKEN]
    assert "Choose items first." in act(client, "take")
    assert "Nothing was done" in act(client, "explode", two)


def test_from_the_queue_to_one_story(at_desk: Callable[[str], Client], section: Section) -> None:
    client = at_desk("reporter")
    one, two = enter("urn:1", headline="Ferry"), enter("urn:2", CHOIR, headline="Hall")
    page = act(client, "combine", one, two)
    assert "Which item leads?" in page
    keys = {"item": [one.pk, two.pk], "main": one.pk, "section": "world"}
    response = client.post(f"{QUEUE}combine/", keys)
    story = Story.objects.get()
    assert response["Location"] == f"/newsroom/stories/edit/{story.pk}/"
    assert (story.headline, story.section) == ("Ferry", section)
    again = client.post(f"{QUEUE}combine/", keys, follow=True)
    assert "nothing to decide" in again.content.decode()
    assert Story.objects.count() == 1


def test_from_an_item_to_its_story(at_desk: Callable[[str], Client], section: Section) -> None:
    one, two = enter("urn:1"), enter("urn:2", CHOIR, headline="Hall")
    client = at_desk("reporter")
    page = client.get(f"{QUEUE}{one.pk}/").content.decode()
    assert "Adopt as a draft" in page
    assert "Adopt and publish" not in page
    assert client.post(f"{QUEUE}{one.pk}/adopt/", {"section": "world"})["Location"].startswith(
        "/newsroom/stories/edit/"
    )
    story = Story.objects.get()
    page = client.get(f"{QUEUE}{two.pk}/add/", {"q": str(story.pk)}).content.decode()
    assert story.headline in page
    client.post(f"{QUEUE}{two.pk}/add/", {"story": str(story.pk)})
    assert len(body_of(story)) == 3
    assert "has edited" not in client.get(f"{QUEUE}{two.pk}/").content.decode()
    refused = client.post(f"{QUEUE}{two.pk}/adopt/", {"publish": "1"}, follow=True)
    assert refused.status_code == 200
    assert Story.objects.count() == 1


def test_who_may_open_which_page(at_desk: Callable[[str], Client]) -> None:
    entry = enter("urn:1")
    pages = ["", "new/", "combine/", f"{entry.pk}/", f"{entry.pk}/add/", f"{entry.pk}/raw/"]
    for role, may in (("reporter", True), ("editor", True), ("moderator", False)):
        client = at_desk(role)
        for page in pages:
            response = client.get(QUEUE + page)
            assert (response.status_code == 200) is may, (role, page)
    assert at_desk("moderator").post(f"{QUEUE}{entry.pk}/adopt/").status_code == 302
    assert Client().get(QUEUE)["Location"].startswith("/newsroom/login/")
    assert Story.objects.count() == 0


def test_an_item_is_shown_as_it_came_and_harms_nobody(at_desk: Callable[[str], Client]) -> None:
    photo = WirePhoto(caption="A boat", credit="Jo Blum", url="https://pictures.example/boat.jpg")
    entry = enter(
        "urn:1",
        language="fa",
        headline="<script>alert(1)</script>",
        body=(
            WireBlock("heading", "A <b>heading</b>"),
            WireBlock("paragraph", 'Go <a href="javascript:alert(2)" onclick="alert(3)">there</a>'),
            WireBlock("list", "<ul><li>One<img src='https://tracker.example/p.gif'></li></ul>"),
            WireBlock("embed", "https://video.example/<script>"),
            WireBlock("photo", "p1"),
        ),
        photos=(replace(photo, key="p1"),),
        ed_note="Corrects the day.",
        pub_status="usable",
        signals=("sig:update",),
        oddities=("The time has no zone.",),
        info_sources=("Harbour office",),
    )
    page = at_desk("reporter").get(f"{QUEUE}{entry.pk}/").content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    assert "<b>heading</b>" in article
    assert 'dir="rtl"' in article
    assert "https://pictures.example/boat.jpg" in article
    for harm in ("<script", "onclick", "javascript:", "<img"):
        assert harm not in article
    for words in ("Corrects the day.", "usable", "sig:update", "no zone.", "Harbour office"):
        assert words in page


def test_versions_are_compared_word_by_word(at_desk: Callable[[str], Client]) -> None:
    enter("urn:1", FERRY, version="1")
    entry = enter("urn:1", FERRY.replace("two of its three", "all of its"), version="2")
    page = at_desk("reporter").get(f"{QUEUE}{entry.pk}/").content.decode()
    assert "<ins>all</ins>" in page
    assert "<del> three</del>" in page or "<del>three </del>" in page
    assert "Superseded" in page


def test_what_is_compared_is_bounded_and_whole() -> None:
    words = "a b " * 3000
    both = comparing.compared(["one", words], ["one", words + "c"])
    told = [piece for paragraph in both for piece in paragraph]
    assert "".join(each.text for each in told if each.kind != "out") == "one" + words + "c"
    assert "".join(each.text for each in told if each.kind != "in") == "one" + words
    many = [f"paragraph {number}" for number in range(5000)]
    (*_, last) = comparing.compared(many, [*many[:-1], "the end"])
    assert last[-1].text.endswith("the end")


def test_the_bytes_can_be_had_and_are_never_a_page(at_desk: Callable[[str], Client]) -> None:
    entry = enter("urn:1", raw=b"<html><script>alert(1)</script>")
    answer = at_desk("reporter").get(f"{QUEUE}{entry.pk}/raw/")
    assert answer.content == b"<html><script>alert(1)</script>"
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_picture_that_came_along_is_drawn_anew_and_goes_with_the_story(
    at_desk: Callable[[str], Client], people: dict[str, User], kept_files: Path
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (2000, 20), "red").save(drawn, format="PNG")
    photos = (
        WirePhoto("A boat", key="a", content=drawn.getvalue(), file_name="boat.png"),
        WirePhoto("B", key="b", content=b"no picture"),
        WirePhoto("C", key="c"),
    )
    entry, main = enter("urn:1", photos=photos), enter("urn:2", CHOIR)
    client = at_desk("reporter")
    page = client.get(f"{QUEUE}{entry.pk}/").content.decode()
    assert f"{QUEUE}{entry.pk}/photo/0/" in page
    assert f"{QUEUE}{entry.pk}/photo/2/" not in page
    answer = client.get(f"{QUEUE}{entry.pk}/photo/0/")
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.width) == ("JPEG", 1200)
    for number in (1, 2, 3):
        assert client.get(f"{QUEUE}{entry.pk}/photo/{number}/").status_code == 404
    story = wire_queue.combine([main, entry], user=people["reporter"], terms=Terms())
    rows = story.get_latest_revision_as_object().photos.all()
    assert [(row.caption, row.picture is not None) for row in rows] == [
        ("A boat", True), ("B", False), ("C", False),
    ]  # fmt: skip


def test_an_erased_item_is_still_there(at_desk: Callable[[str], Client], people: Any) -> None:
    entry = enter("urn:1")
    entry.item.erase("A court said so")
    page = at_desk("editor").get(f"{QUEUE}{entry.pk}/").content.decode()
    assert "A court said so" in page
    assert "Adopt as a draft" not in page


def test_times_are_the_paper_s(at_desk: Callable[[str], Client]) -> None:
    paper = Paper.load()
    paper.time_zone = "Asia/Tehran"
    paper.save()
    entry = enter("urn:1")
    QueuedItem.objects.update(received_at=datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    for page in (QUEUE, f"{QUEUE}new/?after={entry.pk - 1}"):
        assert "3:30 p.m." in at_desk("reporter").get(page).content.decode()


def test_administrators_can_give_what_the_queue_asks_for(
    at_desk: Callable[[str], Client],
) -> None:
    page = at_desk("administrator").get("/newsroom/groups/new/").content.decode()
    for words in ("Can take, adopt and dismiss items in the queue", "Can settle alerts"):
        assert words in page


def test_a_story_leads_to_what_it_was_made_of(
    at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    entry = enter("urn:1")
    adopted = wire_queue.adopt(entry, user=people["editor"], terms=Terms())
    form = at_desk("editor").get(f"/newsroom/stories/edit/{adopted.news_id}/").content.decode()
    assert f'href="{QUEUE}{entry.pk}/"' in form


def test_the_menu_has_the_wire_first(at_desk: Callable[[str], Client]) -> None:
    names = menu_of(at_desk("reporter"))
    assert names.index("wire") + 1 == names.index("stories")
    assert "wire" not in menu_of(at_desk("moderator"))
