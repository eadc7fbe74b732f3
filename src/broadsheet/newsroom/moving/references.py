"""Wagtail's index of what refers to what, written once for a story that is saved several times."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from broadsheet.stories.models import StandingPage, Story


@contextmanager
def references_held() -> Generator[None]:
    """Index what the stories and pages saved in this block refer to once, at its end."""
    saved: dict[tuple[type[Model], Any], Model] = {}

    def note(sender: type[Model], instance: Model, **_: Any) -> None:
        saved[sender, instance.pk] = instance

    for kind in (Story, StandingPage):
        post_save.connect(note, sender=kind)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for kind in (Story, StandingPage):
            post_save.disconnect(note, sender=kind)
    for model, pk in saved:
        instance = model._default_manager.filter(pk=pk).first()
        if instance is not None:
            ReferenceIndex.create_or_update_for_object(instance)
