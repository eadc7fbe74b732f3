"""What the first page of the newsroom asks for is found by indexes, however large the paper is."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.newsroom.desk import dashboard
from press import newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan"),
]
# Of every row; these two indexes hold nothing but what is unfinished.
_SCAN = re.compile(r"SCAN stories_story(?!_)(?! USING INDEX story_(?:not_live|changed)$)")


def test_what_is_unfinished_is_found_without_looking_at_every_story() -> None:
    newsroom.published("Done with")
    draft = newsroom.draft("Begun")
    draft.save()
    changed = newsroom.published("Changed since")
    changed.headline = "Changed"
    changed.save_revision()
    with connection.cursor() as cursor:
        # Without statistics SQLite takes a table for a large one.
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    with CaptureQueriesContext(connection) as captured:
        found = set(dashboard._unfinished().values_list("headline", flat=True))
    assert found == {"Begun", "Changed since"}
    steps = []
    for query in captured:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            steps += [row[3] for row in cursor.fetchall()]
    assert steps
    assert not [step for step in steps if _SCAN.match(step)]
