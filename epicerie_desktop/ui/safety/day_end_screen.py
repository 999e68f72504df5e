"""« Fin de journée »: a few questions, answered by the keyboard in a minute; Enter goes on, F12 writes."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from epicerie_desktop.services.queries.drawer import DrawerView, drawer_now
from epicerie_desktop.services.safety import day_end
from epicerie_desktop.services.safety.day_end import LONGEST_NOTE, DayEndForm, DayEndView, DrawerAnswer
from epicerie_desktop.services.till.drawer import CountForm, close_session
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.dialogs import CountDialog
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import ValueField
from epicerie_desktop.ui.common.layout import Card, PageHeader, label, page, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.fitting import scrolled
from epicerie_desktop.ui.safety.reading_fields import ReadingFields
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock.parts import EnterMoves
from epicerie_desktop.ui.tabbed import TabbedPage

_YES, _NO = frozenset("oOyY1"), frozenset("nN0")


def parse_yes(typed: str) -> bool:
    """Return yes or no of « o », « oui », « n », « non ». Raises `BadInput`."""
    if typed[:1] in _YES:
        return True
    if typed[:1] in _NO:
        return False
    raise BadInput(N_("Répondez par O (oui) ou N (non)."))


def _yes_words(yes: bool) -> str:
    return _("oui") if yes else _("non")


class YesNoField(ValueField[bool]):
    """A question answered by one letter."""

    def __init__(self) -> None:
        super().__init__(parse_yes, _yes_words, say=_yes_words, required=True, message=False)
        self.line.setPlaceholderText(_("O ou N"))
        self.setFixedWidth(160)


class NoteEdit(QPlainTextEdit):
    """A few lines; Tab goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(120)


class DayEndScreen(Screen):
    """Dates, temperatures, cash, words for the next team."""

    tables: ClassVar[frozenset[str]] = frozenset({"cold_unit", "till_session"})
    closed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._writing = False
        self._begun = ""
        self.drawer: DrawerAnswer | None = None
        self._warned = False
        self.counting = TabbedPage(self)
        """Stands for a page under the question that counts the drawer; never shown."""
        self.counting.setParent(self)
        self.counting.hide()
        self.notice = Notice("info")
        self.dates, self.cash = YesNoField(), YesNoField()
        self.due = label("", "soft")
        self.counted = label("", "strong")
        self.count = ActionButton(_("Compter la caisse"), "F9", "euro")
        self.readings = ReadingFields()
        self.note = NoteEdit()
        self.save = ActionButton(_("Finir la journée"), "F12", "check", "primary")
        self.back = ActionButton(_("Plus tard"), "Esc", "arrow-left")
        self._lay_out()
        for name, field in ((_("Dates vérifiées"), self.dates), (_("Caisse comptée"), self.cash)):
            field.setAccessibleName(name)
        self.note.setAccessibleName(_("Mot pour l'équipe suivante"))
        self._moves = EnterMoves(self)
        self._moves.chain(self.dates.line, self._after_dates)
        self._moves.chain(self.cash.line, self._after_cash)
        self.readings.done.connect(self._to_cash)
        self.save.clicked.connect(self.finish)
        self.back.clicked.connect(self._on_back)
        self.count.clicked.connect(self._on_count)
        enter = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return), self)
        enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        enter.activated.connect(self.finish)

    def _lay_out(self) -> None:
        self.cold = Card(_("2. Les températures, maintenant"))
        self.cold.add(self.readings)
        dates = Card(_("1. Les dates des produits restés au frais"))
        question = label(_("Avez-vous regardé les dates, et retiré ce qui ne pourra plus être remis ?"))
        dates.add(self._line(question, self.dates), self.due)
        cash = Card(_("3. La caisse"))
        self.asked = self._line(label(_("L'argent a-t-il été compté ?")), self.cash)
        self.told = self._line(self.counted, self.count)
        self.told.hide()
        cash.add(self.asked, self.told)
        note = Card(_("4. Un mot pour l'équipe suivante"))
        note.add(
            label(_("Il s'affichera à la prochaine ouverture. N'y écrivez le nom d'aucune famille."), "soft"), self.note
        )
        inside = QWidget()
        lines = page(inside)
        lines.setContentsMargins(0, 0, 12, 0)
        for card in (dates, self.cold, cash, note):
            lines.addWidget(card)
        lines.addStretch(1)
        whole = page(self)
        whole.addWidget(PageHeader(_("Fin de journée"), _("Entrée passe à la question suivante, F12 enregistre tout.")))
        whole.addWidget(scrolled(inside), 1)
        foot = row(self.back, spacing=16)
        foot.addWidget(self.notice, 1)
        foot.addStretch(1)
        foot.addWidget(self.save)
        whole.addLayout(foot)

    def _line(self, question: QWidget, field: QWidget) -> QWidget:
        made = QWidget()
        line = row(question, field, spacing=16)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def first_field(self) -> QWidget | None:
        """Return the first question."""
        return self.dates.line

    def refresh(self) -> None:
        """Read what the questions show; what is typed is kept."""
        self.ask(partial(day_end.day_end_view, self.desk), self._on_view, key="day_end")

    def open_with(self, **what: object) -> None:  # noqa: ARG002
        """Begin anew."""
        self.dates.clear()
        self.cash.clear()
        self.note.clear()
        self._begun, self._warned = "", False
        self.notice.tell("info", "")
        self.refresh()

    def _on_view(self, view: DayEndView) -> None:
        if not self.readings.forms:
            self.readings.show_units(view.units)
        self.cold.setVisible(bool(view.units))
        self.due.setText(
            _("DLC demain au plus tard : {articles}.").format(articles=", ".join(view.due[:10])) if view.due else _("Aucune DLC demain.")
        )  # fmt: skip
        if self.note.toPlainText().strip() in ("", self._begun.strip()):
            self.note.setPlainText(view.note)
            self._begun = view.note
        self._show_drawer(view.drawer)
        if view.done:
            self.notice.tell("info", _("La journée a déjà été finie une fois : une seconde réponse s'ajoute."))

    def _show_drawer(self, drawer: DrawerAnswer | None) -> None:
        """Say what the drawer answers by itself; the question is only asked where it cannot."""
        self.drawer = drawer
        self.asked.setVisible(drawer is None)
        self.told.setVisible(drawer is not None)
        if drawer is None:
            return
        self.count.setVisible(drawer.is_open)
        if drawer.is_open:
            self.counted.setText(
                _("La caisse n° {number} est ouverte : il reste à la compter.").format(number=drawer.number)
            )
            return
        words = [
            _("Caisse n° {number} comptée : {amount}.").format(
                number=drawer.number, amount=shown.money(drawer.counted_cents)
            )
        ]
        if drawer.difference_cents:
            told = (
                _("Il y avait {amount} de trop ({reason}).")
                if drawer.difference_cents > 0
                else _("Il manquait {amount} ({reason}).")
            )
            words.append(told.format(amount=shown.money(abs(drawer.difference_cents)), reason=drawer.reason))
        self.counted.setText(" ".join(words))

    @Slot()
    def _on_count(self) -> None:
        self.ask(partial(drawer_now, self.desk), self._on_drawer, key="drawer")

    def _on_drawer(self, found: DrawerView) -> None:
        def write(form: CountForm, go_on: bool) -> int | None:
            return close_session(self.desk, form, go_on=go_on)

        if found.number is not None and accepted(CountDialog(self.counting, found, write)):
            self.refresh()
            self.note.setFocus(Qt.FocusReason.TabFocusReason)

    def _after_dates(self) -> None:
        if not self.dates.check():
            return
        if self.readings.fields:
            self.readings.fields[0].typed.setFocus()
        else:
            self._to_cash()

    def _to_cash(self) -> None:
        """Give the keyboard to the question of the cash, or to what answers it."""
        if self.drawer is None:
            self.cash.setFocus()
        elif self.drawer.is_open:
            self.count.setFocus()
        else:
            self.note.setFocus(Qt.FocusReason.TabFocusReason)

    def _after_cash(self) -> None:
        if self.cash.check():
            self.note.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def finish(self) -> None:
        """Write the answers, or show the first that is missing."""
        if self._writing:
            return
        for field in (self.dates, *([self.cash] if self.drawer is None else [])):
            if not field.check():
                field.setFocus()
                return
        if not self.readings.check():
            return
        note = self.note.toPlainText()
        if len(note.strip()) > LONGEST_NOTE:
            self.notice.tell("warn", _("Ce mot est trop long : {most} signes au plus.").format(most=LONGEST_NOTE))
            return
        if self.drawer is not None and self.drawer.is_open and not self._warned:
            self._warned = True
            self.notice.tell(
                "warn", _("La caisse est encore ouverte : F9 pour la compter, ou F12 encore pour finir sans.")
            )
            self.count.setFocus()
            return
        counted = bool(self.cash.value) if self.drawer is None else not self.drawer.is_open
        form = DayEndForm(bool(self.dates.value), counted, note, self.readings.forms)
        self._writing = True
        self.act(partial(day_end.record_day_end, self.desk, form), self._on_written)

    def _on_written(self, _made: int) -> None:
        self._writing = False
        self.readings.show_units(())
        self.go("counter", fresh=True)

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal at the foot; what is typed stays."""
        self._writing = False
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", str(error))
        else:
            super().on_trouble(error)

    @Slot()
    def _on_back(self) -> None:
        self.go("counter")
