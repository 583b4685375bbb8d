"""``orderboard import``: orders from a file, one JSON object a line."""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeRemainingColumn
from werkzeug.exceptions import BadRequest

from orderboard.cli.offline import at_hand
from orderboard.errors import Conflict, Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import placing
from orderboard.orders.placing import NewOrder
from orderboard.orders.schemas import PlaceOrder, new_order
from orderboard.web.body import parse, shaped

SOURCE = "import"
_ACTOR = Actor("script", SOURCE)
_BATCH = 200
_place_order = PlaceOrder()


class Line(NamedTuple):
    """A line of the file and where it stands."""

    number: int
    text: bytes


@dataclass(slots=True)
class Tally:
    """What became of the lines. ``refused`` has those that were no good, and why."""

    placed: int = 0
    known: int = 0
    refused: int = 0


@click.command("import")
@click.argument("file", type=click.File("rb"))
def import_orders(file: BinaryIO) -> None:
    """Place the orders of FILE: one JSON object a line, an order or one with a member "order".

    Orders with an external_id are placed once, however often the file is imported.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    tally = Tally()
    with at_hand() as settings, _progress(console) as bar:
        task = bar.add_task("", total=_size(file))
        for batch in _batches(file):
            for number, reason in _place(batch, settings.currency, tally):
                console.print(f"line {number}: {reason}", markup=False)
            bar.advance(task, sum(len(line.text) for line in batch))
    click.echo(f"{tally.placed} placed, {tally.known} there already, {tally.refused} refused")
    sys.exit(1 if tally.refused else 0)


def _progress(console: Console) -> Progress:
    columns = (BarColumn(), "{task.percentage:>3.0f} %", TimeRemainingColumn())
    return Progress("Importing", *columns, console=console, disable=not console.is_terminal)


def _size(file: BinaryIO) -> int | None:
    found = os.fstat(file.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _batches(file: BinaryIO) -> Iterator[list[Line]]:
    lines = (Line(number, text) for number, text in enumerate(file, 1) if text.strip())
    while batch := list(islice(lines, _BATCH)):
        yield batch


def _place(batch: list[Line], currency: str, tally: Tally) -> list[tuple[int, str]]:
    """Place a batch in one transaction; answers the numbers of refused lines, and why."""
    refused: list[tuple[int, str]] = []
    known = 0
    with log.transaction() as tx:
        for line in batch:
            try:
                placing.place(tx, _read(line.text, currency), _ACTOR, SOURCE)
            except Conflict:
                known += 1
            except (BadRequest, Invalid) as error:
                refused.append((line.number, getattr(error, "description", str(error))))
    tally.placed += len(batch) - known - len(refused)
    tally.known += known
    tally.refused += len(refused)
    return refused


def _read(text: bytes, currency: str) -> NewOrder:
    data = parse(text)
    if isinstance(data, dict) and "order" in data and "customer" not in data:
        data = data["order"]
    return new_order(shaped(_place_order, data), currency)
