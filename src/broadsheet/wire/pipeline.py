"""The way of every item, from bytes to an outcome.

    for each file:
        parse            bytes -> records           (or: refused, with what to do)
        for each item:
            decide       what is it to the paper?   (pure; nothing is locked)
            prepare      what may take long: pictures are fetched
            in one transaction:
                decide   again, since somebody else may have been faster
                adopt    the newsroom makes or changes the story
                keep     the item and what was made of it
        for each other record of an archive (author, topic, redirect…):
                         the newsroom files it
        tell             one outcome a record

What comes through a channel is kept first and stands in the queue; the channel's terms say
whether it is adopted at once. One bad file or item never stops the others, and leaves nothing
half-stored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from broadsheet.wire import parsers, queue
from broadsheet.wire.decide import (
    Decision,
    Duplicate,
    Kill,
    New,
    Refused,
    Unchanged,
    Update,
    decide,
)
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming, IncomingFile, Unreadable
from broadsheet.wire.items import Unread, WireItem, WirePhoto, WireRecord
from broadsheet.wire.keeping import Adopt, Adopted, keep_item, keep_use
from broadsheet.wire.known import known_of
from broadsheet.wire.models import Channel, QueuedItem
from broadsheet.wire.withdrawals import withdraw_copy

__all__ = ["Adopt", "Adopted", "Outcome", "bring_in"]

logger = logging.getLogger(__name__)

Kind = Literal[
    "imported", "unchanged", "updated", "duplicate", "withdrawn", "queued", "noted", "waiting",
    "refused",
]  # fmt: skip
_UNEXPECTED = "An unexpected error, which the log describes. Nothing of it was stored."
_LEFT_WAITING = (
    "An unexpected error, which the log describes, kept it from becoming a story. It waits in the "
    "queue."
)
# Formats in which each file is a story of its own, however much it says what another does.
_UNFOLDED = ("saved ",)


@dataclass(frozen=True)
class Outcome:
    """What became of one record, or of a file that holds none.

    What is "waiting" is told of again, once what it waits for has come.

    ``what`` says in a word what the record is: "story", "page", "photo", "author", "topic",
    "redirect", "feed", "comment"…
    """

    origin: str
    kind: Kind
    item: WireItem | None = None
    news_id: int | None = None
    section: str = ""
    oddities: tuple[str, ...] = ()
    error: str = ""
    what: str = "story"
    record: WireRecord | None = None
    along: tuple[tuple[str, str, int], ...] = ()


# What the newsroom does with a record that is no item; returns its outcome's kind.
File = Callable[[WireRecord], Outcome]


def bring_in(
    files: Iterable[Incoming | IncomingFile | Unreadable],
    adopt: Adopt,
    *,
    file_record: File | None = None,
    channel: Channel | None = None,
    dry_run: bool = False,
    skip: int = 0,
) -> Iterator[Outcome]:
    """Take ``files`` in and tell, one by one, what became of each record.

    Items that come through ``channel`` are kept and queued whatever they are, and adopted only
    where its terms say so. ``file_record`` takes an archive's authors, topics and redirects;
    without it they are noted. With ``dry_run``, every item is taken in and rolled back: the
    outcomes are what would happen to each by itself, and nothing is written. The first ``skip``
    records were dealt with before and are told nothing of; an archive's authors and topics are
    filed once more, since what follows is filed by them.
    """
    for file in files:
        if isinstance(file, Unreadable):
            if skip <= 0:
                yield Outcome(file.origin, "refused", error=file.reason, what="file")
            skip -= 1
            continue
        raw = file.content if isinstance(file, Incoming) else b""
        for record in _records(file):
            skip -= 1
            if skip >= 0:
                if not isinstance(record, Outcome | WireItem | Unread):
                    _file_one(record, file_record, dry_run=dry_run)
            elif isinstance(record, Outcome):
                yield record
            elif isinstance(record, WireItem):
                item = _with_files(record, file) if isinstance(file, Incoming) else record
                yield _bring_in_one(item, raw, adopt, channel, dry_run=dry_run)
            else:
                yield _file_one(record, file_record, dry_run=dry_run)


def _records(file: Incoming | IncomingFile) -> Iterator[WireRecord | Outcome]:
    try:
        if isinstance(file, Incoming):
            yield from parsers.parse(file)
        else:
            yield from parsers.read_archive(file)
    except WireError as error:
        yield Outcome(file.origin, "refused", error=str(error), what="file")
    except OSError as error:
        reason = f"The file could not be read: {error.strerror or error}."
        yield Outcome(file.origin, "refused", error=reason, what="file")
    except Exception:
        # A parser's own fault: the batch goes on, and the log says where to look.
        logger.exception("reading %s failed", file.origin)
        yield Outcome(file.origin, "refused", error=_UNEXPECTED, what="file")


def _with_files(item: WireItem, file: Incoming) -> WireItem:
    """Give the photos of ``item`` their bytes where these lie beside the file."""

    def found(photo: WirePhoto) -> WirePhoto:
        if photo.content is not None or not photo.url or "://" in photo.url:
            return photo
        return replace(photo, content=file.beside(photo.url))

    return replace(item, photos=tuple(map(found, item.photos)))


def _bring_in_one(
    item: WireItem, raw: bytes, adopt: Adopt, channel: Channel | None, *, dry_run: bool
) -> Outcome:
    def take() -> Outcome:
        if channel is not None:
            return _receive(item, raw, adopt, channel)
        return _take(item, raw, adopt, dry_run=dry_run)

    try:
        try:
            return take()
        except IntegrityError:
            # Another import stored the same copy between our look and our write; this time
            # it is found. A second failure has another cause.
            return take()
    except ValidationError as error:
        return _refused(item, " ".join(error.messages))
    except WireError as error:
        return _refused(item, str(error))
    except Exception:
        # The batch must go on whatever one page brings about; the log has the rest.
        logger.exception("taking in %s failed", item.origin)
        return _refused(item, _UNEXPECTED)


def _file_one(record: WireRecord, file_record: File | None, *, dry_run: bool) -> Outcome:
    if isinstance(record, Unread):
        kind: Kind = "noted" if record.is_noted else "refused"
        return Outcome(record.origin, kind, error=record.reason, what=record.kind, record=record)
    if file_record is None:
        return Outcome(record.origin, "noted", what=_what(record), record=record)
    try:
        with transaction.atomic():
            outcome = file_record(record)
            if dry_run:
                transaction.set_rollback(True)
    except (ValidationError, WireError) as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    except Exception:
        logger.exception("filing a record of %s failed", record.origin)
        reason = _UNEXPECTED
    else:
        return outcome
    return Outcome(record.origin, "refused", error=reason, what=_what(record), record=record)


def _what(record: WireRecord) -> str:
    if isinstance(record, WireItem):
        return {"text": "story", "picture": "photo"}.get(record.kind, record.kind)
    return type(record).__name__.removeprefix("Wire").lower()


def _refused(item: WireItem, reason: str) -> Outcome:
    return Outcome(
        item.origin,
        "refused",
        item,
        item.news_id,
        oddities=item.oddities,
        error=reason,
        what=_what(item),
    )


def _take(item: WireItem, raw: bytes, adopt: Adopt, *, dry_run: bool) -> Outcome:
    fold = not item.stage and not item.format.startswith(_UNFOLDED)
    decision = decide(item, known_of(item, fold=fold))
    adopted = Adopted(None, changed=False)
    match decision:
        case Refused(reason):
            return _refused(item, reason)
        case Duplicate():
            adopted = Adopted(decision.news_id, changed=False, remarks=(decision.reason,))
        case Unchanged():
            with adopt.prepared(item, decision, dry_run=dry_run) as keep:
                adopted = _leave(item, raw, adopt, decision, dry_run=dry_run)
                if not dry_run:
                    keep()
        case _:
            with _prepared(item, adopt, decision, dry_run=dry_run) as keep:
                with transaction.atomic():
                    decision = decide(item, known_of(item, fold=fold))
                    if isinstance(decision, Refused):
                        return _refused(item, decision.reason)
                    adopted = _do(item, raw, adopt, decision, sketched=fold)
                    if dry_run:
                        transaction.set_rollback(True)
                if not dry_run:
                    keep()
    return Outcome(
        item.origin,
        _kind(decision, adopted),
        item,
        # A number that a dry run was given is given to somebody else afterwards.
        item.news_id if dry_run and isinstance(decision, New) else adopted.news_id,
        adopted.section,
        (*item.oddities, *adopted.remarks),
        what=_what(item),
        along=adopted.along,
    )


def _prepared(
    item: WireItem, adopt: Adopt, decision: Decision, *, dry_run: bool = False
) -> AbstractContextManager[Callable[[], None]]:
    if isinstance(decision, New | Update):
        return adopt.prepared(item, decision, dry_run=dry_run)
    return nullcontext(lambda: None)


def _leave(
    item: WireItem, raw: bytes, adopt: Adopt, decision: Unchanged, *, dry_run: bool
) -> Adopted:
    with transaction.atomic():
        adopted = adopt(item, decision)
        if dry_run:
            transaction.set_rollback(True)
        elif adopted.revision_id is not None:
            # What it lacked before has come along this time: still nothing of the desk's.
            keep_use(keep_item(item, raw, sketched=False), adopted)
        return adopted


def _do(item: WireItem, raw: bytes, adopt: Adopt, decision: Decision, *, sketched: bool) -> Adopted:
    match decision:
        case New() | Update():
            adopted = adopt(item, decision)
            keep_use(keep_item(item, raw, sketched=sketched), adopted)
            return adopted
        case Unchanged():
            return adopt(item, decision)
        case Kill(news_ids):
            withdraw_copy(item, keep_item(item, raw, sketched=False), news_ids)
            told = ", ".join(map(str, news_ids)) or "none"
            return Adopted(
                news_ids[0] if news_ids else None,
                remarks=(f"The supplier takes this copy back. Stories made of it: {told}.",),
            )
        case _:
            return Adopted(None, changed=False)


def _receive(item: WireItem, raw: bytes, adopt: Adopt, channel: Channel) -> Outcome:
    item = _on_terms(item, channel)
    with transaction.atomic():
        entry, decision, is_new = queue.enter(item, raw, channel)
    outcome = Outcome(
        item.origin,
        _queued_kind(decision) if is_new else "unchanged",
        item,
        entry.story_id,
        oddities=(*item.oddities, *filter(None, (entry.reason,))),
        what=_what(item),
    )
    at_once = channel.adoption != Channel.Adoption.QUEUE
    if not at_once or not queue.may_be_adopted_at_once(item, entry, decision):
        return outcome
    # Kept already: where adopting fails, it waits in the queue and the channel says why.
    try:
        try:
            adopted = _take_up(entry, item, adopt, decision)
        except IntegrityError:
            # As in _bring_in_one, but what is queued already is not entered anew.
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
    with _prepared(item, adopt, decision) as keep:
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


def _kind(decision: Decision, adopted: Adopted) -> Kind:
    match decision:
        case New():
            if adopted.is_missing:
                return "noted"
            return "imported" if adopted.changed else "unchanged"
        case Kill():
            return "withdrawn"
        case Duplicate():
            return "duplicate"
        case _:
            return "updated" if adopted.changed else "unchanged"
