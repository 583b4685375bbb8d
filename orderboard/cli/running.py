"""Running the board, and readying its database."""

import sys
from pathlib import Path

import click
from flask import Flask

from orderboard.cli.access import sign_in_link
from orderboard.cli.offline import at_hand, bring_up_to_date, inside, offline_app, read_settings
from orderboard.config import Settings
from orderboard.events import log
from orderboard.people import staff
from orderboard.supervisor import Supervisor

FIRST_ADMIN = "admin@localhost"
with_parent = click.option(
    "--with-parent", "parent", type=int, hidden=True, help="End when this process has ended."
)
with_link = click.option(
    "--with-link",
    is_flag=True,
    help="Print the first sign-in link also where output is no terminal and may be kept as a log.",
)


@click.command()
@with_link
@with_parent
def run(with_link: bool, parent: int | None) -> None:
    """Run the board: the web server, and a Redis-compatible server unless REDIS_URL names one."""
    settings = read_settings()
    app = offline_app(settings)
    Supervisor(
        settings,
        prepare=lambda: prepare(app, settings),
        ready=lambda: greet(app, settings, with_link),
        parent=parent,
    ).run()


@click.command()
def migrate() -> None:
    """Bring the database up to this version."""
    with at_hand():
        click.echo("The database is up to date.")


@click.command("new-epoch")
def new_epoch() -> None:
    """Make positions of before void; for after an older database was restored."""
    with at_hand():
        click.echo(f"The log's epoch is {log.new_epoch()} now.")


def prepare(app: Flask, settings: Settings) -> None:
    """Ready the database for the servers to come."""
    with inside(app):
        bring_up_to_date(settings)


def greet(app: Flask, settings: Settings, with_link: bool) -> None:
    """Say where the board is, and how to sign in while nobody can.

    A link signs in whoever reads it: into a log it goes only where that is asked for.
    """
    lines = {"Board": f"{settings.base_url}/admin", "Order page": f"{settings.base_url}/"}
    more = f"{_own_name()} admin link {'--demo ' if settings.demo else ''}EMAIL"
    with inside(app):
        if staff.anyone_can_sign_in():
            lines["New links"] = more
        elif with_link or sys.stdout.isatty():
            lines["Sign in"] = f"{sign_in_link(settings, FIRST_ADMIN)}  (works once)"
            lines["New links"] = more
        else:
            lines["Sign in"] = f"get a link with: {more}"
    click.echo("\norderboard is running.\n")
    for name, text in lines.items():
        click.echo(f"  {name + ':':<12}{text}")
    click.echo("\nCtrl-C stops it.\n")


def _own_name() -> str:
    """What to type for this program: it is seldom on the PATH."""
    program = Path(sys.argv[0]).absolute()
    if program.name != "orderboard":
        return "python -m orderboard"
    here = Path.cwd()
    return str(program.relative_to(here) if program.is_relative_to(here) else program)
