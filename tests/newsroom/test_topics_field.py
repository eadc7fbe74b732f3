"""The field in which topics are typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from taggit.utils import parse_tags

from broadsheet.newsroom.desk.topics import TopicsWidget, labels, named
from broadsheet.stories.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics() -> list[Topic]:
    rows = [
        ("Sea, sand", "sea", "en"),
        ("Harbour", "harbour", "en"),
        ("Harbour", "harbour-2", "en"),
        ("Hafen", "hafen", "de"),
        ("بندر", "بندر", "fa"),
        ('The "Ark"', "ark", "en"),
        ("2017", "year", "en"),
    ]
    return [Topic.objects.create(name=name, slug=slug, language=tag) for name, slug, tag in rows]


def test_every_topic_has_a_label_that_leads_back_to_it(topics: list[Topic]) -> None:
    texts = labels(topics)
    assert texts[0] == "Sea, sand"
    assert texts[1:4] == ["Harbour [harbour]", "Harbour [harbour-2]", "Hafen [hafen]"]
    assert named(texts) == {text: topic.pk for text, topic in zip(texts, topics, strict=True)}


def test_what_the_field_shows_it_reads_again(topics: list[Topic]) -> None:
    widget = TopicsWidget()
    keys = [topic.pk for topic in topics]
    shown = widget.format_value(keys)
    assert sorted(widget.value_from_datadict({"topics": shown}, {}, "topics")) == sorted(keys)


def test_what_is_no_topic_is_no_key(topics: list[Topic]) -> None:
    number = str(topics[0].pk)
    typed = TopicsWidget().value_from_datadict({"topics": f"{number}, Nonsense"}, {}, "topics")
    assert typed == [f"#{number}", "Nonsense"]
    assert parse_tags(TopicsWidget().format_value(typed)) == sorted(typed)


def test_suggestions_are_the_desks_alone(
    topics: list[Topic], at_desk: Callable[[str], Client]
) -> None:
    def suggested(role: str, term: str) -> Any:
        response = at_desk(role).get(reverse("newsroom_topics"), {"term": term})
        return response.json() if response.status_code == 200 else response.status_code

    assert suggested("reporter", "hArB") == ["Harbour [harbour]", "Harbour [harbour-2]"]
    assert suggested("reporter", "and") == ["Sea, sand"]
    assert suggested("reporter", "بن") == ["بندر [بندر]"]
    assert suggested("reporter", "") == []
    assert suggested("moderator", "h") == 302
