"""What a ninjs item says of itself beside its words: times, people, subjects, status, rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.items import WireSubject
from broadsheet.wire.likeness import folded
from broadsheet.wire.parsers import ninjs_words
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.labels import HIGHEST_NUMBER
from broadsheet.wire.parsers.ninjs_members import Members, folded_name
from broadsheet.wire.parsers.nitf_body import NitfBody

# Parts that people play who made the story; others are in it.
_AUTHORS = {
    "author", "authors", "creator", "writer", "reporter", "byline", "by", "contributor",
    "journalist", "photographer", "person:author",
}  # fmt: skip
_SENDERS = ("agency", "provider", "distributor", "publisher", "source", "newsagency")
# Relations of subjects that only lead up to the others, or sort the supplier's own services.
_NOT_TOPICS = {"ancestor", "category", "suppcategory", "section", "broader"}
_SECTIONS = {"section"}
_SHORTEST_TOPIC = 2
_WITHDRAWN_STATES = {"killed": "canceled", "recalled": "canceled", "unpublished": "canceled"}
_STATUSES = {"usable", "withheld", "canceled", "cancelled", "embargoed"}
_HIGHEST_URGENCY = 9
_EMBARGO = ("embargoed", "embargoeduntil", "embargo", "embargountil", "embargoedto")


@dataclass(frozen=True)
class Embargo:
    """Until when the item is embargoed; ``hold`` where it is and no machine can tell."""

    until: datetime | None = None
    hold: str = ""


def facts_of(item: Members, nitf: NitfBody | None) -> dict[str, Any]:
    """Return the fields of a ``WireItem`` that ``item`` states, by their names."""
    byline = _byline_of(item) or (nitf.byline if nitf else "")
    is_ours = news_id_of(item) is not None
    agencies = _agencies_of(item, byline, is_ours=is_ours)
    agency = agencies[0] if agencies else ""
    embargo = _embargo_of(item, agency)
    published, updated = _times_of(item, agency, is_ours=is_ours)
    return {
        "version": item.text("version", "currentversion", "revision")[:100],
        "published": published,
        "updated": updated,
        "news_id": news_id_of(item),
        "slugline": item.text("slugline") or "-".join(item.texts("slug")),
        "dateline": _dateline_of(item) or (nitf.dateline if nitf else ""),
        "section": _section_of(item),
        "authors": _authors_of(item, byline) or (nitf.authors if nitf else ()),
        "byline": byline,
        "agencies": agencies,
        "info_sources": _info_sources_of(item, is_ours=is_ours),
        "topics": _topics_of(item),
        "subjects": _subjects_of(item),
        "places": _places_of(item) or (nitf.places if nitf else ()),
        "genre": _first_name(item, "genre", "genres"),
        "urgency": _urgency_of(item),
        "rights": _rights_of(item, is_ours=is_ours),
        "credit_line": _credit_line_of(item),
        "pub_status": _status_of(item),
        "embargoed": embargo.until,
        "expires": item.moment("expires", "expireson", "expirydate", agency=agency),
        "signals": _signals_of(item),
        "ed_note": _ed_note_of(item) or (nitf.ed_note if nitf else ""),
        "hold": embargo.hold,
    }


def news_id_of(item: Members) -> int | None:
    """Return the number that another Broadsheet gave the story, where one did."""
    value = item.get("altids")
    for each in value if isinstance(value, list) else ():
        if not isinstance(each, dict):
            continue
        alt = Members(each)
        number = alt.text("value")
        if alt.text("role") == "News ID" and number.isascii() and number.isdecimal():
            return int(number[:12]) if 0 < int(number[:12]) <= HIGHEST_NUMBER else None
    return None


def _times_of(
    item: Members, agency: str, *, is_ours: bool
) -> tuple[datetime | None, datetime | None]:
    """Return when the item was first published and when this version of it was made."""
    made = ("versioncreated", "updated", "updatedat", "modified", "datemodified")
    updated = item.moment(*made, agency=agency)
    names = (
        "firstpublished", "firstpublishedat", "firstcreated", "published", "publishedat",
        "datepublished", "created", "contentcreated", "date",
    )  # fmt: skip
    first = ("contentcreated",) if is_ours else ()
    published = item.moment(*first, *names, agency=agency)
    return published or updated, updated


def _embargo_of(item: Members, agency: str) -> Embargo:
    value = item.get(*_EMBARGO)
    if value is None or value is False:
        return Embargo()
    until = item.moment(*_EMBARGO, agency=agency) if value is not True else None
    if until is not None:
        return Embargo(until)
    said = "" if value is True else f" (“{str(value)[:80]}”)"
    return Embargo(hold=f"It is embargoed{said}, and no machine can tell until when.")


def _byline_of(item: Members) -> str:
    byline = item.text("byline", "by")
    if not byline:
        # AP has the names as "by" and what their owners are as "title".
        listed = item.objects("bylines")
        parts = [part for each in listed for part in (each.text("by"), each.text("title")) if part]
        byline = ", ".join(parts if any(each.text("by") for each in listed) else ())
        byline = byline or ", ".join(item.texts("bylines"))
    return ninjs_words.plain(byline)


def _authors_of(item: Members, byline: str) -> tuple[str, ...]:
    names = [
        each.text("name", "byline")
        for each in item.objects("authors", "author", "people", "person", "bylines", "creator")
        if _plays(each, _AUTHORS) or _is_listed_author(item, each)
    ]
    named = [name for name in names if name and not agency_named(name)]
    return tuple(dict.fromkeys(named)) or names_in(byline)


def _plays(each: Members, roles: set[str]) -> bool:
    stated = [each.text("rel"), each.text("role"), *each.texts("rels"), *each.texts("roles")]
    return any(folded_name(role.rsplit("/", 1)[-1]) in roles for role in filter(None, stated))


def _is_listed_author(item: Members, each: Members) -> bool:
    """Tell whether ``each`` stands in a list of authors without any role that says otherwise."""
    if each.text("role", "rel"):
        return False
    return any(each.raw is other.raw for other in item.objects("authors", "author"))


def _agencies_of(item: Members, byline: str, *, is_ours: bool) -> tuple[str, ...]:
    """Return who sent the copy: what says so first, and then only that."""
    sources = item.objects("infosources", "infosource")
    stated = [each.text("name", "literal") for each in sources if _plays(each, set(_SENDERS))]
    if is_ours:
        return tuple(dict.fromkeys(filter(None, stated)))
    for names in (
        stated,
        item.texts("source"),
        item.texts("provider"),
        [name for name in item.texts("copyrightholder") if len(name) < 80],  # noqa: PLR2004
        [byline] if agency_named(byline) else [],
        [part for part in _credit_line_of(item).split("/") if agency_named(part)],
        [part for part in byline.replace("/", ",").split(",") if agency_named(part.strip())],
        [each.text("name") for each in sources if agency_named(each.text("name"))],
    ):
        if found := [agency_named(name) or name for name in names if name]:
            return tuple(dict.fromkeys(name.strip() for name in found))
    return ()


def _info_sources_of(item: Members, *, is_ours: bool) -> tuple[str, ...]:
    sources = item.objects("infosources", "infosource")
    names = [
        each.text("name", "literal", "code")
        for each in sources
        if not (is_ours and each.text("role") == "agency")
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def _topics_of(item: Members) -> tuple[str, ...]:
    names = [
        each.text("name")
        for each in item.objects("subject", "subjects")
        if not _plays(each, _NOT_TOPICS)
    ]
    names += [word for text in item.texts("keywords") for word in _keywords(text)]
    distinct: dict[str, str] = {}
    for name in names:
        if len(name) >= _SHORTEST_TOPIC:
            distinct.setdefault(folded(name), name)
    return tuple(distinct.values())


def _keywords(text: str) -> list[str]:
    parts = text.replace(";", ",").split(",") if "," in text or ";" in text else [text]
    return [part.strip() for part in parts if part.strip()]


def _subjects_of(item: Members) -> tuple[WireSubject, ...]:
    found = []
    for each in item.objects("subject", "subjects"):
        if _plays(each, _SECTIONS):
            continue
        code, scheme = each.text("code", "qcode", "literal"), each.text("scheme")
        uri = each.text("uri")
        if uri and not scheme:
            before, mark, last = uri.rpartition("/")
            scheme, code = (f"{before}{mark}" if last else "", code or last or uri)
        name = each.text("name") or code
        if name or code:
            found.append(WireSubject(name, code, scheme))
    return tuple(dict.fromkeys(found))


def _places_of(item: Members) -> tuple[str, ...]:
    names = [
        each.text("name", "literal")
        for each in item.objects("place", "places")
        if not _plays(each, {"ancestor", "dateline"})
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def _dateline_of(item: Members) -> str:
    for name in ("located", "dateline", "datelinelocation"):
        value = item.get(name)
        if isinstance(value, dict):
            inner = Members(value)
            if text := inner.text("text", "city", "name", "located", "value"):
                return text
        elif text := item.text(name):
            return text
    return next(
        (each.text("name") for each in item.objects("places") if _plays(each, {"dateline"})), ""
    )


def _section_of(item: Members) -> str:
    for each in item.objects("subjects", "subject"):
        if _plays(each, _SECTIONS) and each.text("name"):
            return each.text("name")
    return _first_name(
        item, "service", "services", "anpacategory", "section", "sections", "rubricnames", "desk"
    )


def _first_name(item: Members, *names: str) -> str:
    found = [each.text("name", "literal", "code", "uri") for each in item.objects(*names)]
    first = next(iter(filter(None, found)), "")
    return first.rstrip("/").rsplit("/", 1)[-1] if "://" in first else first


def _urgency_of(item: Members) -> int | None:
    for name in ("urgency", "priority"):
        text = item.text(name)
        if not text:
            continue
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if number.is_integer() and 1 <= number <= _HIGHEST_URGENCY:
            return int(number)
        item.oddities.append(
            f"The {name} is “{text[:20]}”, which is no whole number from 1 to {_HIGHEST_URGENCY}."
        )
    return None


def _rights_of(item: Members, *, is_ours: bool) -> str:
    linked = [
        Members(each.raw).text("linkedrights") for each in item.objects("rightsinfo") if each.raw
    ]
    texts = [
        ninjs_words.plain(text)
        for text in (item.text("usageterms"), item.text("copyrightnotice"), *linked)
        if text
    ]
    holder = item.text("copyrightholder")
    if not texts and holder and not is_ours:
        texts = [f"© {holder}"]
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _credit_line_of(item: Members) -> str:
    stated = item.text("creditline", "credit")
    return ninjs_words.plain(stated) or ninjs_words.described_as(item, "creditline", "credit")


def _status_of(item: Members) -> str:
    if stated := item.text("pubstatus", "publishstatus", "publicationstatus"):
        return stated
    # Superdesk's own state, where a document comes out of its database; AFP's own name for it.
    status = item.text("status")
    if status.casefold() in _STATUSES:
        return status
    return _WITHDRAWN_STATES.get(item.text("state").casefold(), "")


def _signals_of(item: Members) -> tuple[str, ...]:
    names = [
        each.text("code", "qcode", "literal", "name", "uri", "updatetype")
        for each in item.objects("signal", "signals")
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def _ed_note_of(item: Members) -> str:
    notes = [
        item.text("ednote", "ednotes", "editorialnote", "editorsnote"),
        item.text("instructions", "specialinstructions"),
        ninjs_words.described_as(item, "ednote", "editorsnote", "instructions"),
        *_planned(item),
    ]
    return "\n".join(dict.fromkeys(filter(None, map(ninjs_words.plain, notes))))


def _planned(item: Members) -> list[str]:
    """Return when an event is, and what is planned to be covered, for the desk to read."""
    said = []
    for details in item.objects("eventdetails"):
        for dates in details.objects("dates"):
            start = dates.text("startdate", "expectedstartdate")
            end = dates.text("enddate", "expectedenddate")
            if start or end:
                said.append(f"Event: {start or '?'}" + (f" to {end}" if end else ""))
        said.extend(f"Organiser: {name}" for name in details.texts("organiser"))
    for covered in item.objects("plannedcoverage"):
        words = [covered.text(name) for name in ("type", "title", "urgency", "ednote")]
        if told := ", ".join(filter(None, words)):
            said.append(f"Planned: {told}")
    return said
