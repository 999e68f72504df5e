"""The quick check: what the règlement would answer for someone at the door. No name is asked, nothing is written or printed."""

from __future__ import annotations

import re
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from epicerie_desktop.domain.eligibility.rules import Ruleset
from epicerie_desktop.domain.eligibility.situation import MOST_MEMBERS, Member
from epicerie_desktop.domain.household import HouseholdType
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.statements import Said
from epicerie_desktop.domain.units import parse_count
from epicerie_desktop.services.nomenclatures import commune_names
from epicerie_desktop.services.queries.study import Told, ruleset_or_none, told_situation
from epicerie_desktop.services.rights.weighing import Weighed
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import go_on
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import Card, FormRow, PageHeader, SectionTitle, column, page, row, scrolled
from epicerie_desktop.ui.common.states import EmptyState
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.households.parts import EnterGoesOn, chain
from epicerie_desktop.ui.rights.deciding import weighed
from epicerie_desktop.ui.rights.statement import StatementEditor
from epicerie_desktop.ui.rights.verdict import CouldChangeCard, StepsCard, VerdictCard
from epicerie_desktop.ui.screen import Screen

_PAUSE_MS = 120
_AGES = re.compile(r"\s*(?:,|;|\bet\b|\band\b|\s)\s*")
ELSEWHERE = "00000"
"""The code of no commune: outside every territory."""


def parse_ages(text: str) -> tuple[int, ...]:
    """Return the ages typed « 3, 7 et 12 ». Raises `BadInput`: not ages, or someone of 18 or more."""
    found = []
    for part in _AGES.split(text.strip()):
        if not part.isdecimal() or len(part) > 3:
            raise BadInput(N_("Tapez l'âge de chaque enfant, par exemple 3, 7, 12."))
        if int(part) >= 18:
            raise BadInput(N_("« {age} » : à 18 ans ou plus, comptez la personne avec les adultes."), age=part)
        found.append(int(part))
    if len(found) >= MOST_MEMBERS:
        raise BadInput(N_("Tapez l'âge de chaque enfant, par exemple 3, 7, 12."))
    return tuple(found)


class PersonsCard(Card):
    """Who would be counted: adults, ages of the children, and what the règlement asks of them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.adults: ValueField[int] = ValueField(lambda t: parse_count(t, most=20), str, required=True)
        self.ages: ValueField[tuple[int, ...]] = ValueField(parse_ages, lambda a: ", ".join(str(n) for n in a))
        self.ages.set_hint(_("Un âge par enfant : 3, 7, 12"))
        self.kind, self.commune = QComboBox(), QComboBox()
        self._kind_row = FormRow(_("Type de foyer"), self.kind)
        self._commune_row = FormRow(_("Commune"), self.commune)
        persons = row(FormRow(_("Adultes"), self.adults), FormRow(_("Âge des enfants"), self.ages))
        self.add(SectionTitle(_("Les personnes")), persons, row(self._kind_row, self._commune_row))
        for field in (self.adults, self.ages):
            field.changed.connect(self.changed)
            field.submitted.connect(self._on_submitted)
        for combo in (self.kind, self.commune):
            combo.currentIndexChanged.connect(self.changed)
        EnterGoesOn(self).watch(self.kind, self.commune)

    def ask(self, rule: Ruleset) -> None:
        """Ask what this règlement uses, for one adult to begin with."""
        whens = list(rule.conditions())
        codes = sorted(rule.communes.union(*(w.communes for w in whens)), key=lambda c: commune_names().get(c, c))
        self.commune.clear()
        self.commune.addItem(_("sans réponse"), None)
        for code in codes:
            self.commune.addItem(commune_names().get(code, code), code)
        self.commune.addItem(_("une autre commune"), ELSEWHERE)
        self._commune_row.setVisible(bool(codes))
        self.kind.clear()
        self.kind.addItem(_("selon les personnes"), None)
        for kind in HouseholdType:
            self.kind.addItem(called(kind), kind)
        self._kind_row.setVisible(any(w.household_types for w in whens))
        self.adults.set_value(1)
        self.ages.set_value(None)

    @property
    def members(self) -> tuple[Member, ...] | None:
        """Return the persons, None while what is typed is wrong."""
        adults, ages = self.adults.value, self.ages.value if self.ages.text else ()
        if adults is None or ages is None:
            return None
        return (*(Member(child=False) for _n in range(adults)), *(Member(age=age, child=True) for age in ages))

    @property
    def household_type(self) -> HouseholdType | None:
        """Return the type chosen, None where it follows from the persons."""
        found = self.kind.currentData()
        return HouseholdType(found) if found else None

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        combos = ((self._kind_row, self.kind), (self._commune_row, self.commune))
        return (self.adults.line, self.ages.line, *(c for r, c in combos if r.isVisibleTo(self)))

    @Slot()
    def _on_submitted(self) -> None:
        field = self.sender()
        if isinstance(field, FieldFrame):
            go_on(field.line)


class QuickCheckScreen(Screen):
    """Persons and amounts on the left, the answer on the right; it forgets everything when it is cleared or left for good."""

    tables: ClassVar[frozenset[str]] = frozenset({"ruleset", "social_scale"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.ruleset: Ruleset | None = None
        self.persons = PersonsCard()
        self.statement = StatementEditor(self.desk.clock.today(), debts=False)
        self.verdict, self.could_change, self.steps = VerdictCard(), CouldChangeCard(), StepsCard()
        self.clear_button = ActionButton(_("Tout effacer"), "F9", "rotate-ccw")
        self.file_button = ActionButton(_("Ouvrir ou chercher un dossier"), "F12", "users", "primary")
        self.pages = QStackedWidget()
        self._weighing = QTimer(self)
        self._weighing.setSingleShot(True)
        self._weighing.setInterval(_PAUSE_MS)
        self._lay_out()
        self.persons.changed.connect(self._on_typed)
        self.statement.changed.connect(self._on_typed)
        self._weighing.timeout.connect(self._weigh)
        self.clear_button.clicked.connect(self.clear)
        self.file_button.clicked.connect(self._on_file)

    def _lay_out(self) -> None:
        self.pages.addWidget(
            EmptyState(
                "clipboard-list", _("Aucun règlement n'est encore en vigueur"),
                _("Adoptez le règlement de l'épicerie dans les réglages : la vérification s'appuie sur lui."),
            )
        )  # fmt: skip
        study = QWidget()
        sides = QHBoxLayout(study)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(16)
        areas = []
        for parts in ((self.persons, self.statement), (self.verdict, self.could_change, self.steps)):
            inside = QWidget()
            lines = column(*parts, None, spacing=16)
            lines.setContentsMargins(0, 0, 8, 0)
            inside.setLayout(lines)
            areas.append(scrolled(inside))
            sides.addWidget(areas[-1], 1)
        self.areas = tuple(areas)
        self.pages.addWidget(study)
        whole = page(self)
        told = _("Sans nom et sans dossier : rien n'est enregistré. La réponse est un avis, une personne décide.")
        whole.addWidget(PageHeader(_("Vérification rapide"), told))
        whole.addWidget(self.pages, 1)
        whole.addLayout(row(self.clear_button, None, self.file_button))

    def first_field(self) -> QWidget | None:
        """Return the first field; what it proposes is selected, so that a figure typed takes its place."""
        self.persons.adults.line.selectAll()
        return self.persons.adults if self.pages.currentIndex() else self.file_button

    def refresh(self) -> None:
        """Read the règlement of the day; what is typed stays unless it changed."""
        desk = self.desk
        self.ask(lambda: ruleset_or_none(desk, desk.clock.today()), self._on_ruleset, key="ruleset")

    def _on_ruleset(self, ruleset: Ruleset | None) -> None:
        before, self.ruleset = self.ruleset, ruleset
        self.pages.setCurrentIndex(int(ruleset is not None))
        self.clear_button.setVisible(ruleset is not None)
        if ruleset is not None and ruleset != before:
            self.clear()

    @Slot()
    def clear(self) -> None:
        """Forget what was typed."""
        if self.ruleset is None:
            return
        self.persons.ask(self.ruleset)
        self.statement.ask(self.ruleset, Told(), Said())
        chain((*self.persons.stops, *self.statement.stops, self.clear_button, self.file_button))
        for area in self.areas:
            area.to_top()
        if self.isVisible():
            self.persons.adults.setFocus(Qt.FocusReason.OtherFocusReason)
            self.persons.adults.line.selectAll()

    @Slot()
    def _on_typed(self) -> None:
        self._weighing.start()

    @Slot()
    def _weigh(self) -> None:
        members = self.persons.members
        if self.ruleset is None or members is None:
            return
        situation = told_situation(
            self.statement.told, self.desk.clock.today(), members, commune=self.persons.commune.currentData(),
            kind=self.persons.household_type,
        )  # fmt: skip
        self.ask(partial(weighed, self.desk, situation), self._on_weighed, key="weigh")

    def _on_weighed(self, found: Weighed | RuleRefused) -> None:
        if isinstance(found, RuleRefused):
            self.verdict.show_refusal(str(found))
            self.steps.show_steps(())
            self.could_change.show_steps(())
            return
        self.verdict.show_outcome(found.outcome)
        self.steps.show_steps(found.outcome.steps)
        self.could_change.show_steps(found.could_change)

    @Slot()
    def _on_file(self) -> None:
        self.go("households")
