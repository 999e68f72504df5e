"""A household under study: the statement on the left; the advice, the decision and what came before on the right."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from epicerie_desktop.services.queries.study import Study, next_start, situation_of
from epicerie_desktop.services.rights.weighing import Weighed
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import FollowingArea, column, scrolled
from epicerie_desktop.ui.households.standing import RightsPanel
from epicerie_desktop.ui.rights.deciding import Statement, weighed
from epicerie_desktop.ui.rights.decision import DecisionCard
from epicerie_desktop.ui.rights.history import HistoryCard
from epicerie_desktop.ui.rights.papers import PapersCard
from epicerie_desktop.ui.rights.statement import StatementEditor
from epicerie_desktop.ui.rights.verdict import CouldChangeCard, StepsCard, VerdictCard
from epicerie_desktop.ui.screen import Screen

_PAUSE_MS = 120
"""A figure is weighed when the hand stops, not at each digit."""


class StudyPage(QWidget):
    """What is declared and what is decided, weighed as it is typed; nothing is written here.

    `day` is the first day a right would begin, None for the usual one; `kept` the statement already written and its id.
    """

    changed = Signal()
    stops_changed = Signal()
    day_wanted = Signal()

    def __init__(self, screen: Screen, today: date) -> None:
        super().__init__()
        self._screen = screen
        self.subject: Study | None = None
        self.day: date | None = None
        self.kept: tuple[Statement, int] | None = None
        self._start: Statement | None = None
        self.statement = StatementEditor(today)
        self.papers = PapersCard(screen, today)
        self.verdict, self.could_change, self.steps = VerdictCard(), CouldChangeCard(), StepsCard()
        self.decision = DecisionCard(today)
        self.rights = RightsPanel(_("Droits déjà ouverts"), suspendable=True)
        self.history = HistoryCard()
        self.areas = (
            _side(self.statement, self.papers),
            _side(self.verdict, self.could_change, self.decision, self.steps, self.rights, self.history),
        )
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(16)
        for area in self.areas:
            sides.addWidget(area, 1)
        self._weighing = QTimer(self)
        self._weighing.setSingleShot(True)
        self._weighing.setInterval(_PAUSE_MS)
        self._weighing.timeout.connect(self.weigh)
        self.statement.changed.connect(self._on_typed)
        self.statement.stops_changed.connect(self.stops_changed)
        self.decision.changed.connect(self.changed)
        self.decision.rows_changed.connect(self.stops_changed)
        self.decision.start_changed.connect(self._on_start)

    def forget(self) -> None:
        """Forget the household: another one is coming."""
        self.subject = self.kept = self._start = self.day = None

    def show_subject(self, subject: Study) -> bool:
        """Show a household read again, what is typed staying; return whether its statement was filled anew."""
        before, self.subject = self.subject, subject
        filled = before is None or before.ruleset != subject.ruleset
        if subject.ruleset is not None and filled:
            typed = before is not None and before.ruleset is not None
            told = self.statement.told if typed else subject.told
            self.statement.ask(subject.ruleset, told, self.statement.said if typed else subject.said)
            self._start = self.statement_now
        if before is None or before.ruleset is None or before.file.grants != subject.file.grants:
            self.day = None
            self.decision.begin(next_start(subject.file.grants, subject.today))
        self.statement.debts.show_elsewhere(subject.support_debts)
        self.papers.read(subject.household)
        return filled

    def begin(self) -> None:
        """Show the top of both sides, the first line to fill having the keyboard."""
        for area in self.areas:
            area.to_top()
        field = self.statement.first_field()
        if field is not None and self.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        suspends = [line.suspend for line in self.rights.lines]
        return (*self.statement.stops, *self.papers.stops, *self.decision.stops, *suspends, *self.history.stops)

    @property
    def statement_now(self) -> Statement:
        """Return what is declared, as it is typed."""
        assert self.subject is not None
        return Statement(situation_of(self.subject, self.statement.told), self.statement.said)

    @property
    def dirty(self) -> bool:
        """Return whether the statement holds something that is not kept."""
        if self.subject is None or self._start is None:
            return False
        now = _typed(self.statement_now)
        return now != _typed(self._start) and (self.kept is None or _typed(self.kept[0]) != now)

    @Slot()
    def weigh(self) -> None:
        """Ask the règlement again."""
        if self.subject is not None and self.subject.ruleset is not None:
            situation = self.statement_now.situation
            self._screen.ask(partial(weighed, self._screen.desk, situation), self._on_outcome, key="weigh")

    @Slot()
    def _on_typed(self) -> None:
        self._weighing.start()
        self.changed.emit()

    @Slot()
    def _on_start(self) -> None:
        """Ask for another first day: who is counted, the right before and the règlement are those of that day."""
        start = self.decision.terms.start.value
        if start is not None and self.subject is not None and max(start, self.subject.today) != self.subject.day:
            self.day = start
            self.day_wanted.emit()

    def _on_outcome(self, found: Weighed | RuleRefused) -> None:
        if isinstance(found, RuleRefused):
            self.verdict.show_refusal(str(found))
            self.steps.show_steps(())
            self.could_change.show_steps(())
            self.decision.propose(None)
        else:
            self.verdict.show_outcome(found.outcome, self._screen.desk.clock.today())
            self.steps.show_steps(found.outcome.steps)
            self.could_change.show_steps(found.could_change)
            self.decision.propose(found.outcome)


def _side(*parts: QWidget) -> FollowingArea:
    inside = QWidget()
    lines = column(*parts, None, spacing=16)
    lines.setContentsMargins(0, 0, 8, 0)
    inside.setLayout(lines)
    return scrolled(inside)


def _typed(statement: Statement) -> tuple[object, ...]:
    """Return what a person typed of a statement, whatever the day it is weighed for."""
    at = statement.situation
    return (
        at.resources, at.charges, at.declared, at.other_aids, at.answers, at.referred, at.housing, at.living_since, statement.said,
    )  # fmt: skip
