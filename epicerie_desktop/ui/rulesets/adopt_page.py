"""Before adoption: who gains and who loses among the households whose file is open, and how many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from epicerie_desktop.domain.access import CeilingMeasure
from epicerie_desktop.domain.eligibility.comparison import Answer, Change
from epicerie_desktop.domain.eligibility.draft_answers import length_words
from epicerie_desktop.domain.eligibility.outcome import LABELS, Missing, Phrase
from epicerie_desktop.domain.eligibility.rules import OutcomeKind, Ruleset
from epicerie_desktop.domain.labels import label as name_of
from epicerie_desktop.services.rights.compare import ComparedHousehold, Comparison, compare_rulesets
from epicerie_desktop.services.rights.comparison_sheet import comparison_pdf
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import StatTile, column, label, row
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen

_SHOWN = (Change.GAINS, Change.LOSES, Change.CHANGES, Change.SAME, Change.CANNOT_TELL)
_TITLES = {
    Change.GAINS: N_("Y gagnent"),
    Change.LOSES: N_("Y perdent"),
    Change.CHANGES: N_("Changent autrement"),
    Change.SAME: N_("Sans changement"),
    Change.CANNOT_TELL: N_("On ne peut pas dire"),
}
_EFFECTS = {
    Change.GAINS: N_("Y gagne"),
    Change.LOSES: N_("Y perd"),
    Change.CHANGES: N_("Autrement"),
    Change.SAME: N_("Aucun"),
    Change.CANNOT_TELL: N_("Inconnu"),
}
_EFFECT = 4
"""The column of the effect, hidden where every row shown says the same."""
_TONES = {Change.GAINS: "ok", Change.LOSES: "no", Change.CHANGES: "ask"}


class AdoptPage(QWidget):
    """Totals on top, then the households, filtered; nothing here decides for the person who adopts."""

    progressed = Signal(int, int)
    busy_changed = Signal(bool)

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._cancel = Event()
        self._running = False
        self.comparison: Comparison | None = None
        self.words = label("", "strong")
        self.notice = Notice("info")
        self.tiles = {change: StatTile(_(_TITLES[change])) for change in _SHOWN}
        self.filter = QComboBox()
        self.filter.addItem(_("Tous les foyers"), None)
        for change in _SHOWN:
            self.filter.addItem(_(_TITLES[change]), change)
        self.list: RowsTable[ComparedHousehold] = RowsTable(
            (
                Column(_("Dossier"), lambda r: r.number),
                Column(_("Titulaire"), lambda r: r.holder, bold=True),
                Column(_("Réponse avant"), lambda r: short_words(r.before, r.after), stretch=True),
                Column(_("Réponse après"), lambda r: short_words(r.after, r.before), stretch=True),
                Column(_("Effet"), lambda r: _(_EFFECTS[r.change]), tone=lambda r: _TONES.get(r.change)),
            ),
            lambda r: r.household,
            name=_("Foyers sous les deux règlements"),
            empty=_("Aucun foyer."),
        )
        self.detail = label("", "soft")
        self._totals = QWidget()
        self._totals.setLayout(row(*self.tiles.values(), spacing=12))
        self._filter_row = QWidget()
        caption = label(_("Montrer"), "label", wrap=False)
        caption.setBuddy(self.filter)
        self.filter.setAccessibleName(_("Montrer"))
        self._filter_row.setLayout(row(caption, self.filter, None, spacing=12))
        for part in (self._totals, self._filter_row):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        lines = column(self.words, self.notice, self._totals, self._filter_row, spacing=12)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.detail)
        self.setLayout(lines)
        self.veil = BusyOverlay(self)
        self.veil.cancelled.connect(self.stop)
        self.progressed.connect(self.veil.progress)
        self.filter.currentIndexChanged.connect(self._fill)
        self.list.chosen.connect(self._on_row)

    @property
    def busy(self) -> bool:
        """Return whether households are being compared."""
        return self._running

    def compare(self, ruleset: Ruleset, text: str, *, first: bool = False) -> None:
        """Weigh every open file under the règlement in force and under this one, on its first day or today.

        `first`: nothing applies on that day yet, and there is nothing to compare with.
        """
        self.stop()
        self._cancel = Event()
        self._running = True
        self.busy_changed.emit(True)
        self.comparison = None
        self._show_results(False)
        self.notice.tell("info", "")
        self.words.setText(
            _("« {name} », à partir du {day}.").format(name=ruleset.name, day=shown.day(ruleset.valid_from))
        )
        if first:
            self._ended()
            self.notice.tell(
                "info", _("Aucun règlement n'est encore en vigueur ce jour-là : il n'y a rien à comparer.")
            )
            return
        desk = self._screen.desk
        on = max(ruleset.valid_from, desk.clock.today())
        weigh = partial(compare_rulesets, desk, text, on, self.progressed.emit, self._cancel.is_set)
        self.veil.start(_("Comparaison des foyers, sous les deux règlements…"), cancellable=True)
        self._screen.context.long.submit(
            self, partial(_compared, weigh), self._on_compared, self._on_failed, key="compare"
        )

    @Slot()
    def stop(self) -> None:
        """Stop comparing; what is done is shown."""
        self._cancel.set()

    def _on_compared(self, found: Comparison | RuleRefused) -> None:
        self.comparison = found if isinstance(found, Comparison) else None
        self._ended()
        if isinstance(found, RuleRefused):
            still = _("Le règlement peut être adopté sans cette comparaison.")
            self.notice.tell("info", f"{found} {still}")
            return
        for change, tile in self.tiles.items():
            count = found.totals.get(change, 0)
            tile.set_value(shown.number(count), "", _TONES.get(change, "") if count else "")
        self._show_results(True)
        told = []
        if found.stopped:
            told.append(_("La comparaison a été interrompue : ces nombres ne portent que sur une partie des foyers."))
        if found.reserved:
            told.append(_("Dossiers réservés, non comptés ici : {n}.").format(n=shown.number(found.reserved)))
        self.notice.tell("warn" if found.stopped else "info", " ".join(told))
        wanted = next((c for c in (Change.LOSES, Change.GAINS, Change.CHANGES) if found.totals.get(c)), None)
        self.filter.setCurrentIndex(max(0, self.filter.findData(wanted)))
        self._fill()
        self.list.size_columns()
        if self.isVisible():
            self.list.setFocus()

    def _on_failed(self, error: Exception) -> None:
        self._ended()
        self._screen.on_trouble(error)

    def _ended(self) -> None:
        self._running = False
        self.veil.stop()
        self.busy_changed.emit(False)

    def _show_results(self, there: bool) -> None:
        for part in (self._totals, self._filter_row, self.list, self.detail):
            part.setVisible(there)

    @Slot()
    def _fill(self) -> None:
        if self.comparison is not None:
            wanted = self.filter.currentData()
            self.list.setColumnHidden(_EFFECT, wanted is not None)
            self.list.set_rows([r for r in self.comparison.rows if wanted is None or r.change is wanted])
            self.list.choose_first()

    @Slot(object)
    def _on_row(self, found: ComparedHousehold | None) -> None:
        if found is None:
            self.detail.setText("")
            return
        told = _("Avant : {before}. Après : {after}.").format(
            before=answer_words(found.before), after=answer_words(found.after)
        )
        if found.change is Change.CANNOT_TELL:
            told += " " + _("Pour le savoir, étudiez sa situation dans « Droits ».")
        self.detail.setText(told)

    @Slot()
    def print_comparison(self) -> None:
        """Show the numbers on paper, for the board: no name on it."""
        if self.comparison is not None:
            look_at(
                self._screen,
                partial(comparison_pdf, self._screen.desk, self.comparison),
                _("Ce que changerait le règlement"),
                _("comparaison-de-reglements"),
            )


def _compared(compare: Callable[[], Comparison]) -> Comparison | RuleRefused:
    """Return the comparison, or why there is none: no règlement to compare with, or an account without the statements."""
    try:
        return compare()
    except BadInput:
        raise
    except RuleRefused as refused:
        return refused


def answer_words(answer: Answer | None) -> str:
    """Return what a rule answers, whole: « Remplit les conditions · 10 % · 60 € par mois · 3 mois »."""
    if answer is None:
        return _("Pas de déclaration")
    pieces = [_(LABELS[answer.kind]), *_figures(answer)]
    if answer.missing:
        pieces.append(_("manque : {what}").format(what=", ".join(map(_asked, answer.missing))))
    if answer.duration is not None:
        pieces.append(_length(answer))
    return " · ".join(pieces)


def short_words(answer: Answer | None, other: Answer | None) -> str:
    """Return what a rule answers in the room of a column; a length is said only where `other` gives another one."""
    if answer is None:
        return _("Pas de déclaration")
    if answer.missing:
        first, more = _asked(answer.missing[0]), len(answer.missing) - 1
        told = _("Manque : {what}").format(what=first)
        return f"{told} (+ {more})" if more else told
    figures = _figures(answer)
    if answer.duration is not None and other is not None and other.duration not in (None, answer.duration):
        figures.append(_length(answer))
    if answer.kind is OutcomeKind.ELIGIBLE and figures:
        return " · ".join(figures)
    name = _("Commission") if answer.kind is OutcomeKind.COMMITTEE else _(LABELS[answer.kind])
    return " · ".join((name, *figures))


def _figures(answer: Answer) -> list[str]:
    pieces = []
    if answer.share_permille is not None:
        pieces.append(shown.percent(answer.share_permille))
    for ceiling in answer.ceilings:
        figure = shown.kilos if ceiling.measure is CeilingMeasure.GRAMS else _euros
        pieces.append(f"{figure(ceiling.amount)} {name_of(ceiling.period)}")
    return pieces


def _euros(cents: int) -> str:
    return shown.money(cents) if cents % 100 else _("{n} €").format(n=shown.number(cents // 100))


def _length(answer: Answer) -> str:
    if answer.cut and answer.until is not None:
        return _("jusqu'au {day}").format(day=shown.day(answer.until))
    assert answer.duration is not None
    return length_words({answer.duration.unit: answer.duration.count})


def _asked(missing: Missing) -> str:
    """Return what is missing in the middle of a sentence; a line of the règlement keeps its own capitals."""
    words = missing.sentence()
    return words[:1].lower() + words[1:] if isinstance(missing.label, Phrase) else words
