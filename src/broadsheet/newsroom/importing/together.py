"""The way of an archive's many records: what is plainly new goes together, all else by itself.

    for each some hundred records, in their order:
        ask          what is known of them     (once for all of them)
        for each run of stories that are plainly new:
            in one transaction:
                store    their stories, with all that comes along
                count    them in the journal
        any other record goes the pipeline's way, in its turn

Where a transaction fails, nothing of it is stored: its run is halved until what is wrong stands
in a few records, which then go by themselves, so that it is told of the one that it is.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.db import transaction

from broadsheet import allocator, databases
from broadsheet.newsroom.actions.adopt import Adopter
from broadsheet.newsroom.importing import storing
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.names import KnownNames
from broadsheet.newsroom.moving.old_addresses import Redirecting, old_path
from broadsheet.newsroom.moving.records import Filing
from broadsheet.press.actions import unhurried
from broadsheet.search import index
from broadsheet.stories.models import Story
from broadsheet.wire import taking_in
from broadsheet.wire.items import (
    Unread,
    WireItem,
    WireParticular,
    WireRecord,
    WireRedirect,
    WireTopic,
)
from broadsheet.wire.keeping import Adopted
from broadsheet.wire.known import latest_made_of
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import take_in
from broadsheet.wire.plainly_new import plainly_new
from broadsheet.wire.reading import Read

logger = logging.getLogger(__name__)

# So many records are one transaction at most: its one commit to disk costs little then, and
# nobody else waits long for it.
MOST_TOGETHER = 300
# Characters of one round, as they came in: in memory a story takes thirty times that meanwhile.
_MOST_BYTES = 1024 * 1024
# After so many records it is an archive for database and index. The database looks at itself anew
# when the paper has about doubled, and at the end.
_STATISTICS_FIRST = 1_000
# It takes some milliseconds, and to fill it again a few more.
_TRIMMED_EVERY = 5_000
# Fewer than these go one by one where they cannot go together.
_FEW = 8


@dataclass
class Import:
    """One import: where its records go, and how far it has come."""

    adopter: Adopter
    filing: Filing
    journal: Journal
    names: KnownNames = field(default_factory=KnownNames)

    def bring_in(self, reads: Iterable[Read]) -> Iterator[Outcome]:
        """Take ``reads`` in; tell, one by one and in their order, what became of each.

        Each is in the journal when it is told of.
        """
        with ExitStack() as archive:
            yield from self._brought_in(reads, archive)
        yield from map(self.journal.add, self.filing.finish())

    def _brought_in(self, reads: Iterable[Read], archive: ExitStack) -> Iterator[Outcome]:
        some: list[Read] = []
        size = 0
        is_archive = False
        next_look = max(_STATISTICS_FIRST, Story.objects.count())
        next_trim = _STATISTICS_FIRST
        for count, read in enumerate(reads, 1):
            some.append(read)
            size += read.size
            if len(some) >= MOST_TOGETHER or size >= _MOST_BYTES:
                yield from self._round(some)
                some, size = [], 0
                if count >= _STATISTICS_FIRST and not is_archive:
                    is_archive = True
                    archive.enter_context(databases.in_bulk())
                    archive.enter_context(unhurried())
                    archive.enter_context(index.in_bulk())
                if count >= next_trim and is_archive:
                    # What rounds of different sizes leave between what stays adds up.
                    allocator.give_back()
                    next_trim = count + _TRIMMED_EVERY
                if count >= next_look:
                    databases.take_statistics()
                    next_look = 2 * count
        yield from self._round(some)
        if is_archive:
            databases.take_statistics()

    def _round(self, reads: Sequence[Read]) -> Iterator[Outcome]:
        # What goes by itself counts for those behind it as well.
        copies = [read.copy for read in reads if read.copy is not None]
        plain = {
            id(copy)
            for copy, is_plain in zip(copies, plainly_new(copies), strict=True)
            if is_plain and storing.can_be_stored(copy, self.adopter.terms)
        }
        # Which of two of the same address comes first must make no difference.
        addresses = _Addresses(reads)
        run: list[Read] = []
        for read in reads:
            if id(read.copy) in plain or _is_along(read.record, addresses):
                run.append(read)
                continue
            yield from self._run(run)
            run = []
            yield self._alone(read)
        yield from self._run(run)

    def _run(self, run: Sequence[Read]) -> Iterator[Outcome]:
        if not any(read.copy for read in run):
            yield from map(self._alone, run)
            return
        waiting = len(self.filing.waiting)
        try:
            with transaction.atomic(), self.journal.written_once():
                taking_in.alone()
                told = [self.journal.add(outcome) for outcome in self._stored(run)]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told of one by one
            del self.filing.waiting[waiting:]
            self.names.forget()
            logger.info("%s records could not be stored together: %r", len(run), error)
        else:
            yield from told
            return
        if len(run) <= _FEW:
            yield from map(self._alone, run)
        else:
            middle = len(run) // 2
            yield from self._run(run[:middle])
            yield from self._run(run[middle:])

    def _alone(self, read: Read) -> Outcome:
        outcome = self._taken_in(read)
        if isinstance(read.record, WireTopic | WireParticular):
            # A section may have come, by a name that was none until now.
            self.names.forget()
        return self.journal.add(outcome)

    def _taken_in(self, read: Read) -> Outcome:
        return take_in(read.record, read.raw, self.adopter, file_record=self.filing)

    def _stored(self, run: Sequence[Read]) -> list[Outcome]:
        redirecting = Redirecting()
        redirecting.foresee(_old_urls(run))
        guids = [read.record.guid for read in run if isinstance(read.record, WireRedirect)]
        made = latest_made_of(list(filter(None, guids)))
        copies = [read.copy for read in run if read.copy is not None]
        adopted = iter(storing.store(copies, self.adopter.terms, self.names, redirecting))
        outcomes = []
        for read in run:
            if read.copy is not None:
                one = next(adopted)
                if one.news_id is not None:
                    guid = read.copy.item.guid
                    made[guid] = max(one.news_id, made.get(guid, 0))
                outcomes.append(_outcome(read.copy.item, one))
            elif isinstance(read.record, WireRedirect):
                news_id = made.get(read.record.guid)
                outcomes.append(self.filing.redirect(read.record, news_id, redirecting.lead))
            else:
                outcomes.append(self._taken_in(read))
        redirecting.write()
        return outcomes


def _is_along(record: WireRecord | Outcome, addresses: _Addresses) -> bool:
    """Tell whether ``record`` can be dealt with among the stories of a run."""
    if isinstance(record, WireRedirect):
        return addresses.has_once(record.old_url)
    return isinstance(record, Outcome | Unread)


class _Addresses:
    """The old addresses of some records, where any of them is a redirect."""

    def __init__(self, reads: Iterable[Read]) -> None:
        self._counts: Counter[str] = Counter()
        if any(isinstance(read.record, WireRedirect) for read in reads):
            self._counts.update(map(old_path, _old_urls(reads)))

    def has_once(self, url: str) -> bool:
        return self._counts[old_path(url)] == 1


def _old_urls(run: Iterable[Read]) -> Iterator[str]:
    for read in run:
        if isinstance(read.record, WireRedirect):
            yield read.record.old_url
        elif isinstance(read.record, WireItem):
            yield from read.record.old_urls


def _outcome(item: WireItem, adopted: Adopted) -> Outcome:
    return Outcome(
        item.origin,
        "imported",
        item,
        adopted.news_id,
        adopted.section,
        (*item.oddities, *adopted.remarks),
        along=adopted.along,
    )
