"""What the courier does for printers, done here and now."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.printing.spooling import Spooler
from tests.web.support import Json, json_of


class Courier:
    """The consumer and the chore."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.parts = app.extensions["orderboard"]
        self.spooler = Spooler(self.parts.settings)

    def note(self) -> None:
        """Have the consumer look at everything there is."""
        (consumer,) = (one for one in self.parts.consumers if one.name == "printers")
        with self.app.app_context():
            positions.register([consumer.name])
            worker = Worker(consumer)
            while worker.step() is not None:
                pass
            (mine,) = (one for one in positions.listed() if one["name"] == consumer.name)
        assert (mine["failures"], mine["set_aside"], mine["lag"]) == (0, [], 0)

    def work(self, until: Callable[[], bool]) -> None:
        """Go on until this is so, for some seconds at most."""
        self.note()
        end = time.monotonic() + 20
        while not until():
            assert time.monotonic() < end, "it does not come to this"
            self.step()

    def step(self) -> None:
        """Do the next thing, without waiting for the next look."""
        with self.app.app_context():
            self.spooler._look_at = 0.0
            time.sleep(min(self.spooler(), 0.02))


def use_printers(admin: FlaskClient, *printers: Json) -> list[Json]:
    """Set the shop's printers; answers them as the settings have them then."""
    answer = admin.patch("/api/settings", json={"printers": list(printers)})
    assert answer.status_code == 200, answer.text
    found: list[Json] = json_of(answer)["settings"]["printers"]["value"]
    return found


def paper_of(admin: FlaskClient, order: Json) -> tuple[Any, Any]:
    """How often an order was printed, and which printer has not done so."""
    now = json_of(admin.get(f"/api/orders/{order['id']}"))
    times = now["printed"]["times"] if now["printed"] else 0
    return times, now["print_failed"] and now["print_failed"]["name"]
