"""The questions of values: one typed or corrected, one withdrawn with its reason."""

from __future__ import annotations

from collections.abc import Callable

from epicerie_desktop.domain.contract import Method, read_amount
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.services.contract import values
from epicerie_desktop.services.contract import wording as told
from epicerie_desktop.services.contract.consolidate import ContractRow, SiteRow
from epicerie_desktop.services.contract.plan import IndicatorRow
from epicerie_desktop.services.contract.values import ValueForm, ValueRow
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, row
from epicerie_desktop.ui.contract.contract_page import ContractPage, choices
from epicerie_desktop.ui.sheets.months import PeriodChooser
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.writing_dialog import WritingDialog


class ValueDialog(WritingDialog):
    """A value, its months, whose it is, the day it was settled on and where it comes from."""

    def __init__(
        self,
        page: ContractPage,
        contract: ContractRow,
        indicator: IndicatorRow,
        sites: tuple[SiteRow, ...],
        kept: ValueRow | None = None,
    ) -> None:
        super().__init__(
            page, _("Corriger une valeur") if kept else _("Saisir une valeur"), indicator.name,
            _("Corriger") if kept else _("Enregistrer"),
        )  # fmt: skip
        self.indicator, self.kept = indicator, kept
        unit = indicator.unit
        self.value: ValueField[int] = ValueField(
            lambda text: read_amount(text, unit), lambda value: told.plain(value, unit), required=True,
            say=lambda value: told.amount(value, unit, indicator.unit_name),
        )  # fmt: skip
        self.value.setAccessibleName(_("Valeur"))
        if kept is not None:
            self.value.set_value(kept.value)
        months = months_between(month_of(contract.starts_on), month_of(contract.ends_on))
        current = min(max(month_of(page.desk.clock.today()), months[0]), months[-1])
        first = months[0] if indicator.method is Method.DISTINCT else current
        self.period = PeriodChooser()
        self.period.set_months(tuple(reversed(months)), kept.first if kept else first, kept.last if kept else current)
        shops = [] if indicator.method is Method.DISTINCT else [(s.name, s.id) for s in sites]
        self.site = choices(_("Épicerie"), [(_("tout le contrat"), None), *shops], kept.site if kept else None)
        self.as_of, self.source = DayField(page.desk.clock.today()), FieldFrame(message=False)
        self.source.line.setText(kept.source if kept else "")
        self.body.addWidget(FormRow(_("Valeur"), self.value))
        self.body.addWidget(self.period)
        self.body.addLayout(row(FormRow(_("Arrêtée au"), self.as_of), FormRow(_("De qui"), self.site), spacing=16))
        self.body.addWidget(FormRow(_("D'où vient ce chiffre"), self.source))
        self.body.addWidget(self.notice)
        tab_order(
            self.value.line, self.period.first, self.period.last, self.as_of.line, self.site, self.source.line, self.no_button, self.yes_button
        )  # fmt: skip
        self.value.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the value."""
        value, as_of, period = self.value.value, self.as_of.value, self.period.period
        if not (self.value.check() and self.as_of.check()) or as_of is None or period is None:
            return None
        desk, replaces = self.page.desk, self.kept.id if self.kept else None
        form = ValueForm(
            self.indicator.id, *period, value, as_of, self.source.text, self.site.currentData(), replaces
        )  # fmt: skip
        return lambda: values.record_value(desk, form)


class WithdrawDialog(WritingDialog):
    """Why a value no longer counts; it stays in the history."""

    def __init__(self, page: ContractPage, indicator: IndicatorRow, kept: ValueRow) -> None:
        super().__init__(
            page, _("Retirer une valeur"),
            _("{value}, {period}, arrêtée au {day} : elle ne comptera plus, et restera dans l'historique.").format(
                value=told.amount(kept.value, indicator.unit, indicator.unit_name), period=told.period(kept.first, kept.last),
                day=shown.day(kept.as_of)),
            _("Retirer"),
        )  # fmt: skip
        self.kept, self.why = kept, FieldFrame(message=False)
        self.body.addWidget(FormRow(_("Pourquoi"), self.why))
        self.body.addWidget(self.notice)
        tab_order(self.why.line, self.no_button, self.yes_button)
        self.why.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that withdraws the value."""
        desk, value, why = self.page.desk, self.kept.id, self.why.text
        return lambda: values.withdraw_value(desk, value, why)
