"""Times as agencies write them in NITF and NewsML 1: ISO 8601, mostly basic, often zoneless."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from broadsheet.wire.home_zones import home_zone
from broadsheet.wire.times import read_moment

_NO_ZONE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?")
_NOTHING = re.compile(r"[0T:\s-]*")
_LONGEST = 80


@dataclass
class SupplierClock:
    """Reads the times of one item; one without a zone is read where ``agency`` is at home.

    ``oddities`` says, a sentence each, what had to be assumed.
    """

    agency: str
    oddities: dict[str, None] = field(default_factory=dict)

    def read(self, text: str) -> datetime | None:
        """Return the moment ``text`` says, aware and in UTC; ``None`` where it says none."""
        text = " ".join(text.split())[:_LONGEST]
        if _NOTHING.fullmatch(text):
            return None
        zone = home_zone(self.agency)
        if zone is not None and (match := _NO_ZONE.fullmatch(text)):
            try:
                year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
                at = datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
            except (ValueError, OverflowError):
                at = None
            if at is not None:
                said = f"Its times name no time zone; they were read as those of {zone.key}, where "
                self.oddities[f"{said}{self.agency} is."] = None
                return at
        moment = read_moment(text)
        if moment is None:
            self.oddities[f"The time “{text}” could not be read."] = None
            return None
        self.oddities.update(dict.fromkeys(moment.oddities))
        return moment.at
