"""Run in a home of its own: stories whose sources are confirmed, unreviewed, unread."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
django.setup()

from attribution.stories_at_desk import analysis_of, relation_in, span_of  # noqa: E402
from broadsheet.attribution import actions, register, story_text  # noqa: E402
from broadsheet.attribution.models import (  # noqa: E402
    ReaderView,
    Source,
    SourcePolicy,
    StoryReading,
    StoryRelation,
)
from broadsheet.attribution.relation import (  # noqa: E402
    Hedge,
    HedgeKind,
    SourceKind,
    TimeExpression,
)
from broadsheet.press.actions import held, press_orders  # noqa: E402
from broadsheet.stories.models import Paper, Section, Story  # noqa: E402

ENGLISH = (
    "<b>State News</b>, citing local residents, reported on Friday that a convoy of twelve "
    "vehicles had left the valley on Wednesday, bound for the port.",
    "The radio, quoted by Harbour Wire, said that the <a href='https://example.org/'>road to the "
    "north</a> was open again. “No one will be turned back,” it said.",
    "A spokesman for the coalition claims to have been told of what are said to be forty trucks "
    "on the coast road.",
    "The ministry has repeatedly been accused of hiding the losses. The old bridge, said to date "
    "from the time of the first governor, was not hit, reported.",
    "According to Northern Dispatch, which quoted local residents, the drivers waited for three "
    "hours at the gate before anyone let them pass.",
)
PERSIAN = (
    "خبرگزاری سانا به نقل از ساکنان محلی گزارش داد که کاروانی از دره بیرون رفته است.",
    "تلویزیون دولتی به نقل از AFP گفت که راه شمال دوباره باز است.",
)


def _story(
    paragraphs: tuple[str, ...], headline: str, when: tuple[int, int], **fields: Any
) -> Story:
    section, _ = Section.objects.get_or_create(slug="world", defaults={"name": "World"})
    body = [
        {"type": "paragraph", "value": f"<p>{words}</p>", "id": f"b{number}"}
        for number, words in enumerate(paragraphs)
    ]
    field: Any = Story._meta.get_field("body")
    story = Story(
        headline=headline,
        section=section,
        live=False,
        first_published_at=datetime(2026, *when, 18, 5, tzinfo=UTC),
        body=field.stream_block.to_python(body),
        **fields,
    )
    story.save()
    story.save_revision()
    return Story.objects.get(pk=story.pk)


def _when(text: str, words: str, edtf: str | None) -> TimeExpression:
    return TimeExpression(span_of(words, text), edtf, "" if edtf else "publication")


def _relations(story: Story, *made: Any) -> list[StoryRelation]:
    text = story_text.newest(story)
    actions.suggest(story, text, analysis_of(text.text, *made))
    return list(StoryRelation.objects.filter(story=story))


def english(month: int, day: int, headline: str) -> list[StoryRelation]:
    story = _story(ENGLISH, headline, (month, day), language="en")
    text = story_text.newest(story).text
    said = _when(text, "on Friday", "2026-03-13")
    return _relations(
        story,
        relation_in(
            text,
            "State News",
            "reported",
            "that a convoy of twelve vehicles had left the valley on Wednesday, bound for the port",
            ["local residents", "State News"],
            statement_time=said,
            event_time=_when(text, "on Wednesday", "2026-03-11"),
        ),
        relation_in(
            text,
            "The radio",
            "said",
            "the road to the north was open again",
            ["The radio", "Harbour Wire"],
            source_kind=SourceKind.NAMED,
        ),
        relation_in(
            text,
            "it",
            "it said",
            "“No one will be turned back,”",
            ["The radio", "Harbour Wire"],
            source_kind=SourceKind.NAMED,
            source_name="The radio",
        ),
        relation_in(
            text,
            "A spokesman for the coalition",
            "claims",
            "to have been told of what are said to be forty trucks on the coast road",
            hedges=(Hedge(span_of("claims", text), HedgeKind.DISTANCING),),
        ),
        relation_in(
            text,
            "",
            "are said to be",
            "forty trucks on the coast road",
            nested_in=3,
            hedges=(Hedge(span_of("are said to be", text), HedgeKind.HEARSAY),),
        ),
        relation_in(
            text,
            "",
            "has repeatedly been accused",
            "of hiding the losses",
            hedges=(Hedge(span_of("has repeatedly been accused", text), HedgeKind.AGENTLESS),),
        ),
        relation_in(
            text,
            "",
            ", reported",
            "was not hit",
            ["[missing]"],
            source_kind=SourceKind.MISSING,
            event_time=_when(text, "the time of the first governor", None),
        ),
        relation_in(
            text,
            "Northern Dispatch",
            "According to",
            "the drivers waited for three hours at the gate before anyone let them pass",
            ["local residents", "Northern Dispatch"],
        ),
    )


def persian() -> list[StoryRelation]:
    story = _story(PERSIAN, "کاروان از دره گذشت", (3, 14), language="fa")
    text = story_text.newest(story).text
    return _relations(
        story,
        relation_in(
            text,
            "خبرگزاری سانا",
            "گزارش داد",
            "کاروانی از دره بیرون رفته است",
            ["ساکنان محلی", "خبرگزاری سانا"],
            source_kind=SourceKind.NAMED,
            statement_time=_when(text, "گزارش داد", "2026-03-13"),
        ),
        relation_in(
            text,
            "تلویزیون دولتی",
            "گفت",
            "راه شمال دوباره باز است",
            ["تلویزیون دولتی", "AFP"],
            source_kind=SourceKind.NAMED,
        ),
    )


def make() -> None:
    """Make the paper, and press it."""
    paper: Paper = Paper.load()
    paper.name = "The Harbour Post"
    paper.save()
    policy = SourcePolicy.load()
    policy.suggestions = ReaderView.MARKED
    policy.save()
    with held():
        for month in (1, 1, 2, 2, 2, 3):
            actions.confirm(english(month, month + 4, f"Another convoy, month {month}"), None)
        rows = english(3, 14, "Convoy of twelve leaves the valley for the port")
        actions.confirm(rows, None)
        actions.mark_reviewed(rows[0].story, None)
        actions.confirm(persian(), None)
        english(3, 15, "Nobody has looked at this one")
        unread = _story(
            ("A bridge opened.",), "An old story from the archive", (1, 1), language="en"
        )
        StoryReading.objects.filter(pk=unread.pk).delete()
        agency = Source.objects.get(name="State News")
        agency.ownership_note = "Owned by the state, and paid for by its ministry of information."
        agency.country = "SY"
        agency.save()
        people = register.propose("Residents of the valley", kind=Source.Kind.GROUP)
        for row in StoryRelation.objects.filter(story__language="en"):
            row.hops.filter(name="local residents").update(source=people)
        for story in Story.objects.all():
            story.get_latest_revision().publish()
    StoryReading.objects.filter(pk=unread.pk).delete()
    press_orders()


if __name__ == "__main__":
    make()
