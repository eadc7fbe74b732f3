"""The background worker's sign of life: a small file in the home that it writes anew."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

# Twice a second is written; this long a silence is a worker that is gone or stopped.
SILENCE_S = 15.0


@dataclass(frozen=True)
class Beat:
    """What the worker said last. Times are seconds since 1970; ``duty`` is what it is busy with."""

    pid: int
    at: float
    duty: str
    since: float

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


def write(duty: str, since: float) -> None:
    """Say that this process is the worker and busy with ``duty`` since then."""
    file = _file()
    fresh = file.with_name(f".{file.name}-{os.getpid()}")
    fresh.write_text(json.dumps(asdict(Beat(os.getpid(), time.time(), duty, since))), "utf-8")
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
