"""By whom customers pay is set as a whole or not at all."""

from pathlib import Path

import pytest

from orderboard.config import Settings
from orderboard.errors import ConfigurationError
from orderboard.online.chosen import provider_of

WHOLE = {
    "ORDERBOARD_PAYMENTS": "Razorpay",
    "ORDERBOARD_PAYMENTS_KEY": "id:secret",
    "ORDERBOARD_PAYMENTS_WEBHOOK_SECRET": "whsec_1",
}


def read(folder: Path, **given: str) -> Settings:
    return Settings.from_environment({"ORDERBOARD_HOME": str(folder), **given})


def test_a_provider_that_is_set_up_is_the_one_that_is_asked(tmp_path: Path) -> None:
    for name in ("stripe", "razorpay"):
        found = provider_of(read(tmp_path, **WHOLE | {"ORDERBOARD_PAYMENTS": name}))
        assert found
        assert found.name == name
    assert provider_of(read(tmp_path)) is None
    assert "id:secret" not in repr(read(tmp_path, **WHOLE))


@pytest.mark.parametrize(
    "missing", ["ORDERBOARD_PAYMENTS_KEY", "ORDERBOARD_PAYMENTS_WEBHOOK_SECRET"]
)
def test_half_a_provider_stops_the_start_with_the_name_of_what_is_missing(
    tmp_path: Path, missing: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{missing}: is needed to be paid by razorpay$"):
        read(tmp_path, **WHOLE | {missing: " "})


@pytest.mark.parametrize("key", ["id", "id:", ":secret"])
def test_a_key_of_razorpays_has_two_halves(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^ORDERBOARD_PAYMENTS_KEY: must be the key's id"):
        read(tmp_path, **WHOLE | {"ORDERBOARD_PAYMENTS_KEY": key})
