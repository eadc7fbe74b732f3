"""What ninjs allows, version by version, as a table of our own.

The rules are those of the IPTC's ninjs 1.0 to 1.6, 2.0 to 2.2, 3.0 and 3.1
(https://iptc.org/standards/ninjs/). Formats of dates and addresses are not among them: the
standard states them, and its own validation suite does not ask for them.
"""

# ruff: noqa: PLR2004 - the numbers compared with are versions of the standard

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["text", "number", "whole number", "object", "list", "GeoJSON", "news item"]

_ONE_LETTER = "[a-zA-Z0-9]"
_ONE_LETTER_OR_LINE = "[a-zA-Z0-9_]"


@dataclass(frozen=True)
class Rule:
    """What one value may be.

    ``members`` are those an object may have and ``patterns`` what further names it may use;
    ``is_open`` tells that any other is allowed as well. Exactly one of ``exactly_one`` must be
    there. ``pairs`` (for the dates of an event) asks that of one of its pairs at least.
    """

    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    pattern: str = ""
    least: float | None = None
    most: float | None = None
    members: Mapping[str, Rule] = field(default_factory=dict)
    patterns: tuple[tuple[str, Rule], ...] = ()
    required: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    is_open: bool = False
    each: Rule | None = None


TEXT, NUMBER, WHOLE = Rule(), Rule("number"), Rule("whole number")
_PERCENT = Rule("whole number", least=0, most=100)
_ITEM = Rule("news item")
_STATUS = Rule(choices=("usable", "withheld", "canceled"))
_BASIC_TYPES = ("text", "audio", "video", "picture", "graphic", "composite")


def _texts(names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), TEXT)


def _object(names: str = "", **more: Rule) -> Rule:
    return Rule("object", members={**_texts(names), **more})


def _list(each: Rule) -> Rule:
    return Rule("list", each=each)


def _cased(case: Callable[[str], str], names: str) -> str:
    return " ".join(map(case, names.split()))


def _contact(postal_code: str) -> Rule:
    address = _object(f"locality area country {postal_code}", lines=_list(TEXT))
    return replace(
        _object("type role lang name value", address=address), exactly_one=("value", "address")
    )


def _rights(names: str, *, is_open: bool) -> Rule:
    rule = _object(names)
    return replace(rule, exactly_one=tuple(names.split()[1:]), is_open=is_open)


def _first_generation(minor: int) -> Rule:
    """Return the rule of ninjs 1.``minor``: single members, objects keyed by free names."""
    contact = {"contactinfo": _list(_contact("postalcode"))} if minor >= 5 else {}
    ticker = "ticker exchange symbol symboltype" if minor >= 5 else "ticker exchange"
    coded = "name rel scheme code"
    geometry = ((f"^geometry_{_ONE_LETTER_OR_LINE}+", _open()),) if minor >= 1 else ()
    free_name = f"^{_ONE_LETTER_OR_LINE if minor >= 3 else _ONE_LETTER}+"
    rating = {"relevance": _PERCENT, "confidence": _PERCENT, "creator": TEXT} if minor >= 5 else {}
    sizes = "height width sizeinbytes" + (" duration" if minor >= 2 else "")
    rendition = _object(
        "href mimetype title" + (" format" if minor >= 2 else ""),
        **dict.fromkeys(sizes.split(), NUMBER),
    )
    members = {
        **_texts(
            "uri mimetype profile version versioncreated embargoed copyrightholder "
            "copyrightnotice language byline headline located"
        ),
        "type": Rule(choices=_BASIC_TYPES + (("component",) if minor >= 2 else ())),
        "representationtype": Rule(choices=("complete", "incomplete")),
        "pubstatus": _STATUS,
        "person": _list(_object(coded, **contact)),
        "organisation": _list(_object(coded, symbols=_list(_object(ticker)), **contact)),
        "place": _list(replace(_object(coded, **contact), patterns=geometry)),
        "subject": _list(_object(coded, **rating)),
        "event": _list(_object(coded)),
        "object": _list(_object(coded)),
        "renditions": Rule("object", patterns=((free_name, rendition),)),
        "associations": Rule("object", patterns=((free_name, _ITEM),)),
    }
    further: tuple[tuple[int, dict[str, Rule]], ...] = (
        (1, {"usageterms": TEXT, "urgency": NUMBER}),
        (2, {**_texts("firstcreated ednote title slugline"), "charcount": NUMBER}),
        (2, {"wordcount": NUMBER, "infosource": _list(_object(coded, **contact))}),
        (3, {"$standard": _object("name version schema"), "altids": _open()}),
        (3, {"trustindicator": _list(_object("scheme code title href"))}),
        (3, {"genre": _list(_object("name scheme code"))}),
        (4, {**_texts("contentcreated expires")}),
        (4, {"rightsinfo": _rights("langid linkedrights encodedrights", is_open=True)}),
        (6, {"digitalsourcetype": _object("name uri literal")}),
    )
    for since, added in further:
        if minor >= since:
            members |= added
    names = ["body", "description", *(["headline"] if minor >= 3 else [])]
    return Rule(
        "object",
        members=members,
        patterns=tuple((f"^{name}_{_ONE_LETTER_OR_LINE}+", TEXT) for name in names),
        required=("uri",),
    )


def _open() -> Rule:
    return Rule("object", is_open=True)


def _later_generation(major: int, minor: int) -> Rule:
    """Return the rule of ninjs 2.``minor`` or 3.``minor``: plural lists of objects."""
    third = major == 3
    first_second = (major, minor) == (2, 0)
    case = _camel if third else str
    count = WHOLE if third else NUMBER
    contact = {} if first_second else {case("contactinfo"): _list(_contact(case("postalcode")))}
    named = "name rel uri literal"
    symbols = {True: "ticker exchange", False: "ticker exchange symboltype symbol"}[first_second]
    if third:
        symbols = "exchange symbolType symbol"
    organisation = _object(named, symbols=_list(_object(symbols)), **contact)
    rating = (
        {} if first_second else {"creator": TEXT, "relevance": _PERCENT, "confidence": _PERCENT}
    )
    spoken = _object(f"role value {case('contenttype')}")
    counts = {case("charcount"): count, case("wordcount"): count}
    rendition = _rendition(case, third=third)
    members = {
        **_texts(
            _cased(
                case,
                "uri profile version firstcreated versioncreated contentcreated "
                "copyrightholder copyrightnotice usageterms ednote language title by slugline "
                "located",
            )
        ),
        "type": Rule(
            choices=(*_BASIC_TYPES, "component", *(("event", "planning") if third else ()))
        ),
        case("representationtype"): Rule(choices=("full", "partial")),
        case("pubstatus"): _STATUS,
        "embargoedUntil" if third else "embargoed": TEXT,
        "urgency": Rule("whole number", least=1, most=9) if third else NUMBER,
        "descriptions": _list(replace(spoken, required=("value",))),
        "headlines": _list(replace(spoken, required=("value",))),
        "bodies": _list(replace(spoken, members={**spoken.members, **counts}, required=("value",))),
        "people": _list(_object(named, **contact)),
        "organisations": _list(organisation),
        "places": _list(_object(named, **{case("geojson"): Rule("GeoJSON")}, **contact)),
        "subjects": _list(_object(named, **rating)),
        "events": _list(_object(f"{named} id" if third else named)),
        "objects": _list(_object(named)),
        case("infosources"): _list(_object("name role uri literal", **contact)),
        "renditions": _list(rendition),
        "associations": _list(_ITEM),
        case("altids"): _list(_object("role value")),
        case("trustindicators"): _list(_object("role title href")),
        "standard": _object("name version schema"),
        "genres": _list(_object("name uri literal")),
        case("rightsinfo"): _rights(
            _cased(case, "langid linkedrights encodedrights"), is_open=not third
        ),
    }
    if not first_second:
        members["expires"] = TEXT
    if (major, minor) in {(2, 2), (3, 1)}:
        members[case("digitalsourcetype")] = _object("name uri literal")
    if third:
        members |= _planning(members["type"], rendition, organisation)
    return Rule("object", members=members, required=("uri",))


_WORDS = re.compile(
    "(?<=.)(type|created|holder|notice|terms|note|status|info|code(?!d)|count|sources|source|ids|id|"
    "indicators|rights|inbytes)"
)


def _camel(name: str) -> str:
    """Return a member's name as ninjs 3 writes it: ``contentcreated`` → ``contentCreated``."""
    if name == "geojson":
        return "geoJSON"
    joined = _WORDS.sub(lambda match: match[0].capitalize(), name)
    return joined.replace("Inbytes", "InBytes")


def _rendition(case: Callable[[str], str], *, third: bool) -> Rule:
    if not third:
        sizes = dict.fromkeys(("height", "width", "sizeinbytes", "duration"), NUMBER)
        rule = _object("name href contenttype title format", **sizes)
    else:
        rule = _object(
            "name href contentType title format aspectRatio videoCodec transportProtocol bitrate",
            **dict.fromkeys(("width", "height", "sizeInBytes"), WHOLE),
            duration=NUMBER,
            frameRate=NUMBER,
            poi=_object(x=WHOLE, y=WHOLE),
            scanType=Rule(choices=("progressive", "interlaced")),
        )
    return replace(rule, required=("name",))


def _planning(types: Rule, rendition: Rule, organisation: Rule) -> dict[str, Rule]:
    # ISO 8601, cut off after any part (NewsML-G2, "TruncatedDateTime").
    cut_off = Rule(
        pattern=r"^-?(?:[1-9]\d*)?\d{4}(?:-(?:1[0-2]|0[1-9])(?:-(?:3[01]|0[1-9]|[12]\d)"
        r"(?:T(?:2[0-3]|[01]\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:2[0-3]|[01]\d):[0-5]\d)?)?"
        r")?)?$"
    )
    often = ("secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly")
    recurrence = _object(
        recurrenceDates=_list(cut_off),
        recurrenceRules=_list(
            _object("until", frequency=Rule(choices=often), interval=WHOLE, count=WHOLE)
        ),
    )
    dates = replace(
        _object(
            "startDate endDate expectedDuration",
            expectedStartDate=cut_off,
            expectedEndDate=cut_off,
            recurrence=recurrence,
        ),
        pairs=(("startDate", "expectedStartDate"), ("endDate", "expectedEndDate")),
    )
    covered = _object(
        "uri title edNote language",
        pubStatus=_STATUS,
        type=types,
        commissioned=_object("by on", references=_list(_object("name value"))),
        dates=dates,
        audiences=_list(_object("audience", significance=WHOLE)),
        exclAudience=_list(TEXT),
        urgency=Rule("whole number", least=1, most=9),
        itemCount=_object(rangeFrom=WHOLE, rangeTo=WHOLE),
        wordCount=WHOLE,
        renditions=_list(rendition),
    )
    return {
        "eventDetails": _object(
            "eventStatus plannedCoverageStatus", dates=dates, organiser=organisation
        ),
        "plannedCoverage": _list(covered),
    }


VERSIONS: dict[str, Rule] = {
    **{f"1.{minor}": _first_generation(minor) for minor in range(7)},
    **{f"2.{minor}": _later_generation(2, minor) for minor in range(3)},
    **{f"3.{minor}": _later_generation(3, minor) for minor in range(2)},
}


def with_advice(rule: Rule) -> Rule:
    """Return ``rule`` as the IPTC's development versions have it, which its suite takes as well."""
    code = _object("code scheme")
    advice = _object(
        role=Rule(choices=("publish",)),
        environments=_list(replace(code, is_open=True)),
        importance=code,
        lifetime=code,
    )
    return replace(rule, members={**rule.members, "advices": _list(advice)})
