"""The table: a line for each figure, a column for each contender, and whether targets are met."""

from dataclasses import dataclass

from benchmarks.results import Results
from benchmarks.sizes import Sizes
from benchmarks.targets import TARGETS

OURS, FLOOR = "orderboard", "bare C loop"
YES, NO, NOTHING = "✓", "✗", "-"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure, how it is called, with how many decimals it is written, and what is better."""

    figure: str
    label: str
    digits: int
    better: str = "less"
    has_ratio: bool = True


def lines(sizes: Sizes) -> list[Line]:
    """All figures in the order in which they are shown."""
    few, many = f"{sizes.few:,} listeners", f"{sizes.many:,} listeners"
    return [
        Line("cpu-few", f"CPU µs per delivery, {few}", 1),
        Line("p50-few", f"p50 ms, {few}", 1),
        Line("p99-few", f"p99 ms, {few}", 1),
        Line("generator-few", "  load generator, % of a core", 0, ""),
        Line("cpu-many", f"CPU µs per delivery, {many}", 1),
        Line("p50-many", f"p50 ms, {many}", 1),
        Line("p99-many", f"p99 ms, {many}", 1),
        Line("generator-many", "  load generator, % of a core", 0, ""),
        Line("memory", "KB of memory per idle listener", 2, has_ratio=False),
        Line("saturated", f"deliveries/s saturated, {sizes.flooded:,}", 0, "more"),
        Line("saturated-bytes", "MB/s saturated", 0, "more"),
        Line("generator-saturated", "  load generator, % of a core", 0, ""),
        Line("connecting", "connects/s", 0, "more"),
        Line("storm", f"s until {sizes.many:,} are back, 100 missed", 2),
        Line("storm-reads", "  reads of the log for that", 0, ""),
        Line("post-p50", f"POST p50 ms, writing to {sizes.many:,}", 1),
        Line("post-p99", f"POST p99 ms, writing to {sizes.many:,}", 1),
        Line("placing", "POST orders/s, nobody listening", 0, "more"),
    ]


def table(results: Results, sizes: Sizes, columns: list[str]) -> str:
    """The whole table as text."""
    measured = results.figures()
    shown = [line for line in lines(sizes) if line.figure in measured]
    rows = [["", *columns, "to floor", "target", "", "beats peers"]]
    rows += [_row(line, results, columns) for line in shown]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(line: Line, results: Results, columns: list[str]) -> list[str]:
    cells = [_number(results.of(line.figure, column), line.digits) for column in columns]
    ours, floor = results.of(line.figure, OURS), results.of(line.figure, FLOOR)
    compared = line.better and line.has_ratio
    ratio = f"{ours / floor:.2f}x" if compared and ours is not None and floor else ""
    target = TARGETS.get(line.figure)
    wanted = target.text if target else ""
    met = "" if target is None or ours is None else _mark(target.met(ours, floor))
    return [line.label, *cells, ratio, wanted, met, _beats(line, results, columns)]


def _beats(line: Line, results: Results, columns: list[str]) -> str:
    ours = results.of(line.figure, OURS)
    peers = [
        value
        for column in columns
        if column != OURS and "loop" not in column
        if (value := results.of(line.figure, column)) is not None
    ]
    if not line.better or ours is None or not peers:
        return ""
    best = min(peers) if line.better == "less" else max(peers)
    return _mark(ours <= best if line.better == "less" else ours >= best)


def _mark(good: bool | None) -> str:
    return "" if good is None else YES if good else NO


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"
