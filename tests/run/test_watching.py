"""What dies under the supervisor is started again: at once, then later and later, and always."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from orderboard import supervisor
from orderboard.children import Child
from orderboard.errors import StartFailed
from orderboard.supervisor import Service
from tests.servers import BoardServer, wait_until

TICK = 0.05


class Watch:
    """The supervisor's clock, which goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(supervisor, "time", watch)
    return watch


@pytest.fixture
def children() -> Iterator[list[Child]]:
    """Every child that was started, the newest last; they are ended after the test."""
    started: list[Child] = []
    yield started
    for child in started:
        child.end()


def sleeper(children: list[Child]) -> Callable[[], Child]:
    """Starts real children that live until they are killed."""

    def start() -> Child:
        children.append(Child(["sleep", "60"]))
        return children[-1]

    return start


def let_die(service: Service) -> None:
    service.child.process.kill()
    service.child.process.wait(10)


def seconds_until(clock: Watch, service: Service, done: Callable[[], bool]) -> float:
    """Keep watching until it is done; answers how long that took by the supervisor's clock."""
    begin = clock.now
    while not done():
        assert clock.now < begin + 60, "it was given up"
        clock.now += TICK
        service.watch()
    return clock.now - begin


def pause_after_death(clock: Watch, service: Service, children: list[Child]) -> float:
    let_die(service)
    service.watch()
    count = len(children)
    return seconds_until(clock, service, lambda: len(children) > count)


def test_what_keeps_dying_is_started_later_and_later(
    clock: Watch, children: list[Child], capfd: pytest.CaptureFixture[str]
) -> None:
    service = Service("It", sleeper(children))
    pauses = [pause_after_death(clock, service, children) for _ in range(10)]
    assert pauses[0] <= 0.1 + 2 * TICK
    for shorter, longer in pairwise(pauses[:7]):
        assert longer >= 1.5 * shorter
    assert pauses[-2:] == pytest.approx([10, 10], abs=2 * TICK)
    assert capfd.readouterr().err == "It ended unexpectedly; starting it again.\n" * 10


def test_what_ran_well_for_a_while_is_started_again_at_once(
    clock: Watch, children: list[Child]
) -> None:
    service = Service("It", sleeper(children))
    for _ in range(5):
        pause_after_death(clock, service, children)
    clock.now += 31
    service.watch()
    assert pause_after_death(clock, service, children) <= 0.1 + 2 * TICK


def test_a_fork_that_fails_is_tried_again_later_and_later(
    clock: Watch,
    children: list[Child],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    service = Service("It", sleeper(children))
    tries: list[float] = []

    def fork_fails(*_arguments: object, **_more: object) -> None:
        tries.append(clock.now)
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", fork_fails)
        let_die(service)
        service.watch()
        seconds_until(clock, service, lambda: len(tries) == 5)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert all(longer >= 1.5 * shorter for shorter, longer in pairwise(pauses))
    assert "could not be started ([Errno 11] Resource" in capfd.readouterr().err
    assert seconds_until(clock, service, lambda: service.child.alive()) < 5


def test_a_first_start_that_fails_says_so(clock: Watch) -> None:
    with pytest.raises(StartFailed, match=r"It could not be started: .*nowhere"):
        Service("It", lambda: Child(["true"], output=Path("/nowhere/log")))


def descriptors() -> set[str]:
    return {path.name for path in Path("/dev/fd").iterdir()}


def test_a_child_that_fails_to_start_leaves_no_descriptor_behind(tmp_path: Path) -> None:
    before = descriptors()
    for _ in range(20):
        with pytest.raises(OSError):
            Child(["true"], output=tmp_path / "no folder" / "log")
    assert descriptors() == before


def test_a_running_board_outlives_a_start_that_fails(board: BoardServer) -> None:
    log, server = board.home / "redis.log", board.embedded_server()
    log.unlink()
    log.mkdir()
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: board.output.count("could not be started") >= 2, 20)
    assert httpx.get(f"{board.base_url}/readyz").json()["status"] == "degraded"
    log.rmdir()
    wait_until(lambda: httpx.get(f"{board.base_url}/readyz").json()["status"] == "ok", 30)
    assert board.process.poll() is None
