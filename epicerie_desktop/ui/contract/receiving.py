"""« Recevoir des envois »: what each file is and would change, before anything is taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout

from epicerie_desktop.domain.figures import Totals
from epicerie_desktop.services.contract import consolidate
from epicerie_desktop.services.contract.consolidate import ImportReport, MonthChange, Outcome
from epicerie_desktop.services.contract.outcomes import ACCEPTABLE
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_reason
from epicerie_desktop.ui.common.layout import SectionTitle, label, row
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract import wording
from epicerie_desktop.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file chosen: its bytes, and what it is, or why it was refused."""

    path: Path
    data: bytes
    report: ImportReport | None
    refusal: str = ""

    @property
    def waiting(self) -> bool:
        """Return whether it may still be accepted."""
        return self.report is not None and not self.report.accepted and self.report.outcome in ACCEPTABLE

    @property
    def told(self) -> str:
        """Return what the coordinator reads of it."""
        if self.report is None:
            return self.refusal
        return wording.ready(self.report) if self.waiting else wording.outcome(self.report)

    @property
    def tone(self) -> str:
        """Return the colour of what is told."""
        return "no" if self.report is None else wording.TONES[self.report.outcome]


def look(desk: Desk, path: Path) -> Candidate:
    """Return what a file is; a refusal is kept with its sentence, so that the other files go on."""
    data = b""
    try:
        data = consolidate.read_parcel_file(path)
        return Candidate(path, data, consolidate.look_at_parcel(desk, data))
    except Trouble as error:
        return Candidate(path, data, None, trouble.sentence(error))


def accept(desk: Desk, candidate: Candidate, reason: str) -> Candidate:
    """Take a file in and return what became of it; another one of the same shop may have changed what it is."""
    try:
        return replace(candidate, report=consolidate.accept_parcel(desk, candidate.data, reason=reason))
    except Trouble as error:
        return replace(candidate, report=None, refusal=trouble.sentence(error))


class ReceiveDialog(QDialog):
    """The files chosen, what each one changes month by month, and « Accepter »."""

    def __init__(self, screen: Screen, *, ask: Callable[..., str | None] = ask_reason) -> None:
        super().__init__(screen)
        self._screen = screen
        self._ask_why = ask
        self._candidates: tuple[Candidate, ...] = ()
        self.setWindowTitle(_("Recevoir des envois"))
        self.resize(1060, 640)
        self.choose = ActionButton(_("Choisir des fichiers"), "Ctrl+O", "inbox")
        self.notice = Notice("info")
        self.files: RowsTable[Candidate] = RowsTable(
            _file_columns(), lambda c: c.path, name=_("Fichiers"), empty=_("Choisissez les fichiers reçus, sur une clé ou dans un dossier."),
            sortable=False,
        )  # fmt: skip
        self.sentence = label("")
        self.changes: RowsTable[MonthChange] = RowsTable(
            _change_columns(), lambda c: c.month, name=_("Mois changés"), empty=_("Ce fichier ne change aucun mois."), sortable=False
        )  # fmt: skip
        self.changes_title = SectionTitle(_("Avant et après, mois par mois"))
        self.leave = ActionButton(_("Fermer"), "Esc")
        self.accept_all = ActionButton(_("Accepter"), "F12", "check", "primary")
        self.busy = BusyOverlay(self)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 20, 24, 16)
        lines.setSpacing(12)
        lines.addLayout(row(label(_("Recevoir des envois"), "title", wrap=False), None, self.choose))
        lines.addWidget(self.notice)
        lines.addWidget(self.files, 2)
        lines.addWidget(self.sentence)
        lines.addWidget(self.changes_title)
        lines.addWidget(self.changes, 3)
        lines.addLayout(row(None, self.leave, self.accept_all))
        self.files.chosen.connect(self._on_file_chosen)
        self.choose.clicked.connect(self._on_choose_clicked)
        self.leave.clicked.connect(self.accept)
        self.accept_all.clicked.connect(self._on_accept_clicked)
        self._show(())

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return the files and what each one is."""
        return self._candidates

    @Slot()
    def _on_choose_clicked(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(
            self, _("Quels envois recevoir ?"), str(Path.home()), _("Envois (*.epic);;Tous les fichiers (*)")
        )
        if chosen:
            self.look_at([Path(c) for c in chosen])

    def look_at(self, paths: list[Path]) -> None:
        """Read files and show what they are; nothing is taken in."""
        desk = self._screen.desk
        self.notice.tell("info", "")
        self.busy.start(_("Les envois sont ouverts et vérifiés…"))
        self._screen.context.long.submit(
            self, lambda: tuple(look(desk, p) for p in sorted(paths)), self._looked, self._failed
        )

    def _looked(self, found: tuple[Candidate, ...]) -> None:
        self.busy.stop()
        self._show(found)
        self.files.setFocus()
        self.files.choose(next((c.path for c in found if c.waiting), found[0].path))

    def _failed(self, error: Exception) -> None:
        self.busy.stop()
        trouble.show(self, error)

    def _show(self, found: tuple[Candidate, ...]) -> None:
        self._candidates = found
        self.files.set_rows(found)
        if found:
            self.files.size_columns()
        waiting = sum(c.waiting for c in found)
        self.accept_all.setEnabled(waiting > 0)
        self.accept_all.set_text(
            ngettext("Accepter l'envoi", "Accepter les {n} envois", waiting).format(n=waiting)
            if waiting
            else _("Accepter")
        )
        self._on_file_chosen(self.files.current)

    @Slot(object)
    def _on_file_chosen(self, candidate: Candidate | None) -> None:
        self.sentence.setText(_detail(candidate) if candidate else "")
        self.sentence.setVisible(candidate is not None)
        changes = candidate.report.changes if candidate and candidate.report else ()
        self.changes.set_rows(changes[::-1])
        for widget in (self.changes, self.changes_title):
            widget.setVisible(candidate is not None and candidate.report is not None)

    @Slot()
    def _on_accept_clicked(self) -> None:
        """Ask of each file that needs it, then take them in one after the other, each all or nothing."""
        agreed: list[tuple[Candidate, str]] = []
        for candidate in self._candidates:
            if not candidate.waiting:
                continue
            report = candidate.report
            assert report is not None
            reason = "" if report.outcome is Outcome.NEW else self._ask(report)
            if reason is not None:
                agreed.append((candidate, reason))
        if not agreed:
            return
        desk = self._screen.desk
        self.busy.start(_("Les envois sont enregistrés…"))
        self._screen.context.data.submit(
            self, lambda: {c.path: accept(desk, c, why) for c, why in agreed}, self._accepted, self._failed
        )

    def _ask(self, report: ImportReport) -> str | None:
        title = _("Accepter cet envoi de {site} ?").format(site=report.site)
        question = wording.outcome(report) + "\n" + _fall(report)
        return self._ask_why(self, title, question, _("J'ai vérifié : accepter"), _("Ne pas accepter"))

    def _accepted(self, done: dict[Path, Candidate]) -> None:
        self.busy.stop()
        self._show(tuple(done.get(c.path, c) for c in self._candidates))
        taken = sum(1 for c in done.values() if c.report is not None and c.report.accepted)
        words = (
            ngettext("Un envoi reçu.", "{n} envois reçus.", taken).format(n=taken) if taken else _("Rien n'a été reçu.")
        )
        self.notice.tell("success" if taken == len(done) else "warn", words)


def _detail(candidate: Candidate) -> str:
    lines = [candidate.told, _("Fichier : {file}").format(file=candidate.path.name)]
    report = candidate.report
    if report is not None and report.first_signature and not report.accepted:
        lines.append(_("Signature à faire lire à l'épicerie : {signature}").format(signature=report.signer))
    return "\n".join(lines)


def _fall(report: ImportReport) -> str:
    lines = [
        _("{month} : {before} avant, {after} après.").format(
            month=shown.month(c.month), before=shown.kilos(c.before.grams), after=shown.kilos(c.after.grams)
        )
        for c in report.changes
        if c.before is not None and c.shrinks
    ]
    return "\n".join(lines)


def _file_columns() -> tuple[Column[Candidate], ...]:
    return (
        Column(_("Épicerie"), lambda c: c.report.site if c.report else c.path.name, bold=True),
        Column(_("N°"), lambda c: shown.number(c.report.seq) if c.report else "–", align="right"),
        Column(_("Ce qu'il en est"), lambda c: c.told, tone=lambda c: c.tone, stretch=True),
    )


def _change_columns() -> tuple[Column[MonthChange], ...]:
    def pair(name: str, write: Callable[[int], str]) -> Column[MonthChange]:
        titles = {"families": _("Familles"), "visits": _("Passages"), "grams": _("Kilos"), "paid_cents": _("Payé")}

        def both(change: MonthChange) -> str:
            return f"{_one(change.before, name, write)}  →  {_one(change.after, name, write)}"

        return Column(titles[name], both, align="right", tone=lambda c: "ask" if c.shrinks else None)

    return (
        Column(_("Mois"), lambda c: shown.month(c.month).capitalize(), sort_key=lambda c: c.month),
        pair("families", shown.number),
        pair("visits", shown.number),
        pair("grams", shown.kilos),
        pair("paid_cents", shown.money),
        Column("", lambda _c: "", stretch=True),
    )


def _one(totals: Totals | None, name: str, write: Callable[[int], str]) -> str:
    return "–" if totals is None else write(getattr(totals, name))
