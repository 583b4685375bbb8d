"""Every error as RFC 9457 problem details, or as a page for somebody with a browser."""

from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, render_template, request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as AnyResponse

from orderboard import errors
from orderboard.edge.refusals import name_of, status_of
from orderboard.jsontext import dump
from orderboard.online.provider import Refused, Unreachable

logger = structlog.get_logger("orderboard.web")

_STATUS: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.OutOfStock: 409,
    errors.IllegalMove: 409,
    errors.ChangedMeanwhile: 412,
    errors.Invalid: 422,
    errors.NotTheirs: 403,
    errors.Busy: 503,
    errors.TooSlow: 503,
    errors.DiskFull: 503,
    errors.ReadOnly: 503,
    Unreachable: 503,
    Refused: 503,
}
"""The trade's errors and their HTTP status."""


class TooMany(errors.OrderboardError):
    """More requests than the limit allows; ``retry_after`` in seconds."""

    def __init__(self, retry_after: int, detail: str = "") -> None:
        super().__init__(detail or "Too many requests. Wait a minute; nothing was changed.")
        self.retry_after = retry_after


_STATUS[TooMany] = 429


def setup(app: Flask) -> None:
    """Answer every error of the app in this way."""
    app.register_error_handler(errors.OrderboardError, _of_the_trade)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(ParseException, _of_a_broken_request)
    app.register_error_handler(sa.exc.OperationalError, _of_the_database)
    app.register_error_handler(sa.exc.InterfaceError, _of_the_database)
    app.register_error_handler(sa.exc.TimeoutError, _of_the_database)
    app.register_error_handler(Exception, _unforeseen)


def problem(status: int, detail: str, **extra: Any) -> Response:
    """The answer that says what went wrong. ``extra`` members join the usual ones."""
    title = HTTP_STATUS_CODES.get(status, "Error")
    if _wants_page():
        page = render_template("errors.html", status=status, title=title, detail=detail)
        return Response(page, status, mimetype="text/html")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    text = dump(body)
    return Response(text, status, mimetype="application/problem+json")


def _wants_page() -> bool:
    if request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics")):
        return request.path == "/api/docs"
    best = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    return best == "text/html"


def _of_the_trade(error: errors.OrderboardError) -> Response:
    status = _STATUS.get(type(error), 400)
    match error:
        case errors.Invalid():
            named = [{"path": path, "message": text} for path, text in error.errors.items()]
            return problem(status, str(error)[:1000], errors=named)
        case errors.IllegalMove():
            return problem(status, str(error), allowed=error.allowed)
        case errors.ChangedMeanwhile():
            as_it_is = {error.name: error.thing, "changed_by": error.changed_by}
            return problem(status, str(error), **as_it_is)
        case errors.Conflict():
            return problem(status, str(error), **error.extra)
        case errors.NotWritable():
            answer = problem(status, str(error), database=error.state)
        case _:
            answer = problem(status, str(error))
    if status in (429, 503):
        answer.headers["Retry-After"] = str(getattr(error, "retry_after", 1))
    return answer


def _of_http(error: HTTPException) -> AnyResponse:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response(request.environ)
    bad = getattr(error, "errors", {})
    named = {"errors": [{"path": path, "message": text} for path, text in bad.items()]}
    answer = problem(error.code, error.description or "", **(named if bad else {}))
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    if error.code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="orderboard"'
    return answer


def _of_a_broken_request(error: ParseException) -> Response:
    """What is wrong with a body, or that it does not come, is found only while it is read."""
    current_app.extensions["orderboard"].edge.count(name_of(error))
    answer = problem(status_of(error), f"The request cannot be read: {error}")
    if answer.status_code == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _of_the_database(error: Exception) -> Response:
    logger.warning("database_away", error=type(error).__name__)
    answer = problem(503, "The database cannot be reached; try again in a moment.")
    answer.headers["Retry-After"] = "1"
    return answer


def _unforeseen(error: Exception) -> Response:
    route = request.url_rule.rule if request.url_rule else None
    logger.error("unforeseen_error", route=route, exc_info=error)
    return problem(500, "Something went wrong here; it has been noted.")
