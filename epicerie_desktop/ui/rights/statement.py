"""The statement: one amount a month per line the règlement asks, empty where nobody answered, zero being an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.rules import Aid, Indicator, IndicatorKind, LineType, Ruleset
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.fields import MoneyField
from epicerie_desktop.ui.common.layout import Card, SectionTitle, label, row
from epicerie_desktop.ui.households.parts import Labelled

_FIELD_WIDTH = 150


class AmountField(MoneyField):
    """An amount a month, whose message takes room only when there is one: twenty of them stand under each other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(message=False, parent=parent)
        self.line.setPlaceholderText(_("à compléter"))
        self.setAccessibleName(name)
        self.setFixedWidth(_FIELD_WIDTH)
        self.submitted.connect(self._on_submitted)

    @property
    def answered(self) -> bool:
        """Return whether something right is typed; zero is."""
        return self.value is not None

    @Slot()
    def _on_submitted(self) -> None:
        go_on(self.line)


class LinesCard(Card):
    """The resources or the charges, with their total and a way to say that there is nothing else."""

    changed = Signal()

    def __init__(self, title: str, nothing_else: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.fields: dict[str, AmountField] = {}
        self.total = label("", "soft")
        self.zero = ActionButton(nothing_else, kind="quiet", icon="check")
        self.zero.clicked.connect(self._on_zero)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.add(SectionTitle(title), self._grid, row(self.zero, None), self.total)
        self.body.addStretch(1)

    def ask(self, types: Sequence[LineType], amounts: Mapping[str, int | None]) -> None:
        """Ask for these lines, filled with what is already known."""
        _empty(self._grid)
        self.fields = {}
        for position, kind in enumerate(types):
            text = kind.label if kind.counted else _("{label} (non compté)").format(label=kind.label)
            words = label(text)
            field = AmountField(_("{label}, par mois").format(label=kind.label))
            field.set_value(amounts.get(kind.code))
            field.changed.connect(self._on_changed)
            self._grid.addWidget(words, position, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(field, position, 1, Qt.AlignmentFlag.AlignTop)
            field.show()  # at once: a layout shows later, and the first one takes the keyboard now
            self.fields[kind.code] = field
        self._tell()

    @property
    def amounts(self) -> dict[str, int | None]:
        """Return the cents a month of each line, None where nobody answered or what is typed is wrong."""
        return {code: field.value for code, field in self.fields.items()}

    def wrong(self) -> AmountField | None:
        """Return the first field whose text is not an amount, telling why beneath it."""
        return next((f for f in [f for f in self.fields.values() if not f.check()]), None)

    def _tell(self) -> None:
        values = [f.value for f in self.fields.values()]
        waiting = sum(1 for v in values if v is None)
        told = _("Total : {amount} par mois").format(amount=shown.money(sum(v or 0 for v in values)))
        if waiting:
            more = ngettext("{n} ligne à compléter", "{n} lignes à compléter", waiting).format(n=waiting)
            told = f"{told} · {more}"
        self.total.setText(told)
        self.zero.setEnabled(any(not f.text for f in self.fields.values()))

    @Slot()
    def _on_changed(self) -> None:
        self._tell()
        self.changed.emit()

    @Slot()
    def _on_zero(self) -> None:
        for field in self.fields.values():
            if not field.text:
                field.set_value(0)


class OtherQuestions(Card):
    """What some règlements ask besides: a figure read on a certificate, and the other aids received."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.figures: dict[str, AmountField] = {}
        self.aids: dict[str, QCheckBox] = {}
        self.no_aid = QCheckBox(_("Aucune de ces aides"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.add(SectionTitle(_("Autres renseignements")), self._lines)

    def ask(self, indicators: Sequence[Indicator], aids: Sequence[Aid]) -> None:
        """Ask for the figures and the aids; the card hides where there is none."""
        _empty(self._lines)
        self.figures, self.aids = {}, {}
        for indicator in indicators:
            field = AmountField(indicator.label)
            field.changed.connect(self._on_changed)
            self._lines.addWidget(Labelled(indicator.label, field))
            self.figures[indicator.code] = field
        if aids:
            self._lines.addWidget(label(_("Ce foyer reçoit-il aussi :"), "strong"))
            self.no_aid = QCheckBox(_("Aucune de ces aides"))
            for aid in aids:
                self.aids[aid.code] = QCheckBox(aid.label)
            for box in (*self.aids.values(), self.no_aid):
                box.toggled.connect(self._on_changed)
                self._lines.addWidget(box)
        self.setVisible(bool(self.figures or self.aids))

    @property
    def declared(self) -> dict[str, int]:
        """Return the figures given, in cents."""
        return {code: field.value for code, field in self.figures.items() if field.value is not None}

    @property
    def received(self) -> tuple[str, ...] | None:
        """Return the aids received, an empty tuple for none of them, None where nobody answered."""
        found = tuple(code for code, box in self.aids.items() if box.isChecked())
        return found if found or self.no_aid.isChecked() else None

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


class StatementEditor(QWidget):
    """Resources, then charges, and what the règlement asks besides."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resources = LinesCard(_("Ressources par mois"), _("Rien d'autre : mettre 0 aux lignes vides"))
        self.charges = LinesCard(_("Charges par mois"), _("Rien d'autre : mettre 0 aux lignes vides"))
        self.others = OtherQuestions()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        for part in (self.resources, self.charges, self.others):
            whole.addWidget(part)
        for part in (self.resources, self.charges, self.others):
            part.changed.connect(self.changed)

    def ask(self, ruleset: Ruleset, resources: Mapping[str, int | None], charges: Mapping[str, int | None]) -> None:
        """Ask what this règlement asks, filled with the statement before."""
        self.resources.ask(ruleset.resources, resources)
        self.charges.ask(ruleset.charges, charges)
        self.resources.setVisible(bool(ruleset.resources))
        self.charges.setVisible(bool(ruleset.charges))
        self.others.ask([i for i in ruleset.indicators if i.kind is IndicatorKind.DECLARED], ruleset.not_with)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        sides = [w for c in (self.resources, self.charges) for w in (*(f.line for f in c.fields.values()), c.zero)]
        aids = [*self.others.aids.values(), self.others.no_aid] if self.others.aids else []
        return (*sides, *(f.line for f in self.others.figures.values()), *aids)

    def first_field(self) -> QWidget | None:
        """Return the first field."""
        return next(
            iter((*self.resources.fields.values(), *self.charges.fields.values(), *self.others.figures.values())), None
        )

    def wrong(self) -> QWidget | None:
        """Return the first field whose text is not an amount, telling why beneath each."""
        found = [self.resources.wrong(), self.charges.wrong()]
        found += [f for f in self.others.figures.values() if not f.check()]
        return next((f for f in found if f is not None), None)


def _empty(layout: QGridLayout | QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
