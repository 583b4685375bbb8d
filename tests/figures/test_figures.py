"""The figures are those of the orders at every position, kept or made anew."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask

from orderboard import clock
from orderboard.errors import Conflict
from orderboard.events import log
from orderboard.figures import rebuilding
from orderboard.figures.overview import overview
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from tests.figures.history import STAFF, History
from tests.figures.reference import counted, generations, kept

ZONE = "Pacific/Auckland"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def place_and_fail() -> None:
    with log.transaction() as tx:
        place(tx, NewOrder(customer={"name": "Bo"}, currency="USD"), STAFF, "staff")
        raise ZeroDivisionError


def place_one(name: str = "Ada") -> None:
    with log.transaction() as tx:
        place(tx, NewOrder(customer={"name": name}, currency="USD"), STAFF, "staff")


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_is_there_after_any_history(seed: int) -> None:
    history = History(Random(seed))
    for _ in range(8):
        history.go_on(20)
        assert kept() == counted("UTC")
    before = kept()
    rebuilding.rebuild("UTC")
    assert kept() == before


def test_what_is_undone_leaves_no_trace_in_the_figures() -> None:
    place_one()
    before = kept()
    with pytest.raises(ZeroDivisionError):
        place_and_fail()
    assert kept() == before


def test_the_figures_stay_exact_while_many_write_and_they_are_made_anew(app: Flask) -> None:
    failed: list[BaseException] = []

    def shop(seed: int) -> None:
        try:
            with app.app_context():
                History(Random(seed)).go_on(60)
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    History(Random(99)).go_on(150)
    writers = [threading.Thread(target=shop, args=(seed,)) for seed in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        rebuilding.rebuild("UTC")
        assert len(generations()) == 1
    for writer in writers:
        writer.join()
    assert failed == []
    assert kept() == counted("UTC")


def test_a_rebuild_counts_an_order_once_that_changes_right_behind_its_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = History(Random(3))
    history.go_on(80)
    monkeypatch.setattr(rebuilding, "_PIECE", 7)
    rebuilding.rebuild("UTC", progress=lambda _: history.go_on(3))
    assert kept() == counted("UTC")


def test_a_rebuild_that_was_cut_off_changes_nothing_and_the_next_one_clears_up() -> None:
    History(Random(4)).go_on(40)
    before = kept()

    def cut_off(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild("UTC", progress=cut_off)
    assert kept() == before
    place_one()
    assert kept() == counted("UTC")
    rebuilding.rebuild("UTC")
    assert kept() == counted("UTC")
    assert len(generations()) == 1


def test_of_two_rebuilds_at_once_one_gives_way_and_the_figures_are_right() -> None:
    History(Random(5)).go_on(40)
    started: list[bool] = []

    def another(_: int) -> None:
        if not started:
            started.append(True)
            rebuilding.rebuild("UTC")

    with pytest.raises(Conflict):
        rebuilding.rebuild("UTC", progress=another)
    assert kept() == counted("UTC")


def test_days_are_those_of_the_shops_zone_and_follow_when_it_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = datetime(2030, 6, 1, 11, 30, tzinfo=UTC)  # 23:30 in Auckland
    monkeypatch.setattr(clock, "now", lambda: moment)
    rebuilding.ensure(ZONE)
    place_one()
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 6, 1, 12, 30, tzinfo=UTC))
    place_one()
    assert kept() == counted(ZONE)
    found, head = overview("USD", ZONE)
    assert (found["orders"], found["today"], head.position) == (2, 1, 2)
    place_one()
    assert overview("USD", "UTC")[0]["today"] == 2, "until they are made anew it is Auckland's day"
    rebuilding.ensure("UTC")
    assert kept() == counted("UTC")
    assert overview("USD", "UTC")[0]["today"] == 3
    before = generations()
    rebuilding.ensure("UTC")
    assert generations() == before, "nothing is made anew that is right"
