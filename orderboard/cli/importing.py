"""``orderboard import``: orders from a file, one JSON object a line."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeRemainingColumn

from orderboard.cli.filing import Filing, Line, Tally
from orderboard.cli.offline import at_hand

_BATCH = 500
_TELL_EVERY = 3.0
"""Seconds between two lines that say how far it is, where no bar can be drawn."""


@click.command("import")
@click.argument("file", type=click.File("rb"))
def import_orders(file: BinaryIO) -> None:
    """Place the orders of FILE: one JSON object a line, an order or one with a member "order".

    Orders with an external_id are placed once, however often the file is imported. The shop may
    be open meanwhile.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with at_hand() as settings:
        filing = Filing(settings.currency)
        try:
            with _Meter(console, _size(file), filing.tally) as meter:
                for batch in _batches(file):
                    for number, reason in filing.file(batch):
                        console.print(f"line {number}: {reason}", markup=False)
                    meter.add(sum(len(line.text) for line in batch))
        except Exception:
            click.echo(f"Stopped midway: {filing.tally}", err=True)
            raise
    click.echo(str(filing.tally))
    sys.exit(1 if filing.tally.refused else 0)


class _Meter:
    """Says how far it is: on a terminal with a bar, elsewhere with a line every few seconds."""

    def __init__(self, console: Console, size: int | None, tally: Tally) -> None:
        self._console, self._size, self._tally = console, size, tally
        columns = (BarColumn(), "{task.percentage:>3.0f} %", TimeRemainingColumn())
        self._bar = Progress(
            "Importing", *columns, console=console, disable=not console.is_terminal
        )
        self._task = self._bar.add_task("", total=size)
        self._done = 0
        self._began = time.monotonic()
        self._told = self._began

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def add(self, size: int) -> None:
        """So many bytes more are done."""
        self._done += size
        self._bar.advance(self._task, size)
        moment = time.monotonic()
        if not self._console.is_terminal and moment - self._told >= _TELL_EVERY:
            self._told = moment
            self._console.print(self._line(moment - self._began), markup=False)

    def _line(self, seconds: float) -> str:
        part = f" ({self._done / self._size:.0%})" if self._size else ""
        lines = self._tally.lines
        return f"{lines} lines{part}, {lines / seconds:.0f} a second: {self._tally}"


def _size(file: BinaryIO) -> int | None:
    found = os.fstat(file.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _batches(file: BinaryIO) -> Iterator[list[Line]]:
    lines = (Line(number, text) for number, text in enumerate(file, 1) if text.strip())
    while batch := list(islice(lines, _BATCH)):
        yield batch
