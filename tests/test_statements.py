"""Statements handed to the driver itself do what they do by way of SQLAlchemy."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects import sqlite

from orderboard import clock
from orderboard.database import UTCDateTime, reading, writing
from orderboard.errors import Busy
from orderboard.events.model import EventRow, LogHead
from orderboard.statements import Statement

_events, _head = EventRow.__table__, LogHead.__table__
_insert = Statement(sa.insert(_events))
_forward = Statement(
    sa.update(_head)
    .values(position=_head.c.position + sa.bindparam("by", type_=sa.BigInteger))
    .returning(_head.c.epoch, _head.c.position)
)
_position = Statement(sa.select(_head.c.position))
DIALECT = sqlite.dialect()
MOMENT = datetime(2030, 3, 31, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def event(position: int) -> dict[str, object]:
    return {
        "position": position,
        "type": "order.created",
        "at": MOMENT,
        "actor_kind": "staff",
        "actor_name": None,
        "changes": "[]",
        "was": "{}",
        "topics": "board",
        "order_id": "ord_1",
        "undoes": None,
        "data": '{"note":"100 %, \'é\'"}',
    }


def test_what_is_written_is_what_sqlalchemy_reads() -> None:
    with writing() as connection:
        _insert.run(connection, event(1))
        _insert.run_many(connection, [event(2), event(3)])
        _insert.run_many(connection, [])
        connection.commit()
    with reading() as connection:
        rows = connection.execute(sa.select(_events).order_by(_events.c.position)).mappings().all()
    assert [dict(row) for row in rows] == [event(position) for position in (1, 2, 3)]


@pytest.mark.parametrize("hours", [-9.5, 0, 14])
def test_a_moment_of_any_zone_is_kept_as_sqlalchemy_keeps_it(hours: float) -> None:
    moment = MOMENT.astimezone(timezone(timedelta(hours=hours)))
    ours, theirs = UTCDateTime().bind_processor(DIALECT), sqlite.DATETIME().bind_processor(DIALECT)
    assert ours
    assert theirs
    for each in (moment, moment.replace(microsecond=0), moment.replace(year=1970)):
        assert ours(each) == theirs(each.astimezone(UTC))
    assert ours(None) is None


def test_what_is_made_of_nothing_is_made_as_well() -> None:
    kept = sa.table("kept", sa.column("a", sa.JSON), sa.column("b", sa.JSON(none_as_null=True)))
    with writing() as connection:
        connection.execute(sa.text("CREATE TEMPORARY TABLE kept (a JSON, b JSON)"))
        Statement(sa.insert(kept), ["a", "b"]).run_many(
            connection, [{"a": None, "b": None}, {"a": {}, "b": [1]}]
        )
        rows = connection.execute(sa.text("SELECT CAST(a AS TEXT), CAST(b AS TEXT) FROM kept"))
        assert [tuple(row) for row in rows] == [("null", None), ("{}", "[1]")]
        connection.execute(sa.text("DROP TABLE kept"))


def test_rows_are_answered_in_order_and_a_rollback_takes_everything_back() -> None:
    with writing() as connection:
        ((epoch, position),) = _forward.run(connection, {"by": 7})
        assert (epoch, position) == (_of_head(connection), 7)
        connection.rollback()
    with writing() as connection:
        assert _forward.run(connection, {"by": 0})[0][1] == 0


def test_a_read_begins_the_transaction_that_it_is_part_of() -> None:
    with reading(at_one_moment=True) as connection:
        assert _position.run(connection, {})[0][0] == 0
        with writing() as other:
            _forward.run(other, {"by": 1})
            other.commit()
        assert _position.run(connection, {})[0][0] == 0


@pytest.mark.parametrize("positions", [[1], [2, 1]])
def test_what_breaks_a_rule_of_the_table_is_sqlalchemys_error(positions: list[int]) -> None:
    with writing() as connection:
        _insert.run(connection, event(1))
        with pytest.raises(sa.exc.IntegrityError) as raised:
            _insert.run_many(connection, [event(position) for position in positions])
    assert "100 %" not in str(raised.value), "the values stand in the error"


def test_a_database_that_others_keep_is_busy() -> None:
    with writing() as first, reading() as second:
        _forward.run(first, {"by": 1})
        if second.dialect.name == "postgresql":
            second.execute(sa.text("SET LOCAL lock_timeout = 50"))
        with pytest.raises(Busy):
            _forward.run(second, {"by": 1})


def test_moments_are_kept_as_sqlalchemy_keeps_them() -> None:
    with writing() as connection:
        now = clock.now()
        _insert.run(connection, {**event(1), "at": now})
        of_that = sa.select(_events.c.position).where(_events.c.at == now)
        assert connection.execute(of_that).scalar() == 1


def _of_head(connection: sa.Connection) -> str:
    return str(connection.execute(sa.select(_head.c.epoch)).scalar_one())
