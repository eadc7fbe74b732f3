"""The paper in PostgreSQL: what SQLite's one writer does by itself must be asked for there.

Two desks, or two nodes, are at work at the same time. `make test-postgres` runs every other test
on PostgreSQL as well.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from broadsheet.accounts.models import User
from broadsheet.letters import keys, rates
from broadsheet.letters.models import Letter, RateCount
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.press import actions, orders
from broadsheet.press.models import PressOrder
from broadsheet.press.sheets import Sheet
from broadsheet.pressed_paths import file_of
from broadsheet.search import index
from broadsheet.stories import news_ids
from broadsheet.stories.models import Section, Story
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.models import QueuedItem, ReceivedItem
from broadsheet.wire.pipeline import bring_in
from newsroom import wire_at_desk

pytestmark = pytest.mark.usefixtures("on_postgresql")
_WITHIN_S = 60


@pytest.fixture(scope="session")
def postgresql_template(migrated_postgresql: str) -> str:
    """A database with every table."""
    return migrated_postgresql


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.PRESSED_ROOT = tmp_path / "pressed"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RUN_ROOT = tmp_path / "run"
    # Made for the database of the other tests.
    index.engine.cache_clear()


@pytest.fixture
def story() -> Story:
    section = Section.objects.create(name="World", slug="world")
    made: Story = Story.objects.create(headline="No ferry on Sundays", section=section)
    made.save_revision().publish()
    return made


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Have each of ``works`` done in a thread of its own; return what they returned or raised."""
    begin = threading.Barrier(len(works), timeout=_WITHIN_S)
    told: list[Any] = [None] * len(works)

    def work(place: int) -> None:
        try:
            connection.ensure_connection()
            begin.wait()
            told[place] = works[place]()
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            told[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_WITHIN_S)
    return told


def test_news_ids_are_given_once_from_the_first_on() -> None:
    news_ids.NewsIdCounter.objects.all().delete()

    def allocate() -> list[int]:
        return [number for _ in range(10) for number in news_ids.allocate(2)]

    told = at_once(allocate, allocate, allocate)
    assert sorted(chain.from_iterable(told)) == list(range(1, 61))


def test_orders_of_the_same_sheets_do_not_wait_for_each_other_in_a_circle() -> None:
    sheets = [Sheet("story", str(number)) for number in range(40)]

    def order(these: list[Sheet]) -> Callable[[], None]:
        def write() -> None:
            for _ in range(10):
                orders.write(these)

        return write

    def strike() -> None:
        for _ in range(10):
            with transaction.atomic():
                orders.strike_out(list(PressOrder.objects.order_by("?")))

    assert at_once(order(sheets), order(sheets[::-1]), strike) == [None] * 3
    orders.write(sheets)
    assert PressOrder.objects.filter(kind="story").count() == len(sheets)


def test_an_order_that_is_renewed_while_it_is_pressed_stays() -> None:
    orders.write([Sheet("story", "1")])
    being_pressed = list(PressOrder.objects.all())
    written, struck = threading.Event(), threading.Event()

    def renew() -> None:
        with transaction.atomic():
            orders.write([Sheet("story", "1")])
            written.set()
            # The other waits for this row.
            struck.wait(0.5)

    def strike() -> None:
        written.wait(_WITHIN_S)
        with transaction.atomic():
            orders.strike_out(being_pressed)
        struck.set()

    assert at_once(renew, strike) == [None, None]
    assert PressOrder.objects.get().turn == being_pressed[0].turn + 1


def _page(text: str) -> Incoming:
    return Incoming(text.encode(), "story.txt")


def test_the_same_copy_at_two_nodes_makes_one_story() -> None:
    Section.objects.create(name="World", slug="world")
    copy = f"{wire_at_desk.FERRY}\n\n{wire_at_desk.CHOIR}\n\n{wire_at_desk.BRIDGE}\n"

    def take_in() -> list[str]:
        adopt = Adopter(Terms(section="World", publish=True))
        return [outcome.kind for outcome in bring_in([_page(copy)], adopt)]

    told = at_once(take_in, take_in, take_in)
    assert sorted(chain.from_iterable(told)) == ["imported", "unchanged", "unchanged"]
    assert Story.objects.count() == ReceivedItem.objects.count() == 1


def test_a_name_of_a_thousand_letters_of_any_script_fits() -> None:
    # Nothing in it can be packed.
    letters = random.Random(2704).sample([chr(code) for code in range(0x4E00, 0x9FA5)], 1000)  # noqa: S311
    copy = {"uri": "".join(letters), "headline": "Ferry", "body_text": wire_at_desk.FERRY}
    incoming = Incoming(json.dumps(copy).encode(), "story.json")
    for kind in ("imported", "unchanged"):
        (outcome,) = bring_in([incoming], Adopter(Terms(section="World")))
        assert outcome.kind == kind, outcome
    wire_at_desk.enter(ReceivedItem.objects.get().guid)


def test_two_versions_at_two_nodes_make_one_story() -> None:
    Section.objects.create(name="World", slug="world")
    editor = User.objects.create_superuser("editor")
    first = wire_at_desk.enter("urn:coast:1", wire_at_desk.FERRY)
    second = wire_at_desk.enter("urn:coast:1", wire_at_desk.FERRY, wire_at_desk.CHOIR)
    QueuedItem.objects.update(state=QueuedItem.State.WAITING)

    def adopt(entry: QueuedItem) -> Callable[[], Any]:
        return lambda: wire_queue.adopt(entry, user=editor, terms=Terms(section="World"))

    at_once(adopt(first), adopt(second))
    assert Story.objects.count() == 1


def test_one_of_two_editors_takes_an_item() -> None:
    editors = [User.objects.create_superuser(name) for name in ("mira", "sol")]
    entry = wire_at_desk.enter("urn:coast:1")

    def take(editor: User) -> Callable[[], Any]:
        return lambda: wire_queue.take(entry, user=editor)

    told = at_once(*(take(editor) for editor in editors))
    assert [type(each) for each in told if isinstance(each, Exception)] == [ValidationError]
    assert QueuedItem.objects.get().taken_by in editors


def test_a_key_is_spent_once(story: Story) -> None:
    key = keys.issue(story.pk, keys.new_visitor())

    def send() -> bool:
        with transaction.atomic():
            letter = Letter.objects.create(story=story, name="R", text="Yes")
            return keys.spend(key, letter)

    assert sorted(at_once(send, send, send)) == [False, False, True]


def test_every_try_of_a_reader_is_counted() -> None:
    limit = rates.TRIES
    at_once(*[lambda: rates.count((limit, "203.0.113.7"))] * 3)
    assert sum(RateCount.objects.values_list("count", flat=True)) == 3


@pytest.mark.parametrize(
    "address",
    ["/search/?q=fer%00ry", "/search/?section=wor%00ld", "/old%00address/", "/news/1%00/"],
)
def test_no_address_of_a_reader_breaks_it(story: Story, address: str) -> None:
    assert Client().get(address).status_code in {200, 301, 302, 400, 404}


def test_what_is_found_by_does_not_wait_in_a_list_that_each_question_reads(story: Story) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list('search_public_tokens'), count(*) FROM search_public"
        )
        assert cursor.fetchone() == (0, 1)


def test_a_word_is_looked_up_and_not_sought_in_every_story() -> None:
    plans: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_public SELECT number, array_to_tsvector(ARRAY['w' || number, 'x'])"
            " FROM generate_series(1, 1000) AS number"
        )
        cursor.execute("ANALYZE search_public")
        cursor.execute("LOAD 'auto_explain'")
        for name, value in (
            ("auto_explain.log_min_duration", "0"),
            ("auto_explain.log_nested_statements", "on"),
            ("client_min_messages", "log"),
        ):
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
        connection.connection.add_notice_handler(
            lambda notice: plans.append(notice.message_primary or "")
        )
        cursor.execute(
            "SELECT * FROM search_public_places('w7'::tsquery, %s, %s)", [-(1 << 62), 1 << 62]
        )
        assert cursor.fetchall() == [(7,)]
    (plan,) = (plan for plan in plans if "tokens @@" in plan)
    assert "Index Scan on search_public_tokens" in plan
    assert "search_public_pkey" not in plan


def test_what_is_written_is_published_pressed_and_shown(story: Story, settings: Any) -> None:
    editor = User.objects.create_user("editor", password="for tests only")
    editor.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(editor)
    for path in ("/newsroom/", "/newsroom/wire/", reverse("wagtailsnippets_stories_story:list")):
        assert client.get(path, follow=True).status_code == 200, path
    actions.press_orders(wait=True)
    found = client.get("/search/?q=ferry").content.decode()
    assert f'href="{story.get_absolute_url()}"' in found
    assert (settings.PRESSED_ROOT / f"{file_of(story.get_absolute_url())}.gz").is_file()
    assert PressOrder.objects.count() == 0
