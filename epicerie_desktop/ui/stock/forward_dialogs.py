"""A lot put forward today, and how long each family may follow its best-before date."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.forward import ForwardRow
from epicerie_desktop.services.queries.stock import LotRow
from epicerie_desktop.services.stock import best_before, forward
from epicerie_desktop.services.stock.best_before import MOST_DAYS, ToleranceRow
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import MoneyField, ValueField
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock.lot_dialogs import LotDialog
from epicerie_desktop.ui.tabbed import GesturePage


class ForwardDialog(LotDialog):
    """Whether a family may take double, and the value of the day; unticking the first box takes the lot back."""

    def __init__(self, page: GesturePage, lot: LotRow, put: ForwardRow | None) -> None:
        super().__init__(page, lot, _("Mettre en avant aujourd'hui"), _("Garder"))
        self.forward = QCheckBox(_("Le mettre devant, avec une étiquette"))
        self.double = QCheckBox(_("Double portion possible"))
        self.value = MoneyField()
        self.forward.setChecked(True)
        if put is not None:
            self.double.setChecked(put.double)
            self.value.set_value(put.cents)
        unit = _("le kilo") if lot.sold_by is SoldBy.WEIGHT else _("la pièce")
        for widget in (
            self.forward, self.double, FormRow(_("Valeur du jour, {unit}, si elle baisse").format(unit=unit), self.value),
            label(_("La valeur du jour vaut pour tous les lots de cet article, aujourd'hui seulement."), "soft"), self.notice,
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.double.setFocus()

    def values_are_right(self) -> bool:
        """Ask for an amount that can be read."""
        return self.value.check()

    def writing_of(self) -> Callable[[], object]:
        """Return the writing."""
        desk, lot = self.page.desk, self.lot.id
        if not self.forward.isChecked():
            return partial(forward.take_back, desk, lot)
        return partial(forward.put_forward, desk, lot, double=self.double.isChecked(), cents=self.value.value)


def parse_days(typed: str) -> int | None:
    """Return a number of days, None for « jamais ». Raises `BadInput`."""
    if typed.strip().lower() in ("jamais", _("jamais")):
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed) <= MOST_DAYS):
        raise BadInput(N_("Tapez un nombre de jours, 0 pour s'en tenir à la date, ou « jamais »."))
    return int(typed)


class ToleranceDialog(QuestionDialog):
    """The days of each family after its best-before date; infant food is not changed."""

    def __init__(self, page: GesturePage, rows: tuple[ToleranceRow, ...]) -> None:
        super().__init__(
            page, _("Après la DDM"), _("Combien de jours un produit peut encore être remis, après un contrôle noté. Table de départ : AFSCA (Belgique)."),
            _("Garder ces durées"), _("Ne rien changer"), armed_after_ms=0,
        )  # fmt: skip
        self.page, self.rows = page, rows
        self.fields: dict[str, ValueField[int | None]] = {}
        self._writing = False
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for place, found in enumerate(rows):
            field: ValueField[int | None] = ValueField(
                parse_days, _days, message=False, required=True, suffix=_("jours")
            )
            field.line.setText(_days(found.days))
            field.line.setEnabled(not found.fixed)
            field.setToolTip(found.source)
            self.fields[found.family] = field
            grid.addWidget(FormRow(found.name, field), place // 3, place % 3)
        self.body.addLayout(grid)
        self.notice = Notice("error", parent=self)
        self.body.addWidget(self.notice)
        first: QWidget | None = next(iter(self.fields.values()), None)
        if first is not None:
            first.setFocus()

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        wrong = next((f for f in self.fields.values() if not f.check()), None)
        if wrong is not None:
            wrong.setFocus()
            return False
        if not self._writing:
            self._writing = True
            days = {r.family: parse_days(self.fields[r.family].text) for r in self.rows if not r.fixed}
            save = partial(best_before.save_tolerances, self.page.desk, days)
            self.page.act(save, self._on_written, self._on_refused, self._on_failed)
        return False

    def _on_written(self, done: None) -> None:  # noqa: ARG002
        self.accept()

    def _on_refused(self, sentence: str) -> None:
        self._writing = False
        self.notice.tell("error", sentence)

    def _on_failed(self) -> None:
        self._writing = False


def _days(days: int | None) -> str:
    return _("jamais") if days is None else str(days)
