"""Sources in the JSON-LD of a story's page, in the terms of schema.org.

https://schema.org/citation      what the story rests on, a work of each source: its range is
                                 CreativeWork or Text, so that a source is the work's author
https://schema.org/isBasedOn     the report or agency copy that is the nearest hop of a chain
https://schema.org/Quotation     words in quotation marks, as a part of the story
https://schema.org/Claim         what is told in other words, mentioned by the story

Who is unnamed, or not in the register, is neither Person nor Organization but the text of a
https://schema.org/creditText. Only attributions an editor stands behind are told, and that
somebody said so is all they tell: never ``ClaimReview``, which judges whether it is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.attribution.export.stations import is_document
from broadsheet.attribution.models import Source
from broadsheet.attribution.reader_view import known
from broadsheet.attribution.relation import QuoteType, SourceKind
from broadsheet.attribution.shown import Claim, Shown, Station, When
from broadsheet.press.jsonld import absolute
from broadsheet.stories.models import Story

Node = dict[str, Any]

_QUOTATION_MARKS = "\"'“”„‟‘’‚‛«»‹›`´「」『』 \t\n"
_BETWEEN = " … "
_OWNERSHIP = "ownershipFundingInfo"
# https://schema.org/Date and DateTime are ISO 8601; EDTF can say more: "2017-12~", "201X", and
# "2017-21" for a spring.
_TIME = r"T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?"
_DAY = rf"\d{{4}}(?:-(?:0[1-9]|1[0-2])(?:-\d\d(?:{_TIME})?)?)?"
_MOMENT = re.compile(_DAY)
# https://schema.org/temporalCoverage takes intervals, with an open end as "..".
_COVERAGE = re.compile(rf"{_DAY}(?:/(?:{_DAY}|\.\.))?|\.\./{_DAY}")


def of(story: Story) -> Node:
    """Return what the ``NewsArticle`` says of its sources; nothing where no editor has decided."""
    shown = known.of(story)
    facts = list(shown.facts())
    url = absolute(story.get_absolute_url())
    quoted = [each for each in facts if each.relation.quote_type == QuoteType.DIRECT]
    told = [each for each in facts if each.relation.quote_type != QuoteType.DIRECT]
    whole = {
        "citation": _works(station for claim in facts for station in claim.own),
        "isBasedOn": _works(_copy(facts)),
        "hasPart": [_quotation(claim, shown, url) for claim in quoted],
        "mentions": [_claim(claim, shown, url) for claim in told],
    }
    seen: set[str] = set()
    return {name: _told_once(nodes, seen) for name, nodes in whole.items() if nodes}


def _told_once(node: Any, seen: set[str]) -> Any:
    """Return ``node`` with what is said of a source's owners where it comes first, and only there.

    ``@id`` ties the others to it (JSON-LD 1.1, 3.3): a page with many claims stays small.
    """
    if isinstance(node, list):
        return [_told_once(each, seen) for each in node]
    if not isinstance(node, dict):
        return node
    known = node.get("@id") in seen
    if _OWNERSHIP in node:
        seen.add(node["@id"])
    return {
        name: _told_once(value, seen)
        for name, value in node.items()
        if not (known and name == _OWNERSHIP)
    }


def _works(stations: Iterable[Station]) -> list[Node]:
    """Return a work of each of ``stations``, once, leaving out who is not known."""
    found = {each.identity: each for each in stations if each.identity}
    return [_work(each) for each in found.values()]


def _copy(facts: Iterable[Claim]) -> Iterator[Station]:
    """Yield the stations nearest to this paper that are reports, or agencies that send it copy."""
    for claim in facts:
        for nearest in claim.chain[-1:]:
            if is_document(nearest) or (nearest.source and nearest.source.agency_id is not None):
                yield nearest


def _quotation(claim: Claim, shown: Shown, url: str) -> Node:
    node: Node = {
        "@type": "Quotation",
        "@id": _id(claim, url),
        "text": _words(claim, shown).strip(_QUOTATION_MARKS),
        "inLanguage": shown.text.language,
    }
    origin, *later = claim.own or (None,)
    node |= _by(origin, "spokenByCharacter")
    if passed := [each for each in later if each is not None and each.identity]:
        node["isBasedOn"] = _work(passed[0])
    elif origin is not None and is_document(origin):
        node["isBasedOn"] = _work(origin)
    return node | _moment("dateCreated", claim.said, _MOMENT)


def _claim(claim: Claim, shown: Shown, url: str) -> Node:
    node: Node = {
        "@type": "Claim",
        "@id": _id(claim, url),
        "text": _words(claim, shown),
        "inLanguage": shown.text.language,
        "appearance": {"@id": url},
    }
    origin, *later = claim.own or (None,)
    node |= _by(origin, "author")
    # Whoever first passed it on, or the document that it was first said in.
    first = later[0] if later else origin if origin and is_document(origin) else None
    if first is not None and first.identity:
        node["firstAppearance"] = _work(first)
    node |= _moment("temporalCoverage", claim.happened, _COVERAGE)
    return node | _moment("dateCreated", claim.said, _MOMENT)


def _id(claim: Claim, url: str) -> str:
    return f"{url}#attribution-{claim.number}"


def _words(claim: Claim, shown: Shown) -> str:
    return _BETWEEN.join(shown.text.text[start:end] for start, end in claim.relation.content)


def _by(station: Station | None, name: str) -> Node:
    """Return the property that says whose words they are: ``name``, or a credit as text."""
    if station is None or not station.identity or is_document(station):
        return {}
    party = _party(station)
    return {"creditText": station.name} if party is None else {name: party}


def _work(station: Station) -> Node:
    """Return what a station said or published, as a work that can be cited."""
    source = station.source
    if source is not None and is_document(station):
        return {"@type": "CreativeWork", **_named(source, station.name)}
    if source is not None and source.agency_id is not None:
        return {"@type": "CreativeWork", "publisher": _party(station)}
    return {"@type": "CreativeWork", **_by(station, "author")}


def _party(station: Station) -> Node | None:
    """Return a named source of the register as Person or Organization."""
    source = station.source
    if source is None or station.kind != SourceKind.NAMED:
        return None
    match source.kind:
        case Source.Kind.PERSON:
            return {"@type": "Person", **_named(source, station.name)}
        case Source.Kind.ORGANISATION:
            kind = "Organization" if source.agency_id is None else "NewsMediaOrganization"
            node = {"@type": kind, **_named(source, station.name)}
            if source.ownership_note:
                # https://schema.org/ownershipFundingInfo
                node[_OWNERSHIP] = source.ownership_note
            return node
    return None


def _named(source: Source, name: str) -> Node:
    url = absolute(source.get_absolute_url())
    return {"@id": url, "name": name, "url": url}


def _moment(name: str, when: When | None, form: re.Pattern[str]) -> Node:
    if when is None or when.edtf is None or not form.fullmatch(when.edtf):
        return {}
    return {name: when.edtf}
