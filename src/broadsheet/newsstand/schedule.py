"""The schedule: what is published or taken down because its time has come.

Wagtail has a command for this (``publish_scheduled``), which stops at the first one that fails
and would never reach those behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.apps import apps
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision

from broadsheet.stories.publication import PublicationStopped

log = structlog.get_logger("broadsheet.worker")


def keep() -> int:
    """Take down what has expired, publish what is due, and return how many that were.

    The log actions are those of Wagtail's command, so that histories read the same.
    """
    done = 0
    now = timezone.now()
    for model in apps.get_models():
        if not issubclass(model, DraftStateMixin):
            continue
        # In no other order: it would lead the database to the wrong index, and past every story.
        due = model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")
        for expired in due:
            done += _tried(
                expired,
                lambda it=expired: it.unpublish(  # type: ignore[misc]
                    set_expired=True, log_action="wagtail.unpublish.scheduled"
                ),
            )
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by(
        "approved_go_live_at"
    ):
        done += _tried(
            revision,
            lambda it=revision: it.publish(log_action="wagtail.publish.scheduled"),  # type: ignore[misc]
        )
    return done


def _tried(what: Any, act: Callable[[], object]) -> int:
    try:
        act()
    except PublicationStopped as stopped:
        # It stays due, and appears once what stops it is settled.
        log.warning("a scheduled version is stopped", what=str(what.pk), why=stopped.messages)
        return 0
    except Exception:  # the next one must still have its turn
        log.exception("the schedule could not be kept", what=f"{what._meta.label} {what.pk}")
        return 0
    return 1
