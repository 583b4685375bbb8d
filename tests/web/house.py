"""An app with somebody in every role, and good requests for every route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from orderboard.catalogue import commands as catalogue
from orderboard.customers import queries as customers
from orderboard.customers.queries import Filter
from orderboard.database import reading
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import queries as orders
from orderboard.people import drivers, keys, sessions, staff, team
from orderboard.people.staff import Member
from orderboard.saved_views import commands as saved_views
from tests.customers.support import catch_up
from tests.web.support import as_driver, as_staff, new_driver, place, token_of, with_key

SECRETS = {"name": "Augusta K", "email": "augusta@private.example", "phone": "0700 900123"}


@dataclass
class House:
    """An app with somebody in every role, and an order that is one driver's and one customer's."""

    app: Flask
    office: FlaskClient = field(init=False)
    clients: dict[str, FlaskClient] = field(init=False)
    code: str = "SPRING"

    def __post_init__(self) -> None:
        self.office = with_key(self.app, "admin", name="office")
        self.driver = new_driver(self.app, "Bo")
        self.clients = {
            "anonymous": self.app.test_client(),
            "customer": self.app.test_client(),
            "intake": with_key(self.app, "intake", name="shop"),
            "read": with_key(self.app, "read", name="report"),
            "intake+read": with_key(self.app, "intake", "read", name="both"),
            "admin": self.office,
            "owner": as_staff(self.app),
            "operator": as_staff(self.app, "oz@example.com", "operator"),
            "viewer": as_staff(self.app, "vi@example.com", "viewer"),
            "driver": as_driver(self.app, self.driver),
            "other_driver": as_driver(self.app, new_driver(self.app, "Cy")),
        }
        self.sku = new_product(self.app)
        printer = {"name": "Kitchen", "address": "127.0.0.1:1024", "when": "asked"}
        self.office.patch("/api/settings", json={"imprint": "Ada", "printers": [printer]})
        self.office.put("/api/settings/logo", data=LOGO, content_type="image/gif")
        self.office.post("/api/discounts", json={"code": self.code, "percent": "10"})
        place(self.office, customer=SECRETS)
        self.customer = last_customer(self.app)
        self.others_token = token_of(place(self.office, customer="Somebody else"))

    def new_order(self) -> dict[str, Any]:
        """An order with the driver, to be paid, whose customer asks to cancel."""
        order = place(self.office, customer=SECRETS)
        path = f"/api/orders/{order['id']}"
        self.office.put(f"{path}/status", json={"status": "processing"})
        self.office.put(f"{path}/driver", json={"driver": self.driver})
        payment = {"method": "card", "amount": "1", "status": "pending"}
        self.office.post(f"{path}/payments", json=payment)
        self.clients["anonymous"].put(
            f"/api/track/{token_of(order)}/cancel", json={"reason": "Changed my mind"}
        )
        return order


_tries = count()
LOGO = bytes.fromhex("474946383761010001008000000000000000002c000000000100010000080400010404003b")
"""A picture of one pixel."""
ENDS: dict[str, Any] = {
    "accepting.accept_order": {"json": {"ready_in": 10}},
    "assigning.assign_order": {"json": {"staff": None}},
    "duplicates.settle_duplicate": {"json": {"keep": "both"}},
    "bulk.assign_orders": {"json": {"ids": ["ord_none"], "driver": None}},
    "bulk.mark_printed": {"json": {"ids": ["ord_none"]}},
    "views.add_view": {"json": {"name": "V", "query": ""}},
    "bulk.move_orders": {"json": {"ids": ["ord_none"], "status": "shipped"}},
    "bulk.tag_orders": {"json": {"ids": ["ord_none"], "add": ["x"]}},
    "bulk.undo_changes": {"json": {"undo": [{"id": "ord_none", "position": 1}]}},
    "customers.merge_customer": {"json": {"customer": "cus_none"}},
    "discounts.add_discount": {"json": {"code": "A", "percent": "10"}},
    "discounts.edit_discount": {"json": {"active": True}},
    "drivers.add_driver": {"json": {"name": "Di"}},
    "drivers.edit_driver": {"json": {"name": "Di"}},
    "keys.make_key": {"json": {"name": "till", "scopes": ["intake"]}},
    "notes.add_note": {"json": {"text": "x"}},
    "orders.answer_cancellation": {"json": {"accept": False}},
    "orders.assign_driver": {"json": {"driver": None}},
    "orders.cancel_order": {"json": {"reason": "x"}},
    "orders.edit_order": {"json": {"note": "x"}},
    "orders.move_order": {"json": {"status": "shipped"}},
    "orders.track_order": {"json": {"location": {"lat": 52.5, "lng": 13.4}}},
    "order.place_order": {"data": {"customer-name": "x"}},
    "payments.add_payment": {"json": {"method": "card", "amount": "1"}},
    "payments.move_payment": {"json": {"status": "paid"}},
    "payments.refund": {"json": {"amount": "1000", "reason": "x"}},
    "returns.open_return": {
        "json": {"lines": [{"line": "line_1", "quantity": 1}], "reason": "x"},
    },
    "printing.print_order": {"json": {"printer": "printer_1"}},
    "presence.tell_presence": {"json": {"page": "p1", "order": None}},
    "placing.place_batch": {"json": {"orders": [{"customer": "x"}]}},
    "placing.place_order": {"json": {"customer": "x"}},
    "product_pictures.set_picture": {"data": LOGO, "content_type": "image/gif"},
    "product_tables.import_products": {"data": "sku,name\nA-1,Bread\n", "content_type": "text/csv"},
    "products.add_product": {"json": {"sku": "A-1", "name": "Bread"}},
    "products.edit_product": {"json": {"name": "Bread"}},
    "products.edit_products": {"json": {"skus": ["A-1"], "active": True}},
    "quoting.quote_order": {"json": {"items": [{"sku": "none", "quantity": 1}]}},
    "settings.edit_settings": {"json": {"lead_minutes": 40}},
    "settings.set_logo": {"data": LOGO, "content_type": "image/gif"},
    "staff_api.edit_member": {"json": {"role": "operator"}},
    "staff_api.invite": {"json": {"email": "new@example.com", "role": "viewer"}},
    "staff_api.make_staff_link": {"json": {}},
    "staff.set_password": {"data": {"password": "a long enough one"}},
    "staff.sign_in": {"data": {"email": "x@example.com", "password": "wrong"}},
    "track.cancel_by_form": {"data": {"reason": "x"}},
    "tracking.cancel_tracked": {"json": {"reason": "x"}},
}
"""What a request for an endpoint carries to be a good one."""


def rules(app: Flask, *with_arguments: str) -> list[Rule]:
    """The routes of the app; only those with one of these arguments, if any is named."""
    everything = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    return [r for r in everything if not with_arguments or r.arguments & set(with_arguments)]


def arguments(house: House, rule: Rule, order: dict[str, Any], role: str) -> dict[str, Any]:
    """What to put into a route's path so that it is good for this role."""
    with house.app.app_context():
        named = another_member() if "staff_id" in rule.arguments else None
        made: dict[str, Callable[[], Any]] = {
            "digest": lambda: shown_picture(house),
            "code": lambda: house.code,
            "order_id": lambda: order["id"],
            "view_id": lambda: new_view(role),
            "filename": lambda: "css/base.css",
            "customer_id": lambda: house.customer,
            "driver_id": lambda: new_driver(house.app, "Ed"),
            "key_id": lambda: another_key(),
            "printer_id": lambda: "printer_1",
            "payment_id": lambda: "payment_1",
            "session_id": lambda: another_session(named, role),
            "staff_id": lambda: named,
            "sku": lambda: house.sku,
            "token": lambda: {
                "driver.open_link": lambda: drivers.new_link_token(
                    drivers.add("Flo", None, Actor("staff", "Ada"))["id"]
                ),
                "staff.sign_in_by_link": lambda: staff.new_sign_in_token("eve@example.com"),
            }.get(rule.endpoint, lambda: token_of(order))(),
        }
        asked = {"ids": order["id"]} if rule.endpoint == "printing_page.tickets" else {}
        return {name: made[name]() for name in rule.arguments} | asked


def new_view(role: str) -> str:
    """The id of a view that the role may delete."""
    emails = {"operator": "oz@example.com", "viewer": "vi@example.com"}
    mine = [one["id"] for one in team.everyone() if one["email"] == emails.get(role)]
    owner = f"staff:{mine[0]}" if mine else "key:office"
    name = f"V-{next(_tries)}"
    return str(saved_views.add(name, "", True, owner, Actor("staff", "Ada"))["id"])


def shown_picture(house: House) -> str:
    """The name of a picture that a product shows."""
    path = f"/api/products/{new_product(house.app)}/picture"
    product = house.office.put(path, data=LOGO, content_type="image/gif").get_json()
    return str(product["image"].rpartition("/")[2])


def first_order(app: Flask) -> str:
    """The id of an order."""
    with app.app_context(), reading() as connection:
        return orders.ids_of(connection, [1])[0]


def newest_change(app: Flask, order_id: str) -> int:
    """The position of the last move of an order."""
    with app.app_context():
        events = log.since(0, 100, f"order:{order_id}")
    return max((event.position for event in events if "status" in event.changes), default=1)


def last_customer(app: Flask) -> str:
    """The id of the customer whose order came last."""
    with app.app_context():
        catch_up()
        return str(customers.page(Filter(currency="EUR")).customers[0]["id"])


def new_product(app: Flask) -> str:
    """The sku of a new product."""
    sku = f"P-{next(_tries)}"
    with app.app_context(), log.transaction() as tx:
        catalogue.add(tx, {"sku": sku, "name": "Bread"}, "EUR", Actor("staff", "Ada"))
    return sku


def another_key() -> int:
    """A key that nobody needs."""
    keys.create("another", ("intake",))
    return max(int(key["id"]) for key in keys.everyone())


def another_member() -> int:
    """Somebody of the staff whom nobody needs."""
    email = f"m{next(_tries)}@example.com"
    return team.invite(email, None, "viewer", 1, Actor("staff", "Ada"))[0]


def another_session(staff_id: int | None, role: str) -> int:
    """A session of the member that is named, or another one of who asks."""
    emails = {"operator": "oz@example.com", "viewer": "vi@example.com"}
    email = emails.get(role, "ada@example.com")
    members = [one for one in team.everyone() if staff_id in (one["id"], None)]
    known = next(one for one in members if staff_id or one["email"] == email)
    member = Member(known["id"], known["email"], known["name"], False, known["role"])
    sessions.begin_for_staff(member, "another browser")
    return max(session["id"] for session in sessions.of_member(member))


def ask(
    client: FlaskClient, rule: Rule, method: str, values: dict[str, Any], **more: Any
) -> TestResponse:
    """The answer to a request that is as good as it can be."""
    path = rule.build(values)[1]  # type: ignore[index]
    carried = ENDS.get(rule.endpoint, {}) if method in ("POST", "PUT", "PATCH") else {}
    if rule.endpoint == "products.add_product" and carried:
        carried = {"json": {"sku": f"N-{next(_tries)}", "name": "Bread"}}
    if rule.endpoint == "discounts.add_discount" and carried:
        carried = {"json": {"code": f"C-{next(_tries)}", "percent": "10"}}
    if rule.endpoint == "views.add_view" and carried:
        carried = {"json": {"name": f"V-{next(_tries)}", "query": "status=pending"}}
    if rule.endpoint == "staff_api.invite" and carried:
        carried = {"json": {"email": f"i{next(_tries)}@example.com", "role": "viewer"}}
    if rule.endpoint == "exporting.export_some":
        carried = {"json": {"ids": [first_order(client.application)]}}
    if rule.endpoint == "undoing.undo_change":
        carried = {"json": {"position": newest_change(client.application, values["order_id"])}}
    if rule.endpoint == "staff.sign_in" and carried:
        # The tries of one account get slower and slower.
        carried = {"data": {"email": f"x{next(_tries)}@example.com", "password": "wrong"}}
    return client.open(path, method=method, **carried, **more)


def fresh(house: House, role: str) -> FlaskClient:
    """The role's client, whose cookies this request cannot change for others."""
    known = house.clients[role]
    client = house.app.test_client()
    client.environ_base.update(known.environ_base)
    if cookie := known.get_cookie("orderboard_session"):
        client.set_cookie("orderboard_session", cookie.value)
    return client
