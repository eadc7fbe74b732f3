"""Attributions as W3C Web Annotations: ``/news/<id>/attributions.json``.

https://www.w3.org/TR/annotation-model/: an AnnotationCollection of one page, where every
attribution is an annotation of the story. Its targets are the words of content, source, cue,
hedges and times, each with a TextQuoteSelector and a TextPositionSelector; its body says in
structured values, with PROV-O, who stands behind the content and by which way it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from broadsheet.attribution import reasons
from broadsheet.attribution.export.stations import is_document
from broadsheet.attribution.export.vocabulary import CONTEXT
from broadsheet.attribution.models import Source, StoryReading
from broadsheet.attribution.reader_view import known
from broadsheet.attribution.relation import QuoteType, SourceKind, Span, Spans
from broadsheet.attribution.shown import Claim, Shown, State, Station, When
from broadsheet.press import dates, listings
from broadsheet.press.contributions import Alternate
from broadsheet.press.frame import Frame, frame_for
from broadsheet.press.jsonld import absolute
from broadsheet.press.sheets import Sheet
from broadsheet.press.story_sheets import NINJS
from broadsheet.stories.models import Story

Node = dict[str, Any]

# Web Annotation Protocol, 3.3: annotations are JSON-LD with this profile.
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
TITLE = "Attributions (W3C Web Annotation)"
_FORMATION = (
    "The headline and the blocks of the story in reading order, without markup and without the "
    "white space around each, joined by two line feeds (U+000A). Every point of a list is a block "
    "of its own; pictures, tables and embedded things have no words. Positions count Unicode code "
    "points from 0; an end is the position after the last one."
)


def address(news_id: int | str) -> str:
    """Return where the annotations of a story stand."""
    return f"/news/{news_id}/attributions.json"


def alternate(story: Story) -> Alternate | None:
    """Return what the head of the story's page says of this form.

    A story that was never read for its sources has none: an archive of 200,000 imported stories
    would be as many files that each take a block of the disk to say so.
    """
    if known.of(story).state is State.NOT_RECORDED:
        return None
    return Alternate(address(story.news_id), MEDIA_TYPE, TITLE)


def shown_on(story: Story) -> Iterable[Sheet]:
    """Return the sheet that shows the attributions of ``story``, if it was ever read for them.

    What stands there of one that was, and is not any more, the ledger knows.
    """
    if known.was_read(story):
        yield Sheet(KIND.name, str(story.news_id))


def document(story: Story) -> bytes:
    """Return the annotations of ``story`` as JSON-LD in UTF-8."""
    return json.dumps(collection(story), ensure_ascii=False, separators=(",", ":")).encode()


def collection(story: Story) -> Node:
    """Return the annotations of ``story`` as an AnnotationCollection.

    A collection without annotations says why it has none: a story that was never read for its
    sources is not one without sources.
    """
    shown, frame = known.of(story), frame_for(story.language)
    url = absolute(address(story.news_id))
    maker = _Maker(url, absolute(story.get_absolute_url()), shown, frame)
    items = [maker.annotation(claim) for claim in shown.every()]
    label, note = _told(shown, frame)
    whole: Node = {
        "@context": CONTEXT,
        "id": url,
        "type": "AnnotationCollection",
        "label": label,
        "creator": maker.paper,
        "sourceStatus": str(shown.state),
        "note": note,
        "total": len(items),
        "first": {
            "id": f"{url}#page-1",
            "type": "AnnotationPage",
            "partOf": url,
            "startIndex": 0,
            "items": items,
        },
    }
    if items:
        whole["annotatedText"] = {
            "type": "Text",
            "format": "text/plain",
            "language": story.language,
            "value": shown.text.text,
            "formation": _FORMATION,
        }
    return whole


def _told(shown: Shown, frame: Frame) -> tuple[str, str]:
    """Return the collection's label and what is to be known of it, in the paper's words."""
    with translation.override(frame.chrome):
        label = _("Who stands behind what")
        match shown.state:
            case State.NOT_RECORDED:
                return _("Source not recorded"), _("This story was never read for its sources.")
            case State.NOT_ANALYSED:
                why = reasons.told(shown.reason)
                return label, why or _("This story could not be read for its sources.")
            case State.UNREVIEWED:
                return label, _("No editor has reviewed all of this story’s sources yet.")
            case _:
                return label, _("An editor has reviewed the sources of this story.")


class _Maker:
    """Makes the annotations of one story."""

    def __init__(self, url: str, story_url: str, shown: Shown, frame: Frame) -> None:
        self._url, self._story_url, self._shown = url, story_url, shown
        self.paper = {"id": absolute("/"), "type": "Organization", "name": frame.name}
        self._numbers = {claim.row.pk: claim.number for claim in shown.every()}

    def annotation(self, claim: Claim) -> Node:
        """Return one attribution; one that nobody reviewed says so, and who made it."""
        row = claim.row
        bodies: list[Node] = [self._statement(claim)]
        bodies += [
            {"type": "SpecificResource", "purpose": "identifying", "source": _id(station.source)}
            for station in claim.own[-1:]
            if station.source is not None
        ]
        node: Node = {
            "id": f"{self._url}#{claim.number}",
            "type": "Annotation",
            "motivation": "describing",
            "creator": self.paper,
            "created": dates.machine(row.decided_at or row.created_at),
            "status": str(row.status),
            "reviewed": claim.decided,
            "body": bodies,
            "target": list(self._targets(claim)),
        }
        if not claim.decided:
            node["confidence"] = round(row.confidence, 2)
            node["generator"] = {"type": "Software", "name": "Broadsheet"}
        return node

    def _statement(self, claim: Claim) -> Node:
        relation = claim.relation
        node: Node = {
            "id": f"{self._url}#statement-{claim.number}",
            "type": ["Entity", "Statement"],
            "sourceKind": str(relation.source_kind),
            "cueKind": str(relation.cue_kind),
            "quoteType": str(relation.quote_type),
            "chain": [_hop(number, each) for number, each in enumerate(claim.own)],
            **_provenance(claim),
        }
        if relation.hedges:
            node["hedges"] = [
                {"type": "Hedge", "kind": str(hedge.kind), "words": self._words(hedge.span)}
                for hedge in relation.hedges
            ]
        times = (
            ("statementTime", claim.said, relation.statement_time),
            ("eventTime", claim.happened, relation.event_time),
        )
        for name, when, time in times:
            if when is not None:
                node[name] = _time(when, time.unresolved if time else "")
        within = self._numbers.get(claim.row.nested_in_id or 0)
        if within is not None:
            node["nestedIn"] = f"{self._url}#statement-{within}"
        return node

    def _targets(self, claim: Claim) -> Iterator[Node]:
        relation = claim.relation
        yield from self._marked("content", relation.content)
        yield from self._marked("source", relation.source)
        yield from self._marked("cue", relation.cue)
        for number, station in enumerate(claim.own):
            spans = tuple(each for each in station.spans if each not in relation.source)
            for target in self._marked("hop", spans):
                yield {**target, "hopNumber": number}
        yield from self._marked("hedge", tuple(hedge.span for hedge in relation.hedges))
        for role, when in (("statementTime", claim.said), ("eventTime", claim.happened)):
            # An editor may have given a time that no words stand for.
            if when is not None and when.span[0] < when.span[1]:
                yield from self._marked(role, (when.span,))

    def _marked(self, role: str, spans: Spans) -> Iterator[Node]:
        for span in spans:
            at = self._shown.text.anchor(span)
            yield {
                "type": "SpecificResource",
                "source": self._story_url,
                "role": role,
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": at.exact,
                        "prefix": at.prefix,
                        "suffix": at.suffix,
                    },
                    {"type": "TextPositionSelector", "start": at.start, "end": at.end},
                ],
            }

    def _words(self, span: Span) -> str:
        return self._shown.text.text[slice(*span)]


def _id(source: Source) -> str:
    return absolute(source.get_absolute_url())


def _hop(number: int, station: Station) -> Node:
    node: Node = {"type": "Hop", "hopNumber": number, "kind": str(station.kind)}
    if station.name:
        node["name"] = station.name
    if station.source is not None:
        node["agent"] = _id(station.source)
    return node


def _provenance(claim: Claim) -> Node:
    """Return whose the statement is, and what it was taken from (PROV-O, 3.1 and 3.2)."""
    own = claim.own
    if not own:
        return {}
    origin, nearest = own[0], own[-1]
    node: Node = {}
    if nearest.identity and not is_document(nearest):
        node["wasAttributedTo"] = _agent(nearest)
    if origin.identity and (len(own) > 1 or is_document(origin)):
        node["hadPrimarySource"] = _entity(origin)
    if nearest.identity and claim.relation.quote_type in (QuoteType.DIRECT, QuoteType.MIXED):
        node["wasQuotedFrom"] = _entity(nearest)
    return node


def _entity(station: Station) -> Node:
    """Return what a station said: the document that it is, or what is to be attributed to it."""
    if station.source is not None and is_document(station):
        return {"id": _id(station.source), "type": "Entity", "name": station.name}
    return {"type": "Entity", "wasAttributedTo": _agent(station)}


def _agent(station: Station) -> Node:
    kind = "Agent"
    source = station.source
    if source is not None and station.kind == SourceKind.NAMED and not source.is_of_guessed_kind:
        kinds = {Source.Kind.PERSON: "Person", Source.Kind.ORGANISATION: "Organization"}
        kind = kinds.get(Source.Kind(source.kind), kind)
    node: Node = {"type": kind, "name": station.name}
    return node if source is None else {"id": _id(source), **node}


def _time(when: When, unresolved: str) -> Node:
    node: Node = {"type": "Time", "words": when.words}
    if when.edtf is not None:
        node["edtf"] = when.edtf
    elif unresolved:
        node["unresolved"] = unresolved
    return node


def _draw(key: str) -> bytes | None:
    story = listings.story(int(key))
    if story is None or known.of(story).state is State.NOT_RECORDED:
        return None
    return document(story)


def _all_keys() -> Iterator[str]:
    read = StoryReading.objects.filter(story__in=Story.objects.public()).order_by("-story")
    return map(str, read.values_list("story_id", flat=True).iterator())


# Of the same stories as ninjs, which are read in the same way.
KIND = replace(NINJS, name="attributions", address=address, draw=_draw, all_keys=_all_keys)
