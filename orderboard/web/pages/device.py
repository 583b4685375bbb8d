"""The browsers in which somebody has signed in before: a signed cookie that outlives sessions.

It lets nobody in. It only keeps what others try from counting against this browser.
"""

import secrets
from datetime import timedelta

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from orderboard.web.answers import parts
from orderboard.web.pages.cookie import flags

COOKIE = "orderboard_device"
_LIFE = timedelta(days=400)
_MOST = 8
"""Accounts that one browser is known for; of more, those signed in to last."""


def known(account: str) -> str | None:
    """What this browser is called, if it was signed in to an account before."""
    name, accounts = _read()
    return name if account in accounts else None


def remember(answer: Response, account: str) -> None:
    """Have this browser known for an account from now on."""
    name, accounts = _read()
    kept = [account, *(other for other in accounts if other != account)][:_MOST]
    cookie = _signer().dumps([name, kept])
    life = int(_LIFE.total_seconds())
    answer.set_cookie(COOKIE, cookie, max_age=life, path="/admin", **flags())


def _read() -> tuple[str, list[str]]:
    """The browser's name and accounts; a new name and none for a browser never seen."""
    try:
        name, accounts = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return secrets.token_urlsafe(12), []
    return name, accounts


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(parts().settings.secret_key, salt="orderboard device")
