"""What some règlements ask besides amounts: certified figures, other aids, housing, referral, questions by yes or no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.rules import Aid, Indicator, IndicatorKind, Ruleset
from epicerie_desktop.domain.household import HousingKind
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.queries.study import Told
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import go_on, parse_day
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import Card, SectionTitle, label, row
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled
from epicerie_desktop.ui.rights.lines import AmountField


class KnownDay(ValueField[date]):
    """A day that may stay unknown; without a year, the one closest to `near` (`end`: the next one). Enter goes on."""

    def __init__(self, near: date, parent: QWidget | None = None, *, end: bool = False) -> None:
        super().__init__(
            lambda typed: parse_day(typed, near, end=end), shown.day, say=shown.middle_day, message=False, parent=parent
        )
        self.line.setPlaceholderText(_("jour/mois/année"))
        self.submitted.connect(self._on_submitted)

    @Slot()
    def _on_submitted(self) -> None:
        go_on(self.line)


class YesOrNo(QComboBox):
    """An answer by yes or no, or nobody's."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem(_("sans réponse"), None)
        self.addItem(_("oui"), True)
        self.addItem(_("non"), False)
        self.setAccessibleName(name)
        EnterGoesOn(self).watch(self)

    @property
    def answer(self) -> bool | None:
        """Return the answer, None where nobody gave one."""
        found: bool | None = self.currentData()
        return found

    def set_answer(self, answer: bool | None) -> None:
        """Show an answer."""
        self.setCurrentIndex({None: 0, True: 1, False: 2}[answer])


class OtherQuestions(Card):
    """Everything asked besides the lines; what the règlement does not use is not there, and the card hides where all is."""

    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._today = today
        self.figures: dict[str, AmountField] = {}
        self.certified: dict[str, KnownDay] = {}
        self.aids: dict[str, QCheckBox] = {}
        self.no_aid = QCheckBox(_("Aucune de ces aides"))
        self.conditions: dict[str, YesOrNo] = {}
        self.referral: YesOrNo | None = None
        self.housing: QComboBox | None = None
        self.since: KnownDay | None = None
        self._stops: list[QWidget] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.add(SectionTitle(_("Autres renseignements")), self._lines)

    def ask(self, ruleset: Ruleset, told: Told, certified: Mapping[str, date]) -> None:
        """Ask what the règlement uses, filled with what was answered before."""
        _empty(self._lines)
        self.figures, self.certified, self.aids, self.conditions, self._stops = {}, {}, {}, {}, []
        self.referral = self.housing = self.since = None
        for indicator in ruleset.indicators:
            if indicator.kind is IndicatorKind.DECLARED:
                self._ask_figure(indicator, told.declared.get(indicator.code), certified.get(indicator.code))
        self._ask_home(ruleset, told)
        referral = ruleset.terms.referral
        if referral is not None and referral.required:
            self.referral = self._yes_or_no(_("Orienté par un travailleur social ou un partenaire"), told.referred)
        for condition in ruleset.terms.conditions:
            self.conditions[condition.code] = self._yes_or_no(condition.label, told.answers.get(condition.code))
        self._ask_aids(ruleset.not_with, told.aids)
        self.setVisible(bool(self._stops))

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return where Tab stops, in order."""
        return tuple(self._stops)

    @property
    def declared(self) -> dict[str, int]:
        """Return the figures given, in cents."""
        return {code: field.value for code, field in self.figures.items() if field.value is not None}

    @property
    def declared_on(self) -> dict[str, date]:
        """Return the day of each certificate, where it is told."""
        return {code: field.value for code, field in self.certified.items() if field.value is not None}

    @property
    def received(self) -> tuple[str, ...] | None:
        """Return the aids received, an empty tuple for none of them, None where nobody answered."""
        found = tuple(code for code, box in self.aids.items() if box.isChecked())
        return found if found or (self.aids and self.no_aid.isChecked()) else None

    @property
    def answers(self) -> dict[str, bool | None]:
        """Return the answers to the questions of the règlement."""
        return {code: box.answer for code, box in self.conditions.items()}

    @property
    def referred(self) -> bool | None:
        """Return whether the household was referred, None where it is not asked or not answered."""
        return self.referral.answer if self.referral else None

    @property
    def lodged(self) -> HousingKind | None:
        """Return the kind of housing, None where it is not asked or not answered."""
        found = self.housing.currentData() if self.housing else None
        return HousingKind(found) if found else None

    @property
    def living_since(self) -> date | None:
        """Return since when the household lives in the territory, None where it is not asked or not answered."""
        return self.since.value if self.since else None

    def wrong(self) -> FieldFrame | None:
        """Return the first field to mend, telling why beneath each."""
        fields: list[FieldFrame] = [*self.figures.values(), *self.certified.values()]
        if self.since is not None:
            fields.append(self.since)
        return next((f for f in [f for f in fields if not f.check()]), None)

    def _ask_figure(self, indicator: Indicator, cents: int | None, day: date | None) -> None:
        field, certified = AmountField(indicator.label), KnownDay(self._today)
        field.set_value(cents)
        certified.set_value(day)
        certified.setAccessibleName(_("Date de l'attestation : {label}").format(label=indicator.label))
        for part in (field, certified):
            part.changed.connect(self.changed)
        field.submitted.connect(self._on_figure)
        self.figures[indicator.code], self.certified[indicator.code] = field, certified
        line = row(Labelled(indicator.label, field), Labelled(_("Date de l'attestation"), certified), None, spacing=12)
        self._lines.addLayout(line)
        self._stops += [field.line, certified.line]

    def _ask_home(self, ruleset: Ruleset, told: Told) -> None:
        territory = ruleset.terms.territory
        if territory.housing:
            self.housing = QComboBox()
            self.housing.addItem(_("sans réponse"), None)
            for kind in HousingKind:
                self.housing.addItem(called(kind), kind)
            self.housing.setCurrentIndex(max(0, self.housing.findData(told.housing)))
            self.housing.currentIndexChanged.connect(self.changed)
            EnterGoesOn(self.housing).watch(self.housing)
            self._add(_("Logement"), self.housing, self.housing)
        if territory.months is not None:
            self.since = KnownDay(self._today)
            self.since.set_value(told.living_since)
            self.since.changed.connect(self.changed)
            self._add(_("Habite le territoire depuis le"), self.since, self.since.line)

    def _yes_or_no(self, text: str, answer: bool | None) -> YesOrNo:
        box = YesOrNo(text)
        box.set_answer(answer)
        box.currentIndexChanged.connect(self.changed)
        self._add(text, box, box)
        return box

    def _ask_aids(self, aids: Sequence[Aid], received: tuple[str, ...] | None) -> None:
        if not aids:
            return
        self._lines.addWidget(label(_("Ce foyer reçoit-il aussi :"), "label"))
        self.no_aid = QCheckBox(_("Aucune de ces aides"))
        self.no_aid.setChecked(received == ())
        for aid in aids:
            self.aids[aid.code] = QCheckBox(aid.label)
            self.aids[aid.code].setChecked(aid.code in (received or ()))
        for box in (*self.aids.values(), self.no_aid):
            box.toggled.connect(self._on_ticked)
            self._lines.addWidget(box)
            self._stops.append(box)

    def _add(self, text: str, field: QWidget, stop: QWidget) -> None:
        self._lines.addWidget(Labelled(text, field))
        self._stops.append(stop)

    @Slot()
    def _on_figure(self) -> None:
        field = self.sender()
        if isinstance(field, FieldFrame):
            go_on(field.line)

    @Slot()
    def _on_ticked(self) -> None:
        ticked = self.sender()
        if isinstance(ticked, QCheckBox) and ticked.isChecked():
            others = self.aids.values() if ticked is self.no_aid else (self.no_aid,)
            for box in others:
                box.setChecked(False)
        self.changed.emit()


def _empty(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            _empty(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
