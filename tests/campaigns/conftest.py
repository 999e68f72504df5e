"""What the long campaigns share: each lasts longer than the time after which an ordinary test is taken for a dead one."""

from __future__ import annotations

import faulthandler

import pytest


@pytest.fixture(autouse=True)
def _as_long_as_it_takes() -> None:
    faulthandler.cancel_dump_traceback_later()
