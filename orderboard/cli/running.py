"""Running the board, and readying its database."""

import click
from flask import Flask

from orderboard import schema
from orderboard.cli.access import sign_in_link
from orderboard.cli.offline import at_hand, inside, offline_app, read_settings
from orderboard.config import Settings
from orderboard.events import log
from orderboard.people import staff
from orderboard.supervisor import Supervisor

FIRST_ADMIN = "admin@localhost"
with_parent = click.option(
    "--with-parent", "parent", type=int, hidden=True, help="End when this process has ended."
)


@click.command()
@with_parent
def run(parent: int | None) -> None:
    """Run the board: the web server, and a Redis-compatible server unless REDIS_URL names one."""
    settings = read_settings()
    app = offline_app(settings)
    Supervisor(
        settings,
        prepare=lambda: bring_up_to_date(app),
        ready=lambda: greet(app, settings),
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


def bring_up_to_date(app: Flask) -> None:
    """Run the migrations that are missing."""
    with inside(app):
        schema.migrate()


def greet(app: Flask, settings: Settings) -> None:
    """Say where the board is, and how to sign in while nobody can."""
    lines = {"Board": f"{settings.base_url}/admin", "Order page": f"{settings.base_url}/"}
    with inside(app):
        if not staff.anyone_can_sign_in():
            lines["Sign in"] = f"{sign_in_link(settings, FIRST_ADMIN)}  (works once)"
    click.echo("\norderboard is running.\n")
    for name, text in lines.items():
        click.echo(f"  {name + ':':<12}{text}")
    click.echo("\nCtrl-C stops it.\n")
