"""Which of many copies the paper knows nothing of: the questions of ``known_of``, once for all.

A copy is plainly new where ``decide`` would say ``New`` without having read any other. Of all
others this says nothing: they are looked at one by one.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from broadsheet.stories.models import Story
from broadsheet.wire.copies import Copy
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.intent import kills_guids
from broadsheet.wire.items import WireItem
from broadsheet.wire.known import ALIKE_WITHIN, MOST_COMPARED
from broadsheet.wire.likeness import Shingles, of_one_story, shingles
from broadsheet.wire.models import ReceivedItem, Sketch, WithdrawnCopy

logger = logging.getLogger(__name__)

# SQLite takes some thousand parameters in a statement; this is well below.
_AT_ONCE = 900
# Half a megabyte each, of long texts ten times that; those that come again within a batch are few.
_COMPARED_KEPT = 4
# Links by which an item acts on the story made of another.
_ACTING = {"replaces", "corrects", "kills"}


def plainly_new(copies: Sequence[Copy]) -> list[bool]:
    """Tell of each of ``copies``, in their order, whether it is plainly new.

    Each counts as known to those behind it. What takes copy back, must wait, or is kept whole
    (``WireItem.kept``) is never plain, nor is one that no sketch can be made of.
    """
    guids = {copy.item.guid for copy in copies}
    known = {
        *_having(ReceivedItem.objects.all(), "guid", guids),
        *_having(WithdrawnCopy.objects.filter(is_final=True), "guid", guids),
    }
    numbers = {copy.item.news_id for copy in copies if copy.item.news_id is not None}
    taken = {*_having(Story.objects.all(), "pk", numbers), *_deleted(numbers)}
    sketched = {id(copy) for copy in copies if _has_sketch(copy)}
    others = _Others([copy for copy in copies if id(copy) in sketched])
    found: list[bool] = []
    for copy in copies:
        item = copy.item
        found.append(
            id(copy) in sketched
            and _is_simple(copy)
            and item.guid not in known
            and item.news_id not in taken
            and not others.resemble(copy)
        )
        known.add(item.guid)
        if copy.intent == "kill":
            # What it takes back is refused, also where it comes behind.
            known.update(kills_guids(item))
        if item.news_id is not None:
            taken.add(item.news_id)
        if id(copy) in sketched:
            others.add(copy)
    return found


def _has_sketch(copy: Copy) -> bool:
    try:
        _ = copy.sketch
    except Exception:
        # By itself it will be told of as any other that a parser reads and nobody can store.
        logger.exception("no sketch could be made of %s", copy.item.origin)
        return False
    return True


def _is_simple(copy: Copy) -> bool:
    item = copy.item
    return (
        item.kind == "text"
        and not item.kept
        and item.embargoed is None
        and copy.intent not in {"kill", "advisory"}
        and not any(link.rel in _ACTING for link in item.links)
        and not item.hold
    )


def _deleted(numbers: Iterable[int]) -> set[int]:
    log = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Story), action="wagtail.delete"
    )
    return set(map(int, _having(log, "object_id", map(str, numbers))))


def _having(rows: Any, name: str, values: Iterable[Any]) -> Iterator[Any]:
    for some in _slices(list(values)):
        yield from rows.filter(**{f"{name}__in": some}).values_list(name, flat=True)


def _slices(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


class _Others:
    """Copy that shares a number of its sketch with one of the copies at hand."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._by_value: dict[int, set[int]] = defaultdict(set)
        values = {value for copy in copies for value in copy.sketch}
        for some in _slices(list(values)):
            rows = Sketch.objects.filter(value__in=some).values_list("value", "item_id")
            for value, item_id in rows.iterator():
                self._by_value[value].add(item_id)
        self._facts: dict[int, tuple[str, datetime, str]] = {}
        self._read({each for ids in self._by_value.values() for each in ids})
        # Those at hand count down from -1: they are not stored yet.
        self._at_hand: dict[int, WireItem] = {}
        self._shingles: OrderedDict[int, Shingles] = OrderedDict()

    def _read(self, ids: Iterable[int]) -> None:
        for some in _slices(list(ids)):
            rows = ReceivedItem.objects.filter(pk__in=some, erased_at__isnull=True)
            for pk, guid, received_at, published, language in rows.values_list(
                "pk", "guid", "received_at", "fields__published", "fields__language"
            ):
                at = datetime.fromisoformat(published) if published else received_at
                self._facts[pk] = guid, at, language

    def resemble(self, copy: Copy) -> bool:
        """Tell whether any other, of the same days and language, may say what ``copy`` says.

        Texts that share a sentence or two share a number of their sketches now and then: the few
        that do are compared, as :func:`known.known_of` would.
        """
        item = copy.item
        mine = item.published or timezone.now()
        ids = {each for value in copy.sketch for each in self._by_value.get(value, ())}
        near = [
            each
            for each in ids & self._facts.keys()
            if (facts := self._facts[each])[0] != item.guid
            and facts[2] == item.language
            and abs(mine - facts[1]) <= ALIKE_WITHIN
        ]
        if not near:
            return False
        if len(near) > MOST_COMPARED:
            return True
        try:
            of_it = shingles(plain_paragraphs(item))
            return any(of_one_story(of_it, self._shingles_of(each)) for each in near)
        except Exception:
            # By itself it will be told of as any other that cannot be compared.
            logger.exception("%s could not be compared with what came before", item.origin)
            return True

    def _shingles_of(self, number: int) -> Shingles:
        found = self._shingles.pop(number, None)
        if found is None:
            other = self._at_hand.get(number)
            if other is None:
                stored = ReceivedItem.objects.filter(pk=number, erased_at__isnull=True).first()
                other = stored.item if stored is not None else None
            found = shingles(plain_paragraphs(other)) if other is not None else frozenset()
        self._shingles[number] = found
        if len(self._shingles) > _COMPARED_KEPT:
            self._shingles.popitem(last=False)
        return found

    def add(self, copy: Copy) -> None:
        """Count ``copy`` among the others from now on."""
        if not copy.sketch:
            return
        number = -1 - len(self._at_hand)
        item = self._at_hand[number] = copy.item
        self._facts[number] = item.guid, item.published or timezone.now(), item.language
        for value in copy.sketch:
            self._by_value[value].add(number)
