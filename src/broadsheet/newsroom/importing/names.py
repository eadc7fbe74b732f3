"""Names that copy gives, asked of the database once each: in an archive the same few come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Any, TypeVar

from django.db import connection
from django.db.models.functions import Upper

from broadsheet.accounts.models import Byline
from broadsheet.newsroom.actions import filing
from broadsheet.stories.models import Agency, Section, Topic

Found = TypeVar("Found")
# More than any archive has sections, names and agencies; topics may be more.
_MOST_KEPT = 20_000
# Who asks for so many topics will ask for most of them.
_ASKED_ONE_BY_ONE = 20
# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 500
# As SQLite compares names where case does not matter (https://www.sqlite.org/lang_expr.html#like).
_ALIKE = str.maketrans(ascii_lowercase, ascii_uppercase)


class KnownNames:
    """What ``filing`` finds, remembered until :meth:`forget`."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Any] = {}
        self._topics: dict[tuple[str, ...], Topic] = {}
        self._asked = 0
        self._all_there = False

    def byline(self, name: str) -> Byline:
        """Return the byline of this name, made if need be."""
        return self._once(("byline", name), lambda: filing.byline(name))

    def agency(self, name: str) -> Agency:
        """Return the agency of this name or credit line, made if need be."""
        return self._once(("agency", name), lambda: filing.agency(name))

    def topic(self, name: str, language: str) -> Topic:
        """Return the topic of this name in ``language``, made if need be."""

        def found() -> Topic:
            called = filing.topic_name(name).translate(_ALIKE)
            known = self._topics_there().get((called, language))
            return known or self._noted(called, filing.topic(name, language))

        return self._once(("topic", name, language), found)

    def foresee_topics(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Find, or make, the topics of these names and languages all at once.

        Part of the caller's transaction, which must be one that writes already. Where names are not
        compared as SQLite does, each is found when it is asked for.
        """
        if connection.vendor != "sqlite":
            return
        missing: dict[tuple[str, str], str] = {}
        for name, language in wanted:
            if ("topic", name, language) not in self._known:
                called = filing.topic_name(name).translate(_ALIKE), language
                if called not in self._topics:
                    missing.setdefault(called, name)
        if len(missing) < _ASKED_ONE_BY_ONE:
            return
        there: dict[tuple[str, str], Topic] = {}
        names = [called for called, _language in missing]
        for start in range(0, len(names), _AT_ONCE):
            some = Topic.objects.annotate(called=Upper("name")).order_by("pk")
            for topic in some.filter(called__in=names[start : start + _AT_ONCE]):
                there.setdefault((topic.name.translate(_ALIKE), topic.language), topic)
        new = [called for called in missing if called not in there]
        made = filing.new_topics([(missing[called], called[1]) for called in new])
        there.update(zip(new, made, strict=True))
        self._asked += len(missing)
        for called in missing:
            self._noted(called[0], there[called])

    def filed_topic(self, name: str, language: str) -> Topic:
        """Return the topic that an archive calls ``name``, made in ``language`` if need be."""

        def found() -> Topic:
            called = filing.topic_name(name).translate(_ALIKE)
            there = self._topics_there()
            known = there.get((called, language))
            if known is None and self._all_there:
                known = there.get((called,))
            return known or self._noted(called, filing.filed_topic(name, language))

        return self._once(("filed", name, language), found)

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
        self._topics.clear()
        self._asked = 0
        self._all_there = False

    def _topics_there(self) -> dict[tuple[str, ...], Topic]:
        """Return the topics there are by name and language, and by name alone; the first of each.

        All are read at once where many are asked for: who finds none here asks the database.
        """
        self._asked += 1
        if self._asked == _ASKED_ONE_BY_ONE and connection.vendor == "sqlite":
            topics = list(Topic.objects.order_by("pk")[: _MOST_KEPT + 1])
            # Some of them do not tell that a name is in no other language.
            self._all_there = len(topics) <= _MOST_KEPT
            for topic in topics if self._all_there else ():
                self._noted(topic.name.translate(_ALIKE), topic)
        return self._topics

    def _noted(self, called: str, topic: Topic) -> Topic:
        if self._asked >= _ASKED_ONE_BY_ONE:
            self._topics.setdefault((called, topic.language), topic)
            self._topics.setdefault((called,), topic)
        return topic

    def _once(self, key: tuple[str, ...], find: Callable[[], Found]) -> Found:
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self.forget()
            self._known[key] = find()
        found: Found = self._known[key]
        return found
