"""The papers seen and kept: what expires soon first, their scans shown from memory, and the photo of the holder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import MOST_HOUSEHOLD_BYTES, PaperKind, ScanKind
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.support_pages import PaperRow, PapersPageRead, papers_page
from epicerie_desktop.services.subject_file import subject_copy
from epicerie_desktop.services.support import papers
from epicerie_desktop.services.support.papers import PaperForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import asked_of
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.support.copying import CopyDialog
from epicerie_desktop.ui.support.forms import (
    CodeBox,
    ConfirmDialog,
    OptionalDayField,
    SupportDialog,
    enabled_by,
    needed,
)
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import expiry_tone, expiry_words, kilobytes
from epicerie_desktop.ui.support.scans import ScanView, small_portrait
from epicerie_desktop.ui.support.screen import SupportScreen

_PHOTO_HEIGHT = 104


@dataclass(frozen=True, slots=True)
class PapersRead:
    """The papers, and the photo as a JPEG, None where there is none."""

    page: PapersPageRead
    portrait: bytes | None


def read_papers(desk: Desk, household: int) -> PapersRead:
    """Return what the page shows; the photo only for who holds the second key."""
    page = papers_page(desk, household)
    shows = desk.social_key is not None and page.portrait_on is not None
    return PapersRead(page, papers.portrait_of(desk, household) if shows else None)


class PapersPage(SupportPage):
    """Kinds and days for reception; names, notes, scans and photo for social workers."""

    tables: ClassVar[frozenset[str]] = frozenset({"paper", "paper_content", "portrait"})

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.read: PapersRead | None = None
        self.photo = QLabel()
        self.photo.setAccessibleName(_("Photo"))
        self.room = label("", "soft")
        columns: list[Column[PaperRow]] = [
            Column(_("Papier"), lambda p: called(p.kind), stretch=not self.worker),
            Column(_("Vu le"), lambda p: p.seen_on, shown.day),
            Column(_("Échéance"), lambda p: expiry_words(p.expires_on, p.expiry), tone=lambda p: expiry_tone(p.expiry)),
        ]
        if self.worker:
            columns.insert(1, Column(_("Précision"), _words, stretch=True))
            columns.append(Column(_("Scan"), lambda p: kilobytes(p.size) if p.size else "–", align="right"))
        self.table: RowsTable[PaperRow] = RowsTable(
            columns, lambda p: p.id, name=_("Papiers"), empty=_("Aucun papier noté."), sortable=False
        )
        self.new_button = ActionButton(_("Noter un papier"), "F3", "plus", "primary")
        self.scan_button = ActionButton(_("Joindre un scan"), "F4", "upload")
        self.view_button = ActionButton(_("Voir"), "F9", "eye")
        self.remove_button = ActionButton(_("Retirer"), "F6", "trash-2")
        self.photo_button = ActionButton(_("Photo…"), "F7", "user")
        self.copy_button = ActionButton(_("Copie du dossier"), "Shift+F9", "printer", "quiet")
        self.copy_button.setToolTip(
            _("Tout ce qui est gardé sur ce foyer, pour la personne qui le demande (RGPD, article 15)")
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = row(self.room, self.copy_button, self.photo, self.photo_button)
        top.setStretch(0, 1)
        self.lines.addLayout(top)
        self.lines.addWidget(self.table, 1)
        self.photo.hide()
        buttons = (self.remove_button, self.view_button, self.scan_button, self.new_button)
        self.foot(*buttons)
        for button in (*buttons, self.photo_button, self.copy_button):
            button.setVisible(self.worker)

    def _connect(self) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_view)
        self.new_button.clicked.connect(self.open_new)
        self.scan_button.clicked.connect(self._on_scan)
        self.view_button.clicked.connect(self._on_view)
        self.remove_button.clicked.connect(self._on_remove)
        self.photo_button.clicked.connect(self.open_photo)
        self.copy_button.clicked.connect(self.open_copy)
        self._on_chosen()

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(read_papers, self.desk, self.household)

    def show_read(self, answer: PapersRead) -> None:
        """Show the papers and the photo."""
        self.read = answer
        self.fill(self.table, answer.page.papers)
        self._on_chosen()
        told = _("Ce qui se termine bientôt est en tête.")
        if self.worker and answer.page.bytes:
            told += " " + _("Scans : {used} sur {most}.").format(
                used=kilobytes(answer.page.bytes), most=kilobytes(MOST_HOUSEHOLD_BYTES)
            )
        self.room.setText(told)
        if answer.portrait is not None:
            picture = QPixmap.fromImage(QImage.fromData(answer.portrait))
            self.photo.setPixmap(picture.scaledToHeight(_PHOTO_HEIGHT, Qt.TransformationMode.SmoothTransformation))
        self.photo.setVisible(answer.portrait is not None)

    def first_field(self) -> QWidget:
        """Return the list, or what adds a paper."""
        return self.table if self.table.rows_model.rows or not self.worker else self.new_button

    @Slot()
    def _on_chosen(self) -> None:
        chosen = self.table.current
        enabled_by(chosen is not None, self.scan_button, self.remove_button)
        enabled_by(chosen is not None and chosen.size > 0, self.view_button)
        self.scan_button.set_text(
            _("Remplacer le scan") if chosen is not None and chosen.size else _("Joindre un scan")
        )

    @Slot()
    def open_new(self) -> None:
        """Ask for a paper, with its scan or without."""
        self.open_dialog(PaperDialog(self))

    @Slot()
    def _on_scan(self) -> None:
        chosen = self.table.current
        path = ask_scan(self) if chosen is not None else None
        if chosen is not None and path is not None:
            self.attach(chosen.id, path)

    def attach(self, paper: int, path: Path) -> None:
        """Read a scan and keep it with a paper."""
        self.act(partial(_attached, self.desk, paper, path), lambda _none: self.tell(_("Le scan est dans le dossier.")))

    @Slot()
    def _on_view(self) -> None:
        chosen = self.table.current
        if self.worker and chosen is not None and chosen.size:
            self.ask(partial(papers.scan_of, self.desk, chosen.id), partial(self._show_scan, chosen), key="scan")

    def _show_scan(self, row: PaperRow, answer: tuple[bytes, ScanKind]) -> None:
        content, kind = answer
        self.open_dialog(ScanView(self.owner, content, kind, called(row.kind)))

    @Slot()
    def open_copy(self) -> None:
        """Ask whether the copy is wanted as a paper or as a file too, then make it."""
        dialog = CopyDialog(self.owner, partial(subject_copy, self.desk, self.household))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _on_remove(self) -> None:
        chosen = self.table.current
        if chosen is not None:
            self.open_dialog(
                ConfirmDialog(
                    self, _("Retirer ce papier ?"), _("Son scan et sa précision sont effacés tout de suite, pour de bon."),
                    _("Retirer"), partial(papers.remove_paper, self.desk, chosen.id), _("Le papier est retiré."),
                )
            )  # fmt: skip

    @Slot()
    def open_photo(self) -> None:
        """Ask for a photo, or for its removal."""
        self.open_dialog(PhotoDialog(self, has_one=self.read is not None and self.read.portrait is not None))


def _words(row: PaperRow) -> str:
    return " · ".join(part for part in (row.name, " ".join(row.note.split())) if part)


def _attached(desk: Desk, paper: int, path: Path) -> None:
    papers.attach_scan(desk, paper, papers.read_scan_file(path))


def ask_scan(parent: QWidget, *, picture: bool = False) -> Path | None:
    """Ask for the file of a scan, or of a picture; return None where the person gives up."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    kinds = _("Images (*.jpg *.jpeg *.png)") if picture else _("Scans (*.pdf *.jpg *.jpeg *.png)")
    chosen, _filter = QFileDialog.getOpenFileName(parent, _("Quel fichier ?"), documents or str(Path.home()), kinds)
    return Path(chosen) if chosen else None


class PaperDialog(SupportDialog):
    """A paper as seen, its expiry, and its scan."""

    def __init__(self, page: SupportPage) -> None:
        super().__init__(page, _("Un papier"), _("Enregistrer"))
        self.done_text = _("Le papier est noté.")
        self.path: Path | None = None
        self.kind = self.add(_("Papier"), CodeBox(list(PaperKind)))
        today = page.desk.clock.today()
        self.seen, self.expires = DayField(today), OptionalDayField(near=today, end=True)
        self.add_side_by_side((_("Vu le"), self.seen), (_("Valable jusqu'au"), self.expires))
        self.name = self.add(_("Précision"), QLineEdit())
        self.scan_button = ActionButton(_("Joindre un scan"), "F4", "upload")
        self.scan_button.clicked.connect(self._on_scan)
        self.chosen = label(_("Sans scan"), "soft")
        line = row(self.scan_button, self.chosen)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.ready()

    @Slot()
    def _on_scan(self) -> None:
        self.choose(ask_scan(self))

    def choose(self, path: Path | None) -> None:
        """Take a file as the scan."""
        if path is not None:
            self.path = path
            self.chosen.setText(path.name)

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the paper."""
        form = PaperForm(self.kind.chosen, needed(self.seen), self.expires.value, self.name.text())
        return partial(_recorded, self.page.desk, self.page.household, form, self.path)

    def made(self, answer: object) -> int | None:
        """Return the id just written."""
        return answer if isinstance(answer, int) else None


def _recorded(desk: Desk, household: int, form: PaperForm, path: Path | None) -> int:
    return papers.record_paper(desk, household, form, papers.read_scan_file(path) if path is not None else None)


class PhotoDialog(SupportDialog):
    """A photo of the holder, only if they wish; it can be erased at any time."""

    def __init__(self, page: SupportPage, *, has_one: bool) -> None:
        super().__init__(
            page, _("Photo"), _("Garder la photo"),
            _("Facultative, et seulement si la personne le souhaite. Elle est réduite, chiffrée, et s'efface à sa demande."),
        )  # fmt: skip
        self.done_text = _("La photo est dans le dossier.")
        self.path: Path | None = None
        self.pick_button = ActionButton(_("Choisir une image"), "F4", "upload")
        self.pick_button.clicked.connect(self._on_pick)
        self.chosen = label(_("Aucune image choisie"), "soft")
        self.erase_button = ActionButton(_("Effacer la photo"), "F6", "trash-2")
        self.erase_button.clicked.connect(self._on_erase)
        self.erase_button.setVisible(has_one)
        line = row(self.pick_button, self.chosen, self.erase_button)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.day = self.add(_("La personne est d'accord, le"), DayField(page.desk.clock.today()))
        self.ready()
        self.pick_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_pick(self) -> None:
        self.choose(ask_scan(self, picture=True))

    def choose(self, path: Path | None) -> None:
        """Take a file as the photo."""
        if path is not None:
            self.path = path
            self.chosen.setText(path.name)

    @Slot()
    def _on_erase(self) -> None:
        self.done_text = _("La photo est effacée.")
        self.page.act(
            partial(papers.remove_portrait, self.page.desk, self.page.household), self._on_done, self._on_refused
        )

    def gesture(self) -> Callable[[], object]:
        """Return what keeps the photo."""
        with asked_of(self.pick_button):
            if self.path is None:
                raise BadInput(N_("Choisissez d'abord une image."))
        return partial(_kept_photo, self.page.desk, self.page.household, self.path, needed(self.day))


def _kept_photo(desk: Desk, household: int, path: Path, agreed_on: date) -> None:
    papers.save_portrait(desk, household, small_portrait(papers.read_scan_file(path)), agreed_on)
