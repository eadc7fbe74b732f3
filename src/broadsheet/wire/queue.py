"""The queue: every item an agency sends stands in it, with what it is and what became of it.

enter      an item came in: kept, decided, and put in its place; what it replaces steps back
take_up    the desk (or its channel's terms) has a story made of it
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from broadsheet.stories.models import Story
from broadsheet.wire import photo_files, taking_in
from broadsheet.wire.decide import (
    Correction,
    Decision,
    Duplicate,
    Kill,
    Known,
    New,
    NewerCopy,
    Refused,
    Unchanged,
    Update,
    decide,
    is_later_state,
    must_wait,
    says_nearly_the_same,
)
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.intent import intent_of
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopt, Adopted, keep_item, keep_use
from broadsheet.wire.known import known_of
from broadsheet.wire.models import Channel, QueuedItem, ReceivedItem, StoryAlert
from broadsheet.wire.withdrawals import alert, withdraw_copy

State = QueuedItem.State
_EARLIER = {"replaces", "corrects"}


def enter(item: WireItem, raw: bytes, channel: Channel | None) -> tuple[QueuedItem, Decision, bool]:
    """Keep ``item`` and put it in the queue; returns its row, what it is, and if it is new here.

    Part of the caller's transaction. The very same copy, sent again, is found and left alone.
    """
    received = keep_item(photo_files.keep(item), raw)
    entry = QueuedItem.objects.filter(item=received).first()
    known = known_of(item, fold=True)
    decision = decide(item, known)
    if entry is not None:
        return entry, decision, False
    entry = _row(item, received, channel)
    _place(entry, item, decision)
    if isinstance(decision, New):
        _fold(entry, item, known)
    entry.save(force_insert=True)
    _step_back(entry, item)
    _tell(entry, item, received, decision)
    return entry, decision, True


def _place(entry: QueuedItem, item: WireItem, decision: Decision) -> None:
    match decision:
        case Kill():
            entry.state = State.NOTICE
        case Duplicate(item_id, news_id, reason):
            entry.state, entry.reason, entry.story_id = State.DUPLICATE, reason, news_id
            entry.duplicate_of = QueuedItem.objects.filter(item_id=item_id).first()
        case Unchanged(news_id):
            entry.state, entry.story_id = State.SUPERSEDED, news_id
            entry.reason = f"Story {news_id} says this already, or something newer."
        case NewerCopy(reason, news_id):
            entry.reason, entry.story_id = reason, news_id
        case Refused(reason):
            entry.reason = reason
        case Update(news_id):
            entry.story_id = news_id


def _tell(entry: QueuedItem, item: WireItem, received: ReceivedItem, decision: Decision) -> None:
    """Tell the desk what the item means for stories there are."""
    said = item.ed_note or item.headline
    match decision:
        case Kill():
            withdraw_copy(item, received, decision)
        case Correction(news_id):
            alert(Story.objects.get(pk=news_id), received, StoryAlert.Kind.CORRECTION, said=said)
        case NewerCopy(_, news_id):
            is_correction = entry.intent == QueuedItem.Intent.CORRECTION
            kind = StoryAlert.Kind.CORRECTION if is_correction else StoryAlert.Kind.UPDATE
            alert(Story.objects.get(pk=news_id), received, kind, said=said)


@transaction.atomic
def take_up(entry: QueuedItem, adopt: Adopt) -> Adopted:
    """Have ``adopt`` make a story of ``entry``, or bring the story of its versions up to it.

    What it is to the paper is decided again, under a lock. Raises :class:`WireError` where it
    cannot be adopted (any more), with what to do.
    """
    taking_in.alone()
    entry = QueuedItem.objects.select_for_update().select_related("item").get(pk=entry.pk)
    if entry.state in {State.KILLED, State.NOTICE}:
        raise WireError("The agency has withdrawn this copy: no story may be made of it.")
    if entry.state == State.ADOPTED:
        raise WireError(f"Story {entry.story_id} was made of this copy already.")
    item = photo_files.with_bytes(entry.item.item)
    decision = decide(item, known_of(item))
    if isinstance(decision, Refused):
        raise WireError(decision.reason)
    if isinstance(decision, Kill | Duplicate):
        raise WireError("No story can be made of this copy.")
    adopted = adopt(item, decision)
    keep_use(entry.item, adopted)
    entry.state, entry.story_id = State.ADOPTED, adopted.news_id
    entry.save(update_fields=["state", "story"])
    return adopted


def may_be_adopted_at_once(item: WireItem, entry: QueuedItem, decision: Decision) -> bool:
    """Tell whether a channel's terms may make a story of ``entry`` with nobody looking."""
    return (
        isinstance(decision, New | Update)
        and entry.state == State.WAITING
        and not entry.held_because
        and not (isinstance(decision, New) and entry.reason)
        and item.kind == "text"
    )


def _row(item: WireItem, received: ReceivedItem, channel: Channel | None) -> QueuedItem:
    sender = item.agencies[0] if item.agencies else ""
    if not sender and channel is not None and channel.agency is not None:
        sender = channel.agency.name
    paragraphs = plain_paragraphs(item)
    return QueuedItem(
        item=received,
        channel=channel,
        guid=item.guid,
        intent=intent_of(item),
        kind=item.kind,
        headline=item.headline[:300],
        slugline=item.slugline[:200],
        agency=sender[:200],
        section=item.section[:200],
        language=item.language[:35],
        urgency=item.urgency,
        words=sum(len(text.split()) for text in paragraphs),
        photos=len(item.photos),
        published=item.updated or item.published,
        received_at=received.received_at,
        embargo_until=item.embargoed,
        held_because=must_wait(item),
    )


def _fold(entry: QueuedItem, item: WireItem, known: Known) -> None:
    """Put ``entry`` behind a newer version that came before it, or before one that waits."""
    versions = QueuedItem.objects.filter(guid=entry.guid).filter(
        Q(state=State.WAITING) | Q(state=State.TAKEN)
    )
    for other in versions.select_related("item"):
        if _is_older(item, other.item.item):
            entry.state, entry.duplicate_of = State.SUPERSEDED, other
            entry.reason = "A newer version came in before."
            return
    if known.alike is None:
        return
    if is_later_state(item, known.alike):
        QueuedItem.objects.open().filter(item_id=known.alike.item_id).update(
            state=State.SUPERSEDED, reason=f"Replaced by “{entry.headline}”."
        )
    else:
        entry.reason = says_nearly_the_same(known)


def _step_back(entry: QueuedItem, item: WireItem) -> None:
    """Take out of the desk's way the earlier versions of what ``entry`` says."""
    if entry.state != State.WAITING:
        return
    guids = [entry.guid, *(link.guid for link in item.links if link.rel in _EARLIER)]
    QueuedItem.objects.open().filter(guid__in=guids).exclude(pk=entry.pk).update(
        state=State.SUPERSEDED, reason=f"Replaced by “{entry.headline}”."
    )


def _is_older(one: WireItem, other: WireItem) -> bool:
    if one.version.isdecimal() and other.version.isdecimal() and one.version != other.version:
        return int(one.version) < int(other.version)
    return one.updated is not None and other.updated is not None and one.updated < other.updated
