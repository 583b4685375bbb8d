"""Tables for spreadsheets, row by row: CSV, and workbooks of one sheet.

No cell is ever run: what a spreadsheet would take for a formula is text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING

from orderboard.clock import rfc3339

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | Decimal | int | datetime | None
FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]")
"""Wide signs too, which some spreadsheets take for the narrow ones, and behind what is not seen."""
_AT = "yyyy-mm-dd hh:mm:ss"
_LONGEST = 32_767
"""Characters that a workbook's cell may have."""
MOST_ROWS = 1_048_575
"""Rows that a workbook's sheet may have, beside its head."""


def csv_line(cells: Iterable[str]) -> str:
    """A line of CSV, with its end."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def defused(text: str) -> str:
    """A text as a cell of CSV: a mark in front of what a spreadsheet would run."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_rows(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a file. Moments are RFC 3339 in UTC, as they are told elsewhere."""
    yield csv_line(head)
    for row in rows:
        yield csv_line(_text(cell) for cell in row)


def workbook(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> "Workbook":
    """A workbook with these rows, of which memory holds one. Closing it writes the file.

    Moments are in the zone they come in. What is beyond MOST_ROWS is left out.
    """
    # Loaded where it is needed: it takes a tenth of what a process needs to start.
    from xlsxwriter import Workbook

    book = Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    at, bold = book.add_format({"num_format": _AT}), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 16)
    for place, name in enumerate(head):
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(islice(rows, MOST_ROWS), 1):
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, at)
    return book


def _write(sheet: "Worksheet", line: int, place: int, cell: Cell, at: "Format") -> None:
    match cell:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(line, place, cell.replace(tzinfo=None), at)
        case str():
            sheet.write_string(line, place, cell[:_LONGEST])
        case _:
            sheet.write_number(line, place, float(cell))


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return defused(cell)
        case datetime():
            return rfc3339(cell)
    return str(cell)
