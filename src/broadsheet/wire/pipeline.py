"""The way of every item, from bytes to an outcome.

    for each file:
        parse            bytes -> items             (or: refused, with what to do)
        for each item:
            decide       what is it to the paper?   (pure; nothing is locked)
            in one transaction:
                decide   again, since somebody else may have been faster
                adopt    the newsroom makes or changes the story
                keep     the item and what was made of it
        tell             one outcome an item

One bad file or item never stops the others, and leaves nothing half-stored.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from broadsheet.wire import parsers
from broadsheet.wire.decide import Decision, New, Refused, Unchanged, Update, decide
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming, Unreadable
from broadsheet.wire.items import WireItem
from broadsheet.wire.known import known_of
from broadsheet.wire.models import Provenance, ReceivedItem

logger = logging.getLogger(__name__)

Kind = Literal["imported", "unchanged", "updated", "refused"]


@dataclass(frozen=True)
class Adopted:
    """What the newsroom made of an item.

    ``section`` is the name of the section the story stands in, ``revision_id`` the revision
    that was written. ``changed`` is false where there was nothing to do. ``remarks`` are
    added to the item's oddities in the outcome.
    """

    news_id: int
    section: str
    revision_id: int | None = None
    changed: bool = True
    remarks: tuple[str, ...] = ()


class Adopt(Protocol):
    """How the newsroom takes an item that was decided."""

    def __call__(self, item: WireItem, decision: New | Update | Unchanged) -> Adopted:
        """Make, change or find the story. Raises ``WireError`` or ``ValidationError``."""


@dataclass(frozen=True)
class Outcome:
    """What became of one item, or of a file that holds none."""

    origin: str
    kind: Kind
    item: WireItem | None = None
    news_id: int | None = None
    section: str = ""
    oddities: tuple[str, ...] = ()
    error: str = ""


def bring_in(
    files: Iterable[Incoming | Unreadable], adopt: Adopt, *, dry_run: bool = False
) -> Iterator[Outcome]:
    """Take ``files`` in and tell, one by one, what became of each item.

    With ``dry_run``, every item is taken in and rolled back: the outcomes are what would
    happen to each by itself, and nothing is written.
    """
    for file in files:
        if isinstance(file, Unreadable):
            yield Outcome(file.origin, "refused", error=file.reason)
            continue
        try:
            items = parsers.items(file)
        except WireError as error:
            yield Outcome(file.origin, "refused", error=str(error))
            continue
        for item in items:
            yield _bring_in_one(item, file.content, adopt, dry_run=dry_run)


def _bring_in_one(item: WireItem, raw: bytes, adopt: Adopt, *, dry_run: bool) -> Outcome:
    try:
        try:
            return _take(item, raw, adopt, dry_run=dry_run)
        except IntegrityError:
            # Another import stored the same copy between our look and our write; this time
            # it is found. A second failure has another cause.
            return _take(item, raw, adopt, dry_run=dry_run)
    except ValidationError as error:
        return _refused(item, " ".join(error.messages))
    except WireError as error:
        return _refused(item, str(error))
    except Exception:
        # The batch must go on whatever one page brings about; the log has the rest.
        logger.exception("taking in %s failed", item.origin)
        return _refused(
            item, "An unexpected error, which the log describes. Nothing of it was stored."
        )


def _refused(item: WireItem, reason: str) -> Outcome:
    return Outcome(item.origin, "refused", item, item.news_id, "", item.oddities, reason)


def _take(item: WireItem, raw: bytes, adopt: Adopt, *, dry_run: bool) -> Outcome:
    decision = decide(item, known_of(item))
    match decision:
        case Refused(reason):
            return _refused(item, reason)
        case Unchanged() if dry_run:
            with transaction.atomic():
                adopted = adopt(item, decision)
                transaction.set_rollback(True)
        case Unchanged():
            adopted = adopt(item, decision)
        case New() | Update():
            with transaction.atomic():
                decision = decide(item, known_of(item))
                if isinstance(decision, Refused):
                    return _refused(item, decision.reason)
                adopted = adopt(item, decision)
                if not isinstance(decision, Unchanged):
                    _keep(item, raw, adopted)
                if dry_run:
                    transaction.set_rollback(True)
    return Outcome(
        item.origin,
        _kind(decision, adopted),
        item,
        # A number that a dry run was given is given to somebody else afterwards.
        item.news_id if dry_run and isinstance(decision, New) else adopted.news_id,
        adopted.section,
        (*item.oddities, *adopted.remarks),
    )


def _keep(item: WireItem, raw: bytes, adopted: Adopted) -> None:
    # The copy may be stored already, when the desk deleted nothing but took it into two stories.
    received = ReceivedItem.objects.filter(guid=item.guid, sha256=item.sha256).first()
    if received is None:
        received = ReceivedItem.objects.all().keep(item, raw)
    Provenance.objects.create(
        item=received,
        story_id=adopted.news_id,
        news_id=adopted.news_id,
        revision_id=adopted.revision_id,
    )


def _kind(decision: Decision, adopted: Adopted) -> Kind:
    if isinstance(decision, New):
        return "imported"
    return "updated" if adopted.changed else "unchanged"
