"""What the shop itself tells its funders: estimates of a period, the weight of a meal, the families in their categories."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.domain.reports.fse import Estimate
from epicerie_desktop.domain.reports.funder_data import Indicator, Meal
from epicerie_desktop.services import sheets
from epicerie_desktop.services.reports import estimates, funders, parameters
from epicerie_desktop.services.reports.estimates import EstimateRow, value_written
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.reports.families_dialog import FamiliesDialog
from epicerie_desktop.ui.reports.meal_dialog import MealDialog
from epicerie_desktop.ui.reports.period import Choice, PeriodChooser
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import GesturePage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_GOES_TO = {"1.1": N_("Valeur"), "1.2": N_("Quantité"), "2.1": N_("Denrées"), "2.2": N_("Biens")}
"""What an indicator is a part of, by the beginning of its point in the annex."""


def named(indicator: Indicator) -> str:
    """Return the name of an indicator that stands by itself, without the whole it is a part of."""
    name = indicator.name.removeprefix("dont ")
    return name[:1].upper() + name[1:]


class Found(NamedTuple):
    """What the page shows of the database."""

    months: tuple[str, ...]
    rows: tuple[EstimateRow, ...]
    meals: tuple[Meal, ...]
    unsorted: int


class FundersPage(GesturePage):
    """The estimates of a period in a list; Enter or F10 types one, Ctrl+W the weight of a meal, Ctrl+G the families."""

    tables: ClassVar[frozenset[str]] = frozenset({"aggregate_estimate", "setting", "family"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.meals: tuple[Meal, ...] = ()
        self.told = Notice("info", closable=True, parent=self)
        self.period = PeriodChooser(self.desk.clock.today())
        self.table: RowsTable[EstimateRow] = RowsTable(
            (
                Column(_("Code"), lambda r: r.indicator.code, tone=lambda _r: "ink_soft"),
                Column(_("Pour"), lambda r: _(_GOES_TO[r.indicator.point[:3]])),
                Column(_("Indicateur du FSE+"), lambda r: named(r.indicator)),
                Column(_("Estimation"), _value, align="right"),
                Column(_("Estimé ainsi"), lambda r: r.holds.basis if r.holds and r.holds.value is not None else "", stretch=True),
            ),
            lambda r: r.indicator.code, name=_("Estimations de la période"), empty=_("Choisissez une période."), sortable=False,
        )  # fmt: skip
        self.meaning = label("", "soft")
        self.estimate = ActionButton(_("Estimer"), "F10", "pencil", "primary")
        self.meal, self.families = label("", "soft"), label("", "soft")
        self.set_meal = ActionButton(_("Poids d'un repas"), "Ctrl+W", "scale")
        self.sort = ActionButton(_("Ranger les familles"), "Ctrl+G", "boxes")
        self._lay_out()
        self.period.changed.connect(self.refresh)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_estimate)
        self.estimate.clicked.connect(self._on_estimate)
        self.set_meal.clicked.connect(self._on_meal)
        self.sort.clicked.connect(self._on_sort)

    def _lay_out(self) -> None:
        told = label(
            _("Ce que le texte du FSE+ laisse estimer pour l'ensemble de l'épicerie, sans rien demander à personne."),
            "soft",
        )
        above = row(self.period, told, spacing=24)
        above.setStretch(1, 1)
        above.setAlignment(told, Qt.AlignmentFlag.AlignVCenter)
        shop = row(self.set_meal, self.meal, self.sort, self.families, spacing=12)
        shop.setStretch(1, 3)
        shop.setStretch(3, 1)
        chosen = row(self.meaning, self.estimate)
        chosen.setStretch(0, 1)
        whole = column(above, self.told, self.table, chosen, shop, spacing=12)
        whole.setStretchFactor(self.table, 1)
        self.setLayout(whole)

    def first_field(self) -> QWidget | None:
        """Return the list of indicators."""
        return self.table

    @property
    def chosen(self) -> Choice | None:
        """Return the period, None while two days make none."""
        return self.period.chosen

    @Slot()
    def refresh(self) -> None:
        """Read the estimates of the period chosen, and what the shop set."""
        found, desk = self.chosen, self.desk
        if found is None:
            return
        first, last = found.first, found.last
        self.ask(
            lambda: Found(
                sheets.months_to_choose(desk), estimates.estimate_rows(desk, first, last), parameters.meals(desk), funders.unsorted_count(desk)
            ),
            self._show, key="funders",
        )  # fmt: skip

    def _show(self, found: Found) -> None:
        self.period.set_months(found.months)
        self.table.set_rows(found.rows)
        self.table.size_columns()
        if self.table.current is None:
            self.table.choose_first()
        self._on_chosen(self.table.current)
        self.meals = found.meals
        self.meal.setText(meal_text(found.meals[0]))
        self.families.setText(
            ngettext("{n} non classée", "{n} non classées", found.unsorted).format(
                n=shown.number(found.unsorted)
            ) if found.unsorted else _("Toutes ont un groupe")
        )  # fmt: skip

    @Slot(object)
    def _on_chosen(self, line: EstimateRow | None) -> None:
        if line is None:
            self.meaning.setText("")
            return
        told, held = line.indicator.definition, line.holds
        if held is not None:
            basis = held.basis if held.value is not None else _("Retirée : {basis}").format(basis=held.basis)
            told = _("{basis} – le {day}, {who}.").format(basis=basis, day=shown.day(held.made_on), who=held.made_by)
        self.meaning.setText(told)

    @Slot()
    def _on_estimate(self) -> None:
        line, period = self.table.current, self.chosen
        if line is not None and period is not None:
            self.open_dialog(EstimateDialog(self, line, period))

    @Slot()
    def _on_meal(self) -> None:
        self.open_dialog(MealDialog(self, self.meals))

    @Slot()
    def _on_sort(self) -> None:
        self.open_dialog(FamiliesDialog(self))


def meal_text(meal: Meal) -> str:
    """Return what a meal weighs, since when and by whom, in a sentence."""
    return _("{grams} g depuis le {day} : {source}.").format(
        grams=shown.number(meal.grams), day=shown.day(meal.valid_from), source=meal.source
    )


def _value(line: EstimateRow) -> str:
    return value_written(line.indicator, None if line.holds is None else line.holds.value)


class EstimateDialog(WritingDialog):
    """A number and how it was estimated, over what was typed before; an empty number takes the estimate back."""

    def __init__(self, page: GesturePage, line: EstimateRow, period: Choice) -> None:
        super().__init__(
            page, f"{line.indicator.code} · {named(line.indicator)}", f"{period.name}. {line.indicator.definition}", _("Garder"),
        )  # fmt: skip
        self.setMinimumWidth(740)
        self.line, self.period = line, period
        indicator, held = line.indicator, line.holds
        units = {Holds.CENTS: "€", Holds.PERMILLE: "%"}
        self.value: ValueField[int] = ValueField(
            partial(estimates.value_read, indicator), partial(value_written, indicator, unit=False),
            say=partial(value_written, indicator) if units.get(indicator.holds) else None, suffix=units.get(indicator.holds, ""),
        )  # fmt: skip
        self.basis = FieldFrame()
        self.basis.set_hint(_("Imprimé avec le chiffre dans le rapport de l'épicerie. Ne nommez personne."))
        if held is not None and held.value is not None:
            self.value.set_value(held.value)
            self.value.set_hint(_("Laissez vide pour retirer l'estimation."))
        self.body.addWidget(FormRow(_("Estimation"), self.value))
        self.body.addWidget(FormRow(_("Comment vous avez estimé"), self.basis))
        self.body.addWidget(self.notice)
        if line.history:
            self.body.addWidget(label(_("Déjà tapé, le plus récent en tête ; rien ne s'efface"), "label"))
            self.body.addWidget(self._history(line))
        self.value.submitted.connect(self.basis.setFocus)
        self.value.line.selectAll()
        self.value.setFocus()

    def _history(self, line: EstimateRow) -> RowsTable[Estimate]:
        made: RowsTable[Estimate] = RowsTable(
            (
                Column(_("Tapé le"), lambda e: e.made_on, shown.day),
                Column(_("Période"), lambda e: f"{shown.day(e.first)} – {shown.day(e.last)}"),
                Column(_("Estimation"), lambda e: _("retirée") if e.value is None else value_written(line.indicator, e.value), align="right"),
                Column(_("Comment"), lambda e: e.basis, stretch=True),
            ),
            lambda e: (e.made_on, e.first, e.last, e.value, e.basis), name=_("Estimations déjà tapées"), sortable=False,
        )  # fmt: skip
        made.set_rows(line.history)
        made.size_columns()
        made.setMinimumHeight(150)
        return made

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where a field is wrong and says so."""
        if not self.value.check():
            self.value.setFocus()
            return None
        held = self.line.holds
        if self.value.value is None and (held is None or held.value is None):
            self.value.show_error(_("Tapez l'estimation, ou fermez par Échap."))
            self.value.setFocus()
            return None
        if not self.basis.text:
            self.basis.show_error(_("Dites en une phrase comment vous avez estimé."))
            self.basis.setFocus()
            return None
        return partial(
            estimates.record_estimate, self.page.desk, self.line.indicator.code, self.period.first, self.period.last, self.value.value,
            self.basis.text,
        )  # fmt: skip
