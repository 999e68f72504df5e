"""« Envois »: the shop's parcel to its coordinator, and the copies of its file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QStackedWidget, QWidget

from epicerie_desktop.services.contract import custody, joining, share
from epicerie_desktop.services.contract.joining import Standing
from epicerie_desktop.services.contract.share import ContractFile, JoinedContract, ParcelPreview, SealedParcel
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.layout import Card, FormRow, PageHeader, label, page, row
from epicerie_desktop.ui.common.states import BusyOverlay, EmptyState, Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.exchange.contract_terms import open_terms
from epicerie_desktop.ui.exchange.counting_key import CountingKeyDialog
from epicerie_desktop.ui.exchange.joining import JoinDialog, agreed_to_edition
from epicerie_desktop.ui.exchange.safety_card import SafetyCard
from epicerie_desktop.ui.exchange.writing_card import WritingCard
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
        self.read_key = ActionButton(_("Lire la clé de comptage"), "Ctrl+K", "key-round", "quiet")
        self.terms = ActionButton(_("Ce que dit le contrat"), "Ctrl+I", "info", "quiet")
        self.header = PageHeader(_("Envoi à la coordination"), "", (self.open_file,))
        self.notice = Notice("info", closable=True)
        self.tiles = TotalsTiles()
        self.content = label("")
        self.busy = BusyOverlay(self)
        self.goes = WritingCard(self, self.busy)
        self.places, self.write, self.result = self.goes.places, self.goes.write, self.goes.result
        self.safety = SafetyCard(self)
        self.join = ActionButton(_("Ouvrir le fichier du contrat"), "F12", "handshake", "primary")
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self._parcel())
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
        holds.add(row(self.terms, self.read_key, None))
        holds.body.addStretch(1)
        made = Sides(holds, self.goes, shares=(3, 2))
        # The keyboard begins where the parcel goes.
        for before, after in ((self.goes.write, self.terms), (self.terms, self.read_key)):
            QWidget.setTabOrder(before, after)
        return made

    def _connect(self) -> None:
        self.open_file.clicked.connect(self._on_open_clicked)
        self.read_key.clicked.connect(self._on_read_key_clicked)
        self.terms.clicked.connect(self._on_terms_clicked)
        self.join.clicked.connect(self._on_open_clicked)
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        self.goes.settled.connect(self._describe)
        self._look.timeout.connect(self.goes.look_for_sticks)

    def first_field(self) -> QWidget | None:
        """Return the list of sticks, or the button that opens a contract's file."""
        if not self._contracts:
            return self.join
        return self.places.list if self.places.list.isVisible() else self.places.browse

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sticks as long as the screen is seen."""
        super().showEvent(event)
        self.places.start_in = self.context.settings.last_export_folder
        self.goes.look_for_sticks()
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
            self.goes.show_parcel(None)
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
        self.goes.show_parcel(preview)
        self._describe()

    @Slot()
    def _describe(self) -> None:
        if self.goes.preview is not None:
            self.content.setText(described(self.goes.preview, self.goes.waiting))

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
        desk = self.desk

        def read() -> tuple[ContractFile, Standing]:
            found = joining.read_contract_file(path)
            return found, joining.standing_of(desk, found)

        self.ask(read, self._ask_to_join, key="file")

    def _ask_to_join(self, read: tuple[ContractFile, Standing]) -> None:
        (found, standing), desk = read, self.desk
        if standing is Standing.NEW:
            if accepted(JoinDialog(self, found)):
                self.act(lambda: (joining.join_contract(desk, found), joining.desk_now(desk))[1], self._joined)
        elif standing is Standing.KNOWN:
            self.notice.tell(
                "info", _("Édition n° {n} du contrat : déjà prise, rien n'a changé.").format(n=found.edition)
            )
        elif standing is Standing.EARLIER or agreed_to_edition(self, found, standing):
            # An earlier one is refused by the service, in its own words.
            self.act(
                lambda: joining.take_edition(desk, found, compared=standing is Standing.PAPER),
                lambda _id: self.notice.tell("success", _("Édition n° {n} du contrat prise.").format(n=found.edition)),
            )

    @Slot()
    def _on_read_key_clicked(self) -> None:
        contract, desk = self.contract, self.desk
        if contract is not None:
            chosen = contract.id
            self.ask(lambda: custody.counting_key_number(desk, chosen), self._ask_for_key, key="counting-key")

    def _ask_for_key(self, known: str) -> None:
        contract = self.contract
        if contract is None:
            return
        dialog = CountingKeyDialog(self, contract.id, known)
        if accepted(dialog) and dialog.read is not None:
            self.notice.tell("success", _("Clé de comptage n° {number} lue.").format(number=dialog.read.key_id))

    @Slot()
    def _on_terms_clicked(self) -> None:
        if self.contract is not None:
            open_terms(self, self.contract)

    def _joined(self, desk: Desk) -> None:
        # The cards given from now on carry the numbers that the contract gives this shop.
        self.context.work_at(desk)
        self.notice.tell(
            "success",
            _("L'épicerie fait partie du contrat. Les cartes faites à partir de maintenant porteront son numéro."),
        )

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal in the screen, where the person looks; a bug keeps its own window."""
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        elif isinstance(error, Trouble):
            self.notice.tell("error", trouble.sentence(error))
        else:
            super().on_trouble(error)


def described(preview: ParcelPreview, waiting: SealedParcel | None = None) -> str:
    """Return what the next parcel is, in a few lines: its months, its number, and who signs it."""
    contract = preview.contract
    if not preview.months:
        return _("Le contrat commence le {day} : il n'y a encore rien à envoyer.").format(
            day=shown.day(contract.starts_on)
        )
    first, last, n = preview.months[0], preview.months[-1], len(preview.months)
    months = ngettext("Un mois : {first}.", "{n} mois, de {first} à {last}.", n)
    sent = _("Ce sera l'envoi n° {seq}.").format(seq=preview.seq)
    if waiting is not None:
        sent = _("L'envoi n° {seq} est prêt, mais n'est pas encore écrit.").format(seq=waiting.seq)
    elif contract.last_month:
        sent = _("Ce sera l'envoi n° {seq} ; le précédent allait jusqu'à {month}.").format(
            seq=preview.seq, month=shown.month(contract.last_month)
        )
    signed = _("Signature de cette épicerie, si la coordination la demande : {signature}").format(
        signature=contract.signature
    )
    return "\n".join((months.format(n=n, first=shown.month(first), last=shown.month(last)), sent, signed))
