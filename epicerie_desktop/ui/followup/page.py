"""The base of the three pages of the follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from epicerie_desktop.ui.support.page import OfficePage

if TYPE_CHECKING:
    from epicerie_desktop.ui.followup.screen import FollowUpScreen


class FollowUpPage(OfficePage):
    """A page of the follow-up's screen."""

    def __init__(self, screen: FollowUpScreen) -> None:
        super().__init__(screen)
        self.owner = screen
