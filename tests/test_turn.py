"""Fairness under gevent, in a process of its own: patching cannot be undone."""

import subprocess
import sys

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import socket
import threading
from orderboard.turn import give_way

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


def test_a_request_waits_for_one_slice_of_a_long_round_and_not_for_all():
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() in ("0", "1", "2")
