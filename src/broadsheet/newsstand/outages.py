"""Outages: what the paper does without at the moment, put together from all its nodes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from broadsheet import troubles
from broadsheet.newsstand import nodes
from broadsheet.newsstand.nodes import State
from broadsheet.press import store_trouble

# The most pressing first: what readers notice, what the newsroom does, what nobody does.
Kind = Literal["store", "workers", "mirror", "node", "cache", "bell"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
# Of the whole paper, whichever node it shows on.
_SHARED: tuple[Kind, ...] = ("store", "cache", "bell")


@dataclass(frozen=True)
class Outage:
    """Something that does not work, since when, and on which node where it is about one.

    ``reason`` is for operators: it can hold addresses and what a library reports.
    """

    kind: Kind
    since: datetime
    node: str = ""
    reason: str = ""

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return max(0.0, time.time() - self.since.timestamp())


def present() -> list[Outage]:
    """Return every outage there is now, the most pressing first.

    Raises ``django.db.Error`` where the database does not answer, which is an outage of its own.
    """
    first: dict[tuple[Kind, str], Outage] = {}
    for outage in _seen(nodes.known()):
        before = first.setdefault((outage.kind, outage.node), outage)
        if outage.since < before.since:
            first[outage.kind, outage.node] = outage
    found = list(first.values())
    if any(each.kind == "store" for each in found):
        # That no node can read from it says the same.
        found = [each for each in found if each.kind != "mirror"]
    return sorted(found, key=lambda each: (_KINDS.index(each.kind), each.node))


def _seen(known: list[State]) -> Iterator[Outage]:
    now = time.time()
    alive = [node for node in known if node.alive]
    for node in known:
        if node.alive:
            yield from _of_troubles(node.troubles, node.name)
        elif alive:
            yield Outage("node", _moment(now - node.age), node.name)
    yield from _of_troubles(troubles.met(), nodes.own_name())
    # Told at once by whoever pressed last; the worker asks the store every few seconds.
    if refused := store_trouble.since("press"):
        yield Outage("store", _moment(refused), reason=store_trouble.reason("press"))
    if known and not alive:
        yield Outage("workers", _moment(now - min(node.age for node in known)))


def _of_troubles(found: tuple[troubles.Trouble, ...], node: str) -> Iterator[Outage]:
    for trouble in found:
        for kind in _KINDS:
            if kind == trouble.what:
                where = "" if kind in _SHARED else node
                yield Outage(kind, _moment(trouble.since), where, trouble.reason)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
