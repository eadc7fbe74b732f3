"""Asking the channels for new copy, each when its time has come.

for each channel that is due:
    claim        so that no other process asks it at the same time
    retrieve     files, messages or a feed, one at a time
        bring in     kept, queued, adopted on the channel's terms
        done         only now does the place count it as had; or failed, with the reason
    keep         how it went, and what the retriever wants to know next time
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from broadsheet.settings import secret
from broadsheet.wire.errors import WireError
from broadsheet.wire.keeping import Adopt
from broadsheet.wire.models import Channel
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.retrievers import folder, mailbox, web
from broadsheet.wire.retrievers.errors import GoneError, RetrieveError
from broadsheet.wire.retrievers.politeness import back_off
from broadsheet.wire.retrievers.retrieved import Retrieval, Retrieved
from broadsheet.wire.retrievers.web_address import Credentials
from broadsheet.wire.watched_folders import is_the_papers_own

logger = logging.getLogger(__name__)

# How the copy of a channel is adopted is the newsroom's to say.
AdoptFor = Callable[[Channel], Adopt]
_STORED = ("imported", "updated", "queued", "duplicate", "withdrawn")


@dataclass
class Look:
    """What one look at a channel brought: outcomes by kind, and what went wrong, if anything."""

    channel: Channel
    counts: Counter[str] = field(default_factory=Counter)
    error: str = ""


def poll_due(adopt_for: AdoptFor) -> Iterator[Look]:
    """Look at every channel whose time has come, once, and yield how each look went."""
    for channel in Channel.objects.due().select_related("agency", "section"):
        if channel.claim():
            yield poll(channel, adopt_for(channel))


def poll(channel: Channel, adopt: Adopt) -> Look:
    """Look at ``channel`` now and keep how it went. Raises nothing: a fault is the look's."""
    look = Look(channel)
    try:
        retrieval = _retrieval(channel)
    except (WireError, ValueError) as error:
        _went_wrong(look, str(error), channel.state, error)
        return look
    try:
        for one in retrieval:
            _bring_in(one, look, adopt)
    except RetrieveError as error:
        _went_wrong(look, str(error), retrieval.state, error)
    except Exception as error:
        # One channel must not keep the others from their turn; the log has the rest.
        logger.exception("looking at %s failed", channel.name)
        connection.close()
        said = f"An unexpected error, which the log describes ({type(error).__name__})."
        _went_wrong(look, said, retrieval.state, error)
    else:
        if look.error:
            _went_wrong(look, look.error, retrieval.state, None)
        else:
            _follow(channel, retrieval)
            items = sum(look.counts[kind] for kind in _STORED)
            channel.went_well(retrieval.state, items=items)
    return look


def _retrieval(channel: Channel) -> Retrieval:
    password = secret(channel.secret_name) if channel.secret_name else ""
    if channel.secret_name and not password:
        raise WireError(
            f"The environment has no BROADSHEET_SECRET_{channel.secret_name}. Set it to the "
            "password and start the paper again."
        )
    match channel.kind:
        case Channel.Kind.FOLDER:
            # Once more, since what its form refuses may have been written down without it, or
            # a link may lead elsewhere since.
            if is_the_papers_own(path := Path(channel.address)):
                raise WireError(
                    f"The folder {path} is not looked into: the paper keeps its own files there. "
                    "Name another one, or one below “incoming” in the paper's home."
                )
            return folder.retrieve(path, channel.state)
        case Channel.Kind.MAILBOX:
            box = mailbox.Mailbox.of(_with_user(channel), password)
            return mailbox.retrieve(box, channel.state)
        case _:
            credentials = Credentials(channel.username, password) if channel.username else None
            return web.retrieve(channel.address, channel.state, credentials=credentials)


def _with_user(channel: Channel) -> str:
    scheme, _, rest = channel.address.partition("://")
    if not channel.username or "@" in rest.partition("/")[0]:
        return channel.address
    return f"{scheme}://{quote(channel.username, safe='')}@{rest}"


def _bring_in(one: Retrieved, look: Look, adopt: Adopt) -> None:
    outcomes = list(bring_in([one.incoming], adopt, channel=look.channel))
    look.counts.update(outcome.kind for outcome in outcomes)
    refused = [outcome for outcome in outcomes if outcome.kind == "refused"]
    for outcome in refused:
        look.channel.note(outcome.error, origin=outcome.origin)
    if refused and len(refused) == len(outcomes):
        said = _said(refused)
        one.failed(said)
        # What a folder or mailbox could not read is put aside; a feed stays what it is.
        if look.channel.kind == Channel.Kind.FEED:
            look.error = said
    else:
        one.done()


def _said(refused: list[Outcome]) -> str:
    return "\n".join(dict.fromkeys(outcome.error for outcome in refused[:10]))


def _follow(channel: Channel, retrieval: Retrieval) -> None:
    """Ask where a feed has moved to from now on, as it said permanently (RFC 9110, 15.4.2)."""
    moved = retrieval.state.get("moved_to")
    if moved and moved != channel.address:
        channel.note(f"The feed has moved from {channel.address} to {moved}; it is followed.")
        channel.address = moved
        channel.save(update_fields=["address"])


def _went_wrong(look: Look, said: str, state: dict[str, object], error: Exception | None) -> None:
    look.error = said
    channel = look.channel
    known = error if isinstance(error, RetrieveError) else None
    channel.went_wrong(
        said,
        state,
        pause=back_off(channel.failures, timedelta(minutes=channel.every_minutes), known),
        for_good=isinstance(error, GoneError),
    )
