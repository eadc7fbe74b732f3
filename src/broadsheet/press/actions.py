"""What the other rooms ask of the press, one verb each.

with transaction.atomic():
    … change something …
    order_story(story)         # rows in the same transaction
# after the commit: pressed, by this process or by whoever holds the press lock
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from broadsheet import bell
from broadsheet.object_stores import StoreDownError
from broadsheet.press import bulk, dependents, ledger, orders, photos, recovery, shared_store
from broadsheet.press.lock import press_lock
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.press.pressing import Outcome, press_batch
from broadsheet.press.sheets import EVERYTHING, Sheet, SheetKind, kind_of, kinds
from broadsheet.stories.models import Story, ties

__all__ = [
    "EVERYTHING",
    "NotPressedError",
    "Outcome",
    "end_bulk",
    "held",
    "is_bulk_waiting",
    "order",
    "order_due",
    "order_everything",
    "order_stories",
    "order_story",
    "press",
    "press_orders",
    "recover",
    "unhurried",
]

log = logging.getLogger(__name__)

# What a request presses itself. A publication orders some thirty sheets and each raises a few
# above it; what goes beyond, or has a low priority, is left to the worker.
_IN_REQUEST = 120
_IN_REQUEST_LEAST = -4
# Small enough that an urgent order does not wait long behind a batch, large enough that a
# batch's one commit to disk costs little.
_BATCH = 40

# Stories that somebody may wait for, and the priority of those that nobody does.
_A_FEW = 40
_IN_BULK = -6

_COUNT_EVERY_S = 2.0
# Orders that are written together.
_WRITTEN = 20_000

_held: ContextVar[bool] = ContextVar("press_held", default=False)
_unhurried: ContextVar[bool] = ContextVar("press_unhurried", default=False)


class NotPressedError(RuntimeError):
    """A sheet that was asked for by name could not be pressed; the message says why."""


@contextmanager
def held() -> Generator[None]:
    """Write orders but press none of them by themselves until the end of the block.

    For a command that publishes many stories and calls :func:`press_orders` at its end.
    """
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def unhurried() -> Generator[None]:
    """Order stories in the block as :func:`order_stories` orders many, however few come at once.

    For an archive that comes in: nobody waits for one of its stories, not even for those that
    must be dealt with one by one.
    """
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


def order(sheets: Iterable[Sheet], *, priority: int = 0) -> None:
    """Have ``sheets`` pressed once the caller's transaction has committed.

    The orders are part of that transaction. Priorities below -4 are left to the worker.
    """
    with transaction.atomic():
        if orders.write(sheets, priority=priority):
            here = priority >= _IN_REQUEST_LEAST
            transaction.on_commit(_press_after_commit if here else _wake_the_workers, robust=True)


def _press_after_commit() -> None:
    # Robust: what happened is committed, and a press that fails must not make it look undone.
    if not _held.get():
        press_orders(limit=_IN_REQUEST, least=_IN_REQUEST_LEAST)
        # What is too much for a request, or lies behind somebody else's lock.
        if bell.hangs() and orders.first_due(1):
            bell.ring("orders")


def _wake_the_workers() -> None:
    bell.ring("orders")


def order_story(story: Story, *, priority: int = 0) -> None:
    """Have everything pressed that shows ``story`` now, or did when it was last pressed."""
    order_stories([story], priority=priority)


def order_stories(stories: Iterable[Story], *, priority: int = 0) -> None:
    """Have everything pressed that shows any of ``stories`` now, or did when last pressed.

    Of so many that nobody can be waiting for each, what appears is left to the worker, and their
    lists come after all of them; what readers must not see any more has ``priority`` as ever.
    """
    now: set[Sheet] = set()
    hidden: set[Sheet] = set()
    keys = []
    for story in stories:
        keys.append(str(story.news_id))
        sheets = dependents.of(story)
        now |= sheets
        if not story.is_public():
            hidden |= sheets
    before = ledger.shown_on("story", keys)
    # A photo's key names its bytes: one that stands already, and stays, is the same again.
    stay = {sheet for sheet in (now & before) - hidden if sheet.kind == photos.KIND.name}
    wanted = (now | before) - stay
    if len(keys) <= _A_FEW and not _unhurried.get():
        order(wanted, priority=priority)
        return
    order(wanted & hidden, priority=priority)
    of_stories = {sheet for sheet in wanted - hidden if _is_of_one_story(sheet)}
    order(of_stories, priority=min(priority, _IN_BULK))
    order(wanted - hidden - of_stories, priority=min(priority, _IN_BULK) - 1)


def _is_of_one_story(sheet: Sheet) -> bool:
    try:
        kind = kind_of(sheet)
    except KeyError:
        return False
    return "story" in (kind.name, kind.beside) or kind.name == photos.KIND.name


def order_everything(*, priority: int = -10) -> int:
    """Have every sheet of the paper pressed, and every file that has no place any more removed.

    Returns how many sheets that are. They are ordered a few thousand at a time, each of which is
    there when it has been written: half a million in one piece would keep everybody else from
    writing for as long as they take. Whoever asks again has them ordered again.
    """
    at, count = timezone.now(), 0
    groups: dict[str, list[SheetKind]] = {}
    for kind in kinds():
        groups.setdefault(kind.beside or kind.name, []).append(kind)
    known = {kind.name for kind in kinds()}
    for group in groups.values():
        # A kind at a time, and its keys alone: of 200,000 stories, sheets would be memory.
        keys = {kind.name: set(kind.all_keys()) for kind in group}
        for some in _slices(sorted(set().union(*keys.values()))):
            now = [Sheet(name, key) for key in some for name in keys if key in keys[name]]
            count += orders.write(now, priority=priority, at=at)
        # Last: an old style sheet must stay until no page asks for it.
        count += orders.write(_left(keys), priority=priority - 5, at=at)
    stray = PressedFile.objects.exclude(kind__in=known).values_list("kind", "key")
    count += orders.write({Sheet(*pair) for pair in stray}, priority=priority - 5, at=at)
    transaction.on_commit(_wake_the_workers, robust=True)
    return count


def _left(keys: dict[str, set[str]]) -> set[Sheet]:
    """Return the pressed sheets of some kinds that are not among their ``keys``."""
    rows = PressedFile.objects.filter(kind__in=keys).values_list("kind", "key")
    return {Sheet(kind, key) for kind, key in rows.iterator() if key not in keys[kind]}


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _WRITTEN] for start in range(0, len(keys), _WRITTEN))


def is_bulk_waiting() -> bool:
    """Tell whether so much is due, and nobody waits for it, that several processes will press it.

    They stay for the next :func:`press_orders` with a ``limit``; :func:`end_bulk` lets them go.
    """
    return bulk.is_worth_it(_IN_REQUEST_LEAST)


def end_bulk() -> None:
    """Let the processes go that have pressed a bulk; does nothing where there are none."""
    bulk.let_go()


def press_orders(
    *,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    least: int | None = None,
    wait: bool = False,
) -> Outcome:
    """Press what is ordered and due, at most ``limit`` sheets, unless somebody else presses.

    ``progress`` is told how many sheets are done and how many there are in all, which may grow
    meanwhile. ``least`` leaves lower priorities alone. Where another process holds the press
    lock this returns at once: that one looks for new orders again after it has let the lock go,
    so that an order written before this call is not left lying; with ``wait`` this waits for
    it. Where the store that nodes share is in trouble (``store_trouble.trouble`` tells), it ends
    early and the orders stay as they are. Raises ``RuntimeError`` inside a transaction.
    """
    outcome = Outcome()
    try:
        while limit is None or outcome.total < limit:
            with press_lock(wait=wait) as mine:
                if not mine or not shared_store.takes():
                    return outcome
                before = outcome.total
                outcome += _work_off(limit, outcome, progress, least)
            # The lock is let go: who found it taken a moment ago has gone away again.
            if outcome.total == before or not orders.first_due(1, least=least):
                break
    finally:
        if limit is None:
            bulk.let_go()
    return outcome


def _work_off(
    limit: int | None,
    so_far: Outcome,
    progress: Callable[[int, int], None] | None,
    least: int | None,
) -> Outcome:
    done = Outcome()
    counted_at, total = 0.0, 0

    def tell(more: Outcome) -> None:
        nonlocal counted_at, total
        bell.ring("pressed")
        if progress is None:
            return
        finished = so_far.total + done.total + more.total
        # Counting what is left of 400,000 orders takes as long as pressing a few.
        if total <= finished or time.monotonic() - counted_at > _COUNT_EVERY_S:
            counted_at = time.monotonic()
            total = finished + orders.due(least=least).count()
        progress(finished, total)

    last = False
    # What is ordered during the last batch is looked for once the lock is let go.
    while not last and (limit is None or so_far.total + done.total < limit):
        many = limit is None or limit - so_far.total - done.total >= bulk.MANY
        if least is None and many and bulk.is_worth_it(_IN_REQUEST_LEAST):
            # Before the bulk, or what is drawn in it would be drawn once more after it.
            _write_out(list(orders.due().filter(kind=EVERYTHING.kind)))
            rest = None if limit is None else limit - so_far.total - done.total
            try:
                done += bulk.press(_IN_REQUEST_LEAST, rest, tell)
            except StoreDownError as error:
                log.warning("the store of pressed files takes nothing, pressing halts: %s", error)
                break
        # A turn of the bulk is taken whole, and may have been more than was left to do.
        left = _BATCH if limit is None else max(0, limit - so_far.total - done.total)
        size = min(_BATCH, left)
        batch = orders.first_due(size, least=least)
        if not batch:
            break
        wholesale = [each for each in batch if each.kind == EVERYTHING.kind]
        _write_out(wholesale)
        # What is due beyond this batch may change the same months and sitemaps again.
        last = len(batch) < size and not wholesale
        try:
            done += press_batch([each for each in batch if each not in wholesale], last=last)
        except StoreDownError as error:
            log.warning("the store of pressed files takes nothing, pressing halts: %s", error)
            break
        tell(Outcome())
    return done


def _write_out(wholesale: Sequence[PressOrder]) -> None:
    """Write the orders that ``wholesale`` ones stand for, and strike those out when it is done."""
    if wholesale:
        order_everything()
        with transaction.atomic(durable=True):
            orders.strike_out(wholesale)


def press(sheet: Sheet) -> None:
    """Press one sheet now, whoever else wants the press.

    Raises ``KeyError`` for a kind nobody registered and :class:`NotPressedError` where the
    sheet cannot be made; its order stays then, for another attempt.
    """
    kind_of(sheet)
    orders.write([sheet], priority=100)
    with press_lock(wait=True):
        waiting = list(PressOrder.objects.filter(kind=sheet.kind, key=sheet.key))
        try:
            failed = waiting and press_batch(waiting, last=True).failed
        except StoreDownError as error:
            raise NotPressedError(f"{sheet.kind} {sheet.key}: {error}") from error
        if failed:
            waiting[0].refresh_from_db()
            raise NotPressedError(f"{sheet.kind} {sheet.key}: {waiting[0].last_error}")


def order_due(now: datetime | None = None, *, priority: int = 0) -> int:
    """Order the stories that time alone has made public or taken away by ``now``.

    An expiry or the end of an embargo passes without anybody saving anything. Sheets that hold
    a date of their own (the news sitemap, security.txt) are ordered as well. Returns how many
    stories that were. For the worker, about once a minute.
    """
    order(recovery.sheets_of_the_clock(now), priority=priority)
    return _order_all(recovery.changed_by_time(now), priority)


def recover(*, whole_store: bool = False) -> int:
    """Compare database, ledger and disk, and order what they disagree on.

    Where nodes share a store, ``whole_store`` compares that as well, every file of it; raises
    ``StoreDownError`` then, where it does not answer.

    For the start of a server or worker, after a crash, a restore or a hand in the folder.
    Returns how many sheets are ordered now, those from before included. It presses nothing.
    """
    with press_lock(wait=True):
        lost = recovery.sheets_that_disagree(whole_store=whole_store)
        while some := list(islice(lost, _WRITTEN)):
            order(some, priority=-5)
    if recovery.fronts_are_others() or recovery.assets_are_new():
        order_everything()
    _list_undated()
    _order_all(recovery.stories_that_disagree(), -5)
    return PressOrder.objects.count()


def _list_undated() -> None:
    rest = iter(ties.undated())
    while some := list(islice(rest, 500)):
        with transaction.atomic():
            ties.date(some)
            _order_all(some, -5)


def _order_all(news_ids: Iterable[int], priority: int) -> int:
    count, rest = 0, iter(news_ids)
    while some := list(islice(rest, 500)):
        count += len(some)
        with transaction.atomic():
            stories = Story.objects.filter(pk__in=some).prefetch_related(
                "topics", "bylines__byline"
            )
            order_stories(stories, priority=priority)
            # Of a story whose row is gone, the ledger alone knows.
            order(ledger.shown_on("story", map(str, some)), priority=priority)
    return count
