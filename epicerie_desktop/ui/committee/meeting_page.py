"""A meeting in a row, by the keyboard alone: the situation, its answer, the next one; then its closing and its letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QComboBox, QFormLayout, QStackedWidget, QVBoxLayout, QWidget

from epicerie_desktop.domain.committee import sheet_rows, step_sentences
from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.committee import (
    ItemView,
    MeetingRow,
    MeetingView,
    list_meetings,
    meeting_view,
    waiting_studies,
)
from epicerie_desktop.services.rights.committee_papers import (
    MeetingLetters,
    meeting_letters_pdf,
    meeting_list_pdf,
)
from epicerie_desktop.services.rights.meetings import AnswerForm, answer_item, close_meeting
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.closed_papers import show_closed
from epicerie_desktop.ui.committee.agenda import AgendaDialog, PrepareDialog
from epicerie_desktop.ui.committee.answer import AnswerCard, answer_word
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import Card, column, label, row, scrolled
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.rights.asking import confirmed_refusal
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage

_CHANGEABLE = N_("La réponse peut être changée jusqu'à la clôture de la séance.")


@dataclass(frozen=True, slots=True)
class Meetings:
    """What the page shows: the meetings, the one looked at, and how many studies wait for one."""

    rows: tuple[MeetingRow, ...]
    view: MeetingView | None
    waiting: int


def read_meetings(desk: Desk, wanted: int | None) -> Meetings:
    """Return the meeting wanted, else the next one to hold, else the last one held."""
    rows = list_meetings(desk)
    found = next((r.id for r in rows if r.id == wanted), rows[0].id if rows else None)
    waiting = sum(1 for s in waiting_studies(desk, found) if s.item is None)
    return Meetings(rows, meeting_view(desk, found) if found is not None else None, waiting)


class SheetCard(Card):
    """The situation, without anything that tells who."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = label("", "section")
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(20)
        self.rows.setVerticalSpacing(6)
        self.steps = label("")
        self.add(self.title, self.rows, self.steps)
        self.body.addStretch(1)

    def show_item(self, item: ItemView | None, *, whole: bool) -> None:
        """Show a situation; `whole` false leaves sums out and says so."""
        while self.rows.rowCount():
            self.rows.removeRow(0)
        if item is None:
            self.title.setText(_("Aucune situation à l'ordre du jour"))
            self.steps.setText("")
            return
        self.title.setText(_("Situation n° {rank}").format(rank=item.situation.rank))
        for what, how in sheet_rows(item.situation):
            self.rows.addRow(label(what, "soft", wrap=False), label(how))
        hidden = _("Les sommes sont réservées aux travailleurs sociaux.")
        self.steps.setText("\n".join(step_sentences(item.situation)) if whole else hidden)
        self.setAccessibleName(self.title.text())


class MeetingPage(NoticePage):
    """Situations on the left, the one in hand in the middle, its answer on the right; F12 keeps it and goes on."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"meeting", "meeting_item", "assessment", "decision", "support_file", "household"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.found: Meetings | None = None
        self._wanted: int | None = None
        self._item: ItemView | None = None
        self._busy = False
        self._arriving = True
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Séance"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.progress = label("", "soft", wrap=False)
        self.prepare = ActionButton(_("Préparer une séance"), "F3", kind="quiet")
        self.agenda = ActionButton(_("Ordre du jour"), "F9", kind="quiet")
        self.list_button = ActionButton(_("Liste"), "F7", icon="printer", kind="quiet")
        self.letters = ActionButton(_("Les lettres"), "Shift+F7", icon="printer")
        self.close_button = ActionButton(_("Clore la séance"), "F8")
        self.keep = ActionButton(_("Enregistrer et suivante"), "F12", kind="primary")
        columns: tuple[Column[ItemView], ...] = (
            Column(_("N°"), lambda i: i.situation.rank, align="right", bold=True),
            Column(_("Pers."), lambda i: i.situation.persons, align="right"),
            Column(_("Réponse"), lambda i: i.answer, lambda a: answer_word(a) if a else "–", stretch=True),
        )
        self.table: RowsTable[ItemView] = RowsTable(columns, lambda i: i.id, name=_("Situations"), sortable=False)
        self.sheet, self.answer = SheetCard(), AnswerCard()
        self.first = ActionButton(_("Préparer une séance"), "F3", kind="primary")
        self.empty = EmptyState("clipboard-list", _("Aucune séance n'est prévue"), "", self.first)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        sitting = QWidget()
        whole = QVBoxLayout(sitting)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        gestures = (self.prepare, self.agenda, self.list_button, self.letters)
        head = row(self.choice, Wrapped(*gestures, right=True))
        head.setStretch(1, 1)
        whole.addLayout(head)
        body = row(self.table, scrolled(self.sheet), scrolled(self.answer), spacing=16)
        for n, stretch in enumerate((27, 42, 38)):
            body.setStretch(n, stretch)
        whole.addLayout(body, 1)
        whole.addLayout(row(self.progress, None, self.close_button, self.keep))
        self.pages.addWidget(self.empty)
        self.pages.addWidget(sitting)
        self.setLayout(column(self.notice, self.pages))

    def _connect(self) -> None:
        self.choice.activated.connect(self._on_choice)
        self.table.chosen.connect(self._on_item)
        self.table.opened.connect(self._on_opened)
        self.answer.changed.connect(self._on_answer_changed)
        self.prepare.clicked.connect(self._on_prepare)
        self.first.clicked.connect(self._on_prepare)
        self.agenda.clicked.connect(self._on_agenda)
        self.list_button.clicked.connect(self._on_list)
        self.letters.clicked.connect(self._on_letters)
        self.close_button.clicked.connect(self._on_close)
        self.keep.clicked.connect(self.record)

    def first_field(self) -> QWidget | None:
        """Return the list of situations, or the button that prepares a meeting."""
        return self.table if self.pages.currentIndex() else self.first

    def refresh(self) -> None:
        """Read the meetings again, staying on the one looked at."""
        self.ask(partial(read_meetings, self.desk, self._wanted), self._on_read, key="meetings")

    def _on_read(self, found: Meetings) -> None:
        self.found = found
        view = found.view
        holds = self.desk.social_key is not None
        self.pages.setCurrentIndex(int(view is not None))
        self.first.setEnabled(holds)
        waiting = ngettext("{n} étude attend une décision.", "{n} études attendent une décision.", found.waiting)
        self.empty.set_words(_("Aucune séance n'est prévue"), waiting.format(n=found.waiting))
        if view is None:
            return
        self._wanted = view.row.id
        self.choice.clear()
        self.choice.addItems([_named(r) for r in found.rows])
        self.choice.setCurrentIndex([r.id for r in found.rows].index(view.row.id))
        closed = view.row.closed_at is not None
        done = _("{answered} sur {items} réponses").format(answered=view.row.answered, items=view.row.items)
        self.progress.setText(" · ".join(w for w in (view.row.place, "" if closed else done) if w))
        for button, shown_ in (
            (self.prepare, holds), (self.agenda, not closed and holds), (self.letters, closed and holds),
            (self.close_button, not closed and holds), (self.keep, not closed and holds),
        ):  # fmt: skip
            button.setVisible(shown_)
        self.answer.setEnabled(not closed and holds)
        self.table.set_rows(view.items)
        if self._arriving and QApplication.activeModalWidget() is None:
            self._arriving = False
            self._choose_next()
            if self.isVisible():
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_item(self.table.current)

    def _choose_next(self) -> None:
        items = self.found.view.items if self.found and self.found.view else ()
        silent = next((i for i in items if i.answer is None), items[0] if items else None)
        if silent is not None:
            self.table.choose(silent.id)

    def _on_item(self, item: ItemView | None) -> None:
        view = self.found.view if self.found else None
        if (
            item is not None
            and self._item is not None
            and (item.id, item.version) == (self._item.id, self._item.version)
        ):
            return
        self._item = item
        self.sheet.show_item(item, whole=view is not None and view.whole)
        self.answer.fill(item.situation if item else None, item.given if item else None, item.answer if item else None)

    def _on_opened(self, _item: ItemView) -> None:
        next(iter(self.answer.keys.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def record(self) -> None:
        """Keep the answer, then go to the next situation without one."""
        item = self._item
        if item is None or self._busy:
            return
        given = self.answer.given()
        if given is None:
            self.notice.tell(
                "error",
                self.answer.told or _("Un champ est à corriger : rien n'a été enregistré.")
                if self.answer.answer
                else _("Choisissez une réponse : favorable, défavorable ou ajourné."),
            )
            self.answer.take_focus()
            return
        if given.answer is Answer.REFUSED and not confirmed_refusal(self.window(), given.reason_code, _(_CHANGEABLE)):
            return
        self._busy = True
        self.act(
            partial(answer_item, self.desk, AnswerForm(item.id, item.version, given)), self._on_kept, self._on_failed
        )

    @Slot()
    def _on_answer_changed(self) -> None:
        self.notice.tell("info", "")

    def _on_failed(self) -> None:
        self._busy = False
        self.answer.take_focus()

    def _on_kept(self, _done: None) -> None:
        self._busy = False
        self.notice.tell("info", "")
        self.ask(partial(read_meetings, self.desk, self._wanted), self._on_next, key="meetings")

    def _on_next(self, found: Meetings) -> None:
        self._on_read(found)
        self._choose_next()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if found.view is not None and found.view.row.answered == found.view.row.items:
            held = found.view.row.day <= self.desk.clock.today()
            told = (
                _("Toutes les situations ont une réponse : la séance peut être close.")
                if held
                else _("Toutes les situations ont une réponse : la séance se clôt le {day}, une fois tenue.")
            )
            self.notice.tell("success", told.format(day=shown.day(found.view.row.day)))

    @Slot()
    def _on_prepare(self) -> None:
        dialog = PrepareDialog(self)
        dialog.exec()
        if dialog.meeting is not None:
            self._wanted, self._arriving = dialog.meeting, True
            self.refresh()
        dialog.deleteLater()

    @Slot()
    def _on_agenda(self) -> None:
        if self._wanted is not None:
            dialog = AgendaDialog(self, self._wanted)
            dialog.exec()
            dialog.deleteLater()

    @Slot(int)
    def _on_choice(self, place: int) -> None:
        if self.found is not None:
            self._wanted, self._arriving = self.found.rows[place].id, True
            self.notice.tell("info", "")
            self.refresh()

    @Slot()
    def _on_list(self) -> None:
        if self._wanted is not None:
            make = partial(meeting_list_pdf, self.desk, self._wanted)
            look_at(self.owner, make, _("Liste de la commission"), "commission-liste")

    @Slot()
    def _on_letters(self) -> None:
        if self._wanted is not None:
            self.owner.work(partial(meeting_letters_pdf, self.desk, self._wanted), self._on_letters_made)

    def _on_letters_made(self, letters: MeetingLetters) -> None:
        if letters.left:
            told = ngettext(
                "{n} lettre reste à imprimer, d'un dossier réservé : voyez {who}.",
                "{n} lettres restent à imprimer, de dossiers réservés : voyez {who}.",
                letters.left,
            )
            self.notice.tell("info", told.format(n=letters.left, who=letters.see))
        if letters.content and self._wanted is not None:
            make = partial(meeting_letters_pdf, self.desk, self._wanted)
            show_closed(self.owner, letters, make, _("Lettres de la commission"), "commission-lettres")

    @Slot()
    def _on_close(self) -> None:
        if self._wanted is not None and ask_confirm(
            self.window(), _("Clore la séance ?"),
            _("Les réponses deviennent définitives : les droits accordés s'ouvrent et les lettres sont prêtes à imprimer."),
            _("Clore la séance"), _("Continuer la séance"),
        ):  # fmt: skip
            self.act(partial(close_meeting, self.desk, self._wanted), self._on_closed)

    def _on_closed(self, decisions: int) -> None:
        words = ngettext("La séance est close : {n} décision.", "La séance est close : {n} décisions.", decisions)
        self.notice.tell("success", words.format(n=decisions))
        self.refresh()
        self._on_letters()


def _named(meeting: MeetingRow) -> str:
    words = _("Séance du {day}, close") if meeting.closed_at else _("Séance du {day}")
    return words.format(day=shown.middle_day(meeting.day))
