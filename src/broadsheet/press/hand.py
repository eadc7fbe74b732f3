"""A hand: what a process does that draws for the one which holds the press lock.

Imported before Django is set up in the new process, so that whatever needs it comes later.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import traceback
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from broadsheet import allocator, garbage

if TYPE_CHECKING:
    from broadsheet.press.hands import Answer, Asked
    from broadsheet.press.store import Store

log = logging.getLogger(__name__)

# The press must not take the processor from those who serve readers.
_NICE = 5
# A feed shows thirty whole stories, which are read together with those of so many: most of twelve
# topics, which have many of them in common.
_LISTS_AT_ONCE = 48
# A day shows all of its stories, and no other sheet shows them again.
_DAYS_AT_ONCE = 12
# The newest stories of one language, as the three formats of a feed write them: the feeds of its
# topics, which follow each other, show each of them some five times.
_PIECES = 48 * 1024 * 1024
# A feed is larger, and is not to leave holes in the memory of each hand.
_BYTES = 256 * 1024


def work_together(ends: Sequence[Connection]) -> None:
    """Be a hand, and fork one for every further end."""
    # Ctrl-C reaches all that belong to a terminal. Whoever presses lets its hands go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    allocator.keep_lean(_BYTES)
    import django

    django.setup()
    from broadsheet.press import pieces
    from broadsheet.press.warm import warm_up

    warm_up()
    pieces.make_room(_PIECES)
    with suppress(OSError):
        os.nice(_NICE)
    gc.collect()
    gc.freeze()
    gc.set_threshold(garbage.FEW_LOOKS)
    children = []
    for number in range(1, len(ends)):
        child = os.fork()
        if not child:
            # Another's end that stays open here would hide from it that nobody asks any more.
            for other, end in enumerate(ends):
                if other != number:
                    end.close()
            try:
                _work(ends[number])
            finally:
                os._exit(0)
        children.append(child)
    for end in ends[1:]:
        end.close()
    _work(ends[0])
    for child in children:
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _work(end: Connection) -> None:
    from broadsheet.press.pressing import store

    while True:
        try:
            asked: Sequence[Asked] = end.recv()
        except (EOFError, OSError):
            return
        try:
            answer: Answer | str = _answer(store(), asked)
        except Exception as error:
            log.exception("a hand of the press could not begin")
            answer = f"{type(error).__name__}: {error}"
        try:
            end.send(answer)
        except OSError:
            return


def _answer(store: Store, asked: Sequence[Asked]) -> Answer:
    from broadsheet.press import loading
    from broadsheet.press.hands import Failed
    from broadsheet.press.making import foresee, made_and_written
    from broadsheet.press.reading import one_reading
    from broadsheet.press.sheets import kind_of

    store.syncs = False
    answer: Answer = {}
    lists = any(kind_of(each.sheet).of_pieces for each in asked)
    pages = all("story" in (each.sheet.kind, kind_of(each.sheet).beside) for each in asked)
    size = len(asked) if pages else _LISTS_AT_ONCE if lists else _DAYS_AT_ONCE
    for start in range(0, len(asked), size):
        some = asked[start : start + size]
        with one_reading():
            # Lists show much the same stories as the next ones, pages of stories do not.
            if not lists:
                loading.keep_nothing()
            foresee([each.sheet for each in some])
            for each in some:
                try:
                    answer[each.sheet] = made_and_written(store, each.sheet, each.was)
                except Exception as error:  # noqa: BLE001 - kept with the order by who asked
                    told = f"{type(error).__name__}: {error}"
                    answer[each.sheet] = Failed(each.sheet, told, traceback.format_exc())
    if not pages:
        # Stories that were kept for a while leave more cycles behind than any page.
        gc.collect()
        allocator.give_back()
    return answer
