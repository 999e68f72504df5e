"""The questions of the support file: a few fields, kept as typed until the gesture is really done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from epicerie_desktop.domain.free_text import MOST_SIGNS
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField, parse_day
from epicerie_desktop.ui.common.dialogs import QuestionDialog, asked_of
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import row
from epicerie_desktop.ui.common.states import Notice, NoticeKind
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled
from epicerie_desktop.ui.support.page import OfficePage, SupportPage

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class OptionalDayField(ValueField[date]):
    """A day that may stay empty, told in words beneath; without a year, the one closest to `near`, if it is given (`end`: the next one)."""

    def __init__(self, day: date | None = None, *, near: date | None = None, end: bool = False) -> None:
        super().__init__(lambda typed: parse_day(typed, near, end=end), shown.day, say=shown.long_day)
        self.line.setPlaceholderText(_("jour/mois/année"))
        self.set_value(day)


class CodeBox(QComboBox, Generic[E]):
    """A list of codes by their French names; `empty` is what is said when none is chosen, and may then be chosen."""

    def __init__(self, codes: Sequence[E], chosen: E | None = None, *, empty: str = "") -> None:
        super().__init__()
        # Kept beside the list: Qt gives a code back as a plain text.
        self._codes: list[E | None] = [*([None] if empty else []), *codes]
        for code in self._codes:
            self.addItem(empty if code is None else called(code))
        self.choose(chosen)

    def choose(self, code: E | None) -> None:
        """Choose a code; one that is not there chooses the first line."""
        self.setCurrentIndex(self._codes.index(code) if code in self._codes else 0)

    @property
    def code(self) -> E | None:
        """Return the code chosen, None for the empty line."""
        return self._codes[self.currentIndex()]

    @property
    def chosen(self) -> E:
        """Return the code chosen. Raises `BadInput` for the empty line."""
        with asked_of(self):
            if self.code is None:
                raise BadInput(N_("Choisissez dans chaque liste avant d'enregistrer."))
        return self.code


class WordsField(QPlainTextEdit):
    """A free text of several lines; Tab leaves it."""

    def __init__(self, text: str = "", *, lines: int = 4) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 24)

    @property
    def text(self) -> str:
        """Return what is typed, trimmed."""
        return self.toPlainText().strip()


class OfficeDialog(QuestionDialog):
    """A short form over a page. F12 does the gesture; a refusal is told beneath and what was typed stays.

    A subclass adds its fields by `add`, and gives in `gesture` what to run on the data thread (it may raise `BadInput`).
    """

    done_text = ""
    """What is told above the page once it is done."""
    keeps_words = True
    """Whether a free text typed is to be kept: Escape then asks once more before it is lost."""

    def __init__(self, page: OfficePage, title: str, verb: str, text: str = "", *, danger: bool = False) -> None:
        super().__init__(
            page.window(), title, text, verb, _("Ne rien changer"), danger=danger, armed_after_ms=300 if danger else 0
        )
        self.page = page
        self.error = Notice("error")
        self._fields: list[QWidget] = []
        self._busy = False
        self._warned: tuple[str, ...] | None = None
        self._enter = EnterGoesOn(self)
        self.then: Callable[[object], None] | None = None

    def add(self, text: str, field: W) -> W:
        """Put a field under its label, and return it."""
        self.body.addWidget(Labelled(text, field))
        self._watch(field)
        return field

    def add_side_by_side(self, *pairs: tuple[str, QWidget]) -> None:
        """Put two or three short fields on one line."""
        line = row(spacing=16)
        for text, field in pairs:
            line.addWidget(Labelled(text, field), 1, Qt.AlignmentFlag.AlignTop)
            self._watch(field)
        self.body.addLayout(line)

    def _watch(self, field: QWidget) -> None:
        self._fields.append(field)
        if isinstance(field, FieldFrame):
            self._enter.watch(field.line)
        elif isinstance(field, QLineEdit | QComboBox):
            self._enter.watch(field)

    def ready(self) -> None:
        """Finish the form: the place of what is wrong, and the keyboard on the first field. To be called last."""
        self.body.addWidget(self.error)
        self.error.tell("error", "")
        if self._fields:
            self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def gesture(self) -> Callable[[], object]:
        """Return what to run. Raises `BadInput` when the form cannot be taken as it is."""
        raise NotImplementedError

    def made(self, answer: object) -> int | None:  # noqa: ARG002
        """Return the id of the line just written, to be chosen in the page's list; None to leave what is chosen."""
        return None

    def reject(self) -> None:
        """Close without doing anything; free texts typed are told first, and lost only where Escape is pressed again."""
        words = [f for f in self._fields if isinstance(f, WordsField)]
        typed = tuple(f.text for f in words)
        if self.keeps_words and typed != self._warned and any(f.document().isModified() and f.text for f in words):
            self._warned = typed
            self._say("warn", _("Pas encore enregistré : F12 l'enregistre, Échap encore l'abandonne."))
            return
        super().reject()

    def may_accept(self) -> bool:
        """Run the gesture; the question closes once it is done."""
        if self._busy:
            return False
        try:
            for field in self._fields:
                if isinstance(field, FieldFrame) and not field.check():
                    field.setFocus(Qt.FocusReason.OtherFocusReason)
                    raise BadInput(N_("Rien n'est encore enregistré : un champ est à revoir."))
            gesture = self.gesture()
        except BadInput as refusal:
            self._say("error", str(refusal))
            return False
        self._busy = True
        self.page.act(gesture, self._on_done, self._on_refused)
        return False

    def _say(self, kind: NoticeKind, text: str) -> None:
        """Tell something beneath the fields, which keep their room."""
        self.error.tell(kind, text)
        grow(self)

    def _on_done(self, answer: object) -> None:
        page, told, then, made = self.page, self.done_text, self.then, self.made(answer)
        self.accept()
        if made is not None:
            page.choose_made(made)
        if told:
            page.tell(told)
        if then is not None:
            then(answer)

    def _on_refused(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, RuleRefused):
            self._say("error", str(error))
        else:
            self.page.office.on_trouble(error)


class SupportDialog(OfficeDialog):
    """A short form over a page of a household's file."""

    page: SupportPage

    def __init__(self, page: SupportPage, title: str, verb: str, text: str = "", *, danger: bool = False) -> None:
        super().__init__(page, title, verb, text, danger=danger)


class ConfirmDialog(OfficeDialog):
    """A question about one gesture, done by F12; as a rule it undoes something."""

    def __init__(
        self,
        page: OfficePage,
        title: str,
        text: str,
        verb: str,
        gesture: Callable[[], object],
        told: str,
        *,
        danger: bool = True,
    ) -> None:
        super().__init__(page, title, verb, text, danger=danger)
        self._gesture = gesture
        self.done_text = told
        self.ready()

    def gesture(self) -> Callable[[], object]:
        """Return the gesture."""
        return self._gesture


def needed(field: ValueField[T] | DayField) -> T:
    """Return the value of a field that `check` let through. Raises `BadInput` for an empty one."""
    value = field.value
    with asked_of(field):
        if value is None:
            raise BadInput(N_("Rien n'est encore enregistré : un champ est à revoir."))
    return value  # type: ignore[return-value]


def enabled_by(condition: bool, *buttons: ActionButton) -> None:
    """Let buttons be pressed only where there is something to act on."""
    for button in buttons:
        button.setEnabled(condition)


def words_field(text: str = "", *, lines: int = 4) -> WordsField:
    """Return a free text, told how long it may be."""
    field = WordsField(text, lines=lines)
    field.setAccessibleDescription(_("{most} signes au plus").format(most=MOST_SIGNS))
    return field
