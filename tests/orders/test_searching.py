"""A search finds what a plain look at all orders finds, on both databases, and nothing else."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard import clock, schema
from orderboard.database import db, reading
from orderboard.errors import StartFailed
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import commands, editing, finding, indexing, newest, queries
from orderboard.orders.model import Order, OrderText, SearchState
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place
from orderboard.orders.wanted import Filter
from orderboard.people import drivers

Json = dict[str, Any]
_orders = Order.__table__
STAFF = Actor("staff", "Ada")
NAMES = ("Ada Lovelace", "Bo", "Zoë Straße", "Ольга", "שלום כהן", "محمد", "a\u0301b c", "Bo-Ho 51")
WORDS = (
    "tea",
    "TEA",
    "Teapot",
    'a"b"c',
    "NEAR(x)",
    "x*",
    "100%",
    "a_b",
    "--",
    "5151",
    "ﬁne",
    "日本語",
)
PHONES = ("+49 (30) 12-34", "030/1234", "0049301234", "12 34 5", "x12", None)
HOSTILE = (
    '"',
    '""',
    "'",
    "a OR b",
    "NOT",
    "tea AND pot",
    "NEAR(a b)",
    "text:tea",
    "^tea",
    "tea*",
    "-tea",
    "{a}",
    "(",
    "\\",
    "%",
    "_",
    "...",
    "!?",
    "\u0301",
    "\u202eaet",
    "{" * 30,
    "#",
    "##51",
)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(params=[10_000, 0], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to find what is sorted otherwise."""
    monkeypatch.setattr(finding, "FEW", request.param)
    if not request.param:
        for name, value in (("FEW", 1), ("_TRIAL", 2), ("_MOST", 12), ("_APART", 30)):
            monkeypatch.setattr(newest, name, value)


def test_any_search_finds_what_a_plain_look_at_all_orders_finds(few: None) -> None:
    dice = Random(51)
    shop(dice, 40)
    with reading() as connection:
        everything = queries.numbered(connection, 0, 1_000)
        rows = connection.execute(sa.select(_orders)).mappings().all()
    order_of = {
        sort: {row["number"]: (row[column], row["number"]) for row in rows}
        for sort, column in (("total", "total"), ("-created", "created_at"))
    }
    found_some = 0
    for n in range(600):
        search = HOSTILE[n] if n < len(HOSTILE) else random_search(dice, everything)
        chosen: Json = {"status": ["pending"]} if dice.random() < 0.2 else {}
        expected = [o["number"] for o in everything if fits(o, search)]
        expected = [o for o in expected if not chosen or o % 3]
        sort = dice.choice(("total", "-created"))
        expected.sort(key=order_of[sort].__getitem__, reverse=sort == "-created")
        exact = search.strip().removeprefix("#")
        if exact.isascii() and exact.isdigit() and int(exact) in expected:
            expected.remove(int(exact))
            expected.insert(0, int(exact))
        wanted = Filter(q=search, sort=sort, limit=dice.choice((2, 7, 200)), **chosen)
        assert walked(wanted) == expected, (search, chosen, sort)
        found_some += bool(expected)
    assert found_some > 200


def shop(dice: Random, orders: int) -> None:
    people = [drivers.add(name, None, STAFF)["id"] for name in ("Bo Diddley", "Teo", "Zoë 51")]
    with log.transaction() as tx:
        for _ in range(orders):
            place(tx, random_order(dice), STAFF, "x")
    with db.engine.begin() as connection:
        for number in connection.execute(sa.select(_orders.c.number)).scalars().all():
            status = "pending" if number % 3 else "ready"
            values = {"driver_id": dice.choice([*people, None, None]), "status": status}
            # Nearly in the order of their numbers, and some long before.
            days = number + dice.choice((0, 0, 0, 2, -30))
            values["created_at"] = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=days)
            mine = sa.update(_orders).where(_orders.c.number == number)
            connection.execute(mine.values(total=dice.randrange(9), **values))


def random_order(dice: Random) -> NewOrder:
    mail = dice.choice(("ada@example.com", "Bo+x@sub.example", None))
    customer = {"name": dice.choice(NAMES), "email": mail, "phone": dice.choice(PHONES)}
    items = [
        {"name": " ".join(dice.choices(WORDS, k=2)), "sku": dice.choice(WORDS), "quantity": 1000}
        for _ in range(dice.randrange(3))
    ]
    address = {"line1": f"{dice.choice(WORDS)} 17", "city": "Köln", "lat": 51.515, "lng": 7.75}
    return NewOrder(
        customer={**customer, "company": dice.choice(("Engines & Co", None))},
        currency="EUR",
        items=items,
        address=dice.choice((address, None)),
        external_id=None,
    )


def random_search(dice: Random, everything: list[Json]) -> str:
    order = dice.choice(everything)
    texts = [str(order["number"]), f"#{order['number']}", *parts(order), "Diddley", "51", "zzz"]
    words = " ".join(text for text in texts if text).split()
    made = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        word = dice.choice([*words, "030 1234", "+49-30-1234", "12345", "51.515"])
        if dice.random() < 0.6 and word != "030 1234":
            start = dice.randrange(len(word))
            word = word[start : start + dice.randint(1, 5)]
        made.append(dice.choice((word, word.upper(), word.lower())))
    return " ".join(made)


def parts(order: Json) -> list[str]:
    customer, address = order["customer"], order["address"] or {}
    found = [customer[part] for part in ("name", "company", "email", "phone")]
    found += [address.get("line1"), address.get("city"), order["external_id"]]
    found += [text for line in order["items"] for text in (line["sku"], line["name"])]
    return [text for text in found if text]


def plain(text: str) -> str:
    for _ in range(2):
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    return text


def fits(order: Json, search: str) -> bool:
    """Whether a search finds an order, said as a person would say it."""
    words, run = plain(search).split(), list[str]()
    if not words:
        return not search.strip()
    for word in [*words, ""]:
        if word and all(c in "+()/.-0123456789" for c in word) and any(map(str.isdigit, word)):
            run.append(word)
            continue
        digits = "".join(c for c in "".join(run) if c.isdigit()).lstrip("0")
        everything = [plain(p) for p in parts(order)]
        phone = "".join(c for c in order["customer"]["phone"] or "" if c.isdigit())
        known = " ".join([*everything, phone, str(order["number"])])
        together = len(digits) >= 3 and run != [digits] and digits in known
        mixed = len(digits) >= 3 and run != [digits]
        each = all(has(order, known, one, mixed and len(run) > 1, mixed) for one in run)
        if run and not (together or each):
            return False
        run = []
        if word and not has(order, known, word, False, False):
            return False
    return True


def has(order: Json, known: str, word: str, in_a_run: bool, no_name: bool) -> bool:
    number = word.removeprefix("#")
    if not in_a_run and number.isascii() and number.isdigit() and int(number) == order["number"]:
        return True
    driver = plain(order["driver"]["name"]) if order["driver"] and not no_name else ""
    if len(word) > 2:
        return word in known or word in driver
    begin = [*plain(order["customer"]["name"]).split(), str(order["number"]), *driver.split()]
    return any(one.startswith(word) for one in begin)


def walked(wanted: Filter) -> list[int]:
    """The numbers of all orders that a filter finds, page by page."""
    numbers: list[int] = []
    given = {name: getattr(wanted, name) for name in Filter.__slots__}
    while True:
        page = queries.page(Filter(**given))
        numbers += [order["number"] for order in page.orders]
        if page.next is None:
            return numbers
        given["after"] = page.next


def found(search: str) -> list[int]:
    return walked(Filter(q=search))


def place_one(**fields: Any) -> Json:
    with log.transaction() as tx:
        order = NewOrder(**{"customer": {"name": "Ada"}, "currency": "USD", **fields})
        return place(tx, order, STAFF, "staff")


def test_what_was_just_placed_or_changed_is_found_as_it_now_is() -> None:
    order = place_one(customer={"name": "Grace"}, address={"line1": "Hopper Street 1"})
    assert found("grace hopper") == [order["number"]]
    with log.transaction() as tx:
        held = commands.hold(tx, order["id"])
        editing.edit(tx, held, {"customer": {"name": "Edith"}, "note": "Grace"}, STAFF)
    assert (found("grace"), found("edith hopper")) == ([], [order["number"]])


def test_what_is_undone_is_not_found() -> None:
    def fail() -> None:
        with log.transaction() as tx:
            place(tx, NewOrder(customer={"name": "Grace"}, currency="USD"), STAFF, "staff")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert found("grace") == []


def test_orders_are_found_by_their_drivers_name_as_it_now_is() -> None:
    order = place_one()
    driver = drivers.add("Bo Diddley", None, STAFF)["id"]
    with log.transaction() as tx:
        commands.assign(tx, commands.hold(tx, order["id"]), driver, STAFF)
    place_one()
    assert found("diddley ada") == found("bo") == [order["number"]]
    drivers.edit(driver, {"name": "Chuck Berry"}, STAFF)
    assert (found("diddley"), found("berry")) == ([], [order["number"]])


def test_a_number_comes_first_and_once_on_whatever_page() -> None:
    orders = [place_one(external_id=f"sku-{n}") for n in range(3)]
    number = orders[0]["number"]
    others = [place_one(customer={"name": f"A {number}"})["number"] for _ in range(3)]
    for search in (str(number), f"#{number}", f" {number} "):
        for limit in (1, 2, 3, 50):
            numbers = walked(Filter(q=search, limit=limit))
            assert numbers[0] == number, (search, limit)
            assert numbers.count(number) == 1
            if "#" not in search:
                assert set(others) <= set(numbers)
    assert walked(Filter(q=str(number), status=["ready"])) == []


def test_where_an_order_goes_is_no_word_of_it() -> None:
    place_one(address={"line1": "x", "lat": 51.123456, "lng": 7.654321})
    assert found("51.123456") == found("654321") == found("123") == []


@pytest.mark.parametrize("search", ["0301234", "030 12 34", "+49 30 1234", "(0)30/12-34", "1234"])
def test_a_telephone_is_found_in_any_way_of_writing(search: str) -> None:
    order = place_one(customer={"name": "Ada", "phone": "+49 (30) 12-34"})
    place_one(customer={"name": "Bo", "phone": "+49 (30) 99-34"})
    assert found(search) == [order["number"]]


def test_an_index_of_before_is_filled_and_goes_on_where_it_was_broken_off() -> None:
    orders = [place_one(customer={"name": f"Grace {n:03}"})["number"] for n in range(450)]
    with db.engine.begin() as connection:  # as the migration leaves it
        if connection.dialect.name == "sqlite":
            connection.execute(
                sa.text("INSERT INTO order_grams (order_grams) VALUES ('delete-all')")
            )
        connection.execute(sa.delete(OrderText.__table__))
        connection.execute(sa.update(SearchState.__table__).values(version=0, reached=0))
    seen: list[int] = []

    def cut_off(done: int) -> None:
        seen.append(done)
        if done >= 400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexing.ensure(cut_off)
    late = place_one(customer={"name": "Grace late"})["number"]
    seen.clear()
    indexing.ensure(seen.append)
    assert max(seen) < 100, "it goes on, and does not begin anew"
    assert sorted(found("grace")) == sorted([*orders, late])
    seen.clear()
    indexing.ensure(seen.append)
    assert not seen, "nothing is made anew that is right"


def test_a_rebuild_sets_right_what_is_missing_and_what_is_wrong_while_the_shop_is_open() -> None:
    orders = [place_one(customer={"name": f"Grace {n:03}"}) for n in range(250)]
    with db.engine.begin() as connection:
        for number in (orders[3]["number"], orders[240]["number"]):
            gone = connection.execute(
                sa.select(OrderText.text).where(OrderText.number == number)
            ).scalar_one()
            if connection.dialect.name == "sqlite":
                indexing._unindex.run(connection, {"number": number, "text": gone})
            connection.execute(sa.delete(OrderText.__table__).where(OrderText.number == number))
    assert len(found("grace")) == 248

    def meanwhile(_: int) -> None:
        place_one(customer={"name": "Grace new"})
        with log.transaction() as tx:
            held = commands.hold(tx, orders[0]["id"])
            editing.edit(tx, held, {"customer": {"name": f"Edith {clock.now()}"}}, STAFF)

    indexing.rebuild(meanwhile)
    assert len(found("grace")) == 249 + len(found("grace new"))
    assert found("edith") == [orders[0]["number"]]


def test_times_of_a_list_are_moments_whatever_the_clocks_do() -> None:
    order = place_one()
    moment = clock.now() - timedelta(days=1)
    assert found("ada") == [order["number"]]
    assert walked(Filter(q="ada", created_from=moment)) == [order["number"]]
    assert walked(Filter(q="ada", created_to=moment)) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("missing", ["nowhere(text)", "fts5(text, tokenize='nowhere')"])
def test_a_sqlite_that_cannot_search_is_said_to_be_one(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    statement = f"CREATE VIRTUAL TABLE temp.orderboard_may_search USING {missing}"
    monkeypatch.setattr(schema, "_SEARCH", statement)
    with pytest.raises(StartFailed, match=r"has no FTS5 with trigrams.*or PostgreSQL"):
        schema.check()
