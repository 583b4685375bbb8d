"""``orderboard rebuild``: what is kept beside the orders made anew from them."""

import click

from orderboard.analytics import rebuilding as analytics
from orderboard.cli.offline import at_hand
from orderboard.figures import rebuilding
from orderboard.orders import indexing


@click.group()
def rebuild() -> None:
    """Make anew what is kept beside the orders. The shop may stay open."""


@rebuild.command("figures")
def rebuild_figures() -> None:
    """Make the counts and sums over all orders anew."""
    with at_hand() as settings:
        rebuilding.rebuild(settings.timezone, _tell)
    click.echo("The figures have been made anew.")


@rebuild.command("analytics")
def rebuild_analytics() -> None:
    """Make the sums by hour, day and month anew."""
    with at_hand() as settings:
        analytics.rebuild(settings.timezone, _tell)
    click.echo("The analytics have been made anew.")


@rebuild.command("search")
def rebuild_search() -> None:
    """Make the index of the search over all orders anew."""
    with at_hand():
        indexing.rebuild(_tell)
    click.echo("The search has been made anew.")


def _tell(orders: int) -> None:
    if orders % 50_000 == 0:
        click.echo(f"{orders} orders done", err=True)
