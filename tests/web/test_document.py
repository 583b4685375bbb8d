"""The OpenAPI document says what the API does, and the API does what it says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient

from tests.servers import BoardServer, board_server, wait_until
from tests.web.support import json_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOT_ASKED = 1
"""Operations besides the streams that schemathesis does not choose."""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,negative_data_rejection"
)


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return json_of(client.get("/api/openapi.json"))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def schemas(data: Any) -> Iterator[dict[str, Any]]:
    """Every JSON Schema in a document, the inner ones as part of the outer ones."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "schema":
                yield value
            else:
                yield from schemas(value)
    elif isinstance(data, list):
        for value in data:
            yield from schemas(value)


class TestDocument:
    pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

    def test_it_is_valid(self, document: dict[str, Any]) -> None:
        schemathesis.openapi.from_dict(document).validate()
        named = document["components"]["schemas"]
        for schema in (*schemas(document["paths"]), *named.values()):
            jsonschema_rs.meta.validate({"$schema": DIALECT, **schema})
        for name in re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"')):
            assert name in named

    def test_every_route_of_the_api_is_in_it(self, app: Flask, document: dict[str, Any]) -> None:
        routes = {
            (re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule), method)
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if rule.rule.startswith("/api/")
        }
        assert {(path, method) for path, method, _ in operations(document)} == routes

    def test_every_operation_is_named_described_and_says_who_may(
        self, document: dict[str, Any]
    ) -> None:
        found = list(operations(document))
        assert len({operation["operationId"] for *_, operation in found}) == len(found)
        for path, _, operation in found:
            assert operation["summary"]
            assert operation["x-roles"]
            assert operation["security"]
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path))
            assert [status for status in operation["responses"] if status.startswith("2")]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """A server of this file's own: nonsense may be good, and changes what the shop is."""
    settings = {"ORDERBOARD_PUBLIC_INTAKE": "on"}
    with board_server(tmp_path_factory.mktemp("document") / "home", **settings) as running:
        yield running


@pytest.fixture(scope="module")
def live_keys(live: BoardServer) -> dict[str, str]:
    """Scope → a key of that server."""
    return {scope: live.key(scope) for scope in ("admin", "read")}


@pytest.fixture(scope="module")
def order(live: BoardServer, live_keys: dict[str, str]) -> dict[str, Any]:
    """An order to ask for. There is a product with the sku T-1, too."""
    headers = {"Authorization": f"Bearer {live_keys['admin']}"}
    product = {"sku": "T-1", "name": "Tea"}
    httpx.post(f"{live.base_url}/api/products", json=product, headers=headers).raise_for_status()
    placed = httpx.post(f"{live.base_url}/api/orders", json={"customer": "Ada"})
    found: dict[str, Any] = placed.json()
    return found


@pytest.fixture(scope="module")
def customer(live: BoardServer, live_keys: dict[str, str]) -> str:
    """The id of a customer who may be erased: nothing else here is about them."""
    headers = {"Authorization": f"Bearer {live_keys['admin']}"}
    who = {"name": "Eve", "email": "eve@erase.example"}
    httpx.post(f"{live.base_url}/api/orders", json={"customer": who}).raise_for_status()
    found: list[dict[str, Any]] = []

    def is_known() -> bool:
        answer = httpx.get(f"{live.base_url}/api/customers?q=eve@erase", headers=headers)
        found[:] = answer.json()["customers"]
        return bool(found)

    wait_until(is_known, 20, "the courier keeps a record")
    return str(found[0]["id"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("scope", "phases"), [("admin", "coverage,fuzzing"), ("read", "fuzzing"), (None, "fuzzing")]
)
def test_the_api_does_what_the_document_says(
    live: BoardServer,
    live_keys: dict[str, str],
    order: dict[str, Any],
    customer: str,
    tmp_path: Path,
    scope: str | None,
    phases: str,
) -> None:
    settings = tmp_path / "schemathesis.toml"
    token = order["track_url"].rpartition("/")[2]
    settings.write_text(
        f'[parameters]\n"path.order_id" = "{order["id"]}"\n"path.token" = "{token}"\n'
        # No key: those that ask here would be revoked.
        '"path.sku" = "T-1"\n"path.key_id" = 999999\n'
        f'"path.customer_id" = "{customer}"\n'
    )
    arguments = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"]
    arguments += [f"{live.base_url}/api/openapi.json", "--exclude-path-regex", "/stream$"]
    arguments += ["--checks", CHECKS, "--phases", phases, "--max-examples", "8"]
    arguments += ["--generation-deterministic", "--no-shrink", "--no-color"]
    arguments += ["--continue-on-failure", "--request-timeout", "20"]
    if scope:
        arguments += ["-H", f"Authorization: Bearer {live_keys[scope]}"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    written = list(operations(httpx.get(f"{live.base_url}/api/openapi.json").json()))
    asked = [path for path, *_ in written if not path.endswith("/stream")]
    assert f"Tested: {len(asked) - NOT_ASKED}" in done.stdout


def test_streams_answer_as_the_document_says(
    live: BoardServer, live_keys: dict[str, str], order: dict[str, Any]
) -> None:
    token = order["track_url"].rpartition("/")[2]
    key = {"Authorization": f"Bearer {live_keys['read']}"}
    for path, headers in (("/api/stream", key), (f"/api/track/{token}/stream", {})):
        address = live.base_url + path
        with httpx.stream("GET", address, headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["Cache-Control"] == "no-store"
            assert next(answer.iter_bytes()).startswith(b"retry: ")
        for more in ({"Last-Event-ID": "x"}, {"Last-Event-ID": "é".encode()}):
            refused = httpx.get(address, headers={**headers, **more})  # type: ignore[dict-item]
            assert refused.status_code == 422
            assert refused.headers["Content-Type"] == "application/problem+json"
        looked = httpx.head(address, headers=headers, timeout=5)
        assert (looked.status_code, looked.content) == (200, b"")
    assert httpx.get(f"{live.base_url}/api/stream").status_code == 401
    assert httpx.get(f"{live.base_url}/api/track/none/stream").status_code == 404
