"""The right as it would be opened: from when to when, what share is paid, which ceilings. Filled from the règlement, changed at will."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import Ceiling, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.extras import extras_to_json
from epicerie_desktop.domain.eligibility.extras_told import price_step
from epicerie_desktop.domain.eligibility.outcome import OpenedRight, ceiling_left
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.units import parse_cents, parse_grams
from epicerie_desktop.services.rights.decide import RightForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField, go_on
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.undo import UndoStrip
from epicerie_desktop.ui.households.parts import EnterGoesOn

_USUAL_LENGTH = Duration(DurationUnit.MONTHS, 3)
"""Proposed where the règlement leaves the length to those who decide; the screen says so."""
_MOST_PERMILLE = 1000


def parse_permille(typed: str) -> int:
    """Return the thousandths of a rate typed « 10 », « 12,5 % ». Raises `BadInput` outside 0 to 100 %, or finer than 0.1 %."""
    text = typed.strip().removesuffix("%").strip()
    try:
        hundredths = parse_cents(text)
    except BadInput:
        raise BadInput(N_("« {typed} » n'est pas un pourcentage. Tapez par exemple 10."), typed=typed.strip()) from None
    if hundredths % 10 or hundredths > _MOST_PERMILLE * 10:
        raise BadInput(N_("La participation va de 0 % à 100 %, avec une décimale au plus."))
    return hundredths // 10


class CeilingRow(QWidget):
    """One ceiling: what it limits, over what, how much."""

    changed = Signal()
    removed = Signal()

    def __init__(self, ceiling: Ceiling, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measure, self.period = QComboBox(), QComboBox()
        for measure in CeilingMeasure:
            self.measure.addItem(called(measure), measure)
        for period in CeilingPeriod:
            self.period.addItem(called(period), period)
        self.measure.setCurrentIndex(self.measure.findData(ceiling.measure))
        self.period.setCurrentIndex(self.period.findData(ceiling.period))
        self.measure.setAccessibleName(_("Ce que limite le plafond"))
        self.period.setAccessibleName(_("Sur quelle durée"))
        for combo in (self.measure, self.period):
            combo.setMinimumWidth(10)
        self.amount: ValueField[int] = ValueField(self._parse, self._write, required=True, message=False)
        self.amount.setAccessibleName(_("Plafond"))
        self.remove = ActionButton(_("Retirer"), kind="quiet", icon="x")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.measure, 1)
        line.addWidget(self.period, 1)
        second = row(self.amount, self.remove, spacing=8)
        second.setAlignment(self.remove, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(line)
        whole.addLayout(second)
        if ceiling.amount:
            self.amount.set_value(ceiling.amount)
        self._tell_unit()
        self.measure.currentIndexChanged.connect(self._on_measure)
        self.period.currentIndexChanged.connect(self.changed)
        self.amount.changed.connect(self.changed)
        self.amount.submitted.connect(self._on_submitted)
        self.remove.clicked.connect(self.removed)
        EnterGoesOn(self).watch(self.measure, self.period)

    @property
    def chosen(self) -> CeilingMeasure:
        """Return what the ceiling limits."""
        return CeilingMeasure(self.measure.currentData())

    @property
    def ceiling(self) -> Ceiling | None:
        """Return the ceiling, None while its amount is empty or wrong."""
        amount = self.amount.value
        return None if amount is None else Ceiling(self.chosen, CeilingPeriod(self.period.currentData()), amount)

    @property
    def shown(self) -> Ceiling:
        """Return the ceiling as it stands, an amount of 0 while it is empty: the règlement leaves it to the decision."""
        return self.ceiling or Ceiling(self.chosen, CeilingPeriod(self.period.currentData()), 0)

    def _parse(self, text: str) -> int:
        return parse_grams(text) if self.chosen is CeilingMeasure.GRAMS else parse_cents(text)

    def _write(self, amount: int) -> str:
        return shown.plain_kilos(amount) if self.chosen is CeilingMeasure.GRAMS else shown.plain_money(amount)

    def _tell_unit(self) -> None:
        self.amount.line.setPlaceholderText(_("en kilos") if self.chosen is CeilingMeasure.GRAMS else _("en euros"))

    @Slot()
    def _on_measure(self) -> None:
        self._tell_unit()
        if self.amount.text:
            self.amount.check()
        self.changed.emit()

    @Slot()
    def _on_submitted(self) -> None:
        go_on(self.amount.line)


class RightTerms(QWidget):
    """The terms of a right. What the person has changed is no longer overwritten by the sum."""

    rows_changed = Signal()
    start_changed = Signal()
    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._right: OpenedRight | None = None
        self._touched: set[str] = set()
        self._follows: date | None = None
        self._filling = False
        self.start, self.end = DayField(today), DayField(today, end=True)
        self.share: ValueField[int] = ValueField(parse_permille, _plain_percent, required=True, suffix="%")
        self.ceilings: list[CeilingRow] = []
        self.add_ceiling = ActionButton(_("Ajouter un plafond"), kind="quiet", icon="plus")
        self.note = label("", "small")
        self.price = label("", "strong")
        self.price.hide()
        self.no_ceiling = label(_("Sans plafond"), "soft")
        self.undo = UndoStrip()
        self._removed: CeilingRow | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._share_row = FormRow(_("Participation"), self.share)
        terms = row(FormRow(_("Premier jour"), self.start), FormRow(_("Dernier jour"), self.end), self._share_row)
        whole = column(
            terms, self.price, self.note, label(_("Plafonds"), "label"), self._rows, self.undo, self.no_ceiling
        )
        whole.addLayout(row(self.add_ceiling, None))
        self.setLayout(whole)
        for field in (self.start, self.end, self.share):
            field.changed.connect(self.changed)
        self.start.changed.connect(self._on_start)
        self.end.changed.connect(self._on_end)
        self.share.changed.connect(self._on_share)
        self.share.submitted.connect(self._on_share_submitted)
        self.add_ceiling.clicked.connect(self._on_add)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        rows = [w for r in self.ceilings for w in (r.measure, r.period, r.amount.line, r.remove)]
        return (self.start.line, self.end.line, self.share.line, *rows, self.undo.undo, self.add_ceiling)

    def begin(self, start: date) -> None:
        """Begin a decision anew, from its first possible day: the day after a right that runs, else today."""
        self._touched.clear()
        self.price.hide()
        self._share_row.show()
        self._follows = start if start > self._today else None
        self._right = None
        self._filling = True
        self.start.set_value(start)
        self.share.set_value(None)
        self._filling = False
        self._show_ceilings(())
        self._propose_end()

    def propose(self, right: OpenedRight | None) -> None:
        """Fill what the règlement says, except what the person already changed."""
        self._right = right
        self._propose_end()
        if right is None:
            return
        self._filling = True
        priced = right.extras.price is not None
        if "share" not in self._touched and (priced or right.share_permille is not None):
            self.share.set_value(right.share_permille or 0)
        self._filling = False
        self._share_row.setVisible(not priced)
        self.price.setText(price_step(right.extras.price).sentence() if right.extras.price else "")
        self.price.setVisible(priced)
        if "ceilings" not in self._touched:
            left = tuple(Ceiling(d.measure, d.period, 0) for d in right.extras.decided)
            self._show_ceilings((*right.ceilings, *left))

    def form(self, assessment: int | None = None) -> RightForm | None:
        """Return the right as decided, None where something is wrong, told beneath it."""
        checks = [self.start.check(), self.end.check(), self.share.check(), *(r.amount.check() for r in self.ceilings)]
        kept = tuple(c for c in (r.ceiling for r in self.ceilings) if c is not None)
        if not all(checks):
            return None
        start, end, share = self.start.value, self.end.value, self.share.value
        if start is None or end is None or share is None:
            return None
        terms = extras_to_json(self._right.extras, start) if self._right else {}
        return RightForm(start, end, share, kept, assessment, terms)

    def wrong(self) -> QWidget | None:
        """Return the first field to mend."""
        fields: tuple[FieldFrame, ...] = (self.start, self.end, self.share, *(r.amount for r in self.ceilings))
        return next((f for f in fields if f.error), None)

    def _propose_end(self) -> None:
        start, length = self.start.value, self._right.duration if self._right else None
        if "end" not in self._touched and start is not None:
            self._filling = True
            self.end.set_value(self._usual_end(start, length))
            self._filling = False
        told = ""
        if start is not None and start == self._follows:
            eve = shown.middle_day(start - timedelta(days=1))
            told = _("Un droit court jusqu'au {day} : celui-ci commence le lendemain.").format(day=eve)
        if self._right is not None and length is None:
            told = self._tell_bounds(start)
        left = self._right.extras.decided if self._right else ()
        bounded = [ceiling_left(d).sentence() for d in left if d.least is not None or d.most is not None]
        told = " ".join(filter(None, (told, self._tell_share_bounds(), *bounded)))
        self.note.setText(told)
        self.note.setVisible(bool(told))

    def _usual_end(self, start: date, length: Duration | None) -> date:
        """Return the last day proposed: what the règlement says, else three months, within its bounds."""
        right = self._right
        if right is None or length is not None:
            return (right.until(start) if right else None) or (length or _USUAL_LENGTH).end(start)
        least, most = right.extras.terms.decided_between
        end = _USUAL_LENGTH.end(start)
        if least is not None:
            end = max(end, least.end(start))
        if most is not None:
            end = min(end, most.end(start))
        return min(end, right.latest) if right.latest else end

    def _tell_share_bounds(self) -> str:
        least, most = self._right.extras.share_between if self._right else (None, None)
        if least is not None and most is not None:
            return _("Le règlement laisse choisir la participation, de {least} % à {most} %.").format(
                least=_plain_percent(least), most=_plain_percent(most)
            )
        if least is not None:
            return _("Le règlement laisse choisir la participation, {least} % ou plus.").format(
                least=_plain_percent(least)
            )
        if most is not None:
            return _("Le règlement laisse choisir la participation, {most} % au plus.").format(
                most=_plain_percent(most)
            )
        return ""

    def _tell_bounds(self, start: date | None) -> str:
        least, most = self._right.extras.terms.decided_between if self._right else (None, None)
        if start is None or (least is None and most is None):
            return _("Le règlement laisse la durée à la décision : vérifiez le dernier jour.")
        days = [shown.day(length.end(start)) for length in (least, most) if length is not None]
        if least is not None and most is not None:
            return _("Le règlement laisse choisir le dernier jour, du {first} au {last}.").format(
                first=days[0], last=days[1]
            )
        if least is not None:
            return _("Le règlement laisse choisir le dernier jour, à partir du {first}.").format(first=days[0])
        return _("Le règlement laisse choisir le dernier jour, jusqu'au {last}.").format(last=days[0])

    def _show_ceilings(self, ceilings: tuple[Ceiling, ...]) -> None:
        if [r.shown for r in self.ceilings] == list(ceilings) and self.ceilings:
            return
        for old in self.ceilings:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._forget_removed()
        self.ceilings = []
        for ceiling in ceilings:
            self._append(ceiling)
        self.no_ceiling.setVisible(not self.ceilings)
        self.rows_changed.emit()

    def _append(self, ceiling: Ceiling) -> CeilingRow:
        added = CeilingRow(ceiling)
        added.changed.connect(self._on_ceilings)
        added.removed.connect(self._on_removed)
        self.ceilings.append(added)
        self._rows.addWidget(added)
        return added

    @Slot()
    def _on_start(self) -> None:
        if not self._filling:
            self._propose_end()
            self.start_changed.emit()

    @Slot()
    def _on_end(self) -> None:
        if not self._filling:
            self._touched.add("end")

    @Slot()
    def _on_share(self) -> None:
        if not self._filling:
            self._touched.add("share")

    @Slot()
    def _on_share_submitted(self) -> None:
        go_on(self.share.line)

    @Slot()
    def _on_ceilings(self) -> None:
        self._touched.add("ceilings")
        self.changed.emit()

    @Slot()
    def _on_add(self) -> None:
        self._touched.add("ceilings")
        added = self._append(Ceiling(CeilingMeasure.SHELF_VALUE, CeilingPeriod.MONTH, 0))
        self.no_ceiling.hide()
        self.rows_changed.emit()
        added.amount.setFocus()

    @Slot()
    def _on_removed(self) -> None:
        gone = self.sender()
        if isinstance(gone, CeilingRow) and gone in self.ceilings:
            self._touched.add("ceilings")
            place = self.ceilings.index(gone)
            self.ceilings.remove(gone)
            self._rows.removeWidget(gone)
            gone.hide()
            self._forget_removed()
            self._removed = gone
            self.undo.offer(_("Le plafond est retiré de ce droit."), partial(self._put_back, gone, place))
            self.no_ceiling.setVisible(not self.ceilings)
            self.rows_changed.emit()

    def _put_back(self, ceiling: CeilingRow, place: int) -> None:
        self._removed = None
        self.ceilings.insert(place, ceiling)
        self._rows.insertWidget(place, ceiling)
        ceiling.show()
        self.no_ceiling.hide()
        self.rows_changed.emit()
        ceiling.measure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_removed(self) -> None:
        if self._removed is not None:
            self._removed.deleteLater()
            self._removed = None
        self.undo.withdraw()


def _plain_percent(permille: int) -> str:
    return shown.percent(permille).removesuffix("%").strip()
