"""The file of a household as it is filled: members, address, telephones, referrer, note. Knows neither desk nor thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from epicerie_desktop.domain.household import Link
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries.alike import AlikeAnswer
from epicerie_desktop.services.queries.households import ReferrerRow
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES, LANGUAGE_NAMES, N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, column, label, row
from epicerie_desktop.ui.households.address import AddressEditor
from epicerie_desktop.ui.households.duplicates import Duplicates
from epicerie_desktop.ui.households.members import MembersEditor
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled

_NOTE_HEIGHT = 88
_NOBODY: int | None = None


class FileForm(QWidget):
    """Every field of a file. `changed` when something was typed."""

    changed = Signal()
    referrer_wanted = Signal()
    stops_changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = new_form()
        self._today = today
        self.members = MembersEditor(today)
        self.duplicates = Duplicates()
        self.add_button = ActionButton(_("Ajouter un membre"), "Ctrl+N", "user-plus")
        self.life_button = ActionButton(_("Vie du foyer"), "F6", "history")
        self.members_error = label("", "error")
        self.address = AddressEditor(today)
        self.phone, self.phone2 = QLineEdit(), QLineEdit()
        self.referrer, self.language = QComboBox(), QComboBox()
        self.new_referrer = ActionButton(_("Nouveau prescripteur…"), kind="quiet", icon="plus")
        self.referrer.setMinimumWidth(10)
        self.note = QPlainTextEdit()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        whole = column(spacing=16)
        self.setLayout(whole)
        self.members_error.hide()
        whole.addWidget(
            Card(_("Membres du foyer")).add(
                self.members, self.members_error, row(self.add_button, self.life_button, None), self.duplicates
            )
        )
        whole.addWidget(Card(_("Adresse et contact")).add(self.address, self._contact()))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(_NOTE_HEIGHT)
        hint = _("Lue au comptoir : ce qui aide à bien recevoir la famille, jamais ses ressources ni ses raisons.")
        whole.addWidget(Card().add(FormRow(_("Note pour l'accueil"), self.note, hint)))

    def _contact(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for phone in (self.phone, self.phone2):
            phone.setMaxLength(30)
        grid.addWidget(Labelled(_("Téléphone"), self.phone), 0, 0)
        grid.addWidget(Labelled(_("Autre téléphone"), self.phone2), 0, 1)
        for code in HOUSEHOLD_LANGUAGES:
            self.language.addItem(LANGUAGE_NAMES[code], code)
        self.referrer.setAccessibleName(_("Orienté par"))
        who = row(self.referrer, self.new_referrer, spacing=12)
        who.setStretch(0, 1)
        grid.addLayout(column(label(_("Orienté par"), "label"), who, spacing=4), 1, 0)
        grid.addWidget(Labelled(_("Langue de ses papiers"), self.language), 1, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_member)
        self.new_referrer.clicked.connect(self.referrer_wanted)
        self.members.changed.connect(self._on_changed)
        self.members.life_wanted.connect(self.life_button.click)
        self.members.rows_changed.connect(self.stops_changed)
        self.address.changed.connect(self._on_changed)
        self.phone.textChanged.connect(self._on_changed)
        self.phone2.textChanged.connect(self._on_changed)
        self.referrer.currentIndexChanged.connect(self._on_changed)
        self.language.currentIndexChanged.connect(self._on_changed)
        self.note.textChanged.connect(self._on_changed)
        EnterGoesOn(self).watch(*self.address.fields, self.phone, self.phone2, self.referrer, self.language)

    # -- showing -------------------------------------------------------------------------------------------------------

    def show_form(self, form: HouseholdForm, base: HouseholdForm | None = None) -> None:
        """Show a file, or a new one where it has no id; `base` is what was read when `form` already holds changes."""
        self._base = base or form
        self.members.show_members(form.members, new_file=form.id is None)
        self.address.show_address(form.address)
        self.phone.setText(form.phone)
        self.phone2.setText(form.phone2)
        self.note.setPlainText(form.note)
        self.choose_referrer(form.referrer_id)
        self.language.setCurrentIndex(max(0, self.language.findData(form.language)))
        self.duplicates.show_found(None)
        self.life_button.setVisible(form.id is not None)
        self.tell_members("")

    def show_referrers(self, rows: Sequence[ReferrerRow]) -> None:
        """Offer the people who refer, keeping the one chosen."""
        chosen = self.referrer.currentData()
        self.referrer.blockSignals(True)
        self.referrer.clear()
        self.referrer.addItem(_("Personne, ou non précisé"), _NOBODY)
        for one in rows:
            self.referrer.addItem(f"{one.name} ({one.organisation})" if one.organisation else one.name, one.id)
        self.referrer.blockSignals(False)
        self.choose_referrer(chosen if chosen is not None else self._base.referrer_id)

    def choose_referrer(self, referrer: int | None) -> None:
        """Choose who referred the household; one no longer active stays, under its number."""
        at = self.referrer.findData(referrer)
        if at < 0 and referrer is not None:
            self.referrer.addItem(_("Prescripteur n° {n}").format(n=referrer), referrer)
            at = self.referrer.count() - 1
        self.referrer.setCurrentIndex(max(at, 0))

    def show_same(self, answer: AlikeAnswer | None) -> None:
        """Show the files that look like the one being opened."""
        self.duplicates.show_found(answer if self._base.id is None else None)
        self.stops_changed.emit()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order; the departures come last, off the way of somebody who fills the file."""
        rows = self.members.rows
        return (
            *(field for r in rows for field in r.stops), self.add_button, *((self.life_button,) if self._base.id else ()), *self.duplicates.buttons, *self.address.fields,
            self.phone, self.phone2, self.referrer, self.new_referrer, self.language, self.note, *(r.stay for r in rows),
        )  # fmt: skip

    def first_field(self) -> QWidget:
        """Return where the keyboard goes on a file."""
        return self.members.rows[0].last_name if self.members.rows else self.add_button

    # -- reading -------------------------------------------------------------------------------------------------------

    def form(self) -> HouseholdForm:
        """Return the file as typed."""
        return replace(
            self._base,
            members=self.members.forms(),
            address=self.address.form(),
            phone=self.phone.text().strip(),
            phone2=self.phone2.text().strip(),
            note=self.note.toPlainText().strip(),
            referrer_id=self.referrer.currentData(),
            language=self.language.currentData(),
        )

    @property
    def base(self) -> HouseholdForm:
        """Return the file as it was read."""
        return self._base

    def snapshot(self) -> tuple[object, ...]:
        """Return what is typed, valid or not."""
        texts = (
            self.phone.text(),
            self.phone2.text(),
            self.note.toPlainText(),
            self.referrer.currentData(),
            self.language.currentData(),
        )
        return (self.members.snapshot(), self.address.snapshot(), *texts)

    def problem(self) -> QWidget | None:
        """Tell what cannot be kept beside it, and return the field to go to; None when all is well."""
        found = self.members.problem()
        holders = sum(1 for r in self.members.named if r.present and r.chosen_link is Link.HOLDER)
        if found is not None:
            self.tell_members("")
            return found[0]
        if holders != 1:
            self.tell_members(str(BadInput(N_("Indiquez une seule personne titulaire du dossier."))))
            return next((r.link for r in self.members.rows if r.present), self.add_button)
        self.tell_members("")
        return None

    def tell_members(self, text: str) -> None:
        """Write what is wrong with the members as a whole."""
        self.members_error.setText(text)
        self.members_error.setVisible(bool(text))

    @Slot()
    def add_member(self) -> None:
        """Add a row and give it the keyboard."""
        self.members.add()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


def new_form() -> HouseholdForm:
    """Return the file of a household not yet known: one row, for the holder."""
    return HouseholdForm((MemberForm("", "", Link.HOLDER),))
