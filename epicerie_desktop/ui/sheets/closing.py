"""Closing a month, and taking its corrections into an amendment: two questions that say what they freeze."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.domain.labels import change_words
from epicerie_desktop.domain.months import Change, Version
from epicerie_desktop.services import months
from epicerie_desktop.services.months import MonthState
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.tabbed import TabbedPage
from epicerie_desktop.ui.writing_dialog import WritingDialog


class CloseDialog(WritingDialog):
    """Shows what would be frozen, and what had better be looked at first."""

    def __init__(self, page: TabbedPage, month: str, totals: Totals, unweighed: int) -> None:
        name = shown.month(month)
        super().__init__(
            page,
            _("Clore {month} ?").format(month=name),
            _("Ses chiffres ne bougeront plus. Une correction viendra par un avenant, qui dira ce qui change et pourquoi."),
            _("Clore le mois"),
        )  # fmt: skip
        self._month = month
        self.body.addWidget(label(_frozen(totals), "strong"))
        if unweighed:
            told = ngettext(
                "À regarder avant : {n} denrée remise sans aucun poids compte pour zéro kilo.",
                "À regarder avant : {n} denrées remises sans aucun poids comptent pour zéro kilo.",
                unweighed,
            )
            self.body.addWidget(label(told.format(n=shown.number(unweighed)), "error"))
        self.body.addWidget(self.notice)

    def service(self) -> Callable[[], object] | None:
        """Return the closing."""
        return partial(months.close_month, self.page.desk, self._month)


def _frozen(totals: Totals) -> str:
    return "  ·  ".join(
        (
            ngettext("{n} famille", "{n} familles", totals.families).format(n=shown.number(totals.families)),
            ngettext("{n} personne", "{n} personnes", totals.persons).format(n=shown.number(totals.persons)),
            ngettext("{n} passage", "{n} passages", totals.visits).format(n=shown.number(totals.visits)),
            shown.kilos(totals.grams), shown.money(totals.shelf_cents),
        )
    )  # fmt: skip


class AmendDialog(WritingDialog):
    """Lists what was corrected since the month was closed, and asks why."""

    def __init__(self, page: TabbedPage, state: MonthState) -> None:
        super().__init__(
            page,
            _("Avenant à {month}").format(month=shown.month(state.month)),
            _("La version {version} reste telle quelle ; l'avenant fait la version {next}.").format(
                version=state.versions[0].version, next=state.versions[0].version + 1
            ),
            _("Faire l'avenant"),
        )
        self._month = state.month
        self.setMinimumWidth(900)
        self.table: RowsTable[Change] = RowsTable(
            _change_columns(), lambda c: (c.day, c.number, c.kind), name=_("Ce qui change"), empty=""
        )
        self.table.set_rows(list(state.pending))
        self.table.setMinimumHeight(180)
        self.reason = FieldFrame()
        self.body.addWidget(self.table)
        self.body.addWidget(FormRow(_("Pourquoi, en quelques mots"), self.reason))
        self.body.addWidget(self.notice)
        self.reason.submitted.connect(self.yes_button.setFocus)
        self.reason.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the amendment, None without a reason."""
        if not self.reason.text.strip():
            self.reason.show_error(_("Dites en quelques mots pourquoi : la raison est imprimée avec l'avenant."))
            self.reason.setFocus()
            return None
        return partial(months.amend_month, self.page.desk, self._month, self.reason.text)


def _change_columns() -> tuple[Column[Change], ...]:
    return (
        Column(_("Jour"), lambda c: c.day, shown.day),
        Column(_("Foyer"), lambda c: c.number or "–"),
        Column(_("Ce qui change"), change_words),
        Column(_("Kilos"), lambda c: _both(shown.kilos, c.before.grams, c.after.grams), align="right"),
        Column(_("Payé"), lambda c: _both(shown.money, c.before.paid_cents, c.after.paid_cents), align="right"),
        Column("", lambda _row: "", stretch=True),
    )


def _both(write: Callable[[int], str], before: int, after: int) -> str:
    return (
        write(after)
        if before == after
        else _("{before}, puis {after}").format(before=write(before), after=write(after))
    )


def state_words(state: MonthState) -> str:
    """Return where a month stands, in one or two sentences; nothing for the month now running."""
    if not state.over:
        return ""
    if not state.closed:
        return _("Mois fini, pas encore clos : ses chiffres suivent encore les corrections.")
    latest: Version = state.versions[0]
    told = _("Mois clos : {mark}, par {who}.").format(mark=months.mark_of(latest), who=latest.made_by)
    if state.pending:
        told += " " + ngettext(
            "Depuis, {n} correction attend un avenant.",
            "Depuis, {n} corrections attendent un avenant.",
            len(state.pending),
        ).format(n=shown.number(len(state.pending)))
    return told
