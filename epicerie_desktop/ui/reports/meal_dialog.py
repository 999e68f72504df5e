"""What a meal weighs in the reports: the weights that held, and a new one from today, with who says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from epicerie_desktop.domain.reports.funder_data import Meal
from epicerie_desktop.domain.units import parse_grams
from epicerie_desktop.services.reports import parameters
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog


def _grams_field() -> ValueField[int]:
    return ValueField(partial(parse_grams, default_unit="g"), str, required=True, suffix="g")


class MealDialog(WritingDialog):
    """A weight in grams and its source; the reports of a period that ended before keep the weight that held then."""

    def __init__(self, page: GesturePage, meals: Sequence[Meal]) -> None:
        super().__init__(
            page, _("Poids d'un repas"),
            _("Les kilos distribués, divisés par ce poids, font les équivalents repas. Un nouveau poids vaut à partir d'aujourd'hui."),
            _("Garder ce poids"),
        )  # fmt: skip
        self.setMinimumWidth(740)
        self.grams, self.source = _grams_field(), FieldFrame()
        self.grams.set_value(meals[0].grams)
        self.source.set_hint(_("par exemple : convention 2026 avec la Banque Alimentaire"))
        self.body.addLayout(
            row(FormRow(_("Un repas pèse"), self.grams), FormRow(_("Qui le dit"), self.source), spacing=12)
        )
        self.body.addWidget(self.notice)
        self.table: RowsTable[Meal] = RowsTable(
            (
                Column(_("Depuis le"), lambda m: m.valid_from, shown.day), Column(_("Poids (g)"), lambda m: m.grams, shown.number, "right"),
                Column(_("Qui le dit"), lambda m: m.source, stretch=True),
            ),
            lambda m: m.valid_from, name=_("Poids d'un repas"), sortable=False,
        )  # fmt: skip
        self.table.set_rows(meals)
        self.table.size_columns()
        self.table.setMinimumHeight(150)
        self.body.addWidget(self.table)
        self.grams.submitted.connect(self.source.setFocus)
        self.grams.line.selectAll()
        self.grams.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where a field is wrong and says so."""
        if not self.grams.check() or self.grams.value is None:
            self.grams.setFocus()
            return None
        if not self.source.text:
            self.source.show_error(_("Dites d'où vient ce poids : il est imprimé avec les repas."))
            self.source.setFocus()
            return None
        return partial(parameters.set_meal_grams, self.page.desk, self.grams.value, self.source.text)
