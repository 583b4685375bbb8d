"""Taking in a table of products: what would change, and the change."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from orderboard.catalogue import commands, keeping, queries
from orderboard.catalogue.commands import Change
from orderboard.catalogue.schemas import NewProduct
from orderboard.catalogue.snapshot import snapshot
from orderboard.catalogue.table import Table
from orderboard.database import reading
from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.fields import is_kept
from orderboard.turn import in_turns

Json = dict[str, Any]
MOST_SHOWN = 200
"""Changes and errors that an answer shows one by one."""
_AT_ONCE = 200
"""Products in one transaction: others who write wait no longer than for these."""
_product = NewProduct(partial=("name",))


@dataclass(slots=True)
class Outcome:
    """What a table means to the catalogue, or what it has done to it."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    changes: list[Json] = field(default_factory=list)

    def count(self, change: Change) -> None:
        """Take a change in."""
        if change.was is None:
            self.created += 1
        elif change.was:
            self.updated += 1
        else:
            self.unchanged += 1
        if change.differs and len(self.changes) < MOST_SHOWN:
            self.changes.append(_told(change))


def preview(table: Table, currency: str) -> Outcome:
    """What taking the table in would do. Raises Invalid, which names lines and columns."""
    outcome, errors = Outcome(), dict[str, str]()
    products = _products(table, errors)
    for some in _pieces(products):
        rows = queries.rows_of([given["sku"] for _, given in some])
        missing = _missing(given.get("image") for _, given in some)
        for line, given in some:
            try:
                change = _change(rows.get(given["sku"]), given, currency)
                commands.check_picture(change, missing)
                outcome.count(change)
            except Invalid as error:
                errors |= {f"line {line}.{path}": text for path, text in error.errors.items()}
    if errors:
        raise Invalid(dict(list(errors.items())[:MOST_SHOWN]))
    return outcome


def take_in(table: Table, currency: str, actor: Actor) -> Outcome:
    """Take the table in: all of it, or nothing where something in it is wrong (raises Invalid).

    Others change products meanwhile, in between its pieces. Taking the same table in again does
    what a first time that was broken off has left undone.
    """
    preview(table, currency)
    outcome, frees = Outcome(), False
    for some in _pieces(_products(table, {})):
        with log.transaction() as tx:
            rows = commands.hold_many(tx, [given["sku"] for _, given in some])
            for _, given in some:
                row = rows.get(given["sku"])
                change = _change(row, given, currency)
                outcome.count(change)
                frees = frees or is_kept((change.was or {}).get("image"))
                commands.put(tx, row, given, currency, actor)
    if frees:
        with log.transaction() as tx:  # after all: one product may show what another did
            tx.alone()
            keeping.forget_unshown(tx)
    return outcome


def _change(row: Json | None, given: Json, currency: str) -> Change:
    if row is None and "name" not in given:
        raise Invalid({"name": "is needed for a product that is new"})
    return commands.change(row, given, currency)


def _missing(images: Iterable[str | None]) -> set[str]:
    with reading() as connection:
        return keeping.missing(connection, images)


def _products(table: Table, errors: dict[str, str]) -> list[tuple[int, Json]]:
    """The good rows as the catalogue takes them; of others the errors are noted."""
    found: list[tuple[int, Json]] = []
    first: dict[str, int] = {}
    for line, row in in_turns(table.rows):
        try:
            given = _product.load(_with_options(row))
        except ValidationError as error:
            named = error.messages_dict.items()
            errors |= {f"line {line}.{name}": _first(text) for name, text in named}
            continue
        if (before := first.setdefault(given["sku"], line)) != line:
            errors[f"line {line}.sku"] = f"stands in line {before} already"
            continue
        found.append((line, given))
    return found


def _with_options(row: Json) -> Json:
    if "options" not in row:
        return row
    try:
        return {**row, "options": json.loads(row["options"], parse_float=Decimal)}
    except (ValueError, RecursionError):
        raise ValidationError({"options": ["must be JSON, as the export writes it"]}) from None


def _first(messages: Any) -> str:
    while isinstance(messages, (dict, list)):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return str(messages)


def _pieces(products: Sequence[tuple[int, Json]]) -> Iterator[Sequence[tuple[int, Json]]]:
    for start in in_turns(range(0, len(products), _AT_ONCE)):
        yield products[start : start + _AT_ONCE]


def _told(change: Change) -> Json:
    """A change as an answer shows it: each field before and after."""
    now, was = snapshot(change.row), change.was
    if was is None:
        return {"sku": now["sku"], "name": now["name"], "was": None, "now": {"price": now["price"]}}
    after = {name: now[name] for name in was}
    return {"sku": now["sku"], "name": now["name"], "was": was, "now": after}
