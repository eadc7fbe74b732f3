"""Destinations: everywhere that a story stands or was sent, told by the rooms that took it there.

The press's own come from its ledger, so that a story whose row is gone is still found. A room that
sends stories elsewhere (to subscribers, partners, other sites) registers a provider when it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from broadsheet.press import ledger
from broadsheet.press.models import PressedFile
from broadsheet.press.sheets import Sheet


@dataclass(frozen=True, slots=True, order=True)
class Destination:
    """One place where a story can be read.

    ``kind`` is the press's kind of sheet ("story", "front"), or what the room that sent it calls
    the way ("e-mail"). ``address`` is a path of this site, or whatever names the place there.
    ``own`` tells that nothing but this story stands there, so that a withdrawal takes all of it
    away; a list or a feed is pressed again without the story.
    """

    kind: str
    address: str
    own: bool = False


Provider = Callable[[Collection[int]], Mapping[int, Collection[Destination]]]
"""Returns where each of the stories with these News IDs is, by News ID."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider``, from now on, where stories are."""
    if provider not in _providers:
        _providers.append(provider)


def of(news_ids: Collection[int]) -> dict[int, tuple[Destination, ...]]:
    """Return every place where each of the stories is, sorted, their own first."""
    found: dict[int, set[Destination]] = {news_id: set() for news_id in news_ids}
    for provider in (pressed, *_providers):
        for news_id, places in provider(news_ids).items():
            found[news_id].update(places)
    return {
        news_id: tuple(sorted(places, key=lambda each: (not each.own, each)))
        for news_id, places in found.items()
    }


def pressed(news_ids: Collection[int]) -> dict[int, list[Destination]]:
    """Return the pressed files that show each story, or showed it when it was last pressed."""
    keys = [str(news_id) for news_id in news_ids]
    shown_on: dict[int, list[Sheet]] = {}
    rows = PressedFile.objects.filter(kind="story", key__in=keys).values_list("key", "shown_on")
    for key, pairs in rows:
        shown_on[int(key)] = [Sheet(*pair) for pair in pairs]
    standing: dict[Sheet, list[str]] = defaultdict(list)
    for sheet, files in ledger.entries({s for each in shown_on.values() for s in each}).items():
        standing[sheet] += [file.address for file in files]
    return {
        news_id: [
            Destination(sheet.kind, address, own=_is_own(sheet, address, news_id))
            for sheet in sheets
            for address in standing[sheet]
        ]
        for news_id, sheets in shown_on.items()
    }


def _is_own(sheet: Sheet, address: str, news_id: int) -> bool:
    # The page of a translation shows the story as a link; a picture may stand in other stories.
    return sheet.key == str(news_id) and address.startswith("/news/")
