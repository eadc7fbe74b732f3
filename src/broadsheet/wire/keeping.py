"""Keeping what came in, and of which item which story was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from django.utils import timezone

from broadsheet import new_rows
from broadsheet.wire.copies import Copy
from broadsheet.wire.decide import Decision, New, Unchanged, Update
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.likeness import sketch
from broadsheet.wire.models import Provenance, ReceivedItem, Sketch


@dataclass(frozen=True)
class Adopted:
    """What the newsroom made of an item.

    ``news_id`` is the story's; ``None`` where another thing was made: a standing page
    (``page_id``) or a picture of the library. ``section`` is the name of the section the story
    stands in, ``revision_id`` the revision that was written. ``changed`` is false where there
    was nothing to do, ``is_missing`` true where what came names something that is not here, such
    as a picture without its bytes. ``remarks`` are added to the item's oddities in the outcome.
    ``along`` counts what came along with it ("comment", "photo", "redirect"), by what it is and
    what became of it.
    """

    news_id: int | None
    section: str = ""
    revision_id: int | None = None
    changed: bool = True
    is_missing: bool = False
    remarks: tuple[str, ...] = ()
    page_id: int | None = None
    along: tuple[tuple[str, str, int], ...] = ()


class Adopt(Protocol):
    """How the newsroom takes an item that was decided."""

    def prepared(
        self, item: WireItem, decision: New | Update | Unchanged, *, dry_run: bool = False
    ) -> AbstractContextManager[Callable[[], None]]:
        """Have ready, for the length of a block, what adopting ``item`` may have to wait for.

        To be entered before the transaction that adopts, which must keep nobody else waiting.
        Yields what to call once that transaction stands: without it, what was made ready is
        taken back at the end of the block. With ``dry_run`` nothing is made ready; what the
        transaction stored outside the database is taken back all the same.
        """

    def __call__(self, item: WireItem, decision: New | Update | Unchanged) -> Adopted:
        """Make, change or find the story. Raises ``WireError`` or ``ValidationError``."""


def prepared(
    item: WireItem, adopt: Adopt, decision: Decision, *, dry_run: bool = False
) -> AbstractContextManager[Callable[[], None]]:
    """Have ready what ``adopt`` may have to wait for, where it is asked at all."""
    if isinstance(decision, New | Update):
        return adopt.prepared(item, decision, dry_run=dry_run)
    return nullcontext(lambda: None)


def keep_item(item: WireItem, raw: bytes, *, sketched: bool = True) -> ReceivedItem:
    """Return the stored copy of ``item``, stored now if need be with the bytes it came in.

    With ``sketched``, it is found when other copy says nearly the same. Part of the caller's
    transaction.
    """
    # It may be stored already, when the desk took one copy into two stories.
    received = ReceivedItem.objects.filter(guid=item.guid, sha256=item.sha256).first()
    if received is None:
        content = raw if item.raw is None else item.raw
        # A picture's bytes are in the library, or wait beside the queue: twice is enough.
        content = b"" if item.kind == "picture" else content
        received = ReceivedItem.objects.all().keep(item, content)
        if sketched:
            values = sketch(plain_paragraphs(item))
            Sketch.objects.bulk_create(Sketch(value=each, item=received) for each in values)
    return received


def keep_all(copies: Sequence[tuple[Copy, Adopted]]) -> None:
    """Keep many copies, none of which is kept yet, with the stories that were made of them.

    Part of the caller's transaction; raises ``IntegrityError`` where one was kept meanwhile.
    """
    received = ReceivedItem.objects.all().keep_all([copy for copy, _ in copies])
    # In the order of the index on them, which has them all over.
    sketched = [
        (value, row.pk)
        for (copy, _), row in zip(copies, received, strict=True)
        for value in copy.sketch
    ]
    new_rows.insert_values(Sketch, ("value", "item_id"), sorted(sketched))
    now = timezone.now()
    used = [
        (row.pk, adopted.news_id, adopted.news_id, adopted.revision_id, now)
        for (_, adopted), row in zip(copies, received, strict=True)
        if adopted.news_id is not None
    ]
    names = ("item_id", "news_id", "story_id", "revision_id", "adopted_at")
    new_rows.insert_values(Provenance, names, used)


def keep_use(received: ReceivedItem, adopted: Adopted) -> None:
    """Keep that the story ``adopted`` was made of ``received``; once a story and copy."""
    if adopted.page_id is not None:
        Provenance.objects.update_or_create(
            item=received,
            page_id=adopted.page_id,
            defaults={"revision_id": adopted.revision_id},
        )
    if adopted.news_id is None:
        return
    Provenance.objects.update_or_create(
        item=received,
        news_id=adopted.news_id,
        defaults={"story_id": adopted.news_id, "revision_id": adopted.revision_id},
    )
