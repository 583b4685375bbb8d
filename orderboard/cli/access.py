"""Keys for scripts, and links for staff to sign in with."""

import click

from orderboard.cli.offline import at_hand
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
def create_key(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it. It cannot be shown again."""
    with at_hand():
        click.echo(keys.create(name, scopes))


@key.command("revoke")
@click.argument("name")
def revoke_key(name: str) -> None:
    """Take all keys of this name out of force."""
    with at_hand():
        if not keys.revoke(name):
            raise click.ClickException(f"There is no key named {name}.")


@click.group()
def admin() -> None:
    """The staff."""


@admin.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link that signs in the owner of EMAIL, once. Adds the owner to the staff."""
    with at_hand() as settings:
        click.echo(sign_in_link(settings, email))
