"""What the first page of the newsroom asks for is found by indexes, however large the paper is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import query_plans
from broadsheet.newsroom.desk import dashboard
from press import newsroom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan"),
]
# These two indexes hold nothing but what is unfinished.
_UNFINISHED = frozenset({"story_not_live", "story_changed"})


def test_what_is_unfinished_is_found_without_looking_at_every_story() -> None:
    newsroom.published("Done with")
    draft = newsroom.draft("Begun")
    draft.save()
    changed = newsroom.published("Changed since")
    changed.headline = "Changed"
    changed.save_revision()
    query_plans.forget_statistics()
    with CaptureQueriesContext(connection) as captured:
        found = set(dashboard._unfinished().values_list("headline", flat=True))
    assert found == {"Begun", "Changed since"}
    steps = query_plans.steps_of(query["sql"] for query in captured)
    assert steps
    assert not query_plans.scans(steps, but=_UNFINISHED)
