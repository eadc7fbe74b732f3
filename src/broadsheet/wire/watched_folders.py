"""Which folders a channel may watch: none where the paper keeps what is its own.

What lies in a watched folder is taken in as copy and moved. Whoever may write down a channel
could otherwise have the paper's secret, its database or its drafts shown in the queue, or moved
out of their place. Within the home, one folder is for copy: ``incoming``.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

INCOMING = "incoming"


def incoming_folder() -> Path:
    """Return the folder of the home that copy may be put into. It need not be there."""
    return Path(settings.HOME) / INCOMING


def is_the_papers_own(folder: Path) -> bool:
    """Tell whether ``folder`` is the home, above it, or in it but not in its ``incoming``.

    Links are followed, and the home is known again under another name of it (a second mount, a
    file system that takes capitals for small letters). A folder that is not there is judged by
    where it would be. Raises ``ValueError`` for what cannot be a path.
    """
    home, watched = Path(settings.HOME).resolve(), folder.resolve()
    if _is_within(home, watched):
        return True
    return _is_within(watched, home) and home / INCOMING not in (watched, *watched.parents)


def _is_within(inner: Path, outer: Path) -> bool:
    """Tell whether ``inner`` is ``outer`` or lies in it."""
    return any(_is_same(each, outer) for each in (inner, *inner.parents))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False
