"""Attributions of stories, and the register of sources, as values of JSON.

Everything that was found or decided is kept, with its place in the text; who decided is a login
of this home and stays here, as does the history of each decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.attribution.kept import rows_of
from broadsheet.attribution.models import Source, StoryReading, StoryRelation
from broadsheet.newsroom.export.content import moment
from broadsheet.stories.models import Story

RELATION = (
    "number", "status", "source_name", "source_kind", "cue_kind", "quote_type", "source_spans",
    "cue_spans", "content_spans", "hedges", "said", "happened", "confidence", "method", "lost",
)  # fmt: skip
READING = (
    "state", "reason", "language", "digest", "read_digest", "text", "claims", "hedges",
    "last_number", "method",
)  # fmt: skip
SOURCE = (
    "name", "slug", "kind", "ownership_note", "country", "language", "proposed",
)  # fmt: skip
_AT_ONCE = 500


def sources() -> Iterator[dict[str, Any]]:
    """Yield the sources of the register, by their slugs."""
    last = ""
    while True:
        rows = Source.objects.filter(slug__gt=last).order_by("slug")
        batch = list(rows.select_related("agency").prefetch_related("aliases")[:_AT_ONCE])
        for source in batch:
            yield {
                **{name: getattr(source, name) for name in SOURCE},
                "agency": source.agency.slug if source.agency else None,
                "names": [
                    {"text": alias.text, "language": alias.language}
                    for alias in sorted(
                        source.aliases.all(), key=lambda each: (each.text, each.language)
                    )
                ],
                "created_at": moment(source.created_at),
            }
        if not batch:
            return
        last = batch[-1].slug


def merges() -> Iterator[dict[str, Any]]:
    """Yield which source turned out to be which other."""
    rows = Source.objects.filter(merged_into__isnull=False).order_by("slug")
    for slug, into in rows.values_list("slug", "merged_into__slug").iterator(_AT_ONCE):
        yield {"source": slug, "into": into}


def readings(stories: Iterable[Story]) -> dict[int, dict[str, Any]]:
    """Return what is known of the sources of ``stories``, by News ID; most have nothing."""
    stories = list(stories)
    found: dict[int, dict[str, Any]] = {}
    for reading in StoryReading.objects.filter(pk__in=[story.pk for story in stories]):
        found[reading.pk] = {
            **{name: getattr(reading, name) for name in READING},
            "reference": moment(reading.reference),
            "analysed_at": moment(reading.analysed_at),
            "reviewed_at": moment(reading.reviewed_at),
            "relations": [],
        }
    rows: list[StoryRelation] = list(rows_of(found)) if found else []
    numbers = {row.pk: row.number for row in rows}
    for row in rows:
        found[row.story_id]["relations"].append(
            {
                **{name: getattr(row, name) for name in RELATION},
                "source": row.source.slug if row.source else None,
                "nested_in": numbers.get(row.nested_in_id or 0),
                "chain": [
                    {
                        "name": hop.name,
                        "kind": hop.kind,
                        "spans": hop.spans,
                        "source": hop.source.slug if hop.source else None,
                    }
                    for hop in row.hops.all()
                ],
                "created_at": moment(row.created_at),
                "decided_at": moment(row.decided_at),
            }
        )
    return found
