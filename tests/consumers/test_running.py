"""A consumer takes every event once, in order, whatever it is that fails."""

from collections.abc import Iterator, Sequence
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.consumers import positions, running
from orderboard.consumers.aside import pause_after
from orderboard.consumers.consumer import Consumer
from orderboard.consumers.lease import Claim
from orderboard.consumers.rounds import Courier
from orderboard.consumers.running import Worker
from orderboard.errors import Busy, Invalid, NotFound
from orderboard.events import log
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.people import drivers
from tests.consumers.support import make_table, note, noted, place_some


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """A database with a table for what consumers note."""
    with app.app_context():
        make_table()
        yield


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once."""
    monkeypatch.setattr(running, "FIRST_PAUSE", 0.0)


def consumer(**more: object) -> Consumer:
    made = Consumer(**{"name": "noting", "apply": note, "batch": 3} | more)  # type: ignore[arg-type]
    positions.register([made.name])
    return made


def to_the_end(worker: Worker) -> None:
    for _ in range(200):
        if worker.step() is None:
            return
    pytest.fail("it does not come to an end")


def one() -> positions.State:
    return positions.state("noting")[0]


def test_all_events_come_in_order_and_once() -> None:
    place_some(7)
    worker = Worker(consumer())
    to_the_end(worker)
    assert noted() == [1, 2, 3, 4, 5, 6, 7]
    assert worker.step() is None
    place_some(1)
    to_the_end(Worker(consumer()))
    assert noted() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_events_gather_for_a_consumer_that_lets_them() -> None:
    place_some(1)
    worker = Worker(consumer(gather=60.0))
    to_the_end(worker)
    place_some(2)
    assert (worker.step() or 0.0) > 50
    assert noted() == [1]
    worker.due = 0.0
    to_the_end(worker)
    assert noted() == [1, 2, 3]


def test_an_effect_that_is_not_committed_leaves_no_position() -> None:
    place_some(2)

    def dies(tx: Transaction, events: Sequence[Event]) -> None:
        note(tx, events)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Worker(consumer(apply=dies)).step()
    assert (noted(), one().position) == ([], 0)


def test_only_its_kinds_come_and_the_others_count_as_taken() -> None:
    place_some(2)
    drivers.add("Bo", None, Actor("staff", "Ada"))
    place_some(1)
    to_the_end(Worker(consumer(kinds=frozenset({"driver.created"}))))
    assert (noted(), one().position) == ([3], 4)


def test_only_its_topic_comes_and_it_is_not_behind_afterwards() -> None:
    ids = place_some(5)
    to_the_end(Worker(consumer(topic=f"order:{ids[3]}")))
    assert (noted(), one().position) == ([4], 5)


def poisoned(position: int) -> Consumer:
    def apply(tx: Transaction, events: Sequence[Event]) -> None:
        note(tx, events)
        if any(event.position == position for event in events):
            raise ValueError("cannot be taken")

    return consumer(apply=apply, tries=3)


def test_an_event_that_always_fails_is_set_aside_and_the_rest_goes_on() -> None:
    place_some(8)
    to_the_end(Worker(poisoned(5)))
    assert noted() == [1, 2, 3, 4, 6, 7, 8]
    (shown,) = [one for one in positions.listed() if one["name"] == "noting"]
    assert (shown["state"], shown["lag"], shown["failures"]) == ("running", 0, 0)
    (aside,) = shown["set_aside"]
    assert (aside["position"], aside["error"]) == (5, "ValueError: cannot be taken")


def test_tries_are_counted_across_processes() -> None:
    place_some(1)
    for failures in (1, 2):
        Worker(poisoned(1)).step()
        assert (one().failures, one().position) == (failures, 0)
        assert positions.listed()[0]["state"] == "failing"
    Worker(poisoned(1)).step()
    assert (one().failures, one().position) == (0, 1)


def test_what_fails_is_tried_later_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE", 100.0)
    monkeypatch.setattr(running, "LONGEST_PAUSE", 350.0)
    place_some(1)
    worker = Worker(poisoned(1))
    pauses = []
    for _ in range(2):
        pauses.append(worker.step())
        assert worker.step() == pytest.approx(pauses[-1], abs=5)
        worker.due = 0.0
    assert pauses == [100.0, 200.0]


def test_a_database_that_is_away_is_nobodys_fault() -> None:
    place_some(1)

    def busy(tx: Transaction, events: Sequence[Event]) -> None:
        raise Busy("not now")

    for _ in range(10):
        with pytest.raises(Busy):
            Worker(consumer(apply=busy, tries=2)).step()
    assert (one().failures, one().position) == (0, 0)


def test_one_that_is_paused_stands_still_and_goes_on_there() -> None:
    place_some(4)
    worker = Worker(consumer())
    worker.step()
    positions.pause("noting", is_paused=True)
    assert worker.step() is None
    assert noted() == [1, 2, 3]
    positions.pause("noting", is_paused=False)
    to_the_end(worker)
    assert noted() == [1, 2, 3, 4]


def test_rewinding_brings_everything_behind_there_again() -> None:
    place_some(4)
    to_the_end(Worker(poisoned(2)))
    positions.rewind("noting", 1, needs_data=False)
    assert positions.listed()[0]["set_aside"] == []
    to_the_end(Worker(consumer()))
    assert noted() == [1, 3, 4, 2, 3, 4]


@pytest.mark.parametrize("position", [-1, 3])
def test_one_cannot_be_rewound_to_where_the_log_is_not(position: int) -> None:
    place_some(2)
    consumer()
    with pytest.raises(Invalid, match="position"):
        positions.rewind("noting", position, needs_data=False)
    assert one().position == 0


def test_who_is_not_there_cannot_be_paused_or_rewound() -> None:
    with pytest.raises(NotFound):
        positions.pause("nobody", is_paused=True)
    with pytest.raises(NotFound):
        positions.rewind("nobody", 0, needs_data=False)


def test_in_a_new_epoch_it_goes_on_where_it_stands() -> None:
    place_some(4)
    worker = Worker(consumer())
    worker.step()
    epoch = log.new_epoch()
    to_the_end(worker)
    assert noted() == [1, 2, 3, 4]
    assert one().epoch == epoch


def test_behind_a_log_that_was_cut_it_goes_back_to_the_end_of_it() -> None:
    place_some(4)
    worker = Worker(consumer())
    to_the_end(worker)
    with log.transaction() as tx:
        for table in ("events", "event_topics"):
            tx.execute(sa.text(f"DELETE FROM {table} WHERE position > 2"))
        tx.execute(sa.text("UPDATE log_head SET position = 2"))
    log.new_epoch()
    to_the_end(worker)
    assert one().position == 2
    place_some(1)
    to_the_end(worker)
    assert noted() == [1, 2, 3, 4, 3]


def test_two_at_once_take_each_event_once(app: Flask) -> None:
    place_some(60)
    both, errors = Barrier(2), []

    def work() -> None:
        with app.app_context():
            worker = Worker(consumer())
            both.wait(10)
            try:
                to_the_end(worker)
            except Exception as error:  # noqa: BLE001
                errors.append(error)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors
    assert noted() == list(range(1, 61))


class Rounds:
    """Stops the courier after so many rounds; a round that failed rests long."""

    def __init__(self, left: int) -> None:
        self.left, self.rests = left, list[float]()

    @property
    def stopping(self) -> bool:
        self.left -= 1
        return self.left < 0

    def wait(self, seconds: float) -> None:
        """Nothing happens meanwhile."""

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)


@pytest.mark.parametrize("error", [ValueError("a fault of its own"), Busy("away")])
def test_a_chore_that_fails_holds_up_neither_other_chores_nor_consumers(error: Exception) -> None:
    tried, done = list[str](), list[str]()

    def failing() -> float:
        tried.append("")
        raise error

    def good() -> float:
        done.append("")
        return 0.0

    ids = place_some(5)
    rounds = Rounds(8)
    Courier([consumer(batch=1)], [failing, good], Claim("test")).run(rounds)
    assert len(noted()) == len(ids)
    assert len(tried) < len(done)
    assert max(rounds.rests) < 0.5


def test_what_failed_ten_thousand_times_is_tried_after_the_longest_pause() -> None:
    assert [pause_after(failures, 5.0) for failures in (1, 2, 10_000)] == [0.2, 0.4, 5.0]
