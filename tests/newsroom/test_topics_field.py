"""The field in which topics are typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

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
        ("Port of call", "port-of-call", "en"),
    ]
    return [Topic.objects.create(name=name, slug=slug, language=tag) for name, slug, tag in rows]


def test_every_topic_has_a_label_that_leads_back_to_it(topics: list[Topic]) -> None:
    texts = labels(topics)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts] == [
        "Sea sand [sea]",
        "Harbour [harbour]",
        "Harbour [harbour-2]",
        "Hafen [hafen]",
        "بندر [بندر]",
        "The Ark [ark]",
        "2017",
        "Port of call",
    ]
    assert named(texts) == {text: topic.pk for text, topic in zip(texts, topics, strict=True)}


def test_what_the_field_shows_it_reads_again(topics: list[Topic]) -> None:
    widget = TopicsWidget()
    keys = [topic.pk for topic in topics]
    shown = widget.format_value(keys)
    assert sorted(widget.value_from_datadict({"topics": shown}, {}, "topics")) == sorted(keys)


def test_a_label_typed_with_plain_spaces_is_understood(topics: list[Topic]) -> None:
    assert named(["Port of call", "The Ark [ark]"]) == {
        "Port of call": topics[7].pk,
        "The Ark [ark]": topics[5].pk,
    }


def test_what_is_no_topic_is_no_key(topics: list[Topic]) -> None:
    number = str(topics[0].pk)
    typed = TopicsWidget().value_from_datadict({"topics": f"{number}, Nonsense"}, {}, "topics")
    assert typed == [f"#{number}", "Nonsense"]
    assert TopicsWidget().format_value(typed) == f"#{number},Nonsense"


def test_suggestions_are_the_desks_alone(
    topics: list[Topic], at_desk: Callable[[str], Client]
) -> None:
    def suggested(role: str, term: str) -> Any:
        response = at_desk(role).get(reverse("newsroom_topics"), {"term": term})
        if response.status_code != 200:
            return response.status_code
        return [text.replace("\N{NO-BREAK SPACE}", " ") for text in response.json()]

    assert suggested("reporter", "hArB") == ["Harbour [harbour]", "Harbour [harbour-2]"]
    assert suggested("reporter", "and") == ["Sea sand [sea]"]
    assert suggested("reporter", "بن") == ["بندر [بندر]"]
    assert suggested("reporter", "") == []
    assert suggested("moderator", "h") == 302
