"""Why a letter is held: decided from the letter and how it came, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from broadsheet.letters import wording
from broadsheet.letters.models import HoldReason

LINKS = 2
QUICKEST = timedelta(seconds=5)


@dataclass(frozen=True)
class Arrival:
    """How a letter came: what a moderator cannot see in its words."""

    took: timedelta  # from the moment the key was shown
    proven: bool
    trapped: bool
    repeated: bool
    altered: bool


def reasons(text: str, arrival: Arrival) -> list[HoldReason]:
    """Return every reason to hold a letter of these words; never none."""
    said = {
        HoldReason.UNREAD: True,
        HoldReason.NO_PROOF: not arrival.proven,
        HoldReason.LINKS: wording.links(text) > LINKS,
        HoldReason.DUPLICATE: arrival.repeated,
        HoldReason.SHOUTING: wording.shouts(text),
        HoldReason.FAST: arrival.took < QUICKEST,
        HoldReason.TRAP: arrival.trapped,
        HoldReason.INVISIBLE: arrival.altered,
    }
    return [reason for reason, holds in said.items() if holds]
