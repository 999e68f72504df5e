"""The base of the three pages of the follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent

from epicerie_desktop.ui.support.page import OfficePage

if TYPE_CHECKING:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen


class FollowUpPage(OfficePage):
    """A page of the follow-up's screen."""

    def __init__(self, screen: FollowUpScreen) -> None:
        super().__init__(screen)
        self.owner = screen

    def fit(self) -> None:
        """Hide what may be hidden where the text is large; by default nothing is."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lists to the new width."""
        super().resizeEvent(event)
        self.fit()
