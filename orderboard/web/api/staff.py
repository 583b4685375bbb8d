"""The staff, for owners: invitations, roles, sessions, and the end of all that."""

from typing import Any

from flask import Blueprint, Response
from marshmallow import Schema

from orderboard import clock
from orderboard.fields import Choice, Email, Line
from orderboard.people import sessions, team
from orderboard.people.roles import ROLES
from orderboard.people.staff import LONGEST_NAME
from orderboard.quantities import Whole
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import COUNT, TEXT, TIME, TIME_OR_NULL, many, named, thing
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("staff_api", __name__)
_MEMBER = thing(
    id=COUNT,
    name=TEXT,
    email=TEXT,
    role={"enum": list(ROLES)},
    has_password={"type": "boolean"},
    sessions=COUNT,
    created_at=TIME,
    last_seen_at=TIME_OR_NULL,
    invited_until=TIME_OR_NULL,
)
_LINK: Json = {"link": TEXT, "link_expires_at": TIME}
_INVITED = {**_MEMBER, "properties": {**_MEMBER["properties"], **_LINK}}
_SESSION = thing(
    id=COUNT, user_agent=TEXT, created_at=TIME, seen_at=TIME, current={"type": "boolean"}
)
_NONE = ("There is no such member of the staff.", named("Problem"))
_LAST = ("It is the last owner.", named("Problem"))
_ID = "/staff/<number:staff_id>"


class Link(Schema):
    """For how many days a one-time link is to be good."""

    valid_days = Whole(1, team.LONGEST_LINK)


class Invite(Link):
    """Whom to invite, and what they may do."""

    email = Email(254, required=True)
    name = Line(LONGEST_NAME)
    role = Choice(ROLES, required=True)


class EditMember(Schema):
    """Another name or role."""

    name = Line(LONGEST_NAME, filled=True)
    role = Choice(ROLES)


_invite, _link, _edit = Invite(), Link(), EditMember()


@api.get("/staff")
@allow("admin", "owner")
@describe("List the staff", "Staff", answers={200: ("By name.", thing(staff=many(_MEMBER)))})
def list_staff() -> Response:
    """All who may sign in."""
    return answer({"staff": team.everyone()})


@api.post("/staff")
@allow("admin", "owner")
@describe(
    "Invite somebody",
    "Staff",
    body=Invite,
    answers={
        201: ("The member, and the link that signs them in once.", _INVITED),
        409: ("They are one of the staff already; `id` says which.", named("Problem")),
    },
)
def invite() -> Response:
    """Add somebody to the staff. Whoever opens the link first is them."""
    given = json_body(_invite)
    days = given.get("valid_days", team.USUAL_LINK)
    email, role, actor = given["email"], given["role"], identity().actor
    staff_id, token = team.invite(email, given.get("name"), role, days, actor)
    return answer({**team.one(staff_id), **_linked(token, staff_id)}, 201)


@api.post(f"{_ID}/link")
@allow("admin", "owner")
@describe(
    "Make another one-time link",
    "Staff",
    body=Link,
    answers={201: ("It signs them in once; older ones do no more.", thing(**_LINK)), 404: _NONE},
)
def make_staff_link(staff_id: int) -> Response:
    """Another link for somebody whose link is too old, or who forgot their password."""
    days = json_body(_link).get("valid_days", team.USUAL_LINK)
    token = team.another_link(staff_id, days, identity().actor)
    return answer(_linked(token, staff_id), 201)


@api.patch(_ID)
@allow("admin", "owner")
@describe(
    "Change somebody's role or name",
    "Staff",
    body=EditMember,
    answers={200: ("The member.", _MEMBER), 404: _NONE, 409: _LAST},
)
def edit_member(staff_id: int) -> Response:
    """The role holds from their next request on, and what they hear begins anew."""
    given = json_body(_edit)
    team.change(staff_id, given, identity().actor)
    if "role" in given:
        parts().stream.recheck()
    return answer(team.one(staff_id))


@api.delete(_ID)
@allow("admin", "owner")
@describe(
    "Let somebody work here no more",
    "Staff",
    answers={
        200: ("Their sessions and streams end, their link is no good.", thing()),
        404: _NONE,
        409: _LAST,
    },
)
def revoke_member(staff_id: int) -> Response:
    """What they did keeps their name."""
    team.revoke(staff_id, identity().actor)
    parts().stream.recheck()
    return answer({})


@api.get(f"{_ID}/sessions")
@allow("admin", "owner")
@describe(
    "Where somebody is signed in",
    "Staff",
    answers={200: ("The one seen last first.", thing(sessions=many(_SESSION))), 404: _NONE},
)
def list_staff_sessions(staff_id: int) -> Response:
    """A member's sessions; ``current`` is the one that asks."""
    team.one(staff_id)
    mine = identity().session_id
    found = [
        {
            "id": session["id"],
            "user_agent": session["user_agent"],
            "created_at": clock.rfc3339(session["created_at"]),
            "seen_at": clock.rfc3339(session["seen_at"]),
            "current": session["id"] == mine,
        }
        for session in sessions.of_staff(staff_id)
    ]
    return answer({"sessions": found})


@api.delete(f"{_ID}/sessions")
@allow("admin", "owner")
@describe(
    "Sign somebody out everywhere",
    "Staff",
    answers={200: ("Their sessions and streams end.", thing()), 404: _NONE},
)
def end_staff_sessions(staff_id: int) -> Response:
    """All sessions of a member end."""
    return _signed_out(staff_id, None)


@api.delete(f"{_ID}/sessions/<number:session_id>")
@allow("admin", "owner")
@describe(
    "Sign somebody out in one browser",
    "Staff",
    answers={200: ("The session and its streams end.", thing()), 404: _NONE},
)
def end_staff_session(staff_id: int, session_id: int) -> Response:
    """One session of a member ends."""
    return _signed_out(staff_id, session_id)


def _signed_out(staff_id: int, session_id: int | None) -> Response:
    team.sign_out(staff_id, session_id, identity().actor)
    parts().stream.recheck()
    return answer({})


def _linked(token: str, staff_id: int) -> Json:
    until = team.one(staff_id)["invited_until"]
    return {"link": f"{parts().settings.base_url}/admin/link/{token}", "link_expires_at": until}
