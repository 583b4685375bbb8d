"""What a browser's own trace says of the frames of a page."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = dict[str, Any]
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline.frame", "toplevel"]
_VSYNC = 1000 / 60


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of one page while it was traced. Times in milliseconds."""

    intervals: list[float]
    """Between one frame on the screen and the next."""
    busy: list[float]
    """CPU of the page's main thread from one frame to the next."""
    layouts: int

    @property
    def per_second(self) -> float:
        """Frames a second."""
        return 1000 / statistics.fmean(self.intervals)

    @property
    def dropped(self) -> float:
        """The share of the display's refreshes that had no new frame."""
        due = [max(1, round(interval / _VSYNC)) for interval in self.intervals]
        return 1 - len(due) / sum(due)


def read_trace(events: Sequence[Json]) -> Frames:
    """The frames of the page that drew most of them. Raises ValueError when nothing was drawn."""
    page = _busiest([event["pid"] for event in events if event["name"] == "DrawFrame"])
    ours = [event for event in events if event["pid"] == page]
    drawn = sorted(event["ts"] for event in ours if event["name"] == "DrawFrame")
    main = {event["tid"] for event in ours if event["name"] == "FireAnimationFrame"}
    tasks = sorted(
        (event["ts"], event.get("tdur", 0))
        for event in ours
        if event["name"].endswith("RunTask") and event["ph"] == "X" and event["tid"] in main
    )
    return Frames(
        [(after - before) / 1000 for before, after in pairwise(drawn)],
        _between(drawn, tasks),
        sum(event["name"] == "Layout" for event in ours),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """That many of a hundred are not above it."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _busiest(pids: Iterable[int]) -> int:
    pids = list(pids)
    if not pids:
        raise ValueError("The trace has no frame.")
    return statistics.mode(pids)


def _between(drawn: Sequence[int], tasks: Iterable[tuple[int, int]]) -> list[float]:
    """What the tasks that began between two frames have cost, for each two."""
    sums = [0.0] * (len(drawn) - 1)
    place = 0
    for at, cost in tasks:
        while place < len(sums) and at >= drawn[place + 1]:
            place += 1
        if place < len(sums) and at >= drawn[place]:
            sums[place] += cost / 1000
    return sums
