"""« Envois »: the shop's parcel to its coordinator, and the copies of its file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QStackedWidget, QWidget

from epicerie_desktop.services.contract import share
from epicerie_desktop.services.contract.share import ContractFile, JoinedContract, ParcelPreview, WrittenParcel
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, PageHeader, label, page, row
from epicerie_desktop.ui.common.states import BusyOverlay, EmptyState, Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.exchange.joining import JoinDialog
from epicerie_desktop.ui.exchange.places import PlaceChooser, sticks_now
from epicerie_desktop.ui.exchange.safety_card import SafetyCard
from epicerie_desktop.ui.fitting import Sides, scrolled
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.sheets.tiles import TotalsTiles

_LOOK_EVERY_MS = 2000


class ExchangeScreen(Screen):
    """Without a contract, how to join one; with one, what the next parcel holds and where it goes."""

    tables: ClassVar[frozenset[str]] = frozenset({"contract", "parcel_sent", "sale"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._contracts: tuple[JoinedContract, ...] = ()
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice_row = FormRow(_("Contrat"), self.choice)
        self.open_file = ActionButton(_("Ouvrir un fichier de contrat"), icon="handshake", kind="quiet")
        self.header = PageHeader(_("Envoi à la coordination"), "", (self.open_file,))
        self.notice = Notice("info", closable=True)
        self.result = Notice("info")
        self._writing = False
        self.tiles = TotalsTiles()
        self.content = label("")
        self.places = PlaceChooser()
        self.write = ActionButton(_("Écrire l'envoi sur la clé"), "F12", "upload", "primary")
        self.safety = SafetyCard(self)
        self.join = ActionButton(_("Ouvrir le fichier du contrat"), "F12", "handshake", "primary")
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self._parcel())
        self.busy = BusyOverlay(self)
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        whole = page(self)
        whole.addWidget(self.header)
        whole.addWidget(self.notice)
        whole.addWidget(scrolled(self.stack, self.safety, growing=self.stack), 1)

    def _empty(self) -> QWidget:
        card = Card()
        card.add(
            EmptyState(
                "handshake",
                _("Cette épicerie ne fait encore partie d'aucun contrat"),
                _("La coordination vous remet un fichier sur une clé, et une fiche imprimée : ouvrez ce fichier ici."),
                self.join,
            )
        )
        return card

    def _parcel(self) -> QWidget:
        holds = Card(_("Ce que contient l'envoi"))
        why = label(
            _(
                "Les mois du contrat jusqu'à aujourd'hui, pour que la coordination compte chaque famille une seule fois. Aucun nom, "
                "aucune adresse, aucun numéro de foyer. Le fichier est scellé : seule la coordination peut le lire."
            ),
            "soft",
        )  # fmt: skip
        holds.add(self.choice_row, self.tiles, self.content, why)
        holds.body.addStretch(1)
        goes = Card(_("Où l'écrire"))
        goes.add(self.places)
        goes.add(row(None, self.write), self.result)
        goes.body.addStretch(1)
        return Sides(holds, goes, shares=(3, 2))

    def _connect(self) -> None:
        self.open_file.clicked.connect(self._on_open_clicked)
        self.join.clicked.connect(self._on_open_clicked)
        self.write.clicked.connect(self._on_write_clicked)
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        self.places.changed.connect(self._on_place_changed)
        self.places.refresh_asked.connect(self._look_for_sticks)
        self._look.timeout.connect(self._look_for_sticks)

    def first_field(self) -> QWidget | None:
        """Return the list of sticks, or the button that opens a contract's file."""
        if not self._contracts:
            return self.join
        return self.places.list if self.places.list.isVisible() else self.places.browse

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sticks as long as the screen is seen."""
        super().showEvent(event)
        self.places.start_in = self.context.settings.last_export_folder
        self._look_for_sticks()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop looking for sticks."""
        super().hideEvent(event)
        self._look.stop()

    def refresh(self) -> None:
        """Read the contracts, then what the next parcel of the one chosen would hold."""
        desk = self.desk
        self.ask(lambda: share.joined_contracts(desk), self._show_contracts, key="contracts")

    @property
    def contract(self) -> JoinedContract | None:
        """Return the contract chosen, None where the shop belongs to none."""
        at = self.choice.currentIndex()
        return self._contracts[at] if 0 <= at < len(self._contracts) else None

    def _show_contracts(self, found: tuple[JoinedContract, ...]) -> None:
        before = self.contract
        self._contracts = found
        self.choice.blockSignals(True)
        self.choice.clear()
        for contract in found:
            self.choice.addItem(contract.name, contract.id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(before.id)) if before and found else 0 if found else -1)
        self.choice.blockSignals(False)
        self.choice_row.setVisible(len(found) > 1)
        self.open_file.setVisible(bool(found))
        self.stack.setCurrentIndex(1 if found else 0)
        self._on_choice_changed()

    @Slot()
    def _on_choice_changed(self) -> None:
        contract = self.contract
        if contract is None:
            self.header.set_words(_("Envoi à la coordination"), "")
            return
        self.header.set_words(
            _("Envoi à la coordination"),
            _("{name}, du {start} au {end}").format(
                name=contract.name, start=shown.day(contract.starts_on), end=shown.day(contract.ends_on)
            ),
        )
        desk, chosen = self.desk, contract.id
        self.ask(lambda: share.preview_parcel(desk, chosen), self._show_preview, key="preview")

    def _show_preview(self, preview: ParcelPreview) -> None:
        self.tiles.set_totals(preview.totals)
        self.content.setText(described(preview))
        self._on_place_changed()

    def _look_for_sticks(self) -> None:
        self.ask(sticks_now, self.places.show_sticks, key="sticks")

    @Slot()
    def _on_place_changed(self) -> None:
        place = self.places.place
        self.write.setEnabled(place is not None and self.contract is not None)
        on_stick = place is None or place.stick is not None
        self.write.set_text(_("Écrire l'envoi sur la clé") if on_stick else _("Écrire l'envoi dans le dossier"))

    @Slot()
    def _on_write_clicked(self) -> None:
        place, contract, desk = self.places.place, self.contract, self.desk
        if place is None or contract is None:
            return
        self.result.tell("info", "")
        self._writing = True
        self.busy.start(_("L'envoi s'écrit, puis il est relu. Ne retirez pas la clé."))
        self.act(
            lambda: share.seal_parcel(desk, contract=contract.id),
            lambda sealed: self.work(
                lambda: share.write_parcel_file(sealed, place.path, expected=place.stick), self._written
            ),
        )
        if place.stick is None and str(place.path) != self.context.settings.last_export_folder:
            self.context.settings = replace(self.context.settings, last_export_folder=str(place.path))
            self.context.save_settings(self.context.settings)

    def _written(self, parcel: WrittenParcel) -> None:
        self.busy.stop()
        self._writing = False
        place = self.places.place
        words = _("L'envoi n° {seq} est écrit et relu : « {file} ».").format(seq=parcel.seq, file=parcel.path.name)
        if place is None or place.stick is not None:
            words += "\n" + _("Vous pouvez retirer la clé.")
        self.result.tell("success", words)

    @Slot()
    def _on_open_clicked(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self,
            _("Quel fichier de contrat ?"),
            str(Path.home()),
            _("Contrats (*.epic-contrat);;Tous les fichiers (*)"),
        )
        if chosen:
            self.read_contract(Path(chosen))

    def read_contract(self, path: Path) -> None:
        """Read a contract's file and ask whether to join it."""
        self.notice.tell("info", "")
        self.ask(lambda: share.read_contract_file(path), self._ask_to_join, key="file")

    def _ask_to_join(self, found: ContractFile) -> None:
        dialog = JoinDialog(self, found)
        try:
            agreed = bool(dialog.exec())
        finally:
            dialog.deleteLater()
        if agreed:
            desk = self.desk
            self.act(lambda: (share.join_contract(desk, found), share.desk_now(desk))[1], self._joined)

    def _joined(self, desk: Desk) -> None:
        # The cards given from now on carry the numbers that the contract gives this shop.
        self.context.work_at(desk)
        self.notice.tell(
            "success",
            _("L'épicerie fait partie du contrat. Les cartes faites à partir de maintenant porteront son numéro."),
        )

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal in the screen, where the person looks; a bug keeps its own window."""
        self.busy.stop()
        strip, self._writing = (self.result if self._writing else self.notice), False
        if isinstance(error, RuleRefused):
            strip.tell("warn", trouble.sentence(error))
        elif isinstance(error, Trouble):
            strip.tell("error", trouble.sentence(error))
        else:
            super().on_trouble(error)


def described(preview: ParcelPreview) -> str:
    """Return what the next parcel is, in a few lines: its months, its number, and who signs it."""
    contract = preview.contract
    if not preview.months:
        return _("Le contrat commence le {day} : il n'y a encore rien à envoyer.").format(
            day=shown.day(contract.starts_on)
        )
    first, last, n = preview.months[0], preview.months[-1], len(preview.months)
    months = ngettext("Un mois : {first}.", "{n} mois, de {first} à {last}.", n)
    sent = _("Ce sera l'envoi n° {seq}.").format(seq=preview.seq)
    if contract.last_month:
        sent = _("Ce sera l'envoi n° {seq} ; le précédent allait jusqu'à {month}.").format(
            seq=preview.seq, month=shown.month(contract.last_month)
        )
    signed = _("Signature de cette épicerie, si la coordination la demande : {signature}").format(
        signature=contract.signature
    )
    return "\n".join((months.format(n=n, first=shown.month(first), last=shown.month(last)), sent, signed))
