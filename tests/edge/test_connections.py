"""So many connections in all, and so many of one address."""

from contextlib import ExitStack, suppress

import pytest

from orderboard.edge.connections import Connections, Refused, network


def test_there_is_room_for_so_many_in_all() -> None:
    connections = Connections(2, 9)
    with ExitStack() as stack:
        stack.enter_context(connections.slot(5))
        stack.enter_context(connections.slot(6))
        with pytest.raises(Refused, match="full"), connections.slot(7):
            pass
    assert connections.open == 0
    with connections.slot(5):
        pass


def test_connections_leave_some_descriptors_to_others() -> None:
    with pytest.raises(Refused, match="full"), Connections(9, 9).slot(10**9):
        pass


def test_one_address_takes_nothing_from_another() -> None:
    connections = Connections(9, 1)
    with connections.place("10.0.0.1"):
        with pytest.raises(Refused, match="address"), connections.place("10.0.0.1"):
            pass
        with connections.place("10.0.0.2"):
            pass
    with connections.place("10.0.0.1"):
        pass


def test_no_address_has_more_than_are_free() -> None:
    connections, most = Connections(40, 30), []
    with ExitStack() as stack:
        for whose in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
            taken = 0
            with suppress(Refused):
                while True:
                    with ExitStack() as one:
                        one.enter_context(connections.slot(5))
                        one.enter_context(connections.place(whose))
                        stack.push(one.pop_all())
                    taken += 1
            most.append(taken)
        assert most == [20, 10, 5]
        with connections.slot(5), connections.place("10.0.0.4"):
            pass


def test_whose_address_is_not_known_is_not_counted() -> None:
    connections = Connections(9, 1)
    with connections.place(""), connections.place(""):
        pass


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("nonsense:", "nonsense", False),
    ],
)
def test_a_household_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
