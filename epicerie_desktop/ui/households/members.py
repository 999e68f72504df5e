"""The members of a household, one row each, filled by keyboard: name, first name, link, sex, birth as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from epicerie_desktop.domain.household import Link, PartialDate, Sex, checked_name
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.households.enrol import MemberForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.fields import PartialDateField
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.households.parts import EnterGoesOn

_STRETCH = (13, 12, 16, 13, 15)
_BUTTON = 44


_SHORT: dict[Link | Sex, str] = {
    Link.PARTNER: N_("Conjoint(e)"),
    Link.SIBLING: N_("Frère, sœur"),
    Sex.UNKNOWN: N_("Non dit"),
}
"""Names that fit the columns of a small screen."""


def _fill(combo: QComboBox, codes: type[Link] | type[Sex]) -> None:
    for code in codes:
        combo.addItem(_(_SHORT[code]) if code in _SHORT else called(code), code)


class BirthField(PartialDateField):
    """A birth date; what is wrong is `told`, for it needs more room than the field has. Beneath, the age understood beneath: « 41 ans », « 41 ans, jour inconnu »."""

    told = Signal(str)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        self._today = today
        super().__init__(lambda: today, message=False, parent=parent)
        self.line.setPlaceholderText(_("j/m/année"))

    def _understood(self) -> str:
        return wording.birth(self.value, self._today) if self.value else ""

    def _say(self, sentence: str, *, wrong: bool) -> None:
        super()._say("" if wrong else sentence, wrong=wrong)
        self._mark.hide()
        self.told.emit(sentence if wrong else "")


class MemberRow(QFrame):
    """One member. `changed` tells that something was typed, `removed` that a row never saved was taken away.

    `life_wanted`: a member already in the file leaves by a dated gesture, not by changing dates here.
    """

    changed = Signal()
    removed = Signal()
    life_wanted = Signal()

    def __init__(self, form: MemberForm, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._joined, self._left, self._id = form.joined_on, form.left_on, form.member_id
        self.last_name = QLineEdit(form.last_name)
        self.first_name = QLineEdit(form.first_name)
        self.link = QComboBox()
        self.sex = QComboBox()
        self.born = BirthField(today)
        self.stay = QToolButton()
        self.error = label("", "error")
        self._leaving = label("", "soft")
        self._proposed = form.last_name
        self._build(form)

    def _build(self, form: MemberForm) -> None:
        _fill(self.link, Link)
        _fill(self.sex, Sex)
        self.link.setCurrentIndex(self.link.findData(form.link))
        self.sex.setCurrentIndex(self.sex.findData(form.sex))
        self.born.set_value(form.born)
        self.stay.setIcon(theme.icon("log-out" if self._id else "x"))
        self.stay.setFixedSize(_BUTTON, _BUTTON)
        self.error.hide()
        for line in (self.last_name, self.first_name):
            line.setMaxLength(80)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget, stretch in zip(self.fields, _STRETCH, strict=True):
            # Equal minimums let the stretch alone decide, so that the rows line up without a grid to rebuild.
            widget.setMinimumWidth(10)
            row.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.stay, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._leaving)
        column.addWidget(self.error)
        self.last_name.textEdited.connect(self._on_edited)
        self.first_name.textEdited.connect(self._on_edited)
        self.link.currentIndexChanged.connect(self._on_edited)
        self.sex.currentIndexChanged.connect(self._on_edited)
        self.born.changed.connect(self._on_born)
        self.born.told.connect(self._on_told)
        self.born.submitted.connect(self._on_born_submitted)
        EnterGoesOn(self).watch(self.last_name, self.first_name, self.link, self.sex)
        self.stay.clicked.connect(self._on_stay)
        self._tell_stay()

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """Return the fields, in the order of the keyboard."""
        return (self.last_name, self.first_name, self.link, self.sex, self.born)

    @property
    def is_saved(self) -> bool:
        """Return whether the member is already in the file."""
        return self._id is not None

    @property
    def is_blank(self) -> bool:
        """Return whether nobody is named on a row that was just added."""
        last = self.last_name.text().strip()
        return (
            not self.is_saved
            and not (self.first_name.text().strip() or self.born.text)
            and last in ("", self._proposed)
        )

    @property
    def chosen_link(self) -> Link:
        """Return the link to the holder."""
        return Link(self.link.currentData())

    @property
    def present(self) -> bool:
        """Return whether the member is counted from today on."""
        return self._left is None or self._left > self._today

    def snapshot(self) -> tuple[object, ...]:
        """Return what is typed, valid or not, to know whether something changed."""
        texts = (self.last_name.text(), self.first_name.text(), self.born.text)
        return (*texts, self.link.currentData(), self.sex.currentData(), self._joined, self._left, self._id)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Enter and Tab stop, in order; leaving the household is not on the way."""
        return (self.last_name, self.first_name, self.link, self.sex, self.born.line)

    def number(self, position: int) -> None:
        """Tell the screen reader whose fields these are."""
        names = (N_("Nom"), N_("Prénom"), N_("Lien"), N_("Sexe"), N_("Naissance"))
        for field, name in zip(self.fields, names, strict=True):
            field.setAccessibleName(_("{field}, membre {n}").format(field=_(name), n=position))

    def problem(self) -> tuple[QWidget, BadInput] | None:
        """Return the first field that cannot be kept and why, telling it under the row; None when all is well."""
        self.born.check()
        found = self._first_problem()
        for field in (self.last_name, self.first_name):
            theme.set_role(field, "wrong", found is not None and found[0] is field)
        self._on_told(str(found[1]) if found else "")
        return found

    def _first_problem(self) -> tuple[QWidget, BadInput] | None:
        checks: tuple[tuple[QWidget, Callable[[], object]], ...] = (
            (self.last_name, lambda: checked_name(self.last_name.text(), N_("nom de famille"))),
            (self.first_name, lambda: checked_name(self.first_name.text(), N_("prénom"))),
            (self.born, lambda: PartialDate.parse(self.born.text, self._today)),
        )
        for field, check in checks:
            try:
                check()
            except BadInput as error:
                return field, error
        return None

    def form(self) -> MemberForm:
        """Return the member as typed; a birth date that cannot be is told by `problem` before."""
        return MemberForm(
            self.last_name.text(), self.first_name.text(), self.chosen_link, Sex(self.sex.currentData()), self.born.value,
            self._joined, self._left, self._id,
        )  # fmt: skip

    def _tell_stay(self) -> None:
        told = ""
        if self._left is not None:
            template = N_("Compté jusqu'à la veille du {day}.") if self.present else N_("Parti le {day}.")
            told = _(template).format(day=shown.middle_day(self._left))
        self._leaving.setText(told)
        self._leaving.setVisible(bool(told))
        for field in self.fields:
            field.setEnabled(self.present)
        tip = _("Départ, décès, absence… : la vie du foyer") if self.is_saved else _("Retirer cette ligne")
        self.stay.setToolTip(tip)
        self.stay.setAccessibleName(tip)

    @Slot()
    def _on_edited(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_born(self) -> None:
        self.changed.emit()

    @Slot(str)
    def _on_told(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    @Slot()
    def _on_born_submitted(self) -> None:
        go_on(self.born.line)

    @Slot()
    def _on_stay(self) -> None:
        if self.is_saved:
            self.life_wanted.emit()
        else:
            self.removed.emit()


class MembersEditor(QWidget):
    """Every row, those who left last. `changed` at each key, `life_wanted` when somebody leaves or is away."""

    changed = Signal()
    life_wanted = Signal()
    rows_changed = Signal()
    """A row came or went: the order of the keyboard is to be made again."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._new_file = True
        self.rows: list[MemberRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heads())
        column.addLayout(self._rows)

    def _heads(self) -> QWidget:
        heads = QWidget()
        row = QHBoxLayout(heads)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        names = (N_("Nom"), N_("Prénom"), N_("Lien"), N_("Sexe"), N_("Naissance"))
        for name, stretch in zip(names, _STRETCH, strict=True):
            head = label(_(name), "label")
            head.setMinimumWidth(10)
            row.addWidget(head, stretch)
        row.addSpacing(_BUTTON)
        return heads

    def show_members(self, members: tuple[MemberForm, ...], *, new_file: bool) -> None:
        """Show members; those counted today come first."""
        self._new_file = new_file
        for row in self.rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for form in sorted(members, key=lambda m: m.left_on is not None and m.left_on <= self._today):
            self._append(form)
        self.rows_changed.emit()

    def add(self) -> MemberRow:
        """Add an empty row, of whoever is likely to come next, and give it the keyboard."""
        last = next((r.last_name.text() for r in self.rows if r.present), "")
        links = [r.chosen_link for r in self.rows if r.present]
        link = Link.CHILD if Link.HOLDER in links else Link.HOLDER
        # On a file already open a newcomer counts from today; on a new file, from its opening.
        joined = None if self._new_file else self._today
        row = self._append(MemberForm(last, "", link, joined_on=joined))
        self.rows_changed.emit()
        self.changed.emit()
        (row.first_name if last else row.last_name).setFocus(Qt.FocusReason.OtherFocusReason)
        return row

    def _append(self, form: MemberForm) -> MemberRow:
        row = MemberRow(form, self._today, self)
        row.number(len(self.rows) + 1)
        row.changed.connect(self.changed)
        row.life_wanted.connect(self.life_wanted)
        row.removed.connect(self._on_removed)
        self.rows.append(row)
        self._rows.addWidget(row)
        row.show()  # at once: a layout shows later, and until then the keyboard would jump over the row
        return row

    @property
    def named(self) -> tuple[MemberRow, ...]:
        """Return the rows on which somebody is named; a row left blank is nobody."""
        return tuple(r for i, r in enumerate(self.rows) if i == 0 or not r.is_blank)

    def snapshot(self) -> tuple[object, ...]:
        """Return what is typed, valid or not."""
        return tuple(r.snapshot() for r in self.named)

    def problem(self) -> tuple[QWidget, BadInput] | None:
        """Return the first field that cannot be kept, telling each row's trouble under it."""
        found = [p for p in (r.problem() for r in self.named) if p is not None]
        return found[0] if found else None

    def forms(self) -> tuple[MemberForm, ...]:
        """Return the members as typed."""
        return tuple(r.form() for r in self.named)

    @Slot()
    def _on_removed(self) -> None:
        row = self.sender()
        if isinstance(row, MemberRow) and row in self.rows:
            self.rows.remove(row)
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
            for position, kept in enumerate(self.rows, 1):
                kept.number(position)
            self.rows_changed.emit()
            self.changed.emit()
