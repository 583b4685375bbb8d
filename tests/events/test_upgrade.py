"""A database of the first version is brought up to this one with all that it holds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import create_app
from orderboard.config import Settings
from orderboard.database import db
from orderboard.events import log
from orderboard.schema import upgrade

ORDER = {"id": "ord_1", "number": 1, "driver": None}
OLD = [
    {"position": 1, "type": "order.created", "order_id": "ord_1", "order": ORDER},
    {"position": 2, "type": "order.updated", "order_id": "ord_1", "order": ORDER, "driver": "a"},
    {
        "position": 3,
        "type": "order.updated",
        "order_id": "ord_1",
        "order": ORDER,
        "driver": "b",
        "other": "a",
    },
]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/empty.db"
    else:
        with request.getfixturevalue("cluster").database("template1") as url:
            yield url


@pytest.fixture
def old_app(settings: Settings) -> Iterator[Flask]:
    """An app on a database as the first version left it, with a short history in it."""
    app = create_app(settings)
    with app.app_context():
        upgrade("0001")
        with db.engine.begin() as connection:
            for event in OLD:
                connection.execute(
                    sa.text(
                        "INSERT INTO events (position, type, at, actor_kind, changes, order_id,"
                        ' driver_id, other_driver_id, "order") VALUES (:position, :type,'
                        " '2030-01-01 00:00:00.000000', 'staff', '[\"status\"]', :order_id,"
                        " :driver, :other, :order)"
                    ),
                    {
                        "driver": None,
                        "other": None,
                        **event,
                        "order": json.dumps(event["order"]),
                    },
                )
            connection.execute(sa.text("UPDATE log_head SET position = 3"))
        yield app
        app.extensions["orderboard"].stream.close()
        db.engine.dispose()


def test_events_of_the_first_version_keep_their_positions_and_their_audiences(
    old_app: Flask,
) -> None:
    upgrade()
    events = log.since(0, 10)
    assert [event.position for event in events] == [1, 2, 3]
    assert [event.data for event in events] == [ORDER] * 3
    assert [event.was for event in events] == [{}] * 3
    assert events[2].topics == ("board", "order:ord_1", "driver:b", "driver:a")
    found = {
        topic: [event.position for event in log.since(0, 10, topic)]
        for topic in ("board", "order:ord_1", "driver:a", "driver:b", "driver:c")
    }
    assert found == {
        "board": [1, 2, 3],
        "order:ord_1": [1, 2, 3],
        "driver:a": [2, 3],
        "driver:b": [3],
        "driver:c": [],
    }


def test_an_upgrade_that_is_cut_off_has_changed_nothing_and_can_be_run_again(
    old_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", cut_off)
        with pytest.raises(KeyboardInterrupt):
            upgrade()
    with db.engine.connect() as connection:
        names = {column["name"] for column in sa.inspect(connection).get_columns("events")}
        assert {"order", "driver_id", "other_driver_id"} <= names
        assert not sa.inspect(connection).has_table("event_topics")
    upgrade()
    assert len(log.since(0, 10)) == 3
