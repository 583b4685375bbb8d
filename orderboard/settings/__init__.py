"""What the shop says of itself: its name, looks, contact, hours. Set by staff while it runs."""

from orderboard.settings.known import current as current
