"""The customer's page: one order, whole without JavaScript, live with it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from orderboard.audiences import KINDS
from orderboard.errors import Conflict, IllegalMove, Invalid, NotFound
from orderboard.online.provider import Refused, Unreachable
from orderboard.orders import queries, schemas, views
from orderboard.web import paying
from orderboard.web.access import allow
from orderboard.web.body import shaped
from orderboard.web.customer import cancel_by_link

pages = Blueprint("track", __name__)
Json = dict[str, Any]
_cancel = schemas.Cancel()


@pages.get("/track/<id:token>")
@allow("public")
def track_page(token: str) -> Response:
    """The order as its customer sees it; the address says what became of paying, if anything."""
    return _page(token, paying.WENT_WRONG if request.args.get("payment") == "later" else None)


@pages.get("/track/<id:token>/parts")
@allow("public")
def track_parts(token: str) -> AnyResponse:
    """What of the page follows the order, for a page that has heard of a change.

    ``Orderboard-Position`` is the position it was read at; 304 while nothing differs from what
    ``If-None-Match`` names.
    """
    order, head = queries.get_by_token(token)
    shown = Response(render_template("track/_order.html", **_shown(order, token)))
    shown.headers["Orderboard-Position"] = f"{head.epoch}-{head.position}"
    shown.add_etag()
    return shown.make_conditional(request)


@pages.post("/track/<id:token>/cancel")
@allow("public")
def cancel_by_form(token: str) -> AnyResponse:
    """Cancel, or ask for it, without JavaScript."""
    try:
        given = shaped(_cancel, {"reason": request.form.get("reason", "")})
        cancel_by_link(token, given["reason"])
    except Invalid as error:
        return _page(token, error.errors["reason"], 422)
    except (Conflict, IllegalMove) as error:
        return _page(token, str(error), 409)
    return redirect(f"/track/{token}", 303)


@pages.post("/track/<id:token>/pay")
@allow("public")
def pay_by_form(token: str) -> AnyResponse:
    """Go to the page on which the order is paid."""
    try:
        return redirect(paying.pay_by_link(token)["url"], 303)
    except Conflict as error:
        return _page(token, str(error), 409)
    except (Unreachable, Refused) as error:
        return _page(token, str(error), 503)


def _shown(order: Json, token: str) -> Json:
    """What the parts of the page are made of that follow the order."""
    return {"order": views.public(order), "token": token, "pay": paying.offered(order)}


def _page(token: str, error: str | None = None, status: int = 200) -> Response:
    try:
        order, head = queries.get_by_token(token)
    except NotFound:
        return Response(render_template("track/gone.html"), 404)
    page = render_template(
        "track/track.html",
        **_shown(order, token),
        position=f"{head.epoch}-{head.position}",
        events=KINDS.names("order"),
        error=error,
        paid=request.args.get("payment") == "made",
    )
    return Response(page, status)
