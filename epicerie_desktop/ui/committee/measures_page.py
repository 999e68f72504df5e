"""Suspensions that run, absences that call for something, and the day's expected households, to note who did not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from epicerie_desktop.domain.absences import PROPOSALS
from epicerie_desktop.domain.eligibility.terms import Absences, AbsenceThen
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.suspensions import Measure
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.absences import (
    AbsenceRow,
    Expected,
    absence_rule,
    absences_to_see,
    expected_on,
)
from epicerie_desktop.services.queries.names import Named
from epicerie_desktop.services.queries.suspensions import SuspensionRow, list_suspensions
from epicerie_desktop.services.rights.absences import erase_absence, record_absence
from epicerie_desktop.services.rights.committee_papers import hearing_pdf, suspension_to_give
from epicerie_desktop.services.rights.suspensions import lift_suspension
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.closed_papers import look_at_closed
from epicerie_desktop.ui.committee.picker import PickDialog
from epicerie_desktop.ui.committee.wording import who
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import FormRow, SectionTitle, column, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.rights.measure import ask_measure
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage

_IN_SHORT = {
    AbsenceThen.WARN: N_("Rappel"),
    AbsenceThen.COMMITTEE: N_("Commission"),
    AbsenceThen.SUSPEND: N_("Suspension"),
    AbsenceThen.EXCLUDE: N_("Exclusion"),
}
"""What follows, in the width of a column; the rule above the list says it whole."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What the page shows."""

    suspensions: tuple[SuspensionRow, ...]
    absences: tuple[AbsenceRow, ...]
    expected: tuple[Expected, ...]
    rule: Absences | None


def read_measures(desk: Desk, day: date) -> Measures:
    """Return the measures that run, the absences, and who was expected on `day`."""
    return Measures(list_suspensions(desk), absences_to_see(desk), expected_on(desk, day), absence_rule(desk))


def until_told(measure: Measure) -> str:
    """Return until when a measure runs."""
    return shown.day(measure.until) if measure.until else _("sans fin")


def _listed(named: Named) -> str:
    return f"{named.number}  {named.name}"


class MeasuresPage(NoticePage):
    """Measures above, absences on the left below, the day's expected households on the right."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"suspension", "absence", "access_grant", "sale", "household", "ruleset"}
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._made: int | None = None
        self._build_tables()
        self.new = ActionButton(_("Nouvelle mesure"), "F3", icon="hand")
        self.letter = ActionButton(_("Lettre"), "F7", icon="printer", kind="quiet")
        self.lift = ActionButton(_("Lever"), "F8", kind="quiet")
        self.invite = ActionButton(_("Inviter"), "Shift+F7", icon="printer", kind="quiet")
        self.act_button = ActionButton(_("Prendre la mesure"), "F12")
        self.missed = ActionButton(_("Absent"), "F4")
        self.excused = ActionButton(_("Excusé"), "F5")
        self.wipe = ActionButton(_("Effacer"), "Del", kind="quiet")
        self.day = DayField(self.desk.clock.today())
        self.rule = label("", "soft")
        above = column(
            SectionTitle(_("Suspensions et exclusions"), (self.letter, self.lift, self.new)),
            self.suspensions,
            spacing=8,
        )
        left = column(SectionTitle(_("Absences"), (self.invite, self.act_button)), self.rule, self.absences, spacing=8)
        awaited = SectionTitle(_("Attendus, pas encore venus"))
        awaited.setMinimumHeight(theme.tokens().heights["control"])  # level with « Absences », which has buttons
        right = column(
            awaited, FormRow(_("Journée"), self.day), self.expected,
            row(self.missed, self.excused, self.wipe, None), spacing=8,
        )  # fmt: skip
        below = row(left, right, spacing=24)
        below.setStretch(0, 4)
        below.setStretch(1, 3)
        whole = column(self.notice, above, below)
        whole.setStretch(1, 2)
        whole.setStretch(2, 3)
        self.setLayout(whole)
        self._connect()

    def _build_tables(self) -> None:
        self.suspensions: RowsTable[SuspensionRow] = RowsTable(
            (
                Column(_("Foyer"), lambda r: _listed(r.household), stretch=True),
                Column(_("Mesure"), lambda r: called(r.measure.kind)),
                Column(_("Motif"), lambda r: called(r.reason) if r.reason else "–"),
                Column(_("Du"), lambda r: r.measure.since, shown.day),
                Column(_("Au"), lambda r: r.measure, until_told),
            ),
            lambda r: r.id, name=_("Suspensions et exclusions"), empty=_("Aucun foyer n'est suspendu."), sortable=False,
        )  # fmt: skip
        self.absences: RowsTable[AbsenceRow] = RowsTable(
            (
                Column(_("Foyer"), lambda r: _listed(r.household), stretch=True),
                Column(_("Absences"), lambda r: r.count.unexcused, align="right", bold=True),
                Column(_("Excusées"), lambda r: r.count.excused, align="right"),
                Column(_("Suite"), lambda r: r.count.proposed, lambda p: _(_IN_SHORT[p]) if p else "–"),
            ),
            lambda r: r.household.id, name=_("Absences"), empty=_("Aucune absence notée."), sortable=False,
        )  # fmt: skip
        self.expected: RowsTable[Expected] = RowsTable(
            (
                Column(_("Foyer"), lambda e: _listed(e.household), stretch=True),
                Column(_("Noté"), lambda e: e, lambda e: "–" if e.absence is None else _("excusé") if e.excused else _("absent")),
            ),
            lambda e: e.household.id, name=_("Foyers attendus"), empty=_("Tous sont venus."), sortable=False,
        )  # fmt: skip

    def _connect(self) -> None:
        self.new.clicked.connect(self._on_new)
        self.letter.clicked.connect(self._on_letter)
        self.lift.clicked.connect(self._on_lift)
        self.invite.clicked.connect(self._on_invite)
        self.act_button.clicked.connect(self._on_act)
        self.missed.clicked.connect(partial(self._note, excused=False))
        self.excused.clicked.connect(partial(self._note, excused=True))
        self.wipe.clicked.connect(self._on_wipe)
        self.day.changed.connect(self._on_day)

    def first_field(self) -> QWidget | None:
        """Return the list of measures."""
        return self.suspensions

    def refresh(self) -> None:
        """Read the lists again."""
        day = self.day.value or self.desk.clock.today()
        self.ask(partial(read_measures, self.desk, day), self._on_read, key="measures")

    def _on_read(self, found: Measures) -> None:
        self.suspensions.set_rows(found.suspensions)
        self._choose_made()
        self.absences.set_rows(found.absences)
        self.expected.set_rows(found.expected)
        self.rule.setText(rule_told(found.rule))
        for button, rows in (
            (self.letter, found.suspensions),
            (self.lift, found.suspensions),
            (self.invite, found.absences),
        ):
            button.setEnabled(bool(rows))
        self.act_button.setEnabled(any(r.count.proposed is not None for r in found.absences))
        for button in (self.missed, self.excused, self.wipe):
            button.setEnabled(bool(found.expected))

    @Slot()
    def _on_day(self) -> None:
        if self.day.value is not None:
            self.refresh()

    @Slot()
    def _on_new(self) -> None:
        dialog = PickDialog(self, _("Pour quel foyer ?"), _("Continuer"))
        picked = dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if picked is not None:
            self._measure(Named(picked.id, picked.number, picked.holder))

    def _measure(self, household: Named) -> None:
        made = ask_measure(self.owner, household.id, who(household))
        if made is not None:
            self._made = made
            self._choose_made()
            self._show_letter(made)

    def _choose_made(self) -> None:
        """Choose the measure just written, now or once it is read: the keys that follow are about it."""
        if self._made is not None and self.suspensions.choose(self._made):
            self._made = None

    def _show_letter(self, suspension: int) -> None:
        look_at_closed(
            self.owner, partial(suspension_to_give, self.desk, suspension), _("Lettre au foyer"), "lettre-mesure"
        )

    @Slot()
    def _on_letter(self) -> None:
        if self.suspensions.current is not None:
            self._show_letter(self.suspensions.current.id)

    @Slot()
    def _on_lift(self) -> None:
        found = self.suspensions.current
        if found is not None and ask_confirm(
            self.window(), _("Lever cette mesure ?"),
            _("{household} : le foyer peut revenir dès aujourd'hui, si son droit court encore.").format(household=who(found.household)),
            _("Lever la mesure"), _("Garder la mesure"),
        ):  # fmt: skip
            self.act(partial(lift_suspension, self.desk, found.id), self._on_done)

    def _on_done(self, _done: object) -> None:
        self.notice.tell("info", "")

    @Slot()
    def _on_invite(self) -> None:
        found = self.absences.current
        if found is not None:
            make = partial(hearing_pdf, self.desk, found.household.id, found.count.days)
            look_at(self.owner, make, _("Invitation à s'expliquer"), "lettre-invitation")

    @Slot()
    def _on_act(self) -> None:
        found = self.absences.current
        if found is None:
            return
        if found.count.proposed in (AbsenceThen.SUSPEND, AbsenceThen.EXCLUDE):
            self._measure(found.household)
        elif found.count.proposed is AbsenceThen.COMMITTEE:
            self.owner.go("right", household=found.household.id)
        else:
            self._on_invite()

    def _note(self, *_checked: object, excused: bool) -> None:
        found, day = self.expected.current, self.day.value
        if found is not None and day is not None:
            self.act(partial(record_absence, self.desk, found.household.id, day, excused=excused), self._on_done)

    @Slot()
    def _on_wipe(self) -> None:
        found = self.expected.current
        if found is not None and found.absence is not None:
            self.act(partial(erase_absence, self.desk, found.absence), self._on_done)


def rule_told(rule: Absences | None) -> str:
    """Return what the règlement says about absences, in a sentence."""
    if rule is None:
        return _("Le règlement ne dit rien des absences : elles sont seulement comptées.")
    told = _("Au-delà de {most} sans prévenir, le règlement propose : {then}.").format(
        most=rule.most, then=_(PROPOSALS[rule.then]).lower()
    )
    if rule.notice_hours:
        told += " " + _("Prévenir {hours} heures avant excuse l'absence.").format(hours=rule.notice_hours)
    return told
