"""The dated gestures on a household, each a short form: birth, arrival, departure, death, a time away, custody, a correction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from epicerie_desktop.domain.household import LeftFor, Link, PartialDate, Sex, TimeAway, checked_name
from epicerie_desktop.domain.household_life import Event, Stay
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.services.households.life import Newcomer
from epicerie_desktop.services.queries.life import AccountRow
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import asked_of
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.households.dialogs import FormDialog
from epicerie_desktop.ui.households.members import BirthField
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled


def who_field(stays: Iterable[Stay]) -> QComboBox:
    """Return a list of members to choose from, by stay."""
    field = QComboBox()
    for stay in stays:
        field.addItem(f"{stay.name} ({called(stay.link).lower()})", stay.member)
    return field


def checked(field: DayField) -> date:
    """Return the day typed. Raises `BadInput` where it is none, and gives it the keyboard."""
    with asked_of(field):
        if not field.check() or field.value is None:
            raise BadInput(N_("Une date est à revoir."))
    return field.value


def reached(field: DayField, today: date, refusal: str) -> date:
    """Return the day typed, as `checked` does. Raises `BadInput` with `refusal` for a day to come."""
    day = checked(field)
    with asked_of(field):
        if day > today:
            raise BadInput(refusal)
    return day


class NewcomerDialog(FormDialog):
    """Somebody is born, or joins: the day is that of the birth, or the first one counted."""

    def __init__(self, last_name: str, today: date, parent: QWidget | None, *, birth: bool) -> None:
        title = _("Une naissance") if birth else _("Une arrivée")
        super().__init__(title, _("Ajouter au foyer"), parent)
        self._birth, self._today = birth, today
        self.last_name, self.first_name = QLineEdit(last_name), QLineEdit()
        self.link, self.sex = QComboBox(self), QComboBox(self)
        self.born = BirthField(today, self)
        self.link.setVisible(not birth)
        self.born.setVisible(not birth)
        self.day = DayField(today)
        self.shared = QCheckBox(_("Vit ici la moitié du temps (garde partagée)"))
        for code in Link:
            if code is not Link.HOLDER:
                self.link.addItem(called(code), code)
        self.link.setCurrentIndex(self.link.findData(Link.CHILD))
        for sex in Sex:
            self.sex.addItem(called(sex), sex)
        self.sex.setCurrentIndex(self.sex.findData(Sex.UNKNOWN))
        self.body.addWidget(Labelled(_("Prénom"), self.first_name))
        self.body.addWidget(Labelled(_("Nom"), self.last_name))
        self.body.addWidget(Labelled(_("Née ou né le") if birth else _("Compte dans le foyer depuis le"), self.day))
        if not birth:
            self.body.addWidget(Labelled(_("Lien avec la personne titulaire"), self.link))
            self.body.addWidget(Labelled(_("Date de naissance, même incomplète"), self.born))
        self.body.addWidget(Labelled(_("Sexe"), self.sex))
        self.body.addWidget(self.shared)
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(self.first_name, self.last_name, self.link, self.sex)
        self.first_name.setFocus(Qt.FocusReason.OtherFocusReason)

    def check(self) -> None:
        """Refuse a missing name and what is not a day."""
        with asked_of(self.first_name):
            checked_name(self.first_name.text(), N_("prénom"))
        with asked_of(self.last_name):
            checked_name(self.last_name.text(), N_("nom de famille"))
        if self._birth:
            reached(
                self.day,
                self._today,
                N_("Ce jour n'est pas encore venu : enregistrez la naissance quand il le sera."),
            )
            return
        checked(self.day)
        with asked_of(self.born):
            PartialDate.parse(self.born.text, self._today)

    @property
    def newcomer(self) -> Newcomer:
        """Return who joins; `check` was passed."""
        day = checked(self.day)
        return Newcomer(
            self.last_name.text(), self.first_name.text(), Link(self.link.currentData()), day, Sex(self.sex.currentData()),
            day.isoformat() if self._birth else self.born.value, self.shared.isChecked(),
        )  # fmt: skip


class LeavingDialog(FormDialog):
    """Somebody leaves or dies; where they hold the file, who holds it next is asked."""

    def __init__(self, present: Sequence[Stay], why: LeftFor, today: date, parent: QWidget | None) -> None:
        dead = why is LeftFor.DEATH
        super().__init__(
            _("Un décès") if dead else _("Un départ"), _("Enregistrer"), parent,
            _("Les jours d'avant gardent leur composition : rien n'est effacé."),
        )  # fmt: skip
        self._present, self.why = tuple(present), why
        self.who = who_field(present)
        self.day = DayField(today)
        self.heir = QComboBox()
        self._heir = Labelled(_("Qui devient titulaire du dossier"), self.heir)
        self.told = label("", "soft")
        self.body.addWidget(Labelled(_("Qui"), self.who))
        self.body.addWidget(Labelled(_("Le") if dead else _("Premier jour où elle ne compte plus"), self.day))
        self.body.addWidget(self._heir)
        self.body.addWidget(self.told)
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(self.who, self.heir)
        self.who.currentIndexChanged.connect(self._on_who)
        self._on_who()
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def member(self) -> int:
        """Return the stay that ends."""
        return int(self.who.currentData())

    @property
    def new_holder(self) -> int | None:
        """Return the stay of who holds the file next, None where the holder stays or nobody is left."""
        return None if self._heir.isHidden() else int(self.heir.currentData())

    def check(self) -> None:
        """Refuse what is not a day."""
        checked(self.day)

    @Slot()
    def _on_who(self) -> None:
        gone = next(s for s in self._present if s.member == self.member)
        others = [s for s in self._present if s.member != gone.member]
        self.heir.clear()
        for stay in sorted(others, key=lambda s: s.link is not Link.PARTNER):
            self.heir.addItem(f"{stay.name} ({called(stay.link).lower()})", stay.member)
        self._heir.setVisible(gone.link is Link.HOLDER and bool(others))
        self.told.setText(
            "" if others else _("C'est la dernière personne du foyer : le dossier n'aura plus de membre.")
        )
        self.told.setVisible(not others)


class AwayDialog(FormDialog):
    """Somebody is away for a time: not counted from the first to the last day, both included."""

    def __init__(
        self, present: Sequence[Stay], today: date, parent: QWidget | None, was: TimeAway | None = None
    ) -> None:
        super().__init__(
            _("Une absence"), _("Enregistrer"), parent,
            _("Hospitalisation, détention, longues vacances… La personne reste dans le foyer, mais n'est pas comptée ces jours-là."),
        )  # fmt: skip
        self.who = who_field(present)
        self.since = DayField(was.since if was else today)
        self.back = QCheckBox(_("Le retour est connu"))
        self.until = DayField((was.until if was else None) or today)
        self._until = Labelled(_("Dernier jour d'absence"), self.until)
        self.never = QCheckBox(_("Cette absence n'a pas eu lieu"))
        self.never.hide()
        self.body.addWidget(Labelled(_("Qui"), self.who))
        self.body.addWidget(Labelled(_("Premier jour d'absence"), self.since))
        self.body.addWidget(self.back)
        self.body.addWidget(self._until)
        self.body.addWidget(self.never)
        self.body.addWidget(self.error)
        self.back.toggled.connect(self._until.setEnabled)
        self.back.setChecked(was is not None and was.until is not None)
        self._until.setEnabled(self.back.isChecked())
        EnterGoesOn(self).watch(self.who)
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def member(self) -> int:
        """Return the stay of who is away."""
        return int(self.who.currentData())

    @property
    def span(self) -> TimeAway:
        """Return the days away; `check` was passed."""
        return TimeAway(checked(self.since), checked(self.until) if self.back.isChecked() else None)

    def check(self) -> None:
        """Refuse what is not a day, and a return before the departure."""
        span = self.span
        if span.until is not None and span.until < span.since:
            self.until.setFocus(Qt.FocusReason.OtherFocusReason)
            raise BadInput(N_("Le retour précède le départ : vérifiez les deux dates."))


class CustodyDialog(FormDialog):
    """A child lives here half of the time, or no longer does: counted whole either way."""

    def __init__(self, children: Sequence[Stay], today: date, parent: QWidget | None) -> None:
        super().__init__(
            _("La garde d'un enfant"), _("Enregistrer"), parent,
            _("Un enfant en garde partagée compte pour une personne dans chacun de ses deux foyers."),
        )  # fmt: skip
        self._children = tuple(children)
        self.who = who_field(children)
        self.day = DayField(today)
        self.shared = QCheckBox(_("Vit ici la moitié du temps"))
        self.body.addWidget(Labelled(_("Qui"), self.who))
        self.body.addWidget(Labelled(_("À partir du"), self.day))
        self.body.addWidget(self.shared)
        self.body.addWidget(self.error)
        self.who.currentIndexChanged.connect(self._on_who)
        self._on_who()
        EnterGoesOn(self).watch(self.who)
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def member(self) -> int:
        """Return the stay of the child."""
        return int(self.who.currentData())

    def check(self) -> None:
        """Refuse what is not a day."""
        checked(self.day)

    @Slot()
    def _on_who(self) -> None:
        # What is likely to be said: the contrary of what is known.
        self.shared.setChecked(not next(s.shared for s in self._children if s.member == self.member))


class CorrectionDialog(FormDialog):
    """The day of something in the history was wrong, or it never was."""

    def __init__(self, event: Event, parent: QWidget | None, *, may_drop: bool) -> None:
        super().__init__(
            _("Corriger : {what}").format(what=called(event.kind).lower()), _("Corriger"), parent, event.name
        )
        self.day = DayField(event.day)
        self.never = QCheckBox(_("Cela n'a pas eu lieu"))
        self.never.setVisible(may_drop)
        self.never.toggled.connect(self.day.setDisabled)
        self.body.addWidget(Labelled(_("Le bon jour"), self.day))
        self.body.addWidget(self.never)
        self.body.addWidget(self.error)
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def on(self) -> date | None:
        """Return the right day, None where it never was."""
        return None if self.never.isChecked() else checked(self.day)

    def check(self) -> None:
        """Refuse what is not a day."""
        if not self.never.isChecked():
            checked(self.day)


class ReserveDialog(FormDialog):
    """Who may open the file. Nobody else finds it; its family is still served, by card or number."""

    def __init__(self, accounts: Sequence[AccountRow], parent: QWidget | None) -> None:
        super().__init__(
            _("Réserver ce dossier"), _("Réserver"), parent,
            _("Violences, proches d'une personne de l'équipe ou élue : seules les personnes cochées l'ouvriront. À la caisse, "
              "les autres verront qui demander, sans nom ni adresse."),
        )  # fmt: skip
        self.boxes: list[QCheckBox] = []
        for account in accounts:
            box = QCheckBox(account.name)
            box.setChecked(account.chosen)
            box.setProperty("account", account.id)
            self.boxes.append(box)
            self.body.addWidget(box)
        self.body.addWidget(self.error)
        if self.boxes:
            self.boxes[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Return the accounts ticked."""
        return tuple(int(b.property("account")) for b in self.boxes if b.isChecked())

    def check(self) -> None:
        """Ask for somebody."""
        if not self.chosen:
            if self.boxes:
                self.boxes[0].setFocus(Qt.FocusReason.OtherFocusReason)
            raise BadInput(N_("Nommez au moins une personne : sinon, plus personne n'ouvrirait ce dossier."))
