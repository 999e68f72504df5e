"""The worker's screen: which page is shown, a household read, a decision written, and leaving."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from epicerie_desktop.domain.access import Grant
from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.eligibility.outcome import Outcome
from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.services.queries.ending import rights_to_renew
from epicerie_desktop.services.queries.exceptional import exceptional_to_validate
from epicerie_desktop.services.queries.study import Study, study_of
from epicerie_desktop.services.rights import decide
from epicerie_desktop.services.rights.exceptional import validate_exceptional
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import ask_confirm
from epicerie_desktop.ui.common.faults import FaultTeller
from epicerie_desktop.ui.common.layout import PageHeader, page, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households import wording
from epicerie_desktop.ui.households.parts import chain
from epicerie_desktop.ui.households.standing import RightsPanel
from epicerie_desktop.ui.rights.adopting import AdoptPage
from epicerie_desktop.ui.rights.asking import confirmed, goes_on_words
from epicerie_desktop.ui.rights.deciding import Decided, Statement, decided
from epicerie_desktop.ui.rights.decision import Settled
from epicerie_desktop.ui.rights.done import DonePage
from epicerie_desktop.ui.rights.landing import LandingPage, ReservedPage
from epicerie_desktop.ui.rights.measure import ask_measure
from epicerie_desktop.ui.rights.renewing import ask_renewal
from epicerie_desktop.ui.rights.rereading import print_decision, print_last, reopen
from epicerie_desktop.ui.rights.study_page import StudyPage
from epicerie_desktop.ui.screen import Screen

_NOBODY, _NO_RULE, _STUDY, _RESERVED, _DONE = range(5)


class RightScreen(Screen):
    """One page at a time: the rights that end, a household under study, the decision just written; F12 writes."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "access_grant",
            "assessment",
            "decision",
            "ruleset",
            "household",
            "household_member",
            "household_address",
            "person",
            "suspension",
            "social_scale",
            "support_file",
        }
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._household: int | None = None
        self._busy = False
        today = self.desk.clock.today()
        self.header = PageHeader(_("Droit"))
        self.notice = Notice(closable=True)
        self.study = StudyPage(self, today)
        self.statement, self.papers, self.decision = self.study.statement, self.study.papers, self.study.decision
        self.verdict, self.steps = self.study.verdict, self.study.steps
        self.rights, self.history = self.study.rights, self.study.history
        self.done = DonePage()
        self.landing = LandingPage()
        self.rights_alone = RightsPanel(_("Droits déjà ouverts"))
        self.adopting = AdoptPage(self)
        self.leave_button = ActionButton(_("Retour au dossier"), "Esc", "arrow-left")
        self.quick_button = ActionButton(_("Vérification rapide"), icon="circle-question-mark", kind="quiet")
        self.print_button = ActionButton(_("Imprimer"), "Ctrl+P", "printer", "quiet")
        self.keep_button = ActionButton(_("Garder l'évaluation"), "F9", "save")
        self.open_button = ActionButton(_("Ouvrir le droit"), "F12", "check", "primary")
        self.pages = QStackedWidget()
        self._lay_out()
        self.fault = FaultTeller(self.notice)
        self._connect()

    def _lay_out(self) -> None:
        for one in (self.landing, self.adopting, self.study, ReservedPage(self.rights_alone), self.done):
            self.pages.addWidget(one)
        whole = page(self)
        whole.addWidget(self.header)
        whole.addWidget(self.notice)
        whole.addWidget(self.pages, 1)
        whole.addLayout(
            row(self.leave_button, self.quick_button, None, self.print_button, self.keep_button, self.open_button)
        )

    def _connect(self) -> None:
        self.study.changed.connect(self.fault.look_again)
        self.study.stops_changed.connect(self._order)
        self.study.day_wanted.connect(self.refresh)
        self.decision.answered.connect(self._tell_act)
        self.history.open_wanted.connect(self._on_reopen)
        self.rights.suspend_wanted.connect(self._on_suspend)
        self.adopting.adopted.connect(self._on_adopted)
        self.leave_button.clicked.connect(self._on_leave)
        self.keep_button.clicked.connect(self._on_keep)
        self.print_button.clicked.connect(self._on_print)
        self.quick_button.clicked.connect(self._on_quick)
        self.open_button.clicked.connect(self.open_right)
        self.landing.study_wanted.connect(self._on_study)
        self.landing.renew_wanted.connect(self._on_renew)
        self.landing.choose_wanted.connect(self._on_choose)
        self.landing.validate_wanted.connect(self._on_validate)
        self._show_page(_NOBODY)

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def subject(self) -> Study | None:
        """Return the household under study."""
        return self.study.subject

    def open_with(self, **what: Any) -> None:
        """Study the right of a `household`."""
        self._household = int(str(what["household"]))
        self.study.forget()
        self._busy = False
        self.fault.forget()
        self.notice.tell("info", "")
        self._read(self._household)

    def refresh(self) -> None:
        """Read the household again, what is typed in the statement stays; without a household, the rights that end."""
        if self._household is None:
            desk = self.desk
            self.ask(lambda: rights_to_renew(desk), self.landing.show_rights, key="ending")
            if desk.social_key is not None:
                self.ask(lambda: exceptional_to_validate(desk), self.landing.show_visits, key="exceptional")
        elif not self._busy:
            self._read(self._household)

    def first_field(self) -> QWidget | None:
        """Return the first line to fill, or what can be done."""
        at = self.pages.currentIndex()
        if at == _STUDY:
            return self.statement.first_field() or self.open_button
        if at == _DONE:
            return self.print_button
        if at == _NOBODY:
            return self.landing.table
        return self.adopting.example if at == _NO_RULE else self.leave_button

    def may_leave(self) -> bool:
        """Return whether the screen may be left: the figures typed and not kept are asked about."""
        return not self.dirty or ask_confirm(
            self.window(), _("Quitter sans garder ces montants ?"),
            _("Les ressources et les charges que vous avez tapées ne sont pas enregistrées."),
            _("Quitter sans garder"), _("Rester ici"), danger=True,
        )  # fmt: skip

    @property
    def dirty(self) -> bool:
        """Return whether the statement holds something that is not kept."""
        return self.pages.currentIndex() == _STUDY and self.study.dirty

    def _read(self, household: int) -> None:
        self.ask(partial(study_of, self.desk, household, self.study.day), self._on_subject, key="subject")

    def _on_subject(self, subject: Study) -> None:
        fresh = self.study.subject is None or self.pages.currentIndex() != _STUDY
        number = _("Foyer n° {number}").format(number=subject.file.form.number)
        self.header.set_words(
            _("Droit de {name}").format(name=subject.name), f"{number} · {wording.composition(subject.composition)}"
        )
        for panel in (self.rights, self.rights_alone):
            panel.show_grants(subject.file.grants, subject.today)
        self.history.show_history(subject.statements, subject.decisions)
        self.decision.tell_goes_on(goes_on_words(subject.running, subject.today))
        if subject.ruleset is None or not subject.readable:
            self.study.subject = subject
            self._tell_act()
            self._show_page(_NO_RULE if subject.readable else _RESERVED)
            return
        if self.study.show_subject(subject):
            self._tell_origin(subject)
        self._tell_act()
        self._show_page(_STUDY)
        self._order()
        self.study.weigh()
        if fresh:
            self.study.begin()

    @Slot()
    def _order(self) -> None:
        chain((*self.study.stops, self.leave_button, self.print_button, self.keep_button, self.open_button))

    def _tell_origin(self, subject: Study) -> None:
        if subject.stated_on is not None:
            told = _("Les montants sont ceux de la dernière évaluation, le {day} : corrigez ce qui a changé.")
            self.notice.tell("info", told.format(day=shown.middle_day(subject.stated_on)))

    def _show_page(self, which: int) -> None:
        self.pages.setCurrentIndex(which)
        if which == _NOBODY:
            self.header.set_words(
                _("Droits"), _("Choisissez un foyer pour étudier sa situation, décider ou renouveler.")
            )
        self.leave_button.setVisible(which != _NOBODY)
        self.quick_button.setVisible(which == _NOBODY)
        self.print_button.setVisible(which in (_STUDY, _DONE))
        for button in (self.keep_button, self.open_button):
            button.setVisible(which == _STUDY)

    @Slot()
    def _tell_act(self) -> None:
        granted = _("Renouveler le droit") if self.subject and self.subject.file.grants else _("Ouvrir le droit")
        words = {Answer.REFUSED: _("Enregistrer le refus"), Answer.ADJOURNED: _("Enregistrer l'ajournement")}
        self.open_button.set_text(words.get(self.decision.answer, granted))

    # -- deciding ------------------------------------------------------------------------------------------------------

    @Slot()
    def open_right(self) -> None:
        """Keep the statement and write the decision, after asking about a refusal, or a right against the advice."""
        settled = self._checked()
        if settled is None or self._household is None:
            return
        statement, before = self.study.statement_now, self.study.kept
        kept = before[1] if before is not None and before[0] == statement else None
        if not confirmed(self.window(), settled, self.verdict.outcome, self.decision.goes_on.text()):
            return
        self._busy = True
        self.act(
            partial(decided, self.desk, self._household, statement, settled, self.desk.clock.today(), kept),
            partial(self._on_decided, statement, settled),
        )

    def _checked(self) -> Settled | None:
        if self._busy or self.pages.currentIndex() != _STUDY:
            return None
        wrong = self.statement.wrong()
        settled = self.decision.settled() if wrong is None else None
        if settled is None:
            self.fault.tell(wrong or self.decision.wrong())
        return settled

    def _on_decided(self, statement: Statement, settled: Settled, done: Decided) -> None:
        self._busy = False
        self.study.kept = (statement, done.assessment)
        if done.decision is None:
            self.notice.tell("error", str(done.refusal))
            return
        self.notice.tell("info", "")
        self.done.show_decision(done.decision.id, settled, self.decision.goes_on.text())
        self._show_page(_DONE)
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_keep(self) -> None:
        wrong = self.statement.wrong()
        if wrong is not None:
            self.fault.tell(wrong)
        elif self._household is not None and not self._busy:
            statement = self.study.statement_now
            self._busy = True
            self.act(
                partial(decide.record_assessment, self.desk, self._household, statement.situation, statement.said),
                partial(self._on_assessed, statement),
            )

    def _on_assessed(self, statement: Statement, recorded: tuple[int, Outcome]) -> None:
        self._busy = False
        self.study.kept = (statement, recorded[0])
        self.notice.tell("success", _("L'évaluation du jour est gardée. Aucun droit n'a été ouvert."))

    @Slot(object)
    def _on_suspend(self, _grant: Grant) -> None:
        if self.subject is not None:
            who = _("Foyer {number}").format(number=self.subject.file.form.number)
            ask_measure(self, self.subject.household, who)

    def on_trouble(self, error: Exception) -> None:
        """Show a refusal above the screen, nothing typed being lost; the rest as everywhere."""
        self._busy = False
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    # -- the règlement, and leaving ------------------------------------------------------------------------------------

    @Slot(object)
    def _on_adopted(self, ruleset: Ruleset) -> None:
        template = N_("Le règlement « {name} » est adopté.")
        if ruleset.valid_from > self.desk.clock.today():
            template = N_("Le règlement « {name} » est adopté ; il entre en vigueur le {day}.")
        self.notice.tell("success", _(template).format(name=ruleset.name, day=shown.day(ruleset.valid_from)))

    @Slot()
    def _on_leave(self) -> None:
        if self._household is not None and self.may_leave():
            household, words = self._household, self.done.words if self.pages.currentIndex() == _DONE else ""
            self._household = None
            self.study.forget()
            self._show_page(_NOBODY)
            self.refresh()
            if words:
                self.go("households", household=household, told=words)
            else:
                self.go("households", household=household)

    @Slot()
    def _on_print(self) -> None:
        if self.pages.currentIndex() == _DONE:
            print_decision(self, self.done.decision)
        elif self._household is not None:
            print_last(self, self._household)

    @Slot(object, object)
    def _on_reopen(self, assessment: int | None, decision: int | None) -> None:
        reopen(self, assessment, decision)

    @Slot()
    def _on_quick(self) -> None:
        self.go("quick")

    @Slot(int)
    def _on_study(self, household: int) -> None:
        self.open_with(household=household)

    @Slot(int)
    def _on_renew(self, household: int) -> None:
        told, refused = partial(self.notice.tell, "success"), partial(self.notice.tell, "warn")
        ask_renewal(self, household, told, refused)

    @Slot(int)
    def _on_validate(self, grant: int) -> None:
        self.act(
            partial(validate_exceptional, self.desk, grant),
            lambda _none: self.notice.tell("success", _("Le passage exceptionnel est validé.")),
        )

    @Slot()
    def _on_choose(self) -> None:
        self.go("households")
