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
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from broadsheet.wire import parsers, taking_in
from broadsheet.wire.copies import is_folded
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
from broadsheet.wire.keeping import Adopt, Adopted, keep_item, keep_use, prepared
from broadsheet.wire.known import known_of
from broadsheet.wire.models import Channel
from broadsheet.wire.outcomes import Kind, Outcome, what_of
from broadsheet.wire.reception import receive
from broadsheet.wire.withdrawals import withdraw_copy

logger = logging.getLogger(__name__)

_UNEXPECTED = "An unexpected error, which the log describes. Nothing of it was stored."

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
    for record, raw in records_in(files):
        skip -= 1
        if skip < 0:
            yield take_in(
                record, raw, adopt, file_record=file_record, channel=channel, dry_run=dry_run
            )
        elif not isinstance(record, Outcome | WireItem | Unread):
            _file_one(record, file_record, dry_run=dry_run)


def records_in(
    files: Iterable[Incoming | IncomingFile | Unreadable],
) -> Iterator[tuple[WireRecord | Outcome, bytes]]:
    """Yield what ``files`` hold, each with the bytes of its file, where that was read whole.

    What could not be read is an outcome already. Asks no database.
    """
    for file in files:
        if isinstance(file, Unreadable):
            yield Outcome(file.origin, "refused", error=file.reason, what="file"), b""
            continue
        raw = file.content if isinstance(file, Incoming) else b""
        for record in _records(file):
            if isinstance(record, WireItem) and isinstance(file, Incoming):
                yield _with_files(record, file), raw
            else:
                yield record, raw


def take_in(
    record: WireRecord | Outcome,
    raw: bytes,
    adopt: Adopt,
    *,
    file_record: File | None = None,
    channel: Channel | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Take one record in, as :func:`bring_in` does, and tell what became of it."""
    if isinstance(record, Outcome):
        return record
    if isinstance(record, WireItem):
        return _bring_in_one(record, raw, adopt, channel, dry_run=dry_run)
    return _file_one(record, file_record, dry_run=dry_run)


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

    photos = tuple(map(found, item.photos))
    return replace(item, photos=photos) if photos != item.photos else item


def _bring_in_one(
    item: WireItem, raw: bytes, adopt: Adopt, channel: Channel | None, *, dry_run: bool
) -> Outcome:
    def take() -> Outcome:
        if channel is not None:
            return receive(item, raw, adopt, channel)
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
        return Outcome(record.origin, "noted", what=what_of(record), record=record)
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
    return Outcome(record.origin, "refused", error=reason, what=what_of(record), record=record)


def _refused(item: WireItem, reason: str) -> Outcome:
    return Outcome(
        item.origin,
        "refused",
        item,
        item.news_id,
        oddities=item.oddities,
        error=reason,
        what=what_of(item),
    )


def _take(item: WireItem, raw: bytes, adopt: Adopt, *, dry_run: bool) -> Outcome:
    fold = is_folded(item)
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
            with prepared(item, adopt, decision, dry_run=dry_run) as keep:
                with transaction.atomic():
                    taking_in.alone()
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
        what=what_of(item),
        along=adopted.along,
    )


def _leave(
    item: WireItem, raw: bytes, adopt: Adopt, decision: Unchanged, *, dry_run: bool
) -> Adopted:
    with transaction.atomic():
        taking_in.alone()
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
            withdraw_copy(item, keep_item(item, raw, sketched=False), decision)
            told = ", ".join(map(str, news_ids)) or "none"
            return Adopted(
                news_ids[0] if news_ids else None,
                remarks=(f"The supplier takes this copy back. Stories made of it: {told}.",),
            )
        case _:
            return Adopted(None, changed=False)


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
