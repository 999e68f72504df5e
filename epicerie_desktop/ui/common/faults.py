"""The field at fault: named in the screen's strip, given the keyboard, in sight; the strip goes once it is mended."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget
from shiboken6 import isValid

from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.states import Notice

_ROOM = 80


def name_of(field: QWidget) -> str:
    """Return what a field is called on the screen; a button that answers for a line takes the name of that line."""
    at: QWidget | None = field.focusProxy() or field
    if isinstance(at, QAbstractButton):
        at = at.parentWidget()
    while at is not None and not at.isWindow():
        if at.accessibleName():
            return at.accessibleName()
        at = at.parentWidget()
    return ""


def bring_into_sight(field: QWidget) -> None:
    """Scroll what holds a field until it is seen with its message; what grew meanwhile is laid out first."""
    at = field.parentWidget()
    while at is not None:
        if isinstance(at, QScrollArea):
            inside = at.widget()
            layout = inside.layout() if inside is not None else None
            if layout is not None:
                layout.activate()
            at.ensureWidgetVisible(field, 0, _ROOM)
            at.horizontalScrollBar().setValue(0)
        at = at.parentWidget()


class FaultTeller(QObject):
    """Tells in a strip which field keeps the work from being saved, and forgets it when that field is right again.

    `look_again` is called whenever something is typed: a field is at fault for as long as it is shown with `wrong` set, or,
    for a button that answers a question, for as long as the question is shown.
    """

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self._notice = notice
        self._at: QWidget | None = None
        self._told = ""

    def tell(self, field: QWidget | None) -> None:
        """Name the field, give it the keyboard and bring it into sight."""
        name = name_of(field) if field is not None else ""
        told = _("Rien n'est encore enregistré : un champ est à revoir.")
        if name:
            told = _("Rien n'est encore enregistré : revoyez « {field} ».").format(field=name)
        self._at, self._told = field, told
        self._notice.tell("error", told)
        if field is None:
            return
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        # Once the strip and the message beneath have their place: both move what is below them.
        QTimer.singleShot(0, self, self._show)

    @Slot()
    def look_again(self) -> None:
        """Take the sentence away once the field is mended; another sentence told meanwhile stays."""
        if self._at is None or self._at_fault():
            return
        self._at = None
        if self._notice.text == self._told:
            self._notice.tell("info", "")

    def forget(self) -> None:
        """Forget the field: another subject is shown."""
        self._at = None

    def _at_fault(self) -> bool:
        field = self._at
        if field is None or not isValid(field) or not field.isVisible():
            return False
        target = field.focusProxy() or field
        if isinstance(target, QAbstractButton) and not target.isCheckable():
            return True
        return bool(target.property("wrong"))

    @Slot()
    def _show(self) -> None:
        if self._at is not None and isValid(self._at):
            bring_into_sight(self._at.focusProxy() or self._at)
