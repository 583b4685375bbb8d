"""The cookie of a session."""

from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from orderboard.people.sessions import LIFE
from orderboard.web.access import COOKIE
from orderboard.web.answers import parts


def redirect_with_session(address: str, token: str) -> Response:
    """Send the browser on, with the secret of its new session."""
    answer = redirect(address, 303)
    answer.set_cookie(COOKIE, token, max_age=int(LIFE.total_seconds()), **flags())
    return answer


def redirect_without_session(address: str) -> Response:
    """Send the browser on, and have it forget its session."""
    answer = redirect(address, 303)
    answer.delete_cookie(COOKIE, **flags())
    return answer


def flags() -> dict[str, Any]:
    """What all our cookies have in common: for this site, and for no script."""
    secure = parts().settings.base_url.startswith("https://")
    return {"httponly": True, "samesite": "Lax", "secure": secure}
