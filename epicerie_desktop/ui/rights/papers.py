"""The papers seen with a statement: what they are, when they were seen, until when they hold."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import PaperKind
from epicerie_desktop.services.queries.support_pages import PaperRow, papers_page
from epicerie_desktop.services.support.papers import PaperForm, record_paper
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import Card, FormRow, SectionTitle, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled
from epicerie_desktop.ui.rights.questions import KnownDay
from epicerie_desktop.ui.screen import Screen

_MOST = 8


class PapersCard(Card):
    """The papers already seen, and a line that notes another one at once."""

    noted = Signal()

    def __init__(self, screen: Screen, today: date) -> None:
        super().__init__()
        self._screen, self._today = screen, today
        self._household: int | None = None
        self.kind = QComboBox()
        for kind in PaperKind:
            self.kind.addItem(called(kind), kind)
        self.kind.setMinimumWidth(10)
        self.seen, self.expires = DayField(today), KnownDay(today, end=True)
        self.note = ActionButton(_("Noter ce papier"), kind="quiet", icon="plus")
        self.notice = Notice("info")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._shown: list[QWidget] = []
        days = row(FormRow(_("Vu le"), self.seen), FormRow(_("Valable jusqu'au"), self.expires), spacing=8)
        self.add(SectionTitle(_("Papiers vus")), self._rows, Labelled(_("Papier"), self.kind), days)
        self.add(row(self.note, None), self.notice)
        self.note.clicked.connect(self._on_note)
        EnterGoesOn(self).watch(self.kind)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return (self.kind, self.seen.line, self.expires.line, self.note)

    def read(self, household: int) -> None:
        """Read the papers of a household."""
        if household != self._household:
            self._household = household
            self.seen.set_value(self._today)
            self.expires.set_value(None)
            self.notice.tell("info", "")
        desk = self._screen.desk
        self._screen.ask(lambda: papers_page(desk, household).papers, self._show, key="papers")

    def _show(self, papers: tuple[PaperRow, ...]) -> None:
        for old in self._shown:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        newest = sorted(papers, key=lambda p: (p.seen_on, p.id), reverse=True)[:_MOST]
        words = [self._words(p) for p in newest] or [_("Aucun papier n'a encore été noté.")]
        self._shown = [label(text, "" if papers else "soft") for text in words]
        for widget in self._shown:
            self._rows.addWidget(widget)

    def _words(self, paper: PaperRow) -> str:
        told = _("{kind} : vu le {day}").format(kind=called(paper.kind), day=shown.day(paper.seen_on))
        if paper.expires_on is None:
            return told
        until = shown.day(paper.expires_on)
        if paper.expires_on < self._today:
            return f"{told} · " + _("n'est plus valable depuis le {day}").format(day=until)
        return f"{told} · " + _("valable jusqu'au {day}").format(day=until)

    @Slot()
    def _on_note(self) -> None:
        checks = [self.seen.check(), self.expires.check()]
        seen = self.seen.value
        if not all(checks) or seen is None or self._household is None:
            return
        form = PaperForm(PaperKind(self.kind.currentData()), seen, self.expires.value)
        act = partial(record_paper, self._screen.desk, self._household, form)
        self._screen.context.data.submit(self, act, self._on_noted, self._refused)

    def _on_noted(self, _paper: int) -> None:
        self.notice.tell("info", "")
        self.expires.set_value(None)
        if self._household is not None:
            self.read(self._household)
        self.noted.emit()
        self.kind.setFocus()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", str(error))
        else:
            self._screen.on_trouble(error)
