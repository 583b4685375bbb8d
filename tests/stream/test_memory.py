"""What a hub keeps is bounded by memory, and nobody misses anything for that."""

import json
import tracemalloc
from typing import Any

import pytest

from orderboard.stream.frame import EventId
from orderboard.stream.weight import weight
from tests.stream.support import Desk, Log, until
from tests.stream.test_service import House

MEGABYTE = 1024 * 1024
LONG = "x" * 30_000


def round_of(desk: Desk) -> None:
    desk.hub.next_round()


def order(lines: int) -> dict[str, Any]:
    line = {"sku": "BRD-01", "quantity": 2, "unit_price": "4.50", "options": [], "note": None}
    items = [
        {**line, "name": f"A name of a thing, the {n}th of them", "n": n} for n in range(lines)
    ]
    return {"id": "ord_1", "status": "pending", "customer": {"name": "Ada"}, "items": items}


@pytest.mark.parametrize("lines", [1, 3, 200])
def test_the_weight_of_an_event_is_about_the_memory_it_takes(lines: int) -> None:
    texts = [json.dumps(order(lines)) for _ in range(50)]
    json.loads(texts[0])
    tracemalloc.start()
    kept = [json.loads(text) for text in texts]
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.6 * taken < sum(map(weight, kept)) < 1.8 * taken
    assert weight(kept[0]) > 1.2 * len(texts[0])


def test_large_events_make_the_window_shorter_and_nobody_misses_any() -> None:
    desk = Desk(Log(), window=4096, window_bytes=MEGABYTE)
    board, other = desk.listen("board")[0], desk.listen("order:z")[0]
    late = desk.listen("board")[0]
    for n in range(1, 201):
        desk.commit("a", text=LONG)
        round_of(desk)
        assert desk.hears(board) == [n]
        assert desk.hub.window.bytes <= MEGABYTE
    assert 8 < len(desk.hub.window) < 20  # each takes its text, and a frame of the same size
    assert desk.hears(late) == list(range(1, 201))
    assert desk.hears(other) == []
    back = desk.listen("board", EventId("e1", 150))[0]
    assert desk.hears(back) == list(range(151, 201))
    assert desk.hub.window.bytes <= MEGABYTE
    assert desk.hub.counters.resets == 0


def test_small_events_are_kept_as_many_as_ever() -> None:
    desk = Desk(Log(), window=300)
    desk.commit(*"a" * 500)
    assert len(desk.hub.window) == 300


def test_frames_count_as_well_as_events() -> None:
    desk = Desk(Log())
    desk.commit("a", text=LONG)
    bare = desk.hub.window.bytes
    desk.hub.window.join("board", 0)
    desk.hub.window.join("order:a", 0)
    assert desk.hub.window.bytes - bare > 2 * len(LONG)


def test_the_newest_event_is_kept_however_large_it_is() -> None:
    desk = Desk(Log(), window_bytes=1000)
    board = desk.listen("board")[0]
    for n in (1, 2):
        desk.commit("a", text=LONG)
        round_of(desk)
        assert (desk.hears(board), len(desk.hub.window)) == ([n], 1)
    assert desk.log.reads == []


def test_many_who_come_back_for_large_events_cost_few_reads_and_no_room() -> None:
    log = Log()
    log.add(*"a" * 100, text=LONG)
    desk = Desk(log, window=4096, window_bytes=MEGABYTE)
    for _ in range(20):
        back = desk.listen("board", EventId("e1", 20))[0]
        assert desk.hears(back) == list(range(21, 101))
        assert desk.hub.window.bytes <= MEGABYTE
    assert len(log.reads) < 20


@pytest.mark.parametrize(("count", "text"), [(1000, ""), (200, LONG)])
def test_events_that_wait_for_the_one_before_are_bounded_and_then_read(
    count: int, text: str
) -> None:
    desk = Desk(Log(), window=400, window_bytes=4 * MEGABYTE)
    board, other = desk.listen("board")[0], desk.listen("order:z")[0]
    doubts: list[int] = []
    desk.hub.on_doubt = lambda: doubts.append(desk.hub.reorder_buffer.bytes)
    first, *later = desk.log.add(*"a" * count, text=text)
    for event in later:
        desk.hub.hear("e1", [event])
        assert len(desk.hub.reorder_buffer) <= 400
        assert desk.hub.reorder_buffer.bytes <= MEGABYTE
    assert doubts[0] == 0  # forgotten, and only the log can tell
    desk.hub.hear("e1", [first])
    desk.reader.look()
    round_of(desk)
    assert desk.hears(board) == list(range(1, count + 1))
    assert desk.hears(other) == []
    assert (len(desk.hub.reorder_buffer), desk.hub.reorder_buffer.bytes) == (0, 0)


def test_an_early_event_that_comes_again_and_again_takes_its_memory_once() -> None:
    desk = Desk(Log(), window=400, window_bytes=4 * MEGABYTE)
    board = desk.listen("board")[0]
    first, second = desk.log.add("a", "a", text=LONG)
    desk.hub.hear("e1", [second])
    taken = desk.hub.reorder_buffer.bytes
    for _ in range(100):
        desk.hub.hear("e1", [second])
    assert (len(desk.hub.reorder_buffer), desk.hub.reorder_buffer.bytes) == (1, taken)
    desk.hub.hear("e1", [first])
    round_of(desk)
    assert (desk.hears(board), desk.hub.reorder_buffer.bytes) == ([1, 2], 0)
    assert desk.log.reads == []


def test_the_figures_say_how_far_back_it_reaches() -> None:
    house = House(stream_window_bytes=MEGABYTE)
    house.listen("board")
    for _ in range(50):
        house.commit("a", text=LONG)
    until(lambda: house.stream.figures()["gauges"]["stream_head"] == 50)
    gauges = house.stream.figures()["gauges"]
    assert 8 < gauges["stream_window_events"] < 40
    assert 0.5 * MEGABYTE < gauges["stream_window_bytes"] <= MEGABYTE
    assert gauges["stream_early_bytes"] == 0
    house.close()
