"""``orderboard convert``: orders of another shop system as lines for ``orderboard import``."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import click

from orderboard.converting import shopify, woocommerce
from orderboard.converting.reading import Converted, Unconvertible
from orderboard.jsontext import dump
from orderboard.web.body import parse

_SYSTEMS: dict[str, Callable[[Any], Converted]] = {
    "shopify": shopify.convert,
    "woocommerce": woocommerce.convert,
}


@click.command("convert")
@click.argument("system", type=click.Choice(sorted(_SYSTEMS)))
@click.argument("file", type=click.File("rb"))
def convert_orders(system: str, file: BinaryIO) -> None:
    """Convert the orders of SYSTEM in FILE into lines for ``orderboard import``.

    FILE is JSON as the system's API answers it: an order, a list of them, or {"orders": [...]}.
    What an order has and ours has no place for is named on standard error.
    """
    bad = False
    for number, data in enumerate(_orders(file), 1):
        try:
            order, left_out = _SYSTEMS[system](data)
        except Unconvertible as error:
            click.echo(f"order {number}: {error}", err=True)
            bad = True
            continue
        click.echo(dump(order))
        if left_out:
            click.echo(f"order {number} leaves out {', '.join(left_out)}", err=True)
    sys.exit(1 if bad else 0)


def _orders(file: BinaryIO) -> Iterator[Any]:
    data = parse(file.read())
    if isinstance(data, dict) and isinstance(data.get("orders"), list):
        data = data["orders"]
    yield from data if isinstance(data, list) else [data]
