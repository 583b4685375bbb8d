"""The command line: ``orderboard run`` and what one needs beside it."""

import sys

import click

from orderboard.cli.access import admin, key
from orderboard.cli.checking import before_serving, check
from orderboard.cli.compacting import compact
from orderboard.cli.consuming import consumers, courier
from orderboard.cli.converting import convert_orders
from orderboard.cli.demo import demo, demo_traffic
from orderboard.cli.forgetting import forget_customer
from orderboard.cli.importing import import_orders
from orderboard.cli.rebuilding import rebuild
from orderboard.cli.running import migrate, new_epoch, run
from orderboard.errors import ConfigurationError, OrderboardError
from orderboard.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="%(version)s")
def cli() -> None:
    """Orders placed anywhere, on every board at once."""


_OURS = (run, demo, demo_traffic, migrate, rebuild, new_epoch, key, admin, import_orders, check)
for command in (
    *_OURS,
    convert_orders,
    compact,
    consumers,
    courier,
    forget_customer,
    before_serving,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; what went wrong is one line, never a traceback."""
    try:
        cli()
    except ConfigurationError as error:
        _fail(str(error), 2)
    except OrderboardError as error:
        _fail(str(error), 1)


def _fail(text: str, code: int) -> None:
    click.echo(f"orderboard: {text}", err=True)
    sys.exit(code)
