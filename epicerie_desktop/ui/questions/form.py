"""What is asked, at the left of the screen: a subject, what is counted, how it is cut, over which days. Asks nothing itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from epicerie_desktop.domain.question_catalogue import BY, MEASURES, SUBJECTS
from epicerie_desktop.domain.questions import MOST_GROUPS, SPANS, Code, Period, Question, Span, question
from epicerie_desktop.services.queries.questions import filters_of
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import FormRow, column, label, row

_SIGNS = 14
"""Signs a list has room for: its longest line must not push the answer away."""

_FEW_SIGNS = 7
"""Those of the list that shares its line with a button."""


def narrow(box: QComboBox, signs: int = _SIGNS) -> QComboBox:
    """Return a list that takes the room it is given, not that of its longest line."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(signs)
    return box


class QuestionForm(QWidget):
    """`changed` comes at each choice; `question` is then what is asked, or raises what is missing."""

    changed = Signal()
    filter_wanted = Signal(str)

    def __init__(self, clock: Clock, *, numbers: bool) -> None:
        super().__init__()
        self._numbers, self._filling = numbers, False
        self.only: dict[str, tuple[Code, ...]] = {}
        self._words: Mapping[str, str] = {}
        self.subject = narrow(QComboBox())
        for s in SUBJECTS.values():
            self.subject.addItem(_(s.name), s.key)
        self.about = label("", "soft")
        self.ticks: dict[str, QCheckBox] = {}
        self._ticks = QGridLayout()
        self._ticks.setSpacing(4)
        self.groups = [narrow(QComboBox()) for _n in range(MOST_GROUPS)]
        self.across = QCheckBox(_("Dernier regroupement en colonnes"))
        self.span = narrow(QComboBox())
        for span, words in SPANS.items():
            self.span.addItem(_(words), span)
        self.span.setCurrentIndex(self.span.findData(Span.THIS_YEAR))
        today = clock.today()
        self.first, self.last = DayField(today.replace(day=1)), DayField(today)
        self._days = QWidget()
        self._days.setLayout(column(FormRow(_("Du"), self.first), FormRow(_("Au, inclus"), self.last), spacing=4))
        self.filters = narrow(QComboBox(), _FEW_SIGNS)
        self.narrow = ActionButton(_("Choisir…"), "Ctrl+K", "list", "secondary")
        self.kept = label("", "soft")
        self._lay_out()
        self._fill_subject()
        self._connect()

    def _lay_out(self) -> None:
        counted = label(_("Compter"), "label")
        narrowing = row(self.filters, self.narrow, spacing=8)
        narrowing.setStretch(0, 1)
        caption = label(_("Garder seulement certaines valeurs"), "label")
        caption.setBuddy(self.filters)
        self.filters.setAccessibleName(caption.text())
        titles = (_("Regrouper par"), _("puis par"), _("puis par"))
        rows = [FormRow(t, g) for t, g in zip(titles, self.groups, strict=True)]
        lines = column(
            FormRow(_("De quoi parle la question ?"), self.subject), self.about, counted, self._ticks, *rows, self.across,
            FormRow(_("Période"), self.span), self._days, caption, narrowing, self.kept, None, spacing=10,
        )  # fmt: skip
        lines.setContentsMargins(2, 0, 8, 0)
        self.setLayout(lines)

    def _connect(self) -> None:
        self.subject.currentIndexChanged.connect(self._on_subject)
        for field in (*self.groups, self.span):
            field.currentIndexChanged.connect(self._on_choice)
        self.across.toggled.connect(self._on_choice)
        for day in (self.first, self.last):
            day.changed.connect(self._on_choice)
        self.narrow.clicked.connect(self._on_narrow)

    def _fill_subject(self) -> None:
        about = SUBJECTS[self.subject.currentData()]
        self.about.setText(_(about.definition))
        for tick in self.ticks.values():
            self._ticks.removeWidget(tick)
            tick.hide()  # It would be painted under the new ones until it is gone.
            tick.deleteLater()
        self.ticks = {}
        for key in about.measures:
            tick = QCheckBox(_(MEASURES[key].name))
            tick.setToolTip(_(MEASURES[key].definition))
            tick.setAccessibleDescription(_(MEASURES[key].definition))
            tick.setChecked(not self.ticks)
            tick.toggled.connect(self._on_choice)
            self._ticks.addWidget(tick, *divmod(len(self.ticks), 2))
            self.ticks[key] = tick
        before: QWidget = self.subject
        for field in (*self.ticks.values(), *self.groups):
            QWidget.setTabOrder(before, field)
            before = field
        keys = [k for k in about.by if self._numbers or not BY[k].number]
        for box in self.groups:
            box.blockSignals(True)
            box.clear()
            box.addItem(_("(rien)"), "")
            for k in keys:
                box.addItem(_(BY[k].name), k)
            box.blockSignals(False)
        self.filters.clear()
        for k in filters_of(about.by):
            self.filters.addItem(_(BY[k].name), k)
        self._tell_kept()
        self._show_days()

    def set_question(self, asked: Question) -> None:
        """Show a question in the fields, and tell it once."""
        self._filling = True
        self.only = {}
        self.subject.setCurrentIndex(self.subject.findData(asked.subject))
        self._fill_subject()
        for key, tick in self.ticks.items():
            tick.setChecked(key in asked.counted)
        for n, box in enumerate(self.groups):
            box.setCurrentIndex(max(0, box.findData(asked.groups[n])) if n < len(asked.groups) else 0)
        self.across.setChecked(asked.across)
        self.span.setCurrentIndex(self.span.findData(asked.period.span))
        if asked.period.first is not None and asked.period.last is not None:
            self.first.set_value(asked.period.first)
            self.last.set_value(asked.period.last)
        self.only = dict(asked.only)
        self._filling = False
        self._refresh()

    def set_filter(self, key: str, values: tuple[Code, ...]) -> None:
        """Keep these values of a key, or all of them with none."""
        self.only.pop(key, None)
        if values:
            self.only[key] = values
        self._refresh()

    def question(self) -> Question:
        """Return what is asked. Raises `BadInput`, which says what is missing."""
        groups = [k for k in (b.currentData() for b in self.groups) if k]
        counted = [k for k, tick in self.ticks.items() if tick.isChecked()]
        return question(
            self.subject.currentData(), counted, groups, self.only, self._period(), across=self.across.isChecked()
        )

    def _period(self) -> Period:
        span = Span(self.span.currentData())
        if span is not Span.DAYS:
            return Period(span)
        first, last = self.first.value, self.last.value
        if first is None or last is None:
            raise BadInput(N_("Corrigez les deux jours de la période."))
        return Period(span, first, last)

    def _refresh(self) -> None:
        self._show_days()
        self._tell_kept()
        self.changed.emit()

    def _show_days(self) -> None:
        self._days.setVisible(self.span.currentData() == Span.DAYS)
        chosen = [b.currentData() for b in self.groups if b.currentData()]
        self.groups[1].setEnabled(bool(self.groups[0].currentData()))
        self.groups[2].setEnabled(bool(self.groups[0].currentData() and self.groups[1].currentData()))
        ticked = sum(t.isChecked() for t in self.ticks.values())
        self.across.setEnabled(len(chosen) >= 2 and ticked == 1)
        self.across.setToolTip(_("Avec deux regroupements et un seul chiffre coché."))

    def _tell_kept(self) -> None:
        told = [
            _("{name} : {n} gardées").format(name=_(BY[k].name), n=len(v)) if len(v) > 1
            else _("{name} : 1 gardée").format(name=_(BY[k].name))
            for k, v in self.only.items()
        ]  # fmt: skip
        self.kept.setText(" ; ".join(told))
        self.kept.setVisible(bool(told))

    @Slot()
    def _on_subject(self) -> None:
        if not self._filling:
            self.only = {}
            self._fill_subject()
            self._refresh()

    @Slot()
    def _on_choice(self) -> None:
        if not self._filling:
            self._refresh()

    @Slot()
    def _on_narrow(self) -> None:
        if self.filters.currentData():
            self.filter_wanted.emit(self.filters.currentData())
