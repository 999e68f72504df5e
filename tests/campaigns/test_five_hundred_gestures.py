"""Five hundred gestures in one shop, ten shops for each model: `pytest -m campaign tests/campaigns/test_five_hundred_gestures.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.test_drawer import Till as Drawer
from tests.services.test_stock_model import StockBook
from tests.services.test_till_model import Till
from tests.services.test_whole_shop_model import Shop

pytestmark = pytest.mark.campaign


@pytest.mark.parametrize("model", [Shop, Till, StockBook, Drawer], ids=lambda m: f"{m.__module__}.{m.__name__}")
def test_five_hundred_gestures_lose_nothing_and_count_nothing_twice(
    blank_shop: Path, tmp_path: Path, model: type[Shop | Till | StockBook | Drawer]
) -> None:
    # Making a long failure shorter takes hours: the gestures are printed as they came.
    run_state_machine_as_test(
        lambda: model(blank_shop, tmp_path),
        settings=settings(
            max_examples=10, stateful_step_count=500, deadline=None, suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate), print_blob=True,
        ),
    )  # fmt: skip
