"""Every connection has its turn.

A worker's greenlet that finds the next request of its connection waiting reads on without ever
letting go: a few busy clients then keep all others waiting for a second. So every request first
goes to the end of the queue.
"""

import time

from flask import Flask


def setup(app: Flask) -> None:
    """Have every request of the app let the others go first."""
    app.before_request(_let_others_go_first)


def _let_others_go_first() -> None:
    time.sleep(0)  # under gevent: one round of its loop
