"""The règlements of the shop: those adopted, and the one being written, tried, compared, then adopted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from epicerie_desktop.domain.eligibility.draft import Draft, has_comments, strangers
from epicerie_desktop.domain.eligibility.rules import Ruleset, ScaleFigure
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.services.rights.rulesets import AdoptedRuleset, KeptDraft, RulesetState
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.layout import PageHeader, page, row
from epicerie_desktop.ui.common.states import Notice, NoticeKind
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.papers import written
from epicerie_desktop.ui.rulesets.adopt_page import AdoptPage
from epicerie_desktop.ui.rulesets.editor import Editor
from epicerie_desktop.ui.rulesets.list_page import STATES, ListPage
from epicerie_desktop.ui.rulesets.start_page import Start, StartPage, starts
from epicerie_desktop.ui.rulesets.view_page import ViewPage
from epicerie_desktop.ui.screen import Screen

_KEEP_MS = 400
_LIST, _START, _EDIT, _VIEW, _ADOPT = range(5)


@dataclass(frozen=True, slots=True)
class _Known:
    rulesets: tuple[AdoptedRuleset, ...]
    draft: KeptDraft | None
    scales: tuple[ScaleFigure, ...]


def _known(desk: Desk) -> _Known:
    return _Known(rulesets.list_rulesets(desk), rulesets.kept_ruleset_draft(desk), rulesets.scales(desk))


class RulesetScreen(Screen):
    """One thing at a time: the list, what to start from, the form, a règlement to read, the comparison before adoption."""

    tables: ClassVar[frozenset[str]] = frozenset({"ruleset", "assessment", "access_grant"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._adopted: tuple[AdoptedRuleset, ...] = ()
        self._scales: tuple[ScaleFigure, ...] = ()
        self._kept: KeptDraft | None = None
        self._saved: Draft | None = None
        self._begun: Draft | None = None
        self._told_incomplete = False
        self.header = PageHeader("")
        self.notice = Notice(closable=True)
        self.notice.closed.connect(self._forget_notice)
        self.list = ListPage()
        self.start = StartPage()
        self.editor = Editor()
        self.view = ViewPage()
        self.adopt = AdoptPage(self)
        self.pages = QStackedWidget()
        for part in (self.list, self.start, self.editor, self.view, self.adopt):
            self.pages.addWidget(part)
        self.back = ActionButton(_("Retour"), "Esc", "arrow-left")
        self.export = ActionButton(_("Exporter…"), "Ctrl+E", "download", "quiet")
        self.print = ActionButton(_("Imprimer"), "Ctrl+P", "printer", "quiet")
        self.go_on = ActionButton("", "F12", "check", "primary")
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(_KEEP_MS)
        whole = page(self)
        whole.addWidget(self.header)
        whole.addWidget(self.notice)
        whole.addWidget(self.pages, 1)
        foot = row(self.back, self.export, self.print, spacing=12)
        foot.addStretch(1)
        foot.addWidget(self.go_on)
        whole.addLayout(foot)
        self._connect()
        self._show(_LIST)

    def _connect(self) -> None:
        self.back.clicked.connect(self._on_back)
        self.go_on.clicked.connect(self._on_go_on)
        self.export.clicked.connect(self._on_export)
        self.print.clicked.connect(self.adopt.print_comparison)
        self.list.opened.connect(self._on_view)
        self.list.resumed.connect(self._on_resume)
        self.list.forgotten.connect(self._on_forget)
        self.list.withdrawn.connect(self._on_withdraw)
        self.start.chosen.connect(self._on_start)
        self.adopt.busy_changed.connect(self._on_comparing)
        self.editor.edited.connect(self._on_edited)
        self._keeping.timeout.connect(self._keep)

    # -- reading -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the règlements again; what is being written stays as it is."""
        desk = self.desk
        self.ask(lambda: _known(desk), self._on_known, key="known")

    def _on_known(self, known: _Known) -> None:
        self._adopted, self._scales, self._kept = known.rulesets, known.scales, known.draft
        self.list.show_rulesets(known.rulesets, known.draft)
        self._name()

    def open_with(self, **what: Any) -> None:
        """Take what to start from (`start`, the key of a type or of a published règlement), to be opened in the form."""
        found = next((s for s in starts(None) if s.key == what.get("start")), None)
        if found is not None:
            self._on_start(found)

    def first_field(self) -> QWidget | None:
        """Return the list one walks, or the first question."""
        at = self.pages.currentIndex()
        if at == _EDIT:
            return self.editor.parts
        lists: dict[int, QWidget] = {_LIST: self.list.list, _START: self.start.list, _VIEW: self.view.list}
        return lists.get(at, self.back)

    def may_leave(self) -> bool:
        """Return whether the screen may be left: a règlement being written is asked about, and kept."""
        if not self.writing:
            return True
        if not ask_confirm(
            self.window(), _("Quitter ce règlement ?"),
            _("Il n'est pas adopté. Il reste gardé sur ce poste : vous pourrez le reprendre là où vous en étiez."),
            _("Quitter"), _("Continuer à écrire"),
        ):  # fmt: skip
            return False
        self._keep()
        self._begun = None
        self._stale = True
        self._show(_LIST)
        return True

    @property
    def writing(self) -> bool:
        """Return whether something was written that is not adopted."""
        here = self.pages.currentIndex() in (_EDIT, _ADOPT)
        return here and self._begun is not None and self.editor.draft != self._begun

    # -- pages ---------------------------------------------------------------------------------------------------------

    def _show(self, which: int) -> None:
        self.pages.setCurrentIndex(which)
        self.export.setVisible(which != _START and which != _ADOPT)
        self.print.setVisible(which == _ADOPT)
        self.go_on.set_text(
            {
                _LIST: _("Écrire un règlement"),
                _START: _("Partir de là"),
                _EDIT: _("Comparer"),
                _VIEW: _("Partir de celui-ci"),
                _ADOPT: _("Adopter"),
            }[which]
        )
        self._name()
        field = self.first_field()
        if field is not None and self.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name(self) -> None:
        which = self.pages.currentIndex()
        self.export.setEnabled(which != _LIST or bool(self._adopted))
        titles = {
            _LIST: (
                _("Règlement"),
                _("Chacun s'applique à partir de son premier jour ; ce qui est décidé garde le sien."),
            ),
            _START: (_("De quoi partir ?"), ""),
            _EDIT: (
                _("Écrire un règlement"),
                _("Partie suivante : Ctrl + Page suivante."),
            ),
            _VIEW: (str(self.view.draft.get(("name",), "")), ""),
            _ADOPT: (_("Avant d'adopter"), _("Qui gagne et qui perd, parmi les foyers dont le dossier est ouvert.")),
        }
        self.header.set_words(*titles[which])

    @Slot()
    def _on_back(self) -> None:
        which = self.pages.currentIndex()
        if which != _EDIT or not self.editor.in_row:
            self._forget_notice()
        if which == _LIST:
            self.go("settings")
        elif which == _EDIT and self.editor.in_row:
            self.editor.back_to_part()
        elif which == _ADOPT:
            self.adopt.stop()
            self._show(_EDIT)
            self.editor.weigh()
        elif which != _EDIT or self.may_leave():
            self._show(_LIST)
            self.refresh()

    @Slot()
    def _on_go_on(self) -> None:
        self._forget_notice()
        which = self.pages.currentIndex()
        if which in (_LIST, _VIEW) and not self._may_begin():
            return
        if which == _LIST:
            text = next((r.text for r in self._adopted if r.state is RulesetState.IN_FORCE), None)
            self.start.show_starts(text)
            self._show(_START)
        elif which == _START:
            self.start.take()
        elif which == _VIEW:
            self._begin(self.view.draft, dated=False, comments=has_comments(self.view.text))
        elif which == _EDIT:
            self._check()
        else:
            self._adopt()

    def _tell(self, kind: NoticeKind, text: str) -> None:
        self._told_incomplete = False
        self.notice.tell(kind, text)

    @Slot()
    def _forget_notice(self) -> None:
        self._tell("info", "")

    def _may_begin(self) -> bool:
        return self._kept is None or ask_confirm(
            self.window(), _("En commencer un autre ?"),
            _("Un règlement est déjà en cours d'écriture sur ce poste : il sera remplacé dès que vous écrirez."),
            _("En commencer un autre"), _("Revenir"), danger=True,
        )  # fmt: skip

    @Slot(object)
    def _on_view(self, found: AdoptedRuleset) -> None:
        until = shown.day(found.valid_until) if found.valid_until else _("sans fin")
        words = _("{state} : du {start} au {end}.") if found.valid_until else _("{state} : à partir du {start}.")
        self.view.show_text(
            found.text, words.format(state=_(STATES[found.state]), start=shown.day(found.valid_from), end=until)
        )
        self._show(_VIEW)

    # -- writing -------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_start(self, found: Start) -> None:
        if found.text is not None:
            self._begin(Draft.read(found.text), dated=False, comments=has_comments(found.text))
            return
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Quel règlement ?"), str(Path.home()), _("Règlements (*.toml)")
        )
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Open a file in the form; what is wrong in it is told there, or here where no question could mend it."""
        self.ask(partial(rulesets.read_ruleset_text, path), self._on_file)

    def _on_file(self, text: str) -> None:
        try:
            draft = Draft.read(text)
            beyond = next(iter(strangers(draft)), None)
        except BadInput as error:
            self._tell("error", trouble.sentence(error))
            return
        if beyond is not None:
            self._tell("error", _("Ce fichier n'a pas été ouvert. {problem}").format(problem=beyond.sentence))
            return
        self._begin(draft, dated=True, comments=has_comments(text))

    def _begin(self, draft: Draft, *, dated: bool, comments: bool = False) -> None:
        """Open a draft in the form; unless it is `dated` already, it starts on the first day of next month."""
        today = self.desk.clock.today()
        if not dated:
            draft = draft.put(("valid_from",), date(today.year + today.month // 12, today.month % 12 + 1, 1))
        self._begun = self._saved = draft
        self._show(_EDIT)
        self.editor.begin(draft, today, self._scales)
        if comments:
            self.notice.tell(
                "info",
                _("Les commentaires de ce fichier ne sont pas gardés : seul ce que montre le formulaire le sera."),
            )
        self.editor.focus_part()

    @Slot()
    def _on_resume(self) -> None:
        if self._kept is not None:
            self._begin(Draft.read(self._kept.text), dated=True)

    @Slot()
    def _on_forget(self) -> None:
        if ask_confirm(
            self.window(), _("Abandonner ce règlement en cours d'écriture ?"),
            _("Ce qui a été écrit sera perdu. Les règlements adoptés restent."),
            _("Abandonner"), _("Le garder"), danger=True,
        ):  # fmt: skip
            self.act(partial(rulesets.keep_ruleset_draft, self.desk, ""), lambda _none: self.refresh())

    @Slot(object)
    def _on_edited(self, draft: Draft) -> None:
        if self._told_incomplete and self.pages.currentIndex() == _EDIT:
            self._tell_incomplete()
        if self._begun is not None and draft != self._saved:
            self._keeping.start()

    @Slot()
    def _keep(self) -> None:
        """Keep what is written, so that a power cut loses nothing."""
        self._keeping.stop()
        draft = self.editor.draft
        if self._begun is None or draft == self._saved:
            return
        self._saved = draft
        self.act(partial(rulesets.keep_ruleset_draft, self.desk, draft.text()))

    @Slot()
    def _on_export(self) -> None:
        which = self.pages.currentIndex()
        text = self.editor.draft.text() if which == _EDIT else self.view.text
        if which == _LIST:
            current = self.list.list.current
            text = current.text if current is not None else ""
        if text:
            self.export_to(text)

    def export_to(self, text: str, path: Path | None = None) -> None:
        """Write a règlement to a file, asked for where none is given."""
        if path is None:
            chosen, _kind = QFileDialog.getSaveFileName(
                self, _("Où garder ce règlement ?"), str(Path.home() / "reglement.toml"), _("Règlements (*.toml)")
            )
            if not chosen:
                return
            path = Path(chosen) if chosen.lower().endswith(".toml") else Path(f"{chosen}.toml")
        told = _("Le règlement est écrit dans « {name} ».").format(name=path.name)
        self.ask(partial(written, text.encode("utf-8"), path), lambda _path: self._tell("success", told))

    @Slot(bool)
    def _on_comparing(self, under_way: bool) -> None:
        """Leave Escape to « Interrompre » while households are compared."""
        for button in (self.back, self.go_on, self.print):
            button.setEnabled(not under_way)
        if not under_way:
            self.print.setEnabled(self.adopt.comparison is not None)

    # -- adopting ------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self.editor.weigh()
        if self.editor.problems:
            self._tell_incomplete()
            self.editor.show_first_problem()
            return
        self._keep()
        ruleset = self.editor.draft.ruleset()
        self._show(_ADOPT)
        on = max(ruleset.valid_from, self.desk.clock.today())
        first = all(r.valid_from > on for r in self._adopted)
        self.adopt.compare(ruleset, self.editor.draft.text(), first=first)

    def _tell_incomplete(self) -> None:
        """Say what is missing, and say it no more once nothing is."""
        problems = self.editor.problems
        told = _("Ce règlement n'est pas encore complet : rien n'est adopté. {problem}")
        self._tell("warn", told.format(problem=problems[0].sentence) if problems else "")
        self._told_incomplete = bool(problems)

    def _adopt(self) -> None:
        ruleset, text = self.editor.draft.ruleset(), self.editor.draft.text()
        if ask_confirm(
            self.window(), _("Adopter « {name} » ?").format(name=ruleset.name),
            _("Il s'appliquera aux droits décidés à partir du {day}. Ceux d'avant gardent leur règlement.").format(
                day=shown.day(ruleset.valid_from)
            ),
            _("Adopter ce règlement"), _("Revenir"),
        ):  # fmt: skip
            self.adopt.stop()
            self._keeping.stop()
            self.act(partial(rulesets.adopt_ruleset, self.desk, text), self._on_adopted)

    def _on_adopted(self, ruleset: Ruleset) -> None:
        self._begun = None
        self._show(_LIST)
        template = N_("« {name} » est adopté. Il s'applique à partir du {day}.")
        self._tell("success", _(template).format(name=ruleset.name, day=shown.day(ruleset.valid_from)))
        self.refresh()

    @Slot(object)
    def _on_withdraw(self, found: AdoptedRuleset) -> None:
        if ask_confirm(
            self.window(), _("Retirer « {name} » ?").format(name=found.name),
            _("Il devait commencer le {day}. Le règlement d'avant continuera de s'appliquer.").format(
                day=shown.day(found.valid_from)
            ),
            _("Retirer"), _("Le garder"), danger=True,
        ):  # fmt: skip
            self.act(partial(rulesets.withdraw_ruleset, self.desk, found.id), lambda _none: self.refresh())

    def on_trouble(self, error: Exception) -> None:
        """Say a refusal above the screen, nothing written being lost; a date that is refused takes the keyboard."""
        if not isinstance(error, RuleRefused | EnvironmentTrouble):
            super().on_trouble(error)
            return
        self._tell("error", trouble.sentence(error))
        if self.pages.currentIndex() == _ADOPT and isinstance(error, RuleRefused):
            self._show(_EDIT)
            self.editor.show_date(str(error))
