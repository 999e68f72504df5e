"""A household sent to other services: to whom, why, the letter, and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.accompaniment import ReferralRow, referrals
from epicerie_desktop.services.support import referrals as writing
from epicerie_desktop.services.support import slips
from epicerie_desktop.services.support.referrals import ReferralForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import Card, label, scrolled
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.support.forms import CodeBox, OfficeDialog, enabled_by, needed, words_field
from epicerie_desktop.ui.support.page import OfficePage, SupportPage
from epicerie_desktop.ui.support.screen import SupportScreen

_TONES = {OnwardState.TAKEN: "ok", OnwardState.DECLINED: "no", OnwardState.SENT: "ask"}


class ReferralDialog(OfficeDialog):
    """Send a household to a service, or correct a referral that waits."""

    def __init__(self, page: OfficePage, household: int, row: ReferralRow | None = None) -> None:
        title = _("Orienter vers un service") if row is None else _("Corriger cette orientation")
        super().__init__(page, title, _("Enregistrer"))
        self.setMinimumWidth(680)
        self.household, self.row = household, row
        self.done_text = _("L'orientation est notée. F9 montre la lettre.")
        self.kind = CodeBox(list(OnwardKind), row.kind if row else OnwardKind.SOCIAL)
        self.day = DayField(row.day if row else page.desk.clock.today())
        self.add_side_by_side((_("Sorte de service"), self.kind), (_("Jour"), self.day))
        self.service = self.add(_("Service ou personne"), FieldFrame())
        self.service.line.setText(row.service if row else "")
        self.reason = self.add(
            _("Motif, tel qu'il sera écrit dans la lettre"), words_field(row.reason if row else "", lines=4)
        )
        self.ready()

    def gesture(self) -> Callable[[], int]:
        """Return the writing of the referral."""
        r = self.row
        form = ReferralForm(
            self.household, needed(self.day), self.kind.chosen, self.service.text, self.reason.text,
            r.id if r else None, r.version if r else None,
        )  # fmt: skip
        return partial(writing.refer_onward, self.page.desk, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class AnswerDialog(OfficeDialog):
    """What a service answered."""

    def __init__(self, page: OfficePage, row: ReferralRow) -> None:
        super().__init__(page, _("Réponse du service"), _("Enregistrer"), f"{row.service} · {shown.day(row.day)}")
        self.row = row
        self.done_text = _("La réponse est notée.")
        others = [s for s in OnwardState if s is not OnwardState.SENT]
        self.state = self.add(_("Suite"), CodeBox([*others, OnwardState.SENT], row.state if row.answer else None))
        self.answer = self.add(_("Réponse"), words_field(row.answer, lines=4))
        self.ready()

    def gesture(self) -> Callable[[], None]:
        """Return the writing of the answer."""
        return partial(
            writing.answer_referral, self.page.desk, self.row.id, self.state.chosen, self.answer.text, self.row.version
        )


class OnwardPage(SupportPage):
    """A list of referrals, and the reason and the answer of the one chosen."""

    tables: ClassVar[frozenset[str]] = frozenset({"onward_referral"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.table: RowsTable[ReferralRow] = RowsTable(
            (
                Column(_("Jour"), lambda r: r.day, shown.day),
                Column(_("Sorte de service"), lambda r: called(r.kind)),
                Column(_("Service"), lambda r: r.service, stretch=True),
                Column(_("Suite"), lambda r: called(r.state), tone=lambda r: _TONES.get(r.state)),
            ),
            lambda r: r.id, name=_("Orientations vers d'autres services"), sortable=False,
            empty=_("Aucune orientation. F3 en note une."),
        )  # fmt: skip
        self.reason, self.answer = label("", selectable=True), label("", selectable=True)
        reading = Card().add(label(_("Motif"), "label"), self.reason, label(_("Réponse"), "label"), self.answer)
        reading.body.addStretch(1)
        self.reading = scrolled(reading)
        self.letter = ActionButton(_("Lettre"), "F9", "printer")
        self.reply = ActionButton(_("Réponse"), "F7", "inbox")
        self.change = ActionButton(_("Corriger"), "F6", "pencil")
        self.new = ActionButton(_("Orienter"), "F3", "plus", "primary")
        self.lines.addWidget(self.table, 3)
        self.lines.addWidget(self.reading, 2)
        self.foot(self.letter, self.reply, self.change, self.new)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_reply)
        self.new.clicked.connect(self._on_new)
        self.change.clicked.connect(self._on_change)
        self.reply.clicked.connect(self._on_reply)
        self.letter.clicked.connect(self._on_letter)
        self._on_chosen(None)

    def query(self) -> Callable[[], tuple[ReferralRow, ...]]:
        """Return the reading of the referrals."""
        return partial(referrals, self.desk, self.household)

    def show_read(self, answer: tuple[ReferralRow, ...]) -> None:
        """Show the referrals, the newest chosen."""
        self.fill(self.table, answer)
        self._on_chosen(self.table.current)

    def first_field(self) -> QWidget:
        """Return the list."""
        return self.table

    @Slot(object)
    def _on_chosen(self, r: ReferralRow | None) -> None:
        enabled_by(r is not None, self.letter, self.reply)
        enabled_by(r is not None and r.state is OnwardState.SENT, self.change)
        self.reading.setVisible(r is not None)
        self.reason.setText(r.reason or "–" if r else "")
        self.answer.setText(r.answer or "–" if r else "")

    @Slot()
    def _on_new(self) -> None:
        self.open_dialog(ReferralDialog(self, self.household))

    @Slot()
    def _on_change(self) -> None:
        if self.table.current is not None:
            self.open_dialog(ReferralDialog(self, self.household, self.table.current))

    @Slot()
    def _on_reply(self) -> None:
        if self.table.current is not None:
            self.open_dialog(AnswerDialog(self, self.table.current))

    @Slot()
    def _on_letter(self) -> None:
        r = self.table.current
        if r is not None:
            number = self.head.number if self.head is not None else ""
            name = _("orientation-foyer-{number}").format(number=number)
            look_at(self.owner, partial(slips.onward_letter_pdf, self.desk, r.id), _("Lettre d'orientation"), name)
