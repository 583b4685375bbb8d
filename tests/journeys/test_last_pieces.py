"""A shop of two workers sells no piece twice and gives no money back twice, however many ask."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import BoardServer, board_server

Json = dict[str, Any]
CUSTOMERS, PIECES = 50, 10


@pytest.fixture
def server(folder: Path, empty_database_url: str) -> Iterator[BoardServer]:
    """A running shop with two workers."""
    settings = {"DATABASE_URL": empty_database_url, "WEB_CONCURRENCY": "2"}
    with board_server(folder / "home", **settings) as running:
        yield running


@pytest.fixture
def office(server: BoardServer) -> Iterator[httpx.Client]:
    """A client with an admin's key."""
    headers = {"Authorization": f"Bearer {server.key('admin')}"}
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=60) as client:
        yield client


def at_once(
    server: BoardServer, path: str, body: Json, headers: Any = None
) -> list[httpx.Response]:
    """The answers to the same request of many, each on a connection of its own."""

    def ask(_: int) -> httpx.Response:
        return httpx.post(f"{server.base_url}{path}", json=body, headers=headers, timeout=60)

    with ThreadPoolExecutor(CUSTOMERS) as crowd:
        return list(crowd.map(ask, range(CUSTOMERS)))


def test_fifty_customers_of_the_last_ten_pieces(server: BoardServer, office: httpx.Client) -> None:
    tea = {"sku": "tea", "name": "Tea", "price": "4.50", "stock": PIECES}
    assert office.post("/api/products", json=tea).status_code == 201
    wanted = {"customer": "Ada", "items": [{"sku": "tea", "name": "Tea", "quantity": 1}]}
    answers = at_once(server, "/api/orders", wanted)
    assert Counter(answer.status_code for answer in answers) == {
        201: PIECES,
        409: CUSTOMERS - PIECES,
    }
    told = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(problem["sku"], problem["available"]) for problem in told} == {("tea", 0)}
    product = office.get("/api/products/tea").json()
    assert (product["stock"], product["reserved"], product["available"]) == (PIECES, PIECES, 0)
    overview = office.get("/api/overview").json()
    assert (overview["orders"], overview["revenue"]) == (PIECES, "45.00")


def test_fifty_refunds_of_what_was_paid_once(server: BoardServer, office: httpx.Client) -> None:
    line = {"name": "Tea", "quantity": PIECES, "unit_price": "4.50"}
    order = office.post("/api/orders", json={"customer": "Ada", "items": [line]}).json()
    path = f"/api/orders/{order['id']}"
    paid = office.post(f"{path}/payments", json={"method": "card", "amount": "45.00"})
    assert paid.json()["payment"]["status"] == "paid"
    one = {"lines": [{"line": order["items"][0]["id"], "quantity": 1}], "reason": "Broken"}
    answers = at_once(server, f"{path}/refunds", one, office.headers)
    good = [answer for answer in answers if answer.is_success]
    assert len(good) == PIECES
    assert {answer.status_code for answer in answers if not answer.is_success} <= {409, 422}
    after = office.get(path).json()["payment"]
    assert (after["status"], after["paid"], after["refunded"]) == ("refunded", "45.00", "45.00")
    assert office.get("/api/overview").json()["revenue"] == "0.00"
