"""One message of wire text, as it is read bit by bit, and the item that is made of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from broadsheet.wire.agencies import agency_named
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.home_zones import home_zone
from broadsheet.wire.items import WireBlock, WireItem, WireLink, WireSubject
from broadsheet.wire.language import language_of
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.times import month_names, read_zone

# "PARIS, 12 jan (AFP) -", "Berlin (dpa/lni) -", "ATLANTA (AP) —", "BRUXELLES 23/07 (BELGA) =".
_DATELINE = re.compile(
    r"^(?P<place>[^\W\d_][^()\n]{1,80}?)\s?\((?P<agencies>[\w.\s/,&-]{2,40})\)\s?(?:[-–—_=:]|--)?\s"
)
_ANSA_DATELINE = re.compile(
    r"^\((?P<agencies>[\w.\s/,&-]{2,40})\)\s?[-–—]\s?(?P<place>[^\W\d_].{1,40}?),"
)
_PLAIN_DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Za-z .'-]{2,40})(?:, [A-Z][A-Za-z .'-]{2,30})?,\s"
    r"(?:[A-Z][a-z]{2,8}\.?)\s\d{1,2}"
    r"(?:,\s|\s)(?:(?P<agencies>[A-Z]\w{2,12})\s)?[-–—]+\s"
)
_DATE_IN_PLACE = re.compile(
    r",?\s+(?:\d{1,2}(?:[./]\d{1,2}\.?)?(?:\s[^\W\d_]{3,10}\.?)?(?:\s\d{4})?|"
    r"[^\W\d_]{3,10}\.?\s\d{1,2}(?:,?\s\d{4})?)$"
)
_CODES = {
    "reute": "Reuters", "rtrs": "Reuters", "rtr": "Reuters", "reuter": "Reuters",
    "gef": "Keystone-SDA", "ats": "Keystone-SDA", "bsf": "Keystone-SDA", "belga": "Belga",
    "pap": "PAP", "cna": "CNA", "canadian press": "The Canadian Press",
    "the canadian press": "The Canadian Press", "cp": "The Canadian Press", "lusa": "Lusa",
    "apa": "APA", "anp": "ANP", "ntb": "NTB", "ritzau": "Ritzau", "tt": "TT", "upi": "UPI",
    **dict.fromkeys(("lmv", "lsw", "lhe", "lby", "lbn", "lni", "lnw", "lno", "lrs", "lsn", "lah",
                     "lth", "tmn"), "dpa"),
}  # fmt: skip
_CENTURY = 100
_PIVOT = 70


@dataclass
class Message:
    """What was found in a message; see :class:`~broadsheet.wire.items.WireItem`."""

    format: str
    source: bytes
    number: str = ""
    headline: str = ""
    slugline: str = ""
    version: str = ""
    reference: str = ""
    blocks: tuple[WireBlock, ...] = ()
    byline: str = ""
    lead: str = ""
    agency: str = ""
    sent: datetime | None = None
    urgency: int | None = None
    section: str = ""
    genre: str = ""
    rights: str = ""
    subjects: list[WireSubject] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)

    def date(self, at: datetime, zone_word: str = "") -> None:
        """Take ``at`` (naive) as the time of sending, in the zone named or the agency's own."""
        zone: tzinfo | None = read_zone(zone_word) if zone_word else home_zone(self.agency)
        if zone is None:
            zone = UTC
            self.oddities.append("The time of sending names no time zone; read as UTC.")
        try:
            self.sent = at.replace(tzinfo=zone).astimezone(UTC)
        except OverflowError:
            self.oddities.append("The time of sending is no time; it was left out.")


def agency_of(name: str) -> str:
    """Return the agency that ``name`` or its code stands for; empty where it is unknown."""
    folded = " ".join(name.casefold().split()).strip(" .")
    first = folded.split("-")[0]
    return (
        agency_named(folded)
        or _CODES.get(folded, "")
        or agency_named(first)
        or _CODES.get(first, "")
    )


def day_of(year: str, month: str, day: str, clock: str = "0000") -> datetime | None:
    """Return the moment (naive) that digits or a month's name say, ``None`` where none."""
    number = int(month) if month.isdecimal() else 0
    if not number:
        _, number = month_names("de").get(month.casefold().rstrip("."), ("", 0))
    whole = int(year)
    if whole < _CENTURY:
        whole += 2000 if whole < _PIVOT else 1900
    try:
        return datetime(whole, number, int(day), int(clock[:2]), int(clock[2:4]))  # noqa: DTZ001
    except ValueError:
        return None


def item_of(message: Message, origin: str, *, raw: bytes | None) -> WireItem:
    """Return the item of ``message``. Raises :class:`WireError` where it holds no text."""
    place, agencies = _dateline(message)
    if not message.headline and message.blocks:
        message.headline = _from_text(message)
    if not message.headline:
        raise WireError("The wire message holds no text. Send it again.")
    agency = message.agency or (agencies[0] if agencies else "")
    sha256 = hashlib.sha256(message.source).hexdigest()
    prefix = message.format.split()[-1]
    day = f":{message.sent:%Y%m%d}" if message.sent else ""
    guid = f"wire:{prefix}:{agency}:{message.number}{day}" if message.number and day else ""
    text = "\n".join([message.headline, *_words(message.blocks)])
    links: tuple[WireLink, ...] = ()
    if message.reference and day:
        links = (WireLink("replaces", f"wire:{prefix}:{agency}:{message.reference}{day}"),)
    return WireItem(
        guid=guid or f"sha256:{sha256}",
        origin=origin,
        format=message.format,
        sha256=sha256,
        headline=message.headline,
        body=message.blocks,
        version=message.version,
        published=message.sent,
        updated=message.sent,
        language=language_of(text),
        slugline=message.slugline,
        lead=message.lead,
        section=message.section,
        authors=names_in(message.byline),
        byline=message.byline,
        agencies=(agency,) if agency else (),
        info_sources=tuple(name for name in agencies if name != agency),
        topics=tuple(dict.fromkeys(message.topics)),
        subjects=tuple(message.subjects),
        places=(place,) if place else (),
        genre=message.genre,
        urgency=message.urgency,
        links=links,
        rights=message.rights,
        signals=tuple(dict.fromkeys(message.signals)),
        ed_note="\n".join(filter(None, message.notes)),
        raw=raw,
        oddities=tuple(dict.fromkeys(message.oddities)),
    )


def _words(blocks: tuple[WireBlock, ...]) -> list[str]:
    empty = WireItem("", "", "", "", "", blocks)
    return plain_paragraphs(empty)


def _dateline(message: Message) -> tuple[str, list[str]]:
    """Return the place the story is filed from and the agencies its dateline names."""
    for text in _words(message.blocks[:4]):
        head = text[:200]
        match = _DATELINE.match(head) or _ANSA_DATELINE.match(head) or _PLAIN_DATELINE.match(head)
        if match is None:
            continue
        named = [agency_of(name) for name in re.split(r"[/,&]|-(?=[A-Z])", match["agencies"] or "")]
        if match.re is _DATELINE and not any(named):
            continue
        place = _DATE_IN_PLACE.sub("", match["place"].strip()).strip(" ,-")
        return place, list(dict.fromkeys(filter(None, named)))
    return "", []


def _from_text(message: Message) -> str:
    """Return a headline for an alert that has none: its slug, or the words it starts with."""
    message.oddities.append("The message has no headline; the beginning of its text stands in.")
    words = _words(message.blocks[:1])
    text = _DATELINE.sub("", words[0], count=1) if words else ""
    if len(text) <= 200:  # noqa: PLR2004
        return text
    return text[:160].rsplit(" ", 1)[0] + "…"
