"""Streams opened ahead of the framework: to the same people, with the same words."""

import logging
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gevent.socket
import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config  # type: ignore[import-untyped]
from werkzeug.datastructures import Headers

from orderboard import create_app
from orderboard.config import Settings
from orderboard.edge.handler import ConnectionHandler
from orderboard.edge.plain import plain_get
from orderboard.people import keys, sessions
from tests.web.house import SECRETS, House, fresh, rules
from tests.web.support import as_staff, json_of, place, token_of, with_key
from tests.web.test_access import expected

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.skipif(
    not hasattr(select, "EPOLLRDHUP"), reason="sockets are handed over on Linux only"
)
HOST = {"Host": "shop.example"}
COOKIE = "orderboard_session"


def head(path: str, fields: dict[str, str], line: str = "GET {} HTTP/1.1") -> bytes:
    named = [f"{name}: {value}" for name, value in (HOST | fields).items()]
    return "\r\n".join([line.format(path), *named, "", ""]).encode("latin-1")


def carried(client: FlaskClient) -> dict[str, str]:
    """What a client's requests say of who asks."""
    key, cookie = client.environ_base.get("HTTP_AUTHORIZATION"), client.get_cookie(COOKIE)
    return ({"Authorization": key} if key else {}) | (
        {"Cookie": f"a=1; {COOKIE}={cookie.value}"} if cookie else {}
    )


class Door:
    """Asks an app for streams as its connections do. The far ends are kept."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.far: list[socket.socket] = []
        self.early = app.extensions["orderboard"].edge.early

    def ask(self, request: bytes, address: str = "127.0.0.1") -> socket.socket | None:
        """The other end of the stream that is opened at once, if it is."""
        near, far = socket.socketpair()
        ours = gevent.socket.socket(fileno=near.detach())
        asked = plain_get(request) if self.early.may_know(request) else None
        if asked is None or not self.early.take(asked, ours, address):
            assert select.select([far], [], [], 0)[0] == []
            ours.send(b"still here")  # nothing has happened to it
            ours.close()
            far.close()
            return None
        far.settimeout(10)
        self.far.append(far)
        return far

    def close(self) -> None:
        for end in self.far:
            end.close()


@pytest.fixture
def door(app: Flask) -> Iterator[Door]:
    stream = app.extensions["orderboard"].stream
    stream.start()
    deadline = time.monotonic() + 10
    while not stream.figures()["epoch"] and time.monotonic() < deadline:
        time.sleep(0.01)
    made = Door(app)
    yield made
    made.close()
    stream.close()


def heard(end: socket.socket, until: bytes) -> bytes:
    said = b""
    while until not in said:
        piece = end.recv(65536)
        assert piece, said
        said += piece
    return said


def listeners(app: Flask) -> dict[str, int]:
    found: dict[str, int] = app.extensions["orderboard"].stream.figures()["listeners"]
    return found


@SQLITE
def test_a_stream_opened_early_has_the_head_that_its_view_would_give_it(
    app: Flask, door: Door, admin: FlaskClient
) -> None:
    end = door.ask(head("/api/stream", carried(admin)))
    assert end
    first, _, body = heard(end, b"heartbeat").partition(b"\r\n\r\n")
    line, *fields = first.decode().split("\r\n")
    early = Headers([(name, value) for name, _, value in (f.partition(": ") for f in fields)])
    with admin.get("/api/stream") as slow:
        assert line == f"HTTP/1.1 {slow.status}"
        for name in ("Date", "Connection", "Transfer-Encoding"):
            assert early.pop(name)
        assert sorted(early) == sorted(slow.headers)
        assert next(iter(slow.response)).partition(b"\n")[0] in body
    assert body.partition(b"\r\n")[2].startswith(b"retry: ")
    assert listeners(app) == {"board": 1}


@SQLITE
def test_every_role_hears_early_what_it_hears_by_the_view_and_nobody_else_does(
    app: Flask, door: Door
) -> None:
    """Of all routes: one that streams and is let in early asks for the same as its view."""
    house = House(app)
    order = house.new_order()
    let_in = set()
    for rule in rules(app):
        known = {"token": token_of(order), "order_id": order["id"]}
        values = {name: known.get(name, 1) for name in rule.arguments}
        path = rule.build(values)[1]  # type: ignore[index]
        for role, client in house.clients.items():
            before = listeners(app)
            end = door.ask(head(path, carried(client)))
            if end is None:
                continue
            early = audience_of(before, app)
            let_in.add((rule.endpoint, role))
            before = listeners(app)
            answer = fresh(house, role).get(path)
            assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
            next(iter(answer.response))
            assert audience_of(before, app) == early, (rule.endpoint, role)
            answer.close()
    assert let_in == {
        (rule.endpoint, role)
        for rule in rules(app)
        for role, client in house.clients.items()
        if rule.endpoint in streams(client)
        if expected(rule, role) == "in"
    }


def streams(client: FlaskClient) -> set[str]:
    """The streams that may open early; the public ones not with a key, of which a view tells."""
    public = {"catalogue.stream_catalogue", "tracking.stream_tracked"}
    return {"events.stream"} | (public if "Authorization" not in carried(client) else set())


def audience_of(before: dict[str, int], app: Flask) -> str:
    now = listeners(app)
    (more,) = [kind for kind in now if now[kind] > before.get(kind, 0)]
    return more


@SQLITE
def test_a_customer_hears_of_their_own_order_and_of_no_other(
    door: Door, client: FlaskClient, admin: FlaskClient
) -> None:
    mine, other = place(admin, customer=SECRETS), place(admin)
    end = door.ask(head(f"/api/track/{token_of(mine)}/stream", {}))
    assert end
    for order in (other, mine):
        admin.put(f"/api/orders/{order['id']}/cancel", json={"reason": "x"})
    said = heard(end, b"order.cancelled")
    assert mine["id"].encode() in said
    assert other["id"].encode() not in said
    assert SECRETS["email"].encode() not in said


@SQLITE
def test_an_early_listener_goes_on_where_the_header_then_the_query_says(
    door: Door, client: FlaskClient, admin: FlaskClient
) -> None:
    start = json_of(admin.get("/api/orders"))["position"]
    epoch = start.partition("-")[0]
    numbers = [place(admin)["number"] for _ in range(3)]
    for path, fields, first in (
        (f"/api/stream?after={start}", {}, 0),
        (f"/api/stream?after={start}&lastEventId={epoch}-1&who=", {}, 1),
        (f"/api/stream?lastEventId={start}", {"Last-Event-ID": f"{epoch}-2"}, 2),
    ):
        end = door.ask(head(path, carried(admin) | fields))
        assert end
        said = heard(end, b'"number":%d' % numbers[-1])
        told = [n for n in numbers if b'"number":%d' % n in said]
        assert told == numbers[first:], path


ODD: dict[str, Callable[[bytes], bytes]] = {
    "another method": lambda text: text.replace(b"GET", b"POST"),
    "HEAD": lambda text: text.replace(b"GET", b"HEAD"),
    "HTTP/1.0": lambda text: text.replace(b"1.1", b"1.0"),
    "a line feed alone": lambda text: text.replace(b"\r\nHost", b"\nHost"),
    "a field twice": lambda text: text.replace(b"Host:", b"HOST: other.example\r\nHost:"),
    "a folded field": lambda text: text.replace(b"Host: ", b"Host:\r\n "),
    "no host": lambda text: text.replace(b"Host:", b"Ghost:"),
    "a host of odd letters": lambda text: text.replace(b"shop.example", b"shop/example"),
    "a blank before a colon": lambda text: text.replace(b"Host:", b"Host :"),
    "an underscore in a name": lambda text: text.replace(b"Host:", b"X_Y: 1\r\nHost:"),
    "letters beyond ASCII": lambda text: text.replace(b"Host:", b"X: \xe4\r\nHost:"),
    "a tab": lambda text: text.replace(b"Host:", b"X: \t1\r\nHost:"),
    "a body": lambda text: text.replace(b"Host:", b"Content-Length: 1\r\nHost:"),
    "a body in chunks": lambda text: text.replace(b"Host:", b"Transfer-Encoding: x\r\nHost:"),
    "a compressed body": lambda text: text.replace(b"Host:", b"Content-Encoding: br\r\nHost:"),
    "Expect": lambda text: text.replace(b"Host:", b"Expect: 100-continue\r\nHost:"),
    "Upgrade": lambda text: text.replace(b"Host:", b"Upgrade: h2c\r\nHost:"),
    "a slash behind": lambda text: text.replace(b"stream", b"stream/"),
    "an encoded path": lambda text: text.replace(b"stream", b"%73tream"),
    "an id that is none": lambda text: text.replace(b"stream", b"stream?after=x"),
    "an id that is none, unneeded": lambda text: text.replace(
        b"stream HTTP/1.1", b"stream?after=x HTTP/1.1\r\nLast-Event-ID: a-1"
    ),
    "a header's id that is none": lambda text: text.replace(b"Host:", b"Last-Event-ID: x\r\nHost:"),
    "an unknown name": lambda text: text.replace(b"stream", b"stream?before=1-1"),
    "a name twice": lambda text: text.replace(b"stream", b"stream?after=&after="),
    "an encoded name": lambda text: text.replace(b"stream", b"stream?%61fter="),
    "a semicolon": lambda text: text.replace(b"stream", b"stream?after=;who=x"),
    "a position that is ahead": lambda text: text.replace(b"stream", b"stream?after=a-99"),
    "somebody else": lambda text: text.replace(b"stream", b"stream?who=staff%3A77"),
    "a key that is none": lambda text: text.replace(b"ob_", b"ob_x"),
    "another scheme": lambda text: text.replace(b"Bearer", b"Basic"),
}


@SQLITE
def test_whatever_is_not_asked_in_the_plainest_way_is_left_to_the_views(
    door: Door, admin: FlaskClient
) -> None:
    plain = head("/api/stream", carried(admin))
    assert door.ask(plain)
    for name, made_odd in ODD.items():
        odd = made_odd(plain)
        assert odd != plain, name
        assert door.ask(odd) is None, name


@SQLITE
def test_two_cookies_of_one_name_are_left_to_the_view(door: Door, staff: FlaskClient) -> None:
    cookie = carried(staff)["Cookie"]
    assert door.ask(head("/api/stream", {"Cookie": cookie}))
    quoted = f'b="{cookie}; c"'
    for odd in (f"{COOKIE}=x; {cookie}", f'{COOKIE}="x"; {cookie}', quoted, f"x{cookie}x", "a=1"):
        assert door.ask(head("/api/stream", {"Cookie": odd})) is None, odd


@SQLITE
def test_who_a_page_was_made_for_is_looked_at(door: Door, staff: FlaskClient) -> None:
    caller = "staff%3A1"
    assert door.ask(head(f"/api/stream?after=&who={caller}", carried(staff)))
    assert door.ask(head(f"/api/stream?after=&who={caller}1", carried(staff))) is None


@SQLITE
def test_a_session_that_ended_and_a_key_that_was_revoked_open_nothing(
    app: Flask, door: Door
) -> None:
    browser, script = as_staff(app), with_key(app, "read", name="report")
    for client in (browser, script):
        assert door.ask(head("/api/stream", carried(client)))
    with app.app_context():
        token = browser.get_cookie(COOKIE)
        assert token
        found = sessions.find(token.value)
        assert found
        assert sessions.end(found.id)
        assert keys.revoke("report")
    for client in (browser, script):
        assert door.ask(head("/api/stream", carried(client))) is None


@SQLITE
def test_who_opened_early_is_sent_away_when_their_session_ends(app: Flask, door: Door) -> None:
    browser = as_staff(app)
    end = door.ask(head("/api/stream", carried(browser)))
    assert end
    assert browser.post("/admin/sign-out").status_code == 303
    assert b'"reason":"revoked"' in heard(end, b"event: end")


@SQLITE
def test_who_may_hear_less_or_more_by_a_new_role_is_sent_away_to_come_again(
    app: Flask, door: Door, admin: FlaskClient
) -> None:
    browser, stays = (as_staff(app, f"{who}@example.com", "operator") for who in ("bo", "cy"))
    staff = {one["email"][:2]: one["id"] for one in json_of(admin.get("/api/staff"))["staff"]}
    bo, cy = staff["bo"], staff["cy"]
    same = door.ask(head("/api/stream", carried(stays)))
    assert same
    assert admin.patch(f"/api/staff/{cy}", json={"role": "owner"}).status_code == 200
    for role, audience in (("viewer", "reader"), ("operator", "board")):
        end = door.ask(head("/api/stream", carried(browser)))
        assert end
        assert admin.patch(f"/api/staff/{bo}", json={"role": role}).status_code == 200
        assert b'"reason":"revoked"' in heard(end, b"event: end")
        assert door.ask(head("/api/stream", carried(browser)))
        assert listeners(app).get(audience)
    place(admin)
    assert b"event: end" not in heard(same, b"event: order.created")


@SQLITE
def test_too_many_of_an_address_are_refused_by_the_view_and_counted_once(
    settings: Settings,
) -> None:
    app = create_app(replace(settings, stream_limit=2))
    stream = app.extensions["orderboard"].stream
    stream.start()
    admin = with_key(app, "admin")
    with admin.get("/api/stream") as answer:
        next(iter(answer.response))
    door = Door(app)
    try:
        assert door.ask(head("/api/stream", carried(admin)))
        assert door.ask(head("/api/stream", carried(admin))) is None
        assert stream.figures()["counters"]["refused_rate"] == 0
        assert door.ask(head("/api/stream", carried(admin)), "10.0.0.9")
        assert b'"reason":"rate"' in admin.get("/api/stream").data
    finally:
        door.close()
        stream.close()


@SQLITE
def test_early_streams_are_counted_with_all_others(
    app: Flask, door: Door, admin: FlaskClient
) -> None:
    def count() -> float:
        line = 'orderboard_answers_total{process="%s",route="/api/stream",status="200"}'
        wanted = line % app.extensions["orderboard"].stream.process
        lines = admin.get("/metrics").text.splitlines()
        return sum(float(one.rpartition(" ")[2]) for one in lines if one.startswith(wanted))

    before = count()
    assert door.ask(head("/api/stream", carried(admin)))
    assert count() == before + 1


class Worker:
    """A worker, and what of a connection reached its framework."""

    cfg = Config()
    log = logging.getLogger(__name__)

    def __init__(self) -> None:
        self.reached: list[str] = []

    def timeout_ctx(self) -> gevent.Timeout:
        return gevent.Timeout(5, False)

    def handle_request(self, _name: object, request: Any, *_: object) -> None:
        self.reached.append(request.path)
        raise StopIteration("told")


@SQLITE
@pytest.mark.parametrize("proxies", [0, 1])
def test_only_what_is_not_plain_reaches_the_framework(settings: Settings, proxies: int) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies))
    stream, worker = app.extensions["orderboard"].stream, Worker()
    stream.start()
    admin = with_key(app, "admin")
    with admin.get("/api/stream") as answer:
        next(iter(answer.response))
    fields = carried(admin) | {"X-Forwarded-For": "192.0.2.1, 203.0.113.9"}
    serve = ConnectionHandler(worker, app.extensions["orderboard"].edge).handle
    try:
        with gevent.socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            for path in ("/api/stream", "/api/stream?after=x", "/api/orders"):
                far = gevent.socket.create_connection(listener.getsockname(), 5)
                far.sendall(head(path, fields))
                serve(listener, *listener.accept())
                if not worker.reached:
                    assert b"retry: " in far.recv(4096)
                    counts = stream._running().hub.listener_counts
                    assert counts.of_address("203.0.113.9" if proxies else "127.0.0.1") == 1
                far.close()
    finally:
        stream.close()
    assert worker.reached == ["/api/stream", "/api/orders"]
