"""Figures for Prometheus, each with the name of its worker process.

Whichever process is asked answers. Without their process's name the counters of one would be taken
for another's that had jumped. What requests took is told of the one that answers, the stream's
counters and listeners of all.
"""

import time
from functools import lru_cache

import sqlalchemy as sa
from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from werkzeug.wrappers import Response

from orderboard.consumers import positions
from orderboard.database import condition
from orderboard.errors import Busy, NotWritable
from orderboard.web.answers import parts
from orderboard.web.meanings import COUNTERS, GAUGES

_AWAY = (Busy, NotWritable, sa.exc.DBAPIError)
_registry = CollectorRegistry()
_seconds = Histogram(
    "orderboard_request_seconds",
    "Time from a request's arrival to its answer's head.",
    ["route", "method", "process"],
    registry=_registry,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
_answers = Counter(
    "orderboard_answers",
    "Answers by route and status.",
    ["route", "status", "process"],
    registry=_registry,
)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Whatever else somebody may write there is told as one: each would be kept for ever."""


def setup(app: Flask) -> None:
    """Time and count every request of the app."""
    app.before_request(_begin)
    app.after_request(_end)


def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    stream = CollectorRegistry()
    stream.register(_StreamFigures())
    stream.register(_EdgeFigures())
    stream.register(_DatabaseFigures())
    stream.register(_ConsumerFigures())
    return generate_latest(_registry) + generate_latest(stream)


class _DatabaseFigures:
    """What this process has met at the database."""

    def collect(self) -> list[CounterMetricFamily]:
        words = "Reads broken off because they took too long."
        slow = CounterMetricFamily("orderboard_slow_reads", words, labels=["process"])
        slow.add_metric([parts().stream.process], condition().slow_reads)
        return [slow]


class _StreamFigures:
    """The stream's own figures, read when they are asked for."""

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily]:
        figures = parts().stream.figures()
        processes = [figures, *figures["others"]]
        families: list[GaugeMetricFamily | CounterMetricFamily] = []
        listeners = GaugeMetricFamily(
            "orderboard_listeners",
            "Open streams by kind of audience.",
            labels=["audience", "process"],
        )
        for process in processes:
            for kind, count in process["listeners"].items():
                listeners.add_metric([kind, process["process"]], count)
        families.append(listeners)
        for name, value in figures["gauges"].items():
            words = GAUGES.get(name, f"Stream: {name.replace('_', ' ')} now.")
            gauge = GaugeMetricFamily(f"orderboard_{name}", words, labels=["process"])
            gauge.add_metric([figures["process"]], value)
            families.append(gauge)
        for name in figures["counters"]:
            words = COUNTERS.get(name, f"Stream: {name.replace('_', ' ')} so far.")
            counter = CounterMetricFamily(f"orderboard_stream_{name}", words, labels=["process"])
            for process in processes:
                counter.add_metric([process["process"]], process["counters"].get(name, 0))
            families.append(counter)
        return families


class _EdgeFigures:
    """Connections of this process, and what was refused before it reached the app."""

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily]:
        edge, process = parts().edge, parts().stream.process
        connections = GaugeMetricFamily(
            "orderboard_connections",
            "Connections that are open now, handed-over streams not counted.",
            labels=["process"],
        )
        connections.add_metric([process], edge.connections.open)
        refused = CounterMetricFamily(
            "orderboard_refused",
            "Connections and requests refused before they reached the app, by reason.",
            labels=["reason", "process"],
        )
        for reason, count in edge.refused.items():
            refused.add_metric([reason, process], count)
        return [connections, refused]


class _ConsumerFigures:
    """How far each consumer of the log is behind; the same whichever process is asked."""

    def collect(self) -> list[GaugeMetricFamily]:
        try:
            found = positions.listed()
        except _AWAY:
            return []  # all the rest can be told without the database
        words = {
            "lag": "Events that a consumer of the log has still to look at.",
            "paused": "1 while a consumer stands still because somebody said so.",
            "failures": "Tries of a consumer's next event that have failed.",
            "set_aside": "Events that a consumer could not take.",
        }
        families = {
            name: GaugeMetricFamily(f"orderboard_consumer_{name}", text, labels=["consumer"])
            for name, text in words.items()
        }
        for one in found:
            label = [one["name"]]
            families["lag"].add_metric(label, one["lag"])
            families["paused"].add_metric(label, one["state"] == "paused")
            families["failures"].add_metric(label, one["failures"])
            families["set_aside"].add_metric(label, len(one["set_aside"]))
        return list(families.values())


def _begin() -> None:
    g.began = time.perf_counter()


def _end(answer: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in _METHODS else "other"
    count(route, method, answer.status_code, parts().stream.process, g.get("began"))
    return answer


def count(route: str, method: str, status: int, process: str, began: float | None) -> None:
    """Count an answer, and the time since ``began`` (``time.perf_counter()``) if that is known."""
    answers, seconds = _of(route, method, status, process)
    answers.inc()
    if began is not None:
        seconds.observe(time.perf_counter() - began)


@lru_cache(maxsize=4096)
def _of(route: str, method: str, status: int, process: str) -> tuple[Counter, Histogram]:
    return _answers.labels(route, str(status), process), _seconds.labels(route, method, process)
