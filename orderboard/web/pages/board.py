"""The board that staff keep open."""

from typing import Any

from flask import Blueprint, render_template

from orderboard.audiences import KINDS
from orderboard.money import DIGITS
from orderboard.orders import paying, queries
from orderboard.orders.rules import (
    ACCEPTED,
    IN_PROGRESS,
    LABELS,
    METHODS,
    ON_THE_WAY,
    STATUSES,
    TYPES,
    UNACCEPTED,
)
from orderboard.orders.wanted import Filter
from orderboard.people import drivers, team
from orderboard.settings import current
from orderboard.web import cursors
from orderboard.web.access import allow, identity, signed_in
from orderboard.web.answers import parts
from orderboard.web.overview import overview_now
from orderboard.web.seeing import order_view

Json = dict[str, Any]
pages = Blueprint("board", __name__)
FIRST_PAGE = 100


@pages.get("/admin")
@allow("viewer")
def board() -> str:
    """The board with its first page of orders, and the position to open the stream behind."""
    member, _ = signed_in()
    who, settings = identity(), parts().settings
    shop = current()
    wanted = Filter(limit=FIRST_PAGE)
    page = queries.page(wanted)
    data = {
        "orders": [order_view(order, who) for order in page.orders],
        "next": cursors.behind(wanted.sort, page.next),
        "position": f"{page.head.epoch}-{page.head.position}",
        "who": who.caller,
        "events": KINDS.names("board"),
        "overview": overview_now(),
        "drivers": drivers.everyone(),
        "team": team.names(),
        "statuses": STATUSES,
        "in_progress": IN_PROGRESS,
        "statuses_by": {
            "open": ON_THE_WAY,
            "finished": [status for status in STATUSES if status not in ON_THE_WAY],
            "wall": (*UNACCEPTED, ACCEPTED),
        },
        "types": TYPES,
        "payments": paying.STATUSES,
        "methods": METHODS,
        "accepting": {
            "statuses": UNACCEPTED,
            "accept_within": shop.accept_within,
            "decline_reasons": shop.decline_reasons,
            "printers": [{"id": one.id, "name": one.name} for one in shop.printers],
            "undo_within": shop.undo_within,
        },
        "labels": LABELS,
        "staff": {
            "id": member.id,
            "name": member.name,
            "email": member.email,
            "has_password": member.has_password,
        },
        "shop": {
            "currency": settings.currency,
            "digits": DIGITS[settings.currency],
            "timezone": settings.timezone,
            "public_intake": shop.public_intake,
            "base_url": settings.base_url,
        },
    }
    return render_template("admin/board.html", data=data, staff=member)
