"""Which of the pictures that the shop keeps there are, and for how long each is kept."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.catalogue.model import Product, ProductPicture
from orderboard.events.log import Transaction
from orderboard.fields import PICTURES, is_kept

_pictures, _products = ProductPicture.__table__, Product.__table__
_shown = sa.select(_products.c.image).where(_products.c.image.is_not(None))
_unshown = sa.delete(_pictures).where(
    (sa.literal(PICTURES, sa.Text) + _pictures.c.digest).not_in(_shown)
)


def missing(connection: Connection, addresses: Iterable[str | None]) -> set[str]:
    """Those of the shop's own addresses at which there is no picture."""
    wanted = {address for address in addresses if address and is_kept(address)}
    if not wanted:
        return set()
    digests = [address.removeprefix(PICTURES) for address in wanted]
    statement = sa.select(_pictures.c.digest).where(_pictures.c.digest.in_(digests))
    return wanted - {PICTURES + digest for (digest,) in connection.execute(statement)}


def forget_unshown(tx: Transaction) -> None:
    """Keep no picture that no product shows any more. Has to be ``tx.alone()``."""
    tx.execute(_unshown)
