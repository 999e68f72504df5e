"""What was stated and decided before, the newest first; any of it opens again as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from epicerie_desktop.domain.decisions import Answer, Maker
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.statements import Debt, Stated
from epicerie_desktop.services.queries.decisions import DecisionRow
from epicerie_desktop.services.queries.statements import KeptStatement, StatementRow
from epicerie_desktop.services.rights.letters import Kept
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, SectionTitle, column, label, row, scrolled

_MOST = 6


class HistoryCard(Card):
    """The statements and decisions of a household; a statement that led to a decision is told with it."""

    open_wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._shown: list[QWidget] = []
        self._all: list[tuple[date, datetime, str, int | None, int | None]] = []
        self.buttons: list[ActionButton] = []
        self.more = ActionButton(_("Afficher les plus anciens"), kind="quiet", icon="history")
        self.more.clicked.connect(self._on_more)
        self.add(SectionTitle(_("Évaluations et décisions")), self._rows, row(self.more, None))

    def show_history(self, statements: tuple[StatementRow, ...], decisions: tuple[DecisionRow, ...]) -> None:
        """Show the newest; the others are a button away."""
        behind = {d.assessment_id for d in decisions}
        found: list[tuple[date, datetime, str, int | None, int | None]] = [
            (d.day, d.made_at, decision_words(d), None, d.id) for d in decisions
        ]
        found += [
            (s.day, s.made_at, _("évaluation : {answer}").format(answer=_(LABELS[s.kind])), s.id, None)
            for s in statements
            if s.id not in behind
        ]
        self._all = sorted(found, key=lambda f: (f[0], f[1]), reverse=True)
        self._show(_MOST)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (*self.buttons, *((self.more,) if self.more.isVisibleTo(self) else ()))

    def _show(self, most: int) -> None:
        for old in self._shown:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown, self.buttons = [], []
        for day, _at, words, assessment, decision in self._all[:most]:
            line = HistoryLine(f"{shown.day(day)} · {words}", assessment, decision)
            line.open_wanted.connect(self.open_wanted)
            self.buttons.append(line.button)
            self._shown.append(line)
            self._rows.addWidget(line)
        if not self._all:
            empty = label(_("Rien n'a encore été évalué ni décidé."), "soft")
            self._shown.append(empty)
            self._rows.addWidget(empty)
        self.more.setVisible(len(self._all) > most)

    @Slot()
    def _on_more(self) -> None:
        self._show(len(self._all))
        if len(self.buttons) > _MOST:
            self.buttons[_MOST].setFocus(Qt.FocusReason.OtherFocusReason)


class HistoryLine(QWidget):
    """A statement or a decision in a line, and its button."""

    open_wanted = Signal(object, object)

    def __init__(self, words: str, assessment: int | None, decision: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assessment, self._decision = assessment, decision
        self.words = words
        self.button = ActionButton(_("Relire"), kind="quiet", icon="eye")
        self.button.setAccessibleDescription(words)
        self.button.clicked.connect(self._on_clicked)
        line = row(label(words), self.button, spacing=8)
        line.setStretch(0, 1)
        self.setLayout(line)

    @Slot()
    def _on_clicked(self) -> None:
        self.open_wanted.emit(self._assessment, self._decision)


def decision_words(decision: DecisionRow) -> str:
    """Return a decision in a few words: who, what, why, until when."""
    words = [called(decision.answer)]
    if decision.maker is Maker.COMMITTEE:
        words.append(called(decision.maker))
    if decision.reason_code is not None:
        words.append(called(decision.reason_code))
    if decision.valid_from is not None and decision.valid_until is not None:
        words.append(f"{shown.day(decision.valid_from)} – {shown.day(decision.valid_until)}")
    return " · ".join(words)


class KeptDialog(QDialog):
    """A decision or a statement as it was taken; read, never changed. `print_wanted` to print it again."""

    print_wanted = Signal()

    def __init__(self, parent: QWidget, kept: Kept) -> None:
        super().__init__(parent)
        title = _title(kept)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(820, 620)
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.print_button = ActionButton(_("Imprimer"), "Ctrl+P", "printer", "primary")
        inside = QWidget()
        lines = column(*(_section(heading, words) for heading, words in told(kept)), None, spacing=16)
        inside.setLayout(lines)
        self.area = scrolled(inside)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label(title, "title"))
        whole.addWidget(self.area, 1)
        whole.addLayout(row(None, self.close_button, self.print_button))
        self.close_button.clicked.connect(self.reject)
        self.print_button.clicked.connect(self.print_wanted)
        self.area.setFocus()


def told(kept: Kept) -> list[tuple[str, str]]:
    """Return what was kept, as headings and words."""
    found: list[tuple[str, str]] = []
    row_, statement = kept.decision, kept.statement
    if row_ is not None:
        found.append((_("Décision"), decision_words(row_)))
        texts = row_.texts
        if texts is not None:
            parts = (
                (_("Raison"), texts.reason), (_("Exception accordée par"), texts.exception_by),
                (_("Conditions") if row_.answer is not Answer.ADJOURNED else _("Ce qui est attendu"), texts.conditions),
                (_("Aide proposée le jour même"), texts.same_day_help),
            )  # fmt: skip
            found += [(heading, words) for heading, words in parts if words]
    if statement is not None:
        found.append((_("Avis du règlement"), f"{_(LABELS[statement.kind])} ({statement.ruleset})"))
        found += _statement(statement, kept.labels)
        found.append((_("Le calcul, pas à pas"), "\n".join(statement.steps)))
        found.append((_("Évalué par"), statement.made_by))
    return found


def _statement(statement: KeptStatement, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the lines as they were said."""
    said = statement.said
    return [
        (heading, words)
        for heading, words in (
            (_("Ressources"), _lines(statement.resources, said.resources, labels)),
            (_("Charges"), _lines(statement.charges, said.charges, labels)),
            (_("Dettes"), "\n".join(_debt(d) for d in said.debts)),
        )
        if words
    ]


def _lines(
    lines: tuple[tuple[str, int | None], ...] | None, said: Mapping[str, Stated], labels: Mapping[str, str]
) -> str:
    found = []
    for code, cents in lines or ():
        name = labels.get(code, code)
        if cents is None:
            found.append(_("{label} : sans réponse").format(label=name))
        elif cents:
            stated = said.get(code)
            words = _("{label} : {amount} par mois").format(label=name, amount=shown.money(cents))
            if stated is not None and stated.period is not LinePeriod.MONTH:
                words += f" ({shown.money(stated.cents)} {called(stated.period)})"
            found.append(words)
    nothing = sum(1 for _code, cents in lines or () if cents == 0)
    if nothing:
        found.append(_("Rien pour les autres lignes ({n}).").format(n=nothing))
    return "\n".join(found)


def _debt(debt: Debt) -> str:
    words = f"{debt.creditor} ({called(debt.kind)})"
    if debt.left is not None:
        words += " · " + _("reste dû {amount}").format(amount=shown.money(debt.left))
    if debt.monthly is not None:
        words += " · " + _("{amount} par mois").format(amount=shown.money(debt.monthly))
    return words


def _title(kept: Kept) -> str:
    if kept.decision is not None:
        return _("Décision du {day}").format(day=shown.middle_day(kept.decision.day))
    day = kept.statement.day if kept.statement is not None else date.min
    return _("Évaluation du {day}").format(day=shown.middle_day(day))


def _section(heading: str, words: str) -> QWidget:
    part = QWidget()
    part.setLayout(column(label(heading, "label"), label(words, selectable=True), spacing=2))
    return part
