"""The sums of a period, added up from hours, days and months: never from orders."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.analytics import facts, keeping, periods
from orderboard.analytics.model import AnalyticsCell, AnalyticsName
from orderboard.analytics.periods import HOUR, Piece
from orderboard.consumers import positions
from orderboard.database import reading
from orderboard.events.log import head_in

_cells, _names = AnalyticsCell.__table__, AnalyticsName.__table__
MOST_PRODUCTS = 10
_ALIKE = (facts.TOTAL, facts.STATUS, facts.TYPE, facts.CHANNEL, facts.REASON, *facts.TIMES)
_SUMS = ("orders", "amount", "extra")


class Sums(NamedTuple):
    """Of some orders how many they are, what they came to, and what of it went back."""

    orders: int = 0
    amount: int = 0
    extra: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(a + b for a, b in zip(self, other, strict=True)))


class Product(NamedTuple):
    """What was sold of a thing: ``quantity`` in thousandths, ``revenue`` in minor units."""

    sku: str | None
    name: str
    orders: int
    revenue: int
    quantity: int


ByCurrency = Mapping[str, Sums]


@dataclass(frozen=True, slots=True)
class Period:
    """From the hour ``first`` up to and without ``end``, divided; see ``periods``."""

    first: int
    end: int
    interval: str
    zone: ZoneInfo

    @property
    def begins(self) -> list[int]:
        """The hours at which its intervals begin."""
        return periods.starts(self.first, self.end, self.interval, self.zone)


@dataclass(frozen=True, slots=True)
class Found:
    """What happened in a period: for each interval, and for each kind and key of the sums."""

    period: Period
    intervals: Sequence[ByCurrency]
    alike: Mapping[str, Mapping[str, ByCurrency]]

    def buckets(self, kind: str) -> Counter[int]:
        """How many of a kind of durations are in each bucket."""
        found = self.alike.get(kind, {}).items()
        return Counter({int(key): each[""].orders for key, each in found})


def zone_now(shop_zone: ZoneInfo) -> ZoneInfo:
    """The zone by whose hours the sums are kept: the shop's."""
    with reading() as connection:
        return keeping.current(connection, shop_zone)[1]


def look_up(
    asked: Sequence[Period], currency: str, shop_zone: ZoneInfo
) -> tuple[list[Found], list[Product], str]:
    """What happened in some periods, the best products of the first by their revenue in a currency,
    and up to which position of the log orders are taken in.
    """
    with reading(at_one_moment=True, long=True) as connection:
        reader = _Reader(connection, keeping.current(connection, shop_zone)[0])
        reached = positions.least(connection, [keeping.NAME]) or 0
        position = f"{head_in(connection).epoch}-{reached}"
        found = [reader.read(period) for period in asked]
        return found, reader.products(asked[0], currency), position


@dataclass(slots=True)
class _Reader:
    connection: Connection
    generation: int

    def read(self, period: Period) -> Found:
        alike: dict[str, dict[str, dict[str, Sums]]] = defaultdict(lambda: defaultdict(dict))
        pieces = periods.pieces(period.first, period.end, period.zone)
        for kind, key, currency, *sums in self._sums(pieces, _ALIKE, "kind", "key", "currency"):
            alike[kind][key][currency] = Sums(*map(int, sums))
        return Found(period, self._intervals(period), alike)

    def products(self, period: Period, currency: str) -> list[Product]:
        pieces = periods.pieces(period.first, period.end, period.zone)
        some = self._rows(pieces, [facts.PRODUCT])
        revenue = sa.func.sum(some.c.amount).label("revenue")
        summed = [sa.func.sum(some.c.orders).label("orders"), revenue, sa.func.sum(some.c.extra)]
        best = sa.select(some.c.key, *summed).where(some.c.currency == currency)
        best = best.group_by(some.c.key).order_by(revenue.desc(), some.c.key)
        # An order that is called off takes its part away again, and may leave nothing.
        best = best.having(sa.func.sum(some.c.orders) > 0).limit(MOST_PRODUCTS)
        rows = self.connection.execute(best).all()
        called = self._names([row.key[1:] for row in rows if row.key[0] == facts.BY_SKU])
        return [_product(row.key, called, *map(int, row[1:])) for row in rows]

    def _intervals(self, period: Period) -> list[dict[str, Sums]]:
        begins = period.begins
        found: list[dict[str, Sums]] = [{} for _ in begins]
        pieces = [Piece(HOUR, period.first, period.end)]
        if period.interval != "hour":
            pieces = periods.pieces(period.first, period.end, period.zone, months=False)
        rows = self._sums(pieces, [facts.TOTAL], "grain", "start", "currency")
        for grain, start, currency, *sums in rows:
            here = found[periods.place(begins, periods.begin(grain, start, period.zone))]
            here[currency] = here.get(currency, Sums()).plus(Sums(*map(int, sums)))
        return found

    def _sums(self, pieces: Sequence[Piece], kinds: Sequence[str], *by: str) -> Any:
        rows = self._rows(pieces, kinds)
        columns, sums = [rows.c[name] for name in by], [sa.func.sum(rows.c[n]) for n in _SUMS]
        return self.connection.execute(sa.select(*columns, *sums).group_by(*columns))

    def _rows(self, pieces: Sequence[Piece], kinds: Sequence[str]) -> sa.Subquery:
        """The cells of some kinds in some pieces: of each a range of the index for each kind."""
        ranges = (
            sa.select(_cells).where(
                _cells.c.generation == self.generation,
                _cells.c.grain == piece.grain,
                _cells.c.kind.in_(kinds),
                _cells.c.start >= piece.first,
                _cells.c.start < piece.end,
            )
            for piece in pieces
        )
        return sa.union_all(*ranges).subquery()

    def _names(self, skus: Sequence[str]) -> dict[str, str]:
        known = sa.select(_names.c.sku, _names.c.name).where(_names.c.sku.in_(skus))
        return {row.sku: row.name for row in self.connection.execute(known)}


def _product(key: str, called: Mapping[str, str], *sums: int) -> Product:
    if key[0] == facts.BY_SKU:
        return Product(key[1:], called.get(key[1:], key[1:]), *sums)
    return Product(None, key[1:], *sums)
