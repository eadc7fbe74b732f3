"""Publication: every room may have reasons against it, and is asked before it happens."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import Signal

# Sent by ``Story.publish`` with `story`, `revision` and `user` before anything is written, for a
# publication at once and for one that is scheduled; the sender is Story. A receiver that raises
# PublicationStopped stops it. ``user`` is None where the paper itself acts: a schedule that comes
# due (which was asked about when it was made), an import.
about_to_publish = Signal()


class PublicationStopped(ValidationError):  # noqa: N818 - a reason, not a failure
    """This version is not published; the messages say why, in the desk's language."""


@contextmanager
def made_into(revision: Any, story: Any) -> Generator[None]:
    """Have ``revision`` give ``story`` as its object in the block, for its content is unchanged.

    Wagtail asks for it once more, and would read its section, topics and bylines again.
    """
    revision.as_object = lambda: story
    try:
        yield
    finally:
        del revision.as_object
