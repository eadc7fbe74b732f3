"""Sources in ninjs 3.1: ``infoSources``, and where the attributions themselves are.

ninjs knows parties "which originated, … distributed … or supplied the content or provided some
information used to create" it (``infoSources``: name, role, uri; its items take no other
property), and links to documents a reader can judge the story by (``trustIndicators``):
https://iptc.org/std/ninjs/userguide/. Its schema allows no properties of our own.
"""

from __future__ import annotations

from typing import Any

from broadsheet.attribution.export import web_annotation
from broadsheet.attribution.reader_view import known
from broadsheet.attribution.relation import SourceKind
from broadsheet.attribution.shown import State, Station
from broadsheet.press.jsonld import absolute
from broadsheet.stories.models import Story

# The roles are free text. Whoever is both, in different claims, is an origin.
_ORIGIN, _UNNAMED, _OUTLET = "origin", "unnamed origin", "outlet"


def of(story: Story) -> dict[str, Any]:
    """Return who is behind the facts of ``story``, and where to read by which way each came."""
    shown = known.of(story)
    if shown.state == State.NOT_RECORDED:
        return {}
    origins: dict[str, Station] = {}
    outlets: dict[str, Station] = {}
    for claim in shown.facts():
        for place, station in enumerate(claim.own):
            if station.identity:
                (outlets if place else origins).setdefault(station.identity, station)
    whole: dict[str, Any] = {
        "trustIndicators": [
            {
                "title": web_annotation.TITLE,
                "href": absolute(web_annotation.address(story.news_id)),
            }
        ]
    }
    others = [station for identity, station in outlets.items() if identity not in origins]
    if parties := [
        *(_party(station, _role(station)) for station in origins.values()),
        *(_party(station, _OUTLET) for station in others),
    ]:
        whole["infoSources"] = parties
    return whole


def _role(station: Station) -> str:
    return _UNNAMED if station.kind == SourceKind.UNNAMED else _ORIGIN


def _party(station: Station, role: str) -> dict[str, Any]:
    party = {"role": role, "name": station.name}
    if station.source is not None:
        party["uri"] = absolute(station.source.get_absolute_url())
    return party
