"""What all pages have of the shop: its name, logo, colours, and who stands behind it."""

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.local import LocalProxy

from orderboard.catalogue import picturing
from orderboard.errors import NotFound
from orderboard.settings import colours, current, queries
from orderboard.web.access import allow

pages = Blueprint("looks", __name__)
_FOR_EVER = "public, max-age=31536000, immutable"
"""For what has another address as soon as it is something else."""


def setup(app: Flask) -> None:
    """Have every page know the shop, what pages import from each other as well."""
    app.jinja_env.globals["shop"] = LocalProxy(current)


@pages.get("/shop/logo")
@allow("public")
def logo() -> Response:
    """The logo. Under the address that pages name it may be kept for ever."""
    digest = current().logo
    found = queries.logo(digest) if digest else None
    if digest is None or found is None:
        raise NotFound("The shop has no logo.")
    answer = Response(found.content, 200, mimetype=found.media)
    answer.set_etag(digest[:32])
    kept = request.args.get("v") == digest[:16]
    answer.headers["Cache-Control"] = _FOR_EVER if kept else "no-cache"
    answer.make_conditional(request)
    return answer


@pages.get("/shop/pictures/<id:digest>")
@allow("public")
def picture(digest: str) -> Response:
    """A product's picture; its address names its bytes, so it may be kept for ever."""
    found = picturing.picture_of(digest)
    if found is None:
        raise NotFound("There is no such picture.")
    answer = Response(found.content, 200, mimetype=found.media)
    answer.set_etag(digest[:32])
    answer.headers["Cache-Control"] = _FOR_EVER
    answer.make_conditional(request)
    return answer


@pages.get("/shop/colours.css")
@allow("public")
def stylesheet() -> Response:
    """The colours that follow from the shop's own; nothing where it has none."""
    accent = current().accent
    answer = Response(colours.stylesheet(accent) if accent else "", 200, mimetype="text/css")
    kept = accent is not None and request.args.get("v") == accent[1:]
    answer.headers["Cache-Control"] = _FOR_EVER if kept else "no-cache"
    return answer


@pages.get("/imprint")
@allow("public")
def imprint() -> str:
    """Who stands behind the shop and how to reach them."""
    if not (current().imprint or current().contact):
        raise NotFound("The shop has written no imprint.")
    return render_template("shop/imprint.html")
