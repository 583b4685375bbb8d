"""The hub: one a process. It knows the newest events, who listens, and what each has been told.

A listener's position is the whole truth about it, and a group (all listeners of one audience)
knows the newest event its audience may hear. So an event costs only those who hear it, and one who
hears none of ten thousand events is still known to have missed nothing.

Events come in by ``hear`` (any thread) and go out in rounds (one thread). What comes while a round
is under way gathers for the next one.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic

from orderboard.stream.counters import Counters
from orderboard.stream.frame import EventId, heartbeat_frame, reset_frame
from orderboard.stream.group import Group, Round
from orderboard.stream.listener import Listener, Waiter
from orderboard.stream.listener_counts import ListenerCounts
from orderboard.stream.reorder_buffer import ReorderBuffer
from orderboard.stream.rounds import gathered, wake_waiters
from orderboard.stream.source import E, Source
from orderboard.stream.window import Encoder, Room, Window
from orderboard.stream.wire import Frames


class Hub(Generic[E]):
    """The state and its rules; threads, sockets and the log are others' business."""

    def __init__(
        self, source: Source[E], room: Room, replay_limit: int, counters: Counters
    ) -> None:
        self.lock = threading.RLock()
        self.bell = threading.Event()
        self.ready = threading.Event()
        self.on_missing: Callable[[], object] = lambda: None
        self.on_doubt: Callable[[], object] = lambda: None
        self.on_begin: Callable[[], object] = lambda: None
        self.counters = counters
        self.encoder = Encoder(source, counters)
        self._heard, self._missed = source.heard, source.missed
        self.groups: dict[str, Group] = {}
        self.listener_counts = ListenerCounts(counters)
        self.replay_limit = replay_limit
        self.delivered = self.generation = 0
        self._reset_reason = ""
        self._reset_everybody = False
        self.reorder_buffer = ReorderBuffer(room, source.weigh)
        self._serial = 0
        self._heartbeat = ("", 0), Frames()
        self._signals: dict[str, list[bytes]] = {}
        self._window_at = partial(Window, room=room, source=source, encoder=self.encoder)
        self.window: Window[E] = self._window_at("", 0)

    @property
    def epoch(self) -> str:
        """What the positions belong to; empty until the log has been read once."""
        return self.window.epoch

    @property
    def head(self) -> int:
        """The newest position the hub knows."""
        return self.window.newest

    @property
    def gap(self) -> bool:
        """Whether an event is known whose predecessor is not."""
        return bool(self.reorder_buffer)

    def begin(self, epoch: str, position: int, reason: str) -> None:
        """Start at a place in the log; whoever listens already hears a reset with the reason."""
        with self.lock:
            self.window = self._window_at(epoch, position)
            self.delivered = position
            self.generation += 1
            self._reset_reason = reason
            self._reset_everybody = bool(self.groups)
            self.reorder_buffer.clear()
            for group in self.groups.values():
                group.newest = position
        self.ready.set()
        self.bell.set()
        self._missed()
        self.on_begin()

    def hear(self, epoch: str, events: Sequence[E]) -> None:
        """Take in events that have been committed; those known already are passed over.

        Processes announce in no certain order, so an event may come before the one it follows.
        It waits for that one, and ``on_missing`` is called so that the log is read if it does not
        come. Events of another epoch are not taken in; ``on_doubt`` is called, as one of the
        two must be out of date.
        """
        self._heard(events)
        if epoch != self.epoch:
            self.on_doubt()
            return
        with self.lock:
            if epoch != self.epoch:
                return  # it has just begun, and was read from the log
            before = self.head
            forgotten = False
            for event in events:
                if event.position == self.head + 1:
                    self.window.append(event)
                elif event.position > self.head:
                    forgotten |= not self.reorder_buffer.keep(event)
                while (follower := self.reorder_buffer.pop(self.head + 1)) is not None:
                    self.window.append(follower)
            moved = self.head != before
        if moved:
            self.bell.set()
        if self.gap:
            self.on_missing()
        if forgotten:
            self.on_doubt()

    def recall(self, epoch: str, events: list[E]) -> None:
        """Let the window reach further back; the events end where it begins."""
        with self.lock:
            if epoch == self.epoch and events and self.window.reaches(events[-1].position):
                self.window.prepend(events)

    def signal(self, audience: str, frame: bytes, at_once: bool = True) -> None:
        """Pass something on to those of an audience who are here now, or else in the next round."""
        with self.lock:
            if (group := self.groups.get(audience)) is None:
                return
            self._serial += 1
            group.keep_signal(self._serial, frame)
            self._signals.setdefault(audience, []).append(frame)
        if at_once:
            self.bell.set()

    def join(self, listener: Listener, after: EventId | None) -> bytes:
        """Place a listener; the answer is a reset if it cannot go on from where it was."""
        with self.lock:
            group = self.groups.get(listener.audience)
            if group is None:
                # What this audience may have heard until now is not known without the log.
                group = self.groups[listener.audience] = Group(listener.audience, self.head)
            group.add(listener)
            listener.group = group
            listener.audience = group.audience  # one text for all, and not the request's
            listener.generation = self.generation
            listener.position = self.head
            if isinstance(listener, Waiter):
                listener.heard_signals = self._serial
            self.listener_counts.came(listener)
            return self._resume(listener, after) if after else b""

    def leave(self, listener: Listener, why: str) -> None:
        """Forget a listener; twice does no harm."""
        with self.lock:
            if (group := listener.group) is None:
                return
            listener.group = None
            self.listener_counts.went(listener, why)
            group.discard(listener)
            if not group:
                del self.groups[group.audience]

    def take(self, listener: Listener) -> bytes | None:
        """What a listener is to be told next; empty: nothing; None: only the log knows."""
        with self.lock:
            if listener.generation != self.generation:
                return self.reset(listener, self._reset_reason)
            if self._knows_all(listener):
                return b""
            if not self.window.reaches(listener.position):
                return None
            joined = self.window.join(listener.audience, listener.position)
            # The position last: whatever fails before, it never counts what was not handed out.
            told = joined.frames.wire(listener.chunked)
            self.counters.deliveries += len(joined.frames)
            listener.position = joined.upto
            return told

    def owes(self, listener: Listener) -> bool:
        """Whether there is something that a listener should have been told by now."""
        group = listener.group
        return group is not None and (
            listener.position < group.newest or listener.generation != self.generation
        )

    def take_signals(self, waiter: Waiter) -> bytes:
        """The signals a waiter has not heard yet."""
        with self.lock:
            group = waiter.group
            if group is None or waiter.heard_signals == self._serial:
                return b""
            heard, waiter.heard_signals = waiter.heard_signals, self._serial
            return group.signals_behind(heard)

    def heartbeat(self, listener: Listener) -> bytes:
        """Tells a listener that has been told everything up to where that is."""
        with self.lock:
            if listener.generation != self.generation:
                return self.reset(listener, self._reset_reason)
            self._knows_all(listener)
            self.counters.heartbeats += 1
            position = listener.position
            if self._heartbeat[0] != (self.epoch, position):
                frame = heartbeat_frame(self.epoch, position)
                self._heartbeat = (self.epoch, position), Frames([frame])
            return self._heartbeat[1].wire(listener.chunked)

    def reset(self, listener: Listener, reason: str) -> bytes:
        """Give up what a listener has missed: it is told so and goes on from now."""
        with self.lock:
            told = Frames([reset_frame(self.epoch, self.head, reason)]).wire(listener.chunked)
            self.counters.resets += 1
            listener.position = self.head
            listener.generation = self.generation
            return told

    def next_round(self) -> Round | None:
        """What has gathered since the last round; wakes the waiters it concerns."""
        with self.lock:
            start, end = self.delivered, self.head
            everybody, self._reset_everybody = self._reset_everybody, False
            signals, self._signals = self._signals, {}
            due = gathered(self.window, self.groups, signals, start, end)
            # Only now that the groups know: who has their newest has missed nothing up to here.
            self.delivered = end
            if not due and not everybody:
                return None
            self.counters.rounds += 1
            self.counters.round_events += end - start
            round_ = Round(self.generation, start, due, everybody)
            wake_waiters(round_, self.groups)
            return round_

    def _resume(self, listener: Listener, after: EventId) -> bytes:
        if reason := self.window.out_of_reach(after, self.replay_limit):
            return self.reset(listener, reason)
        listener.position = after.position
        self.counters.replays += after.position < self.head
        return b""

    def _knows_all(self, listener: Listener) -> bool:
        # Of the events behind ``delivered`` no group knows yet, so they do not count here: their
        # round is still to come, and it wakes whoever they concern.
        group = listener.group
        if group is None or listener.position < group.newest:
            return False
        listener.position = max(listener.position, self.delivered)
        return True
