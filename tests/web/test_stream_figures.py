"""The stream's figures: as JSON for staff, and for Prometheus."""

import re
from typing import Any

import httpx
import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.stream.counters import Counters
from orderboard.web.meanings import COUNTERS
from tests.servers import BoardServer, wait_until
from tests.web.support import json_of, place

FIGURES = "/api/stream/figures"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def figures(client: FlaskClient) -> dict[str, Any]:
    return json_of(client.get(FIGURES))


def mine(found: dict[str, Any]) -> dict[str, Any]:
    (process,) = (process for process in found["processes"] if process["this"])
    return dict(process)


def prometheus(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    found = (re.fullmatch(r"(orderboard_\w+){(.*)} (\S+)", line) for line in lines)
    return {f"{match[1]}{_kind(match[2])}": float(match[3]) for match in found if match}


def _kind(labels: str) -> str:
    """The labels but for the name of the process, of which there is only one here."""
    return ",".join(label for label in labels.split(",") if not label.startswith("process="))


@SQLITE
def test_who_listens_and_what_was_delivered_is_told(
    client: FlaskClient, staff: FlaskClient, admin: FlaskClient, reader: FlaskClient
) -> None:
    before = figures(admin)
    assert before["listeners"] == {}
    with staff.get("/api/stream") as board, reader.get("/api/stream") as script:
        pieces = iter(board.response)
        next(pieces)
        next(iter(script.response))
        place(client)
        assert b"order.created" in next(pieces)
        after = figures(staff)
    assert after["listeners"] == {"board": 1, "reader": 1}
    assert after["head"] == before["head"] + 1
    assert mine(after)["counters"]["deliveries"] == mine(before)["counters"]["deliveries"] + 1
    assert mine(after)["counters"]["joined"] == 2


@SQLITE
def test_the_answer_is_as_the_document_says(admin: FlaskClient) -> None:
    document = json_of(admin.get("/api/openapi.json"))
    operation = document["paths"][FIGURES]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    found = figures(admin)
    assert jsonschema_rs.is_valid(schema, found)
    assert operation["x-roles"] == ["admin", "viewer"]
    named = schema["properties"]["processes"]["items"]["properties"]["counters"]["properties"]
    assert all(named[name]["description"] for name in COUNTERS)


@SQLITE
def test_every_figure_is_there_for_prometheus_and_moves(
    client: FlaskClient, staff: FlaskClient
) -> None:
    before = prometheus(client)
    names = {f"orderboard_stream_{name}_total" for name in Counters().figures()}
    gauges = {"orderboard_stream_behind", "orderboard_stream_behind_log"}
    assert names | gauges | {"orderboard_doorbell_connected"} <= before.keys()
    place(client)
    position = figures(staff)["head"]
    epoch = figures(staff)["epoch"]
    wait_until(lambda: figures(staff)["head"] >= position)
    for after in (f"{epoch}-{position - 1}", "another-1"):
        with staff.get(f"/api/stream?after={after}") as stream:
            next(iter(stream.response))
            heard = prometheus(client)
            assert heard['orderboard_listenersaudience="board"'] == 1
    counted = {name: heard[name] - before[name] for name in names}
    assert counted["orderboard_stream_replays_total"] == 1
    assert counted["orderboard_stream_resets_total"] == 1
    assert counted["orderboard_stream_deliveries_total"] == 1
    for still in ("slow_closes", "doorbell_gaps", "doorbell_drops", "revoked"):
        assert counted[f"orderboard_stream_{still}_total"] == 0


@SQLITE
def test_what_a_figure_means_is_told_with_it(client: FlaskClient) -> None:
    text = client.get("/metrics").text
    for name, meaning in COUNTERS.items():
        assert f"# HELP orderboard_stream_{name}_total {meaning}\n" in text


@SQLITE
def test_the_page_is_for_staff_and_says_that_it_needs_javascript(
    app: Flask, staff: FlaskClient, admin: FlaskClient
) -> None:
    page = staff.get("/admin/live")
    assert page.status_code == 200
    assert "<noscript>" in page.text
    assert 'href="/admin"' in page.text
    assert 'href="/admin/live"' in staff.get("/admin").text
    for other in (app.test_client(), admin):
        answer = other.get("/admin/live")
        assert (answer.status_code, answer.location) == (302, "/admin/sign-in?next=/admin/live")


def test_each_worker_tells_of_both(live: BoardServer, live_keys: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {live_keys['admin']}"}

    def ask() -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{live.base_url}{FIGURES}", headers=headers).json()
        return found

    with httpx.stream("GET", f"{live.base_url}/api/stream", headers=headers, timeout=20) as stream:
        pieces = stream.iter_bytes()  # kept: the stream ends with it
        next(pieces)
        answers: list[dict[str, Any]] = []

        def all_agree() -> bool:
            answers[:] = [ask() for _ in range(6)]
            return all((a["listeners"], len(a["processes"])) == ({"board": 1}, 2) for a in answers)

        wait_until(all_agree)
    for answer in answers:
        assert mine(answer)["process"] == answer["process"]
        assert mine(answer)["age"] == 0
