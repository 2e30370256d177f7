"""Logs and metrics. Pure code logs nothing: the middleware and the composition roots call this."""

import logging
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, Literal, Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

LogFormat = Literal["auto", "json", "console"]
Renderer = Callable[[Any, str, Any], str]
"""A record as one piece of text: `render(logger, method, event)`."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SEARCH_BUCKETS = (0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.2, 0.5, 2.5)
# From a cached answer to a long import, in seconds.
LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
# An API key (`app.access.keys`): in a log its id may stand, its secret may not, whatever text brought it there.
API_KEY = re.compile(r"st_([0-9a-z]{12})_[A-Za-z0-9_-]{43}")
SECRETS = frozenset({"key", "secret", "authorization", "password", "token", "database_url"})


def configure_logging(
    log_format: LogFormat, *, level: int = logging.INFO, renderer: Renderer | None = None
) -> None:
    """Send structlog's and the standard library's records to standard error, as JSON lines or for eyes.

    "auto" is for eyes on a terminal, JSON elsewhere. A `renderer` of the caller's goes before either.

    Called once by a process's entry point (a command), never on import and never by `create_app`, so that an
    embedding program keeps its own logging.
    """
    if log_format == "auto":
        log_format = "console" if sys.stderr.isatty() else "json"
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    chosen: Any = (
        renderer
        or (
            structlog.processors.JSONRenderer()
            if log_format == "json"
            else structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # the default prints local variables, keys included
            )
        )
    )
    as_json = renderer is None and log_format == "json"
    format_exception: list[Any] = [structlog.processors.format_exc_info] if as_json else []
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *format_exception,
                chosen,
                _hide_keys,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


def _hide_keys(_logger: Any, _method: str, text: Any) -> Any:
    """Blank the secrets of API keys in a line that is ready to be written, its stack traces included."""
    return API_KEY.sub(r"st_\1_***", text) if isinstance(text, str) and "st_" in text else text


def _hide_secrets(_logger: Any, _method: str, event: Any) -> Any:
    """Blank what must never stand in a log, whoever passes it."""
    for name in SECRETS & event.keys():
        event[name] = "***"
    return event


class IndexFigures(Protocol):
    """What is shown of a search index."""

    @property
    def ready(self) -> bool:
        """Whether it was level with the database once."""
        ...

    @property
    def products(self) -> int:
        """Products in it."""
        ...

    @property
    def behind(self) -> int:
        """Products that wait to be read again."""
        ...

    @property
    def pending(self) -> int:
        """Products that wait for their vector."""
        ...

    @property
    def rebuilds(self) -> int:
        """How often what was saved could not be used."""
        ...

    @property
    def saves(self) -> int:
        """How often it was saved."""
        ...


class _IndexCollector(Collector):
    """Asks an index how it stands when the counters are read, so that it need not know of them."""

    def __init__(self, status: Callable[[], IndexFigures]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        now = self._status()
        for name, text, value in (
            ("ready", "Whether the search index was level with the database once.", now.ready),
            ("products", "Products in the search index.", now.products),
            ("products_behind", "Products that the search index has yet to read again.", now.behind),
            ("vectors_pending", "Products that wait for their vector.", now.pending),
        ):
            yield GaugeMetricFamily(f"shelftalker_index_{name}", text, float(value))
        for name, text, count in (
            (
                "rebuilds",
                "How often the saved search index could not be used and was built anew.",
                now.rebuilds,
            ),
            ("saves", "How often the search index was saved.", now.saves),
        ):
            yield CounterMetricFamily(f"shelftalker_index_{name}", text, float(count))


class StateFigures(Protocol):
    """What is shown of the state stores."""

    @property
    def store(self) -> str:
        """`memory` or `redis`."""
        ...

    @property
    def away(self) -> str | None:
        """Why Redis is not used, where it should be."""
        ...

    @property
    def fallbacks(self) -> int:
        """How many calls did without it."""
        ...


class _StateCollector(Collector):
    """As `_IndexCollector`, for the state stores."""

    def __init__(self, status: Callable[[], StateFigures]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        now = self._status()
        up = GaugeMetricFamily(
            "shelftalker_state_store_up",
            "Whether the store of limits answers; 0: each process limits by itself.",
            labels=["store"],
        )
        up.add_metric([now.store], float(now.away is None))
        yield up
        yield CounterMetricFamily(
            "shelftalker_state_fallbacks_total",
            "Calls that were limited without Redis.",
            float(now.fallbacks),
        )


class Metrics:
    """The counters of one application, in a registry of their own: two apps in a process do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "shelftalker_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.latency = Histogram(
            "shelftalker_http_request_duration_seconds",
            "Time to the last byte of the answer.",
            ("method", "route"),
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "shelftalker_http_requests_in_flight", "Requests being answered.", registry=self.registry
        )
        self.copies = Counter(
            "shelftalker_copies_total",
            "Copies written, by what wrote them and whether their checks passed.",
            ("template", "authorship", "clean"),
            registry=self.registry,
        )
        self.actions = Counter(
            "shelftalker_copy_actions_total",
            "What people did with copies.",
            ("action",),
            registry=self.registry,
        )
        self.rows_rejected = Counter(
            "shelftalker_import_rows_rejected_total", "Feed rows refused.", registry=self.registry
        )
        self.products_imported = Counter(
            "shelftalker_import_products_total",
            "Products that imports touched.",
            ("change",),
            registry=self.registry,
        )

        self.searches = Histogram(
            "shelftalker_search_duration_seconds",
            "Time of a search, the embedding of its query included; dense: meaning had its say.",
            ("dense",),
            buckets=SEARCH_BUCKETS,
            registry=self.registry,
        )

    def watch_index(self, status: Callable[[], IndexFigures]) -> None:
        """Show how a search index stands whenever the counters are read."""
        self.registry.register(_IndexCollector(status))

    def watch_state(self, status: Callable[[], StateFigures]) -> None:
        """Show how the state stores stand whenever the counters are read."""
        self.registry.register(_StateCollector(status))

    def text(self) -> bytes:
        """All counters in the Prometheus text format."""
        return generate_latest(self.registry)
