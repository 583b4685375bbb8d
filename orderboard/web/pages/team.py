"""The page on which owners keep the staff."""

from flask import Blueprint, render_template

from orderboard.people import team as people
from orderboard.people.roles import MEANS
from orderboard.web.access import allow, signed_in

pages = Blueprint("team_page", __name__)


@pages.get("/admin/staff")
@allow("owner")
def team() -> str:
    """All who may sign in; the page's script reads them again after each change."""
    member, _ = signed_in()
    data = {
        "staff": people.everyone(),
        "me": member.id,
        "roles": MEANS,
        "usual_days": people.USUAL_LINK,
        "longest_days": people.LONGEST_LINK,
    }
    return render_template("admin/staff.html", data=data, staff=member)
