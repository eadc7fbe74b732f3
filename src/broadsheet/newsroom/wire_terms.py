"""On what terms a channel's copy is adopted when nobody looks, and where its pictures are had."""

from __future__ import annotations

from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.moving.finding import find_on_the_web
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.wire.models import Channel


def adopter_for(channel: Channel) -> Adopter:
    """Return how copy of ``channel`` is adopted."""
    return Adopter(
        Terms(
            publish=channel.adoption == Channel.Adoption.PUBLISH,
            default_section=channel.section.name if channel.section is not None else "",
            pictures=Pictures(find_on_the_web),
        )
    )
