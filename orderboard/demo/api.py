"""The smallest client that the demo can do with."""

import json
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any

Json = dict[str, Any]
_TIMEOUT = 10


class Refused(Exception):
    """The board answered, and did not do it."""


class Api:
    """Asks one server. Raises OSError or HTTPException when that does not answer."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def ask(self, method: str, path: str, key: str | None, body: Json | None = None) -> Json:
        """The answer to a request. Raises Refused for one that is no success."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        with closing(HTTPConnection(self._host, self._port, timeout=_TIMEOUT)) as connection:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            text = response.read()
        if response.status >= 500:
            raise HTTPException(f"{response.status} {path}")
        if response.status >= 400:
            raise Refused(f"{response.status} {path} {text[:500]!r}")
        answer: Json = json.loads(text)
        return answer
