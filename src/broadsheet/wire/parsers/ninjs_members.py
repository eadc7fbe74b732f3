"""The members of a ninjs document, whatever its generation and its supplier call them.

ninjs 1 and 2 write ``versioncreated``, ninjs 3 ``versionCreated``, others ``version_created``:
members are found without regard to case and lines. A member that should be a text and is a
list, or an object with a name, is read as what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from broadsheet.wire.parsers.supplier_clock import SupplierClock

_SPOKEN = ("value", "name", "text", "title", "label", "literal", "code", "qcode")
# Numbers outside these years are counters, not times.
_FIRST, _LAST = 100_000_000, 7_258_118_400
_MILLISECONDS_FROM = 10_000_000_000
_LONGEST_TIME = 200
# Names of members that are worth remembering.
_LONGEST_KNOWN = 40
# Reuters writes ``bodyXhtml``, without the line that ninjs 1 has before a form.
_FORMS = {"xhtml", "html", "html5", "text", "nitf"}


def folded_name(name: str) -> str:
    """Return a member's name without case, lines and dashes."""
    return name.casefold().replace("_", "").replace("-", "").lstrip("$@")


@lru_cache(maxsize=2_000)
def _folded_once(name: str) -> str:
    return folded_name(name)


@dataclass(frozen=True)
class Said:
    """A text with the part it plays: ``role`` and ``content_type`` in lower case."""

    role: str
    content_type: str
    value: str


class Members:
    """The members of one object, ``raw``; ``oddities`` gathers what is odd about them."""

    __slots__ = ("_by_name", "oddities", "raw")

    def __init__(self, raw: Mapping[str, Any], oddities: list[str] | None = None) -> None:
        self.raw = raw
        self.oddities = [] if oddities is None else oddities
        found: dict[str, Any] = {}
        for name, value in raw.items():
            folded = _folded_once(name) if len(name) <= _LONGEST_KNOWN else folded_name(name)
            if found.get(folded) in (None, "", [], {}):
                found[folded] = value
        self._by_name = found

    def get(self, *names: str) -> Any:
        """Return the first member among ``names`` (folded) that says anything, or ``None``."""
        for name in names:
            value = self._by_name.get(name)
            if value not in (None, "", [], {}):
                return value
        return None

    def text(self, *names: str) -> str:
        """Return the first of ``names`` that has words, as one text."""
        known = self._by_name
        for name in names:
            value = known.get(name)
            if value is None:
                continue
            text = value if isinstance(value, str) else " ".join(texts_in(value))
            if text := text.strip():
                return text
        return ""

    def texts(self, *names: str) -> list[str]:
        """Return every text in the first of ``names`` that has any."""
        for name in names:
            value = self._by_name.get(name)
            if value is None:
                continue
            if texts := [text for text in texts_in(value) if text.strip()]:
                return texts
        return []

    def objects(self, *names: str) -> list[Members]:
        """Return the objects in all of ``names``; a bare text stands as an object with a name."""
        return [
            Members(each, self.oddities)
            for name in names
            if (value := self._by_name.get(name)) is not None
            for each in _objects_in(value)
        ]

    def moment(self, *names: str, agency: str = "") -> datetime | None:
        """Return the first of ``names`` that is a time, in UTC; unreadable ones are odd.

        One without a zone is read where ``agency`` is at home.
        """
        for name in names:
            value = self._by_name.get(name)
            if value in (None, "", [], {}):
                continue
            clock = SupplierClock(agency)
            at = _moment(value, clock)
            if at is not None:
                self.oddities.extend(clock.oddities)
                return at
            self.oddities.append(f"“{name}” is “{str(value)[:60]}”, which is no time.")
        return None

    def said(self, plural: str, singular: str) -> list[Said]:
        """Return what the item says under a name: ``headlines``, ``headline``, ``headline_main``.

        The plural is the list of ninjs 2 and 3, the rest the open members of ninjs 1.
        """
        found = [
            Said(
                each.text("role").casefold(),
                each.text("contenttype", "mimetype").casefold(),
                _whole(each.get("value", "text", "content", "name")),
            )
            for each in self.objects(plural)
        ]
        for name, value in self.raw.items():
            start, role = name.casefold()[: len(singular)], name.casefold()[len(singular) :]
            if start != singular or not (role == "" or role[0] == "_" or role in _FORMS):
                continue
            role = role.removeprefix("_")
            if isinstance(value, dict):
                found.extend(Said(str(key).casefold(), "", _whole(v)) for key, v in value.items())
            else:
                found.extend(Said(role, "", text) for text in texts_in(value))
        return [each for each in found if each.value.strip()]


def texts_in(value: Any) -> list[str]:
    """Return the texts that ``value`` (a text, number, list or object with a name) says."""
    if isinstance(value, str):
        return [value.strip()]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    if isinstance(value, dict):
        named = Members(value)
        for name in _SPOKEN:
            if text := named.get(name):
                return texts_in(text)
    return []


def _whole(value: Any) -> str:
    return value if isinstance(value, str) else " ".join(texts_in(value))


def _objects_in(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, str) and value.strip():
        yield {"name": value.strip(), "value": value.strip()}
    elif isinstance(value, list):
        for each in value:
            yield from _objects_in(each)
    elif isinstance(value, dict):
        yield value


def _moment(value: Any, clock: SupplierClock) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("$date", value.get("value", value.get("date")))
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
        value = int(value.strip()[:20]) if len(value.strip()) > len("20171230") else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value > _LAST * 1000:
            return None
        seconds = value / 1000 if value > _MILLISECONDS_FROM else value
        return datetime.fromtimestamp(seconds, UTC) if _FIRST < seconds < _LAST else None
    if isinstance(value, str) and len(value) <= _LONGEST_TIME:
        return clock.read(value)
    return None
