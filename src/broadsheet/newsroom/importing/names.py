"""Names that copy gives, asked of the database once each: in an archive the same few come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.actions import filing
from broadsheet.stories.models import Agency, Section, Topic

Found = TypeVar("Found")
# More than any archive has sections, names and agencies; topics may be more.
_MOST_KEPT = 20_000


class KnownNames:
    """What ``filing`` finds, remembered until :meth:`forget`."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Any] = {}

    def byline(self, name: str) -> Byline:
        """Return the byline of this name, made if need be."""
        return self._once(("byline", name), lambda: filing.byline(name))

    def agency(self, name: str) -> Agency:
        """Return the agency of this name or credit line, made if need be."""
        return self._once(("agency", name), lambda: filing.agency(name))

    def topic(self, name: str, language: str) -> Topic:
        """Return the topic of this name in ``language``, made if need be."""
        return self._once(("topic", name, language), lambda: filing.topic(name, language))

    def filed_topic(self, name: str, language: str) -> Topic:
        """Return the topic that an archive calls ``name``, made in ``language`` if need be."""
        return self._once(("filed", name, language), lambda: filing.filed_topic(name, language))

    def section(self, named: str, printed: str, otherwise: str) -> Section:
        """Return the section ``named``; without a name the one that copy says, or ``otherwise``.

        Raises ``ValidationError`` where the one that is named is none of the paper's.
        """
        if named:
            return self._once(("named", named), lambda: filing.section_named(named))
        key = ("section", printed, otherwise)
        return self._once(key, lambda: filing.section_for(printed, otherwise))

    def forget(self) -> None:
        """Ask again from now on: somebody may have changed what there is."""
        self._known.clear()

    def _once(self, key: tuple[str, ...], find: Callable[[], Found]) -> Found:
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self.forget()
            self._known[key] = find()
        found: Found = self._known[key]
        return found
