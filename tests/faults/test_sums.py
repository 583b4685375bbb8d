"""The check of the sums can fail: each way in which they may go wrong is planted once."""

from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import clock
from orderboard.config import Settings
from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.customers.keeping import CUSTOMERS
from orderboard.database import db
from orderboard.figures import delta
from tests.analytics.reference import catch_up
from tests.faults import sums
from tests.figures.history import History
from tests.servers import wait_until

_ASIDE = "INSERT INTO consumer_set_aside VALUES ('customers', 3, 'order.created', 'no', :at)"
PLANTED: dict[str, tuple[str, set[str]]] = {
    "nothing": ("SELECT :at", set()),
    "orders too many": ("UPDATE figures SET orders = orders + 1 WHERE :at > ''", {"figures"}),
    "revenue of nobody": ("UPDATE figures SET total = total + 1 WHERE :at > ''", {"figures"}),
    "a product lost": ("DELETE FROM figure_keys WHERE key = 'tea' AND :at > ''", {"figures"}),
    "a wish too many": ("UPDATE figure_counts SET value = value + 1 WHERE :at > ''", {"figures"}),
    "a customer's order lost": (
        "UPDATE customers SET orders = orders - 1 WHERE :at > ''",
        {"records"},
    ),
    "a customer's money lost": (
        "UPDATE customer_sums SET revenue = revenue - 1 WHERE :at > ''",
        {"records"},
    ),
    "an hour with an order too many": (
        "UPDATE analytics_cells SET orders = orders + 1 WHERE grain = 0 AND :at > ''",
        {"analytics"},
    ),
    "an event set aside": (_ASIDE, {"customers"}),
}


@pytest.fixture
def told(app: Flask, settings: Settings) -> str:
    """The address of a database with a history in which all sums are right."""
    with app.app_context():
        positions.register([CUSTOMERS.name])
        History(Random(7)).go_on(60)
        worker = Worker(CUSTOMERS)
        while worker.step() is not None:
            pass
        catch_up()
        wait_until(lambda: all(one["lag"] == 0 for one in positions.listed()), 10)
    return settings.database_url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", PLANTED)
def test_each_wrong_sum_is_found_and_right_ones_are_not(app: Flask, told: str, what: str) -> None:
    statement, names = PLANTED[what]
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text(statement), {"at": str(clock.now())})
    flaws = sums.flaws(told)
    assert {flaw.who for flaw in flaws} == names
    assert {flaw.kind for flaw in flaws} <= {"sums"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_figures_that_would_be_made_anew_wrongly_are_found(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delta, "_day", lambda *_: "2001-02-03")
    assert {flaw.who for flaw in sums.flaws(told)} == {"rebuilt"}
