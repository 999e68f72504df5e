"""The diagnosis, the note on the budget, the debts, and the figures of the statements over time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.support import Debt
from epicerie_desktop.services.queries.support_pages import BudgetPageRead, StatementRow, budget_page
from epicerie_desktop.services.support import file
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.forms import ConfirmDialog, SupportDialog, enabled_by, needed, words_field
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import AmountField, Facts, money_or_dash, roomy
from epicerie_desktop.ui.support.screen import SupportScreen


class BudgetPage(SupportPage):
    """Words on the left, debts on the right, statements beneath; figures of statements are read here and never changed."""

    tables: ClassVar[frozenset[str]] = frozenset({"support_file", "assessment"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: BudgetPageRead | None = None
        self.words = Facts(stacked=True)
        self.debts: RowsTable[tuple[int, Debt]] = RowsTable(
            (
                Column(_("Dû à"), lambda d: d[1].creditor, stretch=True),
                Column(_("Reste dû"), lambda d: d[1].owed_cents, shown.money, align="right", bold=True),
                Column(_("Par mois"), lambda d: d[1].monthly_cents, shown.money, align="right"),
            ),
            lambda d: d[0], name=_("Dettes"), empty=_("Aucune dette notée."), sortable=False,
        )  # fmt: skip
        self.owed = label("", "soft")
        self.statements: RowsTable[StatementRow] = RowsTable(
            (
                Column(_("Évaluation du"), lambda s: s.day, shown.day),
                Column(_("Ressources"), lambda s: s.resources_cents, money_or_dash, align="right"),
                Column(_("Charges"), lambda s: s.charges_cents, money_or_dash, align="right"),
                Column(_("Calcul du règlement"), _indicator, align="right", bold=True),
                Column(_("Avis"), lambda s: _(LABELS[s.outcome]), stretch=True),
            ),
            lambda s: s.id, name=_("Évaluations"), empty=_("Aucune évaluation gardée : elle se fait avec « Renouveler le droit »."),
            sortable=False,
        )  # fmt: skip
        self.edit_button = ActionButton(_("Diagnostic"), "F3", "pencil", "primary")
        self.add_button = ActionButton(_("Noter une dette"), "F4", "plus")
        self.change_button = ActionButton(_("Modifier"), "F6", "pencil")
        self.remove_button = ActionButton(_("Retirer"), "F7", "x")
        self.take_button = ActionButton(_("Reprendre celles de l'évaluation"), "F8", "plus", "quiet")
        self.take_words = label("", "soft")
        self._lay_out()
        self.take_button.clicked.connect(self._on_take)
        self.edit_button.clicked.connect(self.open_diagnosis)
        self.add_button.clicked.connect(self.open_debt)
        self.change_button.clicked.connect(self._on_change)
        self.debts.opened.connect(self._on_change)
        self.remove_button.clicked.connect(self._on_remove)

    def _lay_out(self) -> None:
        words = Card().add(self.words)
        words.body.addStretch(1)
        debts = Card(_("Dettes")).add(self.debts, self.owed, self.take_words, row(self.take_button, None))
        top = (row if roomy() else column)(words, debts, spacing=16)
        top.setStretch(0, 1)
        top.setStretch(1, 1)
        self.lines.addLayout(top, 3)
        self.lines.addWidget(label(_("Évaluations, par mois"), "section"))
        self.lines.addWidget(self.statements, 2)
        self.foot(self.remove_button, self.change_button, self.add_button, self.edit_button)

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(budget_page, self.desk, self.household)

    def show_read(self, answer: BudgetPageRead) -> None:
        """Show the words, the debts and the figures."""
        self.read = answer
        under_way = answer.file is not None
        nothing = _("Rien d'écrit.") if under_way else _("Ouvrez d'abord l'accompagnement, à la page « Orientation ».")
        self.words.show_facts(
            [(_("Diagnostic"), answer.diagnosis), (_("Budget"), answer.budget_note)]
            if answer.diagnosis or answer.budget_note
            else [(_("Diagnostic"), nothing)]
        )
        self.fill(self.debts, tuple(enumerate(answer.debts)))
        owed, monthly = (sum(d.owed_cents for d in answer.debts), sum(d.monthly_cents for d in answer.debts))
        told = _("En tout {owed}, dont {monthly} remboursés par mois")
        self.owed.setText(told.format(owed=shown.money(owed), monthly=shown.money(monthly)) if answer.debts else "")
        self.owed.setVisible(bool(answer.debts))
        self._tell_stated(answer, under_way=under_way)
        self.fill(self.statements, answer.statements)
        enabled_by(under_way, self.edit_button, self.add_button)
        enabled_by(under_way and bool(answer.debts), self.change_button, self.remove_button)

    def _tell_stated(self, answer: BudgetPageRead, *, under_way: bool) -> None:
        """Tell the debts of the last statement that the file does not have; none is taken without being asked for."""
        wanted = under_way and bool(answer.stated) and answer.stated_on is not None
        self.take_words.setVisible(wanted)
        self.take_button.setVisible(wanted)
        if not wanted or answer.stated_on is None:
            return
        names = ", ".join(d.creditor for d in answer.stated)
        count = len(answer.stated)
        told = ngettext(
            "L'évaluation du {day} dit une dette qui n'est pas ici : {names}.",
            "L'évaluation du {day} dit {n} dettes qui ne sont pas ici : {names}.", count,
        )  # fmt: skip
        self.take_words.setText(told.format(day=shown.day(answer.stated_on), n=count, names=names))

    @Slot()
    def _on_take(self) -> None:
        read = self.read
        if read is None or read.file is None or read.version is None or not read.stated:
            return
        gesture = partial(file.save_debts, self.desk, read.file, read.version, (*read.debts, *read.stated))
        self.open_dialog(
            ConfirmDialog(
                self, _("Reprendre ces dettes dans le dossier ?"),
                _("Elles s'ajoutent à celles du dossier, qui restent comme elles sont."), _("Reprendre"), gesture,
                _("Les dettes de l'évaluation sont reprises."), danger=False,
            )
        )  # fmt: skip

    def first_field(self) -> QWidget:
        """Return the button that changes the diagnosis."""
        return self.edit_button if self.edit_button.isEnabled() else self.statements

    @Slot()
    def open_diagnosis(self) -> None:
        """Ask for the diagnosis and the note on the budget."""
        if self.read is not None and self.read.file is not None:
            self.open_dialog(DiagnosisDialog(self, self.read))

    @Slot()
    def open_debt(self) -> None:
        """Ask for a new debt."""
        if self.read is not None and self.read.file is not None:
            self.open_dialog(DebtDialog(self, self.read, None))

    @Slot()
    def _on_change(self) -> None:
        self.debts.choose_first()
        chosen = self.debts.current
        if self.read is not None and chosen is not None:
            self.open_dialog(DebtDialog(self, self.read, chosen[0]))

    @Slot()
    def _on_remove(self) -> None:
        self.debts.choose_first()
        chosen, read = self.debts.current, self.read
        if read is None or read.file is None or read.version is None or chosen is None:
            return
        kept = tuple(d for n, d in enumerate(read.debts) if n != chosen[0])
        gesture = partial(file.save_debts, self.desk, read.file, read.version, kept)
        self.open_dialog(
            ConfirmDialog(
                self, _("Retirer cette dette ?"), _("Elle ne sera plus dans le dossier : soldée, effacée ou notée par erreur."),
                _("Retirer"), gesture, _("La dette est retirée."),
            )
        )  # fmt: skip


def _indicator(row: StatementRow) -> str:
    """Return the first figure the règlement computed that day."""
    return shown.money(row.indicators[0][1]) if row.indicators else "–"


class DiagnosisDialog(SupportDialog):
    """Two free texts, sealed."""

    def __init__(self, page: SupportPage, read: BudgetPageRead) -> None:
        super().__init__(page, _("Diagnostic"), _("Enregistrer"), _("Lu par les travailleurs sociaux seulement."))
        self.read = read
        self.done_text = _("Le diagnostic est enregistré.")
        self.setMinimumWidth(700)
        self.diagnosis = self.add(_("Situation, difficultés, forces"), words_field(read.diagnosis, lines=7))
        self.budget = self.add(_("Ce qu'il faut savoir du budget"), words_field(read.budget_note, lines=4))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the texts."""
        assert self.read.file is not None
        assert self.read.version is not None
        return partial(
            file.save_diagnosis,
            self.page.desk,
            self.read.file,
            self.read.version,
            self.diagnosis.text,
            self.budget.text,
        )


class DebtDialog(SupportDialog):
    """A debt: to whom, what is still owed, what is paid back each month."""

    def __init__(self, page: SupportPage, read: BudgetPageRead, place: int | None) -> None:
        super().__init__(page, _("Une dette"), _("Enregistrer"))
        self.read, self.place = read, place
        self.done_text = _("La dette est notée.")
        debt = read.debts[place] if place is not None else None
        self.creditor = self.add(_("Due à"), QLineEdit(debt.creditor if debt else ""))
        self.owed = AmountField(debt.owed_cents if debt else None, required=True)
        self.monthly = AmountField(debt.monthly_cents if debt and debt.monthly_cents else None)
        self.add_side_by_side((_("Reste dû"), self.owed), (_("Remboursé chaque mois"), self.monthly))
        self.note = self.add(_("Précision"), QLineEdit(debt.note if debt else ""))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the debts, this one among them."""
        assert self.read.file is not None
        assert self.read.version is not None
        debt = Debt(self.creditor.text().strip(), needed(self.owed), self.monthly.value or 0, self.note.text())
        kept = list(self.read.debts)
        if self.place is None:
            kept.append(debt)
        else:
            kept[self.place] = debt
        return partial(file.save_debts, self.page.desk, self.read.file, self.read.version, tuple(kept))
