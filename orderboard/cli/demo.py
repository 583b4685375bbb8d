"""``orderboard demo``: the board with a shop that does not exist, hard at work."""

import sys
from random import Random

import click
from flask import Flask

from orderboard import starting
from orderboard.cli.offline import (
    bring_up_to_date,
    inside,
    keep_to_demo,
    offline_app,
    read_settings,
)
from orderboard.cli.running import greet, with_link, with_parent
from orderboard.config import Settings
from orderboard.demo import past
from orderboard.demo.api import Api
from orderboard.demo.present import Day, Present
from orderboard.events import log
from orderboard.people import keys
from orderboard.supervisor import Supervisor

_KEYS = {
    "shop": ("Web shop", "intake"),
    "warehouse": ("Warehouse", "admin"),
    "dispatch": ("Dispatch", "admin"),
}
pace_option = click.option(
    "--pace",
    type=click.FloatRange(0.1, 6000),
    default=20.0,
    show_default=True,
    help="New orders a minute.",
)


@click.command()
@pace_option
@with_link
@with_parent
def demo(pace: float, with_link: bool, parent: int | None) -> None:
    """Run the board with sample orders that keep moving, on a data folder of its own."""
    keep_to_demo()
    settings = read_settings()
    app = offline_app(settings)
    traffic = [sys.executable, "-m", "orderboard", "demo-traffic", "--pace", str(pace)]
    Supervisor(
        settings,
        prepare=lambda: invent_past(app, settings),
        ready=lambda: greet(app, settings, with_link),
        parent=parent,
        companion=traffic,
    ).run()


@click.command("demo-traffic", hidden=True)
@pace_option
def demo_traffic(pace: float) -> None:
    """Do the daily work of the demo's shop on a board that runs."""
    settings = read_settings()
    with inside(offline_app(settings)):
        made = {role: _new_key(*about) for role, about in _KEYS.items()}
    api = Api(starting.reachable(settings.host), settings.port)
    Day(Present(api, made), _dice(), pace).work()


def invent_past(app: Flask, settings: Settings) -> None:
    """Ready the database, and fill one in which nothing has happened yet."""
    with inside(app):
        bring_up_to_date(settings)
        if log.head().position == 0:
            past.invent(_dice())


def _new_key(name: str, scope: str) -> str:
    keys.revoke(name)
    return keys.create(name, [scope])


def _dice() -> Random:
    return Random()  # noqa: S311 - no secret hangs on it
