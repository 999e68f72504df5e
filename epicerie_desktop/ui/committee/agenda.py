"""Preparing a meeting: its day and place, then what is on its list. The only place of this screen where a household has a name."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, Slot

from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.services.queries.committee import StudyRow, waiting_studies
from epicerie_desktop.services.rights.meetings import add_item, prepare_meeting, remove_item
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.tabbed import NoticePage

_USUAL_DAYS = 7


class PrepareDialog(QuestionDialog):
    """When and where the committee meets; F12 makes the meeting and closes once it is made."""

    def __init__(self, page: NoticePage) -> None:
        text = _(
            "Les études que le règlement envoie à la commission sont mises à l'ordre du jour, numérotées, sans nom."
        )
        super().__init__(page, _("Préparer une séance"), text, _("Préparer"), _("Ne rien changer"))
        self.page = page
        self.meeting: int | None = None
        self._writing = False
        self.day = DayField(page.desk.clock.today() + timedelta(days=_USUAL_DAYS))
        self.place = FieldFrame()
        self.notice = Notice("error", parent=self)
        self.body.addLayout(row(FormRow(_("Jour"), self.day), FormRow(_("Lieu"), self.place)))
        self.body.addWidget(self.notice)
        self.day.setFocus()
        self.day.line.selectAll()

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        day: date | None = self.day.value if self.day.check() else None
        if day is None:
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._writing:
            self._writing = True
            make = partial(prepare_meeting, self.page.desk, day, self.place.text)
            self.page.owner.context.data.submit(self, make, self._on_made, self._on_error)
        return False

    def _on_made(self, meeting: int) -> None:
        self.meeting = meeting
        self.accept()

    def _on_error(self, error: Exception) -> None:
        self._writing = False
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            self.day.line.selectAll()
        else:
            self.page.owner.on_trouble(error)


class AgendaDialog(QuestionDialog):
    """The studies that wait, with their number on the list; Enter or F6 puts one on it or takes it off."""

    def __init__(self, page: NoticePage, meeting: int) -> None:
        text = _("Ces noms ne paraissent qu'ici : la commission n'entend que des numéros.")
        super().__init__(page, _("Ordre du jour"), text, _("Terminer"), armed_after_ms=0)
        self.page, self.meeting = page, meeting
        self.setMinimumSize(860, 520)
        self.setMaximumWidth(1000)
        columns: tuple[Column[StudyRow], ...] = (
            Column(_("N°"), _on_list, align="right", bold=True),
            Column(_("Dossier"), lambda s: s.household.number),
            Column(_("Foyer"), lambda s: s.household.name, stretch=True),
            Column(_("Étude du"), lambda s: s.day, shown.day),
            Column(_("Avis"), lambda s: _("Ajourné") if s.adjourned else _(LABELS[s.advice])),
        )
        self.table: RowsTable[StudyRow] = RowsTable(
            columns,
            lambda s: s.assessment,
            name=_("Études en attente"),
            empty=_("Aucune étude n'attend de décision."),
            sortable=False,
        )
        self.switch = ActionButton(_("Mettre ou retirer"), "F6", icon="list")
        self.notice = Notice("error", parent=self)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.notice)
        self.body.addLayout(row(self.switch, None))
        self.table.opened.connect(self._on_switch)
        self.switch.clicked.connect(self._on_current)
        self.table.setFocus()
        self._read()

    def _read(self) -> None:
        query = partial(waiting_studies, self.page.desk, self.meeting)
        data = self.page.owner.context.data
        data.submit(self, query, self.table.set_rows, self.page.owner.on_trouble, key="studies")

    @Slot()
    def _on_current(self) -> None:
        self._on_switch(self.table.current)

    def _on_switch(self, study: StudyRow | None) -> None:
        if study is None:
            return
        desk = self.page.desk
        gesture = (
            partial(add_item, desk, self.meeting, study.assessment)
            if study.item is None
            else partial(remove_item, desk, study.item)
        )
        self.page.owner.context.data.submit(self, gesture, self._on_done, self._on_error)

    def _on_done(self, _done: int | None) -> None:
        self.notice.tell("error", "")
        self._read()

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            self.page.owner.on_trouble(error)


def _on_list(study: StudyRow) -> str:
    """Return its number on the list, or only that it is on it where the account is not told which."""
    if study.item is None:
        return "–"
    return "✓" if study.rank is None else str(study.rank)
