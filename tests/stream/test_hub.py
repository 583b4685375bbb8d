import pytest

from orderboard.stream.frame import EventId
from tests.stream.support import Desk, Event, Log


@pytest.fixture
def desk():
    return Desk(Log())


def round_of(desk):
    desk.hub.next_round()


def test_a_board_hears_every_event_once_and_in_order(desk):
    board, opening = desk.listen("board")
    desk.commit("a")
    desk.commit("b", "a")
    round_of(desk)
    assert opening == []
    assert desk.hears(board) == [1, 2, 3]
    assert desk.hears(board) == []


def test_an_orders_listener_hears_that_order_and_no_other(desk):
    mine, _ = desk.listen("order:a")
    other, _ = desk.listen("order:b")
    desk.commit("a", "a", "c")
    round_of(desk)
    assert [m.data for m in desk.told(mine)] == [
        f'{{"position":{n},"type":"order.updated","to":"order:a","order":"a","text":""}}'
        for n in (1, 2)
    ]
    assert desk.hears(other) == []


def test_only_those_an_event_concerns_are_woken(desk):
    mine, _ = desk.listen("order:a")
    other, _ = desk.listen("order:b")
    desk.commit("a")
    round_of(desk)
    assert mine.bell.is_set()
    assert not other.bell.is_set()


def test_what_an_audience_may_not_see_is_not_told_and_not_missed(desk):
    mine, _ = desk.listen("order:a")
    desk.commit("a", text="staff only")
    desk.commit("a")
    round_of(desk)
    assert desk.hears(mine) == [2]


def test_events_heard_twice_are_told_once(desk):
    board, _ = desk.listen("board")
    events = desk.log.add("a", "b")
    desk.hub.hear("e1", events)
    desk.hub.hear("e1", events)
    round_of(desk)
    assert desk.hears(board) == [1, 2]


def test_an_event_before_its_turn_waits_for_the_one_it_follows(desk):
    board, _ = desk.listen("board")
    missing = []
    desk.hub.on_missing = lambda: missing.append(1)
    first, second, third = desk.log.add("a", "b", "c")
    desk.hub.hear("e1", [third, second])
    round_of(desk)
    assert (desk.hears(board), len(missing)) == ([], 1)
    desk.hub.hear("e1", [first])
    round_of(desk)
    assert desk.hears(board) == [1, 2, 3]
    assert not desk.hub.gap


def test_an_event_that_never_came_is_read_from_the_log(desk):
    board, _ = desk.listen("board")
    _, second = desk.log.add("a", "b")
    desk.hub.hear("e1", [second])
    desk.reader.look()
    round_of(desk)
    assert desk.hears(board) == [1, 2]


def test_events_of_another_epoch_are_not_taken_in(desk):
    board, _ = desk.listen("board")
    desk.hub.hear("e0", [Event(1, "a")])
    round_of(desk)
    assert (desk.hub.head, desk.hears(board)) == (0, [])


def test_a_frame_is_encoded_once_for_all_who_hear_it(desk):
    boards = [desk.listen("board")[0] for _ in range(50)]
    desk.commit("a")
    desk.commit("b")
    round_of(desk)
    assert [desk.hears(board) for board in boards] == [[1, 2]] * 50
    assert desk.hub.counters.frames_encoded == 2


def test_nobody_listening_costs_no_frame(desk):
    desk.listen("order:z")
    desk.commit("a", "b")
    round_of(desk)
    assert desk.hub.counters.frames_encoded == 0


def test_who_comes_back_hears_what_was_missed_and_then_goes_on(desk):
    desk.commit("a", "b", "a")
    board, opening = desk.listen("board", EventId("e1", 1))
    assert opening == []
    desk.commit("a")
    assert desk.hears(board) == [2, 3, 4]
    round_of(desk)
    assert desk.hears(board) == []
    desk.commit("b")
    round_of(desk)
    assert desk.hears(board) == [5]


def test_who_hears_nothing_of_what_happens_still_knows_how_far_it_is(desk):
    other, _ = desk.listen("order:b")
    desk.commit(*"a" * 30)
    round_of(desk)
    assert desk.hub.heartbeat(other) == (b'id: e1-30\nevent: heartbeat\ndata: {"position":30}\n\n')


def test_a_heartbeat_never_passes_over_an_event_that_is_still_to_be_told(desk):
    mine, _ = desk.listen("order:a")
    desk.commit("b", "a")
    assert b"id: e1-0\n" in desk.hub.heartbeat(mine)
    round_of(desk)
    assert b"id: e1-0\n" in desk.hub.heartbeat(mine)
    assert desk.hears(mine) == [2]
    assert b"id: e1-2\n" in desk.hub.heartbeat(mine)


def test_an_idle_listener_needs_no_log_however_far_the_window_has_moved():
    desk = Desk(Log(), window=10)
    idle, _ = desk.listen("order:b")
    for _ in range(40):
        desk.commit("a")
        round_of(desk)
    desk.commit("b")
    round_of(desk)
    assert desk.hears(idle) == [41]
    assert desk.log.reads == []


def test_a_round_larger_than_the_window_loses_nothing():
    desk = Desk(Log(), window=10)
    board, _ = desk.listen("board")
    mine, _ = desk.listen("order:a")
    other, _ = desk.listen("order:b")
    desk.commit("a", *"c" * 40)
    round_of(desk)
    assert desk.hears(board) == list(range(1, 42))
    assert desk.hears(mine) == [1]
    assert desk.hears(other) == []


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (EventId("e0", 3), "epoch"),
        (EventId("e1", 1002), "ahead"),
        (EventId("e1", 0), "too_old"),
    ],
)
def test_who_cannot_go_on_is_reset_and_hears_what_comes_from_now(after, reason):
    desk = Desk(Log(), replay_limit=1000)
    desk.commit(*"a" * 1001)
    round_of(desk)
    board, opening = desk.listen("board", after)
    assert [(m.type, m.data, m.last_id) for m in opening] == [
        ("reset", f'{{"reason":"{reason}"}}', "e1-1001")
    ]
    assert desk.hears(board) == []
    desk.commit("b")
    round_of(desk)
    assert desk.hears(board) == [1002]


def test_a_new_epoch_resets_everybody_once():
    desk = Desk(Log())
    desk.commit("a")
    round_of(desk)
    board, _ = desk.listen("board")
    mine, _ = desk.listen("order:b")
    desk.log.epoch, desk.log.events = "e2", [Event(1, "a"), Event(2, "b")]
    desk.reader.look()
    round_of(desk)
    for waiter in (board, mine):
        assert waiter.bell.is_set()
        assert [(m.type, m.last_id) for m in desk.told(waiter)] == [("reset", "e2-2")]
        assert desk.told(waiter) == []
    desk.commit("b")
    round_of(desk)
    assert (desk.hears(board), desk.hears(mine)) == ([3], [3])


def test_a_log_that_goes_back_resets_everybody(desk):
    board, _ = desk.listen("board")
    desk.commit("a", "b")
    round_of(desk)
    desk.told(board)
    del desk.log.events[1:]
    desk.reader.look()
    round_of(desk)
    assert [(m.type, m.last_id) for m in desk.told(board)] == [("reset", "e1-1")]


def test_an_event_that_cannot_be_shown_is_a_reset_not_a_gap(desk, caplog):
    board, _ = desk.listen("board")
    desk.commit("a", text="broken")
    desk.commit("a")
    round_of(desk)
    assert [(m.type, m.last_id) for m in desk.told(board)] == [
        ("reset", "e1-1"),
        ("order.updated", "e1-2"),
    ]
    assert "cannot be told" in caplog.text


def test_who_has_left_is_forgotten(desk):
    board, _ = desk.listen("board")
    desk.hub.leave(board, "gone")
    desk.hub.leave(board, "gone")
    desk.commit("a")
    round_of(desk)
    assert desk.hub.groups == {}
    assert not board.bell.is_set()
    assert (desk.hub.counters.joined, desk.hub.counters.left) == (1, 1)


def test_a_signal_reaches_those_who_are_here_and_is_never_repeated(desk):
    here, _ = desk.listen("order:a")
    elsewhere, _ = desk.listen("order:b")
    desk.hub.signal("order:a", b"event: typing\ndata: {}\n\n")
    round_of(desk)
    late, _ = desk.listen("order:a")
    assert desk.hub.take_signals(here) == b"event: typing\ndata: {}\n\n"
    assert desk.hub.take_signals(here) == b""
    assert desk.hub.take_signals(elsewhere) == b""
    assert desk.hub.take_signals(late) == b""
    assert here.bell.is_set()
    assert not elsewhere.bell.is_set()


def test_a_signal_for_nobody_is_gone(desk):
    desk.hub.signal("order:a", b"event: typing\ndata: {}\n\n")
    late, _ = desk.listen("order:a")
    round_of(desk)
    assert desk.hub.take_signals(late) == b""


def test_what_could_not_be_made_is_told_the_next_time(desk, monkeypatch):
    board, _ = desk.listen("board")
    desk.commit("a")
    round_of(desk)

    def fail(*_):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("orderboard.stream.wire.Frames.wire", fail)
        with pytest.raises(MemoryError):
            desk.hub.take(board)
    assert desk.hears(board) == [1]
