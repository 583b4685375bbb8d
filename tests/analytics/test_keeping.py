"""The analytics say what the orders say: kept, made anew, and whatever comes in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import clock
from orderboard import generations as generations_
from orderboard.analytics import rebuilding
from orderboard.consumers import positions
from orderboard.database import reading
from orderboard.errors import Conflict
from orderboard.events import log
from tests.analytics.reference import catch_up, counted, generations, kept
from tests.figures.history import History

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ZONE = "Asia/Kolkata"  # its hours begin when half of UTC's is over


@pytest.fixture(autouse=True)
def inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app's context, in which time goes by: minutes to hours from one moment to the next."""
    dice, now = Random(5), [datetime(2030, 1, 30, tzinfo=UTC)]

    def later() -> datetime:
        now[0] += timedelta(seconds=dice.choice((0.4, 20, 900, 5_000)))
        return now[0]

    with app.app_context():
        monkeypatch.setattr(clock, "now", later)
        yield


@pytest.mark.parametrize("seed", range(2))
def test_they_say_what_the_orders_say_after_any_history(seed: int) -> None:
    history = History(Random(seed))
    rebuilding.ensure(ZONE)
    for _ in range(3):
        history.go_on(40)
        catch_up(ZONE)
        assert kept(ZONE) == counted(ZONE)
    before = kept(ZONE)
    assert len({cell[0] for cell in before}) > 30, "many hours, some days, perhaps months"
    rebuilding.rebuild(ZONE)
    assert kept(ZONE) == before


@SQLITE
def test_what_is_taken_in_again_counts_once() -> None:
    History(Random(7)).go_on(60)
    catch_up()
    positions.rewind("analytics", 0, needs_data=False)
    catch_up()
    assert kept("UTC") == counted("UTC")


@SQLITE
def test_thinned_events_do_as_well() -> None:
    History(Random(8)).go_on(60)
    with log.transaction() as tx:
        tx.execute(sa.text("UPDATE events SET data = NULL"))
    catch_up()
    assert kept("UTC") == counted("UTC")


def test_a_rebuild_counts_what_happens_meanwhile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(Random(3))
    history.go_on(80)
    catch_up()
    monkeypatch.setattr(rebuilding, "_PIECE", 7)

    def meanwhile(_: int) -> None:
        history.go_on(3)
        catch_up()

    rebuilding.rebuild("UTC", meanwhile)
    catch_up()
    assert kept("UTC") == counted("UTC")
    assert len(generations()) == 1


@SQLITE
def test_a_rebuild_mends_what_is_wrong() -> None:
    History(Random(4)).go_on(40)
    catch_up()
    with log.transaction() as tx:
        tx.execute(sa.text("UPDATE analytics_cells SET orders = orders + 1"))
        tx.execute(sa.text("DELETE FROM analytics_orders WHERE number % 2 = 0"))
    assert kept("UTC") != counted("UTC")
    rebuilding.rebuild("UTC")
    assert kept("UTC") == counted("UTC")


@SQLITE
def test_a_rebuild_that_was_cut_off_changes_nothing_and_the_next_one_clears_up() -> None:
    history = History(Random(4))
    history.go_on(40)
    catch_up()

    def cut_off(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild("UTC", cut_off)
    history.go_on(20)
    catch_up()
    assert kept("UTC") == counted("UTC")
    rebuilding.rebuild("UTC")
    assert kept("UTC") == counted("UTC")
    assert len(generations()) == 1


@SQLITE
@pytest.mark.parametrize("table", rebuilding._tables, ids=str)
def test_removing_a_generation_reads_no_other(table: sa.Table) -> None:
    with reading() as connection:
        removal = generations_._removal(table, 7)
        text = str(removal.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    steps = [step for step in plan if table.name in step]
    assert steps
    assert all("USING PRIMARY KEY (generation=?" in step for step in steps), plan


@SQLITE
def test_of_two_rebuilds_at_once_one_gives_way() -> None:
    History(Random(5)).go_on(40)
    started: list[bool] = []

    def another(_: int) -> None:
        if not started:
            started.append(True)
            rebuilding.rebuild("UTC")

    with pytest.raises(Conflict):
        rebuilding.rebuild("UTC", another)
    assert kept("UTC") == counted("UTC")


@SQLITE
def test_a_node_that_is_overtaken_when_several_start_in_another_zone_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    History(Random(5)).go_on(40)
    catch_up()
    piece, began = rebuilding._piece, []

    def another_node_starts(*asked: Any) -> Any:
        if not began:
            began.append(True)
            rebuilding.rebuild(ZONE)
        return piece(*asked)

    monkeypatch.setattr(rebuilding, "_piece", another_node_starts)
    rebuilding.ensure(ZONE)
    assert kept(ZONE) == counted(ZONE)
    assert len(generations()) == 1


@SQLITE
def test_a_start_leaves_a_rebuild_alone_and_removes_what_one_left_that_was_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    History(Random(5)).go_on(20)
    rebuilding.rebuild(ZONE)
    begun = rebuilding._begin(ZONE)

    def meanwhile(_: float) -> None:
        rebuilding._piece(begun, ZoneInfo(ZONE), 0)

    monkeypatch.setattr(rebuilding.time, "sleep", meanwhile)
    rebuilding.ensure(ZONE)
    assert begun in generations(), "it goes on"
    rebuilding.ensure(ZONE)
    assert len(generations()) == 1
    assert kept(ZONE) == counted(ZONE)


@SQLITE
def test_hours_and_days_are_those_of_the_shops_zone_and_follow_when_it_moves() -> None:
    history = History(Random(6))
    history.go_on(60)
    catch_up("Pacific/Auckland")
    assert kept("Pacific/Auckland") == counted("Pacific/Auckland")
    rebuilding.ensure(ZONE)
    history.go_on(20)
    catch_up("Pacific/Auckland")  # a courier that was started before the shop moved
    assert kept(ZONE) == counted(ZONE)
    before = generations()
    rebuilding.ensure(ZONE)
    assert generations() == before, "nothing is made anew that is right"
