"""Whether it is alive and can work, and its figures."""

import re

import pytest
from flask.testing import FlaskClient

from tests.postgres import Postgres
from tests.servers import Valkey
from tests.web.support import json_of, place, problem, token_of

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+(Inf)?')


def test_it_is_alive_and_ready(client: FlaskClient) -> None:
    assert json_of(client.get("/healthz")) == {"status": "ok"}
    assert json_of(client.get("/readyz")) == {"status": "ok", "database": "ok", "redis": "ok"}


def test_without_redis_it_works_slower(
    client: FlaskClient, admin: FlaskClient, shared_valkey: Valkey
) -> None:
    shared_valkey.kill()
    try:
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert json_of(answer) == {"status": "degraded", "database": "ok", "redis": "away"}
        order = place(client)
        assert json_of(admin.get(f"/api/orders/{order['id']}"))["id"] == order["id"]
    finally:
        shared_valkey.restart()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_database_it_is_alive_but_cannot_work(
    client: FlaskClient, staff: FlaskClient, cluster: Postgres
) -> None:
    order = place(client)
    path = f"/api/orders/{order['id']}"
    cluster.stop()
    try:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert json_of(answer) == {"status": "away", "database": "away", "redis": "ok"}
        assert client.get("/healthz").status_code == 200
        assert client.get("/metrics").status_code == 200
        for away in (
            client.post("/api/orders", json={"customer": "Ada"}),
            client.get(f"/api/track/{token_of(order)}"),
            client.put(f"/api/track/{token_of(order)}/cancel", json={"reason": "x"}),
            staff.get("/api/orders"),
            staff.get("/api/overview"),
            staff.put(f"{path}/status", json={"status": "processing"}),
        ):
            problem(away, 503)
            assert away.headers["Retry-After"]
    finally:
        cluster.start()
    assert json_of(client.get("/readyz"))["status"] == "ok"
    assert json_of(staff.get(path)) == order


def test_figures_are_in_the_format_of_prometheus(client: FlaskClient, staff: FlaskClient) -> None:
    order = place(client)
    client.get(f"/track/{token_of(order)}")
    with staff.get("/api/stream") as stream:
        next(iter(stream.response))
        answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    wrong = [line for line in lines if not line.startswith("#") and not LINE.fullmatch(line)]
    assert wrong == []
    named = {line.partition("{")[0].partition(" ")[0] for line in lines if line[0] != "#"}
    for name in (
        "orderboard_request_seconds_bucket",
        "orderboard_answers_total",
        "orderboard_listeners",
        "orderboard_subscribers",
        "orderboard_stream_head",
        "orderboard_stream_deliveries_total",
    ):
        assert name in named
    assert re.search(
        r'orderboard_answers_total{process="\w+",route="/track/<id:token>",status="200"}',
        answer.text,
    )
    assert token_of(order) not in answer.text
    documented = {line.split()[2] for line in lines if line.startswith("# HELP")}
    assert len(documented) > 20
