"""The pages of the support file, in their order; each module is imported when its page is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from epicerie_desktop.support.i18n import N_
from epicerie_desktop.ui.support.page import SupportPage

if TYPE_CHECKING:
    from epicerie_desktop.ui.support.screen import SupportScreen

Factory = Callable[["SupportScreen", int], SupportPage]


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page: its title (marked by `N_`), its key, what makes it; `reception` ones are shown without the second key."""

    title: str
    key: str
    factory: Factory
    reception: bool = False


def _made(module: str, name: str) -> Factory:
    def make(screen: SupportScreen, household: int) -> SupportPage:
        found = getattr(import_module(f"epicerie_desktop.ui.support.{module}"), name)
        made: SupportPage = found(screen, household)
        return made

    return make


PAGES: tuple[PageSpec, ...] = (
    PageSpec(N_("Vue d'ensemble"), "overview", _made("overview", "OverviewPage"), reception=True),
    PageSpec(N_("Orientation"), "orientation", _made("orientation", "OrientationPage")),
    PageSpec(N_("Diagnostic et budget"), "budget", _made("budget", "BudgetPage")),
    PageSpec(N_("Projets"), "projects", _made("projects", "ProjectsPage")),
    PageSpec(N_("Rendez-vous"), "appointments", _made("appointments", "AppointmentsPage"), reception=True),
    PageSpec(N_("Notes"), "notes", _made("notes", "NotesPage")),
    PageSpec(N_("Engagements"), "engagements", _made("engagements", "EngagementsPage"), reception=True),
    PageSpec(N_("Papiers"), "papers", _made("papers", "PapersPage"), reception=True),
    PageSpec(N_("Ne pas proposer"), "avoidance", _made("avoidance", "AvoidancePage"), reception=True),
    PageSpec(N_("Actions menées"), "steps", _made("steps", "StepsPage")),
    PageSpec(N_("Autres services"), "onward", _made("onward", "OnwardPage")),
    PageSpec(N_("Tâches et rappels"), "tasks", _made("tasks", "TasksPage")),
    PageSpec(N_("Bilans et sortie"), "ending", _made("ending", "EndingPage")),
)
