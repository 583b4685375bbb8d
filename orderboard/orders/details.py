"""What only some orders have, checked against the rest of the order. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from orderboard.clock import parse_rfc3339
from orderboard.errors import Invalid
from orderboard.orders.lines import Line

Json = dict[str, Any]
_LATE = timedelta(minutes=15)
"""How long an order may be on its way here before the time that it is wanted for has passed."""


def check_details(
    details: Mapping[str, Any], lines: Sequence[Line], now: datetime, is_past: bool = False
) -> None:
    """Raise Invalid, naming the field, for what contradicts itself or the lines.

    ``is_past``: the order was placed elsewhere, so that what was wanted may be over.
    """
    if not details:
        return
    errors: dict[str, str] = {}
    if wanted := details.get("fulfilment"):
        _check_wanted(wanted, now, is_past, errors)
    known = {line.id for line in lines}
    for place, shipment in enumerate(details.get("shipments", ())):
        for at, name in enumerate(shipment.get("lines", ())):
            if name not in known:
                errors[f"shipments.{place}.lines.{at}"] = "is no line of this order"
    if errors:
        raise Invalid(errors)


def _check_wanted(wanted: Json, now: datetime, is_past: bool, errors: dict[str, str]) -> None:
    begin, end = (wanted.get(name) for name in ("from", "until"))
    if begin and end and parse_rfc3339(end) < parse_rfc3339(begin):
        errors["fulfilment.until"] = "is before the beginning"
    last = end or begin
    if last and not is_past and parse_rfc3339(last) < now - _LATE:
        errors["fulfilment.until" if end else "fulfilment.from"] = "has passed"
    if wanted.get("table") and wanted["method"] != "table":
        errors["fulfilment.table"] = "is for what is brought to a table"
