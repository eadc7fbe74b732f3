"""A paper pressed by several processes, and by one; driven by test_bulk.py, in a home of its own.

Prints what came of each way as one JSON document.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.settings")

import django

STORIES = 24  # as test_bulk.py counts them


def write_stories() -> None:
    from django.utils import timezone

    from broadsheet.stories import news_ids
    from broadsheet.stories.models import Section, Story, Topic

    section = Section.objects.create(slug="world", name="World")
    topic = Topic.objects.create(slug="water", name="Water")
    body: Any = Story._meta.get_field("body")
    for news_id in news_ids.allocate(STORIES):
        story = Story(
            news_id=news_id,
            headline=f"Story {news_id}",
            section=section,
            live=True,
            first_published_at=timezone.now(),
        )
        story.body = body.to_python([{"type": "paragraph", "value": f"<p>Text {news_id}.</p>"}])
        story.topics = [topic]
        story.save()


def press_anew(*, blocked: str = "", stories_too: bool = False) -> dict[str, Any]:
    """Press the whole paper into an empty folder and tell what came of it.

    With ``stories_too`` the stories have been ordered as well, as by an import that came after
    a new section.
    """
    from django.conf import settings

    from broadsheet.press import actions, orders, sheets
    from broadsheet.press.models import PressedFile, PressOrder

    root = Path(settings.PRESSED_ROOT)
    shutil.rmtree(root)
    PressOrder.objects.all().delete()
    PressedFile.objects.all().delete()
    if blocked:
        (root / blocked).mkdir(parents=True)
    if stories_too:
        with actions.held():
            actions.order([actions.EVERYTHING], priority=-6)
            keys = [str(number) for number in range(1, STORIES + 1)]
            orders.write([sheets.Sheet("story", key) for key in keys], priority=-6)
    else:
        actions.order_everything()
    steps: list[tuple[int, int]] = []
    outcome = actions.press_orders(progress=lambda done, total: steps.append((done, total)))
    return {"failed": outcome.failed, "total": outcome.total, "steps": steps, **told()}


def told() -> dict[str, Any]:
    """Return what is ordered, what the ledger names and what stands in the folder."""
    from django.conf import settings

    from broadsheet.press.models import PressedFile, PressOrder

    root = Path(settings.PRESSED_ROOT)
    return {
        "orders": {str(order): order.last_error for order in PressOrder.objects.all()},
        "ledger": dict(PressedFile.objects.values_list("address", "sha256")),
        "files": sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()),
    }


def children_of(pid: int) -> list[int]:
    # proc(5): the name, in brackets, may hold anything; the parent is the second word after it.
    stats = (path.read_text().rpartition(")") for path in Path("/proc").glob("[0-9]*/stat"))
    return [int(head.split()[0]) for head, _, rest in stats if int(rest.split()[1]) == pid]


def die_on_the_way() -> None:
    """Have the paper pressed by hands whose numbers are printed, and be killed meanwhile."""
    from broadsheet.press import actions, hands
    from broadsheet.press.models import PressOrder

    answer = hands.Hands.answer
    answers = 0

    def dying(self: hands.Hands) -> hands.Answer:
        nonlocal answers
        answers += 1
        if answers > 2:
            first = self._first.pid or 0
            sys.stdout.write(json.dumps([first, *children_of(first)]))
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer(self)

    hands.Hands.answer = dying  # type: ignore[method-assign]
    with actions.held():
        write_stories()
    # Those of the stories themselves do not wait.
    PressOrder.objects.all().delete()
    actions.order_everything()
    actions.press_orders()


def be_interrupted() -> None:
    """Have the paper pressed by hands, and Ctrl-C be hit meanwhile."""
    from django.core.management import call_command

    from broadsheet.press import actions, hands

    # A shell has what it runs in the background, all tests perhaps, ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    answer = hands.Hands.answer
    answers = 0

    def interrupted(self: hands.Hands) -> hands.Answer:
        nonlocal answers
        answers += 1
        if answers == 2:
            os.killpg(0, signal.SIGINT)
        return answer(self)

    hands.Hands.answer = interrupted  # type: ignore[method-assign]
    with actions.held():
        write_stories()
    actions.order_everything()
    try:
        call_command("press", json=True)
    except SystemExit as error:
        sys.stdout.write(json.dumps([error.code, told()]))


def go_on() -> None:
    from broadsheet.press import actions

    before = told()
    actions.press_orders()
    sys.stdout.write(json.dumps([before, told()]))


def main() -> None:
    django.setup()
    from broadsheet.press import actions, bulk, hands

    bulk.MANY, bulk._A_TURN = 8, 8
    if sys.argv[1:]:
        ways = {"die": die_on_the_way, "be interrupted": be_interrupted, "go on": go_on}
        ways[sys.argv[1]]()
        return
    bulk.MANY = 1_000
    with actions.held():
        write_stories()
    found = {"by one": press_anew()}
    bulk.MANY, bulk._A_TURN = 8, 8
    answers = 0
    ask, answer = hands.Hands.ask, hands.Hands.answer

    def counting(self: hands.Hands) -> hands.Answer:
        nonlocal answers
        given = answer(self)
        answers += len(given)
        return given

    hands.Hands.answer = counting  # type: ignore[method-assign]
    found["by hands"] = press_anew(blocked="news/0/7.html.gz") | {"answers": answers}

    found["ordered twice"] = press_anew(stories_too=True)

    def killing(self: hands.Hands, asked: Sequence[hands.Asked]) -> None:
        os.kill(self._first.pid or 0, signal.SIGKILL)
        ask(self, asked)

    hands.Hands.ask = killing  # type: ignore[method-assign]
    found["killed"] = press_anew() | {"again": bulk.is_worth_it(0)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
