import random

import pytest

from orderboard.stream.frame import EventId
from orderboard.stream.reader import PAGE, LogUnavailable
from tests.stream.support import Desk, Event, Log


def a_log_of(count, orders=("a", "b", "c")):
    log = Log()
    log.add(*(orders[n % len(orders)] for n in range(count)))
    return log


def test_who_is_behind_the_window_is_told_from_the_log():
    desk = Desk(a_log_of(90))
    board, _ = desk.listen("board", EventId("e1", 40))
    mine, _ = desk.listen("order:a", EventId("e1", 40))
    assert desk.hears(board) == list(range(41, 91))
    assert desk.hears(mine) == [n for n in range(41, 91) if n % 3 == 1]


def test_thousands_who_come_back_cost_a_handful_of_reads():
    desk = Desk(a_log_of(3000), window=4096, replay_limit=10_000)
    spread = random.Random(4)
    for _ in range(2000):
        after = spread.randrange(2900, 3000)
        board, _ = desk.listen("board", EventId("e1", after))
        assert desk.hears(board) == list(range(after + 1, 3001))
        desk.hub.leave(board, "gone")
    assert len(desk.log.reads) == 1


def test_further_back_than_the_window_can_reach_is_read_in_pages():
    desk = Desk(a_log_of(5 * PAGE), window=100, replay_limit=10_000)
    boards = [desk.listen("board", EventId("e1", 10))[0] for _ in range(20)]
    mine, _ = desk.listen("order:b", EventId("e1", 10))
    other, _ = desk.listen("order:z", EventId("e1", 10))
    everything = list(range(11, 5 * PAGE + 1))
    for board in boards:
        assert desk.hears(board) == everything
    assert desk.hears(mine) == [n for n in everything if n % 3 == 2]
    assert desk.hears(other) == []
    assert b"id: e1-2500\n" in desk.hub.heartbeat(other)


def test_large_events_are_told_in_pieces_of_bounded_size():
    log = Log()
    log.events = [Event(n, "x" * 40_000) for n in range(1, 101)]
    desk = Desk(log, window=10)
    for _ in range(2):
        board, _ = desk.listen("board", EventId("e1", 0))
        pieces = []
        while (piece := desk.hub.take(board)) != b"":
            pieces.append(desk.reader.catch_up(board) if piece is None else piece)
            assert len(pieces[-1]) < 400_000
        assert b"".join(pieces).count(b"event: order") == 100


def test_no_seam_between_the_log_and_what_happens_meanwhile():
    desk = Desk(a_log_of(400), window=50, replay_limit=10_000)
    board, _ = desk.listen("board", EventId("e1", 0))
    heard = []
    spread = random.Random(7)
    while not heard or heard[-1] < len(desk.log.events) or len(desk.log.events) < 1200:
        piece = desk.hears(board)
        heard += piece
        if len(desk.log.events) < 1200:
            new = desk.log.add(*"a" * spread.randrange(90))
            if spread.random() < 0.7:
                desk.hub.hear("e1", new)
            else:
                desk.reader.look()
            if spread.random() < 0.5:
                desk.hub.next_round()
        else:
            desk.reader.look()
            desk.hub.next_round()
    assert heard == list(range(1, len(desk.log.events) + 1))


def test_a_slow_listener_that_fell_too_far_behind_is_reset():
    desk = Desk(Log(), window=10, replay_limit=50)
    slow, _ = desk.listen("board")
    for _ in range(60):
        desk.commit("a")
        desk.hub.next_round()
    assert [(m.type, m.data) for m in desk.told(slow)] == [("reset", '{"reason":"too_old"}')]


def test_a_hub_that_was_away_too_long_starts_anew():
    desk = Desk(Log(), replay_limit=50)
    board, _ = desk.listen("board")
    desk.log.add(*"a" * 60)
    desk.reader.look()
    assert [m.data for m in desk.told(board)] == ['{"reason":"too_old"}']
    assert desk.hub.head == 60


def test_a_gap_in_the_log_is_never_passed_over_silently(caplog):
    desk = Desk(Log())
    board, _ = desk.listen("board")
    desk.log.events = [Event(1, "a"), Event(3, "a"), Event(4, "a")]
    desk.reader.look()
    assert [m.data for m in desk.told(board)] == ['{"reason":"gap"}']
    assert "gap" in caplog.text


def test_a_log_that_cannot_be_read_says_so_and_is_read_later():
    desk = Desk(a_log_of(90))
    board, _ = desk.listen("board", EventId("e1", 80))
    desk.log.broken = True
    with pytest.raises(LogUnavailable):
        desk.reader.catch_up(board)
    with pytest.raises(LogUnavailable):
        desk.reader.look()
    desk.log.broken = False
    assert desk.hears(board) == list(range(81, 91))
