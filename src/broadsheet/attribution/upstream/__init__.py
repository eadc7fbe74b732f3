"""Upstream: everything that rests on a source or on copy that came in, and where all of it went.

    for each chunk of the stories found, newest first:
        who stands in its relations?     at any place of the chain, under any of the source's names
        what copy was it made of?        every version of it, and whole stories of an agency
        which words are that?            in what readers see, and in the newest draft
        where is it?                     by the press's ledger and by whoever sent it on

Only reads, and asks nobody for permission: whoever acts on the answer (a withdrawal, a correction,
an editor's list) does. Stories come one by one out of chunks of two hundred, so that an archive of
any size needs the memory of one chunk and of the News IDs.
"""

from broadsheet.attribution.upstream.asking import ids_of, of_item, of_source, resting, wanted_of
from broadsheet.attribution.upstream.destinations import Destination
from broadsheet.attribution.upstream.findings import (
    Passage,
    RestingCopy,
    RestingRelation,
    RestingStory,
    Visibility,
)
from broadsheet.attribution.upstream.reading import versions_of
from broadsheet.attribution.upstream.wanted import Wanted

__all__ = [
    "Destination",
    "Passage",
    "RestingCopy",
    "RestingRelation",
    "RestingStory",
    "Visibility",
    "Wanted",
    "ids_of",
    "of_item",
    "of_source",
    "resting",
    "versions_of",
    "wanted_of",
]
