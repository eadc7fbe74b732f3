"""What came in, through which channel, what waits for the desk, and what became of it."""

from broadsheet.wire.models.alert import StoryAlert
from broadsheet.wire.models.channel import Channel, ChannelFault
from broadsheet.wire.models.queued import QueuedItem
from broadsheet.wire.models.received import ImmutableItemError, Provenance, ReceivedItem
from broadsheet.wire.models.sketch import Sketch
from broadsheet.wire.models.withdrawn import WithdrawnCopy

__all__ = [
    "Channel",
    "ChannelFault",
    "ImmutableItemError",
    "Provenance",
    "QueuedItem",
    "ReceivedItem",
    "Sketch",
    "StoryAlert",
    "WithdrawnCopy",
]
