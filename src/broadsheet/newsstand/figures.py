"""Figures for Prometheus: what readers ask, and how the press keeps up.

Requests are counted in the process that answers them. ``serve`` names a folder
(``PROMETHEUS_MULTIPROC_DIR``) before this module is imported, through which the serving
processes add up. What the database knows is asked when the figures are read.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Avg, Count, Max, Min, Q
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector
from prometheus_client.values import ValueClass

from broadsheet.letters.models import Letter
from broadsheet.newsstand import heartbeat
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.stories.models import Story

SERVED = Counter(
    "broadsheet_newsstand_answers",
    "Requests the newsstand answered itself (hit, unchanged) or handed on (miss).",
    ["outcome"],
)
HITS = SERVED.labels("hit")
UNCHANGED = SERVED.labels("unchanged")
MISSES = SERVED.labels("miss")

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
        yield from self._stories()
        yield from self._press()
        yield from self._letters()
        beat = heartbeat.read()
        if beat is not None:
            yield _gauge(
                "broadsheet_worker_heartbeat_age_seconds",
                "Since the background worker last gave a sign of life.",
                beat.age,
            )

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
