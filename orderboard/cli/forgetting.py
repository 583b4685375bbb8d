"""``orderboard forget-customer``: a person's data removed."""

import click

from orderboard import forgetting
from orderboard.cli.offline import at_hand


@click.command("forget-customer")
@click.argument("email")
def forget_customer(email: str) -> None:
    """Remove the customer with this EMAIL from orders, events, search and records.

    What was ordered, what it came to and how it moved stays. The shop may stay open.
    """
    with at_hand() as settings:
        done = forgetting.forget_customer(email, settings.timezone)
    if not (done.orders or done.events or done.answers):
        click.echo("Nobody with this address has ordered.")
        return
    click.echo(
        f"Removed from {done.orders} orders and all of their events, {done.events} events of other"
        f" orders and {done.answers} kept answers."
    )
    if done.orders:
        click.echo(f"The orders are those of “{done.name}” now; their links have changed.")
    click.echo("Servers that run keep the newest events in memory until they are restarted.")
