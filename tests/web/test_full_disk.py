"""A disk without room, and a database that only lets itself be read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from orderboard import create_app
from orderboard.config import Settings
from orderboard.database import db
from tests.holder import held
from tests.postgres import Postgres
from tests.servers import ROOT, wait_until
from tests.web.support import as_staff, json_of, place, problem

ORDER = {"customer": "Ada", "items": [{"name": "Chai " * 20, "quantity": 1}] * 40}
REFUSE = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
"""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readiness is proved anew whenever it is asked for."""
    monkeypatch.setattr("orderboard.web.readiness.EVERY", 0.0)


def ready(client: FlaskClient) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, json_of(answer)["database"]


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, str]]:
    """What the log says of an event."""
    said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [line for line in said if line["event"] == event]


def refused(staff: FlaskClient, order: dict[str, str], state: str, word: str) -> None:
    """Whatever writes is refused for this reason, whatever reads is answered."""
    path = f"/api/orders/{order['id']}"
    for answer in (
        staff.post("/api/orders", json=ORDER),
        staff.patch(path, json={"note": "x" * 4000}),
        staff.post("/api/orders/batch", json={"orders": [ORDER] * 20}),
    ):
        found = problem(answer, 503)
        assert found["database"] == state
        assert word in found["detail"]
        assert answer.headers["Retry-After"] == "10"
    assert json_of(staff.get(path)) == order
    assert staff.get("/admin").status_code == 200


@contextmanager
def without_room(app: Flask, cluster: Postgres | None) -> Iterator[None]:
    """The database grows no more during the block."""
    with app.app_context():
        engine = db.engine
        name = str(engine.url.database)
    if cluster:
        cluster.execute(REFUSE, name)
        tables = ("orders", "events", "probe", "sessions")
        for table in tables:
            cluster.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION full_disk()",
                name,
            )
        try:
            yield
        finally:
            cluster.execute("DROP FUNCTION full_disk CASCADE", name)
        return

    def bound(connection: sa.Connection) -> None:
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    with engine.connect() as connection:
        pages = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
    sa.event.listen(engine, "begin", bound)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", bound)
        engine.dispose()


@pytest.fixture
def room(request: pytest.FixtureRequest, app: Flask, database_url: str) -> object:
    """The function that takes the room from the app's database."""
    postgresql = database_url.startswith("postgresql")
    cluster = request.getfixturevalue("cluster") if postgresql else None
    return without_room(app, cluster)


def test_a_full_disk_is_called_one_and_comes_back_by_itself(
    staff: FlaskClient,
    room: Iterator[None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    order = place(staff)
    assert ready(staff) == (200, "ok")
    with room:  # type: ignore[attr-defined]
        for _ in range(50):  # until what is free inside of the file is used up
            if staff.post("/api/orders", json=ORDER).status_code != 201:
                break
        refused(staff, order, "full", "full")
        assert ready(staff) == (503, "full")
        assert json_of(staff.get("/readyz"))["status"] == "away"
    (said,) = lines(caplog, "database_takes_nothing")
    assert "The disk of the database is full" in said["detail"]
    assert ready(staff) == (200, "ok")
    assert lines(caplog, "database_takes_again")
    place(staff)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_that_takes_nothing_more_is_called_full(settings: Settings) -> None:
    environ = os.environ | {
        "ORDERBOARD_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.disk"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["before"]["status"] == 200
    for answer in (said["orders"][-1], said["move"]):
        assert (answer["status"], answer["retry"]) == (503, "10")
        assert answer["type"] == "application/problem+json"
        assert answer["body"]["database"] == "full"
    assert {answer["status"] for answer in said["orders"]} <= {201, 503}
    assert said["ready"]["status"] == 503
    assert said["ready"]["body"]["database"] == "full"
    assert said["read"] == [200, 200, 200]
    assert said["ready_again"]["status"] == 200
    assert said["order_again"] == 201
    assert done.stderr.count('"database_takes_nothing"') == 1
    assert '"free_bytes": ' in done.stderr


@pytest.fixture
def only_read(app: Flask, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The same database, opened so that nothing can be written."""
    url = settings.database_url
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        url = f"sqlite:///file:{path}?mode=ro&uri=true"
    else:
        with app.app_context():
            name = db.engine.url.database
        request.getfixturevalue("cluster").execute(
            f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
        )
    again = create_app(replace(settings, database_url=url))
    yield again
    again.extensions["orderboard"].stream.close()
    with again.app_context():
        db.engine.dispose()


def test_a_database_that_can_only_be_read_is_not_ready(
    app: Flask, staff: FlaskClient, only_read: Flask
) -> None:
    order = place(staff)
    token = staff.get_cookie("orderboard_session")
    assert token
    client = only_read.test_client()
    client.set_cookie("orderboard_session", token.value)
    assert ready(client) == (503, "read-only")
    refused(client, order, "read-only", "can be read")
    assert ready(client) == (503, "read-only")


def test_a_database_that_others_keep_is_not_ready_after_a_while(
    app: Flask, client: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.web.readiness.WRITE_DEADLINE", 0.7)
    monkeypatch.setattr("orderboard.web.readiness._PATIENCE", 0.1)
    with held(database_url):
        assert ready(client) == (200, "ok")
        wait_until(lambda: ready(client) == (503, "busy"), 5)
    assert ready(client) == (200, "ok")


def test_writing_is_tried_once_a_second_however_many_ask(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderboard.web.readiness.EVERY", 3600.0)
    staff, tries = as_staff(app), []
    with app.app_context():
        sa.event.listen(db.engine, "commit", lambda _: tries.append(1))
    for _ in range(50):
        assert ready(staff) == (200, "ok")
    assert len(tries) == 1
