"""Every figure of the stream moves when, and only when, what it counts happens."""

import time

from orderboard.stream import EventId, peers, publisher
from tests.stream.support import Desk, Log, until
from tests.stream.test_pubsub import command, connected, counters, town
from tests.stream.test_service import house
from tests.stream.test_writer import HEARTBEAT, room

__all__ = ["house", "room", "town"]  # fixtures
QUIET = ("replays", "resets", "slow_closes", "doorbell_gaps", "turned_away", "log_reads")


def gauges(house):
    return house.stream.figures()["gauges"]


def moved(before, after):
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}


def test_listeners_are_counted_by_kind_of_audience(house):
    for audience in ("board", "board", "order:a", "order:b", "driver:7"):
        house.listen(audience)
    assert house.stream.figures()["listeners"] == {"board": 2, "order": 2, "driver": 1}
    assert gauges(house)["subscribers"] == house.counters()["joined"] == 5


def test_an_event_heard_by_two_of_three_is_two_deliveries_in_one_round(house):
    heard = [house.listen("board"), house.listen("order:a")]
    other = house.listen("order:b")
    before = house.counters()
    house.commit("a")
    until(lambda: all(client.hears() for client in heard))
    now = moved(before, house.counters())
    assert (now["rounds"], now["round_events"], now["deliveries"]) == (1, 1, 2)
    assert other.hears() == []
    assert not now.keys() & set(QUIET)


def test_events_that_gather_are_counted_as_joined_in_one_round():
    desk = Desk(Log())
    board, _ = desk.listen("board")
    other, _ = desk.listen("order:b")
    desk.commit("a", "a", "a")
    desk.commit("a")
    assert desk.hub.head - desk.hub.delivered == 4  # what figures() tells as ``stream_behind``
    desk.hub.next_round()
    assert (desk.hub.counters.rounds, desk.hub.counters.round_events) == (1, 4)
    assert desk.hub.head == desk.hub.delivered
    assert desk.hears(board) == [1, 2, 3, 4]
    assert desk.hears(other) == []


def test_how_far_the_log_was_ahead_is_told_until_the_next_look(house):
    house.listen("board")
    assert gauges(house)["stream_behind_log"] == 0
    house.log.add("a", "a", "a")  # and nobody is told
    until(lambda: gauges(house)["stream_behind_log"] == 3)
    assert gauges(house)["stream_head"] == 3
    until(lambda: gauges(house)["stream_behind_log"] == 0)


def test_a_replay_is_counted_and_coming_back_up_to_date_is_none(house):
    house.commit("a", "a")
    until(lambda: gauges(house)["stream_head"] == 2)
    house.listen("board", EventId("e1", 2))
    assert house.counters()["replays"] == 0
    back = house.listen("board", EventId("e1", 1))
    until(back.hears)
    assert (house.counters()["replays"], house.counters()["resets"]) == (1, 0)


def test_a_reset_is_counted_and_is_no_replay(house):
    house.listen("board", EventId("another", 1))
    assert (house.counters()["replays"], house.counters()["resets"]) == (0, 1)


def test_a_listener_that_reads_nothing_is_a_slow_close_and_one_that_hangs_up_is_not(room):
    stalled, leaver, quick = room.sit(), room.sit(), room.sit()
    leaver.far.close()
    for _ in range(40):
        room.commit("a", text="x" * 3000)
        quick.look()
    connections = [stalled.conn, leaver.conn, quick.conn]
    room.writer.visit(connections, time.monotonic() + HEARTBEAT + 1)
    assert (room.counters().slow_closes, room.counters().left) == (1, 2)


def test_events_that_redis_does_not_take_are_counted_as_drops(town, redis_server):
    far = town.listen(town.there, "board")
    town.commit("a")
    until(far.hears)
    assert counters(town.here)["doorbell_drops"] == 0
    redis_server.pause()
    try:
        town.commit("a", "a")
        until(lambda: counters(town.here)["doorbell_drops"] == 2)
        assert counters(town.there)["doorbell_drops"] == 0
    finally:
        redis_server.resume()


def test_a_gap_healed_is_counted_once_by_each_who_had_it(town, redis_server):
    assert counters(town.here)["doorbell_gaps"] == 0
    command(redis_server, "CLIENT", "KILL", "TYPE", "pubsub")
    until(
        lambda: counters(town.here)["doorbell_gaps"] == counters(town.there)["doorbell_gaps"] == 1
    )
    assert connected(town.here)


def test_each_process_knows_the_figures_of_the_others(town):
    far = town.listen(town.there, "board")
    town.commit("a")
    until(far.hears)
    there = town.there.figures()

    def told():
        (other,) = town.here.figures()["others"] or [{"counters": {"deliveries": 0}}]
        return other if other["counters"]["deliveries"] else None

    until(told)
    assert told()["process"] == there["process"]
    assert told()["listeners"] == {"board": 1}
    assert told()["age"] < 5
    assert town.here.figures()["counters"]["deliveries"] == 0


def test_a_process_with_much_to_tell_still_tells_its_figures(monkeypatch, town):
    monkeypatch.setattr(publisher, "TELL_EVERY", 0.2)
    monkeypatch.setattr(peers, "_BELIEVED", 1.0)
    town.listen(town.here, "board")
    before = counters(town.there)["log_reads"]
    end = time.monotonic() + 3  # longer than a telling is believed
    while time.monotonic() < end:
        town.commit("a")
        time.sleep(0.02)
    assert town.there.subscribers() == 1
    assert counters(town.there)["log_reads"] <= before + 3  # of about fifteen tellings


def test_while_redis_is_away_a_process_knows_of_itself_alone(town, redis_server):
    until(lambda: town.here.figures()["others"])
    redis_server.kill()
    until(lambda: not connected(town.here))
    assert town.here.figures()["others"] == []
    redis_server.restart()
