"""The households' screen: the list on the left, the file on the right, saved by F12 and never lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import verdict_on
from epicerie_desktop.domain.resemblance import TO_SHOW
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import HouseholdForm
from epicerie_desktop.services.queries.alike import AlikeAnswer, files_like
from epicerie_desktop.services.queries.counter import MOST_FOUND, FoundHousehold
from epicerie_desktop.services.queries.households import (
    HouseholdFile,
    ReferrerRow,
    household_file,
    list_referrers,
)
from epicerie_desktop.services.queries.study import composition_of
from epicerie_desktop.services.team import in_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Stale
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted, ask_confirm
from epicerie_desktop.ui.common.layout import FollowingArea, PageHeader, label, page, row
from epicerie_desktop.ui.common.states import EmptyState, Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.households.dialogs import UnsavedDialog
from epicerie_desktop.ui.households.doubles import SameDialog, face_of
from epicerie_desktop.ui.households.file_form import FileForm, new_form
from epicerie_desktop.ui.households.finder import Finder
from epicerie_desktop.ui.households.gestures import FileGestures
from epicerie_desktop.ui.households.listing import listed
from epicerie_desktop.ui.households.merge import merged
from epicerie_desktop.ui.households.parts import Pill, chain
from epicerie_desktop.ui.households.standing import CardPanel, RightsPanel
from epicerie_desktop.ui.rights.renewing import ask_renewal
from epicerie_desktop.ui.screen import Screen

_LIST_NARROW, _LIST_WIDE = 280, 360
_NOBODY, _FILE = 0, 1
_LOOK_AFTER_MS = 400
"""Of rest at the keyboard before looking for a file like the one being typed."""


class HouseholdsScreen(Screen):
    """Find a household, read and change its file, open a new one. Nothing typed is dropped without being asked about."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"household", "household_member", "household_address", "person", "card", "access_grant", "referrer", "sale"}
    )
    saved = Signal(int)
    """A file was saved: its id."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.file: HouseholdFile | None = None
        self._kept: tuple[object, ...] = ()
        self._saving = False
        self._told = ""
        self._then: Callable[[], None] | None = None
        today = self.desk.clock.today()
        self.finder = Finder()
        self.new_button = ActionButton(_("Nouveau foyer"), "F3", "user-plus")
        self.header = PageHeader("", actions=())
        self.pill = Pill()
        self.right_button = ActionButton(_("Ouvrir un droit"), "F7", "calendar-days")
        self.support_button = ActionButton(_("Accompagnement"), "F8", "handshake")
        self.notice = Notice(closable=True)
        self.form = FileForm(today)
        self.cards = CardPanel(self.desk.shop)
        self.rights = RightsPanel(_("Droits"), renewable=self.decides)
        self.state = label("", "soft")
        self.undo_button = ActionButton(_("Abandonner"), "Shift+F12", icon="undo-2")
        self.save_button = ActionButton(_("Enregistrer"), "F12", "save", "primary")
        self.area = FollowingArea()
        self.pages = QStackedWidget()
        self.pairs_button = ActionButton(_("Doublons possibles"), "F9", "users", "quiet")
        self.cards_button = ActionButton(_("Imprimer les cartes…"), "Shift+F7", "printer", "quiet")
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_LOOK_AFTER_MS)
        self._lay_out()
        self._gestures = FileGestures(self)
        self._connect()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        column.addWidget(self.form)
        column.addWidget(self.rights)
        column.addWidget(self.cards)
        column.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.header)
        standing = row(self.pill, None, self.support_button, self.right_button)
        column.addLayout(standing)
        column.addWidget(self.notice)
        column.addWidget(self.area, 1)
        foot = row(self.state, self.undo_button, self.save_button)
        foot.setStretch(0, 1)
        column.addLayout(foot)
        start = ActionButton(_("Ouvrir un nouveau foyer"), icon="user-plus")
        start.clicked.connect(self.start_new)
        self.pages.addWidget(
            EmptyState(
                "users", _("Aucun foyer choisi"), _("Choisissez un foyer à gauche, ou ouvrez-en un nouveau."), start
            )
        )
        self.pages.addWidget(right)
        left = QWidget()
        left.setMinimumWidth(_LIST_NARROW)
        left.setMaximumWidth(_LIST_WIDE)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(_("Foyers"), "title"))
        column.addWidget(self.finder, 1)
        column.addWidget(self.new_button)
        column.addWidget(self.pairs_button)
        column.addWidget(self.cards_button)
        whole = row(left, self.pages, spacing=20)
        whole.setStretch(0, 1)
        whole.setStretch(1, 3)
        page(self).addLayout(whole)

    def _connect(self) -> None:
        self.finder.asked.connect(self._read_list)
        self.finder.wanted.connect(self.open_household)
        self.finder.entered.connect(self._on_entered)
        self.new_button.clicked.connect(self.start_new)
        self.right_button.clicked.connect(self._on_right)
        self.rights.renew_wanted.connect(self._on_renew)
        self.support_button.clicked.connect(self._on_support)
        self.form.changed.connect(self._tell_state)
        self.form.stops_changed.connect(self._order)
        self.form.changed.connect(self._look_later)
        self._looking.timeout.connect(self._look_for_same)
        self.form.duplicates.wanted.connect(self.open_household)
        self.undo_button.clicked.connect(self._on_undo)
        self.save_button.clicked.connect(self.save)
        for keys, gesture in (("F2", self._on_search), ("Ctrl+S", self.save)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(gesture)

    # -- opening -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again, and the file unless something is being typed in it."""
        self._read_list()
        self.ask(partial(list_referrers, self.desk), self.show_referrers, key="referrers")
        if self.household is not None and not self._saving:
            then = self._on_beside if self.dirty else self._on_file
            self.ask(partial(household_file, self.desk, self.household), then, key="file")

    def open_with(self, **what: Any) -> None:
        """Open the file of a `household`, or a new one with `new=True`; `told` is a good news to show above it.

        `foreign` is a card of another shop, to be offered to the file opened or saved next.
        """
        self._told = str(what.get("told", ""))
        if what.get("new"):
            self.start_new()
        elif "household" in what:
            self.open_household(int(str(what["household"])))
        self._gestures.expect_card(str(what.get("foreign", "")))

    def first_field(self) -> QWidget | None:
        """Return the field in which one looks for a household, or the first of the file being typed."""
        return self.form.first_field() if self.editing and self.file is None else self.finder.search

    @property
    def household(self) -> int | None:
        """Return the id of the file shown, None for a new one or for none."""
        return self.file.form.id if self.file is not None else None

    @property
    def decides(self) -> bool:
        """Return whether this account studies and opens rights: a volunteer reads them, and leaves them to the team."""
        return in_team(self.desk)

    @property
    def editing(self) -> bool:
        """Return whether a file is shown."""
        return self.pages.currentIndex() == _FILE

    @property
    def dirty(self) -> bool:
        """Return whether something was typed that is not saved."""
        return self.editing and self.form.snapshot() != self._kept

    def may_leave(self) -> bool:
        """Return whether the file may be left now; what is not saved is asked about first."""
        return not self.dirty or self._asked_about(None)

    @Slot(int)
    def open_household(self, household: int) -> None:
        """Open a file, after asking about what is not saved."""
        if household == self.household and not self.dirty:
            self._read_file(household)
        elif household != self.household:
            self._leave_then(partial(self._read_file, household))

    @Slot()
    def start_new(self) -> None:
        """Open an empty file, the keyboard on the holder's name."""
        self._leave_then(self._show_new)

    def _leave_then(self, go: Callable[[], None]) -> None:
        if not self.dirty or self._asked_about(go):
            go()
        else:
            self.finder.select(self.household)

    def _asked_about(self, go: Callable[[], None] | None) -> bool:
        """Ask about what is not saved; return True to leave it, False to stay. Saving goes on to `go` once it is done."""
        question = UnsavedDialog(self.form_name(), self.window())
        accepted(question)
        if question.save:
            self._then = go
            self.save()
        return question.drop

    def form_name(self) -> str:
        """Return how the file shown is called: its number, or a new household."""
        return _("foyer n° {number}").format(number=self.file.form.number) if self.file else _("nouveau foyer")

    def _show_new(self) -> None:
        self.file = None
        self.finder.select(None)
        self._show_form(new_form())
        self.header.set_words(
            _("Nouveau foyer"), _("Commencez par la personne titulaire. Entrée passe au champ suivant.")
        )
        self.notice.dismiss()
        self._show_panels()
        self.form.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_form(self, form: HouseholdForm) -> None:
        self.form.show_form(form)
        self._kept = self.form.snapshot()
        self.pages.setCurrentIndex(_FILE)
        self.area.verticalScrollBar().setValue(0)
        self._tell_state()

    def _read_file(self, household: int) -> None:
        self.finder.select(household)
        self.ask(partial(household_file, self.desk, household), self._on_file, key="file")

    def _on_file(self, file: HouseholdFile) -> None:
        if self.dirty and file.form.id == self.household:
            return
        same = self.household == file.form.id and self.editing
        focus, place = self.focusWidget(), self.area.verticalScrollBar().value()
        changed = not same or self.file is None or self.file.form != file.form
        self.file = file
        if changed:
            self.notice.dismiss() if not same else None
            self._show_form(file.form)
            self.area.verticalScrollBar().setValue(place if same else 0)
            if focus is not None and same and focus.isVisible():
                focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_head()
        self._show_panels()
        if self._told:
            self.notice.tell("success", self._told)
            self._told = ""
        self._gestures.file_shown()

    def _on_beside(self, file: HouseholdFile) -> None:
        """Show the card and the rights read again; the fields being typed, and what they started from, stay."""
        if self.file is not None and file.form.id == self.household:
            self.file = replace(file, form=self.file.form)
            self._show_panels()

    @Slot()
    def _order(self) -> None:
        cards = (self.rights.renew, self.cards.attach, self.cards.issue, self.cards.print)
        chain(
            (
                self.support_button,
                self.right_button,
                *self.form.stops,
                *cards,
                self.undo_button,
                self.save_button,
            )
        )

    def _show_head(self) -> None:
        assert self.file is not None
        form, today = self.file.form, self.desk.clock.today()
        found = composition_of(form.members, today)
        verdict = verdict_on(today, self.file.grants, found.persons)
        parts = [_("Foyer n° {number}").format(number=form.number), wording.composition(found)]
        if self.file.last_visit is not None:
            parts.append(_("dernier passage le {day}").format(day=shown.day(self.file.last_visit)))
        self.header.set_words(wording.holder(form.members, today), " · ".join(parts))
        self.pill.tell(wording.mark(verdict.state), wording.state(verdict))

    def _show_panels(self) -> None:
        known = self.file is not None
        for panel in (self.cards, self.rights, self.pill, self.right_button, self.support_button):
            panel.setVisible(known)
        if self.file is not None:
            self.cards.show_cards(self.file.cards)
            self.rights.show_grants(self.file.grants, self.desk.clock.today())
            self.right_button.setVisible(self.decides)
            self.right_button.set_text(_("Étudier le droit") if self.file.grants else _("Ouvrir un droit"))

    # -- the list ------------------------------------------------------------------------------------------------------

    @Slot()
    def _read_list(self) -> None:
        typed, only_open = self.finder.text, self.finder.open_only.isChecked()
        self.ask(partial(listed, self.desk, typed, only_open=only_open), self._on_list, key="list")

    def _on_list(self, answer: tuple[tuple[FoundHousehold, ...], str]) -> None:
        rows, trouble = answer
        self.finder.show_rows(rows, MOST_FOUND if self.finder.text else None, trouble)

    def show_referrers(self, rows: tuple[ReferrerRow, ...]) -> None:
        """Offer the people who refer; a file just read stays as it was read."""
        was_clean = not self.dirty
        self.form.show_referrers(rows)
        if was_clean and self.editing:
            self._kept = self.form.snapshot()
            self._tell_state()

    @Slot()
    def _on_search(self) -> None:
        self.finder.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.search.line.selectAll()

    @Slot()
    def _on_entered(self) -> None:
        if self.editing:
            self.form.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _look_later(self) -> None:
        if self.file is None and self.editing:
            self._looking.start()

    @Slot()
    def _look_for_same(self) -> None:
        if self.file is None and self.editing:
            self._find_same(self.form.show_same)

    def _find_same(self, then: Callable[[AlikeAnswer], None]) -> None:
        ask = partial(files_like, self.desk, self.form.form())
        self.context.long.submit(self, ask, then, self.on_trouble, key="same")

    # -- saving --------------------------------------------------------------------------------------------------------

    @Slot()
    def _tell_state(self) -> None:
        dirty = self.dirty
        self.state.setText(_("Changements non enregistrés") if dirty else "")
        self.undo_button.setVisible(dirty)
        self.save_button.setEnabled(self.editing and (dirty or self.file is None))

    @Slot()
    def save(self) -> None:
        """Save the file; what is wrong is told beside it and nothing is lost."""
        if not self.editing or self._saving or not (self.dirty or self.file is None):
            return
        wrong = self.form.problem()
        if wrong is not None:
            self._then = None
            self.notice.tell("error", _("Rien n'est encore enregistré : un champ est à revoir."))
            self._go_to(wrong)
            return
        self._saving = True
        if self.file is None:
            self._find_same(self._save_unless_known)
        else:
            self._write()

    def _write(self) -> None:
        self.act(partial(enrol.save_household, self.desk, self.form.form()), self._on_saved)

    def _save_unless_known(self, answer: AlikeAnswer) -> None:
        """Save a new file, once the person has seen the file it looks like."""
        self.form.show_same(answer)
        first = next((f for f in answer.found if f.score >= TO_SHOW), None)
        if first is not None:
            asked = SameDialog(
                face_of(self.form.form(), self.desk.clock.today()), first.face, first.reasons, self.window()
            )
            go_on = accepted(asked)
            if asked.existing:
                self._saving = False
                self._kept = self.form.snapshot()
                self._read_file(first.face.id)
                return
        else:
            go_on = not answer.ask or ask_confirm(
                self.window(), _("Un dossier réservé ressemble à celui-ci"),
                _("Voyez avec la coordination avant d'ouvrir un second dossier pour le même foyer."),
                _("Enregistrer quand même"), _("Ne rien enregistrer"),
            )  # fmt: skip
        if go_on:
            self._write()
        else:
            self._saving, self._then = False, None

    def _on_saved(self, household: int) -> None:
        self._saving = False
        self._kept = self.form.snapshot()
        self.ask(partial(household_file, self.desk, household), self._on_saved_file, key="saved")

    def _on_saved_file(self, file: HouseholdFile) -> None:
        self.finder.select(file.form.id)
        self._on_file(file)
        self.notice.tell(
            "success", _("Le dossier du foyer n° {number} est enregistré.").format(number=file.form.number)
        )
        (self.right_button if self.decides else self.finder.search).setFocus(Qt.FocusReason.OtherFocusReason)
        go, self._then = self._then, None
        if go is not None:
            go()
        self.saved.emit(file.form.id)

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal of the file above it, everything typed being kept; the rest as everywhere."""
        self._then = None
        saving, self._saving = self._saving, False
        if isinstance(error, Stale) and self.household is not None:
            self.ask(partial(household_file, self.desk, self.household), self._on_theirs, key="theirs")
        elif isinstance(error, RuleRefused) and saving:
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    def _on_theirs(self, file: HouseholdFile) -> None:
        both, conflicts = merged(self.form.base, self.form.form(), file.form)
        self.file = file
        self.form.show_form(file.form)
        self._kept = self.form.snapshot()
        self.form.show_form(both, base=file.form)
        self._show_head()
        self._show_panels()
        told = _(
            "Quelqu'un d'autre a enregistré ce dossier pendant ce temps. Ses changements sont repris ici, les vôtres sont "
            "gardés : relisez, puis enregistrez de nouveau."
        )
        if conflicts:
            told += "\n" + _("À vérifier :") + " " + " ; ".join(c.sentence() for c in conflicts)
        self.notice.tell("warn", told)
        self._tell_state()

    def _go_to(self, field: QWidget) -> None:
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.ensureWidgetVisible(field, 0, 80)

    @Slot()
    def _on_undo(self) -> None:
        if self.file is None:
            self._kept = self.form.snapshot()
            self._show_new()
            return
        self._show_form(self.file.form)
        self.notice.dismiss()

    # -- going on ------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_right(self) -> None:
        if self.household is not None:
            household = self.household
            self._leave_then(lambda: self.go("right", household=household))

    @Slot()
    def _on_renew(self) -> None:
        if self.household is not None:
            told, refused = partial(self.notice.tell, "success"), partial(self.notice.tell, "warn")
            ask_renewal(self, self.household, told, refused)

    @Slot()
    def _on_support(self) -> None:
        if self.household is not None:
            household = self.household
            self._leave_then(lambda: self.go("support", household=household))
