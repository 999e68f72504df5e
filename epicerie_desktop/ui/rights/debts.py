"""The debts of a household: to whom, of what kind, what is left and what is paid a month."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.statements import (
    MOST_DEBTS,
    Debt,
    DebtKind,
    checked_debt,
    debts_missing,
    debts_that_differ,
    parse_stated,
)
from epicerie_desktop.services.queries.debts import DebtsTold
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import Card, SectionTitle, label, row
from epicerie_desktop.ui.common.undo import UndoStrip
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled


def _creditor(text: str) -> str:
    return checked_debt(Debt(text, DebtKind.OTHER)).creditor


class DebtRow(QWidget):
    """One debt."""

    changed = Signal()
    removed = Signal()

    def __init__(self, debt: Debt | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.creditor: ValueField[str] = ValueField(_creditor, str, required=True, message=False)
        self.kind = QComboBox()
        for kind in DebtKind:
            self.kind.addItem(called(kind), kind)
        self.left: ValueField[int] = ValueField(parse_stated, shown.plain_money, suffix="€", message=False)
        self.monthly: ValueField[int] = ValueField(parse_stated, shown.plain_money, suffix="€", message=False)
        for money in (self.left, self.monthly):
            money.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.remove = ActionButton(_("Retirer"), kind="quiet", icon="x")
        first = row(Labelled(_("À qui"), self.creditor), Labelled(_("Nature"), self.kind), spacing=8)
        first.setStretch(0, 3)
        first.setStretch(1, 2)
        second = row(
            Labelled(_("Reste dû"), self.left), Labelled(_("Payé par mois"), self.monthly), self.remove, spacing=8
        )
        second.setAlignment(self.remove, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 8)
        whole.setSpacing(4)
        whole.addLayout(first)
        whole.addLayout(second)
        if debt is not None:
            self.creditor.set_value(debt.creditor)
            self.kind.setCurrentIndex(self.kind.findData(debt.kind))
            self.left.set_value(debt.left)
            self.monthly.set_value(debt.monthly)
        for field in self._fields:
            field.changed.connect(self.changed)
            field.submitted.connect(self._on_submitted)
        self.kind.currentIndexChanged.connect(self.changed)
        self.remove.clicked.connect(self.removed)
        EnterGoesOn(self).watch(self.kind)

    @property
    def _fields(self) -> tuple[ValueField[str] | ValueField[int], ...]:
        return (self.creditor, self.left, self.monthly)

    @property
    def debt(self) -> Debt | None:
        """Return the debt, None while nobody is named or an amount is wrong."""
        creditor = self.creditor.value
        if creditor is None:
            return None
        return Debt(creditor, DebtKind(self.kind.currentData()), self.left.value, self.monthly.value)

    @property
    def empty(self) -> bool:
        """Return whether nothing was typed."""
        return not any(field.text for field in self._fields)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (self.creditor.line, self.kind, self.left.line, self.monthly.line, self.remove)

    def wrong(self) -> FieldFrame | None:
        """Return the first field to mend, telling why beneath each."""
        return next((f for f in [f for f in self._fields if not f.check()]), None)

    @Slot()
    def _on_submitted(self) -> None:
        field = self.sender()
        if isinstance(field, FieldFrame):
            go_on(field.line)


class DebtsCard(Card):
    """The debts told, with what is left and paid in all. They explain; only the lines of the règlement are counted."""

    changed = Signal()
    rows_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.rows: list[DebtRow] = []
        self.add_button = ActionButton(_("Ajouter une dette"), kind="quiet", icon="plus")
        self.total = label("", "soft")
        self.undo = UndoStrip()
        self._removed: DebtRow | None = None
        self.take = ActionButton(_("Les reprendre dans cette déclaration"), kind="quiet", icon="plus")
        self.elsewhere = label("", "small")
        self._there = DebtsTold()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.add(
            SectionTitle(_("Dettes")),
            self._lines,
            self.undo,
            row(self.add_button, None),
            self.total,
            self.elsewhere,
            row(self.take, None),
        )
        self.add_button.clicked.connect(self._on_add)
        self.take.clicked.connect(self._on_take)
        self._tell()

    @property
    def debts(self) -> tuple[Debt, ...]:
        """Return the debts told."""
        return tuple(d for d in (r.debt for r in self.rows) if d is not None)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (*(w for r in self.rows for w in r.stops), self.undo.undo, self.add_button, self.take)

    def ask(self, debts: tuple[Debt, ...]) -> None:
        """Show the debts already known."""
        for old in self.rows:
            self._drop(old)
        self.rows = []
        self._forget_removed()
        for debt in debts:
            self._append(debt)
        self._tell()
        self.rows_changed.emit()

    def show_elsewhere(self, there: DebtsTold) -> None:
        """Show what the support file tells; nothing is taken from it, nor changed here, without being asked for."""
        self._there = there
        self._tell()

    @property
    def _missing(self) -> tuple[Debt, ...]:
        return debts_missing((r.creditor.text for r in self.rows), self._there.debts)

    def _tell_elsewhere(self) -> None:
        missing, told = self._missing, []
        since = _("le dossier d'accompagnement")
        if self._there.day is not None:
            since = _("le dossier d'accompagnement (au {day})").format(day=shown.day(self._there.day))
        if missing:
            names = ", ".join(d.creditor for d in missing)
            told.append(_("À voir aussi dans {paper} : {names}.").format(paper=since, names=names))
        for _here, there in debts_that_differ(self.debts, self._there.debts):
            words = _("« {creditor} » dans {paper} : reste dû {left}, {monthly} par mois.")
            left, monthly = (shown.money(cents or 0) for cents in (there.left, there.monthly))
            told.append(words.format(creditor=there.creditor, paper=since, left=left, monthly=monthly))
        self.elsewhere.setText("\n".join(told))
        self.elsewhere.setVisible(bool(told))
        self.take.setVisible(bool(missing))

    @Slot()
    def _on_take(self) -> None:
        added = [self._append(debt) for debt in self._missing[: MOST_DEBTS - len(self.rows)]]
        self._on_changed()
        self.rows_changed.emit()
        if added:
            added[0].creditor.setFocus(Qt.FocusReason.OtherFocusReason)

    def wrong(self) -> QWidget | None:
        """Return the first field to mend."""
        return next((w for w in [r.wrong() for r in self.rows] if w is not None), None)

    def _append(self, debt: Debt | None) -> DebtRow:
        line = DebtRow(debt)
        line.changed.connect(self._on_changed)
        line.removed.connect(self._on_removed)
        self.rows.append(line)
        self._lines.addWidget(line)
        line.show()
        return line

    def _drop(self, line: DebtRow) -> None:
        self._lines.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _forget_removed(self) -> None:
        if self._removed is not None:
            self._removed.deleteLater()
            self._removed = None
        self.undo.withdraw()

    def _put_back(self, line: DebtRow, place: int) -> None:
        self._removed = None
        self.rows.insert(place, line)
        self._lines.insertWidget(place, line)
        line.show()
        self._on_changed()
        self.rows_changed.emit()
        line.creditor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        known = self.debts
        told = _("Aucune dette n'est notée.")
        if known:
            told = _("Reste dû : {left} · payé par mois : {monthly}").format(
                left=shown.money(sum(d.left or 0 for d in known)),
                monthly=shown.money(sum(d.monthly or 0 for d in known)),
            )
            told += "\n" + _("Le calcul ne compte que la ligne de charges que le règlement prévoit pour elles.")
        self.total.setText(told)
        self._tell_elsewhere()
        self.add_button.setEnabled(len(self.rows) < MOST_DEBTS)

    @Slot()
    def _on_changed(self) -> None:
        self._tell()
        self.changed.emit()

    @Slot()
    def _on_add(self) -> None:
        line = self._append(None)
        self._on_changed()
        self.rows_changed.emit()
        line.creditor.setFocus()

    @Slot()
    def _on_removed(self) -> None:
        line = self.sender()
        if isinstance(line, DebtRow) and line in self.rows:
            place = self.rows.index(line)
            self.rows.remove(line)
            self._forget_removed()
            if line.empty:
                self._drop(line)
                self.add_button.setFocus()
            else:
                self._lines.removeWidget(line)
                line.hide()
                self._removed = line
                told = _("La dette est retirée de cette déclaration.")
                if line.creditor.text:
                    told = _("« {creditor} » : dette retirée de cette déclaration.").format(creditor=line.creditor.text)
                self.undo.offer(told, partial(self._put_back, line, place))
            self._on_changed()
            self.rows_changed.emit()
