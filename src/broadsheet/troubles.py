"""Troubles: what this paper leans on outside itself and does not get at the moment.

Whoever leans on something registers a probe when it starts (``AppConfig.ready``): the cache, the
bell, the store of pressed pages, the mirror of it. The worker of each node asks the probes and
tells all others. Who meets a failure before the next probe notes it here, for his own process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

What = Literal["store", "cache", "bell", "mirror"]
# Asks something of its own and returns what is wrong in one sentence, or an empty text. May take
# some seconds; what it raises is what is wrong.
Probe = Callable[[], str]

_FORGOTTEN_AFTER_S = 30.0


@dataclass(frozen=True)
class Trouble:
    """One thing that does not work: what, since when (seconds since 1970), and how that shows."""

    what: str
    since: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def read(rows: Iterable[Any]) -> tuple[Trouble, ...]:
    """Return the troubles that ``as_json`` wrote, without what cannot be read as one."""
    found = []
    for row in rows:
        try:
            found.append(Trouble(str(row["what"]), float(row["since"]), str(row["reason"])))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(found)


_probes: dict[What, Probe] = {}


def register(what: What, probe: Probe) -> None:
    """Have every worker ask ``probe`` how ``what`` is from now on; the last to register counts."""
    _probes[what] = probe


class Watch:
    """Asks the probes, and knows since when each of them has found something wrong."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._since: dict[str, float] = {}

    def look(self) -> tuple[Trouble, ...]:
        """Ask every probe, one after the other, and return what is wrong."""
        found = []
        for what, probe in list(_probes.items()):
            try:
                reason = probe()
            except Exception as error:  # noqa: BLE001 - whatever it is, that is what is wrong
                reason = f"{type(error).__name__}: {error}"
            if reason:
                if what not in self._since:
                    self._since[what] = self._clock()
                found.append(Trouble(what, self._since[what], reason))
            else:
                self._since.pop(what, None)
        return tuple(found)


_met: dict[str, tuple[Trouble, float]] = {}
_met_lock = threading.Lock()


def meet(what: What, reason: str) -> None:
    """Note that ``what`` failed in this process just now."""
    now = time.time()
    with _met_lock:
        before = _met.get(what)
        fresh = before is not None and now - before[1] < _FORGOTTEN_AFTER_S
        since = before[0].since if before is not None and fresh else now
        _met[what] = (Trouble(what, since, reason), now)


def over(what: What) -> None:
    """Note that ``what`` worked in this process just now."""
    if what in _met:
        with _met_lock:
            _met.pop(what, None)


def met() -> tuple[Trouble, ...]:
    """Return what failed in this process within half a minute and has not worked since."""
    now = time.time()
    with _met_lock:
        return tuple(trouble for trouble, at in _met.values() if now - at < _FORGOTTEN_AFTER_S)
