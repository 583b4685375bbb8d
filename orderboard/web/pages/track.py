"""The customer's page: one order, whole without JavaScript, live with it."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from orderboard.audiences import KINDS
from orderboard.errors import Conflict, IllegalMove, Invalid, NotFound
from orderboard.orders import queries, schemas, views
from orderboard.web.access import allow
from orderboard.web.body import shaped
from orderboard.web.customer import cancel_by_link

pages = Blueprint("track", __name__)
_cancel = schemas.Cancel()


@pages.get("/track/<id:token>")
@allow("public")
def track_page(token: str) -> Response:
    """The order as its customer sees it."""
    return _page(token)


@pages.get("/track/<id:token>/parts")
@allow("public")
def track_parts(token: str) -> AnyResponse:
    """What of the page follows the order, for a page that has heard of a change.

    ``Orderboard-Position`` is the position it was read at; 304 while nothing differs from what
    ``If-None-Match`` names.
    """
    order, head = queries.get_by_token(token)
    shown = Response(render_template("track/_order.html", order=views.public(order), token=token))
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


def _page(token: str, error: str | None = None, status: int = 200) -> Response:
    try:
        order, head = queries.get_by_token(token)
    except NotFound:
        return Response(render_template("track/gone.html"), 404)
    page = render_template(
        "track/track.html",
        order=views.public(order),
        token=token,
        position=f"{head.epoch}-{head.position}",
        events=KINDS.names("order"),
        error=error,
    )
    return Response(page, status)
