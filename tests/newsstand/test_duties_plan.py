"""What the worker looks for every few seconds is found by an index, however large the paper is."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.newsstand import duties
from press import newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan"),
]
# Oftener than a reader could mind.
_OFTEN_S = 60.0
_SCAN = re.compile(r"SCAN stories_story\b(?!_)")


def test_no_duty_that_comes_often_looks_at_every_story() -> None:
    newsroom.published("Ferry runs again")
    often = [duty for duty in duties.registered() if duty.every < _OFTEN_S]
    assert {"keep the schedule", "order what time has changed"} <= {duty.name for duty in often}
    # Without statistics SQLite takes a table for a large one.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    plans = []
    for duty in often:
        with CaptureQueriesContext(connection) as captured:
            try:
                duty.perform()
            finally:
                duty.stop()
        for query in captured:
            if "stories_story" not in query["sql"] or not query["sql"].startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                plans.append((duty.name, [row[3] for row in cursor.fetchall()], query["sql"]))
    assert plans
    scans = [plan for plan in plans if any(_SCAN.match(step) for step in plan[1])]
    assert not scans
