"""Bulk: many orders that nobody waits for, drawn by several processes (``press.hands``).

    the next orders are drawn and written by the hands
    meanwhile those before them are put in place, entered in the ledger and struck out

It goes on until somebody waits for a sheet, or so few are left that one process does as well.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence

from broadsheet import garbage
from broadsheet.press import ledger, orders
from broadsheet.press.hands import Asked, Hands, HandsLostError
from broadsheet.press.making import standing
from broadsheet.press.models import PressOrder
from broadsheet.press.pressing import Outcome, press_batch, store
from broadsheet.press.sheets import Sheet, in_order, kind_of, kinds

log = logging.getLogger(__name__)

# To start the hands takes as long as to press some hundred stories.
MANY = 1_000
# For each hand and turn: a third of a second, which is how long an urgent order waits behind it.
_A_TURN = 128

# So many are read ahead, lest sheets of the same stories come in turns far apart.
_AHEAD = 8_192

# A hand that is lost (for want of memory, say) may be lost again.
_NOT_AGAIN_FOR_S = 600.0

_count = os.cpu_count() or 1
_hands: Hands | None = None
_not_before = 0.0


def is_worth_it(below: int) -> bool:
    """Tell whether many orders are due, and all of a priority ``below`` this."""
    if time.monotonic() < _not_before:
        return False
    first = orders.due().values_list("priority", flat=True).first()
    return first is not None and first < below and orders.due()[MANY - 1 : MANY].exists()


def leave_room() -> None:
    """Have one hand fewer from now on than there are processors, but one at the least.

    For whoever presses beside those who serve readers: a hand takes a processor and a hundred
    megabytes.
    """
    global _count  # noqa: PLW0603 - one set of hands a process
    _count = max(1, (os.cpu_count() or 1) - 1)


def has_hands() -> bool:
    """Tell whether this process keeps others that press a bulk."""
    return _hands is not None


def let_go() -> None:
    """Let the hands go, and their memory with them."""
    global _hands  # noqa: PLW0603 - one set of hands a process
    if _hands is not None:
        _hands.close(store())
        _hands = None


@garbage.seldom_looked_for()
def press(below: int, most: int | None, tell: Callable[[Outcome], None]) -> Outcome:
    """Press what is due and has a priority ``below`` this, about ``most`` sheets where that is set.

    The caller holds the press lock. ``tell`` is told what has been done so far, again and again.
    Ends early where somebody orders what does not wait, and where a hand is lost, which is
    logged: its orders are still there. Raises what :func:`press_batch` raises.
    """
    global _not_before  # noqa: PLW0603 - of the whole process
    done = Outcome()
    under_way: list[PressOrder] = []
    ahead: list[PressOrder] = []
    try:
        while True:
            more = most is None or done.total < most
            batch = _next(below, under_way, ahead) if more else []
            if batch:
                _ready().ask(_asked(batch))
            if under_way:
                done += press_batch(under_way, by_hands=_ready().answer())
                tell(done)
            under_way = batch
            if not batch:
                return done
    except (HandsLostError, OSError) as error:
        log.warning("pressing goes on in one process: %s", error)
        _not_before = time.monotonic() + _NOT_AGAIN_FOR_S
        let_go()
        return done
    except BaseException:
        let_go()
        raise


def _ready() -> Hands:
    global _hands  # noqa: PLW0603 - one set of hands a process
    if _hands is None:
        _hands = Hands(_count)
    return _hands


def _next(below: int, under_way: Sequence[PressOrder], ahead: list[PressOrder]) -> list[PressOrder]:
    """Take the orders that come next from those ``ahead``, which are read again where none is left.

    None where somebody waits, or one of them cannot be left to the hands.
    """
    size = _A_TURN * _count
    if any(order.priority >= below for order in orders.first_due(1)):
        return []
    if not ahead:
        ahead += _ahead(size, under_way)
    batch = ahead[:size]
    del ahead[:size]
    return batch


def _ahead(size: int, under_way: Sequence[PressOrder]) -> list[PressOrder]:
    taken = [order.pk for order in under_way]
    due = list(orders.due().exclude(pk__in=taken)[:_AHEAD])
    known = {kind.name for kind in kinds()}
    strange = (place for place, each in enumerate(due) if each.kind not in known)
    due = due[: next(strange, len(due))]
    return _as_drawn(due) if len(due) >= size else []


def _as_drawn(due: Sequence[PressOrder]) -> list[PressOrder]:
    """Return ``due`` by priority, and within that what shows the same one after the other."""
    place = {sheet: number for number, sheet in enumerate(in_order(map(_sheet, due)))}
    near: dict[Sheet, str] = {}
    for kind in kinds():
        keys = [order.key for order in due if order.kind == kind.name]
        near |= {Sheet(kind.name, key): name for key, name in kind.near(keys).items()}

    def turn(order: PressOrder) -> tuple[int, str, int]:
        sheet = _sheet(order)
        return -order.priority, near.get(sheet, ""), place[sheet]

    return sorted(due, key=turn)


def _sheet(order: PressOrder) -> Sheet:
    return Sheet(order.kind, order.key)


def _asked(batch: Sequence[PressOrder]) -> list[Asked]:
    apart = [sheet for sheet in map(_sheet, batch) if kind_of(sheet).apart]
    asked = []
    for sheet, rows in ledger.entries(apart).items():
        address = kind_of(sheet).address(sheet.key)
        row = next((each for each in rows if each.address == address), None)
        asked.append(Asked(sheet, standing(row)))
    return asked
