"""Fields that read money, weights, counts and birth dates, and say beneath what they understood or what to type instead.

An error is a sentence under the field, never a dialog; what was typed is never erased. Enter never reaches a default
button: a scanner ends every reading with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from epicerie_desktop.domain.household import PartialDate
from epicerie_desktop.domain.units import parse_cents, parse_count, parse_grams
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.keys import is_enter, is_gesture
from epicerie_desktop.ui.common.separator import take_separator
from epicerie_desktop.ui.common.shapes import IconMark
from epicerie_desktop.ui.common.text import WrapLabel

T = TypeVar("T")
_TWO_DIGIT_YEAR = re.compile(r"(\d{1,2}[ /.-](?:\d{1,2}[ /.-])?)(\d{2})")


class FieldFrame(QWidget):
    """A line to type in, with a message beneath whose room is kept, so that nothing jumps.

    `changed`: what is typed changed. `submitted`: Enter was pressed and what is typed is right.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None, *, message: bool = True, suffix: str = "") -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self._checked = False
        self._hint = ""
        self._suffix = QLabel(suffix, self)
        self._mark = IconMark("circle-alert", "no", "icon", self)
        self._message = WrapLabel("", self)
        self._keeps_room = message
        self._build(suffix)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._on_edited)
        self._say("", wrong=False)

    def _build(self, suffix: str) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.line, 1)
        self._suffix.setProperty("role", "soft")
        self._suffix.setVisible(bool(suffix))
        top.addWidget(self._suffix)
        bottom = QHBoxLayout()
        bottom.setSpacing(6)
        bottom.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        bottom.addWidget(self._message, 1)
        if self._keeps_room:
            bottom.addStrut(self._mark.sizeHint().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(bottom)

    @property
    def text(self) -> str:
        """Return what is typed, without blanks at its ends."""
        return self.line.text().strip()

    @property
    def error(self) -> str:
        """Return the sentence of the error shown, empty if none is."""
        return self._message.text() if self._message.property("role") == "error" else ""

    def setAccessibleName(self, name: str) -> None:
        """Name the line itself, which is what a screen reader meets."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def show_error(self, sentence: str) -> None:
        """Show a sentence beneath, for example a service's refusal; it goes at the next key typed."""
        self._say(sentence, wrong=True)

    def set_hint(self, hint: str) -> None:
        """Show a quiet hint beneath for as long as there is nothing else to say."""
        self._hint = hint
        if not self.error:
            self._say(self._understood(), wrong=False)

    def clear(self) -> None:
        """Empty the field and its message."""
        self.line.clear()
        self._checked = False
        self._say("", wrong=False)
        self.changed.emit()

    def check(self) -> bool:
        """Show what is wrong, if anything is; return whether what is typed is right."""
        return True

    def _understood(self) -> str:
        return ""

    def _say(self, sentence: str, *, wrong: bool) -> None:
        sentence = sentence or self._hint
        theme.set_role(self._message, "role", "error" if wrong else "understood")
        theme.set_role(self.line, "wrong", wrong)
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence) or self._keeps_room)
        self._mark.setVisible(wrong)
        self.line.setAccessibleDescription(sentence)

    def _on_edited(self) -> None:
        if self._checked:
            self.check()
        else:
            self._say(self._understood(), wrong=False)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Enter for the field: it checks, then `submitted`, or what is wrong is typed over; leave gestures to the screen; check too when the focus leaves."""
        if watched is self.line:
            if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_gesture(event):
                event.ignore()
                return True
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and is_enter(event):
                if not event.isAutoRepeat():
                    if self.check():
                        self.submitted.emit()
                    else:
                        self.line.selectAll()
                event.accept()
                return True
            if event.type() == QEvent.Type.FocusOut and self.text:
                self.check()
        return super().eventFilter(watched, event)


class ValueField(FieldFrame, Generic[T]):
    """A field whose text is read by `parse` (which raises `BadInput`) and written by `write`.

    `required` refuses an empty field with a sentence; `value` is None while it is empty or wrong.
    """

    def __init__(
        self,
        parse: Callable[[str], T],
        write: Callable[[T], str],
        *,
        say: Callable[[T], str] | None = None,
        required: bool = False,
        suffix: str = "",
        message: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        self._parse, self._write, self._say_value = parse, write, say
        self._required = required
        super().__init__(parent, message=message, suffix=suffix)

    @property
    def value(self) -> T | None:
        """Return what is typed, read; None if the field is empty or what is typed is wrong."""
        try:
            return self._parse(self.text) if self.text else None
        except BadInput:
            return None

    def set_value(self, value: T | None) -> None:
        """Write a value, or empty the field with None; nothing is emitted but `changed`."""
        self.line.setText("" if value is None else self._write(value))
        self._checked = False
        self._say(self._understood(), wrong=False)
        self.changed.emit()

    def check(self) -> bool:
        """Read what is typed, show the error or what was understood; return whether it is right."""
        self._checked = True
        try:
            if self.text:
                self._parse(self.text)
            elif self._required:
                raise BadInput(N_("Ce champ est à remplir."))
        except BadInput as error:
            self._say(str(error), wrong=True)
            return False
        self._say(self._understood(), wrong=False)
        return True

    def _understood(self) -> str:
        value = self.value
        return self._say_value(value) if value is not None and self._say_value else ""


def _right_aligned(line: QLineEdit) -> None:
    line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class MoneyField(ValueField[int]):
    """An amount in cents, typed in euros: « 1,50 », « 1.5 », « 12 € »."""

    def __init__(self, *, required: bool = False, message: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parse_cents, shown.plain_money, required=required, suffix="€", message=message, parent=parent)
        _right_aligned(self.line)
        self.setAccessibleName(_("Montant en euros"))


class WeightField(ValueField[int]):
    """A weight in grams, typed in kilos or with its unit: « 1,250 », « 800 g »; beneath, the weight understood."""

    def __init__(
        self, *, required: bool = False, unit: str = "kg", message: bool = True, parent: QWidget | None = None
    ) -> None:
        def parse(text: str) -> int:
            return parse_grams(text, default_unit=unit)

        write = shown.plain_kilos if unit == "kg" else str
        super().__init__(parse, write, say=shown.kilos, required=required, suffix=unit, message=message, parent=parent)
        _right_aligned(self.line)
        self.setAccessibleName(_("Poids en kilos") if unit == "kg" else _("Poids en grammes"))


class CountField(ValueField[int]):
    """A number of pieces, from 1 to `most`."""

    def __init__(
        self, *, most: int = 999, required: bool = False, message: bool = True, parent: QWidget | None = None
    ) -> None:
        def parse(text: str) -> int:
            return parse_count(text, most=most)

        super().__init__(parse, str, required=required, message=message, parent=parent)
        _right_aligned(self.line)
        self.setAccessibleName(_("Nombre de pièces"))


class PartialDateField(ValueField[str]):
    """A birth date as it is known, as ISO text: `1985`, `1985-03` or `1985-03-12`; None where unknown.

    Accepts « 12/03/1985 », « 03/1985 », « 1985 »; a year of two digits is asked again, a future date is refused.
    """

    def __init__(
        self, today: Callable[[], date], *, required: bool = False, message: bool = True, parent: QWidget | None = None
    ) -> None:
        def parse(text: str) -> str:
            short = _TWO_DIGIT_YEAR.fullmatch(text)
            if short is not None:
                raise _asks_for_the_century(short[1], short[2], today())
            born = PartialDate.parse(text, today())
            assert born is not None
            return born.iso

        super().__init__(
            parse, shown.partial_date, say=understood_date, required=required, message=message, parent=parent
        )
        self.line.setPlaceholderText(_("jour/mois/année"))
        self.setAccessibleName(_("Date de naissance"))


def _asks_for_the_century(before: str, year: str, today: date) -> BadInput:
    """Return the refusal of a year of two digits: « 12/03/85 » can only be 1985, « 12/03/12 » is 2012 or 1912."""
    if 2000 + int(year) > today.year:
        return BadInput(N_("Tapez l'année avec ses quatre chiffres : {typed}."), typed=f"{before}19{year}")
    return BadInput(
        N_("Tapez l'année avec ses quatre chiffres : {recent} ou {older} ?"),
        recent=f"{before}20{year}",
        older=f"{before}19{year}",
    )


def understood_date(iso: str) -> str:
    """Return what a partial date says in words: « Compris : mars 1985, jour inconnu »."""
    parts = iso.split("-")
    if len(parts) == 1:
        return _("Compris : {year}, jour et mois inconnus").format(year=iso)
    if len(parts) == 2:
        return _("Compris : {month}, jour inconnu").format(month=shown.month(iso))
    return _("Compris : {day}").format(day=shown.middle_day(date.fromisoformat(iso)))


class SearchField(FieldFrame):
    """What finds a household, an article or a lot: typed, or scanned straight into it.

    `edited` follows the typing; `submitted` comes with Enter (and so at the end of a scan) when the field is not empty;
    `down` when the person leaves for the list with the Down key.
    """

    edited = Signal(str)
    down = Signal()

    def __init__(self, placeholder: str, *, scan_hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, message=False)
        self.line.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._find = IconMark("search", "ink_soft", "icon", self.line)
        self._wipe = QToolButton(self.line)
        self._wipe.setObjectName("wipe")
        self._wipe.setToolTip(_("Effacer (Échap)"))
        self._wipe.setAccessibleName(_("Effacer la recherche"))
        self._wipe.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._wipe.setCursor(Qt.CursorShape.PointingHandCursor)
        self._wipe.setVisible(False)
        self._wipe.clicked.connect(self.clear)
        self._place()
        self.line.textChanged.connect(self._on_text)
        if scan_hint:
            hint = QWidget(self)
            row = QHBoxLayout(hint)
            row.setContentsMargins(4, 0, 0, 0)
            row.setSpacing(6)
            words = QLabel(scan_hint, hint)
            words.setProperty("role", "small")
            row.addWidget(IconMark("scan-barcode", "ink_soft", "icon", hint))
            row.addWidget(words)
            layout = self.layout()
            assert layout is not None
            top = layout.itemAt(0)
            assert top is not None
            inner = top.layout()
            assert isinstance(inner, QHBoxLayout)
            inner.addWidget(hint)

    def check(self) -> bool:
        """Return whether there is something to look for."""
        return bool(self.text)

    def _on_text(self, text: str) -> None:
        self._wipe.setVisible(bool(text))
        self.edited.emit(text.strip())

    def changeEvent(self, event: QEvent) -> None:
        """Tint and place the icons again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_wipe"):
            self._place()

    def _place(self) -> None:
        side = theme.tokens().heights["icon"]
        high = self.line.height()
        target = max(high - 8, side)
        self._wipe.setIcon(theme.icon("x", "ink_soft", side))
        self._wipe.setIconSize(QSize(side, side))
        self._find.setGeometry(12, (high - side) // 2, side, side)
        self._wipe.setGeometry(self.line.width() - target - 4, (high - target) // 2, target, target)
        self.line.setTextMargins(side + 8, 0, side + 8, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape empties a filled field; Down asks for the list; the icons follow the width."""
        if watched is self.line and event.type() == QEvent.Type.Resize and hasattr(self, "_wipe"):
            self._place()
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.line.text():
                self.clear()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.down.emit()
                return True
            if take_separator(self.line, event):
                return True
        return super().eventFilter(watched, event)


def take_keyboard(field: QWidget) -> None:
    """Give the keyboard to the first field of a screen; what was looked for before is selected, so that typing replaces it."""
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    looked_in = field if isinstance(field, SearchField) else field.parent()
    if isinstance(looked_in, SearchField):
        looked_in.line.selectAll()
