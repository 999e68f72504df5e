"""A separation, asked in one form: who goes where, the new address, the card, the right, procurations and debts."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from epicerie_desktop.domain.access import CeilingLeft, CeilingMeasure
from epicerie_desktop.domain.household import HousingKind, Link
from epicerie_desktop.domain.household_life import Stay
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.units import parse_cents, parse_grams
from epicerie_desktop.services.households.enrol import AddressForm
from epicerie_desktop.services.households.separation import Leaver, RightAfter, SeparationForm
from epicerie_desktop.services.queries.parting import Parting
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import asked_of
from epicerie_desktop.ui.common.layout import label, row, scrolled
from epicerie_desktop.ui.households.address import AddressEditor
from epicerie_desktop.ui.households.dialogs import FormDialog
from epicerie_desktop.ui.households.life_forms import checked, reached
from epicerie_desktop.ui.households.parts import EnterGoesOn, Labelled

_STAYS, _LEAVES, _BOTH = "stays", "leaves", "both"
_HEIGHT, _CHOICE = 480, 340
_LATER = "later"


class _Place(QWidget):
    """Where one member goes: stays, leaves, or lives with both."""

    def __init__(self, stay: Stay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stay = stay
        self.choice = QComboBox()
        self.choice.addItem(_("Reste dans ce dossier"), _STAYS)
        self.choice.addItem(_("Part dans le nouveau dossier"), _LEAVES)
        if stay.link not in (Link.HOLDER, Link.PARTNER):
            self.choice.addItem(_("Vit avec les deux, la moitié du temps"), _BOTH)
        self.choice.setAccessibleName(stay.name)
        self.choice.setFixedWidth(_CHOICE)
        line = row(label(f"{stay.name} ({called(stay.link).lower()})"), self.choice)
        line.setStretch(0, 1)
        self.setLayout(line)

    @property
    def where(self) -> str:
        """Return where the member goes."""
        return str(self.choice.currentData())


class SeparationDialog(FormDialog):
    """What is decided of a separation; written in one transaction by F12, corrected part by part afterwards."""

    def __init__(self, found: Parting, today: date, parent: QWidget | None) -> None:
        super().__init__(
            _("Séparation du foyer n° {number}").format(number=found.number), _("Séparer"), parent,
            _("Les deux dossiers ne mènent plus l'un à l'autre : ni adresse, ni téléphone."),
        )  # fmt: skip
        self.setMinimumWidth(720)
        self._found, self._today = found, today
        self.day = DayField(today)
        self.places = [_Place(stay) for stay in found.present]
        self.new_holder, self.old_holder = QComboBox(), QComboBox()
        self._old_holder = Labelled(_("Qui devient titulaire de ce dossier-ci"), self.old_holder)
        self.lodging = QComboBox()
        self.lodging.addItem(_("Choisissez…"), None)
        for kind in HousingKind:
            self.lodging.addItem(_("À une nouvelle adresse") if kind is HousingKind.HOME else called(kind), kind)
        self.lodging.addItem(_("À préciser plus tard"), _LATER)
        self.address = AddressEditor(today, asks_kind=False)
        self.phone = QLineEdit()
        self.phones = (QLineEdit(found.phones[0]), QLineEdit(found.phones[1]))
        self.card_stays, self.card_leaves = (
            QRadioButton(_("La carte reste ici"), self), QRadioButton(_("La carte part avec le nouveau dossier"), self),
        )  # fmt: skip
        self.shared, self.none_yet = (
            QRadioButton(_("Partager ce qui reste du droit"), self), QRadioButton(_("Le nouveau dossier n'a pas encore de droit"), self),
        )  # fmt: skip
        self.shares = [QLineEdit() for _c in found.to_share]
        self.proxies = [QCheckBox(p.name) for p in found.proxies]
        self.debts = [QCheckBox(_debt(d.creditor, d.left)) for d in found.debts]
        self._lay_out()
        for place in self.places:
            place.choice.currentIndexChanged.connect(self._on_place)
        self.lodging.currentIndexChanged.connect(self._on_lodging)
        self.shared.toggled.connect(self._on_right)
        self._on_lodging()
        self._on_place()
        self._on_right()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        inside = QWidget()
        form = QVBoxLayout(inside)
        form.setContentsMargins(0, 0, 12, 0)
        form.setSpacing(8)
        form.addWidget(Labelled(_("Premier jour du nouveau dossier"), self.day))
        form.addWidget(label(_("Qui va où"), "strong"))
        for place in self.places:
            form.addWidget(place)
        form.addWidget(Labelled(_("Titulaire du nouveau dossier"), self.new_holder))
        form.addWidget(self._old_holder)
        form.addWidget(label(_("Le nouveau dossier"), "strong"))
        form.addWidget(Labelled(_("Où vit le nouveau foyer"), self.lodging))
        form.addWidget(self.address)
        form.addWidget(Labelled(_("Téléphone"), self.phone))
        form.addWidget(label(_("Ce dossier-ci garde ces téléphones : effacez celui qui part."), "strong"))
        form.addLayout(row(*self.phones))
        self._add_card(form)
        self._add_right(form)
        for title, boxes in (
            (_("Procurations à retirer (celles au nom d'une personne qui part le sont d'office)"), self.proxies),
            (_("Dettes qui partent avec le nouveau dossier"), self.debts),
        ):
            if boxes:
                form.addWidget(label(title, "strong"))
                for box in boxes:
                    form.addWidget(box)
        form.addStretch(1)
        area = scrolled(inside)
        area.setMinimumHeight(_HEIGHT)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.error)
        EnterGoesOn(self).watch(
            *(p.choice for p in self.places), self.new_holder, self.old_holder, self.lodging, *self.address.fields, self.phone, *self.phones,
            *self.shares,
        )  # fmt: skip

    def _add_card(self, form: QVBoxLayout) -> None:
        self.card_stays.setChecked(True)
        if not self._found.cards:
            self.card_stays.hide()
            self.card_leaves.hide()
            return
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        for choice in (self.card_stays, self.card_leaves):
            column.addWidget(choice)
        if self._found.cards > 1:
            column.addWidget(label(_("Une seule carte reste en service : les autres sont retirées."), "soft"))
        form.addWidget(label(_("La carte"), "strong"))
        form.addWidget(box)

    def _add_right(self, form: QVBoxLayout) -> None:
        (self.shared if self._found.has_right else self.none_yet).setChecked(True)
        if not self._found.has_right:
            self.shared.hide()
            self.none_yet.hide()
            return
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        for choice in (self.shared, self.none_yet):
            column.addWidget(choice)
        for left, field in zip(self._found.to_share, self.shares, strict=True):
            field.setPlaceholderText(_("selon les personnes"))
            told = _("Part du nouveau dossier, sur {left} {period}")
            column.addWidget(
                Labelled(told.format(left=_amount(left, left.left), period=called(left.ceiling.period)), field)
            )
        form.addWidget(label(_("Le droit"), "strong"))
        form.addWidget(box)

    @Slot()
    def _on_place(self) -> None:
        """Offer as holders those who may be: adults who leave, and who stay where the holder does not."""
        leaving = [p.stay for p in self.places if p.where == _LEAVES]
        staying = [p.stay for p in self.places if p.where == _STAYS]
        for combo, stays in ((self.new_holder, leaving), (self.old_holder, staying)):
            chosen = combo.currentData()
            combo.clear()
            for stay in sorted(stays, key=lambda s: s.link is Link.CHILD):
                combo.addItem(stay.name, stay.member)
            combo.setCurrentIndex(max(0, combo.findData(chosen)) if combo.count() else -1)
        self._old_holder.setVisible(any(s.link is Link.HOLDER for s in leaving))

    @Slot()
    def _on_lodging(self) -> None:
        kind = self._kind
        self.address.setVisible(kind is not None)
        if kind is not None:
            self.address.kind.setCurrentIndex(self.address.kind.findData(kind))

    @property
    def _kind(self) -> HousingKind | None:
        """Return how the new household is housed, None until it is said, or where it is left for later."""
        chosen = self.lodging.currentData()
        return HousingKind(chosen) if chosen not in (None, _LATER) else None

    @Slot()
    def _on_right(self) -> None:
        for field in self.shares:
            field.setEnabled(self.shared.isChecked())

    def check(self) -> None:
        """Refuse what is not a day, a separation in which nobody leaves or stays, no address said, a share that is none."""
        reached(
            self.day, self._today, N_("Ce jour n'est pas encore venu : enregistrez la séparation quand il le sera.")
        )
        with asked_of(self.places[-1].choice if self.places else self.day):
            if not any(p.where == _LEAVES for p in self.places):
                raise BadInput(N_("Dites qui part dans le nouveau dossier."))
            if not any(p.where == _STAYS for p in self.places):
                raise BadInput(
                    N_("Il faut que quelqu'un reste dans ce dossier : sinon, changez seulement son adresse.")
                )
        with asked_of(self.lodging):
            if self.lodging.currentData() is None:
                raise BadInput(N_("Dites où vit le nouveau foyer, ou choisissez « À préciser plus tard »."))
        with asked_of(self.address.lines):
            if self._kind is HousingKind.HOME and self.address.form() == AddressForm():
                raise BadInput(N_("Tapez la nouvelle adresse, ou choisissez « À préciser plus tard »."))
        self._typed_shares()

    def _typed_shares(self) -> tuple[int | None, ...] | None:
        """Return what goes to the new file of each ceiling, None where it is shared by persons."""
        if not self.shared.isChecked():
            return None
        fields = dict(zip(self._found.to_share, self.shares, strict=True))
        return tuple(_share(c, fields[c]) if c in fields else None for c in self._found.ceilings)

    @property
    def form(self) -> SeparationForm:
        """Return the separation as decided; `check` was passed."""
        holder = self.new_holder.currentData()
        return SeparationForm(
            self._found.household, checked(self.day), tuple(self._leaver(p, holder) for p in self.places if p.where != _STAYS),
            None if self._kind is None else self.address.form(), self.phone.text(), "", (self.phones[0].text(), self.phones[1].text()),
            None if self._old_holder.isHidden() else self.old_holder.currentData(), self.card_leaves.isChecked(),
            tuple(p.id for p, box in zip(self._found.proxies, self.proxies, strict=True) if box.isChecked()),
            RightAfter.SHARED if self.shared.isChecked() else RightAfter.STAYS, self._typed_shares(),
            tuple(n for n, box in enumerate(self.debts) if box.isChecked()), self._found.version,
        )  # fmt: skip

    def _leaver(self, place: _Place, holder: int) -> Leaver:
        if place.stay.member == holder:
            return Leaver(holder, Link.HOLDER)
        link = Link.CHILD if place.stay.link is Link.CHILD else Link.OTHER
        return Leaver(place.stay.member, link, place.where == _BOTH)


def _debt(creditor: str, left: int | None) -> str:
    return creditor if left is None else _("{creditor}, {left}").format(creditor=creditor, left=shown.money(left))


def _amount(left: CeilingLeft, value: int) -> str:
    return shown.kilos(value) if left.ceiling.measure is CeilingMeasure.GRAMS else shown.money(value)


def _share(left: CeilingLeft, field: QLineEdit) -> int | None:
    """Return the cents typed, or the grams of the kilos typed; None where nothing is, and nothing is a share too."""
    typed = field.text().strip()
    if not typed:
        return None
    with asked_of(field):
        grams = left.ceiling.measure is CeilingMeasure.GRAMS and typed != "0"
        share = parse_grams(typed) if grams else parse_cents(typed)
        if share > left.left:
            raise BadInput(N_("La part du nouveau dossier dépasse ce qui reste du plafond : vérifiez les montants."))
    return share
