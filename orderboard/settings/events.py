"""What can happen to the settings."""

from orderboard.events.kinds import Kind
from orderboard.settings import views

UPDATED = Kind(
    name="settings.updated",
    carries="settings",
    heard_by=lambda *_: ("board", "catalogue"),
    views={
        "board": lambda settings, _: settings,
        "reader": lambda settings, _: settings,
        "catalogue": lambda settings, _: views.public(settings),
    },
)

KINDS = (UPDATED,)
