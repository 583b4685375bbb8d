"""The log as it stands in the database, got at without any of the house's ways to it."""

import json
import secrets

import sqlalchemy as sa

from orderboard import clock
from orderboard.events.event import Event
from orderboard.events.model import EventRow, LogHead

_events = EventRow.__table__


def read(database_url: str) -> list[Event]:
    """Every event, in the order of positions."""
    engine = sa.create_engine(_for_sqlalchemy(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(_events).order_by(_events.c.position))
        return [_event(row) for row in rows]


def begin_epoch(database_url: str) -> None:
    """What is done after an older state of the database was restored."""
    engine = sa.create_engine(_for_sqlalchemy(database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.update(LogHead).values(epoch=secrets.token_hex(4)))


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    columns = row._mapping
    return Event(
        position=columns["position"],
        type=columns["type"],
        at=clock.rfc3339(columns["at"]),
        actor={"kind": columns["actor_kind"], "name": columns["actor_name"]},
        changes=json.loads(columns["changes"]),
        was=json.loads(columns["was"]),
        topics=tuple(columns["topics"].split()),
        order_id=columns["order_id"],
        data=json.loads(columns["data"]) if columns["data"] else None,
    )


def _for_sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
