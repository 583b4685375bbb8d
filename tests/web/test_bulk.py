"""What is done to many orders at once: drivers and tags."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import Json, json_of, place, position, problem


def results(client: FlaskClient, what: str, **body: object) -> list[Json]:
    """A result for each."""
    answer = client.post(f"/api/orders/bulk/{what}", json=body)
    assert answer.status_code == 207, answer.text
    return list(json_of(answer)["results"])


def test_many_orders_are_given_to_a_driver_and_taken_away(app: Flask, admin: FlaskClient) -> None:
    bo = json_of(admin.post("/api/drivers", json={"name": "Bo"}))["id"]
    ids = [place(admin)["id"], "ord_none", place(admin)["id"]]
    before = position(app)
    done = results(admin, "driver", ids=ids, driver=bo)
    assert [(one["id"], one["status"]) for one in done] == list(
        zip(ids, (200, 404, 200), strict=True)
    )
    assert [done[n]["order"]["driver"]["name"] for n in (0, 2)] == ["Bo", "Bo"]
    assert position(app) == before + 2
    assert results(admin, "driver", ids=ids[:1], driver=None)[0]["order"]["driver"] is None


def test_a_driver_whom_nobody_knows_gets_no_order(app: Flask, admin: FlaskClient) -> None:
    ids, before = [place(admin)["id"]], position(app)
    (one,) = results(admin, "driver", ids=ids, driver="drv_none")
    assert (one["status"], one["problem"]["errors"][0]["path"]) == (422, "driver")
    assert position(app) == before


def test_tags_are_added_and_taken_off_and_set(app: Flask, admin: FlaskClient) -> None:
    ids = [place(admin, tags=["new", "vip"])["id"], place(admin)["id"]]
    done = results(admin, "tags", ids=ids, add=["late", "vip"], remove=["new"])
    assert [one["order"]["tags"] for one in done] == [["vip", "late"], ["late", "vip"]]
    before = position(app)
    results(admin, "tags", ids=ids, add=["late"], remove=["never"])
    assert position(app) == before  # nothing differs
    done = results(admin, "tags", ids=ids, tags=["only", "vip"], remove=["vip"], add=["more"])
    assert [one["order"]["tags"] for one in done] == [["only", "more"]] * 2


def test_an_order_that_would_have_too_many_tags_keeps_its_own(admin: FlaskClient) -> None:
    full = [f"tag {n}" for n in range(20)]
    ids = [place(admin, tags=full)["id"], place(admin)["id"]]
    done = results(admin, "tags", ids=ids, add=["one more"])
    assert [one["status"] for one in done] == [422, 200]
    assert json_of(admin.get(f"/api/orders/{ids[0]}"))["tags"] == full


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("what", "body", "path"),
    [
        ("tags", {}, "add"),
        ("tags", {"add": ["x" * 51]}, "add.0"),
        ("tags", {"add": "late"}, "add"),
        ("driver", {}, "driver"),
        ("driver", {"driver": 7}, "driver"),
        ("driver", {"driver": None, "ids": []}, "ids"),
        ("driver", {"driver": None, "ids": ["x"] * 501}, "ids"),
        ("driver", {"driver": None, "ids": [7]}, "ids.0"),
    ],
)
def test_nonsense_for_many_changes_nothing(
    app: Flask, admin: FlaskClient, what: str, body: Json, path: str
) -> None:
    sent = {"ids": [place(admin)["id"]], **body}
    before = position(app)
    problem(admin.post(f"/api/orders/bulk/{what}", json=sent), 422, path)
    assert position(app) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_some_orders_are_exported_and_one_that_is_not_there_is_named(
    app: Flask, admin: FlaskClient
) -> None:
    placed = [place(admin, customer=name) for name in ("Ada", "=1+1", "Cy")]
    ids = [placed[0]["id"], placed[1]["id"]]
    answer = admin.post("/api/orders/bulk/export", json={"ids": ids})
    assert answer.mimetype == "text/csv"
    head, *rows = (line.split(",") for line in answer.text.splitlines())
    assert [row[head.index("customer")] for row in rows] == ["'=1+1", "Ada"]
    book = admin.post("/api/orders/bulk/export", json={"ids": ids, "format": "xlsx"})
    assert book.data.startswith(b"PK")
    problem(admin.post("/api/orders/bulk/export", json={"ids": [*ids, "ord_no"]}), 422, "ids.2")
