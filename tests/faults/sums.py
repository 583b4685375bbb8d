"""What is kept beside the orders, held against the orders themselves, counted one by one."""

import tempfile
from pathlib import Path

from orderboard import create_app
from orderboard.analytics import rebuilding as analytics_rebuilding
from orderboard.config import Settings
from orderboard.consumers import positions
from orderboard.database import db
from orderboard.events import log
from orderboard.figures import rebuilding
from tests.analytics import reference as analytics
from tests.customers import test_keeping as records
from tests.faults.oracle import Flaw
from tests.figures import reference
from tests.servers import wait_until

CATCHING_UP = 45
"""Seconds within which the courier has taken everything when nothing goes wrong any more."""


def flaws(database_url: str) -> list[Flaw]:
    """Where figures, analytics or records of customers say something else than the orders.

    The courier of the house must run, and nothing else may happen any more.
    """
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as home:
        environ = {"ORDERBOARD_HOME": home, "DATABASE_URL": database_url}
        settings = Settings.from_environment(environ | {"REDIS_URL": f"unix://{Path(home)}/none"})
        app = create_app(settings)
        log.announce_to(app, lambda _epoch, _events: None)
        with app.app_context():
            try:
                return _compare(settings.timezone)
            finally:
                db.engine.dispose()


def _compare(zone: str) -> list[Flaw]:
    wait_until(_caught_up, CATCHING_UP, "a courier that has caught up")
    counted = reference.counted(zone)
    kept = {"figures": (reference.kept(), counted), "records": (records.kept(), records.counted())}
    sums = analytics.counted(zone)
    kept["analytics"] = analytics.kept(zone), sums
    rebuilding.rebuild(zone)
    kept["rebuilt"] = reference.kept(), counted
    analytics_rebuilding.rebuild(zone)
    kept["analytics rebuilt"] = analytics.kept(zone), sums
    aside = [(one["name"], found) for one in positions.listed() for found in one["set_aside"]]
    wrong = [Flaw("sums", name, f"{a} for {b}") for name, (a, b) in kept.items() if a != b]
    return wrong + [Flaw("sums", name, f"set aside: {found}") for name, found in aside]


def _caught_up() -> bool:
    return all(one["lag"] == 0 for one in positions.listed())
