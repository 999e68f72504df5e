"""Reviews of the accompaniment, its exit, and the accompaniments that ended before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import ExitReason, ExitResult, ReviewResult
from epicerie_desktop.services.queries.support_pages import EndingPageRead, PastFile, ReviewRow, ending_page
from epicerie_desktop.services.support import file
from epicerie_desktop.services.support.file import ExitForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.forms import (
    CodeBox,
    OptionalDayField,
    SupportDialog,
    enabled_by,
    needed,
    words_field,
)
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import day_or_dash
from epicerie_desktop.ui.support.screen import SupportScreen


class EndingPage(SupportPage):
    """Reviews above with the words of the chosen one, past accompaniments beneath."""

    tables: ClassVar[frozenset[str]] = frozenset({"review", "support_file"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: EndingPageRead | None = None
        self.next_on = label("", "strong")
        self.reviews: RowsTable[ReviewRow] = RowsTable(
            (
                Column(_("Bilan du"), lambda r: r.day, shown.day),
                Column(_("Résultat"), lambda r: called(r.result), bold=True),
                Column(_("Ce qui en est retenu"), lambda r: " ".join(r.text.split()), stretch=True),
                Column(_("Par"), lambda r: r.by),
            ),
            lambda r: r.id, name=_("Bilans"), empty=_("Aucun bilan noté."), sortable=False,
        )  # fmt: skip
        self.words = label("", selectable=True)
        self.past: RowsTable[PastFile] = RowsTable(
            (
                Column(_("Ouvert le"), lambda p: p.opened_on, shown.day),
                Column(_("Sorti le"), lambda p: p.closed_on, shown.day),
                Column(_("Raison"), lambda p: called(p.code), bold=True),
                Column(_("Résultat"), lambda p: called(p.result)),
                Column(_("Note"), lambda p: " ".join(p.note.split()), stretch=True),
                Column(_("Carence jusqu'au"), lambda p: p.waiting_until, day_or_dash),
            ),
            lambda p: p.id, name=_("Accompagnements terminés"), empty=_("Aucun accompagnement terminé."), sortable=False,
        )  # fmt: skip
        self.review_button = ActionButton(_("Noter un bilan"), "F3", "plus", "primary")
        self.plan_button = ActionButton(_("Prochain bilan"), "F4", "calendar-days")
        self.exit_button = ActionButton(_("Terminer"), "F6", "door-open")
        self._lay_out()
        self.reviews.chosen.connect(self._on_chosen)
        self.review_button.clicked.connect(self.open_review)
        self.plan_button.clicked.connect(self.open_plan)
        self.exit_button.clicked.connect(self.open_exit)

    def _lay_out(self) -> None:
        self.lines.addWidget(self.next_on)
        self.lines.addWidget(self.reviews, 3)
        self.lines.addWidget(self.words)
        self.lines.addWidget(label(_("Accompagnements terminés"), "section"))
        self.lines.addWidget(self.past, 2)
        self.foot(self.exit_button, self.plan_button, self.review_button)

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(ending_page, self.desk, self.household)

    def show_read(self, answer: EndingPageRead) -> None:
        """Show the reviews and the exits."""
        self.read = answer
        self.fill(self.reviews, answer.reviews)
        self.fill(self.past, answer.past)
        enabled_by(answer.file is not None, self.review_button, self.plan_button, self.exit_button)
        told = _("Aucun accompagnement en cours.")
        if answer.file is not None:
            told = _("Prochain bilan : pas encore fixé.")
            if answer.review_on is not None:
                told = _("Prochain bilan : {day}.").format(day=shown.long_day(answer.review_on))
        self.next_on.setText(told)
        self._on_chosen()

    def first_field(self) -> QWidget:
        """Return the list of reviews, or what adds one."""
        return (
            self.reviews if self.reviews.rows_model.rows or not self.review_button.isEnabled() else self.review_button
        )

    @Slot()
    def _on_chosen(self) -> None:
        row = self.reviews.current
        self.words.setText(row.text if row is not None else "")
        self.words.setVisible(row is not None)

    @Slot()
    def open_review(self) -> None:
        """Ask for a review."""
        if self.read is not None and self.read.file is not None:
            self.open_dialog(ReviewDialog(self))

    @Slot()
    def open_plan(self) -> None:
        """Ask when the next review is to be held."""
        if self.read is not None and self.read.file is not None:
            self.open_dialog(PlanDialog(self, self.read))

    @Slot()
    def open_exit(self) -> None:
        """Read what the règlement asks of an exit, then ask how it ends."""
        if self.read is not None and self.read.file is not None:
            today = self.desk.clock.today()
            self.ask(partial(file.proposed_waiting, self.desk, today), self._on_proposed, key="waiting")

    def _on_proposed(self, waiting: date | None) -> None:
        if self.read is not None and self.read.file is not None and self.dialog is None:
            self.open_dialog(ExitDialog(self, self.read, waiting))


class ReviewDialog(SupportDialog):
    """A review: its day, its result, its words, the next one."""

    def __init__(self, page: SupportPage) -> None:
        super().__init__(page, _("Un bilan"), _("Enregistrer le bilan"))
        self.done_text = _("Le bilan est enregistré.")
        today = page.desk.clock.today()
        self.day, self.next_on = DayField(today), OptionalDayField(near=today, end=True)
        self.outcome = CodeBox(list(ReviewResult))
        self.add_side_by_side(
            (_("Tenu le"), self.day), (_("Résultat"), self.outcome), (_("Prochain bilan"), self.next_on)
        )
        self.words = self.add(_("Ce qui est atteint, ce qui vient"), words_field(lines=6))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the review."""
        return partial(
            file.record_review, self.page.desk, self.page.household, needed(self.day), self.outcome.chosen, self.words.text,
            self.next_on.value,
        )  # fmt: skip

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


class PlanDialog(SupportDialog):
    """When the next review is to be held."""

    def __init__(self, page: SupportPage, read: EndingPageRead) -> None:
        super().__init__(page, _("Prochain bilan"), _("Enregistrer"), _("Laissez vide s'il n'est pas encore fixé."))
        self.read = read
        self.done_text = _("La date du prochain bilan est enregistrée.")
        self.day = self.add(_("Le"), OptionalDayField(read.review_on, near=page.desk.clock.today(), end=True))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the day."""
        assert self.read.file is not None
        assert self.read.version is not None
        return partial(file.plan_review, self.page.desk, self.read.file, self.read.version, self.day.value)


class ExitDialog(SupportDialog):
    """How an accompaniment ends; the waiting period is the règlement's, and may be changed."""

    def __init__(self, page: SupportPage, read: EndingPageRead, waiting: date | None) -> None:
        super().__init__(
            page, _("Terminer l'accompagnement"), _("Terminer"),
            _("Le dossier du foyer et son droit ne changent pas. Un autre accompagnement pourra s'ouvrir plus tard."),
        )  # fmt: skip
        self.read = read
        self.done_text = _("L'accompagnement est terminé.")
        self.day = DayField(page.desk.clock.today())
        self.code = CodeBox(list(ExitReason), empty=_("À choisir"))
        self.outcome = CodeBox(list(ExitResult), empty=_("À choisir"))
        self.waiting = OptionalDayField(waiting, near=page.desk.clock.today(), end=True)
        self.add_side_by_side((_("Le"), self.day), (_("Raison"), self.code))
        self.add_side_by_side((_("Résultat"), self.outcome), (_("Carence jusqu'au"), self.waiting))
        if waiting is not None:
            self.body.addWidget(
                label(_("La carence proposée est celle du règlement ; effacez-la si elle ne s'applique pas."), "small")
            )
        self.note = self.add(_("Note"), words_field(lines=3))
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return what ends the accompaniment."""
        assert self.read.file is not None
        assert self.read.version is not None
        form = ExitForm(needed(self.day), self.code.chosen, self.outcome.chosen, self.note.text, self.waiting.value)
        return partial(file.close_file, self.page.desk, self.read.file, self.read.version, form)
