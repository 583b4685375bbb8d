"""Every connection has its turn.

A worker's greenlet that finds the next request of its connection waiting reads on without ever
letting go: a few busy clients then keep all others waiting for a second. So every request first
goes to the end of the queue.
"""

from flask import Flask

from orderboard.turn import give_way


def setup(app: Flask) -> None:
    """Have every request of the app let the others go first."""
    app.before_request(give_way)
