"""The report itself: which one, over what, for whom; its figures on screen, then on paper or in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, NamedTuple, TypeVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.domain.data_table import written
from epicerie_desktop.domain.reports.shape import Figure, Report
from epicerie_desktop.services import sheets
from epicerie_desktop.services.reports import whole
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import papers, pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import FormRow, column, label, row
from epicerie_desktop.ui.common.states import BusyOverlay
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.reports.job import GivenUp, Job
from epicerie_desktop.ui.reports.period import PeriodChooser
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage

T = TypeVar("T")
_LOOK_EVERY_MS = 100


class Line(NamedTuple):
    """A figure in the list, with the part of the report it is in."""

    part: str
    figure: Figure


class ReportPage(NoticePage):
    """Figures follow what is chosen; F12 keeps the report in a file."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.report: Report | None = None
        self._job = Job()
        self.models, self.edition, self.kinds = QComboBox(), QComboBox(), QComboBox()
        for key, title in whole.titles().items():
            self.models.addItem(title, key)
        self.edition.addItem(_("Pour l'épicerie"), False)
        self.edition.addItem(_("À publier, sans petits nombres"), True)
        for ending, name in whole.kinds():
            self.kinds.addItem(name, ending)
        self.kinds.setAccessibleName(_("Genre de fichier"))
        self.period = PeriodChooser(self.desk.clock.today())
        self.table: RowsTable[Line] = RowsTable(
            (
                Column(_("Partie"), lambda n: n.part, tone=lambda _n: "ink_soft"),
                Column(_("Chiffre"), lambda n: n.figure.name, bold=True),
                Column(_("Valeur"), lambda n: written(n.figure.value, n.figure.holds, unit=True), align="right"),
                Column(_("Mention"), lambda n: whole.standing_word(n.figure)),
                Column("", lambda _n: "", stretch=True),
            ),
            lambda n: n.figure.code, name=_("Chiffres du rapport"), empty=_("Choisissez une période."), sortable=False,
        )  # fmt: skip
        self.meaning = label("", "soft")
        self.look = ActionButton(_("Aperçu"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer"), "F12", "download", "primary")
        self._lay_out()
        self.veil = BusyOverlay(self.table)
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_EVERY_MS)
        self._connect()

    def _lay_out(self) -> None:
        parts = (FormRow(_("Rapport"), self.models), self.period, FormRow(_("Édition"), self.edition))
        chosen = row(*parts, spacing=12)
        for part in parts:
            chosen.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        foot = row(None, self.look, self.kinds, self.keep)
        whole_page = column(chosen, self.notice, self.table, self.meaning, foot, spacing=12)
        whole_page.setStretchFactor(self.table, 1)
        self.setLayout(whole_page)

    def _connect(self) -> None:
        self.models.currentIndexChanged.connect(self.read)
        self.edition.currentIndexChanged.connect(self.read)
        self.period.changed.connect(self.read)
        self.table.chosen.connect(self._on_chosen)
        self.veil.cancelled.connect(self.give_up)
        self._watch.timeout.connect(self._on_watch)
        self.look.clicked.connect(self._on_look)
        self.keep.clicked.connect(self._on_keep)

    def first_field(self) -> QWidget | None:
        """Return the list of reports."""
        return self.models

    def refresh(self) -> None:
        """Read which months there are, then the report."""
        self.ask(partial(sheets.months_to_choose, self.desk), self._on_months, key="months")

    def _on_months(self, months: tuple[str, ...]) -> None:
        self.period.set_months(months)
        self.read()

    @property
    def asked(self) -> whole.Asked | None:
        """Return what is chosen, None while the period is none."""
        days = self.period.days
        if days is None:
            return None
        return whole.Asked(str(self.models.currentData()), *days, bool(self.edition.currentData()))

    @Slot()
    def read(self) -> None:
        """Read the figures of what is chosen, on the long thread; what was being read is given up."""
        asked, desk = self.asked, self.desk
        if asked is not None:
            self._start(
                _("Les chiffres se lisent…"), lambda job: whole.report(desk, asked, job.tell), self._show, "report"
            )

    def _start(self, words: str, make: Callable[[Job], T], then: Callable[[T], None], key: str) -> None:
        self._job.give_up()
        job = self._job = Job()
        self.veil.start(words, cancellable=True)
        self._watch.start()

        def done(value: T) -> None:
            self._rest()
            then(value)

        self.owner.context.long.submit(self, partial(make, job), done, partial(self._on_failed, job), key=key)

    def _rest(self) -> None:
        self._watch.stop()
        self.veil.stop()

    @Slot()
    def give_up(self) -> None:
        """Give up what is being made."""
        self._job.give_up()

    @Slot()
    def _on_watch(self) -> None:
        self.veil.progress(*self._job.where)

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is not self._job:
            return
        self._rest()
        if isinstance(error, GivenUp):
            self.notice.tell("info", str(error))
        elif isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            self.owner.on_trouble(error)

    def _show(self, report: Report) -> None:
        self.report = report
        self.notice.tell("info", "")
        lines = [Line(section.title, f) for section in report.sections for f in section.figures]
        self.table.set_rows(lines)
        self.table.size_columns()
        self.table.choose_first()

    @Slot(object)
    def _on_chosen(self, line: Line | None) -> None:
        self.meaning.setText("" if line is None else f"{line.figure.name} – {line.figure.told}")

    def _file_name(self) -> str:
        found = self.period.chosen
        what = _("publie") if self.edition.currentData() else _("interne")
        return _("rapport-{name}-{period}-{edition}").format(
            name=self.models.currentData(), period=found.short if found else "", edition=what
        )

    @Slot()
    def _on_look(self) -> None:
        asked, desk, title = self.asked, self.desk, self.models.currentText()
        if asked is None:
            return

        def show(content: bytes) -> None:
            pdf_view.show_pdf(self.owner, content, title, self._file_name())

        self._start(_("Le rapport se prépare…"), lambda job: whole.report_pdf(desk, asked, job.tell), show, "paper")

    @Slot()
    def _on_keep(self) -> None:
        asked, desk, ending = self.asked, self.desk, str(self.kinds.currentData())
        if asked is None:
            return
        path = papers.ask_where(self, self._file_name(), f".{ending}", f"{self.kinds.currentText()} (*.{ending})")
        if path is None:
            return
        self._start(
            _("Le rapport se prépare…"), lambda job: papers.written(whole.kept_as(desk, asked, ending, job.tell), path),
            lambda kept: self.notice.tell("success", _("Rapport gardé : {name}").format(name=kept.name)), "file",
        )  # fmt: skip
