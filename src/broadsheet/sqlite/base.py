"""The database backend, by the name under which Django looks for one."""

from __future__ import annotations

from json import JSONEncoder
from typing import Any

from django.db.backends.sqlite3 import base, operations

from broadsheet.json_text import Written, written


class DatabaseOperations(operations.DatabaseOperations):
    """What SQLite does in its own way."""

    def adapt_json_value(self, value: Any, encoder: type[JSONEncoder] | None) -> str:
        """Return ``value`` as the text that is stored; rows written before keep their escapes."""
        return str(value) if isinstance(value, Written) else written(value, encoder)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite."""

    ops_class = DatabaseOperations
