"""How SQLite goes about queries, in a table that it takes for a large one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection

# Every row of the stories, or every entry of an index of them.
WHOLE_PAPER = re.compile(r"SCAN stories_story(?: USING (?:COVERING )?INDEX (?P<index>\w+))?$")


def forget_statistics() -> None:
    """Have SQLite know nothing of how many rows there are: it expects very many then."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def steps_of(queries: Iterable[str]) -> list[str]:
    """Return the steps that SQLite takes to answer the ones of ``queries`` that only read."""
    steps: list[str] = []
    with connection.cursor() as cursor:
        for query in queries:
            if query.startswith("SELECT"):
                cursor.execute(f"EXPLAIN QUERY PLAN {query}")
                steps += [row[3] for row in cursor.fetchall()]
    return steps


def scans(steps: Iterable[str], *, but: frozenset[str] = frozenset()) -> list[str]:
    """Return the ``steps`` that go past all stories; indexes ``but`` hold only a few of them."""
    found = ((step, WHOLE_PAPER.match(step)) for step in steps)
    return [step for step, match in found if match and match["index"] not in but]
