"""The sockets of all seats, however many descriptors the process has open already."""

import os
import resource
import socket
from collections.abc import Iterator

import pytest

from orderboard.stream.seat import Seat
from orderboard.stream.sockets import Sockets


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for descriptor in opened:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_hang_up_is_noticed_beyond_a_thousand_descriptors(many_descriptors: None) -> None:
    left: list[str] = []
    sockets = Sockets(lambda _seat, why: left.append(why))
    near, far = socket.socketpair()
    seat = Seat(near.detach(), "board", None, "", lambda _seat: None)
    assert seat.fd > 1023
    sockets.add(seat)
    far.close()
    sockets.wait()
    assert sockets.events(10) == []
    assert left == ["gone"]


def test_a_seat_that_cannot_be_written_to_is_dropped_at_once() -> None:
    left: list[str] = []
    sockets = Sockets(lambda _seat, why: left.append(why))
    near, far = socket.socketpair()
    seat = Seat(near.detach(), "board", None, "", lambda _seat: None)
    sockets.add(seat)
    far.close()
    assert not sockets.write(seat, b"data", 0.0)
    assert left == ["gone"]
    assert len(sockets) == 0
