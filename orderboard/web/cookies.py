"""Flask itself keeps nothing in cookies: who is signed in stands in the database."""

from flask import Flask
from flask.sessions import SessionInterface
from flask.wrappers import Request


class _NoSessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> None:  # noqa: ARG002
        return None


def setup(app: Flask) -> None:
    """Spare every request the making of a signer that nobody uses."""
    app.session_interface = _NoSessions()
