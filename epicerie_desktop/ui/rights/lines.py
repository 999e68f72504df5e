"""The lines of a statement: an amount and its period, told by the month beneath; an empty line is nobody's answer, zero is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.rules import LineType
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.statements import Doubt, Stated, doubt, parse_stated
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import ValueField
from epicerie_desktop.ui.common.layout import Card, SectionTitle, label, row
from epicerie_desktop.ui.households.parts import EnterGoesOn

_FIELD_WIDTH, _PERIOD_WIDTH = 126, 136


class AmountField(ValueField[int]):
    """An amount, « rien » being zero; its message takes room only when there is one: twenty of them stand under each other.

    With `elsewhere`, whoever holds the field shows the message, at a width where it reads; `said` gives it, empty for none.
    """

    said = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, elsewhere: bool = False) -> None:
        self._elsewhere = elsewhere
        super().__init__(parse_stated, shown.plain_money, suffix="€", message=False, parent=parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(name)
        self.setFixedWidth(_FIELD_WIDTH)

    def _say(self, sentence: str, *, wrong: bool) -> None:
        super()._say(sentence, wrong=wrong)
        if self._elsewhere:
            self._message.hide()
            self._mark.hide()
            self.said.emit(sentence if wrong else "")

    @property
    def answered(self) -> bool:
        """Return whether something right is typed; zero is."""
        return self.value is not None


class AmountLine(QWidget):
    """One line asked: its name, its amount, its period; what it makes a month, and the question a doubtful amount raises."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, kind: LineType, *, resource: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(kind.label)
        self._resource = resource
        self._before: int | None = None
        self._sure: Stated | None = None
        self.field = AmountField(kind.label, elsewhere=True)
        self.fault = label("", "error")
        self.fault.hide()
        self.period = QComboBox()
        for period in LinePeriod:
            self.period.addItem(called(period), period)
        self.period.setFixedWidth(_PERIOD_WIDTH)
        self.period.setAccessibleName(_("{label} : pour quelle durée").format(label=kind.label))
        self.words = label(kind.label if kind.counted else _("{label} (non compté)").format(label=kind.label))
        self.state = label("", "small")
        self.question = label("", "strong")
        self.other = ActionButton("", kind="secondary")
        self.same = ActionButton("", kind="quiet")
        self._asking = QWidget()
        self._lay_out()
        self.field.said.connect(self._on_said)
        self.field.changed.connect(self._on_changed)
        self.field.submitted.connect(self.submitted)
        self.field.line.editingFinished.connect(self._on_left)
        self.period.currentIndexChanged.connect(self._on_period)
        self.other.clicked.connect(self._on_other)
        self.same.clicked.connect(self._on_same)
        EnterGoesOn(self).watch(self.period)
        self._tell()

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.words)
        names.addWidget(self.state)
        names.addStretch(1)
        line = row(names, self.field, self.period, spacing=8)
        line.setStretch(0, 1)
        line.setAlignment(self.field, Qt.AlignmentFlag.AlignTop)
        line.setAlignment(self.period, Qt.AlignmentFlag.AlignTop)
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 4)
        asking.setSpacing(4)
        asking.addWidget(self.question)
        asking.addLayout(row(self.other, None))
        asking.addLayout(row(self.same, None))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(line)
        whole.addWidget(self.fault)
        whole.addWidget(self._asking)

    def begin(self, said: Stated | None) -> None:
        """Fill the line with the statement before; what was sure then is not asked again."""
        self._before = said.month if said else None
        self._sure = said
        self.period.setCurrentIndex(self.period.findData(said.period if said else LinePeriod.MONTH))
        self.field.set_value(said.cents if said else None)
        self._ask()

    @property
    def stated(self) -> Stated | None:
        """Return the amount as told, None where nobody answered or what is typed is wrong."""
        cents = self.field.value
        return None if cents is None else Stated(cents, LinePeriod(self.period.currentData()))

    @property
    def asking(self) -> bool:
        """Return whether a question about the period waits for its answer."""
        said = self.stated
        return (
            said is not None
            and said != self._sure
            and doubt(said, resource=self._resource, before=self._before) is not None
        )

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (self.field.line, self.period, self.other, self.same)

    def wrong(self) -> QWidget | None:
        """Return what is to be mended or answered, telling why."""
        if not self.field.check():
            return self.field
        self._ask()
        return self.other if self.asking else None

    def _tell(self) -> None:
        said = self.stated
        if said is None:
            told = "" if self.field.text else _("sans réponse")
        elif said.cents == 0:
            told = _("rien")
        elif said.period is LinePeriod.MONTH:
            told = ""
        elif said.exact == said.month:
            told = _("soit {amount} par mois").format(amount=shown.money(said.month))
        else:
            told = _("soit {amount} par mois, au centime près").format(amount=shown.money(said.month))
        self.state.setText(told)
        self.state.setVisible(bool(told))

    def _ask(self) -> None:
        said = self.stated
        doubtful = doubt(said, resource=self._resource, before=self._before) if said and said != self._sure else None
        self._asking.setVisible(doubtful is not None)
        if said is None or doubtful is None:
            return
        if doubtful is Doubt.YEARLY:
            self.question.setText(_("{amount} par mois ?").format(amount=shown.money(said.cents)))
            year = Stated(said.cents, LinePeriod.YEAR)
            self.other.set_text(_("Par an : {amount} par mois").format(amount=shown.money(year.month)))
            self.same.set_text(_("C'est bien par mois"))
        else:
            self.question.setText(_("{amount} par an ?").format(amount=shown.money(said.cents)))
            self.other.set_text(_("Par mois"))
            self.same.set_text(_("C'est bien par an : {amount} par mois").format(amount=shown.money(said.month)))

    @Slot()
    def _on_changed(self) -> None:
        self._tell()
        if not self.asking:
            self._asking.hide()
        self.changed.emit()

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    @Slot()
    def _on_left(self) -> None:
        self._ask()

    @Slot()
    def _on_period(self) -> None:
        self._ask()
        self._on_changed()

    @Slot()
    def _on_other(self) -> None:
        said = self.stated
        if said is None:
            return
        other = LinePeriod.YEAR if said.period is LinePeriod.MONTH else LinePeriod.MONTH
        self._settle(Stated(said.cents, other))

    @Slot()
    def _on_same(self) -> None:
        said = self.stated
        if said is not None:
            self._settle(said)

    def _settle(self, said: Stated) -> None:
        self._sure = said
        self.period.setCurrentIndex(self.period.findData(said.period))
        self._asking.hide()
        self.changed.emit()
        self.submitted.emit()


class LinesCard(Card):
    """The resources or the charges, with their total and a way to say that there is nothing else."""

    changed = Signal()
    left = Signal()

    def __init__(self, title: str, *, resource: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._resource = resource
        self.rows: dict[str, AmountLine] = {}
        self.total = label("", "soft")
        self.zero = ActionButton(_("Rien d'autre : mettre 0 aux lignes vides"), kind="quiet", icon="check")
        self.zero.clicked.connect(self._on_zero)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self.add(SectionTitle(title), self._grid, row(self.zero, None), self.total)
        self.body.addStretch(1)

    @property
    def fields(self) -> dict[str, AmountField]:
        """Return the field of each line, by code."""
        return {code: line.field for code, line in self.rows.items()}

    def ask(self, types: Sequence[LineType], amounts: Mapping[str, int | None], said: Mapping[str, Stated]) -> None:
        """Ask for these lines, filled with what is already known: cents a month, or as it was said."""
        for old in self.rows.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = {}
        for position, kind in enumerate(types):
            line = AmountLine(kind, resource=self._resource)
            known = amounts.get(kind.code)
            line.begin(said.get(kind.code) or (None if known is None else Stated(known)))
            line.changed.connect(self._on_changed)
            line.submitted.connect(self._on_submitted)
            self._grid.addWidget(line, position, 0)
            line.show()  # at once: a layout shows later, and the first one takes the keyboard now
            self.rows[kind.code] = line
        self._tell()

    @property
    def amounts(self) -> dict[str, int | None]:
        """Return the cents a month of each line, None where nobody answered or what is typed is wrong."""
        said = {code: line.stated for code, line in self.rows.items()}
        return {code: None if s is None else s.month for code, s in said.items()}

    @property
    def said(self) -> dict[str, Stated]:
        """Return each amount as it was told."""
        return {code: line.stated for code, line in self.rows.items() if line.stated is not None}

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (*(w for line in self.rows.values() for w in line.stops), self.zero)

    def wrong(self) -> QWidget | None:
        """Return the first thing to mend or to answer, telling why beneath each."""
        return next((w for w in [line.wrong() for line in self.rows.values()] if w is not None), None)

    def _tell(self) -> None:
        values = list(self.amounts.values())
        waiting = sum(1 for v in values if v is None)
        told = _("Total : {amount} par mois").format(amount=shown.money(sum(v or 0 for v in values)))
        if waiting:
            more = ngettext("{n} ligne à compléter", "{n} lignes à compléter", waiting).format(n=waiting)
            told = f"{told} · {more}"
        self.total.setText(told)
        self.zero.setEnabled(any(not line.field.text for line in self.rows.values()))

    @Slot()
    def _on_changed(self) -> None:
        self._tell()
        self.changed.emit()

    @Slot()
    def _on_submitted(self) -> None:
        """Go from amount to amount with Enter; Tab also stops at the periods."""
        lines = list(self.rows.values())
        line = self.sender()
        if not isinstance(line, AmountLine) or line not in lines:
            return
        line.field.check()
        line.wrong()
        if line.asking:
            # The period, not a button: a key pressed twice must not answer a question that nobody has read.
            line.period.setFocus(Qt.FocusReason.TabFocusReason)
            return
        position = lines.index(line) + 1
        if position < len(lines):
            lines[position].field.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.zero.isEnabled():
            self.zero.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.left.emit()

    @Slot()
    def _on_zero(self) -> None:
        for line in self.rows.values():
            if not line.field.text:
                line.field.set_value(0)
