"""The edge as the rest of the house uses it."""

from typing import Any

from orderboard.edge.bounds import Bounds
from orderboard.edge.handler import ConnectionHandler


class Edge(Bounds):
    """The bounds of this process's connections, and what keeps them."""

    def serve(self, worker: Any) -> None:
        """Take over the connections of a gunicorn worker that has not begun to listen."""
        worker.handle = ConnectionHandler(worker, self).handle
