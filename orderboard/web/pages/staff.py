"""Signing in and out, and what a member of staff sets for themselves."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from orderboard.errors import Invalid, NotFound
from orderboard.people import sessions, staff
from orderboard.people.staff import Member
from orderboard.web import limits
from orderboard.web.access import allow, identity, signed_in
from orderboard.web.answers import parts
from orderboard.web.pages import device, tries
from orderboard.web.pages.cookie import redirect_with_session, redirect_without_session

pages = Blueprint("staff", __name__)


@pages.get("/admin/sign-in")
@allow("public")
def sign_in_page() -> str | AnyResponse:
    """The form; who is signed in already goes on."""
    if identity().member:
        return redirect(_local(request.args.get("next")), 303)
    return _sign_in_form()


@pages.post("/admin/sign-in")
@allow("public")
def sign_in() -> AnyResponse:
    """Sign in with e-mail address and password."""
    email, password = request.form.get("email", "")[:300], request.form.get("password", "")
    this = tries.to_sign_in(email)
    member = staff.by_password(email, password[:1000], this.known) if password else None
    if member is None:
        return Response(_sign_in_form("That e-mail address and password do not match."), 422)
    this.succeeded()
    return _signed_in(member, _local(request.form.get("next")))


@pages.get("/admin/link/<id:token>")
@allow("public")
def sign_in_by_link(token: str) -> AnyResponse:
    """Sign in by a one-time link. A browser that only looks ahead does not use it up."""
    if request.method == "HEAD" or _looks_ahead():
        return Response("", 204)
    if staff.is_sign_in_token(token):
        member = staff.use_sign_in_token(token)
    else:  # only what is no link counts: nobody keeps its owner from using one
        limits.hit("sign-in-link", parts().settings.sign_in_limit)
        member = None
    if member is None:
        text = (
            "This link was used before, is too old, or was made for another board on this"
            " computer. Ask for a new one."
        )
        return Response(_sign_in_form(text), 410)
    return _signed_in(member, "/admin" if member.has_password else "/admin?welcome")


@pages.post("/admin/sign-out")
@allow("public")
def sign_out() -> AnyResponse:
    """End this browser's session, and with it its streams."""
    session_id = identity().session_id
    if session_id is not None:
        sessions.end(session_id)
        parts().stream.recheck()
    return redirect_without_session("/admin/sign-in")


@pages.get("/admin/account")
@allow("viewer")
def account() -> str:
    """The member's own password and sessions."""
    return _account_page()


@pages.post("/admin/account")
@allow("viewer")
def set_password() -> AnyResponse:
    """Set or change the password. The old one is asked for, where there is one."""
    member, session_id = signed_in()
    this = tries.to_change_password(session_id)
    old, new = request.form.get("current", "")[:1000], request.form.get("password", "")[:1000]
    if member.has_password and staff.by_password(member.email, old, known=True) is None:
        return Response(_account_page({"current": "is not your password"}), 422)
    this.succeeded()
    try:
        staff.set_password(member, new, keep_session=session_id)
    except Invalid as error:
        return Response(_account_page(error.errors), 422)
    parts().stream.recheck()
    return redirect("/admin/account?saved", 303)


@pages.post("/admin/sessions/<int(max=2147483647):session_id>/end")
@allow("viewer")
def end_session(session_id: int) -> AnyResponse:
    """End one of the member's own sessions."""
    member, _ = signed_in()
    if not sessions.end(session_id, member):
        raise NotFound("There is no such session.")
    parts().stream.recheck()
    return redirect("/admin/account", 303)


def _looks_ahead() -> bool:
    names = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    said = (request.headers.get(name, "").lower() for name in names)
    return any(purpose.startswith(("prefetch", "preview")) for purpose in said)


def _signed_in(member: Member, address: str) -> AnyResponse:
    token = sessions.begin_for_staff(member, request.headers.get("User-Agent", ""))
    answer = redirect_with_session(address, token)
    device.remember(answer, staff.account_of(member.email))
    return answer


def _sign_in_form(error: str | None = None) -> str:
    return render_template(
        "admin/sign_in.html",
        error=error,
        email=request.form.get("email", "")[:300],
        next=_local(request.values.get("next")),
        demo=parts().settings.demo,
    )


def _account_page(errors: dict[str, str] | None = None) -> str:
    member, session_id = signed_in()
    return render_template(
        "admin/account.html",
        staff=member,
        sessions=sessions.of_member(member),
        current_session=session_id,
        errors=errors or {},
        saved="saved" in request.args,
    )


def _local(address: str | None) -> str:
    """An address of this site to go on to; the board where it is none."""
    good = address and address.startswith("/") and address[1:2] not in ("/", "\\")
    return address if good and address and address.isprintable() else "/admin"
