"""What the worker looks for every few seconds is found by an index, however large the paper is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import query_plans
from broadsheet.newsstand import duties
from press import newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan"),
]
# Oftener than a reader could mind.
_OFTEN_S = 60.0


def test_no_duty_that_comes_often_looks_at_every_story() -> None:
    newsroom.published("Ferry runs again")
    often = [duty for duty in duties.registered() if duty.every < _OFTEN_S]
    assert {"keep the schedule", "order what time has changed"} <= {duty.name for duty in often}
    query_plans.forget_statistics()
    found = []
    for duty in often:
        with CaptureQueriesContext(connection) as captured:
            try:
                duty.perform()
            finally:
                duty.stop()
        steps = query_plans.steps_of(query["sql"] for query in captured)
        found += [(duty.name, step) for step in steps]
    assert {"keep the schedule", "order what time has changed"} <= {name for name, _ in found}
    assert not query_plans.scans(step for _, step in found)
