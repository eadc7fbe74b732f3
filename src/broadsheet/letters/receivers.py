"""What follows when a letter's row goes, whoever deletes it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete

from broadsheet.letters import actions
from broadsheet.letters.models import Letter


def connect() -> None:
    """Listen from now on."""
    post_delete.connect(_deleted, sender=Letter, dispatch_uid="letters.deleted")


def _deleted(instance: Letter, **kwargs: Any) -> None:
    # Also when its story is deleted; the press then finds nothing to show and takes it away.
    if instance.state == Letter.State.APPROVED:
        actions.order_stories([instance])
