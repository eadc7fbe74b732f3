"""The demo's home: marked before anything else is in it, so that no real paper is taken for one.

The mark also keeps the moment of the first start. All sample times are counted from it: a
loading that was interrupted goes on as though it had not been.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

_MARK = "demo-newspaper"
_SENTENCE = "This home holds Broadsheet's sample newspaper. First started:"


class RealPaperError(RuntimeError):
    """The home holds something that the demo did not make."""


def claim(home: Path, *, database: str = "") -> datetime:
    """Mark ``home`` as the demo's, or find it marked; return when it was first started, in UTC.

    Raises :class:`RealPaperError` for a folder that holds anything else, and where the home is
    new but ``database``, the name of one on a server, holds a paper.
    """
    mark = home / _MARK
    if mark.is_file():
        return datetime.fromisoformat(mark.read_text("utf-8").splitlines()[-1])
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise RealPaperError(
            f"{home} is not empty, and the sample newspaper did not make it. Set BROADSHEET_HOME "
            "to a new folder for the demo; a paper of your own is served by `broadsheet serve`."
        )
    if database:
        raise RealPaperError(
            f"The database {database} holds a paper, and the sample newspaper of {home} did not "
            "make it. Unset DATABASE_URL for the demo, or give it an empty database."
        )
    now = datetime.now(UTC).replace(microsecond=0)
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    fresh = home / f".{_MARK}"
    fresh.write_text(f"{_SENTENCE}\n{now.isoformat()}\n", "utf-8")
    fresh.replace(mark)
    return now
