"""The waiting list: rank, why, and the places of the day; a call leads to the household's study."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from epicerie_desktop.domain.waiting import LeftFor
from epicerie_desktop.services.queries.places import Places
from epicerie_desktop.services.queries.waiting import WaitingList, WaitingRow, waiting_list
from epicerie_desktop.services.rights.waiting import leave_list, put_on_list
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.committee.picker import PickDialog
from epicerie_desktop.ui.committee.wording import who
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage


class WaitingPage(NoticePage):
    """Who waits, in the order of the règlement."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"waiting_entry", "access_grant", "assessment", "ruleset", "household", "household_member", "suspension"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        columns: tuple[Column[WaitingRow], ...] = (
            Column(_("Rang"), lambda r: r.ranked.rank, align="right", bold=True),
            Column(_("Foyer"), lambda r: f"{r.household.number}  {r.household.name}"),
            Column(_("Pers."), lambda r: r.persons, align="right"),
            Column(_("Depuis"), lambda r: r.ranked.waiting.since, shown.day),
            Column(_("Urgence"), lambda r: r.ranked.waiting.urgent, lambda u: _("urgent") if u else ""),
            Column(_("Pourquoi ce rang"), lambda r: r.ranked.why.sentence(), stretch=True),
        )
        self.table: RowsTable[WaitingRow] = RowsTable(
            columns, lambda r: r.ranked.waiting.entry, name=_("Liste d'attente"), sortable=False,
            empty=_("Personne n'attend. Un foyer s'inscrit quand les places manquent : F3."),
        )  # fmt: skip
        self.places = label("", "section")
        self.why = label("", "soft")
        self.add = ActionButton(_("Inscrire un foyer"), "F3", icon="user-plus")
        self.gave_up = ActionButton(_("A renoncé"), "F8", kind="quiet")
        self.call = ActionButton(_("Appeler"), "F12", kind="primary", icon="phone")
        self.setLayout(
            column(self.notice, self.places, self.table, self.why, row(self.add, self.gave_up, None, self.call))
        )
        self.table.chosen.connect(self._on_chosen)
        self.add.clicked.connect(self._on_add)
        self.gave_up.clicked.connect(self._on_gave_up)
        self.call.clicked.connect(self._on_call)

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def refresh(self) -> None:
        """Read the list again."""
        self.ask(partial(waiting_list, self.desk), self._on_read, key="waiting")

    def _on_read(self, found: WaitingList) -> None:
        self.table.set_rows(found.rows)
        self.places.setText(places_told(found.places))
        for button in (self.gave_up, self.call):
            button.setEnabled(bool(found.rows))
        if not found.in_order:
            self.notice.tell(
                "info",
                _(
                    "L'ordre du règlement tient compte d'un chiffre réservé aux travailleurs sociaux : la liste est montrée par ancienneté."
                ),
            )

    @Slot(object)
    def _on_chosen(self, waiting: WaitingRow | None) -> None:
        self.why.setText(waiting.ranked.why.sentence() if waiting is not None else "")

    @Slot()
    def _on_add(self) -> None:
        dialog = PickDialog(self, _("Inscrire sur la liste d'attente"), _("Inscrire"), _("Situation urgente"))
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.chosen is not None:
            urgent = dialog.tick.isChecked()
            self.act(partial(put_on_list, self.desk, dialog.chosen.id, urgent=urgent), self._on_added)
        dialog.deleteLater()

    def _on_added(self, _entry: int) -> None:
        self.notice.tell("success", _("Le foyer est inscrit sur la liste d'attente."))

    @Slot()
    def _on_gave_up(self) -> None:
        waiting = self.table.current
        if waiting is not None and ask_confirm(
            self.window(), _("Retirer de la liste ?"),
            _("{household} : le foyer a renoncé. Il pourra être inscrit de nouveau plus tard, à une autre date.").format(household=who(waiting.household)),
            _("Retirer"), _("Garder sur la liste"),
        ):  # fmt: skip
            self.act(partial(leave_list, self.desk, waiting.ranked.waiting.entry, LeftFor.GAVE_UP), self._on_left)

    def _on_left(self, _household: int) -> None:
        self.notice.tell("info", "")

    @Slot()
    def _on_call(self) -> None:
        waiting = self.table.current
        if waiting is not None and ask_confirm(
            self.window(), _("Appeler ce foyer ?"),
            _("{household} : il quitte la liste, et une tâche rappelle de le recevoir sous sept jours. Son étude s'ouvre.").format(household=who(waiting.household)),
            _("Appeler"), _("Garder sur la liste"),
        ):  # fmt: skip
            self.act(partial(leave_list, self.desk, waiting.ranked.waiting.entry, LeftFor.CALLED), self._on_called)

    def _on_called(self, household: int) -> None:
        self.owner.go("right", household=household)


def places_told(places: Places) -> str:
    """Return how many places are taken and free that day, in a sentence."""
    taken = ngettext("{n} foyer accueilli", "{n} foyers accueillis", places.households).format(n=places.households)
    persons = ngettext("{n} personne", "{n} personnes", places.persons).format(n=places.persons)
    parts = [f"{taken} ({persons})"]
    if places.most_households is not None and places.free_households is not None:
        parts.append(_("{most} places, {free} libres").format(most=places.most_households, free=places.free_households))
    if places.most_persons is not None and places.free_persons is not None:
        parts.append(
            _("{most} personnes au plus, {free} de libres").format(most=places.most_persons, free=places.free_persons)
        )
    if len(parts) == 1:
        parts.append(_("le règlement ne limite pas les places"))
    return " · ".join(parts)
