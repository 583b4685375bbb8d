"""The same request again: Idempotency-Key."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orderboard import clock
from orderboard.database import reading
from orderboard.events import log
from orderboard.web.idempotency import LIFE, IdempotencyKey, remove_old
from tests.web.support import as_driver, as_staff, json_of, new_driver, position, problem, with_key

SECRET = "a-long-and-random-secret"


def placed(
    client: FlaskClient, key: str, customer: str = "Ada", secret: str | None = SECRET
) -> TestResponse:
    """The answer to an order with this Idempotency-Key."""
    headers = {"Idempotency-Key": key} | ({"Idempotency-Secret": secret} if secret else {})
    return client.post("/api/orders", json={"customer": customer}, headers=headers)


def test_a_repeated_request_gets_the_first_answer(app: Flask, client: FlaskClient) -> None:
    first, second = placed(client, "k"), placed(client, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert position(app) == 1


def test_another_body_under_the_same_key_is_refused(app: Flask, client: FlaskClient) -> None:
    placed(client, "k")
    problem(placed(client, "k", "Bo"), 422, "Idempotency-Key")
    assert position(app) == 1


def test_a_refused_request_may_be_mended_under_its_key(app: Flask, client: FlaskClient) -> None:
    problem(placed(client, "k", " "), 422, "customer")
    assert placed(client, "k").status_code == 201
    assert position(app) == 1


def test_the_first_answer_is_given_whatever_became_of_the_order(
    client: FlaskClient, admin: FlaskClient
) -> None:
    first = json_of(placed(client, "k"))
    admin.put(f"/api/orders/{first['id']}/status", json={"status": "processing"})
    assert json_of(placed(client, "k")) == first


def test_a_key_counts_for_its_caller_alone(app: Flask, client: FlaskClient) -> None:
    callers = [
        client,
        with_key(app, "intake", name="one"),
        with_key(app, "intake", name="two"),
        as_staff(app, "ada@example.com"),
        as_staff(app, "bo@example.com"),
        as_driver(app, new_driver(app)),
    ]
    orders = [json_of(placed(caller, "k"))["id"] for caller in callers]
    assert len(set(orders)) == len(callers)


def test_a_key_that_replaced_another_one_answers_as_that_one_did(app: Flask) -> None:
    old, new = with_key(app, "intake", name="shop"), with_key(app, "intake", name="shop")
    assert placed(old, "k").data == placed(new, "k").data


def test_a_key_counts_for_its_route_alone(app: Flask, admin: FlaskClient) -> None:
    headers = {"Idempotency-Key": "k"}
    single = admin.post("/api/orders", json={"customer": "Ada"}, headers=headers)
    body = {"orders": [{"customer": "Ada"}]}
    batch = admin.post("/api/orders/batch", json=body, headers=headers)
    again = admin.post("/api/orders/batch", json=body, headers=headers)
    assert (single.status_code, batch.status_code, again.status_code) == (201, 207, 207)
    assert batch.data == again.data
    assert position(app) == 2


def test_a_strangers_key_counts_only_with_the_same_secret(app: Flask, client: FlaskClient) -> None:
    first, stranger = json_of(placed(client, "1")), app.test_client()
    for secret in (None, SECRET[::-1], SECRET.upper(), f"{SECRET} x"):
        for customer in ("Ada", "Bo"):  # another body is no sign of another's key either
            answer = placed(stranger, "1", customer, secret)
            assert answer.status_code == 201
            assert "Idempotent-Replayed" not in answer.headers
            theirs = json_of(answer)
            assert theirs["id"] != first["id"]
            assert theirs["track_url"] != first["track_url"]
            secret = secret and f"{secret}!"
    assert json_of(placed(client, "1")) == first
    assert position(app) == 9


def test_a_strangers_key_without_a_secret_is_ignored_and_the_answer_says_so(
    app: Flask, client: FlaskClient, intake: FlaskClient
) -> None:
    answers = [placed(client, "1", secret=None) for _ in range(2)]
    assert ["Idempotency-Ignored" in answer.headers for answer in answers] == [True, True]
    assert "Idempotency-Secret" in answers[0].headers["Idempotency-Ignored"]
    assert position(app) == 2
    for good in (placed(client, "1"), placed(client, "1"), placed(intake, "1", secret=None)):
        assert "Idempotency-Ignored" not in good.headers


def test_a_strangers_secret_is_long_and_printable(app: Flask, client: FlaskClient) -> None:
    for secret in ("x", "x" * 21, "x" * 256, "x" * 30 + "\x7f", "é" * 30):
        problem(placed(client, "k", secret=secret), 422, "Idempotency-Secret")
    for secret in ("x" * 22, "x" * 255):
        assert placed(client, "k", secret=secret).status_code == 201
    assert position(app) == 2


def test_a_key_may_have_255_characters(client: FlaskClient) -> None:
    assert placed(client, "k" * 255).status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_short_and_printable(app: Flask, client: FlaskClient) -> None:
    for key in ("", "k" * 256, "k" * 8192, "\x00", "a\tb", "k\x7f", "clé"):
        problem(placed(client, key), 422, "Idempotency-Key")
    assert position(app) == 0


def test_many_who_come_at_once_with_one_key_place_one_order(app: Flask) -> None:
    answers: list[TestResponse] = []
    gate = threading.Barrier(12)

    def ask() -> None:
        gate.wait()
        answers.append(placed(app.test_client(), "k"))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who comes while the first request is still running may be told so instead.
    good = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.data for answer in good}) == 1
    assert len([a for a in good if "Idempotent-Replayed" not in a.headers]) == 1
    assert position(app) == 1


def test_many_who_come_at_once_with_one_external_id_place_one_order(app: Flask) -> None:
    clients = [with_key(app, "intake") for _ in range(8)]
    answers: list[TestResponse] = []
    gate = threading.Barrier(len(clients))

    def ask(client: FlaskClient) -> None:
        gate.wait()
        body = {"customer": "Ada", "external_id": "77"}
        answers.append(client.post("/api/orders", json=body))

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    orders = {json_of(a).get("id") or json_of(a)["order_id"] for a in answers}
    assert len(orders) == 1


def kept(app: Flask) -> list[str]:
    """The keys whose answers are kept."""
    with app.app_context(), reading() as connection:
        return sorted(connection.execute(sa.select(IdempotencyKey.key)).scalars())


def test_a_key_is_forgotten_after_its_life_and_not_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, began = with_key(app, "intake"), clock.now()

    def after(life: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: began + life)

    after(timedelta())
    first = json_of(placed(shop, "old"))
    after(LIFE - timedelta(minutes=1))
    assert json_of(placed(shop, "old")) == first
    placed(shop, "new")
    assert kept(app) == ["new", "old"]
    after(LIFE + timedelta(minutes=1))
    assert json_of(placed(shop, "old"))["id"] != first["id"]  # also before it is removed
    after(2 * LIFE)
    with app.app_context(), log.transaction() as tx:
        assert remove_old(tx, clock.now(), 100) == 1
    assert kept(app) == ["old"]


def test_a_key_that_is_too_old_is_free_for_another_body(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, began = with_key(app, "intake"), clock.now()
    placed(shop, "k")
    problem(placed(shop, "k", "Bo"), 422, "Idempotency-Key")
    monkeypatch.setattr(clock, "now", lambda: began + LIFE + timedelta(minutes=1))
    assert placed(shop, "k", "Bo").status_code == 201
    assert placed(shop, "k", "Bo").headers["Idempotent-Replayed"] == "true"
    problem(placed(shop, "k"), 422, "Idempotency-Key")
