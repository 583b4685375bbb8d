"""Keys for scripts, and links for staff to sign in with."""

import click

from orderboard import starting
from orderboard.cli.offline import at_hand, demo_home, of_demo
from orderboard.config import Settings
from orderboard.people import keys, staff


def sign_in_link(settings: Settings, email: str) -> str:
    """A link that signs in the owner of this address, once. Needs the app's context."""
    return f"{settings.base_url}/admin/link/{staff.new_sign_in_token(email)}"


@click.group()
def key() -> None:
    """Keys for scripts."""


@key.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(keys.SCOPES),
    help="What the key is good for; may be given several times.",
)
@of_demo
def create_key(name: str, scopes: tuple[str, ...], demo: bool) -> None:
    """Make a key and print it. It cannot be shown again."""
    with at_hand(demo):
        click.echo(keys.create(name, scopes))


@key.command("revoke")
@click.argument("name")
@of_demo
def revoke_key(name: str, demo: bool) -> None:
    """Take all keys of this name out of force."""
    with at_hand(demo):
        if not keys.revoke(name):
            raise click.ClickException(f"There is no key named {name}.")


@click.group()
def admin() -> None:
    """The staff."""


@admin.command("link")
@click.argument("email")
@of_demo
def link(email: str, demo: bool) -> None:
    """Print a link that signs in the owner of EMAIL, once. Adds the owner to the staff."""
    with at_hand(demo) as settings:
        click.echo(sign_in_link(settings, email))
    if starting.runs_on(demo_home(settings.home)) and not starting.runs_on(settings.home):
        click.echo("What runs here is the demo; for a link to that, add --demo.", err=True)
