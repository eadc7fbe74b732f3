"""What agencies sent to the sample paper, and the channels it came through."""

from __future__ import annotations

import base64
import io
import re
from datetime import datetime
from typing import Any

from PIL import Image

from broadsheet.demo import samples
from broadsheet.demo.days import with_moments
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.wire_terms import adopter_for
from broadsheet.stories.models import Agency, Section
from broadsheet.wire import queue
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.models import Channel, QueuedItem
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.watched_folders import incoming_folder

_PICTURE = re.compile(r"\{picture ([\w.-]+) ([\w.-]+)\}")


def make_channel(row: dict[str, Any]) -> None:
    """Make a channel that watches a folder of the home, and the folder."""
    folder = incoming_folder() / row.get("folder", "")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    Channel.objects.get_or_create(
        name=row["name"],
        defaults={
            "kind": Channel.Kind.FOLDER,
            "address": str(folder.resolve()),
            "agency": Agency.objects.filter(slug=row.get("agency", "")).first(),
            "section": Section.objects.filter(slug=row.get("section", "")).first(),
            "language": row.get("language", ""),
            "every_minutes": row.get("every_minutes", 5),
        },
    )


def receive(row: dict[str, Any], started: datetime) -> None:
    """Take a file in as if it had come through its channel; publish it where ``row`` says so.

    ``started`` is the moment from which the times in it count.
    """
    channel = Channel.objects.filter(name=row["channel"]).first()
    if channel is None:  # deleted before its copy came, by a loading that was interrupted
        return
    incoming = Incoming(content_of(row["file"], started), f"{channel.address}/{row['file']}")
    guids = []
    for outcome in bring_in([incoming], adopter_for(channel), channel=channel):
        if outcome.item is None or outcome.kind == "refused":
            raise RuntimeError(f"{row['file']}: {outcome.error}")
        guids.append(outcome.item.guid)
    channel.went_well(channel.state, items=len(guids))
    if "publish_in" in row:
        terms = Terms(publish=True, section=row["publish_in"])
        for entry in QueuedItem.objects.open().filter(guid__in=guids):
            queue.take_up(entry, Adopter(terms))


def content_of(name: str, started: datetime) -> bytes:
    """Return the bytes of a file of the wire, its times counted from ``started`` (UTC)."""
    text = with_moments((samples.WIRE / name).read_text("utf-8"), started)
    return _PICTURE.sub(_picture, text).encode()


def _picture(found: re.Match[str]) -> str:
    """Return a picture of the samples as photographers send it: JPEG, with its words inside."""
    made = io.BytesIO()
    words = (samples.WIRE / found[2]).read_bytes()
    with Image.open(samples.PICTURES / found[1]) as picture:
        picture.save(made, "JPEG", quality=85, xmp=words)
    return base64.encodebytes(made.getvalue()).decode("ascii")
