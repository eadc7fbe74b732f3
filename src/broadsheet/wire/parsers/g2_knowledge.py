"""NewsML-G2 items that carry no news but what is known or planned, told in words.

Events, assignments and concepts come as ``conceptItem``, ``knowledgeItem``, ``planningItem``,
``catalogItem``, or as events within a news item. The desk reads them; they never become stories
by themselves. Source: IPTC NewsML-G2 2.35, "Concepts", "Events", "Planning", "Catalogs".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from lxml.etree import _Element

from broadsheet.wire.items import WireBlock
from broadsheet.wire.parsers.g2_properties import (
    XML_LANG,
    attribute,
    child,
    children,
    ending,
    lines_of,
    name_of,
    plain,
    unique,
    value_of,
    within,
)
from broadsheet.wire.parsers.inline import from_text

# A code list of a whole vocabulary has some ten thousand concepts; nobody reads them here.
_MOST_TOLD = 500
_NAMED_IN_HEADLINE = 3


@dataclass
class Told:
    """What an item tells: a headline where it has none of its own, and its words as blocks."""

    headline: str = ""
    blocks: list[WireBlock] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)

    def say(self, *texts: str) -> None:
        """Add a paragraph of what ``texts`` say, if they say anything."""
        if text := " · ".join(unique(iter(texts))):
            self.blocks.append(WireBlock("paragraph", from_text(text)))

    def head(self, text: str) -> None:
        """Add a heading, if it says anything."""
        if text:
            self.blocks.append(WireBlock("heading", from_text(text)))


def told(item: _Element, language: str) -> Told:
    """Return what the concepts, events, plans and catalogues in ``item`` say."""
    result = Told()
    concepts = list(within(item, "concept", "event"))
    coverages = list(within(item, "newsCoverage"))
    schemes = list(within(item, "scheme")) if not concepts else []
    names: list[str] = []
    for number, concept in enumerate(islice(concepts, _MOST_TOLD)):
        names.append(
            _concept(concept, language, result, with_heading=len(concepts) > 1 or number > 0)
        )
    for coverage in islice(coverages, _MOST_TOLD):
        names.extend(_coverage(coverage, language, result))
    for scheme in islice(schemes, _MOST_TOLD):
        names.append(name_of(scheme, language) or attribute(scheme, "alias"))
        result.say(attribute(scheme, "alias"), names[-1], attribute(scheme, "uri"))
    left_out = max(len(concepts), len(coverages), len(schemes)) - _MOST_TOLD
    if left_out > 0:
        result.oddities.append(
            f"It lists {left_out} more entries, which are kept with the item but not shown."
        )
    named = unique(iter(names))
    if len(named) > _NAMED_IN_HEADLINE:
        result.headline = f"{'; '.join(named[:_NAMED_IN_HEADLINE])} …"
    else:
        result.headline = "; ".join(named)
    return result


def holds_events(item: _Element) -> bool:
    """Tell whether the content of a news item is a list of events (G2 Guidelines, "Events")."""
    inline = child(item, "contentSet", "inlineXML")
    return inline is not None and (
        child(inline, "events") is not None or child(inline, "event") is not None
    )


def _concept(concept: _Element, language: str, result: Told, *, with_heading: bool) -> str:
    name = name_of(concept, language)
    code = value_of(child(concept, "conceptId"))
    if with_heading:
        result.head(name or code)
    for element in children(concept, "definition", "note"):
        if _is_readable(element, language):
            for line in lines_of(element):
                result.say(line)
    for details in children(concept, "eventDetails"):
        dates = child(details, "dates")
        moments = [plain(each) for each in dates] if dates is not None else []
        result.say(" – ".join(filter(None, moments)))
        for party in children(details, "location", "organiser", "participant"):
            result.say(name_of(party, language), *_contacts(party))
        for element in children(details, "registration", "contactInfo"):
            lines = lines_of(element) if ending(str(element.tag)) != "contactinfo" else []
            result.say(*(lines or [plain(each) for each in element]))
    return name or code


def _contacts(party: _Element) -> list[str]:
    return [plain(each) for each in within(party, "email", "web", "phone")]


def _coverage(coverage: _Element, language: str, result: Told) -> list[str]:
    names = []
    for planning in children(coverage, "planning"):
        headline = plain(child(planning, "headline"))
        notes = [line for each in children(planning, "edNote") for line in lines_of(each)]
        description = [
            line for each in children(planning, "description") for line in lines_of(each)
        ]
        names.append(headline or next(iter(notes), ""))
        result.say(
            headline,
            ending(value_of(child(planning, "itemClass"))),
            plain(child(planning, "scheduled")),
            name_of(child(planning, "assignedTo"), language),
            *description,
            *notes,
        )
    for reference in within(coverage, "deliveredItemRef"):
        result.say(plain(child(reference, "title")), attribute(reference, "residref", "guidref"))
    return names


def _is_readable(element: _Element, language: str) -> bool:
    spoken = (element.get(XML_LANG) or "").split("-")[0].casefold()
    return not spoken or not language or spoken == language.split("-", maxsplit=1)[0].casefold()
