"""Requests that may be repeated: the headers that say so, and their answers."""

from flask import Response, request

from orderboard.web.access import Identity
from orderboard.web.api.describe import header
from orderboard.web.body import raw_body
from orderboard.web.idempotency import LONGEST, SHORTEST_SECRET, Repeatable

KEY = header(
    "Idempotency-Key",
    "The same key and body answers the first answer again. A key counts for its caller alone: "
    "without credentials only together with an `Idempotency-Secret`.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]*$"},
)
SECRET = header(
    "Idempotency-Secret",
    "For callers without credentials: long random text of your own, the same for the first try "
    "and all after it. Without it the key is ignored, and `Idempotency-Ignored` says so.",
    {"type": "string", "minLength": SHORTEST_SECRET, "maxLength": LONGEST, "pattern": "^[ -~]*$"},
)
REPEATABLE = (KEY, SECRET)


def repeatable(who: Identity) -> Repeatable | None:
    """What the request's headers and body make of it."""
    key, secret = (request.headers.get(f"Idempotency-{name}") for name in ("Key", "Secret"))
    return Repeatable.of(request.path, who, key, secret, raw_body())


def repeated(text: str, status: int, replayed: bool, headers: dict[str, str]) -> Response:
    """An answer that may have been given before."""
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(text, status, headers, mimetype="application/json")
