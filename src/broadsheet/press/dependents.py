"""Dependents: which sheets show a story, declared by the rooms that own them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Story

Provider = Callable[[Story], Iterable[Sheet]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider``, from now on, which sheets show a given story."""
    _providers.append(provider)


def of(story: Story) -> set[Sheet]:
    """Return every sheet that shows ``story`` as it stands in the database, itself included."""
    return {sheet for provider in _providers for sheet in provider(story)}
