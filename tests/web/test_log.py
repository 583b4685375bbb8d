"""The log as JSON: GET /api/events."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import (
    as_driver,
    as_staff,
    json_of,
    moved,
    new_driver,
    place,
    position,
    problem,
    timeline,
)


def read(client: FlaskClient, **query: Any) -> dict[str, Any]:
    """A piece of the log."""
    answer = client.get("/api/events", query_string=query)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def positions(piece: dict[str, Any]) -> list[int]:
    """The positions of the events in a piece of the log."""
    return [event["position"] for event in piece["events"]]


def test_without_after_the_log_is_read_from_its_beginning(app: Flask, admin: FlaskClient) -> None:
    order = moved(admin, place(admin), "on_hold")
    for piece in (read(admin), read(admin, after="")):
        assert positions(piece) == [1, 2]
        assert piece["reset"] is None
        assert piece["next"] == piece["events"][-1]["id"]
        assert [event["type"] for event in piece["events"]] == ["order.created", "order.updated"]
        assert piece["events"][-1]["order"] == order
        assert piece["events"][-1]["changes"] == ["status"]


def test_an_empty_log_has_a_position_to_go_on_from(admin: FlaskClient) -> None:
    piece = read(admin)
    assert piece["events"] == []
    assert piece["next"].endswith("-0")
    assert read(admin, after=piece["next"]) == piece
    place(admin)
    assert positions(read(admin, after=piece["next"])) == [1]


def test_pieces_of_any_size_join_without_a_gap(admin: FlaskClient) -> None:
    admin.post("/api/orders/batch", json={"orders": [{"customer": "A"}] * 25})
    for limit in (1, 7, 25, 1000):
        found: list[int] = []
        after = ""
        while (piece := read(admin, after=after, limit=limit))["events"]:
            assert len(piece["events"]) <= limit
            assert piece["next"] == piece["events"][-1]["id"]
            found += positions(piece)
            after = piece["next"]
        assert found == list(range(1, 26))
        assert piece["next"] == after


def test_a_position_that_cannot_be_gone_on_from_is_a_reset(admin: FlaskClient) -> None:
    place(admin)
    now = read(admin)["next"]
    epoch = now.partition("-")[0]
    for after in (f"{epoch}-2", f"{epoch}-999999999999999999", "other-0", "other-1"):
        piece = read(admin, after=after)
        assert piece["events"] == []
        assert piece["reset"]["reason"]
        assert piece["next"] == now


def test_what_is_no_event_id_is_refused(app: Flask, admin: FlaskClient) -> None:
    for after in (
        "1",
        "-1",
        "a-",
        "A-1",
        "a-1 b",
        "a--1",
        "a-1.0",
        "a-1e3",
        "a-" + "1" * 19,
        "a" * 33 + "-1",
        "é-1",
        "a-１",
        "a-1\x00",
        "x" * 8000,
    ):
        problem(admin.get("/api/events", query_string={"after": after}), 422, "after")
    for limit in ("0", "1001", "-1", "x", "", "1.5", "1e2", "99999999999999999999", "１"):
        problem(admin.get("/api/events", query_string={"limit": limit}), 422, "limit")


def test_a_driver_reads_what_concerns_them_and_reaches_the_head_all_the_same(
    app: Flask, admin: FlaskClient
) -> None:
    bo, cy = new_driver(app, "Bo"), new_driver(app, "Cy")
    mine, other = place(admin, customer="Mine"), place(admin, customer="Other")
    admin.put(f"/api/orders/{mine['id']}/driver", json={"driver": bo})
    admin.put(f"/api/orders/{other['id']}/driver", json={"driver": cy})
    moved(admin, mine, "processing")
    moved(admin, other, "processing")
    admin.put(f"/api/orders/{mine['id']}/driver", json={"driver": cy})
    moved(admin, mine, "shipped")
    driver = as_driver(app, bo)
    piece = read(driver)
    assert positions(piece) == [5, 7, 9]
    assert piece["next"].endswith(f"-{position(app)}")
    assert read(driver, after=piece["next"])["events"] == []
    assert [event["id"] for event in read(driver, limit=2)["events"]] == [
        event["id"] for event in piece["events"][:2]
    ]
    assert read(driver, limit=2)["next"] == piece["events"][1]["id"]
    gone = piece["events"][-1]["order"]
    assert gone == {"id": mine["id"], "number": mine["number"], "version": 4, "driver": None}
    assert positions(read(as_driver(app, cy))) == [6, 8, 9, 10]


def test_a_page_made_for_somebody_else_hears_nothing(app: Flask, staff: FlaskClient) -> None:
    driver = new_driver(app)
    driving = as_driver(app, driver)
    page = staff.get("/admin").text
    who = json.loads(page.partition('id="board-data">')[2].partition("</script>")[0])["who"]
    for path in ("/api/events", "/api/stream"):
        for client, asked, status in [
            (staff, who, 200),
            (staff, "", 200),
            (staff, f"driver:{driver}", 401),
            (as_staff(app), who, 200),
            (as_staff(app, "eve@example.com"), who, 401),
            (driving, f"driver:{driver}", 200),
            (driving, who, 401),
        ]:
            answer = client.get(path, query_string={"who": asked})
            assert answer.status_code == status, (path, asked)
            answer.close()


def test_a_timeline_says_who_did_what_and_when(
    app: Flask, client: FlaskClient, admin: FlaskClient, staff: FlaskClient
) -> None:
    order = place(client, customer="Cy")
    place(admin)
    moved(staff, order, "processing")
    admin.put(f"/api/orders/{order['id']}/tracking", json={"carrier": "DHL"})
    events = timeline(staff, order)
    assert positions({"events": events}) == [1, 3, 4]
    assert [event["actor"] for event in events] == [
        {"kind": "customer", "name": "Cy"},
        {"kind": "staff", "name": "ada"},
        {"kind": "script", "name": "office"},
    ]
    assert [event["changes"] for event in events] == [[], ["status"], ["tracking"]]
    assert [event["at"] for event in events] == [event["order"]["updated_at"] for event in events]
    assert [event["order"]["version"] for event in events] == [1, 2, 3]
    everything = {event["id"]: event for event in read(staff)["events"]}
    # Only a timeline says beside until when something can be taken back.
    assert all(everything[event["id"]].items() <= event.items() for event in events)
    assert all(event.keys() - everything[event["id"]].keys() <= {"undo_until"} for event in events)
    problem(admin.get("/api/orders/ord_none/events"), 404)
