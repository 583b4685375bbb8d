"""What of the customer's page follows the order, alone: the same as in the page, and no more."""

from flask.testing import FlaskClient

from tests.web.support import place, position, token_of


def parts_of(page: str) -> str:
    """The part of a page that the server gives alone as well."""
    return page[page.index('<div class="track-order"') :].partition('<p class="hint">This page')[0]


def test_the_parts_alone_are_those_of_the_page(admin: FlaskClient) -> None:
    order = place(admin, note="Ring <twice>")
    page = f"/track/{token_of(order)}"
    answer = admin.get(f"{page}/parts")
    assert answer.mimetype == "text/html"
    assert answer.text.strip() == parts_of(admin.get(page).text).strip()
    assert "Ring &lt;twice&gt;" in answer.text
    assert "<html" not in answer.text
    number = answer.headers["Orderboard-Position"].rpartition("-")[2]
    assert int(number) == position(admin.application)


def test_parts_that_are_known_are_not_sent_again(admin: FlaskClient) -> None:
    order = place(admin)
    path = f"/track/{token_of(order)}/parts"
    known = {"If-None-Match": admin.get(path).headers["ETag"]}
    place(admin)  # somebody else's: the log has gone on, and these parts have not
    same = admin.get(path, headers=known)
    assert (same.status_code, same.text) == (304, "")
    number = same.headers["Orderboard-Position"].rpartition("-")[2]
    assert int(number) == position(admin.application)
    admin.put(f"/api/orders/{order['id']}/tracking", json={"location": {"lat": 1, "lng": 2}})
    assert "mlat=1" in admin.get(path, headers=known).text


def test_a_link_that_leads_nowhere_has_no_parts(client: FlaskClient) -> None:
    assert client.get("/track/aaaaaaaaaaaaaaaaaaaaaa/parts").status_code == 404
