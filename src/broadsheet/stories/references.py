"""Wagtail's index of what refers to what, written once for a story and its parts."""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import DatabaseError
from wagtail.models import ReferenceIndex

if TYPE_CHECKING:
    from broadsheet.stories.models import Story


log = logging.getLogger(__name__)


@contextmanager
def indexed_once(story: Story, written: Collection[str] | None = None) -> Generator[None]:
    """Index what ``story`` refers to at the end of the block, which saves it with all its parts.

    Wagtail would read it from the database again for the story and for each byline, agency and
    photo of it. It does so as ever where only the ``written`` fields are saved; and nothing is
    done where whoever calls has put the index off.
    """
    # Wagtail's module asks for models, which are not there yet while this one is read.
    from wagtail import signal_handlers

    if written is not None or getattr(
        signal_handlers.reference_index_auto_update_disabled, "value", False
    ):
        yield
        return
    with signal_handlers.disable_reference_index_auto_update():
        yield
    try:
        ReferenceIndex.create_or_update_for_object(story)
    except DatabaseError:
        raise
    except Exception:
        # A body that came in odd refers to nothing that can be told; it is kept all the same.
        log.exception("what story %s refers to is not indexed", story.pk)
