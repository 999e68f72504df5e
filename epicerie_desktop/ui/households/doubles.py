"""Files that may be one household: two of them side by side, and the list over the whole base."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import CeilingLeft, CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.resemblance import LikeReason
from epicerie_desktop.services.households import unite
from epicerie_desktop.services.households.enrol import HouseholdForm
from epicerie_desktop.services.queries.alike import (
    AlikePair,
    Comparison,
    FaceMember,
    FileFace,
    PairsAnswer,
    compare,
    pairs_alike,
)
from epicerie_desktop.services.queries.reunited import Reunited
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, accepted
from epicerie_desktop.ui.common.layout import label, row
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households import wording

_SIZE = (1120, 620)


def why(reasons: tuple[LikeReason, ...]) -> str:
    """Return why two files look alike, in a line: « Mêmes nom et prénom, même date de naissance »."""
    told = ", ".join(called(r) for r in reasons)
    return told[:1].upper() + told[1:]


def rows_of(face: FileFace) -> tuple[tuple[str, str], ...]:
    """Return what is compared of a file, each with its name."""
    members = "\n".join(f"{m.name}, {shown.partial_date(m.born)}" if m.born else m.name for m in face.members)
    return (
        (_("Foyer"), _("n° {number}, {holder}").format(number=face.number, holder=face.holder) if face.number else face.holder),
        (_("Membres"), members or "–"),
        (_("Téléphone"), ", ".join(face.phones) or "–"),
        (_("Adresse"), face.address or "–"),
        (_("Ouvert le"), shown.day(face.opened_on)),
        (_("Dernier passage"), shown.day(face.last_visit) if face.last_visit else "–"),
        (_("Carte"), ngettext("{n} carte", "{n} cartes", face.cards).format(n=face.cards) if face.cards else "–"),
    )  # fmt: skip


def side_by_side(left: FileFace, right: FileFace) -> QWidget:
    """Return two files in two columns; what differs is strong."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    top = Qt.AlignmentFlag.AlignTop
    for line, ((name, one), (_name, other)) in enumerate(zip(rows_of(left), rows_of(right), strict=True)):
        grid.addWidget(label(name, "soft"), line, 0, top)
        for column, text in ((1, one), (2, other)):
            grid.addWidget(label(text) if one == other else label(text, "strong"), line, column, top)
    return made


def face_of(form: HouseholdForm, today: date) -> FileFace:
    """Return a file being typed as it is compared."""
    members = tuple(
        FaceMember(0, f"{m.last_name} {m.first_name}".strip(), m.born)
        for m in form.members
        if m.last_name or m.first_name
    )
    place = ", ".join(p for p in (form.address.lines, form.address.commune_name) if p)
    phones = tuple(p for p in (form.phone, form.phone2) if p)
    return FileFace(0, "", _("Fiche en cours"), members, phones, place, today, None, None, 0)


class SameDialog(QuestionDialog):
    """Before a new file is saved: the one being typed beside the one it looks like. F12 saves all the same."""

    def __init__(
        self, typed: FileFace, other: FileFace, reasons: tuple[LikeReason, ...], parent: QWidget | None
    ) -> None:
        super().__init__(
            parent, _("Ce foyer existe peut-être déjà"), why(reasons) + ".", _("C'est un autre foyer : enregistrer"), _("Relire la fiche"),
        )  # fmt: skip
        self.setMaximumWidth(1100)
        self.setMinimumWidth(860)
        self.existing = False
        self.body.addWidget(side_by_side(typed, other))
        self.open_button = ActionButton(_("Ouvrir le dossier existant"), "Ctrl+O", "arrow-right")
        self.open_button.clicked.connect(self._on_open)
        self.body.addLayout(row(None, self.open_button))

    @Slot()
    def _on_open(self) -> None:
        self.existing = True
        self.reject()


class UniteDialog(QuestionDialog):
    """Two files side by side: they are one household, and this one stays."""

    def __init__(self, found: Comparison, reasons: tuple[LikeReason, ...], parent: QWidget | None) -> None:
        super().__init__(
            parent, _("Le même foyer ?"), why(reasons) + ".", _("Réunir les deux dossiers"), _("Ce sont deux foyers"),
        )  # fmt: skip
        self.setMaximumWidth(1100)
        self.setMinimumWidth(860)
        self._found = found
        self.body.addWidget(side_by_side(found.first, found.second))
        self.body.addWidget(label(_("Le dossier qui reste"), "strong"))
        self.keep_first, self.keep_second = (
            QRadioButton(_("Le n° {number}").format(number=f.number)) for f in (found.first, found.second)
        )
        self.keep_first.setChecked(True)
        self.body.addLayout(row(self.keep_first, self.keep_second, None))
        self.right = label("")
        self.body.addWidget(self.right)
        self.keep_first.toggled.connect(self._on_kept)
        self._on_kept()
        self.body.addWidget(
            label(
                _("Il reprend les membres, cartes, droits et accompagnement de l'autre, à partir d'aujourd'hui. Les passages déjà "
                  "faits restent comptés. La réunion peut être défaite dans la vie du foyer."), "soft",
            )
        )  # fmt: skip

    @Slot()
    def _on_kept(self) -> None:
        first = self.keep_first.isChecked()
        right = self._found.right_if_first if first else self._found.right_if_second
        self.right.setText(right_told(right) if right else "")
        self.right.setVisible(right is not None)

    @property
    def source(self) -> int:
        """Return the file that is no longer used."""
        return (self._found.second if self.keep_first.isChecked() else self._found.first).id

    @property
    def target(self) -> int:
        """Return the file that stays."""
        return (self._found.first if self.keep_first.isChecked() else self._found.second).id

    @property
    def same(self) -> dict[int, int]:
        """Return which persons of the source are which of the target."""
        pairs = dict(self._found.same)
        return {v: k for k, v in pairs.items()} if self.keep_first.isChecked() else pairs


def right_told(right: Reunited) -> str:
    """Return what becomes of the right when two files are united, and what is left of each ceiling."""
    told = " · ".join(_ceiling_told(c) for c in right.left) or _("sans plafond")
    sentence = (
        _("Les deux droits en cours n'en font plus qu'un, jusqu'au {day} : {ceilings}.")
        if right.other
        else _("Le droit en cours de l'autre dossier continue dans celui-ci, jusqu'au {day} : {ceilings}.")
    )
    return sentence.format(day=shown.day(right.until), ceilings=told)


def _ceiling_told(found: CeilingLeft) -> str:
    whole = wording.ceiling(found.ceiling)
    if found.ceiling.period is CeilingPeriod.VISIT:
        return whole
    rest = shown.kilos(found.left) if found.ceiling.measure is CeilingMeasure.GRAMS else shown.money(found.left)
    return _("{ceiling}, il reste {rest}").format(ceiling=whole, rest=rest)


class PairsWindow(QDialog):
    """« Doublons possibles »: the pairs of the whole base, the likeliest first; Enter compares one."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setModal(True)
        self.resize(*_SIZE)
        self.setWindowTitle(_("Doublons possibles"))
        self.notice = Notice(closable=True)
        self.table: RowsTable[AlikePair] = RowsTable(
            (
                Column(_("Foyer"), lambda p: p.first, _short),
                Column(_("Ressemble à"), lambda p: p.second, _short),
                Column(_("Pourquoi"), lambda p: p.reasons, why, stretch=True),
            ),
            lambda p: (p.first.id, p.second.id),
            name=_("Doublons possibles"),
            empty=_("Aucun dossier ne ressemble assez à un autre."),
            sortable=False,
        )
        self.compare_button = ActionButton(_("Comparer"), "F12", "arrow-right", "primary")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(self.windowTitle(), "title"))
        column.addWidget(
            label(_("Ce sont des ressemblances, pas des certitudes : comparez avant de réunir deux dossiers."), "soft")
        )
        column.addWidget(self.notice)
        column.addWidget(self.table, 1)
        column.addLayout(row(None, self.close_button, self.compare_button))
        self.busy = BusyOverlay(self)
        self.close_button.clicked.connect(self.reject)
        self.compare_button.clicked.connect(self._on_compare)
        self.table.opened.connect(self._on_opened)
        self.read()

    def read(self) -> None:
        """Look for the pairs again, on the long thread."""
        self.busy.start(_("Recherche des ressemblances…"))
        ask = partial(pairs_alike, self._context.desk)
        self._context.long.submit(self, ask, self._on_pairs, self._on_trouble, key="pairs")

    def _on_pairs(self, found: PairsAnswer) -> None:
        self.busy.stop()
        self.table.set_rows(found.pairs)
        self.table.choose_first()
        self.compare_button.setEnabled(bool(found.pairs))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if found.ask:
            self.notice.tell(
                "info", _("D'autres ressemblances touchent un dossier réservé : voyez avec la coordination.")
            )

    @Slot(object)
    def _on_opened(self, _pair: object) -> None:
        self._on_compare()

    @Slot()
    def _on_compare(self) -> None:
        pair = self.table.current
        if pair is not None:
            ask = partial(compare, self._context.desk, pair.first.id, pair.second.id)
            self._context.data.submit(self, ask, partial(self._ask, pair), self._on_trouble, key="compare")

    def _ask(self, pair: AlikePair, found: Comparison) -> None:
        asked = UniteDialog(found, pair.reasons, self)
        if accepted(asked):
            work = partial(unite.merge_files, self._context.desk, asked.source, asked.target, asked.same)
            self._context.data.submit(self, work, self._on_united, self._on_trouble)

    def _on_united(self, _merge: int) -> None:
        self.notice.tell("success", _("Les deux dossiers sont réunis."))
        self.read()

    def _on_trouble(self, error: Exception) -> None:
        self.busy.stop()
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            trouble.show(self, error)


def _short(face: FileFace) -> str:
    return f"{face.holder} · {face.number}"
