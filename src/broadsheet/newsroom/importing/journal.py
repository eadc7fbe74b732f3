"""How far an import has come, so that one that was interrupted goes on and ends the same.

The journal counts records in the order in which they are read, which is the same each time
the same files are read. Where many records are stored together, it is written with them; else
a little behind what is stored: the few records in between are read once more, are found to be
there, and count as what they were.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from broadsheet.newsroom.importing.reconciliation import Reconciliation
from broadsheet.newsroom.models import ImportState
from broadsheet.wire.models import Provenance
from broadsheet.wire.outcomes import Outcome

_EVERY_S = 1.0
# At most so many records are stored and not yet in the journal.
_MOST_BETWEEN = 50


@dataclass
class Journal:
    """The state of one import: what was read of which files, and the counts so far."""

    key: str
    stamp: str
    started: datetime = field(default_factory=timezone.now)
    done: int = 0
    accounts: Reconciliation = field(default_factory=Reconciliation)
    overlap_until: int = 0
    is_kept: bool = True
    _written: float = 0.0
    _is_held: bool = False

    @classmethod
    def open(cls, files: Iterable[Path], *, resume: bool) -> Journal:
        """Return the journal of an import of ``files``: that of the earlier run, or a new one.

        Files that have changed since are other files: their import begins anew.
        """
        named = [_stamp(file) for file in files]
        key = _digest([name for name, *_ in named])[:16]
        stamp = _digest(named)
        known = ImportState.objects.filter(pk=key, stamp=stamp).first()
        if not resume or known is None:
            return cls(key, stamp)
        accounts = Reconciliation.of_values(known.counts)
        journal = cls(key, stamp, known.started, known.done, accounts)
        journal.overlap_until = journal.done + _MOST_BETWEEN
        return journal

    @classmethod
    def is_interrupted(cls, files: Iterable[Path]) -> int:
        """Return how many records an earlier run over ``files`` had done when it stopped, or 0."""
        return cls.open(files, resume=True).done

    def add(self, outcome: Outcome) -> Outcome:
        """Count ``outcome``, the next one; return it as it counts."""
        if self.done < self.overlap_until and outcome.kind == "unchanged":
            outcome = self._as_it_was(outcome)
        self.done += 1
        self.accounts.add(outcome)
        now = time.monotonic()
        if not self._is_held and (
            now - self._written >= _EVERY_S or self.done % _MOST_BETWEEN == 0
        ):
            self.write()
            self._written = now
        return outcome

    @contextmanager
    def written_once(self) -> Generator[None]:
        """Write what the block adds at its end, in the caller's transaction.

        Where the block raises, nothing was added.
        """
        before = self.done, self.accounts.as_values()
        self._is_held = True
        try:
            yield
            self.write()
        except BaseException:
            self.done, self.accounts = before[0], Reconciliation.of_values(before[1])
            raise
        finally:
            self._is_held = False

    def write(self) -> None:
        """Write the state to the database, unless nothing is (``is_kept``)."""
        if not self.is_kept:
            return
        ImportState.objects.update_or_create(
            key=self.key,
            defaults={
                "stamp": self.stamp,
                "started": self.started,
                "done": self.done,
                "counts": self.accounts.as_values(),
            },
        )

    def close(self) -> None:
        """Forget the state: the import came to its end."""
        ImportState.objects.filter(pk=self.key).delete()

    def _as_it_was(self, outcome: Outcome) -> Outcome:
        uses = Provenance.objects.filter(news_id=outcome.news_id, adopted_at__gte=self.started)
        if outcome.news_id is None or not uses.exists():
            return outcome
        return replace(outcome, kind="imported")


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _stamp(file: Path) -> list[Any]:
    """Return what a file is known by: its path, size and time of change."""
    try:
        stat = file.stat()
    except OSError:
        return [str(file), 0, 0]
    return [str(file.resolve()), stat.st_size, stat.st_mtime_ns]
