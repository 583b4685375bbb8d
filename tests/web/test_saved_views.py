"""Saved views of the board: whose they are, what they may say, and who sees them."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from orderboard.saved_views import commands
from tests.web.support import as_staff, json_of, problem

Json = dict[str, Any]
LATE = "status=pending&status=processing&sort=due&total_from=10"


def save(client: FlaskClient, name: str, query: Any = LATE, **more: Any) -> Json:
    answer = client.post("/api/views", json={"name": name, "query": query, **more})
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def names(client: FlaskClient) -> list[str]:
    return [view["name"] for view in json_of(client.get("/api/views"))["views"]]


def test_a_view_is_ones_own_until_it_is_shared(app: Flask) -> None:
    ada, bo = as_staff(app), as_staff(app, "bo@example.com")
    mine = save(ada, "Late")
    assert mine == {
        "id": mine["id"],
        "name": "Late",
        "query": LATE,
        "shared": False,
        "mine": True,
        "owner": {"kind": "staff", "name": "ada"},
    }
    save(ada, "all gifts", "tag=gift", shared=True)
    assert names(ada) == ["all gifts", "Late"]
    (seen,) = json_of(bo.get("/api/views"))["views"]
    assert (seen["name"], seen["mine"], seen["owner"]["name"]) == ("all gifts", False, "ada")
    problem(bo.delete(f"/api/views/{mine['id']}"), 404)
    assert names(ada) == ["all gifts", "Late"]


def test_whoever_keeps_a_view_deletes_it_and_owners_delete_shared_ones(app: Flask) -> None:
    ada, oz = as_staff(app), as_staff(app, "oz@example.com", "operator")
    shared = save(ada, "Shared", shared=True)
    theirs = save(oz, "Theirs", shared=True)
    problem(oz.delete(f"/api/views/{shared['id']}"), 409)
    assert ada.delete(f"/api/views/{theirs['id']}").status_code == 200
    assert ada.delete(f"/api/views/{shared['id']}").status_code == 200
    problem(ada.delete(f"/api/views/{shared['id']}"), 404)
    assert names(ada) == names(oz) == []


def test_a_query_may_be_an_object_and_is_kept_as_text(admin: FlaskClient) -> None:
    said = {"q": "a&b=c", "status": ["ready", "shipped"], "total_to": 9.5, "view": "board"}
    view = save(admin, "Object", said)
    assert view["query"] == "q=a%26b%3Dc&status=ready&status=shipped&total_to=9.5&view=board"
    assert save(admin, "Text", "?sort=-due")["query"] == "sort=-due"
    assert save(admin, "All", "")["query"] == ""
    assert admin.get(f"/api/orders?{'status=ready&total_to=9.5'}").status_code == 200


def test_nonsense_in_a_view_is_named_and_kept_nowhere(admin: FlaskClient) -> None:
    for query, path in (
        ("nonsense=1", "query.nonsense"),
        ("status=perhaps", "query.status.0"),
        ("due_before=soon", "query.due_before"),
        ("total_from=1.001", "query.total_from"),
        ("limit=5", "query.limit"),
        ("view=cinema", "query.view"),
        ({"payment": ["paid", "x"]}, "query.payment.1"),
        ({"tag": {"a": 1}}, "query.tag"),
        ({"tag": [f"t{n}" for n in range(51)]}, "query.tag"),
        ("tag=" + "x" * 5000, "query"),
        (7, "query"),
    ):
        problem(admin.post("/api/views", json={"name": "V", "query": query}), 422, path)
    problem(admin.post("/api/views", json={"name": " ", "query": ""}), 422, "name")
    assert names(admin) == []


def test_names_are_unique_and_there_is_an_end_to_them(app: Flask, admin: FlaskClient) -> None:
    save(admin, "Late")
    problem(admin.post("/api/views", json={"name": "Late", "query": ""}), 409)
    save(as_staff(app, "bo@example.com"), "Late")
    for n in range(commands.MOST - 1):
        save(admin, f"View {n}")
    problem(admin.post("/api/views", json={"name": "One more", "query": ""}), 409)
