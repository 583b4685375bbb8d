"""``orderboard courier`` and ``orderboard consumers``: what works through the log, and how far."""

import signal
from typing import Any

import click
from flask import current_app

from orderboard import courier as courier_
from orderboard import schema
from orderboard.cli.offline import at_hand, inside, offline_app, read_settings
from orderboard.consumers import lease, positions
from orderboard.courier import Wakeup
from orderboard.errors import StartFailed

Json = dict[str, Any]


@click.command()
def courier() -> None:
    """Work through the log for all consumers, for as long as no other courier does."""
    settings = read_settings()
    wakeup = Wakeup(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: wakeup.stop())
    with inside(offline_app(settings)):
        if not schema.check():
            raise StartFailed("the database is not up to date: orderboard migrate")
        courier_.work(wakeup)


@click.group(invoke_without_command=True)
@click.pass_context
def consumers(context: click.Context) -> None:
    """List what works through the log, how far each is behind, and what was set aside."""
    if context.invoked_subcommand:
        return
    with at_hand():
        positions.register(
            consumer.name for consumer in current_app.extensions["orderboard"].consumers
        )
        holder, found = lease.holder(lease.COURIER), positions.listed()
    click.echo(f"courier: {holder or 'none is running'}")
    for one in found:
        _show(one)


@consumers.command()
@click.argument("name")
def pause(name: str) -> None:
    """Have NAME stand still after the batch it is at."""
    with at_hand():
        positions.pause(name, is_paused=True)
    click.echo(f"{name} stands still.")


@consumers.command()
@click.argument("name")
def resume(name: str) -> None:
    """Have NAME go on where it stands."""
    with at_hand():
        positions.pause(name, is_paused=False)
    click.echo(f"{name} goes on.")


@consumers.command()
@click.argument("name")
@click.argument("position", type=int)
def rewind(name: str, position: int) -> None:
    """Have NAME go on behind POSITION: 0 means from the beginning of the log."""
    with at_hand():
        known = current_app.extensions["orderboard"].consumers
        needs_data = any(one.needs_data for one in known if one.name == name)
        positions.rewind(name, position, needs_data)
    click.echo(f"{name} goes on behind {position}.")


def _show(one: Json) -> None:
    line = f"{one['name']}: {one['state']} at {one['position']}, {one['lag']} behind"
    if one["failures"]:
        line += f", {one['failures']} tries of the next event failed ({one['error']})"
    click.echo(line)
    for aside in one["set_aside"]:
        click.echo(f"  set aside: {aside['position']} {aside['type']} ({aside['error']})")
