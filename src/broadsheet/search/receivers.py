"""What keeps the index in step with the stories: Wagtail's and Django's signals."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from broadsheet.search import index
from broadsheet.stories.models import Story


def publication_changed(instance: Story, **kwargs: Any) -> None:
    """Index a story that was published or unpublished, in the transaction that did it."""
    index.engine().put([instance.pk])


def story_saved(instance: Story, raw: bool = False, **kwargs: Any) -> None:
    """Index a saved story, once what belongs to it is saved as well.

    Only the newsroom's search depends on this: what readers find follows publication. So a
    failure is logged and does not stop the desk.
    """
    if not raw:
        transaction.on_commit(partial(index.engine().put, [instance.pk]), robust=True)


def story_deleted(instance: Story, **kwargs: Any) -> None:
    """Take a deleted story out, in the transaction that deletes it."""
    index.engine().remove([instance.pk])
