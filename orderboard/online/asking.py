"""Asking a provider over HTTP: bounded in time and size, and what an answer means."""

import json
import time
from typing import Any

import structlog
import urllib3

from orderboard.jsontext import dump
from orderboard.online.provider import AlreadyAsked, Refused, Unreachable
from orderboard.online.signed import Fields

Json = dict[str, Any]
logger = structlog.get_logger("orderboard.online")
_TIMES = urllib3.Timeout(connect=5.0, read=15.0)
_LONGEST = 20.0
"""Seconds until an answer has to be there as a whole."""
_LARGEST = 1024 * 1024
_LONGEST_REASON = 300
_AGAIN = frozenset({408, 425, 429})
"""Not now. (409 is what both say while the first request with the same key still runs.)"""
_NOT_US = frozenset({401, 403})
"""The key is not good, or not for this: the shop's matter, which it mends, and not the asked one's.
"""
_FIXED = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    # A kept connection that the other side just hangs up on looks like one that does not answer.
    "Connection": "close",
    "User-Agent": "orderboard",
}


class Asking:
    """The way to a provider's API; ``headers`` say who asks."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._base_url, self._headers = base_url, headers
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMES)

    def get(self, path: str, fields: Json) -> Fields:
        """The answer to a question."""
        return self._ask("GET", path, {}, fields=fields)

    def post_form(self, path: str, fields: Json, headers: dict[str, str] | None = None) -> Fields:
        """The answer to a form."""
        return self._ask("POST", path, headers or {}, fields=fields, encode_multipart=False)

    def post_json(self, path: str, data: Json, headers: dict[str, str] | None = None) -> Fields:
        """The answer to a JSON object."""
        typed = {"Content-Type": "application/json", **(headers or {})}
        return self._ask("POST", path, typed, body=dump(data).encode())

    def _ask(self, method: str, path: str, headers: dict[str, str], **carried: Any) -> Fields:
        until = time.monotonic() + _LONGEST
        try:
            answer = self._pool.request(
                method,
                self._base_url + path,
                headers={**_FIXED, **self._headers, **headers},
                redirect=False,
                preload_content=False,
                **carried,
            )
            try:
                body = _read(answer, until)
            finally:
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(f"does not answer: {type(error).__name__}") from error
        return _meaning(answer.status, body)


def _read(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """The whole body. Raises Unreachable for one that has no end."""
    body = b""
    while piece := answer.read1(65536):
        body += piece
        if len(body) > _LARGEST or time.monotonic() > until:
            raise Unreachable("does not come to an end")
    return body


def _meaning(status: int, body: bytes) -> Fields:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if 200 <= status < 300:
        return Fields(data, "its answer")
    if status == 409:
        raise AlreadyAsked("is being asked the same")
    if status in _NOT_US:
        logger.error("payments_key_refused", status=status, reason=_reason(data))
        raise Unreachable(f"does not take the shop's key: answers {status}")
    if status in _AGAIN or not 400 <= status < 500:
        raise Unreachable(f"answers {status}")
    raise Refused(_reason(data) or f"answers {status}")


def _reason(data: Any) -> str:
    """The text of a provider's error: Stripe's ``message``, Razorpay's ``description``."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        return ""
    said = error.get("message") or error.get("description") or ""
    plain = "".join(sign if sign.isprintable() else " " for sign in str(said))
    return plain[:_LONGEST_REASON]
