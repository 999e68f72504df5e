"""« Où l'écrire »: the parcel sealed, written to a stick or a folder, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot

from epicerie_desktop.services import sticks
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.contract.share import ParcelPreview, SealedParcel, WrittenParcel
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, row
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.exchange.places import Place, PlaceChooser, place_of, sticks_now
from epicerie_desktop.ui.screen import Screen


class WritingCard(Card):
    """Where the parcel goes and what came of it. One that could not be written waits, to be written again as it is.

    `settled`: a writing ended, well or not.
    """

    settled = Signal()

    def __init__(self, screen: Screen, busy: BusyOverlay) -> None:
        super().__init__(_("Où l'écrire"))
        self._screen, self._busy = screen, busy
        self.preview: ParcelPreview | None = None
        self._waiting: tuple[int, SealedParcel] | None = None
        self._aimed_at: Place | None = None
        self.places = PlaceChooser()
        self.write = ActionButton(_("Écrire l'envoi sur la clé"), "F12", "upload", "primary")
        self.result = Notice("info")
        self.after = ActionButton(_("Éjecter la clé"), "F9", "usb")
        self.after.hide()
        self.add(self.places)
        self.add(row(None, self.write), self.result, row(None, self.after))
        self.body.addStretch(1)
        self.write.clicked.connect(self._on_write_clicked)
        self.after.clicked.connect(self._on_after_clicked)
        self.places.changed.connect(self._on_place_changed)
        self.places.refresh_asked.connect(self.look_for_sticks)
        self.places.folder_chosen.connect(self._on_folder_chosen)

    @property
    def waiting(self) -> SealedParcel | None:
        """Return the parcel sealed that could not be written, while it still says what the shop's months say."""
        now, found = self.preview, self._waiting
        if now is None or found is None or found[0] != now.contract.id:
            return None
        return found[1] if (found[1].totals, found[1].months) == (now.totals, len(now.months)) else None

    def show_parcel(self, preview: ParcelPreview | None) -> None:
        """Show that this parcel may be written, or that there is none."""
        self.preview = preview
        self._on_place_changed()

    def look_for_sticks(self) -> None:
        """Look which sticks are plugged in now."""
        known = self.places.sticks
        self._screen.ask(lambda: sticks_now(known), self.places.show_sticks, key="sticks")

    @Slot(object)
    def _on_folder_chosen(self, folder: Path) -> None:
        self._screen.ask(lambda: place_of(folder), self.places.know_folder, key="folder")

    @Slot()
    def _on_place_changed(self) -> None:
        place = self.places.place
        self.write.setEnabled(self.preview is not None and place is not None and not place.stays)
        on_stick = place is None or place.stick is not None
        if self.waiting is not None:
            words = _("Écrire de nouveau l'envoi n° {seq}").format(seq=self.waiting.seq)
        else:
            words = _("Écrire l'envoi sur la clé") if on_stick else _("Écrire l'envoi dans le dossier")
        self.write.set_text(words)

    @Slot()
    def _on_write_clicked(self) -> None:
        place, preview, desk = self.places.place, self.preview, self._screen.desk
        if place is None or preview is None:
            return
        self.result.tell("info", "")
        self.after.hide()
        self._busy.start(_("L'envoi s'écrit, puis il est relu. Ne retirez pas la clé."))
        contract, waiting = preview.contract.id, self.waiting

        def seal() -> SealedParcel:
            # Refused before it is numbered: a number is spent for good.
            sticks.refuse_parcel(place.path)
            return waiting or share.seal_parcel(desk, contract=contract)

        self._screen.context.data.submit(self, seal, lambda sealed: self._put(sealed, contract, place), self._failed)
        if place.stick is None and str(place.path) != self._screen.context.settings.last_export_folder:
            context = self._screen.context
            context.settings = replace(context.settings, last_export_folder=str(place.path))
            context.save_settings(context.settings)

    def _put(self, sealed: SealedParcel, contract: int, place: Place) -> None:
        self._waiting, self._aimed_at = (contract, sealed), place
        self._screen.context.long.submit(
            self,
            lambda: share.write_parcel_file(sealed, place.path, expected=place.stick),
            lambda written: self._written(written, place),
            self._failed,
        )

    def _written(self, parcel: WrittenParcel, place: Place) -> None:
        self._busy.stop()
        self._waiting = None
        if place.stick is None:
            words = _("L'envoi n° {seq} est écrit et relu : « {file} », dans « {folder} ».").format(
                seq=parcel.seq, file=parcel.path.name, folder=place.name
            )
            words += "\n" + _(
                "Pour un courriel, joignez ce fichier tel quel : il est scellé, seule la coordination peut le lire."
            )
            self.after.set_text(_("Ouvrir le dossier"))
            self.after.set_icon("archive")
        else:
            words = _("L'envoi n° {seq} est écrit et relu : « {file} ».").format(seq=parcel.seq, file=parcel.path.name)
            words += "\n" + _("Vous pouvez retirer la clé.")
            self.after.set_text(_("Éjecter la clé"))
            self.after.set_icon("usb")
        self.after.setVisible(place.stick is None or sticks.can_eject())
        self.result.tell("success", words)
        self._settle()

    def _what_next(self) -> str:
        if self._aimed_at is not None and self._aimed_at.stick is not None:
            return _("L'envoi n° {seq} attend : une fois la clé remise, F12 l'écrit de nouveau.")
        return _("L'envoi n° {seq} attend : choisissez un autre endroit, puis F12.")

    def _settle(self) -> None:
        self._on_place_changed()
        self.look_for_sticks()
        self.settled.emit()

    @Slot()
    def _on_after_clicked(self) -> None:
        place = self._aimed_at
        if place is None:
            return
        if place.stick is None:
            papers.open_paper(place.path)
            return
        root = place.stick.root
        self.after.setEnabled(False)
        self._screen.context.long.submit(self, lambda: sticks.eject_stick(root), self._ejected, self._failed)

    def _ejected(self, done: bool) -> None:
        self.after.setEnabled(True)
        self.after.setVisible(not done)
        self.result.tell(
            "success" if done else "warn",
            _("La clé est éjectée : retirez-la.")
            if done
            else _(
                "La clé est encore prise : fermez ce qui la montre, puis recommencez. L'envoi, lui, est bien écrit."
            ),
        )
        self.look_for_sticks()

    def _failed(self, error: Exception) -> None:
        self._busy.stop()
        self.after.setEnabled(True)
        if isinstance(error, RuleRefused):
            self.result.tell("warn", trouble.sentence(error))
        elif isinstance(error, EnvironmentTrouble):
            words = trouble.sentence(error)
            if self.waiting is not None:
                words += "\n" + self._what_next().format(seq=self.waiting.seq)
            self.result.tell("error", words)
        else:
            trouble.show(self, error)
        self._settle()
