"""Pictures that the shop keeps of its products: given, taken away, shown."""

from typing import Any

import sqlalchemy as sa

from orderboard.catalogue import commands
from orderboard.catalogue.model import ProductPicture
from orderboard.database import reading
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.fields import PICTURES
from orderboard.pictures import Picture

Json = dict[str, Any]
_pictures = ProductPicture.__table__


def set_picture(tx: Transaction, row: Json, picture: Picture | None, actor: Actor) -> Json:
    """Have the product that is held, ``tx.alone()``, show another picture, or none.

    Answers its snapshot. A picture that no product shows any more is not kept.
    """
    now = PICTURES + picture.digest if picture else None
    if picture and not _is_there(tx, picture.digest):
        values = {"digest": picture.digest, "media": picture.media, "content": picture.content}
        tx.execute(sa.insert(_pictures), values)
    return commands.edit(tx, row, {"image": now}, actor)


def picture_of(digest: str) -> Picture | None:
    """The picture of that name, if there still is a product that shows it."""
    with reading() as connection:
        found = connection.execute(sa.select(_pictures).where(_pictures.c.digest == digest)).first()
    return Picture(found.media, found.content) if found else None


def _is_there(tx: Transaction, digest: str) -> bool:
    mine = sa.select(_pictures.c.digest).where(_pictures.c.digest == digest)
    return tx.execute(mine).first() is not None
