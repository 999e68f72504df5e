"""The sum told step by step, with what it advises and what is missing. It advises; a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QLabel, QWidget

from epicerie_desktop.domain.eligibility.outcome import LABELS, Outcome, Step
from epicerie_desktop.domain.eligibility.rules import OutcomeKind
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.layout import Card, SectionTitle, column, label
from epicerie_desktop.ui.common.shapes import Shape
from epicerie_desktop.ui.households.parts import Pill

_LOOKS: dict[OutcomeKind, tuple[Shape, str, str]] = {
    OutcomeKind.ELIGIBLE: ("disc", "check", "ok"),
    OutcomeKind.INCOMPLETE: ("square", "pencil", "neutral"),
}
_OTHERWISE: tuple[Shape, str, str] = ("diamond", "message-circle-question-mark", "ask")
_FIGURES = frozenset({"indicator", "ratio", "declared", "rounding", "compare"})
_TOTALS = _FIGURES | {"remaining", "resources_total", "charges_total"}
_MOST_MISSING = 4


class VerdictCard(Card):
    """The advice on top with the figure behind it, then what is missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.outcome: Outcome | None = None
        self.pill = Pill()
        self.figures = label("", "strong")
        self.missing = label("")
        self.advice = label("")
        self.add(SectionTitle(_("Ce que dit le règlement")), self.pill, self.figures, self.missing, self.advice)
        self.clear()

    def clear(self) -> None:
        """Show that nothing was weighed yet."""
        self.outcome = None
        self.pill.tell(_LOOKS[OutcomeKind.INCOMPLETE], _("Le calcul attend les réponses."))
        for words in (self.figures, self.missing, self.advice):
            _write(words, ())

    def show_outcome(self, outcome: Outcome, today: date | None = None) -> None:
        """Show an outcome; the day weighed is told when it is not today."""
        self.outcome = outcome
        self.pill.tell(_LOOKS.get(outcome.kind, _OTHERWISE), _(LABELS[outcome.kind]))
        figures = [s.sentence() for s in outcome.steps if s.code in _FIGURES]
        if today is not None and outcome.on != today:
            figures.insert(0, _("Calcul fait pour le {day}, premier jour du droit.").format(day=shown.day(outcome.on)))
        _write(self.figures, figures)
        names = [m.sentence() for m in outcome.missing]
        told: list[str] = []
        if names:
            told.append(
                ngettext("Il manque une réponse :", "Il manque {n} réponses :", len(names)).format(n=len(names))
            )
            told += [f"– {name}" for name in names[:_MOST_MISSING]]
            if len(names) > _MOST_MISSING:
                told.append(_("et {n} autres.").format(n=len(names) - _MOST_MISSING))
        _write(self.missing, told)
        _write(self.advice, outcome.advice)

    def show_refusal(self, sentence: str) -> None:
        """Show why nothing can be weighed."""
        self.clear()
        _write(self.missing, (sentence,))


class StepsCard(Card):
    """Every step of the sum, as a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.steps: tuple[str, ...] = ()
        self._labels: list[QLabel] = []
        self._lines = column(spacing=6)
        self.add(SectionTitle(_("Le calcul, pas à pas")), self._lines)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Write the steps in the labels that are there, so that nothing jumps while one types."""
        self.steps = tuple(s.sentence() for s in steps)
        while len(self._labels) < len(steps):
            self._labels.append(label(""))
            self._lines.addWidget(self._labels[-1])
        for position, words in enumerate(self._labels):
            used = position < len(steps)
            words.setVisible(used)
            if used:
                theme.set_role(words, "role", "strong" if steps[position].code in _TOTALS else "")
                words.setText(self.steps[position])
        self.setVisible(bool(steps))


class CouldChangeCard(Card):
    """For the worker only, never printed: what is not counted, or comes soon, and would change the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.words = label("")
        self.add(SectionTitle(_("Ce qui pourrait changer la réponse")), self.words)
        self.show_steps(())

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show what could change the answer; the card hides where nothing could."""
        self.words.setText("\n".join(f"– {s.sentence()}" for s in steps))
        self.setVisible(bool(steps))


def _write(words: QLabel, lines: Sequence[str]) -> None:
    words.setText("\n".join(lines))
    words.setVisible(bool(lines))
