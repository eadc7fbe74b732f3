"""JSON from elsewhere, value by value: each is what it must be, or there is a sentence why not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

_LARGEST_NUMBER = 2**53


class Values:
    """The members of one JSON object. Everything raises ``ValidationError`` for another kind.

    A member that is missing, or null, is empty.
    """

    def __init__(self, members: object, where: str) -> None:
        if not isinstance(members, Mapping):
            raise ValidationError(f"{where} is no object of JSON.")
        self._members = members
        self.where = where

    @classmethod
    def read(cls, text: str, where: str) -> Values:
        """Return the object that ``text`` is."""
        try:
            return cls(json.loads(text), where)
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"{where} is no JSON.") from error

    def raw(self, name: str) -> Any:
        """Return whatever ``name`` is, ``None`` where there is nothing."""
        return self._members.get(name)

    def text(self, name: str, model: type[Model] | None = None, field: str = "") -> str:
        """Return a text; with ``model``, cut to what its ``field`` (or ``name``) may hold."""
        value = self.raw(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        value = value.replace("\x00", "")
        if model is None:
            return value
        longest = getattr(model._meta.get_field(field or name), "max_length", None)
        return value[: int(longest)] if longest else value

    def flag(self, name: str) -> bool:
        """Return a truth value, false where there is none."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return bool(value)

    def number(self, name: str) -> int | None:
        """Return a whole number from 0 up to 2 to the 53rd, or ``None``."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, "a whole number")
        if not 0 <= value < _LARGEST_NUMBER:
            raise self._wrong(name, "a number that can be kept")
        return value

    def fraction(self, name: str) -> float:
        """Return a number, 0 where there is none."""
        value = self.raw(name)
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, "a number")
        return float(value)

    def moment(self, name: str) -> datetime | None:
        """Return a time, in UTC where it says no zone."""
        text = self.text(name)
        if not text:
            return None
        try:
            value = datetime.fromisoformat(text)
            value = value if value.tzinfo else value.replace(tzinfo=UTC)
            return value.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._wrong(name, "a time") from error

    def day(self, name: str) -> date | None:
        """Return a day, or ``None``."""
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self._wrong(name, "a day") from error

    def each(self, name: str) -> Iterator[Values]:
        """Yield the objects that ``name`` lists."""
        for place, member in enumerate(self.list(name)):
            yield Values(member, f"{self.where}, {name} {place + 1}")

    def list(self, name: str) -> list[Any]:
        """Return a list, empty where there is none."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def inner(self, name: str) -> Values:
        """Return the object that ``name`` is."""
        return Values(self.raw(name) or {}, f"{self.where}, {name}")

    def texts(self, name: str) -> dict[str, str]:
        """Return an object whose members are texts."""
        inner = self.inner(name)
        return {str(key): inner.text(str(key)) for key in inner._members}

    def _wrong(self, name: str, wanted: str) -> ValidationError:
        return ValidationError(f"{self.where}: “{name}” is not {wanted}.")
