"""Whom the events of a round concern."""

from collections.abc import Mapping

from orderboard.stream.group import Due, Group, Round
from orderboard.stream.source import E
from orderboard.stream.window import Window
from orderboard.stream.wire import Frames


def gathered(
    window: Window[E],
    groups: Mapping[str, Group],
    signals: Mapping[str, list[bytes]],
    start: int,
    end: int,
) -> list[Due]:
    """What each group is to be told of the positions behind ``start`` up to ``end``.

    The groups know of it from here on.
    """
    newest = dict.fromkeys(signals, 0)
    first = max(start + 1, window.oldest)
    if first > start + 1:
        # The oldest of these events left the window before their round, and with them the
        # knowledge whom they concern: each listener then looks for itself.
        newest = dict.fromkeys(groups, first - 1)
    for position in range(first, end + 1):
        newest.update(dict.fromkeys(window.audiences(position), position))
    return [
        _note(group, position, Frames(signals.get(audience, ())))
        for audience, position in newest.items()
        if (group := groups.get(audience))
    ]


def wake_waiters(round_: Round, groups: Mapping[str, Group]) -> None:
    """Have those look who take for themselves, where the round has something for them."""
    for item in round_.due:
        for waiter in item.group.waiters:
            if waiter.generation == round_.generation and waiter.position >= item.before:
                waiter.position = max(waiter.position, round_.start)
            waiter.wake()
    for group in groups.values() if round_.everybody else ():
        for waiter in group.waiters:
            waiter.wake()


def _note(group: Group, newest: int, signals: Frames) -> Due:
    before, group.newest = group.newest, max(group.newest, newest)
    return Due(group, before, signals)
