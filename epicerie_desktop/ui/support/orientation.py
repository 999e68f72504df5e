"""Who referred the household, when and why; the accompaniment begins here. Two papers are printed from this page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import ReferralReason
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.queries.households import ReferrerRow, list_referrers
from epicerie_desktop.services.queries.support_pages import OrientationPageRead, orientation_page
from epicerie_desktop.services.support import documents, file
from epicerie_desktop.services.support.file import OrientationForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.households.dialogs import ReferrerDialog
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.support.forms import CodeBox, OptionalDayField, SupportDialog, words_field
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import Facts
from epicerie_desktop.ui.support.screen import SupportScreen


@dataclass(frozen=True, slots=True)
class OrientationRead:
    """The orientation and the people who refer."""

    page: OrientationPageRead
    referrers: tuple[ReferrerRow, ...]


def read_orientation(desk: Desk, household: int) -> OrientationRead:
    """Return what the page and its question need."""
    return OrientationRead(orientation_page(desk, household), list_referrers(desk))


class OrientationPage(SupportPage):
    """The orientation as kept; F3 opens the accompaniment or changes it."""

    tables: ClassVar[frozenset[str]] = frozenset({"support_file", "referrer"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: OrientationRead | None = None
        self.told = Notice("warn")
        self.facts = Facts()
        self.card = Card(_("Orientation")).add(self.facts)
        self.empty = EmptyState(
            "handshake", _("Aucun accompagnement en cours"),
            _("Ouvrez-le en notant qui a orienté ce foyer et pourquoi ; il peut aussi être venu de lui-même."),
        )  # fmt: skip
        self.edit_button = ActionButton("", "F3", "pencil", "primary")
        self.liaison_button = ActionButton(_("Fiche de liaison"), "F8", "printer")
        self.answer_button = ActionButton(_("Réponse"), "F9", "printer")
        self.lines.addWidget(self.told)
        self.lines.addWidget(self.card)
        self.lines.addWidget(self.empty, 1)
        self.lines.addStretch(1)
        self.foot(self.liaison_button, self.answer_button, self.edit_button)
        self.told.tell("warn", "")
        self.card.hide()
        self.edit_button.clicked.connect(self.open_form)
        self.liaison_button.clicked.connect(self._on_liaison)
        self.answer_button.clicked.connect(self._on_answer)

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(read_orientation, self.desk, self.household)

    def show_read(self, answer: OrientationRead) -> None:
        """Show the orientation, or that there is none."""
        self.read = answer
        page = answer.page
        under_way = page.file is not None
        self.card.setVisible(under_way)
        self.empty.setVisible(not under_way)
        self.answer_button.setEnabled(under_way and page.referrer_id is not None)
        self.edit_button.set_text(_("Modifier l'orientation") if under_way else _("Ouvrir l'accompagnement"))
        self.facts.show_facts(_facts(answer))
        waiting = ""
        if page.waiting_until is not None:
            waiting = _("La dernière sortie a fixé une carence jusqu'au {day} inclus.").format(
                day=shown.day(page.waiting_until)
            )
        self.told.tell("warn", waiting)

    def first_field(self) -> QWidget:
        """Return the button that opens or changes it."""
        return self.edit_button

    @Slot()
    def open_form(self) -> None:
        """Ask for the orientation."""
        if self.read is not None:
            self.open_dialog(OrientationDialog(self, self.read))

    @Slot()
    def _on_liaison(self) -> None:
        look_at(self.owner, partial(documents.liaison_pdf, self.desk), _("Fiche de liaison"), _("fiche-de-liaison"))

    @Slot()
    def _on_answer(self) -> None:
        make = partial(documents.answer_pdf, self.desk, self.household)
        look_at(self.owner, make, _("Réponse au prescripteur"), _("reponse-au-prescripteur"))


def _facts(read: OrientationRead) -> list[tuple[str, str]]:
    page = read.page
    if page.file is None:
        return []
    referrer = next((named(r) for r in read.referrers if r.id == page.referrer_id), "")
    return [
        (_("Orienté par"), referrer or _("Personne : venu de soi-même")),
        (_("Le"), shown.long_day(page.referred_on) if page.referred_on else ""),
        (_("Motif"), called(page.reason_code) if page.reason_code else _("Non précisé")),
        (_("En quelques mots"), page.reason),
        (_("Urgence"), _("Oui, à recevoir sans attendre") if page.urgent else _("Non")),
        (_("Ouvert le"), shown.long_day(page.opened_on) if page.opened_on else ""),
    ]


def named(referrer: ReferrerRow) -> str:
    """Return a referring person and their service."""
    return f"{referrer.name} ({referrer.organisation})" if referrer.organisation else referrer.name


class OrientationDialog(SupportDialog):
    """Who, when, why, how urgent."""

    def __init__(self, page: SupportPage, read: OrientationRead) -> None:
        under_way = read.page.file is not None
        super().__init__(
            page, _("Orientation"), _("Enregistrer") if under_way else _("Ouvrir l'accompagnement"),
            "" if under_way else _("L'accompagnement commence aujourd'hui."),
        )  # fmt: skip
        self.read = read.page
        self.done_text = _("L'orientation est enregistrée.") if under_way else _("L'accompagnement est ouvert.")
        self.referrer = QComboBox()
        self._offer(read.referrers, read.page.referrer_id)
        self.new_button = ActionButton(_("Nouveau prescripteur…"), icon="plus", kind="quiet")
        self.new_button.clicked.connect(self._on_new)
        self.day = OptionalDayField(read.page.referred_on, near=page.desk.clock.today())
        self.reason_code = CodeBox(list(ReferralReason), read.page.reason_code, empty=_("Non précisé"))
        self.reason = words_field(read.page.reason)
        self.urgent = QCheckBox(_("Urgent : à recevoir sans attendre"))
        self.urgent.setChecked(read.page.urgent)
        self.add(_("Orienté par"), self.referrer)
        self.body.addLayout(row(None, self.new_button))
        self.add_side_by_side((_("Le"), self.day), (_("Motif"), self.reason_code))
        self.add(_("En quelques mots (lu par les travailleurs sociaux seulement)"), self.reason)
        self.body.addWidget(self.urgent)
        self.ready()

    def _offer(self, rows: tuple[ReferrerRow, ...], chosen: int | None) -> None:
        self.referrer.clear()
        self.referrer.addItem(_("Personne : venu de soi-même"), None)
        for found in rows:
            self.referrer.addItem(named(found), found.id)
        self.referrer.setCurrentIndex(max(0, self.referrer.findData(chosen)) if chosen is not None else 0)

    @Slot()
    def _on_new(self) -> None:
        asked = ReferrerDialog(self)
        if asked.exec() == QDialog.DialogCode.Accepted:
            typed = (asked.name.text(), asked.organisation.text(), asked.phone.text())
            self.page.act(partial(_saved_referrer, self.page.desk, *typed), self._on_saved_referrer, self._on_refused)
        asked.deleteLater()

    def _on_saved_referrer(self, answer: tuple[int, tuple[ReferrerRow, ...]]) -> None:
        chosen, rows = answer
        self._offer(rows, chosen)
        self.referrer.setFocus()

    def gesture(self) -> Callable[[], object]:
        """Return what opens the accompaniment, or changes its orientation."""
        form = OrientationForm(
            self.referrer.currentData(), self.day.value, self.reason_code.code, self.reason.text, self.urgent.isChecked()
        )  # fmt: skip
        if self.read.file is None or self.read.version is None:
            return partial(file.open_file, self.page.desk, self.page.household, form)
        return partial(file.save_orientation, self.page.desk, self.read.file, self.read.version, form)


def _saved_referrer(desk: Desk, *typed: str) -> tuple[int, tuple[ReferrerRow, ...]]:
    return enrol.save_referrer(desk, *typed), list_referrers(desk)
