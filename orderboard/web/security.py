"""Headers that keep a browser safe, and the refusal of what another site makes it send."""

from flask import Flask, current_app, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_CSP_WITH_PICTURES = _CSP.replace("img-src 'self' data:", "img-src 'self' data: https: http:")
"""For pages with products, whose pictures may lie anywhere."""
_WITH_PICTURES = frozenset({"order.order_page", "order.place_order"})
_LEAD_TO_PAYING = frozenset(
    {"order.order_page", "order.other_page", "order.place_order"}
    | {"track.track_page", "track.cancel_by_form", "track.pay_by_form"}
)
"""Pages whose form may lead on to a provider's page, which may be anywhere and lead on itself."""
_FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)"),
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def setup(app: Flask) -> None:
    """Guard every request of the app and mark every answer."""
    app.before_request(_refuse_other_sites)
    app.after_request(mark)


def _refuse_other_sites() -> None:
    """Refuse a change that another site makes a browser ask for.

    A browser says by Sec-Fetch-Site where a request comes from, an old one by Origin at least.
    Who sends neither is no browser; a request with a key carries nothing that a browser adds.
    """
    if request.method in _SAFE or "Authorization" in request.headers:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Forbidden("This request came from another site.")
    elif origin is not None and origin.partition("://")[2] != request.host:
        raise Forbidden("This request came from another site.")


def mark(answer: Response) -> Response:
    """Put on the current request's answer what keeps a browser safe."""
    headers = answer.headers
    headers.extend(_FIXED)
    parts = current_app.extensions["orderboard"]
    csp = _CSP_WITH_PICTURES if request.endpoint in _WITH_PICTURES else _CSP
    if parts.provider and request.endpoint in _LEAD_TO_PAYING:
        own = parts.settings.payments_url
        csp = csp.replace("form-action 'self'", f"form-action 'self' https: {own}".rstrip())
    headers["Content-Security-Policy"] = csp
    secret = request.path.startswith(("/track/", "/admin/link/", "/driver/link/"))
    headers["Referrer-Policy"] = "no-referrer" if secret else "strict-origin-when-cross-origin"
    if request.endpoint != "static":  # those are asked for again, and answered 304
        headers.setdefault("Cache-Control", "no-store")
    if parts.settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer
