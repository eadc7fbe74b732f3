"""What comes through a channel: kept first, queued, and adopted where its terms say so."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from broadsheet.wire import queue, taking_in
from broadsheet.wire.decide import Decision, Duplicate, Kill, New, Unchanged
from broadsheet.wire.errors import WireError
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopt, Adopted, prepared
from broadsheet.wire.models import Channel, QueuedItem
from broadsheet.wire.outcomes import Kind, Outcome, what_of

logger = logging.getLogger(__name__)

_LEFT_WAITING = (
    "An unexpected error, which the log describes, kept it from becoming a story. It waits in the "
    "queue."
)


def receive(item: WireItem, raw: bytes, adopt: Adopt, channel: Channel) -> Outcome:
    """Keep ``item``, queue it, and adopt it where the terms of ``channel`` say so."""
    item = _on_terms(item, channel)
    with transaction.atomic():
        taking_in.alone()
        entry, decision, is_new = queue.enter(item, raw, channel)
    outcome = Outcome(
        item.origin,
        _queued_kind(decision) if is_new else "unchanged",
        item,
        entry.story_id,
        oddities=(*item.oddities, *filter(None, (entry.reason,))),
        what=what_of(item),
    )
    at_once = channel.adoption != Channel.Adoption.QUEUE
    if not at_once or not queue.may_be_adopted_at_once(item, entry, decision):
        return outcome
    # Kept already: where adopting fails, it waits in the queue and the channel says why.
    try:
        try:
            adopted = _take_up(entry, item, adopt, decision)
        except IntegrityError:
            # Another process stored the same at the same time; this time it is found.
            adopted = _take_up(entry, item, adopt, decision)
    except Exception as error:
        if isinstance(error, ValidationError):
            said = " ".join(error.messages)
        elif isinstance(error, WireError):
            said = str(error)
        else:
            logger.exception("making a story of %s failed", item.origin)
            said = _LEFT_WAITING
        QueuedItem.objects.filter(pk=entry.pk).update(reason=said)
        channel.note(said, origin=item.origin)
        return replace(outcome, oddities=(*outcome.oddities, said))
    return replace(
        outcome,
        kind="imported" if isinstance(decision, New) else "updated",
        news_id=adopted.news_id,
        section=adopted.section,
        oddities=(*outcome.oddities, *adopted.remarks),
    )


def _take_up(entry: QueuedItem, item: WireItem, adopt: Adopt, decision: Decision) -> Adopted:
    with prepared(item, adopt, decision) as keep:
        adopted = queue.take_up(entry, adopt)
        keep()
        return adopted


def _on_terms(item: WireItem, channel: Channel) -> WireItem:
    """Fill in what ``channel`` knows of its copy, where the copy does not say."""
    agency = channel.agency
    return replace(
        item,
        agencies=item.agencies or ((agency.name,) if agency is not None else ()),
        language=item.language or channel.language,
        rights=item.rights or (agency.rights if agency is not None else ""),
    )


def _queued_kind(decision: Decision) -> Kind:
    match decision:
        case Kill():
            return "withdrawn"
        case Duplicate():
            return "duplicate"
        case Unchanged():
            return "unchanged"
        case _:
            return "queued"
