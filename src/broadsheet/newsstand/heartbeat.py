"""The background worker's sign of life: a small file in the home that it writes anew."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from broadsheet.troubles import Trouble

# Twice a second is written; this long a silence is a worker that is gone or stopped.
SILENCE_S = 15.0


@dataclass(frozen=True)
class Beat:
    """What the worker said last. Times are seconds since 1970; ``duty`` is what it is busy with.

    ``troubles`` is what it lacks, for ``troubles.read``.
    """

    pid: int
    at: float
    duty: str
    since: float
    troubles: list[dict[str, Any]] = field(default_factory=list)

    @property
    def age(self) -> float:
        """Seconds since it was written."""
        return max(0.0, time.time() - self.at)

    @property
    def alive(self) -> bool:
        """Tell whether the worker can be taken to run."""
        return self.age < SILENCE_S


def _file() -> Path:
    return Path(settings.RUN_ROOT) / "worker.json"


def write(duty: str, since: float, troubles: Sequence[Trouble] = ()) -> None:
    """Say that this process is the worker, busy with ``duty`` since then, and what it lacks."""
    file = _file()
    fresh = file.with_name(f".{file.name}-{os.getpid()}")
    lacks = [trouble.as_json() for trouble in troubles]
    beat = Beat(os.getpid(), time.time(), duty, since, lacks)
    fresh.write_text(json.dumps(asdict(beat)), "utf-8")
    fresh.replace(file)


def read() -> Beat | None:
    """Return what the worker said last, or ``None`` where none has run."""
    try:
        return Beat(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def clear() -> None:
    """Take the sign away: the worker has stopped in good order."""
    _file().unlink(missing_ok=True)
