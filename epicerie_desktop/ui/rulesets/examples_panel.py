"""Four invented households beside the form, weighed again when the hand stops; what changed stands out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.examples import EXAMPLES, Answer, Example, answer
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.rules import OutcomeKind, Ruleset, ScaleFigure
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import CountField, MoneyField
from epicerie_desktop.ui.common.layout import Card, label
from epicerie_desktop.ui.common.shapes import Shape
from epicerie_desktop.ui.households.parts import Pill

_LOOKS: dict[OutcomeKind, tuple[Shape, str, str]] = {
    OutcomeKind.ELIGIBLE: ("disc", "check", "ok"),
    OutcomeKind.INCOMPLETE: ("square", "pencil", "neutral"),
}
_OTHERWISE: tuple[Shape, str, str] = ("diamond", "message-circle-question-mark", "ask")
_NOTHING: tuple[Shape, str, str] = ("square", "pencil", "neutral")


class ExampleCard(Card):
    """An invented household and what the règlement in hand answers it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setSpacing(6)
        self.body.setContentsMargins(12, 10, 12, 10)
        self.answer: Answer | None = None
        self.title = label(title, "strong")
        self.pill = Pill()
        self.words = label("", "small")
        self.changed_mark = label("", "small")
        self.changed_mark.hide()
        self.add(self.title, self.pill, self.words, self.changed_mark)

    def show_answer(self, found: Answer) -> None:
        """Show an answer; one that differs from the answer before is marked until the next change."""
        before, self.answer = self.answer, found
        if found.kind is None:
            self.pill.tell(_NOTHING, _("Pas encore de réponse"))
        else:
            self.pill.tell(_LOOKS.get(found.kind, _OTHERWISE), _(LABELS[found.kind]))
        right = list(found.right)
        if found.until is not None:
            right.append(_("Jusqu'au {day}.").format(day=shown.day(found.until)))
        lines = [*found.figures, " ".join(right), *found.advice]
        self.words.setText("\n".join(line for line in lines if line))
        self.words.setVisible(any(lines))
        changed = before is not None and before != found
        told = ""
        if changed and before is not None and before.kind is not found.kind and before.kind is not None:
            told = _("Changé. Avant : {before}.").format(before=_(LABELS[before.kind]))
        elif changed:
            told = _("Changé à l'instant.")
        self.changed_mark.setText(told)
        self.changed_mark.setVisible(bool(told))
        self.setProperty("changed", changed)
        self.style().unpolish(self)
        self.style().polish(self)

    @property
    def changed(self) -> bool:
        """Return whether the last change of the règlement changed this answer."""
        return bool(self.property("changed"))


class OwnExample(ExampleCard):
    """The shop's own example, typed: how many, what comes in and goes out each month."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Votre exemple"), parent)
        self.adults = CountField(most=9, message=False)
        self.children_count = CountField(most=15, message=False)
        self.income = MoneyField(message=False)
        self.outgoings = MoneyField(message=False)
        self.quotient = MoneyField(message=False)
        self._named = (
            (_("Adultes"), self.adults),
            (_("Enfants"), self.children_count),
            (_("Ressources par mois"), self.income),
            (_("Charges par mois"), self.outgoings),
            (_("Quotient familial"), self.quotient),
        )
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for n, (words, field) in enumerate(self._named):
            field.setAccessibleName(_("Votre exemple : {question}").format(question=words))
            field.setFixedWidth(140)
            grid.addWidget(label(words, "small"), n, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(field, n, 1)
            field.changed.connect(self.edited)
        self.adults.set_value(2)
        self.body.insertWidget(1, inside)

    def example(self) -> Example:
        """Return what is typed, as an example; an empty amount is zero."""
        return Example(
            "",
            (35,) * (self.adults.value or 1),
            (8,) * (self.children_count.value or 0),
            resources=(("all", self.income.value or 0),),
            charges=(("all", self.outgoings.value or 0),),
            quotient_cents=self.quotient.value or 0,
        )

    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops."""
        return tuple(field.line for _words, field in self._named)


class ExamplesPanel(QWidget):
    """The examples, one under the other."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label(_("Ce que cela donne"), "section")
        self.status = label("", "soft")
        self._asked: tuple[object, ...] = ()
        self.cards = [ExampleCard(_(e.name)) for e in EXAMPLES]
        self.own = OwnExample()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(10)
        for part in (self.title, self.status, *self.cards, self.own):
            lines.addWidget(part)
        lines.addStretch(1)
        self.own.edited.connect(self._on_edited)

    def begin(self) -> None:
        """Forget the answers before: another règlement is opened."""
        self._asked = ()
        for card in (*self.cards, self.own):
            card.answer = None

    def show_ruleset(self, ruleset: Ruleset | None, scales: Sequence[ScaleFigure], on: date) -> None:
        """Weigh the examples under a règlement; without one, say that answers wait, and leave the last ones to be read."""
        if ruleset is None:
            self.status.setText(_("Ces réponses attendent que le règlement soit complété."))
            return
        self.status.setText(_("Foyers inventés, dans le territoire et orientés."))
        asked = (ruleset, tuple(scales), on, self.own.example())
        if asked == self._asked:
            return  # what changed last stays marked until something else does
        self._asked = asked
        for card, example in zip((*self.cards, self.own), (*EXAMPLES, self.own.example()), strict=True):
            card.show_answer(_answered(ruleset, example, on, scales))

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit()


def _answered(ruleset: Ruleset, example: Example, on: date, scales: Sequence[ScaleFigure]) -> Answer:
    try:
        return answer(ruleset, example, on, scales)
    except RuleRefused as error:
        return Answer(None, (str(error),))
