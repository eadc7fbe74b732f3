"""The times of a NewsML-G2 item.

``published`` is when the supplier first made the item (``itemMeta/firstCreated``), as newsrooms
count it: a correction keeps the day of its story. Where that is missing, it is when the content
was made (``contentMeta/contentCreated``; not for pictures, which may be years older than their
item), then the version (``itemMeta/versionCreated``). ``updated`` is the version's time, or when
the content was last changed, whichever the supplier says first.

Source: IPTC NewsML-G2 2.35, "Item Metadata" and "Content Metadata".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from lxml.etree import _Element

from broadsheet.wire.home_zones import home_zone
from broadsheet.wire.parsers.g2_properties import attribute, child, ending, plain, within
from broadsheet.wire.times import find_day, read_moment

_NO_ZONE = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d:?\d\d(?::?\d\d)?(?:[.,]\d{1,9})?")
_OFFSET = re.compile(r"T.{0,30}(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)\s*$")
_TIMES = (
    "firstCreated", "versionCreated", "contentCreated", "contentModified", "embargoed", "sent"
)  # fmt: skip
_EXPIRE = ("expires", "contentExpires", "expirationDate")
_NAMED_EXPIRE = {"pubstop", "expires", "expirationdate", "unpublish"}


@dataclass(frozen=True)
class Times:
    """When things happened, aware and in UTC; ``hold`` says why an embargo has no end."""

    published: datetime | None = None
    updated: datetime | None = None
    embargoed: datetime | None = None
    expires: datetime | None = None
    taken_on: date | None = None
    hold: str = ""
    oddities: tuple[str, ...] = ()


@dataclass
class _Clock:
    """Reads times in one item; a time without zone is read where its agency is at home."""

    zone: tzinfo | None
    home: str
    oddities: dict[str, None] = field(default_factory=dict)

    def read(self, element: _Element | None, what: str) -> datetime | None:
        text = plain(element)
        if not text:
            return None
        if _NO_ZONE.fullmatch(text) and self.zone is not None:
            try:
                at = datetime.fromisoformat(text.replace(",", ".")).replace(tzinfo=self.zone)
                at = at.astimezone(UTC)
            except (ValueError, OverflowError):
                at = None
            if at is not None:
                self.oddities[f"Its times name no time zone; they were read as {self.home}."] = None
                return at
        moment = read_moment(text)
        if moment is None:
            self.oddities[f"The time “{text[:60]}” ({what}) could not be read."] = None
            return None
        self.oddities.update(dict.fromkeys(moment.oddities))
        return moment.at


def times_of(item: _Element, header: _Element | None, agency: str, *, is_picture: bool) -> Times:
    """Return the times of ``item``, which ``agency`` sent in the message with ``header``."""
    zone, home = _zone_of(item, header, agency)
    clock = _Clock(zone, home)
    about_item, about_content = child(item, "itemMeta"), child(item, "contentMeta")
    first = clock.read(child(about_item, "firstCreated"), "first created")
    version = clock.read(child(about_item, "versionCreated"), "version created")
    created_element = child(about_content, "contentCreated")
    # The day of a picture is mostly given without a time: no reason to wonder.
    created = None if is_picture else clock.read(created_element, "content created")
    modified = clock.read(child(about_content, "contentModified"), "content modified")
    sent = clock.read(child(header, "sent"), "sent")
    times = Times(
        published=first or created or version or modified or sent,
        updated=version or modified or sent,
        expires=clock.read(_expiry(about_item, about_content), "expires"),
        taken_on=find_day(plain(created_element)) if is_picture else None,
    )
    times = _with_embargo(times, about_item, clock)
    return replace(times, oddities=(*times.oddities, *clock.oddities))


def _with_embargo(times: Times, about_item: _Element | None, clock: _Clock) -> Times:
    element = child(about_item, "embargoed")
    if element is None:
        return times
    text = plain(element)
    if at := clock.read(element, "embargo"):
        return replace(times, embargoed=at)
    if text:
        return replace(
            times, hold=f"It is under an embargo whose end, “{text[:60]}”, cannot be read."
        )
    # "Embargoed, the time is not known yet" (G2 Guidelines, embargoed): an editor must decide.
    return replace(times, hold="The supplier put it under an embargo without saying until when.")


def _expiry(about_item: _Element | None, about_content: _Element | None) -> _Element | None:
    for about in (about_item, about_content):
        for name in _EXPIRE:
            if (found := child(about, name)) is not None:
                return found
        for each in within(about, "itemMetaExtProperty", "contentMetaExtProperty"):
            if ending(attribute(each, "type", "rel")) in _NAMED_EXPIRE and each.get("value"):
                # Infomaker's way: the time stands in an attribute.
                each.text = each.get("value")
                return each
    return None


def _zone_of(item: _Element, header: _Element | None, agency: str) -> tuple[tzinfo | None, str]:
    """Return the zone to read zoneless times in: the agency's, or what its other times have."""
    if home := home_zone(agency):
        return home, f"those of {home.key}, where {agency} is"
    for about in (child(item, "itemMeta"), child(item, "contentMeta"), header):
        for name in _TIMES:
            if match := _OFFSET.search(plain(child(about, name))):
                away = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
                if away < timedelta(hours=15):
                    zone = timezone(away if match["sign"] == "+" else -away)
                    return zone, f"{zone}, as its other times"
    return None, ""
