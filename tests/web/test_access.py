"""Who may ask for what: every route, every role, one's own and somebody else's record."""

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web.house import SECRETS, House, arguments, ask, fresh, rules
from tests.web.support import json_of, position, token_of

EVERYBODY = (
    "anonymous customer intake read intake+read admin owner operator viewer driver other_driver"
)
STAFF = "owner operator viewer"
READERS = f"read intake+read admin {STAFF}"
OFFICE = "admin owner operator"
ONLOOKERS = f"admin {STAFF}"
OWNERS = "admin owner"
NOT_HERE = " ".join(f"{role}:404" for role in EVERYBODY.split())
"""Without a provider nobody pays online."""
PLACERS = "anonymous customer intake intake+read admin owner operator driver other_driver"

MATRIX: dict[str, str] = {
    "accepting.accept_order": OFFICE,
    "assigning.assign_order": OFFICE,
    "duplicates.settle_duplicate": OFFICE,
    "board.board": STAFF,
    "bulk.assign_orders": OFFICE,
    "bulk.mark_printed": OFFICE,
    "bulk.move_orders": OFFICE,
    "bulk.tag_orders": OFFICE,
    "bulk.undo_changes": OFFICE,
    "catalogue.read_catalogue": EVERYBODY,
    "catalogue.stream_catalogue": EVERYBODY,
    "consumers.list_consumers": ONLOOKERS,
    "customers.customer_of_order": READERS,
    "customers.erase_customer": OFFICE,
    "customers.export_customer": READERS,
    "customers.list_customers": READERS,
    "customers.merge_customer": OFFICE,
    "customers.read_customer": READERS,
    "customers_page.customers": STAFF,
    "discounts.add_discount": OWNERS,
    "discounts.edit_discount": OWNERS,
    "discounts.list_discounts": ONLOOKERS,
    "desk.new_order": "owner operator",
    "document.docs": EVERYBODY,
    "document.openapi": EVERYBODY,
    "driver.driver_page": "driver other_driver",
    "driver.open_link": EVERYBODY,
    "drivers.add_driver": OFFICE,
    "drivers.edit_driver": OFFICE,
    "drivers.list_drivers": READERS,
    "drivers.make_link": OFFICE,
    "events.list_events": f"{READERS} driver other_driver",
    "events.stream": f"{READERS} driver other_driver",
    "events.timeline": READERS,
    "exporting.export_orders": READERS,
    "exporting.export_some": READERS,
    "health.alive": EVERYBODY,
    "health.metrics": EVERYBODY,
    "health.ready": EVERYBODY,
    "keys.list_keys": OWNERS,
    "keys.make_key": OWNERS,
    "keys.revoke_key": OWNERS,
    "live.live": STAFF,
    "looks.imprint": EVERYBODY,
    "looks.picture": EVERYBODY,
    "looks.logo": EVERYBODY,
    "looks.stylesheet": EVERYBODY,
    "online.pay": NOT_HERE,
    "online.webhook": NOT_HERE,
    "order.order_page": EVERYBODY,
    "order.other_page": EVERYBODY,
    "order.place_order": PLACERS.replace("intake intake+read admin ", ""),
    "notes.add_note": OFFICE,
    "orders.answer_cancellation": OFFICE,
    "orders.assign_driver": OFFICE,
    "orders.cancel_order": OFFICE,
    "orders.edit_order": OFFICE,
    "orders.list_orders": READERS,
    "orders.move_order": f"{OFFICE} driver other_driver:404",
    "orders.read_order": f"{READERS} driver other_driver:404",
    "orders.track_order": f"{OFFICE} driver other_driver:404",
    "analytics.read_analytics": READERS,
    "overview.overview": READERS,
    "overview_page.overview": STAFF,
    "payments.add_payment": OFFICE,
    "payments.move_payment": OFFICE,
    "payments.read_refundable": ONLOOKERS,
    "payments.refund": OFFICE,
    "returns.open_return": OFFICE,
    "presence.tell_presence": f"{STAFF} admin:401",
    "placing.place_batch": "intake intake+read admin owner operator",
    "placing.place_order": PLACERS,
    "printing.mark_printed": OFFICE,
    "printing.print_order": OFFICE,
    "printing.test_printer": OFFICE,
    "printing_page.one_ticket": "owner operator",
    "printing_page.sheet": "owner operator",
    "printing_page.slip": "owner operator",
    "printing_page.tickets": "owner operator",
    "product_pictures.remove_picture": OFFICE,
    "product_pictures.set_picture": OFFICE,
    "product_tables.export_products": READERS,
    "product_tables.import_products": OFFICE,
    "products.add_product": OFFICE,
    "products.edit_product": OFFICE,
    "products.edit_products": OFFICE,
    "products.list_products": READERS,
    "products.read_product": READERS,
    "products_page.products": STAFF,
    "quoting.quote_order": PLACERS,
    "views.add_view": ONLOOKERS,
    "views.delete_view": ONLOOKERS,
    "views.list_views": ONLOOKERS,
    "settings.edit_settings": OWNERS,
    "settings.read_settings": ONLOOKERS,
    "settings.read_shop": EVERYBODY,
    "settings.remove_logo": OWNERS,
    "settings.set_logo": OWNERS,
    "settings_page.settings": "owner",
    "staff.account": STAFF,
    "staff.end_session": STAFF,
    "staff.set_password": STAFF,
    "staff.sign_in": EVERYBODY,
    "staff.sign_in_by_link": EVERYBODY,
    "staff.sign_in_page": EVERYBODY,
    "staff.sign_out": EVERYBODY,
    "staff_api.edit_member": OWNERS,
    "staff_api.end_staff_session": OWNERS,
    "staff_api.end_staff_sessions": OWNERS,
    "staff_api.invite": OWNERS,
    "staff_api.list_staff": OWNERS,
    "staff_api.list_staff_sessions": OWNERS,
    "staff_api.make_staff_link": OWNERS,
    "staff_api.revoke_member": OWNERS,
    "static": EVERYBODY,
    "stream_figures.figures": ONLOOKERS,
    "team_page.team": "owner",
    "track.cancel_by_form": EVERYBODY,
    "track.track_parts": EVERYBODY,
    "track.pay_by_form": NOT_HERE,
    "track.track_page": EVERYBODY,
    "tracking.cancel_tracked": EVERYBODY,
    "tracking.read_tracked": EVERYBODY,
    "tracking.stream_tracked": EVERYBODY,
    "undoing.undo_change": f"{OFFICE} other_driver:404",
}
"""Endpoint → who gets in. ``role:404``: it is somebody's record, and there is none for them.
Whoever is not named is told to sign in (401, or the sign-in page) or that it is not for them (403).
"""

RECORDS = ("order_id", "token", "driver_id", "session_id", "staff_id")
OF_STAFF = ("staff_api.edit_member", "staff_api.revoke_member", "staff_api.end_staff_sessions")
BY_NUMBER = {"driver_id", "session_id", "staff_id"}
"""What is made anew to be named, which is a change."""
FAILS = {
    "accepting.accept_order": 409,
    "duplicates.settle_duplicate": 409,
    "customers.merge_customer": 422,
    "payments.refund": 409,
    "quoting.quote_order": 422,
    "returns.open_return": 409,
    "staff.sign_in": 422,
    "track.cancel_by_form": 409,
    "tracking.cancel_tracked": 409,
}
"""Endpoints whose good request is refused for a reason that has nothing to do with roles."""


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)


def outcome(answer: TestResponse, endpoint: str) -> str:
    """What an answer says about who may ask."""
    answer.close()
    if answer.status_code in (401, 403, 404):
        return str(answer.status_code)
    if answer.status_code == 302 and answer.location.startswith("/admin/sign-in?next="):
        return "sign in"
    good = FAILS.get(endpoint)
    assert answer.status_code == good if good else answer.status_code < 400, answer.text
    return "in"


def expected(rule: Rule, role: str) -> str:
    """What the matrix says about a role that asks for a route."""
    assert rule.endpoint in MATRIX, (
        f"{rule.endpoint} ({rule.rule}) is a new route: say in MATRIX who may ask for it"
    )
    entries = dict(entry.partition(":")[::2] for entry in MATRIX[rule.endpoint].split())
    if role in entries:
        return entries[role] or "in"
    if role in STAFF:
        return "403"
    if not entries.keys().isdisjoint(STAFF.split()) and not rule.rule.startswith("/api/"):
        return "sign in"
    return "401" if role in ("anonymous", "customer") else "403"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_role_gets_into_every_route_as_the_matrix_says(house: House) -> None:
    wrong = []
    order = house.new_order()
    for rule in rules(house.app):
        for role in house.clients:
            if rule.endpoint == "staff.sign_out" and role in (
                *STAFF.split(),
                "driver",
                "other_driver",
            ):
                continue  # it would end the session that the rest of this test needs
            methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}  # a HEAD is guarded as a GET
            changes = methods != {"GET"} and expected(rule, role) == "in"
            if {"order_id", "token"} & rule.arguments and changes:
                order = house.new_order()
            values = arguments(house, rule, order, role)
            for method in sorted(methods):
                answer = ask(fresh(house, role), rule, method, values)
                found = outcome(answer, rule.endpoint)
                if found != expected(rule, role):
                    wrong.append((rule.endpoint, method, role, found, expected(rule, role)))
    assert wrong == []
    gone = MATRIX.keys() - {rule.endpoint for rule in rules(house.app)}
    assert not gone, f"in MATRIX, but no route: {gone}"


def test_who_is_refused_changes_nothing(house: House) -> None:
    order = house.new_order()
    before = position(house.app), json_of(house.office.get(f"/api/orders/{order['id']}"))
    for rule in rules(house.app):
        for role in house.clients:
            if expected(rule, role) != "in" and not BY_NUMBER & rule.arguments:
                values = arguments(house, rule, order, role)
                for method in (rule.methods or set()) - {"OPTIONS", "HEAD", "GET"}:
                    ask(fresh(house, role), rule, method, values)
    after = position(house.app), json_of(house.office.get(f"/api/orders/{order['id']}"))
    assert after == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_reads_what_is_not_for_them(house: House) -> None:
    order = house.new_order()
    token, contact = token_of(order), [SECRETS["email"], SECRETS["phone"]]
    everything = [token, *SECRETS.values()]
    hidden = {
        "anonymous": everything,
        "customer": everything,
        "intake": everything,
        "read": [token],
        "intake+read": [token],
        "viewer": [token],
        "driver": [token, SECRETS["email"]],
        "other_driver": everything,
    }
    for rule in rules(house.app):
        for role, secrets in hidden.items():
            values = arguments(house, rule, order, role)
            if "token" in rule.arguments and not rule.endpoint.endswith("link"):
                values = {"token": house.others_token}
            if rule.endpoint == "staff.sign_out":
                continue
            for method in sorted(rule.methods or set()):
                answer = ask(fresh(house, role), rule, method, values)
                said = said_in(answer)
                told = [secret for secret in secrets if secret in said]
                assert not told, (rule.endpoint, method, role, told)
    for path in (f"/api/track/{token}", f"/track/{token}"):
        page = house.clients["customer"].get(path).text
        assert SECRETS["name"] in page
        assert not [secret for secret in contact if secret in page]


def said_in(answer: TestResponse) -> str:
    """Head and body of an answer; of a stream its first piece."""
    if answer.mimetype == "text/event-stream":
        body = "" if answer.request.method == "HEAD" else next(iter(answer.response)).decode()
    else:
        body = answer.data.decode(errors="replace")  # a picture is no text
    answer.close()
    return f"{answer.headers}\n{body}"


def test_what_is_not_there_and_what_is_somebody_elses_look_the_same(house: House) -> None:
    order = house.new_order()
    for role, endpoints in (
        ("other_driver", ("orders.read_order", "orders.move_order", "orders.track_order")),
        (
            "owner",
            ("orders.read_order", "staff.end_session", "drivers.make_link", *OF_STAFF),
        ),
        ("customer", ("tracking.read_tracked", "tracking.cancel_tracked", "track.track_page")),
    ):
        for rule in rules(house.app, *RECORDS):
            if rule.endpoint in endpoints:
                (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
                absent = dict.fromkeys(rule.arguments, 999_999)
                nothing = ask(fresh(house, role), rule, method, absent)
                assert nothing.status_code == 404, rule.endpoint
                if role == "other_driver":
                    theirs = ask(fresh(house, role), rule, method, {"order_id": order["id"]})
                    assert theirs.get_json() == nothing.get_json()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_method_that_a_route_does_not_have_is_refused_and_the_others_are_named(
    house: House,
) -> None:
    routes = house.app.url_map.bind("localhost")
    for rule in rules(house.app):
        path = rule.build(dict.fromkeys(rule.arguments, 1))[1]  # type: ignore[index]
        known = set(routes.allowed_methods(path))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = house.office.open(path, method=method)
            allowed = set(answer.headers.get("Allow", "").split(", "))
            assert (answer.status_code, allowed) == (405, known), (method, path)
