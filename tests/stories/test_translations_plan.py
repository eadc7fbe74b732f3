"""How the database finds the translations of a story, however large the paper is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q

from broadsheet.stories.models import Section, Story

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the words are those of SQLite"),
]


def test_the_translations_are_found_by_an_index_where_hardly_a_story_is_one() -> None:
    Story.objects.create(headline="Ferry", section=Section.objects.create(name="W", slug="w"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'stories_story'")
        assert cursor.fetchone()[0] > 1
        # What it would find among 80,000 stories, none of them a translation.
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = '80000' || substr(stat, instr(stat, ' ')) "
            "WHERE tbl = 'stories_story'"
        )
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = '80000 80000' WHERE idx LIKE 'stories%translation%'"
        )
        cursor.execute("ANALYZE sqlite_schema")
        family = Story.objects.public().filter(Q(pk__in=[1]) | Q(translation_of__in=[1]))
        plan = family.order_by("language", "pk").explain()
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    assert "story_translated" in plan
    assert "SCAN" not in plan
