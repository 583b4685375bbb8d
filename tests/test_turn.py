"""Fairness under gevent, in a process of its own: patching cannot be undone."""

import subprocess
import sys
from types import SimpleNamespace

from orderboard import turn

BEGIN = """
from gevent import monkey
monkey.patch_all()
import socket
import threading
import time
from orderboard.turn import LONGEST, Lane, Turn, give_way

def busy(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass

def run(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

SOCKET = """
near, far = socket.socketpair()
turns = 0
served_at = []

def serve():
    far.recv(1)
    served_at.append(turns)

threading.Thread(target=serve).start()
while turns < 200:
    turns += 1
    if turns == 100:
        near.sendall(b"x")
    give_way()
print(served_at[0] - 100 if served_at else "not at all")
"""

SHARES = """
end = time.monotonic() + 1.5
worked = {"writer": 0.0, "requests": 0.0}

def writer():
    turn = Turn(Lane())
    while time.monotonic() < end:
        busy(0.0002)
        worked["writer"] += 0.0002
        turn.step()

def requests():
    while time.monotonic() < end:
        busy(0.02)
        worked["requests"] += 0.02
        give_way()

run(writer, requests)
print(worked["writer"] / (worked["writer"] + worked["requests"]))
"""

LANE = """
end = time.monotonic() + 1.0
lane = Lane()
waits = []

def writer():
    turn = Turn(lane)
    while time.monotonic() < end:
        busy(0.0001)
        turn.step()

def request():
    while time.monotonic() < end:
        asked = time.monotonic()
        give_way()
        waits.append(time.monotonic() - asked)

run(writer, writer, request)
print(sorted(waits)[len(waits) // 2])
"""


def result(script: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", BEGIN + script], capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def test_a_request_waits_for_one_slice_of_a_long_round_and_not_for_all():
    assert result(SOCKET) in ("0", "1", "2")


def test_whoever_gave_way_for_long_may_work_half_as_long():
    assert 0.2 < float(result(SHARES)) < 0.5


def test_two_in_one_lane_do_not_lengthen_each_others_turns():
    assert float(result(LANE)) < 0.01


def test_who_is_alone_gives_way_less_often_until_somebody_has_come(monkeypatch):
    now, meanwhile, given = [0.0], [0.00005], []

    def give_way():
        given.append(now[0])
        now[0] += meanwhile[0]

    monkeypatch.setattr(turn, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(turn, "give_way", give_way)

    def work(seconds):
        given.clear()
        end = now[0] + seconds
        while now[0] < end:
            now[0] += 0.0001
            writer.step()
        return len(given)

    writer = turn.Turn(turn.Lane())
    work(0.02)
    assert work(0.032) <= 11
    meanwhile[0] = 0.001
    work(0.004)
    assert work(0.032) >= 16
    meanwhile[0] = 0.00005
    work(0.02)
    assert work(0.032) <= 11
