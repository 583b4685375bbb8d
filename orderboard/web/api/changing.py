"""Changing an order: who may, which version they have seen, and how it is afterwards."""

from collections.abc import Callable
from typing import Any

from flask import Response

from orderboard import clock, settings
from orderboard.errors import ChangedMeanwhile
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.jsontext import dump, load
from orderboard.orders import commands, undoable
from orderboard.orders.commands import Held
from orderboard.orders.snapshot import whole
from orderboard.web.access import Identity, identity
from orderboard.web.answers import answer
from orderboard.web.api.previewing import is_preview, previewed
from orderboard.web.api.repeating import repeatable, repeated
from orderboard.web.api.versions import versions_wanted
from orderboard.web.idempotency import once_alone
from orderboard.web.seeing import order_view

Json = dict[str, Any]
POSITION = (
    "`Orderboard-Position` is the id of the event that it became, `Orderboard-Undo-Until` until"
    " when that can be undone, if it can."
)
Work = Callable[[Transaction, Held, Identity], Json]


def change(
    order_id: str,
    work: Work,
    has_preview: bool = False,
    first: Callable[[Transaction], None] | None = None,
) -> Response:
    """Do work on an order that the caller may see; answers how it is then.

    ``has_preview``: whether one may ask what would come of it. ``first`` is done before the order
    is held.
    """
    who, versions = identity(), versions_wanted()
    if has_preview and is_preview():
        return previewed(lambda tx: order_view(_changed(tx, order_id, versions, work, who), who))
    with log.transaction() as tx:
        if first:
            first(tx)
        order = _changed(tx, order_id, versions, work, who)
    done = answered(order, who)
    if event := tx.event_of(order_id):
        done.headers["Orderboard-Position"] = f"{tx.epoch}-{event.position}"
        within = settings.current().undo_within
        for until in undoable.undoable([event], whole(order), clock.now(), within).values():
            done.headers["Orderboard-Undo-Until"] = clock.rfc3339(until)
    return done


def change_once(
    order_id: str,
    work: Work,
    status: int,
    told: Callable[[Json], Json] = lambda order: order,
    has_preview: bool = False,
) -> Response:
    """The same of work that a repeated request must not do again; ``told`` makes the answer."""
    who, versions = identity(), versions_wanted()
    may_repeat = repeatable(who)

    def seen(tx: Transaction) -> Json:
        return told(order_view(_changed(tx, order_id, versions, work, who), who))

    def done(tx: Transaction) -> str:
        return dump(seen(tx))

    if has_preview and is_preview():
        return previewed(seen)
    text, replayed = once_alone(may_repeat, done)
    return repeated(text, status, replayed, {"ETag": f'"{load(text)["version"]}"'})


def _changed(
    tx: Transaction, order_id: str, versions: frozenset[str] | None, work: Work, who: Identity
) -> Json:
    try:
        held = commands.hold(tx, order_id, versions)
    except ChangedMeanwhile as error:
        by = error.changed_by if who.sees_all else {"kind": error.changed_by["kind"], "name": None}
        raise ChangedMeanwhile(order_view(error.thing, who), by) from None
    order_view(held.before, who)  # not found, where it is somebody else's
    return work(tx, held, who)


def answered(order: Json, who: Identity) -> Response:
    """An order as an answer, with its ETag."""
    return answer(order_view(order, who), headers={"ETag": f'"{order["version"]}"'})
