"""« Rappels »: the list brought on a stick, the lots set aside, the households to call, the exercise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from epicerie_desktop.domain.labels import named
from epicerie_desktop.domain.recalls import Certainty, Sheet
from epicerie_desktop.services.queries.recalls import AsideRow, RecallsView, ReceiverRow, drill_receivers, receivers_of
from epicerie_desktop.services.queries.recalls import recalls_view as read_view
from epicerie_desktop.services.queries.stock import LotRow, lots_in_stock
from epicerie_desktop.services.safety import recall_papers, recalls
from epicerie_desktop.services.safety.recalls import Drill, ImportDone
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ask_reason
from epicerie_desktop.ui.common.layout import column, label, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.tabbed import GesturePage

CERTAINTIES = {
    Certainty.CERTAIN: (named(Certainty.CERTAIN), "no"),
    **{c: (named(c), "ask") for c in (Certainty.TO_VERIFY, Certainty.SUGGESTION, Certainty.TEAM)},
}


class RecallsPage(GesturePage):
    """What must not be handed out, the surest first; suggestions after."""

    tables: ClassVar[frozenset[str]] = frozenset({"quarantine", "recall_import", "recall_drill", "lot", "stock_move"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.view: RecallsView | None = None
        self.told = Notice("info")
        self.age = label("", "soft")
        self.import_button = ActionButton(_("Lire une liste sur clé USB"), "F5", "usb")
        self.drill_button = ActionButton(_("Exercice"), "F6", "clock", "quiet")
        self.aside_button = ActionButton(_("Mettre de côté"), "F7", "hand", "quiet")
        self.calls_button = ActionButton(_("Foyers à prévenir"), "F8", "phone", "primary")
        self.notice_button = ActionButton(_("Affichette"), "F9", "printer")
        self.lift_button = ActionButton(_("Lever"), "F11", "undo-2")
        self.table: RowsTable[AsideRow] = RowsTable(
            (
                Column(_("Article"), lambda r: r.lot.article, bold=True, stretch=True),
                Column(_("Sûreté"), lambda r: _(CERTAINTIES[r.certainty][0]), tone=lambda r: CERTAINTIES[r.certainty][1]),
                Column(_("Lot"), _pack),
                Column(_("En stock"), lambda r: wording.held(r.lot), align="right"),
                Column(_("Motif"), lambda r: r.reason or r.product, stretch=True),
            ),
            lambda r: r.key, name=_("Lots mis de côté"), sortable=False,
        )  # fmt: skip
        self.detail = label("", "soft")
        self.empty = EmptyState(
            "shield-check", _("Aucun lot n'est mis de côté."), _("Aucun rappel lu ne concerne vos articles.")
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        top = row(self.age, self.import_button)
        top.setStretch(0, 1)
        whole = column(
            top, self.told, self._stack, self.detail,
            Wrapped(self.aside_button, self.drill_button, self.lift_button, self.notice_button, self.calls_button, right=True), spacing=12,
        )  # fmt: skip
        whole.setStretchFactor(self._stack, 1)
        self.setLayout(whole)
        for button, slot in (
            (self.import_button, self.ask_file), (self.drill_button, self.open_drill), (self.aside_button, self.open_aside),
            (self.calls_button, self.open_calls), (self.notice_button, self.print_notice), (self.lift_button, self.lift),
        ):  # fmt: skip
            button.clicked.connect(slot)
        self.table.opened.connect(self.open_calls)
        self.table.chosen.connect(self._on_chosen)
        self._to_first = False
        self._on_chosen(None)

    def first_field(self) -> QWidget | None:
        """Return the list, or the button that reads one."""
        return self.table if self.table.rows_model.rows else self.import_button

    def refresh(self) -> None:
        """Read what is set aside."""
        self.ask(partial(read_view, self.desk), self._on_view, key="recalls")

    def _on_view(self, view: RecallsView) -> None:
        self.view = view
        self.age.setText(age_words(view))
        rows = (*view.aside, *view.suggested)
        self.table.set_rows(rows)
        self.table.size_columns()
        self._stack.setCurrentIndex(1 if rows else 0)
        if rows and self.table.current is None:
            self.table.choose_first()
        if rows and self._to_first:
            self.table.setCurrentIndex(self.table.rows_model.index(0, 0))
            self.table.setFocus()
        self._to_first = False
        self._on_chosen(self.table.current)

    @Slot(object)
    def _on_chosen(self, chosen: AsideRow | None) -> None:
        for button in (self.calls_button, self.notice_button):
            button.setEnabled(chosen is not None and chosen.id > 0)
        self.lift_button.setEnabled(chosen is not None)
        self.lift_button.set_text(_("Lever") if chosen is None or chosen.id else _("Autre produit"))
        if chosen is None:
            self.detail.setText("")
            return
        told = [chosen.product, _("fiche {number}").format(number=chosen.number) if chosen.number else "",
                _("reçu le {day}").format(day=shown.day(chosen.lot.received_on))]  # fmt: skip
        if not chosen.id:
            told.append(_("aucun code-barres dans la fiche : comparez marque et nom, F7 pour mettre de côté"))
        self.detail.setText("  ·  ".join(t for t in told if t))

    # -- the list on a stick -------------------------------------------------------------------------------------------

    @Slot()
    def ask_file(self) -> None:
        """Ask which file holds the list, then read it."""
        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("La liste des rappels (RappelConso)"), "", _("Listes (*.csv *.json);;Tous les fichiers (*)")
        )
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Read a list and set aside what it means."""
        self.told.tell("info", _("La liste est en cours de lecture…"))
        self.owner.context.long.submit(self, partial(recalls.read_list, path), self._on_read, self._on_unread)

    def _on_read(self, sheets: tuple[Sheet, ...]) -> None:
        keep = partial(recalls.import_sheets, self.desk, sheets)
        self.act(keep, self._on_imported, self._refused, self._failed)

    def _on_unread(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self._refused(str(error))
            return
        self._failed()
        self.owner.on_trouble(error)

    def _on_imported(self, done: ImportDone) -> None:
        found = done.certain + done.to_verify
        words = _("{n} fiches lues.").format(n=shown.number(done.read)) + " "
        words += (
            ngettext("{n} lot vient d'être mis de côté.", "{n} lots viennent d'être mis de côté.", found).format(
                n=found
            )
            if found
            else _("Aucun lot nouveau n'est concerné.")
        )
        self.told.tell("warn" if found else "success", words)
        if found:
            # The lot chosen before may be far down: nothing is to be printed of a lot that is not seen.
            self._to_first = True
            self.refresh()

    def _refused(self, sentence: str) -> None:
        self.told.tell("warn", sentence)

    def _failed(self) -> None:
        self.told.tell("info", "")

    # -- a lot set aside -----------------------------------------------------------------------------------------------

    @Slot()
    def open_calls(self) -> None:
        """Show the households to call for the chosen lot."""
        chosen = self.table.current
        if chosen is None or not chosen.id:
            return
        desk = self.desk
        self.open_dialog(
            CallsDialog(
                self, _("Foyers à prévenir"), chosen.product or chosen.lot.article, lambda: receivers_of(desk, chosen.id),
                lambda: recall_papers.call_list_pdf(desk, chosen), _("foyers-a-prevenir"),
            )
        )  # fmt: skip

    @Slot()
    def print_notice(self) -> None:
        """Show the notice for the door."""
        chosen = self.table.current
        if chosen is not None and chosen.id:
            desk = self.desk
            look_at(self.owner, lambda: recall_papers.notice_pdf(desk, chosen), _("Affichette de rappel"), _("rappel"))

    @Slot()
    def lift(self) -> None:
        """Ask why the lot may be handed out again; of a suggestion, note that it is another product."""
        chosen = self.table.current
        if chosen is None:
            return
        if not chosen.id:
            dismiss = partial(recalls.dismiss_suggestion, self.desk, chosen.recall or 0, chosen.lot.id)
            self.act(dismiss, self._done(_("Noté : ce n'est pas ce produit.")), self._refused)
            return
        reason = ask_reason(
            self, _("Lever la quarantaine ?"), _("« {article} » pourra de nouveau être remis aux familles.").format(article=chosen.lot.article),
            _("Lever la quarantaine"), _("Garder de côté"),
            reasons=(_("Un autre lot : vérifié sur l'emballage"), _("Le fournisseur confirme par écrit"), _("Le rappel est annulé")),
        )  # fmt: skip
        if reason is not None:
            lifted = partial(recalls.lift_quarantine, self.desk, chosen.id, reason)
            self.act(lifted, self._done(_("La quarantaine est levée.")), self._refused)

    def _done(self, words: str) -> Callable[[object], None]:
        return lambda _answer: self.told.tell("success", words)

    @Slot()
    def open_aside(self) -> None:
        """Set aside the lot suggested that is chosen, or ask which lot of the stock."""
        chosen = self.table.current
        if chosen is not None and not chosen.id:
            aside = partial(recalls.quarantine_lot, self.desk, chosen.lot.id, "", recall=chosen.recall)
            self.act(aside, self._done(_("Le lot est mis de côté.")), self._refused)
            return
        self.ask(partial(lots_in_stock, self.desk), self._ask_lot_aside, key="lots")

    def _ask_lot_aside(self, lots: tuple[LotRow, ...]) -> None:
        def then(lot: LotRow) -> None:
            reason = ask_reason(
                self, _("Mettre ce lot de côté ?"), _("« {article} » ne sera plus proposé à la caisse.").format(article=lot.article),
                _("Mettre de côté"), _("Ne rien changer"),
                reasons=(_("Rappel annoncé par le magasin"), _("Emballage ou odeur suspects"), _("Chaîne du froid douteuse")),
            )  # fmt: skip
            if reason is not None:
                aside = partial(recalls.quarantine_lot, self.desk, lot.id, reason)
                self.act(aside, self._done(_("Le lot est mis de côté.")), self._refused)

        self.open_dialog(LotPicker(self, _("Quel lot mettre de côté ?"), lots, then))

    # -- the exercise --------------------------------------------------------------------------------------------------

    @Slot()
    def open_drill(self) -> None:
        """Ask which lot the exercise is about."""
        self.ask(partial(lots_in_stock, self.desk), self._ask_drill_lot, key="lots")

    def _ask_drill_lot(self, lots: tuple[LotRow, ...]) -> None:
        self.open_dialog(LotPicker(self, _("Exercice : quel lot serait rappelé ?"), lots, self._begin_drill))

    def _begin_drill(self, lot: LotRow) -> None:
        desk, started = self.desk, self.desk.clock.now()
        dialog = CallsDialog(
            self, _("Exercice de rappel"), lot.article, lambda: drill_receivers(desk, lot.id),
            lambda: recall_papers.drill_list_pdf(desk, lot.id, lot.article), _("exercice-de-rappel"), _("La liste est en main : terminer"),
        )  # fmt: skip
        dialog.accepted.connect(partial(self._end_drill, lot, started))
        self.open_dialog(dialog)

    def _end_drill(self, lot: LotRow, started: datetime) -> None:
        def then(drill: Drill) -> None:
            self.told.tell(
                "success",
                _("Exercice terminé en {time} : {certain} foyers certains, {possible} possibles.").format(
                    time=lasted(drill.seconds), certain=drill.certain, possible=drill.possible
                ),
            )

        self.act(partial(recalls.record_drill, self.desk, lot.id, started), then, self._refused)


class LotPicker(QuestionDialog):
    """Which lot of the stock is meant."""

    def __init__(self, page: GesturePage, title: str, lots: tuple[LotRow, ...], then: Callable[[LotRow], None]) -> None:
        super().__init__(page, title, "", _("C'est celui-ci"), _("Ne rien faire"), armed_after_ms=0)
        self._then = then
        self.setMinimumWidth(720)
        today = page.desk.clock.today()
        self.table: RowsTable[LotRow] = RowsTable(
            (
                Column(_("Article"), lambda n: n.article, stretch=True, bold=True),
                Column(_("Lot"), lambda n: n.code or "–"),
                Column(_("Date"), lambda n: wording.dated(n, today)),
                Column(_("Reçu le"), lambda n: shown.day(n.received_on)),
                Column(_("Quantité"), wording.held, align="right"),
            ),
            lambda n: n.id, name=_("Lots en stock"), empty=_("Le stock est vide."),
        )  # fmt: skip
        self.table.set_rows(lots)
        self.table.setMinimumHeight(360)
        self.body.addWidget(self.table)
        self.table.choose_first()
        self.table.setFocus()
        self.table.opened.connect(self._on_yes)
        self.accepted.connect(self._on_accepted)

    def may_accept(self) -> bool:
        """Return whether a lot is chosen."""
        return self.table.current is not None

    @Slot()
    def _on_accepted(self) -> None:
        lot = self.table.current
        if lot is not None:
            self._then(lot)


class CallsDialog(QuestionDialog):
    """The households of a lot: the sure ones first; the list is printed from here."""

    def __init__(
        self, page: GesturePage, title: str, product: str, read: Callable[[], tuple[ReceiverRow, ...]], make: Callable[[], bytes],
        file_name: str, yes: str = "",
    ) -> None:  # fmt: skip
        super().__init__(page, title, product, yes or _("Fermer"), _("Fermer") if yes else "", armed_after_ms=0)
        self._page, self._make, self._name = page, make, file_name
        self.setMinimumWidth(760)
        self.summary = label("", "strong")
        self.table: RowsTable[ReceiverRow] = RowsTable(
            (
                Column(_("Foyer"), lambda r: r.number),
                Column(_("Nom"), lambda r: r.name, stretch=True, bold=True),
                Column(_("Téléphone"), lambda r: r.phone or "–"),
                Column(_("Le"), lambda r: ", ".join(f"{d:%d/%m}" for d in r.days[-3:])),
                Column(_("A reçu"), lambda r: _("oui") if r.certain else _("peut-être"), tone=lambda r: "no" if r.certain else "ask"),
            ),
            lambda r: r.household, name=_("Foyers à prévenir"), sortable=False,
            empty=_("Aucun foyer n'a pris ce produit dans cette période."),
        )  # fmt: skip
        self.table.setMinimumHeight(320)
        self.print_button = ActionButton(_("Imprimer la liste"), "F9", "printer")
        self.print_button.clicked.connect(self._on_print)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.table)
        self.body.addLayout(row(self.print_button, None))
        page.owner.context.data.submit(self, read, self._show, page.owner.on_trouble)

    def _show(self, rows: tuple[ReceiverRow, ...]) -> None:
        sure = sum(1 for r in rows if r.certain)
        maybe = len(rows) - sure
        told = ngettext("{n} foyer a reçu ce lot", "{n} foyers ont reçu ce lot", sure).format(n=sure)
        more = ngettext("{n} l'a peut-être reçu", "{n} l'ont peut-être reçu", maybe).format(n=maybe)
        self.summary.setText(_("{sure} ; {maybe}.").format(sure=told, maybe=more))
        self.table.set_rows(rows)
        self.table.size_columns()
        self.table.choose_first()
        self.table.setFocus()

    @Slot()
    def _on_print(self) -> None:
        look_at(self._page.owner, self._make, _("Foyers à prévenir"), self._name)


def _pack(r: AsideRow) -> str:
    return ", ".join(t for t in (r.lot.code, wording.limit(r.lot.date_kind, r.lot.limit_on).strip("–")) if t) or "–"


def lasted(seconds: int) -> str:
    """Return how long an exercise took: « 1 min 35 s »."""
    minutes, rest = divmod(seconds, 60)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest) if minutes else _("{seconds} s").format(seconds=rest)  # fmt: skip


def age_words(view: RecallsView) -> str:
    """Return how old the list is, and what the last exercise took."""
    if view.last is None:
        told = _(
            "Aucune liste lue. Téléchargez « RappelConso V2 » sur data.economie.gouv.fr, en CSV, et apportez-la sur une clé."
        )
    else:
        days = view.last.days
        told = (
            _("Liste lue aujourd'hui")
            if not days
            else ngettext("Liste lue il y a {n} jour", "Liste lue il y a {n} jours", days).format(n=days)
        )
        if view.last.latest_on is not None:
            told += ", " + _("dernière fiche du {day}").format(day=shown.day(view.last.latest_on))
        told += " : " + _("apportez-en une plus récente.") if view.last.old else "."
    if view.drill is not None:
        told += " " + _("Dernier exercice : {time}, le {day}.").format(
            time=lasted(view.drill.seconds), day=shown.day(view.drill.at.date())
        )
    return told
