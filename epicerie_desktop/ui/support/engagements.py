"""What was signed, accepted or handed over: contract, règlement, notice, procuration. Reception sees it and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import Expiry, UndertakingKind
from epicerie_desktop.services.queries.support import UndertakingRow
from epicerie_desktop.services.queries.support_pages import undertakings_page
from epicerie_desktop.services.support import documents, undertakings
from epicerie_desktop.services.support.undertakings import UndertakingForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.closed_papers import look_at_closed
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.households.parts import Labelled
from epicerie_desktop.ui.support.forms import (
    CodeBox,
    ConfirmDialog,
    OptionalDayField,
    SupportDialog,
    enabled_by,
    needed,
    words_field,
)
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import expiry_tone, expiry_words
from epicerie_desktop.ui.support.screen import SupportScreen

_PRINTED = {
    UndertakingKind.CONTRACT: N_("contrat-d-engagement"),
    UndertakingKind.RULES: N_("reglement-accepte"),
    UndertakingKind.PROXY: N_("procuration"),
    UndertakingKind.NOTICE: N_("notice-d-information"),
}
"""The papers that can be printed, and how each is called as a file."""


class EngagementsPage(SupportPage):
    """The dated papers between the household and the shop, the latest first."""

    tables: ClassVar[frozenset[str]] = frozenset({"undertaking"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.table: RowsTable[UndertakingRow] = RowsTable(
            (
                Column(_("Papier"), lambda u: called(u.kind)),
                Column(_("Personne ou contenu"), _content, stretch=True),
                Column(_("Daté du"), lambda u: u.signed_on, shown.day),
                Column(
                    _("Jusqu'au"), lambda u: expiry_words(u.until, u.expiry if u.revoked_on is None else Expiry.NONE),
                    tone=lambda u: expiry_tone(u.expiry) if u.revoked_on is None else None,
                ),
                Column(_("État"), _state, tone=lambda u: None if u.in_force else "ink_soft"),
            ),
            lambda u: u.id, name=_("Engagements"), empty=_("Rien n'est encore signé ni remis : F3 note un premier papier."),
            sortable=False,
        )  # fmt: skip
        self.new_button = ActionButton(_("Noter un papier"), "F3", "plus", "primary")
        self.print_button = ActionButton(_("Imprimer"), "F9", "printer")
        self.end_button = ActionButton(_("Y mettre fin"), "F6", "ban")
        self.detail = label("", "soft")
        self.lines.addWidget(self.table, 1)
        self.lines.addWidget(self.detail)
        self.foot(self.end_button, self.print_button, self.new_button)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_print)
        self.new_button.clicked.connect(self.open_new)
        self.print_button.clicked.connect(self._on_print)
        self.end_button.clicked.connect(self._on_end)
        self._on_chosen()

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(undertakings_page, self.desk, self.household)

    def show_read(self, answer: tuple[UndertakingRow, ...]) -> None:
        """Show the papers."""
        self.fill(self.table, answer)
        self._on_chosen()

    def first_field(self) -> QWidget:
        """Return the list, or what adds a paper."""
        return self.table if self.table.rows_model.rows else self.new_button

    @Slot()
    def _on_chosen(self) -> None:
        row = self.table.current
        self.detail.setText(_content(row) if row is not None else "")
        enabled_by(row is not None and row.kind in _PRINTED, self.print_button)
        enabled_by(row is not None and row.revoked_on is None, self.end_button)

    @Slot()
    def open_new(self) -> None:
        """Ask for a paper."""
        self.open_dialog(EngagementDialog(self))

    @Slot()
    def _on_print(self) -> None:
        row = self.table.current
        if row is not None and row.kind in _PRINTED:
            name = _(_PRINTED[row.kind])
            look_at_closed(
                self.owner, partial(documents.undertaking_to_give, self.desk, row.id), called(row.kind), name
            )

    @Slot()
    def _on_end(self) -> None:
        row = self.table.current
        if row is None or row.revoked_on is not None:
            return
        proxy = row.kind is UndertakingKind.PROXY
        told = _("Dès aujourd'hui, cette personne ne pourra plus venir à la place du foyer. La ligne reste au dossier.")
        if not proxy:
            told = _("Ce papier ne vaudra plus à partir d'aujourd'hui. La ligne reste au dossier.")
        self.open_dialog(
            ConfirmDialog(
                self, _("Retirer la procuration ?") if proxy else _("Mettre fin à ce papier ?"), told,
                _("Retirer") if proxy else _("Y mettre fin"), partial(undertakings.revoke_undertaking, self.desk, row.id),
                _("C'est noté, à la date d'aujourd'hui."),
            )
        )  # fmt: skip


def _content(row: UndertakingRow) -> str:
    return row.name or " ".join(row.note.split())


def _state(row: UndertakingRow) -> str:
    if row.revoked_on is not None:
        return _("retiré le {day}").format(day=shown.day(row.revoked_on))
    return _("en vigueur") if row.in_force else _("terminé")


class EngagementDialog(SupportDialog):
    """What, when, until when; who may come for a procuration, what is promised for a contract."""

    def __init__(self, page: SupportPage) -> None:
        super().__init__(page, _("Un papier signé, accepté ou remis"), _("Enregistrer"))
        self.done_text = _("Le papier est noté.")
        self.kind = self.add(_("Papier"), CodeBox(list(UndertakingKind)))
        today = page.desk.clock.today()
        self.day, self.until = DayField(today), OptionalDayField(near=today, end=True)
        self.add_side_by_side((_("Daté du"), self.day), (_("Valable jusqu'au"), self.until))
        self.name = QLineEdit()
        self._name_row = Labelled(_("Personne qui pourra venir"), self.name)
        self.body.addWidget(self._name_row)
        self._watch(self.name)
        proposed = _(
            "venir aux rendez-vous, ou prévenir la veille ;\nparticiper aux ateliers convenus ;\n"
            "faire le point sur son projet avant tout renouvellement."
        )
        self.terms = words_field(proposed, lines=5)
        self._terms_row = Labelled(_("Le foyer s'engage à (une ligne chacun, ni motif ni montant)"), self.terms)
        self.body.addWidget(self._terms_row)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self._on_kind()
        self.ready()

    @Slot()
    def _on_kind(self) -> None:
        kind = self.kind.code
        self._name_row.setVisible(kind is UndertakingKind.PROXY)
        self._terms_row.setVisible(kind is UndertakingKind.CONTRACT)
        self.adjustSize()

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the paper."""
        form = UndertakingForm(self.kind.chosen, needed(self.day), self.until.value, self.name.text(), self.terms.text)
        return partial(undertakings.record_undertaking, self.page.desk, self.page.household, form)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None
