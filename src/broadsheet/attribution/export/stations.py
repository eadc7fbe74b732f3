"""What the forms have in common in telling of the hops of a chain."""

from __future__ import annotations

from broadsheet.attribution.models import Source
from broadsheet.attribution.shown import Station


def is_document(station: Station) -> bool:
    """Tell whether a hop is a document, which says by itself what is written in it."""
    return station.source is not None and station.source.kind == Source.Kind.DOCUMENT
