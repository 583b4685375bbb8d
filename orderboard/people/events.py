"""What can happen to a driver."""

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

KINDS = (DRIVER_CREATED, DRIVER_UPDATED)
