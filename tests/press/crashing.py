"""Processes that publish and are killed at a chosen moment; driven by test_crashes.py.

Django takes seconds to start, so one process starts it and forks for every task. It reads a line
of JSON, ``{"home": PATH, "database": NAME, "tasks": [[VERB, ARGUMENT…], …]}``, runs the tasks at
once, each in a process of its own, and answers with a line: exit status and output of each. The
verbs:

    publish HEADLINE [MOMENT]   publish a story, be killed at MOMENT
    withdraw [MOMENT]           unpublish every story
    recover                     what a server does when it starts
    check                       what disk, ledger and database disagree on
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from broadsheet.press import actions, ledger, pressing, store  # noqa: E402
from broadsheet.press.models import PressedFile, PressOrder  # noqa: E402
from broadsheet.pressed_paths import file_of, lies_plain  # noqa: E402
from broadsheet.stories.models import Section, Story, Topic  # noqa: E402


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_call(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, whose call number ``number`` is the end of the process."""
    # Counted in one step: the press calls some from several threads.
    calls = count(1)

    def counting(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == number:
            die()
        return function(*args, **kwargs)

    return counting


def arrange(moment: str) -> None:
    """Have this process killed at ``moment``."""
    match moment:
        case "before the commit":
            transaction.on_commit = at_call(1, transaction.on_commit)
        case "after the commit":
            setattr(actions, "press_orders", die)  # noqa: B010 - typed as it is
        case "while drawing":
            pressing._press_one = at_call(5, pressing._press_one)
        case "while storing":
            # Half of the batch has taken its place.
            setattr(os, "replace", at_call(8, os.replace))  # noqa: B010
        case "before the ledger":
            pressing._settle = die
        case "in the ledger":
            setattr(ledger, "enter", die)  # noqa: B010
        case "above the rest":
            pressing._press_above = die
        case "while writing":
            setattr(store.Store, "stage", at_call(9, store.Store.stage))  # noqa: B010
        case "while taking away":
            setattr(store.Store, "remove", at_call(2, store.Store.remove))  # noqa: B010
        case _:
            raise ValueError(moment)


def publish(headline: str) -> None:
    section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World"})
    topic, _ = Topic.objects.get_or_create(slug="water", defaults={"name": "Water"})
    with transaction.atomic():
        story = Story(headline=headline, section=section, live=False)
        story.topics = [topic]
        story.save()
        story.save_revision().publish()


def check() -> dict[str, list[str]]:
    """Press everything anew: what has to be written is what was wrong on the disk."""
    root = Path(settings.PRESSED_ROOT)

    def state() -> dict[str, int]:
        return {
            path.relative_to(root).as_posix(): path.stat().st_mtime_ns
            for path in root.rglob("*")
            if path.is_file()
        }

    waiting = [str(order) for order in PressOrder.objects.all()]
    before = state()
    entered = {
        file_of(address) + ("" if lies_plain(address) else ".gz")
        for address in PressedFile.objects.values_list("address", flat=True)
    }
    actions.order_everything()
    actions.press_orders()
    after = state()
    return {
        "waiting": waiting,
        "stale": [path for path in before if path in after and before[path] != after[path]],
        "missing": sorted(set(after) - set(before)),
        "too many": sorted(set(before) - set(after)),
        "not in the ledger": sorted(
            path for path in before if path not in entered and not path.endswith(".br")
        ),
        "headlines": sorted(Story.objects.public().values_list("headline", flat=True)),
    }


def perform(what: str, *rest: str) -> dict[str, list[str]] | None:
    match what:
        case "publish":
            if rest[1:]:
                arrange(rest[1])
            publish(rest[0])
        case "withdraw":
            if rest:
                arrange(rest[0])
            for story in Story.objects.all():
                story.unpublish()
        case "recover":
            actions.recover()
            actions.press_orders(wait=True)
        case "check":
            return check()
        case _:
            raise ValueError(what)
    return None


def in_a_child(home: Path, database: str, task: list[str]) -> tuple[int, int]:
    """Fork a process for ``task`` on a home; return its number and where its output can be read."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    status = 1
    try:
        settings.PRESSED_ROOT = home / "pressed"
        connection.settings_dict["NAME"] = database or home / "broadsheet.sqlite3"
        os.write(writer, json.dumps(perform(*task)).encode())
        status = 0
    except BaseException as error:  # noqa: BLE001 - told to the parent, which fails the test
        os.write(writer, json.dumps(repr(error)).encode())
    finally:
        os._exit(status)


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        home, database = Path(asked["home"]), asked["database"]
        children = [in_a_child(home, database, task) for task in asked["tasks"]]
        answers = []
        for child, reader in children:
            with os.fdopen(reader, "rb") as pipe:
                output = pipe.read()
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answers.append((status, json.loads(output) if output else None))
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
