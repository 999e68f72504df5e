"""What every test may ask for: a real encrypted shop copied from a blank one, a frozen day, French sentences."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from epicerie_desktop.persistence.vault import Cost
from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration.build import DemoFiles, make_demonstration
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.support import i18n
from epicerie_desktop.support.clock import FrozenClock
from tests.examples import examples
from tests.furnished import Furnished, furnish, source_for

# How long an example takes tells of the machine, and of whoever shares it: no ordinary test fails for it.
settings.register_profile(
    "house", max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

TODAY = date(2026, 11, 20)
# What takes ten seconds or more in few tests: begun last, it would leave one process working alone at the end.
LONGEST = (
    "demonstration",
    "tests/ui/test_played_day.py",
    "tests/services/test_whole_shop_model.py",
    "tests/services/test_till_model.py",
    "tests/services/test_stock_model.py",
    "tests/cli/test_killed.py",
    "tests/services/test_corrected_at_random.py",
)
T = TypeVar("T")
PASSPHRASE = "mot de passe d'essai"
FAST = Cost(passes=1, memory=8 * 1024)


@cache
def asks_for_demonstration(file: Path) -> bool:
    """Tell whether a file of tests names the fixture of the demonstration."""
    return "demo_files" in file.read_text("utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file in one process, and in one for the files that need the demonstration: it is long to make."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return "demonstration" if asks_for_demonstration(config.rootpath / file) else file

        def _assign_work_unit(self, node: Any) -> None:
            for scope in LONGEST:
                if scope in self.workqueue:
                    self.workqueue.move_to_end(scope, last=False)
                    break
            super()._assign_work_unit(node)

    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Read the tests without the garbage collector, which would go through what was read in vain, then and ever after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    i18n.use_language("fr")
    yield
    i18n.use_language("fr")
    i18n.say_otherwise({})


@pytest.fixture(scope="session")
def blank_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop just made, with the proposed families; copied for each test."""
    folder = tmp_path_factory.mktemp("blank")
    path = folder / "shop.db"
    clock = FrozenClock.on(TODAY)
    shop = opening.NewShop(
        "Épicerie des Quatre-Vents", "SF01", "Camille", manager="Camille Rey", ccas="CCAS de Saint-Flour"
    )
    opening.create_shop(path, shop, PASSPHRASE, clock, cost=FAST)
    desk = opening.open_desk(path, PASSPHRASE, clock)
    catalogue.add_default_families(desk)
    desk.db.close()
    return folder


@pytest.fixture(scope="session")
def furnishing(
    blank_shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Callable[[Desk], T]], Furnished[T]]:
    """Furnish a copy of the blank shop, once, for the tests that will copy it."""

    def furnished(make: Callable[[Desk], T]) -> Furnished[T]:
        folder = tmp_path_factory.mktemp("furnished") / "shop"
        return furnish(blank_shop, folder, PASSPHRASE, FrozenClock.on(TODAY), make)

    return furnished


@pytest.fixture
def shop_file(request: pytest.FixtureRequest, blank_shop: Path, tmp_path: Path) -> Path:
    """The database file of a shop of this test's own: just made, or furnished where the test asks for what it holds."""
    folder = tmp_path / "shop"
    shutil.copytree(source_for(request, blank_shop), folder)
    return folder / "shop.db"


@pytest.fixture
def desk(shop_file: Path) -> Iterator[Desk]:
    """The desk of a fresh shop, on a frozen day."""
    found = opening.open_desk(shop_file, PASSPHRASE, FrozenClock.on(TODAY))
    yield found
    found.db.close()


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The demonstration, made once for the whole run; tests read it and change only copies of it."""
    folder = tmp_path_factory.mktemp("demonstration")
    return make_demonstration(folder, FrozenClock.on(TODAY), households=8, months=1, cost=FAST)
