"""Who hears what of the log: the kinds of events of all rooms, and the kinds of audiences."""

import orderboard.catalogue.events
import orderboard.customers.events
import orderboard.discounts.events
import orderboard.orders.events
import orderboard.people.events
import orderboard.settings.events
from orderboard.events.kinds import Audience, Kinds

KINDS = Kinds(
    kinds=(
        *orderboard.orders.events.KINDS,
        *orderboard.people.events.KINDS,
        *orderboard.catalogue.events.KINDS,
        *orderboard.customers.events.KINDS,
        *orderboard.settings.events.KINDS,
        *orderboard.discounts.events.KINDS,
    ),
    audiences={
        "board": Audience("board", sees_names=True),  # staff, and keys that may all they may
        "reader": Audience("board", sees_names=True),  # keys that may only read
        "order": Audience("order"),  # the customer of one order
        "driver": Audience("driver"),
        "catalogue": Audience("catalogue"),  # whoever looks at what there is to order
    },
)
