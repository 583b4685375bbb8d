"""``python -m benchmarks.history --orders N``: fill the data folder or DATABASE_URL with a past."""

import argparse
import sys
import time
from datetime import UTC, datetime

from benchmarks.history.making import make
from benchmarks.history.writing import NotEmpty, hurry
from orderboard import clock
from orderboard.cli.offline import at_hand
from orderboard.errors import ConfigurationError, StartFailed


def main() -> None:
    """Make the past that was asked for."""
    options = _options()
    began = time.monotonic()

    def tell(orders: int) -> None:
        if orders % 50_000 == 0 or orders == options.orders:
            rate = orders / (time.monotonic() - began)
            print(f"{orders} orders, {rate:,.0f} a second", file=sys.stderr, flush=True)

    try:
        with at_hand() as settings:
            hurry()
            began = time.monotonic()
            kept = settings.stream_replay_limit
            make(options.orders, options.seed, options.until, settings.timezone, kept, tell)
    except (NotEmpty, ConfigurationError, StartFailed) as error:
        raise SystemExit(str(error)) from None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--orders", type=_number, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same past")
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    parser.add_argument(
        "--until", type=_day, default=today, metavar="DATE", help="when it ends; by default today"
    )
    return parser.parse_args()


def _number(text: str) -> int:
    if not 0 < (number := int(text)) <= 100_000_000:
        raise ValueError
    return number


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
