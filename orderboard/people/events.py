"""What can happen to a driver, and to one of the staff."""

from orderboard.events.kinds import Kind, View

_VIEWS: dict[str, View] = dict.fromkeys(("board", "reader", "driver"), lambda driver, _: driver)

DRIVER_CREATED = Kind(
    name="driver.created", carries="driver", heard_by=lambda *_: ("board",), views=_VIEWS
)
DRIVER_UPDATED = Kind(
    name="driver.updated",
    carries="driver",
    heard_by=lambda driver, _: ("board", f"driver:{driver['id']}"),
    views=_VIEWS,
)


def _of_staff(name: str) -> Kind:
    """Heard by those who see all: ``{id, name, role}``, the role null of who works here no more."""
    return Kind(
        name=name,
        carries="staff",
        heard_by=lambda *_: ("board",),
        views={"board": lambda member, _: member},
    )


STAFF_ADDED = _of_staff("staff.added")
STAFF_UPDATED = _of_staff("staff.updated")
STAFF_REVOKED = _of_staff("staff.revoked")
STAFF_LINK_MADE = _of_staff("staff.link_made")
STAFF_SIGNED_OUT = _of_staff("staff.signed_out")

KINDS = (
    DRIVER_CREATED,
    DRIVER_UPDATED,
    STAFF_ADDED,
    STAFF_UPDATED,
    STAFF_REVOKED,
    STAFF_LINK_MADE,
    STAFF_SIGNED_OUT,
)
