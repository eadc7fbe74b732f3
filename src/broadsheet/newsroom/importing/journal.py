"""How far an import has come, so that one that was interrupted goes on and ends the same.

The journal counts records in the order in which they are read, which is the same each time
the same files are read. It is written a little behind what is stored: the few records in
between are read once more, are found to be there, and count as what they were.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from broadsheet.newsroom.importing.reconciliation import Reconciliation
from broadsheet.wire.models import Provenance
from broadsheet.wire.pipeline import Outcome

_EVERY_S = 1.0
# At most so many records are stored and not yet in the journal.
_MOST_BETWEEN = 50


@dataclass
class Journal:
    """The state of one import: what was read of which files, and the counts so far."""

    path: Path
    files: list[list[Any]]
    started: datetime = field(default_factory=timezone.now)
    done: int = 0
    accounts: Reconciliation = field(default_factory=Reconciliation)
    overlap_until: int = 0
    is_kept: bool = True
    _written: float = 0.0

    @classmethod
    def open(cls, files: Iterable[Path], *, resume: bool) -> Journal:
        """Return the journal of an import of ``files``: that of the earlier run, or a new one.

        Files that have changed since are other files: their import begins anew.
        """
        named = [_stamp(file) for file in files]
        key = hashlib.sha256(json.dumps([name for name, *_ in named]).encode()).hexdigest()[:16]
        path = Path(settings.HOME) / "imports" / f"{key}.json"
        known = _read(path)
        if not resume or known is None or known["files"] != named:
            return cls(path, named)
        journal = cls(
            path,
            named,
            datetime.fromisoformat(known["started"]),
            int(known["done"]),
            Reconciliation.of_values(known["counts"]),
        )
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
        if now - self._written >= _EVERY_S or self.done % _MOST_BETWEEN == 0:
            self.write()
            self._written = now
        return outcome

    def write(self) -> None:
        """Write the state to disk, unless nothing is (``is_kept``)."""
        if not self.is_kept:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".tmp")
        beside.write_text(
            json.dumps(
                {
                    "files": self.files,
                    "started": self.started.isoformat(),
                    "done": self.done,
                    "counts": self.accounts.as_values(),
                }
            )
        )
        beside.replace(self.path)

    def close(self) -> None:
        """Forget the state: the import came to its end."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _as_it_was(self, outcome: Outcome) -> Outcome:
        uses = Provenance.objects.filter(news_id=outcome.news_id, adopted_at__gte=self.started)
        if outcome.news_id is None or not uses.exists():
            return outcome
        return replace(outcome, kind="imported")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        values: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return values


def _stamp(file: Path) -> list[Any]:
    """Return what a file is known by: its path, size and time of change."""
    try:
        stat = file.stat()
    except OSError:
        return [str(file), 0, 0]
    return [str(file.resolve()), stat.st_size, stat.st_mtime_ns]
