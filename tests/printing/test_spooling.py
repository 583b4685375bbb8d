"""Orders come out of printers by themselves, once, and boards show what does not."""

from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import clock
from orderboard.config import Settings
from orderboard.consumers import positions, running
from orderboard.errors import Busy, ConfigurationError
from orderboard.events import log
from orderboard.orders import printing
from orderboard.printer_addresses import printer_address
from orderboard.printing import delivering, jobs, spooling
from orderboard.settings.values import fixed, shop
from tests.printing.standin import nobody, printer
from tests.printing.support import Courier, paper_of, use_printers
from tests.web.support import json_of, moved, place, problem, timeline

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ITEM = {"name": "Chai", "quantity": 2, "options": [{"name": "Milk", "value": "oat"}]}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STALL", "CLOSE", "ANSWER"):
        monkeypatch.setattr(delivering, name, 0.3)
    monkeypatch.setattr(spooling, "_LONGEST_PAUSE", 0.05)


def test_a_new_order_is_printed_once_by_itself(
    app: Flask, admin: FlaskClient, courier: Courier
) -> None:
    before = place(admin)
    with printer() as kitchen:
        courier.note()
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        order = place(admin, items=[ITEM])
        courier.work(lambda: paper_of(admin, order) == (1, None))
        (ticket,) = kitchen.tickets
        assert f"#{order['number']}\n".encode() in ticket
        assert b"2 x Chai" in ticket
        assert b"  Milk: oat\n" in ticket
        assert ticket.endswith(b"\x1dVB\x00")
        assert paper_of(admin, before) == (0, None)
        event = timeline(admin, order)[-1]
        assert (event["type"], event["actor"]) == (
            "order.printed",
            {"kind": "system", "name": "Kitchen"},
        )
        with app.app_context():
            positions.rewind("printers", 0, needs_data=True)
        moved(admin, order, "processing")
        last = place(admin)  # comes out behind all that the consumer notes again
        courier.work(lambda: paper_of(admin, last) == (1, None))
        assert paper_of(admin, before) == (1, None)  # that is what was asked for
        assert paper_of(admin, order) == (1, None)
        assert len(kitchen.tickets) == 3


@SQLITE
def test_each_printer_prints_what_it_is_for(admin: FlaskClient, courier: Courier) -> None:
    with printer() as kitchen, printer() as bar:
        use_printers(
            admin,
            {"name": "Kitchen", "address": kitchen.address, "when": "accepted"},
            {
                "name": "Bar",
                "address": bar.address,
                "types": ["purchase", "sample"],
                "methods": ["pickup"],
            },
        )
        pickup = place(admin, fulfilment={"method": "pickup"})
        bulk = place(admin, type="bulk", fulfilment={"method": "pickup"})
        sent = place(admin, address="12 Orchard Row")
        courier.work(lambda: paper_of(admin, pickup) == (1, None))
        assert kitchen.tickets == []
        admin.put(f"/api/orders/{pickup['id']}/acceptance", json={})
        moved(admin, sent, "on_hold", "processing")
        moved(admin, bulk, "declined")
        courier.work(lambda: len(kitchen.tickets) == 2)
        assert len(bar.tickets) == 1
        assert paper_of(admin, pickup)[0] == 2
        assert not any(b"COPY" in ticket for ticket in kitchen.tickets)


@SQLITE
def test_a_printer_that_is_off_holds_nobody_up_and_is_told_of(
    admin: FlaskClient, courier: Courier
) -> None:
    where = nobody()
    with printer() as bar:
        use_printers(
            admin, {"name": "Kitchen", "address": where}, {"name": "Bar", "address": bar.address}
        )
        orders = [place(admin, items=[ITEM]) for _ in range(3)]
        courier.work(lambda: all(paper_of(admin, one) == (1, "Kitchen") for one in orders))
    (failed,) = (one for one in timeline(admin, orders[0]) if one["type"] == "order.print_failed")
    assert "takes no connection" in failed["prints"]["print_failed"]["reason"]
    with printer(port=int(where.rpartition(":")[2])) as kitchen:  # somebody switches it on
        courier.work(lambda: all(paper_of(admin, one) == (2, None) for one in orders))
        numbers = [ticket.partition(b"#")[2].split(b"\n")[0] for ticket in kitchen.tickets]
        assert numbers == [str(one["number"]).encode() for one in orders]


@SQLITE
@pytest.mark.parametrize("manner", ["hangs", "closes"])
def test_what_may_be_printed_is_sent_twice_at_most_and_says_so(
    manner: str, admin: FlaskClient, courier: Courier
) -> None:
    with printer(manner) as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        order = place(admin, items=[ITEM])
        courier.work(lambda: kitchen.connections == 2)
        courier.work(lambda: "It may have printed it" in str(reason_of(admin, order["id"])))
        for _ in range(20):
            courier.step()
        assert kitchen.connections == 2
        kitchen.manner = "reads"
        body = {"printer": "printer_1"}
        answer = admin.post(f"/api/orders/{order['id']}/prints", json=body)
        assert answer.status_code == 202
        courier.work(lambda: paper_of(admin, order) == (1, None))


def reason_of(admin: FlaskClient, order_id: str) -> str | None:
    failed = json_of(admin.get(f"/api/orders/{order_id}"))["print_failed"]
    return failed and str(failed["reason"])


@SQLITE
def test_a_courier_that_died_while_printing_is_followed_by_one_that_says_so(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "_TAKEN", spooling.timedelta(0))
    with printer() as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        order = place(admin, items=[ITEM])
        courier.note()
        courier.step()  # takes it, and is never asked again
        second = Courier(courier.app)
        second.work(lambda: len(kitchen.tickets) == 2)
        second.work(lambda: paper_of(admin, order) == (1, None))
        assert [b"REPEATED" in ticket for ticket in sorted(kitchen.tickets, key=len)] == [
            False,
            True,
        ]


@SQLITE
def test_what_two_couriers_died_over_is_left_to_people(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "_TAKEN", spooling.timedelta(0))
    with printer("hangs") as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        order = place(admin, items=[ITEM])
        courier.note()
        courier.step()
        Courier(courier.app).step()
        third = Courier(courier.app)
        third.work(lambda: reason_of(admin, order["id"]) is not None)
        assert reason_of(admin, order["id"]) == "may have printed it: look whether it did"
        assert kitchen.connections <= 2


@SQLITE
@pytest.mark.parametrize("error", [Busy("away"), ValueError("a fault of this order")])
def test_what_was_printed_is_not_printed_again_where_noting_that_fails(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(spooling, "_TAKEN", spooling.timedelta(0))
    failures, mark = [error], printing.mark_printed

    def fail_once(*given: Any) -> Any:
        if failures:
            raise failures.pop()
        return mark(*given)

    monkeypatch.setattr(printing, "mark_printed", fail_once)
    with printer() as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        place(admin)
        with suppress(Busy):
            courier.work(lambda: not failures)
        last = place(admin)
        courier.work(lambda: paper_of(admin, last) == (1, None))
        assert len(kitchen.tickets) == 2


@SQLITE
def test_an_order_that_cannot_be_put_on_paper_holds_up_no_other(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = spooling.ticket

    def fail(order: Any, *more: Any) -> Any:
        if order["id"] == broken["id"]:
            raise ValueError("a fault of this order")
        return draw(order, *more)

    monkeypatch.setattr(spooling, "ticket", fail)
    with printer() as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        broken, good = place(admin), place(admin)
        courier.work(lambda: paper_of(admin, good) == (1, None))
        assert paper_of(admin, broken) == (0, "Kitchen")


@SQLITE
def test_a_result_that_comes_after_another_courier_took_the_job_is_not_noted(
    app: Flask, admin: FlaskClient
) -> None:
    order = place(admin)
    with app.app_context(), log.transaction() as tx:
        job = jobs.ask(tx, order["id"], "printer_1")
        first = jobs.take(tx, job, clock.now())
        assert first
        assert jobs.take(tx, job, clock.now()) is None
        second = jobs.take(tx, first, clock.now())
        assert second
        assert not jobs.settle(tx, first, status="waiting")
        assert jobs.settle(tx, second, status="printed")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_who_ask_at_once_get_one_ticket(app: Flask, admin: FlaskClient) -> None:
    order, ids = place(admin), list[str]()

    def ask() -> None:
        with app.app_context(), log.transaction() as tx:
            ids.append(jobs.ask(tx, order["id"], "printer_1")["id"])

    second = Thread(target=ask)
    with app.app_context(), log.transaction() as tx:
        ids.append(jobs.ask(tx, order["id"], "printer_1")["id"])
        second.start()
        second.join(1.0)
    second.join(20.0)
    assert len(ids) == 2
    assert len(set(ids)) == 1


@SQLITE
def test_an_order_that_is_called_off_before_it_is_printed_is_not(
    admin: FlaskClient, courier: Courier
) -> None:
    with printer() as kitchen:
        use_printers(admin, {"name": "Kitchen", "address": kitchen.address})
        gone, stays = place(admin), place(admin)
        courier.note()
        admin.put(f"/api/orders/{gone['id']}/cancel", json={"reason": "x"})
        courier.work(lambda: paper_of(admin, stays) == (1, None))
        assert len(kitchen.tickets) == 1
        assert paper_of(admin, gone) == (0, None)


@SQLITE
def test_an_order_is_printed_again_by_a_printer_as_a_copy(
    admin: FlaskClient, courier: Courier
) -> None:
    with printer() as kitchen:
        use_printers(admin, {"name": "K", "address": kitchen.address, "when": "asked"})
        order = place(admin)
        path, body = f"/api/orders/{order['id']}/prints", {"printer": "printer_1"}
        for times in (1, 2):
            jobs = {json_of(admin.post(path, json=body))["id"] for _ in range(3)}
            assert len(jobs) == 1  # pressed again and again
            courier.work(lambda times=times: paper_of(admin, order) == (times, None))  # type: ignore[misc]
        assert [b"COPY" in ticket for ticket in kitchen.tickets] == [False, True]
    problem(admin.post(path, json={"printer": "printer_9"}), 422, "printer")
    problem(admin.post("/api/orders/ord_none/prints", json=body), 404)


@SQLITE
def test_a_test_says_what_went_wrong(admin: FlaskClient) -> None:
    with printer() as silent, printer("speaks") as good, printer("web") as site:
        open_cover = b"\x1e\x16\x12"
        use_printers(
            admin,
            *(
                {"name": name, "address": address, "when": "asked"}
                for name, address in {
                    "Silent": silent.address,
                    "Good": good.address,
                    "Site": site.address,
                    "Off": nobody(),
                }.items()
            ),
        )
        told = [json_of(admin.post(f"/api/printers/printer_{n}/test")) for n in (1, 2, 3, 4)]
        assert [one["printed"] for one in told] == [True, True, False, False]
        for one, words in zip(
            told, ("look whether", "printed the test", "no receipt printer", "is off"), strict=True
        ):
            assert words in one["detail"]
        assert b"This is a test." in good.tickets[0]
        good.status = open_cover
        again = json_of(admin.post("/api/printers/printer_2/test"))
        assert again == {"printed": False, "detail": "Good has its cover open."}
    problem(admin.post("/api/printers/printer_9/test"), 404)


@SQLITE
def test_printers_keep_their_ids_and_no_two_have_one_name(admin: FlaskClient) -> None:
    first, second = use_printers(
        admin, {"name": "A", "address": "a.local"}, {"name": "B", "address": "[FD00::1]:9101"}
    )
    assert (first["id"], first["address"]) == ("printer_1", "a.local:9100")
    assert (second["id"], second["width"], second["when"]) == ("printer_2", 48, "placed")
    (kept,) = use_printers(admin, {**second, "name": "C"})
    assert (kept["id"], kept["name"]) == ("printer_2", "C")
    new = use_printers(admin, {"name": "D", "address": "d:9100"}, kept)
    assert [one["id"] for one in new] == ["printer_3", "printer_2"]
    for printers, path in (
        ([kept, {"name": "c", "address": "x"}], "printers.1.name"),
        ([{**kept, "id": "printer_7"}], "printers.0.id"),
        ([kept, kept | {"name": "E"}], "printers.1.id"),
        ([{**kept, "types": ["gift"]}], "printers.0.types.0"),
        ([{**kept, "methods": ["pickup", "drone"]}], "printers.0.methods.1"),
        ([{**kept, "address": "169.254.169.254"}], "printers.0.address"),
        ([{**kept, "width": 20}], "printers.0.width"),
        ([kept] * 11, "printers"),
    ):
        problem(admin.patch("/api/settings", json={"printers": printers}), 422, path)


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254:9100", "[fe80::1]", "[febf::1]:9100", "[::ffff:169.254.169.254]"),
        *("[::ffff:a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[64:ff9b::a9fe:a9fe]", "[::a9fe:a9fe]"),
        *("224.0.0.1", "[ff02::1]", "0.0.0.0", "0.1.2.3", "[::]", "240.0.0.1", "255.255.255.255"),
        *("0x7f000001", "0xA9FEA9FE", "2852039166", "127.1", "127.0.0.0x1", "0251.0376.0251.0376"),
    ],
)
def test_what_is_no_address_of_one_printer_is_refused_in_any_notation(address: str) -> None:
    with pytest.raises(ValueError, match="must "):
        printer_address(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "[::1]", "10.0.0.5", "192.168.1.50", "[fd00::1]", "8.8.8.8", "[::ffff:10.0.0.5]"],
)
def test_printers_are_here_in_the_shops_network_or_far_away(address: str) -> None:
    assert printer_address(address) == f"{address}:9100"


@SQLITE
def test_without_printers_the_log_is_passed_over_unread(
    admin: FlaskClient, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("the log was read")

    place(admin)
    with monkeypatch.context() as patch:
        patch.setattr(running.log, "since", read)
        courier.note()
        use_printers(admin, {"name": "K", "address": "k.local", "when": "asked"})
        courier.note()
        use_printers(admin, {"name": "K", "address": "k.local"})
        place(admin)
        with pytest.raises(AssertionError, match="was read"):
            courier.note()


def test_printers_of_the_environment_win_and_are_named_by_it(folder: Path) -> None:
    def config(text: str) -> Settings:
        return Settings.from_environment(
            {"ORDERBOARD_HOME": str(folder), "ORDERBOARD_PRINTERS": text}
        )

    set_there = config("Kitchen = 192.168.1.50:9101, Bar=bar.local")
    assert fixed(set_there) == {"printers": "ORDERBOARD_PRINTERS"}
    found = shop({"printers": []}, 1, set_there).printers
    assert [(one.id, one.name, one.address, one.when) for one in found] == [
        ("printer_1", "Kitchen", "192.168.1.50:9101", "placed"),
        ("printer_2", "Bar", "bar.local:9100", "placed"),
    ]
    for wrong in ("kitchen", "K=http://k", "K=k:80", "K=a,k=b", "=k", "K="):
        with pytest.raises(ConfigurationError, match="ORDERBOARD_PRINTERS"):
            config(wrong)
