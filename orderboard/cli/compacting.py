"""``orderboard compact``: unused pages of the database given back to the disk."""

from pathlib import Path

import click
import sqlalchemy as sa

from orderboard import starting
from orderboard.cli.offline import read_settings
from orderboard.compacting import Size
from orderboard.compacting import compact as write_anew
from orderboard.errors import StartFailed


@click.command()
def compact() -> None:
    """Give the pages that the SQLite file does not use back to the disk.

    The board has to be stopped. Once is enough: from then on the courier hands pages back itself.
    """
    settings = read_settings()
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        click.echo("PostgreSQL uses free pages again by itself (autovacuum): nothing was done.")
        return
    try:
        with starting.only_one(settings.home):
            after = write_anew(Path(str(url.database)).absolute(), _tell)
    except starting.Held as held:
        raise StartFailed(f"the board runs (process {held.process}): stop it first") from None
    click.echo(f"{after.whole >> 20:,} MB now.")


def _tell(size: Size) -> None:
    unused = size.whole - size.used
    click.echo(f"{size.whole >> 20:,} MB, of which {unused >> 20:,} MB are not used …")
