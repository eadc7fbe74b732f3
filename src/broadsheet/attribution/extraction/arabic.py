"""Arabic: one text through the steps of :mod:`~broadsheet.attribution.extraction.reporting`."""

from __future__ import annotations

from datetime import datetime, tzinfo

from broadsheet.attribution.extraction import reporting
from broadsheet.attribution.relation import Analysis


def analyse(text: str, published: datetime | None, zone: tzinfo) -> Analysis:
    """Return what ``text`` attributes to whom; not analysed where it is hardly Arabic."""
    return reporting.analyse("arabic", text, published, zone)
