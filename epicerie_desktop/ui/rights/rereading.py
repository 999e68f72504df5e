"""Reading again what was decided or stated, and printing it again as it was."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from epicerie_desktop.services.rights import letters
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.closed_papers import look_at_closed
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.rights.history import KeptDialog
from epicerie_desktop.ui.screen import Screen


def reopen(screen: Screen, assessment: int | None, decision: int | None) -> None:
    """Show a decision, or a statement alone, as it was kept; it can be printed from there."""
    screen.ask(partial(letters.kept_of, screen.desk, assessment, decision), partial(_show, screen))


def print_decision(screen: Screen, decision: int) -> None:
    """Show the letter of a decision, to print."""
    look_at_closed(screen, partial(letters.decision_to_give, screen.desk, decision), _("Décision"), _("decision"))


def print_last(screen: Screen, household: int) -> None:
    """Show the letter of the last decision on a household, to print."""
    look_at_closed(screen, partial(letters.last_decision_to_give, screen.desk, household), _("Décision"), _("decision"))


def _show(screen: Screen, kept: letters.Kept) -> None:
    dialog = KeptDialog(screen, kept)
    dialog.print_wanted.connect(partial(_print, screen, kept))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _print(screen: Screen, kept: letters.Kept) -> None:
    if kept.decision is not None:
        print_decision(screen, kept.decision.id)
    elif kept.statement is not None:
        make = partial(letters.statement_pdf, screen.desk, kept.statement.id)
        look_at(screen, make, _("Explication du calcul"), _("explication-du-calcul"))
