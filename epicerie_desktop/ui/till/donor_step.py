"""Two donors give one label another meaning: whose label is it?"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.codes import decode
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.understood import facts
from epicerie_desktop.ui.till.step import Step


class DonorStep(Step):
    """Answers the layout of the donor chosen by its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Donateur de l'étiquette"), _("C'est celui-ci"), _("Retour"), parent)
        self.line.setPlaceholderText(_("le numéro du donateur"))
        self._layouts: tuple[Layout, ...] = ()

    def ask(self, code: str, layouts: tuple[Layout, ...]) -> None:
        """Ask which of these donors' labels `code` is."""
        self._layouts = layouts
        self.title.setText(_("De quel donateur vient cette étiquette ?"))
        read = ((layout.source or layout.pattern, facts(decode(code, layouts=(layout,)))) for layout in layouts)
        self.hint.setText(
            "   ".join(
                f"{n} : {donor} ({said})" if said else f"{n} : {donor}" for n, (donor, said) in enumerate(read, 1)
            )
        )
        self.begin()

    def answer(self, typed: str) -> Layout:
        """Return the layout of the number typed. Raises `BadInput`."""
        if not typed.isdecimal() or not 1 <= int(typed) <= len(self._layouts):
            raise BadInput(
                N_("Tapez le numéro du donateur, de 1 à {most} ; si vous ne savez pas, Échap, puis pesez l'article."),
                most=len(self._layouts),
            )
        return self._layouts[int(typed) - 1]
