"""The life of a household: its composition by date, and the gestures that change it, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.household import Composition, LeftFor, Link
from epicerie_desktop.domain.household_life import Event, EventKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.households import life, reserve, separation, unite
from epicerie_desktop.services.queries.life import HouseholdLife, household_life
from epicerie_desktop.services.queries.parting import Parting, parting
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted, ask_confirm
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.households.dialogs import FormDialog
from epicerie_desktop.ui.households.life_forms import (
    AwayDialog,
    CorrectionDialog,
    CustodyDialog,
    LeavingDialog,
    NewcomerDialog,
    ReserveDialog,
    checked,
)
from epicerie_desktop.ui.households.separating import SeparationDialog

_SIZE = (1120, 640)
_CORRECTED = (
    EventKind.BIRTH, EventKind.ARRIVAL, EventKind.DEATH, EventKind.DEPARTURE, EventKind.SHARED,
    EventKind.NOT_SHARED, EventKind.AWAY, EventKind.BACK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A change in the history, with the composition from its day (told on the day's first line only)."""

    event: Event
    after: Composition | None


class LifeWindow(QDialog):
    """Opened on a household; every gesture is a short form, written at once, and the history is read again."""

    def __init__(self, context: Context, found: HouseholdLife, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.life = found
        self.new_household: int | None = None
        self.setModal(True)
        self.resize(*_SIZE)
        self.title = label("", "title")
        self.subtitle = label("", "soft")
        self.notice = Notice(closable=True)
        self.table: RowsTable[_Line] = RowsTable(
            (
                Column(_("Date"), lambda r: r.event.day, lambda d: shown.day(d)),
                Column(_("Ce qui change"), _told, stretch=True),
                Column(_("Ensuite"), lambda r: wording.in_numbers(r.after) if r.after else ""),
            ),
            lambda r: (r.event.kind, r.event.member, r.event.away),
            name=_("Composition par date"),
            sortable=False,
        )
        self.buttons = {
            "birth": ActionButton(_("Naissance"), "F3"),
            "arrival": ActionButton(_("Arrivée"), "F4"),
            "departure": ActionButton(_("Départ"), "F5"),
            "death": ActionButton(_("Décès"), "F6"),
            "away": ActionButton(_("Absence"), "F7"),
            "custody": ActionButton(_("Garde partagée"), "F8"),
            "separation": ActionButton(_("Séparation"), "F9"),
            "correct": ActionButton(_("Corriger la ligne"), "Ctrl+E"),
            "reserve": ActionButton(_("Réserver le dossier"), "Ctrl+R"),
            "unmerge": ActionButton(_("Défaire la réunion"), "Ctrl+U", "undo-2"),
        }
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self._lay_out()
        self._connect()
        self.show_life(found)

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(self.title)
        whole.addWidget(self.subtitle)
        whole.addWidget(self.notice)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self.table, 1)
        side = QVBoxLayout()
        side.setSpacing(8)
        for name in ("birth", "arrival", "departure", "death", "away", "custody", "separation"):
            side.addWidget(self.buttons[name])
        side.addStretch(1)
        middle.addLayout(side)
        whole.addLayout(middle, 1)
        foot = row(self.buttons["correct"], self.buttons["reserve"], self.buttons["unmerge"], None, self.close_button)
        whole.addLayout(foot)

    def _connect(self) -> None:
        gestures: dict[str, Callable[[], None]] = {
            "birth": partial(self._on_newcomer, birth=True),
            "arrival": partial(self._on_newcomer, birth=False),
            "departure": partial(self._on_leaving, LeftFor.DEPARTURE),
            "death": partial(self._on_leaving, LeftFor.DEATH),
            "away": self._on_away,
            "custody": self._on_custody,
            "separation": self._on_separation,
            "correct": self._on_correct,
            "reserve": self._on_reserve,
            "unmerge": self._on_unmerge,
        }
        for name, gesture in gestures.items():
            self.buttons[name].clicked.connect(gesture)
        self.close_button.clicked.connect(self.reject)
        self.table.opened.connect(self._on_opened)

    def show_life(self, found: HouseholdLife) -> None:
        """Show the history again."""
        self.life = found
        self.setWindowTitle(_("Vie du foyer n° {number}").format(number=found.number))
        self.title.setText(self.windowTitle())
        told = [wording.composition(found.composition)]
        told += [_("dossier réservé")] if found.reserved else []
        told += [_("réunit aussi le n° {number}").format(number=m.number) for m in found.merged]
        self.subtitle.setText(" · ".join(told))
        lines = [
            _Line(e, step.composition if n == 0 else None) for step in found.steps for n, e in enumerate(step.events)
        ]
        self.table.set_rows(lines)
        if self.table.current is None:
            self.table.choose_first()
        for name in ("departure", "death", "away"):
            self.buttons[name].setEnabled(bool(found.present))
        self.buttons["custody"].setEnabled(bool(self._children()))
        self.buttons["separation"].setEnabled(len(found.present) > 1)
        self.buttons["reserve"].set_text(_("Lever la réserve") if found.reserved else _("Réserver le dossier"))
        self.buttons["unmerge"].setVisible(bool(found.merged))
        if found.empty:
            self.notice.tell(
                "warn", _("Plus personne dans ce foyer : fermez son dossier, ou corrigez la date d'un départ.")
            )
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _children(self) -> list[Any]:
        return [s for s in self.life.present if s.link not in (Link.HOLDER, Link.PARTNER)]

    # -- writing -------------------------------------------------------------------------------------------------------

    def _act(self, service: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        self._context.data.submit(self, service, partial(self._on_done, then), self._on_trouble)

    def _write(self, asked: FormDialog, gesture: Callable[[], Callable[[], object]]) -> bool:
        """Ask a form, and return whether it was written; it stays open until then.

        `gesture` returns what writes it, made again at each try: a file that changed meanwhile was read again.
        """

        def write() -> None:
            self._context.data.submit(asked, gesture(), asked.written, partial(self._on_refused, asked))

        asked.writer = write
        done = accepted(asked)
        if done:
            self._on_done(None, None)
        return done

    def _on_refused(self, asked: FormDialog, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            asked.refused(str(error))
            self._read()
        else:
            asked.refused("")
            trouble.show(asked, error)

    def _on_done(self, then: Callable[[Any], None] | None, value: object) -> None:
        self.notice.dismiss()
        if then is not None:
            then(value)
        self._read()

    def _read(self) -> None:
        ask = partial(household_life, self._context.desk, self.life.household)
        self._context.data.submit(self, ask, self.show_life, self._on_trouble, key="life")

    def _on_trouble(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
            self._read()
        else:
            trouble.show(self, error)

    # -- gestures ------------------------------------------------------------------------------------------------------

    def _on_newcomer(self, *, birth: bool) -> None:
        holder = next((s for s in self.life.present if s.link is Link.HOLDER), None)
        last = holder.name.partition(" ")[2] if holder else ""
        asked = NewcomerDialog(last, self.life.day, self, birth=birth)
        self._write(
            asked,
            lambda: partial(life.arrive, self._context.desk, self.life.household, asked.newcomer, self.life.version),
        )

    def _on_leaving(self, why: LeftFor) -> None:
        asked = LeavingDialog(self.life.present, why, self.life.day, self)
        self._write(
            asked,
            lambda: partial(
                life.leave, self._context.desk, self.life.household, asked.member, checked(asked.day), why, asked.new_holder,
                self.life.version,
            ),
        )  # fmt: skip

    @Slot()
    def _on_away(self) -> None:
        asked = AwayDialog(self.life.present, self.life.day, self)
        self._write(
            asked,
            lambda: partial(
                life.set_away,
                self._context.desk,
                self.life.household,
                asked.member,
                asked.span,
                version=self.life.version,
            ),
        )

    @Slot()
    def _on_custody(self) -> None:
        asked = CustodyDialog(self._children(), self.life.day, self)
        self._write(
            asked,
            lambda: partial(
                life.set_custody, self._context.desk, self.life.household, asked.member, checked(asked.day),
                shared=asked.shared.isChecked(), version=self.life.version,
            ),
        )  # fmt: skip

    @Slot()
    def _on_separation(self) -> None:
        ask = partial(parting, self._context.desk, self.life.household)
        self._context.data.submit(self, ask, self._ask_separation, self._on_trouble, key="parting")

    def _ask_separation(self, found: Parting) -> None:
        asked = SeparationDialog(found, self.life.day, self)
        if self._write(asked, lambda: partial(separation.separate, self._context.desk, asked.form)):
            self.new_household = int(str(asked.made))
            self.accept()

    @Slot(object)
    def _on_opened(self, _line: object) -> None:
        self._on_correct()

    @Slot()
    def _on_correct(self) -> None:
        line = self.table.current
        if line is None or line.event.kind not in _CORRECTED:
            self.notice.tell("info", _("Cette ligne suit une autre : corrigez celle dont elle vient."))
            return
        event = line.event
        if event.away is not None:
            self._correct_away(event)
            return
        arrival = event.kind in (EventKind.BIRTH, EventKind.ARRIVAL)
        asked = CorrectionDialog(event, self, may_drop=not arrival)
        gesture: Callable[..., object] = life.correct_leaving
        if arrival:
            gesture = life.correct_arrival
        elif event.kind in (EventKind.SHARED, EventKind.NOT_SHARED):
            gesture = life.correct_custody
        self._write(
            asked,
            lambda: partial(
                gesture, self._context.desk, self.life.household, event.member, asked.on, self.life.version
            ),
        )

    def _correct_away(self, event: Event) -> None:
        stay = self.life.stay(event.member)
        was = next(span for away, span in stay.away if away == event.away)
        asked = AwayDialog([stay], self.life.day, self, was)
        asked.never.show()
        desk, household, away = self._context.desk, self.life.household, event.away

        def gesture() -> Callable[[], object]:
            if asked.never.isChecked() and away is not None:
                return partial(life.drop_away, desk, household, away, self.life.version)
            return partial(life.set_away, desk, household, stay.member, asked.span, away, self.life.version)

        self._write(asked, gesture)

    @Slot()
    def _on_reserve(self) -> None:
        desk, household = self._context.desk, self.life.household
        if self.life.reserved:
            if ask_confirm(
                self, _("Lever la réserve ?"), _("Toute l'équipe trouvera et ouvrira de nouveau ce dossier."),
                _("Lever la réserve"), _("Le garder réservé"),
            ):  # fmt: skip
                self._act(partial(reserve.unreserve, desk, household, self.life.version))
            return
        asked = ReserveDialog(self.life.accounts, self)
        self._write(asked, lambda: partial(reserve.reserve, desk, household, asked.chosen, self.life.version))

    @Slot()
    def _on_unmerge(self) -> None:
        if not self.life.merged:
            return
        last = self.life.merged[-1]
        if ask_confirm(
            self, _("Défaire la réunion ?"),
            _("Le foyer n° {number} reprend ses membres, ses cartes et ses droits. Les passages faits depuis restent ici.").format(
                number=last.number
            ),
            _("Séparer les deux dossiers"), _("Garder un seul dossier"),
        ):  # fmt: skip
            self._act(partial(unite.undo_merge, self._context.desk, last.merge))


def _told(line: _Line) -> str:
    event = line.event
    what = called(event.kind)
    if event.kind is EventKind.NEW_LINK:
        what = _("{what} : {link}").format(what=what, link=called(event.link).lower())
    return _("{what} – {name}").format(what=what, name=event.name)
