"""What every screen is given: the desk, the workers, the changes, the machine's settings, and how to go elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.changes import ChangeBus

if TYPE_CHECKING:
    from epicerie_desktop.ui.scale_bridge import ScaleBridge


class Navigator(Protocol):
    """How a screen sends the person to another one."""

    def go(self, screen: str, **what: object) -> None:
        """Show a screen by its key; `what` is given to its `open_with`."""
        ...

    def tell_where(self) -> None:
        """Show the shop's name and the day again."""
        ...


@dataclass
class Context:
    """Built once by `app.py`; lives as long as the window."""

    desk: Desk
    data: Background
    long: Background
    changes: ChangeBus
    settings: MachineSettings
    scale: ScaleBridge
    navigator: Navigator | None = None
    save_settings: Callable[[MachineSettings], None] = lambda settings: None  # noqa: ARG005

    def work_at(self, desk: Desk) -> None:
        """Go on with a desk whose shop was read again, and show its name."""
        self.desk = desk
        if self.navigator is not None:
            self.navigator.tell_where()
