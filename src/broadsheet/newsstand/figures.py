"""Figures for Prometheus: what readers ask, and how the press keeps up.

Requests are counted in the process that answers them. ``serve`` names a folder
(``PROMETHEUS_MULTIPROC_DIR``) before this module is imported, through which the serving
processes add up. What the database knows is asked when the figures are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from django.db.models import Avg, Count, Max, Min, Q
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector
from prometheus_client.values import ValueClass

from broadsheet.letters.models import Letter
from broadsheet.newsstand import heartbeat, nodes, outages, readiness
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.stories.models import Story

SERVED = Counter(
    "broadsheet_newsstand_answers",
    "Requests the newsstand answered itself (hit, unchanged) or handed on (miss).",
    ["outcome"],
)
# Monitors ask a few times a minute.
_FLUSH_S = 0.5


class Tally:
    """Counts in memory, and adds to ``counter`` twice a second.

    A counter that several processes share lies in a file and behind a lock, which costs a good
    part of what it takes to hand out a page. To be used in one event loop.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._number = 0

    def inc(self) -> None:
        """Count one more."""
        if not self._number:
            asyncio.get_running_loop().call_later(_FLUSH_S, self._flush)
        self._number += 1

    def _flush(self) -> None:
        self._counter.inc(self._number)
        self._number = 0


HITS = Tally(SERVED.labels("hit"))
UNCHANGED = Tally(SERVED.labels("unchanged"))
MISSES = Tally(SERVED.labels("miss"))

REQUESTS = Counter(
    "broadsheet_requests",
    "Requests that Django answered, by room and class of status.",
    ["room", "status"],
)
SECONDS = Histogram(
    "broadsheet_request_seconds",
    "How long Django took to answer, in seconds, by room.",
    ["room"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

# The first part of a path, as a label: a fixed set, since readers choose the paths.
_ROOMS = {"newsroom", "letters", "search", "news", "static", "healthz", "readyz", "metrics"}


def room_of(path: str) -> str:
    """Return which room's the ``path`` is, as a label: "other" for what is nobody's."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in _ROOMS else "other"


def count(path: str, status: int, seconds: float) -> None:
    """Count one request that Django answered; ``status`` 0 is one that was never answered."""
    room = room_of(path)
    REQUESTS.labels(room, f"{status // 100}xx" if status else "none").inc()
    SECONDS.labels(room).observe(seconds)


class PaperCollector(Collector):
    """Figures from the database and the worker's heartbeat, asked when they are read."""

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they are now."""
        answers = readiness.database_answers()
        yield _gauge("broadsheet_database_up", "Whether the database answers.", float(answers))
        if answers:
            yield from self._of_the_database()
        beat = heartbeat.read()
        if beat is not None:
            yield _gauge(
                "broadsheet_worker_heartbeat_age_seconds",
                "Since the background worker last gave a sign of life.",
                beat.age,
            )

    def _of_the_database(self) -> Iterable[Metric]:
        yield from self._stories()
        yield from self._press()
        yield from self._letters()
        yield from self._nodes()

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering asks no database."""
        return []

    def _stories(self) -> Iterable[Metric]:
        counts = Story.objects.aggregate(all=Count("pk"), live=Count("pk", filter=Q(live=True)))
        family = GaugeMetricFamily("broadsheet_stories", "Stories, by state.", labels=["state"])
        family.add_metric(["live"], counts["live"])
        family.add_metric(["not_live"], counts["all"] - counts["live"])
        yield family

    def _press(self) -> Iterable[Metric]:
        orders = PressOrder.objects.aggregate(
            pending=Count("pk"),
            failed=Count("pk", filter=Q(attempts__gt=0)),
            since=Min("ordered_at"),
        )
        family = GaugeMetricFamily(
            "broadsheet_press_orders", "Sheets that wait to be pressed.", labels=["state"]
        )
        family.add_metric(["pending"], orders["pending"])
        family.add_metric(["failed"], orders["failed"])
        yield family
        oldest = (timezone.now() - orders["since"]).total_seconds() if orders["since"] else 0.0
        yield _gauge("broadsheet_press_oldest_order_seconds", "Age of the oldest order.", oldest)
        # The last ones only: the ledger has a row for every story.
        last = PressedFile.objects.order_by("-pk").values("pk")[:1000]
        times = PressedFile.objects.filter(pk__in=last).aggregate(
            mean=Avg("seconds"), longest=Max("seconds")
        )
        yield _gauge(
            "broadsheet_press_seconds_mean",
            "What a sheet took to make, mean of the newest thousand in the ledger.",
            times["mean"] or 0.0,
        )
        yield _gauge(
            "broadsheet_press_seconds_max",
            "What a sheet took to make, longest of the newest thousand in the ledger.",
            times["longest"] or 0.0,
        )

    def _letters(self) -> Iterable[Metric]:
        family = GaugeMetricFamily("broadsheet_letters", "Letters, by state.", labels=["state"])
        counted = dict(Letter.objects.values_list("state").annotate(number=Count("pk")))
        for state in Letter.State.values:
            family.add_metric([state], counted.get(state, 0))
        yield family

    def _nodes(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(
            "broadsheet_node_seen_age_seconds",
            "Since the worker of a node last gave a sign of life to the others.",
            labels=["node"],
        )
        for name, age in {state.name: state.age for state in nodes.known()}.items():
            family.add_metric([name], age)
        yield family
        family = GaugeMetricFamily(
            "broadsheet_outage_seconds",
            "How long something the paper leans on has not worked, by what and where.",
            labels=["kind", "node"],
        )
        for outage in outages.present():
            family.add_metric([outage.kind, outage.node], outage.seconds)
        yield family


def _gauge(name: str, sentence: str, value: float) -> Metric:
    return GaugeMetricFamily(name, sentence, value=value)


def exposition() -> bytes:
    """Return every figure in Prometheus's text format, of all serving processes together."""
    registry = CollectorRegistry()
    if ValueClass.__name__ == "MmapedValue":
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(PaperCollector())
        return generate_latest(registry)
    registry.register(PaperCollector())
    return generate_latest(REGISTRY) + generate_latest(registry)
