"""The catalogue as a table in CSV, as spreadsheets write and read it. Pure: text and rows."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderboard.errors import Invalid
from orderboard.jsontext import dump
from orderboard.spreadsheets import FORMULA, csv_line, defused

Json = dict[str, Any]
COLUMNS = (
    "sku",
    "name",
    "description",
    "category",
    "price",
    "currency",
    "tax_rate",
    "stock",
    "reorder_level",
    "active",
    "image",
    "options",
)
_ALSO = {"unit_price": "price", "title": "name", "id": "sku", "product": "name"}
"""Other names that columns have elsewhere."""
_NOT_ACTIVE = "discontinued"
_YES, _NO = frozenset({"1", "true", "yes", "y", "x"}), frozenset({"0", "false", "no", "n"})
_NUMBERS = frozenset({"price", "tax_rate", "stock", "reorder_level"})
_COMMA = re.compile(r"(\d+),(\d{1,6})")
_SEPARATORS = ",;\t|"
MOST_ROWS = 20_000
_LONGEST_CELL = 20_000


@dataclass(slots=True)
class Table:
    """The rows of a file: (line, product as the API takes it), and the columns that are left out.

    A cell that is empty says nothing: what there is stays.
    """

    rows: list[tuple[int, Json]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read(content: bytes) -> Table:
    """A file's rows. Raises Invalid, which names lines as ``line 7``."""
    text = _text(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    # The reader's own limit is one for the whole process; what is too long is refused below.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _rows(lines, decimal_comma=separator != ",")
    except csv.Error as error:
        raise Invalid({f"line {lines.line_num}": f"is not CSV: {error}"}) from None


def write(products: Iterable[Json]) -> Iterator[str]:
    """The lines of a file with these products; cells that a spreadsheet would run are defused."""
    yield csv_line(COLUMNS)
    for product in products:
        yield csv_line([_cell(product[name]) for name in COLUMNS])


def _text(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if wide else "UTF-8"
        raise Invalid({"file": f"is not {name} at byte {error.start}"}) from None
    if "\0" in text:
        raise Invalid({"file": "is no text"})
    return text


def _rows(lines: Iterator[list[str]], decimal_comma: bool) -> Table:
    names = _names(next(lines, []))
    table = Table(ignored=[name for name in names if name not in (*COLUMNS, _NOT_ACTIVE)])
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) == MOST_ROWS:
            raise Invalid({"file": f"has more than {MOST_ROWS} products"})
        if len(cells) > len(names):
            raise Invalid({f"line {number}": f"has {len(cells)} cells, the first {len(names)}"})
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise Invalid({f"line {number}": "has a cell that is too long"})
        table.rows.append((number, _row(dict(zip(names, cells, strict=False)), decimal_comma)))
    return table


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    names = [_ALSO.get(name, name) if _ALSO.get(name) not in names else name for name in names]
    if "sku" not in names:
        raise Invalid({"file": "has no column sku in its first line"})
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Invalid({"file": f"has the column {twice[0]} twice"})
    return names


def _row(cells: Mapping[str, str], decimal_comma: bool) -> Json:
    row: Json = {}
    for name, cell in cells.items():
        value = _armed(cell.strip())
        if not value or name not in (*COLUMNS, _NOT_ACTIVE):
            continue
        if name in _NUMBERS and decimal_comma and (found := _COMMA.fullmatch(value)):
            value = f"{found[1]}.{found[2]}"
        row[name] = value
    for name, yes in (("active", True), (_NOT_ACTIVE, False)):
        if name in row:
            row["active"] = _flag(row.pop(name), yes)
    return row


def _flag(word: str, yes: bool) -> bool | str:
    if word.casefold() in _YES:
        return yes
    return not yes if word.casefold() in _NO else word  # which the schema then refuses


def _armed(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _cell(value: Any) -> str:
    match value:
        case None | []:
            return ""
        case bool():
            return "1" if value else "0"
        case list():
            return dump(value)
    return defused(str(value))
