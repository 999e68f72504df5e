"""The papers of the shop: its logo, and the words of each paper, in a window of their own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
)

from epicerie_desktop.domain.wording_around import GROUPS, TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.services import letterhead, wordings
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.wordings import WordingRow
from epicerie_desktop.services.wordings_shown import shown_pdf
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import HOUSEHOLD_LANGUAGES, LANGUAGE_NAMES, NBSP
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import Card, FormRow, column, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.pdf_view import show_pdf
from epicerie_desktop.ui.screen import Screen

_LOGO_HEIGHT = 64


class PapersCard(Card):
    """The logo as papers show it, and the way to the words."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Papiers"))
        self._screen = screen
        self.picture = QLabel()
        self.picture.setAccessibleName(_("Logo de l'épicerie"))
        self.choose = ActionButton(_("Choisir un logo"), "Shift+F7", icon="upload")
        self.remove = ActionButton(_("Retirer le logo"), icon="trash-2", kind="quiet")
        self.words = ActionButton(_("Le texte des papiers"), "F7", "file-text")
        self.notice = Notice("info")
        self.add(
            label(_("Le logo se place en tête des papiers ; le texte de chacun peut être le vôtre."), "soft"), self.picture,
            row(self.choose, self.remove, None), row(self.words, None), self.notice,
        )  # fmt: skip
        self.choose.clicked.connect(self._on_choose)
        self.remove.clicked.connect(self._on_remove)
        self.words.clicked.connect(self.open_words)

    def read(self) -> None:
        """Show the logo in use."""
        logo = self._screen.desk.shop.logo
        picture = QPixmap()
        if logo:
            picture.loadFromData(logo)
            picture = picture.scaledToHeight(_LOGO_HEIGHT, Qt.TransformationMode.SmoothTransformation)
        self.picture.setPixmap(picture)
        self.picture.setVisible(bool(logo))
        self.remove.setVisible(bool(logo))

    @Slot()
    def _on_choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Choisir un logo"), str(Path.home()), _("Images (*.png *.jpg *.jpeg *.PNG *.JPG *.JPEG)")
        )
        if chosen:
            self.keep_logo(Path(chosen))

    def keep_logo(self, path: Path) -> None:
        """Read a picture, and keep it as the logo."""
        desk = self._screen.desk
        self._screen.context.long.submit(
            self, partial(letterhead.read_logo_file, path), lambda png: self._keep(desk, png), self._refused
        )

    @Slot()
    def _on_remove(self) -> None:
        self._keep(self._screen.desk, None)

    def _keep(self, desk: Desk, png: bytes | None) -> None:
        def save() -> Desk:
            letterhead.save_logo(desk, png)
            return share.desk_now(desk)

        def saved(now: Desk) -> None:
            self._screen.context.work_at(now)
            self.notice.tell("success", _("Le logo est en place.") if png else _("Les papiers n'ont plus de logo."))
            self.read()

        self._screen.context.data.submit(self, save, saved, self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            self._screen.on_trouble(error)

    @Slot()
    def open_words(self) -> None:
        """Open the words of the papers."""
        dialog = WordingsDialog(self._screen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _bold(font: QFont) -> QFont:
    found = QFont(font)
    found.setBold(True)
    return found


class WordingsDialog(QDialog):
    """The papers at the left, the words of the one chosen at the right, its fields below: plain text, seen before it is kept."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._rows: dict[tuple[WordingKind, str], WordingRow] = {}
        self._at: tuple[WordingKind, str] | None = None
        title = _("Le texte des papiers")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(1120, 690)
        self.papers = QListWidget()
        self.papers.setAccessibleName(_("Papiers"))
        self.papers.setFixedWidth(340)
        self.papers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._places: dict[WordingKind, int] = {}
        for group, kinds in GROUPS:
            named = QListWidgetItem(_(group), self.papers)
            named.setFlags(Qt.ItemFlag.NoItemFlags)
            named.setFont(_bold(self.papers.font()))
            for kind in kinds:
                self._places[kind] = self.papers.count()
                QListWidgetItem(_(TEMPLATES[kind].title), self.papers).setData(Qt.ItemDataRole.UserRole, kind)
        self.spoken = QComboBox()
        for code in HOUSEHOLD_LANGUAGES:
            self.spoken.addItem(LANGUAGE_NAMES[code], code)
        self.spoken_row = FormRow(_("Langue du foyer"), self.spoken)
        self.place = label("", "soft")
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(_("Texte du papier"))
        self.edit.setTabChangesFocus(True)
        self.fields = QComboBox()
        self.fields.setMinimumWidth(430)
        self.insert = ActionButton(_("Insérer ce champ"), "F5", "plus")
        self.state = label("", "soft")
        self.notice = Notice("info")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.back = ActionButton(_("Revenir au texte proposé"), "F8", "undo-2", "quiet")
        self.look = ActionButton(_("Voir le papier"), "F9", "eye")
        self.save = ActionButton(_("Enregistrer"), "F12", "save", "primary")
        self._lay_out(title)
        self.papers.currentRowChanged.connect(self._on_other)
        self.spoken.activated.connect(self._on_other)
        self.insert.clicked.connect(self._on_insert)
        self.back.clicked.connect(self._on_back)
        self.look.clicked.connect(self._on_look)
        self.save.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.reject)
        for button in (self.insert, self.back, self.look, self.save, self.close_button):
            button.setAutoDefault(False)
        self.papers.setFocus()
        self._read(1)

    def _lay_out(self, title: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(10)
        whole.addWidget(label(title, "title"))
        whole.addWidget(
            label(
                _("Une ligne est un paragraphe ; « # » au début fait un titre, « - » une liste. Une ligne dont le champ n'a rien à dire n'est "
                  "pas imprimée ; la suivante, si elle commence par « | », l'est alors à sa place."),
                "soft",
            )
        )  # fmt: skip
        right = column(
            row(self.place, self.spoken_row), self.edit, row(FormRow(_("Champs de ce papier"), self.fields), self.insert, None),
            self.state, spacing=8,
        )  # fmt: skip
        right.setStretch(1, 1)
        sides = row(self.papers, spacing=16)
        sides.addLayout(right, 1)
        whole.addLayout(sides, 1)
        whole.addWidget(self.notice)
        whole.addLayout(row(self.back, None, self.close_button, self.look, self.save))

    # -- what is kept --------------------------------------------------------------------------------------------------

    def _read(self, place: int) -> None:
        desk = self._screen.desk

        def show(rows: tuple[WordingRow, ...]) -> None:
            self._rows = {(r.kind, r.language): r for r in rows}
            self._at = None
            self.papers.setCurrentRow(place)
            self._show()

        self._screen.context.data.submit(
            self, lambda: wordings.wordings_of(desk, HOUSEHOLD_LANGUAGES), show, self._screen.on_trouble, key="wordings"
        )  # fmt: skip

    @property
    def chosen(self) -> tuple[WordingKind, str]:
        """Return the paper and the language on which the person is."""
        kind = WordingKind(self.papers.item(max(1, self.papers.currentRow())).data(Qt.ItemDataRole.UserRole))
        spoken = str(self.spoken.currentData()) if TEMPLATES[kind].spoken else HOUSEHOLD_LANGUAGES[0]
        return kind, spoken

    @property
    def changed(self) -> bool:
        """Return whether what is typed would be lost."""
        row_now = self._rows.get(self._at) if self._at is not None else None
        return (
            row_now is not None
            and self.edit.toPlainText().strip() != (row_now.own or row_now.proposed).replace(NBSP, " ").strip()
        )

    @Slot()
    def _on_other(self) -> None:
        if self._at is None or self.chosen == self._at:
            return
        if not self._may_leave():
            self._stay()
            return
        self._show()

    def _stay(self) -> None:
        assert self._at is not None
        kind, spoken = self._at
        self.papers.setCurrentRow(self._places[kind])
        self.spoken.setCurrentIndex(self.spoken.findData(spoken))

    def _may_leave(self) -> bool:
        return not self.changed or ask_confirm(
            self, _("Laisser ce texte ?"), _("Ce que vous avez changé n'est pas enregistré."), _("Le laisser"), _("Continuer"),
        )  # fmt: skip

    def _show(self) -> None:
        self._at = self.chosen
        kind, _spoken = self._at
        template, read = TEMPLATES[kind], self._rows[self._at]
        self.place.setText(_(template.place))
        self.spoken_row.setVisible(template.spoken)
        self.edit.setPlainText(read.own or read.proposed)
        self.fields.clear()
        for blank in template.blanks:
            self.fields.addItem(f"{{{blank.name}}} : {_(blank.told)}", blank.name)
        self._tell_state(read)
        self.notice.tell("info", "")

    def _tell_state(self, read: WordingRow) -> None:
        self.back.setEnabled(bool(read.own))
        self.state.setText(
            _("Votre texte, depuis le {day}.").format(day=shown.middle_day(read.since))
            if read.since is not None
            else _("Le texte proposé par le programme.")
        )

    # -- gestures ------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_insert(self) -> None:
        name = self.fields.currentData()
        if name:
            self.edit.insertPlainText(f"{{{name}}}")
            self.edit.setFocus()

    @Slot()
    def _on_back(self) -> None:
        if self._at is not None:
            self.edit.setPlainText(self._rows[self._at].proposed)
            self.edit.setFocus()
            self.notice.tell("info", _("Le texte proposé est revenu : F12 l'enregistre."))

    @Slot()
    def _on_look(self) -> None:
        desk, (kind, spoken), text = self._screen.desk, self.chosen, self.edit.toPlainText()
        self._screen.context.long.submit(
            self, lambda: shown_pdf(desk, kind, text, spoken),
            lambda pdf: show_pdf(self._screen, pdf, _(TEMPLATES[kind].title), _("exemple")), self._refused,
        )  # fmt: skip

    @Slot()
    def _on_save(self) -> None:
        desk, (kind, spoken), text = self._screen.desk, self.chosen, self.edit.toPlainText()

        def save() -> tuple[WordingRow, ...]:
            wordings.save_wording(desk, kind, text, spoken)
            return wordings.wordings_of(desk, HOUSEHOLD_LANGUAGES)

        def saved(rows: tuple[WordingRow, ...]) -> None:
            self._rows = {(r.kind, r.language): r for r in rows}
            read = self._rows[(kind, spoken)]
            if self._at == (kind, spoken):
                self.edit.setPlainText(read.own or read.proposed)
                self._tell_state(read)
            self.notice.tell("success", _("C'est enregistré : le texte sert dès maintenant."))

        self._screen.context.data.submit(self, save, saved, self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
            self.edit.setFocus()
        else:
            self._screen.on_trouble(error)

    def reject(self) -> None:
        """Close, once the person agrees to lose what is not kept."""
        if self._may_leave():
            super().reject()
