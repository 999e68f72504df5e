"""Several sheets in one PDF: which months, which forms, with names or not, upright or across; says how many pages before any is printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QRadioButton, QWidget

from epicerie_desktop.domain.figures import months_between
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.services.month_sheets import SheetsMade, SheetsWanted, may_name, month_sheets_pdf
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.long_work import LongWork, Step
from epicerie_desktop.ui.pdf_view import pages_of
from epicerie_desktop.ui.sheets.months import PeriodChooser
from epicerie_desktop.ui.tabbed import TabbedPage

_CALM_MS = 150


class SeveralDialog(QuestionDialog):
    """Makes the file while it is being chosen, so that its pages are counted; F12 shows it."""

    def __init__(self, page: TabbedPage, months: Sequence[str], month: str, *, names: bool = False) -> None:
        super().__init__(
            page,
            _("Les feuilles du mois"),
            _("Cochez ce qu'il faut : tout est réuni en un seul document, dont les pages se suivent."),
            _("Aperçu"),
            _("Fermer"),
            armed_after_ms=0,
        )
        self._page = page
        self.made: SheetsMade | None = None
        self._wanted = False
        self._work = LongWork(self, page.owner.context.long)
        self.period = PeriodChooser()
        self.period.set_months(sorted(months, reverse=True), month, month)
        self.forms = {form: QCheckBox(_sentence(called(form))) for form in SheetForm}
        self.forms[SheetForm.HOUSEHOLD].setChecked(True)
        self.names = QCheckBox(_("Avec les noms, sur la feuille par foyer"))
        self.names.setChecked(names)
        self.names.setVisible(may_name(page.desk))
        self.across, self.upright = QRadioButton(_("Paysage")), QRadioButton(_("Portrait"))
        self.across.setChecked(True)
        self._ways = QButtonGroup(self)
        self.count = label("", "strong")
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self._make)
        self._lay_out()
        self._connect()
        self.forms[SheetForm.HOUSEHOLD].setFocus()
        self._make()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for n, box in enumerate(self.forms.values()):
            grid.addWidget(box, n % 3, n // 3)
        for way in (self.across, self.upright):
            self._ways.addButton(way)
        self.body.addWidget(self.period)
        self.body.addLayout(grid)
        self.body.addWidget(self.names)
        self.body.addLayout(row(self.across, self.upright, None, spacing=24))
        self.body.addWidget(self.count)

    def _connect(self) -> None:
        self.period.changed.connect(self._on_changed)
        for box in (*self.forms.values(), self.names, self.upright):
            box.toggled.connect(self._on_changed)

    def first_field(self) -> QWidget:
        """Return the first box to tick."""
        return self.forms[SheetForm.HOUSEHOLD]

    @property
    def wanted(self) -> SheetsWanted | None:
        """Return what is chosen, None while no form is."""
        forms = tuple(form for form, box in self.forms.items() if box.isChecked())
        months = months_between(*self.period.period) if self.period.period is not None else ()
        return (
            SheetsWanted(months, forms, self.names.isChecked(), self.upright.isChecked()) if forms and months else None
        )

    @Slot()
    def _on_changed(self) -> None:
        self.made = None
        self._work.stop()
        self._calm.start()

    @Slot()
    def _make(self) -> None:
        """Make the file on the long thread; another choice stops it."""
        self._calm.stop()
        wanted, desk = self.wanted, self._page.desk
        if wanted is None:
            self.count.setText(_("Cochez au moins une feuille."))
            return
        self.count.setText(_("Préparation…"))

        def make(step: Step) -> tuple[SheetsMade, int]:
            made = month_sheets_pdf(desk, wanted, step)
            return made, pages_of(made.content)

        self._work.run("", make, self._on_made, self._on_failed, told=self._on_step)

    def _on_step(self, done: int, total: int) -> None:
        if total:
            self.count.setText(
                _("Préparation… {n} sur {total}").format(n=shown.number(done), total=shown.number(total))
            )

    def _on_made(self, found: tuple[SheetsMade, int]) -> None:
        self.made, pages = found
        way = _("A4 portrait") if self.upright.isChecked() else _("A4 paysage")
        told = ngettext("{n} page, {way}.", "{n} pages, {way}.", pages).format(n=shown.number(pages), way=way)
        if self.made.duplicates:
            told += " " + ngettext(
                "{n} feuille close est déjà sortie : elle portera « duplicata ».",
                "{n} feuilles closes sont déjà sorties : elles porteront « duplicata ».",
                self.made.duplicates,
            ).format(n=shown.number(self.made.duplicates))
        self.count.setText(told)
        if self._wanted:
            self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._wanted = False
        self.count.setText(str(error) if isinstance(error, RuleRefused) else "")
        if not isinstance(error, RuleRefused):
            self._page.owner.on_trouble(error)

    def may_accept(self) -> bool:
        """Show the file if it is made, else as soon as it is."""
        if self._calm.isActive():
            self._make()
        self._wanted = self.wanted is not None
        return self.made is not None and self._wanted

    def done(self, result: int) -> None:
        """Stop making what nobody waits for."""
        self._work.stop()
        super().done(result)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
