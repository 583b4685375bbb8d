"""Bodies that say two things, are compressed, or hold more than anything of use."""

import gzip
import json

import httpx
import pytest
from flask.testing import FlaskClient

from tests.edge.support import Watch
from tests.servers import BoardServer
from tests.web.support import problem

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('{"customer": "Ada", "customer": "Bob"}', "customer"),
        ('{"customer": {"name": "Ada", "name": "Ada"}}', "name"),
        ('{"customer": "Ada", "items": [{"name": "x", "quantity": 1, "quantity": 2}]}', "quantity"),
        ('{"customer": "Ada", "a": [[{"b": {"deep": 1, "other": 2, "deep": 3}}]]}', "deep"),
        ('{"customer": "Ada", "custome\\u0072": "Bob"}', "customer"),
        ('{"": 1, "": 2}', ""),
    ],
)
def test_a_key_that_stands_twice_is_named(client: FlaskClient, body: str, key: str) -> None:
    answer = client.post("/api/orders", data=body, headers=JSON)
    found = problem(answer, 400, key)
    assert repr(key) in found["detail"]


def test_the_same_key_in_two_objects_is_no_fault(client: FlaskClient) -> None:
    items = [{"name": "x", "quantity": 1}, {"name": "x", "quantity": 1}]
    answer = client.post("/api/orders", json={"customer": {"name": "Ada"}, "items": items})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "coding", ["gzip", "GZIP", "deflate", "br", "gzip, gzip", "identity, gzip"]
)
def test_compressed_bodies_are_refused(client: FlaskClient, coding: str) -> None:
    body = gzip.compress(b'{"customer": "Ada"}')
    for path in ("/api/orders", "/admin/sign-in"):
        answer = client.post(path, data=body, headers=JSON | {"Content-Encoding": coding})
        problem(answer, 415)


def test_a_bomb_is_refused_before_it_is_read(live: BoardServer) -> None:
    bomb = gzip.compress(b" " * 500_000_000, 1)[:900_000]
    answer = httpx.post(
        f"{live.base_url}/api/orders", content=bomb, headers=JSON | {"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415


def test_who_may_ask_comes_before_how_the_body_is_coded(client: FlaskClient) -> None:
    answer = client.post("/api/drivers", data=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 401


def test_a_body_that_says_it_is_not_compressed_is_taken(client: FlaskClient) -> None:
    body = b'{"customer": "Ada"}'
    answer = client.post("/api/orders", data=body, headers=JSON | {"Content-Encoding": "identity"})
    assert answer.status_code == 201


LARGE = 1_000_000
COSTLY = {
    "empty objects": b'{"customer": "Ada", "items": [' + b"{}," * (LARGE // 3) + b"{}]}",
    "numbers": b'{"customer": "Ada", "items": [' + b"1," * (LARGE // 2) + b"1]}",
    "lists": b'{"customer": [' + b"[]," * (LARGE // 3) + b"1]}",
    "fewer objects": b'{"customer": "Ada", "items": [' + b"{}," * 40_000 + b"{}]}",
    "keys": json.dumps({f"k{n}": n for n in range(60_000)}).encode(),
    "a long number": b'{"customer": "Ada", "tax": 1.' + b"5" * LARGE + b"}",
    "long numbers": b'{"customer": "Ada", "x": [' + b"1.5555555555," * (LARGE // 13) + b"1]}",
    "unknown keys": json.dumps(
        {"customer": "Ada", "items": [{f"k{n}": n for n in range(120)}] * 200}
    ).encode(),
}


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY.keys())
def test_costly_bodies_are_refused_while_others_are_served(
    live: BoardServer, live_keys: dict[str, str], body: bytes
) -> None:
    headers = JSON | {"Authorization": f"Bearer {live_keys['admin']}"}
    with Watch(live) as watch:
        answer = httpx.post(
            f"{live.base_url}/api/orders", content=body, headers=headers, timeout=30
        )
    assert answer.status_code in (400, 413, 422), answer.text[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert max(watch.took) < 1.0


def test_a_stranger_may_send_an_order_and_no_more(client: FlaskClient) -> None:
    line = {"sku": "s" * 100, "name": "n" * 300, "quantity": 1, "unit_price": "1.50"}
    order = json.dumps({"customer": "Ada", "items": [line] * 200})
    assert client.post("/api/orders", data=order, headers=JSON).status_code == 201
    padded = order.encode().ljust(600_000)
    found = problem(client.post("/api/orders", data=padded, headers=JSON), 413)
    assert "524288 bytes" in found["detail"]


def test_of_many_bad_things_the_first_are_named(client: FlaskClient) -> None:
    order = {"customer": "Ada", "items": [{"name": "x", "quantity": 0}] * 200, "tax": "x"}
    named = [f"items.{n}.quantity" for n in range(20)]
    problem(client.post("/api/orders", json=order), 422, "tax", *named)


def test_many_things_may_have_a_larger_body_than_one(
    live: BoardServer, live_keys: dict[str, str]
) -> None:
    headers = JSON | {"Authorization": f"Bearer {live_keys['admin']}"}
    padded = {"customer": "Ada", "note": "x" * 3900}
    many = json.dumps({"orders": [padded] * 600}).encode()
    answer = httpx.post(
        f"{live.base_url}/api/orders/batch", content=many, headers=headers, timeout=60
    )
    assert answer.status_code == 207
    answer = httpx.post(f"{live.base_url}/api/orders", content=many, headers=headers)
    assert answer.status_code == 413


def test_a_form_is_small(client: FlaskClient) -> None:
    problem(client.post("/admin/sign-in", data={"email": "a" * 500_000}), 413)
