"""Any list of orders as a table for spreadsheets, all pages of it."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, stream_with_context

from orderboard import spreadsheets
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.fields import MOST_BAD, Choice
from orderboard.offload import thinking
from orderboard.orders import queries, table
from orderboard.orders.bulk_schemas import BulkExport
from orderboard.orders.wanted import Filter
from orderboard.turn import in_turns
from orderboard.web.access import allow
from orderboard.web.answers import parts
from orderboard.web.api.describe import describe
from orderboard.web.api.listing import ListFilter, filter_and
from orderboard.web.api.shape_words import TEXT
from orderboard.web.body import json_body

Json = dict[str, Any]
Rows = Iterator[list[spreadsheets.Cell]]
api = Blueprint("exporting", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE = 200
_PIECE = 1 << 16


class ExportQuery(ListFilter):
    """Which orders, as in a list, and which kind of file."""

    format = Choice(("csv", "xlsx"))


_query, _some = ExportQuery(), BulkExport()


@api.get("/orders/export")
@allow("read", "viewer")
@describe(
    "Export orders as a table",
    "Orders",
    query=ExportQuery,
    media=f"text/csv, {_XLSX}",
    answers={200: ("A row for each order; a workbook with `format=xlsx`.", TEXT)},
)
def export_orders() -> Response:
    """All orders of a list, sorted as it is, from the newest pages to the oldest.

    Amounts are numbers, moments in the shop's time zone, and nothing is ever run as a formula.
    """
    wanted, given = filter_and(request.query_string, _query, "format")
    return _file(_rows(replace(wanted, limit=_PAGE), _zone()), given.get("format", "csv"))


@api.post("/orders/bulk/export")
@allow("read", "viewer")
@describe(
    "Export up to 500 orders as a table",
    "Orders",
    body=BulkExport,
    media=f"text/csv, {_XLSX}",
    answers={200: ("A row for each order; a workbook with `format` xlsx.", TEXT)},
)
def export_some() -> Response:
    """These orders, newest first. One that is not there is a 422 that names it."""
    given = json_body(_some)
    with reading() as connection:
        numbers = queries.numbers_of(connection, given["ids"])
        missing = [n for n, order_id in enumerate(given["ids"]) if order_id not in numbers]
        if missing:
            raise Invalid({f"ids.{n}": "is no order" for n in missing[:MOST_BAD]})
        orders = queries.of_numbers(connection, numbers.values())
    zone = _zone()
    return _file((table.row_of(order, zone) for order in in_turns(orders)), given.get("format"))


def _zone() -> ZoneInfo:
    return ZoneInfo(parts().settings.timezone)


def _file(rows: Rows, kind: str | None) -> Response:
    kind = kind or "csv"
    headers = {"Content-Disposition": f'attachment; filename="orders.{kind}"'}
    if kind == "csv":
        lines = stream_with_context(spreadsheets.csv_rows(table.HEAD, rows))
        return Response(lines, 200, headers, mimetype="text/csv")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    thinking(spreadsheets.workbook(file, table.HEAD, rows).close)  # it packs all of it
    headers["Content-Length"] = str(file.tell())
    return Response(_pieces(file), 200, headers, mimetype=_XLSX)


def _rows(wanted: Filter, zone: ZoneInfo) -> Rows:
    """Page by page, so that neither a statement nor the memory grows with what is exported."""
    while True:
        page = queries.page(wanted)
        for order in in_turns(page.orders):
            yield table.row_of(order, zone)
        if page.next is None:
            return
        wanted = replace(wanted, after=page.next)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
