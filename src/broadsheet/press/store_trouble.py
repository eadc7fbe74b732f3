"""What is wrong with the store that the nodes share, as this node has met it.

Kept in files of the home, so that every process of the node can say it, the database or not.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

Who = Literal["press", "mirror"]


def note(who: Who, error: Exception) -> None:
    """Note that the press could not write to the store, or the mirror not read from it."""
    file = _file(who)
    since = _read(file).get("since") or time.time()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}-{time.monotonic_ns()}")
    fresh.write_text(json.dumps({"since": since, "error": str(error)}), "utf-8")
    fresh.replace(file)


def is_over(who: Who) -> None:
    """Note that it could."""
    _file(who).unlink(missing_ok=True)


def troubles(who: Who) -> bool:
    """Tell whether the last attempt to write, or to read, has failed."""
    return _file(who).exists()


def reason(who: Who) -> str:
    """Return what was wrong at the last attempt, or an empty text."""
    return str(_read(_file(who)).get("error", ""))


def since(who: Who) -> float:
    """Return since when it fails, in seconds since 1970; 0 where it does not."""
    return float(_read(_file(who)).get("since", 0.0))


def trouble() -> str | None:
    """Return a sentence that says what is wrong with the store, and since when, or ``None``."""
    if settings.PRESS_STORE is None:
        return None
    if found := _read(_file("press")):
        said = _(
            "Nothing is published or taken down at present: the store of pressed pages has not "
            "taken anything since %(time)s (%(error)s). What is waiting follows by itself."
        )
    elif found := _read(_file("mirror")):
        said = _(
            "This machine shows readers the pages of %(time)s: the store of pressed pages has "
            "given nothing since (%(error)s)."
        )
    else:
        return None
    since = timezone.localtime(datetime.fromtimestamp(float(found["since"]), UTC))
    return said % {
        "time": formats.date_format(since, "SHORT_DATETIME_FORMAT"),
        "error": str(found["error"]).rstrip("."),
    }


def _file(who: Who) -> Path:
    return Path(settings.RUN_ROOT) / f"store-trouble-{who}"


def _read(file: Path) -> dict[str, str | float]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"since", "error"} <= found.keys() else {}
