"""What Prometheus may ask this process: one registry an application, no global ones, labels with few values and none personal."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from regulars.platform import batching
from regulars.platform.outbox import Backlog

CONTENT_TYPE = CONTENT_TYPE_LATEST

_REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BATCH_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


class Metrics:
    """The house's counters. Durations are seconds; a request is counted under its route's template, never its path."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Histogram(
            "regulars_http_request_seconds",
            "Time to answer a request.",
            ("method", "route", "status"),
            buckets=_REQUEST_SECONDS,
            registry=self.registry,
        )
        # Looking up a labelled child takes a lock and builds strings; every request needs it, so children are kept.
        self._children: dict[tuple[str, str, int], Histogram] = {}
        self._batch_size = Histogram("regulars_batch_size", "Facts in one commit.", buckets=_BATCH_SIZES, registry=self.registry)
        self._batch_waited = Histogram(
            "regulars_batch_wait_seconds", "How long the oldest fact of a batch waited.", buckets=_BATCH_SECONDS, registry=self.registry
        )
        self._batch_ran = Histogram(
            "regulars_batch_run_seconds", "How long a batch took, commit included.", buckets=_BATCH_SECONDS, registry=self.registry
        )
        self._outbox = Gauge("regulars_outbox_events", "Events not yet handled, by why.", ("state",), registry=self.registry)
        self._outbox_lag = Gauge("regulars_outbox_lag_seconds", "Age of the oldest waiting event.", registry=self.registry)
        self._rows = Counter("regulars_import_rows", "Rows of imported files by what became of them.", ("outcome",), registry=self.registry)
        self._pool = Gauge("regulars_db_connections", "Connections of the pool.", ("state",), registry=self.registry)

    def request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request is counted. ``route`` is the template (``/v1/orders/{id}``), or ``(none)`` where none matched."""
        key = (method, route, status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(method, route, str(status))
        child.observe(seconds)

    def batches(self) -> batching.Observers:
        """What a batcher calls so that its batches are counted."""
        return batching.Observers(size=self._batch_size.observe, waited=self._batch_waited.observe, ran=self._batch_ran.observe)

    def imported(self, outcome: str, rows: int) -> None:
        """``rows`` more rows ended in ``outcome`` (one of the intake's few classes)."""
        self._rows.labels(outcome).inc(rows)

    def outbox(self, found: Backlog, lag_seconds: float) -> None:
        """The outbox as just measured; ``lag_seconds`` is the age of its oldest event."""
        self._outbox.labels("waiting").set(found.waiting)
        self._outbox.labels("retrying").set(found.retrying)
        self._outbox.labels("parked").set(found.parked)
        self._outbox_lag.set(lag_seconds)

    def watch_pool(self, *, in_use: Callable[[], float], idle: Callable[[], float]) -> None:
        """The pool is asked at each scrape how many connections are in use and how many lie idle."""
        self._pool.labels("in_use").set_function(in_use)
        self._pool.labels("idle").set_function(idle)

    def render(self) -> bytes:
        """Everything in Prometheus' text format; its media type is ``CONTENT_TYPE``."""
        return generate_latest(self.registry)
