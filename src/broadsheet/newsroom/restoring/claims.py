"""Attributions come back with their places and decisions, and the register of sources."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from broadsheet.attribution.anchors import Selector
from broadsheet.attribution.models import (
    RelationHop,
    Source,
    SourceAlias,
    StoryReading,
    StoryRelation,
)
from broadsheet.attribution.relation import CueKind, HedgeKind, QuoteType
from broadsheet.newsroom.restoring.content import slug_of
from broadsheet.newsroom.restoring.values import Values
from broadsheet.stories.models import Agency, Story

_MOST = 5_000


def restore_source(values: Values) -> bool:
    """Make the source that ``values`` describe, unless there is one of its slug.

    Tells whether it is new. Raises ``ValidationError``.
    """
    slug = slug_of(values, Source)
    source = Source.objects.filter(slug=slug).first()
    if source is not None:
        return False
    kind = values.text("kind")
    source = Source(
        slug=slug,
        **{name: values.text(name, Source) for name in ("name", "country", "language")},
        kind=kind if kind in Source.Kind.values else Source.Kind.ORGANISATION,
        ownership_note=values.text("ownership_note"),
        proposed=values.flag("proposed"),
        agency=Agency.objects.filter(slug=values.text("agency")).first(),
    )
    source.full_clean()
    source.save()
    if (created_at := values.moment("created_at")) is not None:
        Source.objects.filter(pk=source.pk).update(created_at=created_at)
    for name in values.each("names"):
        text, language = name.text("text", SourceAlias), name.text("language", SourceAlias)
        alias = SourceAlias(source=source, text=text, language=language)
        if text and not source.aliases.filter(text=text, language=language).exists():
            alias.save()
    return True


def restore_merge(values: Values) -> bool:
    """Merge one source into another, as it was; tells whether it was not so yet."""
    source = Source.objects.filter(slug=values.text("source")).first()
    into = Source.objects.filter(slug=values.text("into")).first()
    if source is None or into is None:
        raise ValidationError("One of the two sources did not come along.")
    # Not into one that was merged into this: that would be a circle.
    if source.merged_into is not None or into.current.pk == source.pk:
        return False
    source.merged_into = into
    source.save(update_fields=["merged_into"])
    return True


def restore_reading(story: Story, values: Values) -> None:
    """Keep what is known of the sources of ``story``: what there was of it before goes."""
    relations = list(values.each("relations"))
    if len(relations) > _MOST:
        raise ValidationError(f"More than {_MOST} attributions in one story are too many.")
    state = values.text("state")
    defaults: dict[str, Any] = {
        **{
            name: values.text(name, StoryReading)
            for name in ("reason", "language", "digest", "read_digest", "text", "method")
        },
        "state": state if state in StoryReading.State.values else StoryReading.State.WAITING,
        "claims": [_span(each, values) for each in values.list("claims")],
        "hedges": [_hedge_span(each, values) for each in values.list("hedges")],
        "last_number": max(
            [values.number("last_number") or 0, *(each.number("number") or 0 for each in relations)]
        ),
        **{name: values.moment(name) for name in ("reference", "analysed_at", "reviewed_at")},
    }
    StoryReading.objects.update_or_create(pk=story.pk, defaults=defaults)
    StoryRelation.objects.filter(story=story).delete()
    made = {each.number("number") or 0: each for each in relations}
    rows = {number: _relation(story, each, number) for number, each in made.items()}
    for number, each in made.items():
        within = rows.get(each.number("nested_in") or -1)
        row = rows[number]
        if within is not None and within is not row:
            row.nested_in = within
            row.save(update_fields=["nested_in"])


def _relation(story: Story, values: Values, number: int) -> StoryRelation:
    row = StoryRelation(
        story=story,
        number=number,
        status=_one_of(values, "status", StoryRelation.Status.values),
        source=_source(values),
        source_name=values.text("source_name", StoryRelation),
        source_kind=_one_of(values, "source_kind", StoryRelation.SourceKind.values),
        cue_kind=_one_of(values, "cue_kind", list(map(str, CueKind))),
        quote_type=_one_of(values, "quote_type", list(map(str, QuoteType))),
        source_spans=_selectors(values, "source_spans"),
        cue_spans=_selectors(values, "cue_spans"),
        content_spans=_selectors(values, "content_spans"),
        hedges=[
            {**_selector(each), "kind": _one_of(each, "kind", list(map(str, HedgeKind)))}
            for each in values.each("hedges")
        ],
        said=_time(values, "said"),
        happened=_time(values, "happened"),
        confidence=values.fraction("confidence"),
        method=values.text("method", StoryRelation),
        lost=values.flag("lost"),
        decided_at=values.moment("decided_at"),
    )
    if (created_at := values.moment("created_at")) is not None:
        row.created_at = created_at
    row.save()
    for position, hop in enumerate(values.each("chain")):
        RelationHop.objects.create(
            relation=row,
            position=position,
            source=_source(hop),
            name=hop.text("name", RelationHop),
            kind=_one_of(hop, "kind", StoryRelation.SourceKind.values),
            spans=_selectors(hop, "spans"),
        )
    return row


def _source(values: Values) -> Source | None:
    slug = values.text("source")
    return Source.objects.filter(slug=slug).first() if slug else None


def _one_of(values: Values, name: str, choices: list[str]) -> str:
    value = values.text(name)
    if value not in choices:
        raise ValidationError(f"{values.where}: “{value[:40]}” is no {name}.")
    return value


def _selectors(values: Values, name: str) -> list[dict[str, Any]]:
    return [_selector(each) for each in values.each(name)]


def _selector(values: Values) -> dict[str, Any]:
    return Selector(
        exact=values.text("exact"),
        prefix=values.text("prefix"),
        suffix=values.text("suffix"),
        start=values.number("start") or 0,
        end=values.number("end") or 0,
        occurrences=values.number("occurrences") or 1,
        block=values.text("block"),
    ).as_json()


def _time(values: Values, name: str) -> dict[str, Any] | None:
    if values.raw(name) is None:
        return None
    told = values.inner(name)
    edtf = told.raw("edtf")
    return {
        "words": told.text("words"),
        "edtf": None if edtf is None else told.text("edtf"),
        "anchor": told.text("anchor"),
        "unresolved": told.text("unresolved"),
        "selector": None if told.raw("selector") is None else _selector(told.inner("selector")),
    }


def _span(value: object, values: Values) -> list[int]:
    if (
        not isinstance(value, list)
        or len(value) != 2  # noqa: PLR2004 - start and end
        or not all(isinstance(each, int) and not isinstance(each, bool) for each in value)
    ):
        raise ValidationError(f"{values.where}: a span is no pair of numbers.")
    return value


def _hedge_span(value: object, values: Values) -> list[Any]:
    if not isinstance(value, list) or len(value) != 3 or value[2] not in list(map(str, HedgeKind)):  # noqa: PLR2004
        raise ValidationError(f"{values.where}: a hedge has a start, an end and a kind.")
    return [*_span(value[:2], values), value[2]]
