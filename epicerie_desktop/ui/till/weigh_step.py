"""Weighing one article: the scale's reading in large figures, or the weight typed by hand, in the same number of keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.domain.basket import ArticleOffer, WeightSource
from epicerie_desktop.domain.units import value_of
from epicerie_desktop.domain.weighing import Standing, WeighingRule, parse_weighed
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.sentences import reading_sentence, state_sentence
from epicerie_desktop.hardware.settings import ScaleState
from epicerie_desktop.hardware.simulated import SimulatedScale
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.till import wording
from epicerie_desktop.ui.till.parts import Tinted, is_large_text, label, scaled
from epicerie_desktop.ui.till.step import Step

_BAGS = (1240, 685, 2105, 430, 1560, 920)
"""What the hand of the demonstration lays on the simulated scale, in grams, one bag after the other."""

_FRESH_SECONDS = 2.0
"""An older reading is not taken: the scale may have fallen silent with the bag of before."""

_TINTS = {"typed": "tint", "absent": "sunken", "stable": "ok_tint", "waiting": "sunken"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight to book, in grams, and where it comes from."""

    grams: int
    source: WeightSource
    tare_grams: int = 0
    gross_grams: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class TooLight:
    """A weight under the least the scale weighs rightly, which may make no price; `sentence` says so."""

    sentence: str


class WeighStep(Step):
    """Enter books the stable reading; digits typed instead override it and are marked as typed by hand.

    A reading that moves, is negative or too heavy is never booked, nor is the weight of the article before, still lying
    on the plate.
    """

    def __init__(self, scale: ScaleBridge, capacity_grams: int, parent: QWidget | None = None) -> None:
        self._scale = scale
        self._capacity = capacity_grams
        self._offer: ArticleOffer | None = None
        self._paid_for: Callable[[int], int] = lambda _grams: 0
        self._reading: Reading | None = None
        self._read_at = 0.0
        self._priced = True
        self._awaited = False
        self.rule = WeighingRule()
        self._booked: int | None = None
        self._bag = 0
        self.figures = label("display", wrap=False)
        self.said = label("soft")
        self.worth = label("base")
        self._face = Tinted()
        super().__init__(_("Pesée"), _("Prendre ce poids"), _("Retour"), parent)
        self.line.setPlaceholderText(_("ou tapez les kilos : 1,250"))
        scale.reading_arrived.connect(self._on_reading)
        scale.state_changed.connect(self._on_state)

    def _show_hint(self) -> None:
        """Show what is to be known of the scale: the check that is near, the keys of the demonstration."""
        said = []
        record = self.rule.record
        if self.rule.standing is Standing.SOON and record is not None and record.last is not None:
            said.append(
                _("Balance à faire vérifier avant le {day} : après, son poids ne fera plus de prix.").format(
                    day=shown.day(record.last.next_on)
                )
            )
        elif self.rule.forbids_price:
            said.append(_("Ce poids compte pour le stock ; il ne fait pas de prix."))
        if self.simulated:
            said.append(_("Balance de démonstration : Ctrl+B pose un sac, Ctrl+R le retire."))
        self.hint.setText(" ".join(said))
        self.hint.setVisible(bool(said))

    @property
    def simulated(self) -> bool:
        """Return whether the scale of this machine is the one of the demonstration."""
        return isinstance(self._scale.scale, SimulatedScale)

    def _lay_out(self) -> None:
        self.figures.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.figures.setMinimumWidth(scaled(230))
        column = QVBoxLayout(self._face)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self.figures)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.title)
        right.addWidget(self.worth)
        right.addWidget(self.said)
        right.addStretch(1)
        head = QVBoxLayout() if is_large_text() else QHBoxLayout()
        head.setSpacing(6 if is_large_text() else 20)
        head.addWidget(self._face)
        head.addLayout(right, 1)
        self.body.addLayout(head)
        self.body.addLayout(self.answer_row())
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.hint)
        if self.simulated:
            for key, gesture in (("Ctrl+B", self._on_bag_laid), ("Ctrl+R", self._on_plate_cleared)):
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(gesture)
        self._show_hint()

    def ask(self, offer: ArticleOffer, paid_for: Callable[[int], int], *, priced: bool = True) -> None:
        """Ask for the weight of `offer`.

        `paid_for` tells what so many grams would add to the amount to pay, in cents; `priced` whether weight costs anything.
        """
        self._offer, self._paid_for, self._priced = offer, paid_for, priced
        self._awaited = False
        self.title.setText(offer.name)
        self._show_hint()
        self.begin()
        self._show()

    @Slot()
    def submit(self) -> None:
        """Read the line and answer; a scale that is asked for each weight is asked now, and its answer is taken for Enter."""
        if not self.line.text().strip() and self._scale.on_demand and self.confirm.isEnabled():
            self._awaited = True
            self._scale.ask()
            self.said.setText(_("La balance est interrogée…"))
            return
        super().submit()

    def answer(self, typed: str) -> Weighed | TooLight:
        """Return what to book. Raises `BadInput`: not a weight, too heavy, nothing stable on the plate."""
        if typed:
            weight = parse_weighed(typed)
            if weight.gross_grams > self._capacity:
                raise BadInput(
                    N_("{weight} dépasse ce que la balance peut porter ({most}). Vérifiez l'unité : kilos ou grammes ?"),
                    weight=lambda: shown.kilos(weight.gross_grams), most=lambda: shown.kilos(self._capacity),
                )  # fmt: skip
            found = Weighed(weight.grams, WeightSource.TYPED, weight.tare_grams, weight.gross_grams)
        else:
            found = self._from_scale()
        if self._priced and self.rule.too_light(found.grams, self._least):
            return TooLight(self._too_light(found.grams))
        if not typed:
            self._booked = found.grams
        return found

    @property
    def _least(self) -> int | None:
        """Return the least that the scale in use weighs rightly, in grams; None without a scale."""
        return self._scale.scale.settings.minimum_grams if self._scale.scale is not None else None

    def _too_light(self, grams: int) -> str:
        least = self.rule.record.minimum_grams if self.rule.record is not None else self._least
        return _("{weight}, c'est sous le minimum de la balance ({least}) : ce poids ne fait pas un prix.").format(
            weight=shown.kilos(grams), least=shown.kilos(least or 0)
        )

    def _from_scale(self) -> Weighed:
        reading = self._reading
        if not self._scale.present:
            raise BadInput(N_("Tapez le poids en kilos, par exemple 1,250."))
        if not self.simulated and time.monotonic() - self._read_at > _FRESH_SECONDS:
            raise BadInput("{why}", why=state_sentence(ScaleState.SILENT))
        if reading is None or not reading.bookable or reading.grams is None:
            raise BadInput("{why}", why=self._sentence() or _("Posez le sac sur la balance, ou tapez le poids."))
        if self._booked is not None and reading.grams == self._booked:
            raise BadInput(
                N_("Le plateau porte encore le poids de l'article précédent. Posez le suivant, ou tapez le poids.")
            )
        tare = reading.tare_grams or 0
        # A scale that only says « net » keeps its tare to itself: the gross weight is then not known.
        gross = None if reading.net and not tare else reading.grams + tare
        record = self.rule.record
        return Weighed(reading.grams, WeightSource.SCALE, tare, gross, record.id if record is not None else None)

    def _sentence(self) -> str:
        if not self._scale.present:
            return ""
        state = self._scale.scale.state if self._scale.scale is not None else None
        if isinstance(state, ScaleState) and state is not ScaleState.CONNECTED:
            return state_sentence(state)
        return reading_sentence(self._reading) if self._reading is not None else ""

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        self._reading, self._read_at = reading, time.monotonic()
        if reading.grams != self._booked:
            self._booked = None
        if self.isVisible():
            self._show()
            if self._awaited:
                self._awaited = False
                super().submit()

    @Slot(object)
    def _on_state(self, state: Any) -> None:
        if state is not ScaleState.CONNECTED:
            self._reading = None
        if self.isVisible():
            self._show()

    @Slot()
    def _on_edited(self) -> None:
        super()._on_edited()
        self._show()

    @Slot()
    def _on_bag_laid(self) -> None:
        scale = self._scale.scale
        if isinstance(scale, SimulatedScale):
            scale.put(_BAGS[self._bag % len(_BAGS)])
            self._bag += 1

    @Slot()
    def _on_plate_cleared(self) -> None:
        scale = self._scale.scale
        if isinstance(scale, SimulatedScale):
            scale.remove()

    def _grams_now(self) -> int | None:
        typed = self.line.text().strip()
        if typed:
            try:
                return parse_weighed(typed).grams
            except RuleRefused:
                return None
        return self._reading.grams if self._reading is not None and self._reading.bookable else None

    def _show(self) -> None:
        typed, grams = bool(self.line.text().strip()), self._grams_now()
        reading = self._reading
        if typed:
            face, words = "typed", _("Tapé à la main : la ligne sera marquée « saisi ».")
        elif not self._scale.present:
            face, words = "absent", _("Pas de balance sur ce poste : tapez le poids.")
        elif reading is not None and reading.bookable:
            face, words = "stable", self._sentence() or _("Poids stable : Entrée le prend.")
        elif self._scale.on_demand and reading is None:
            face, words = "waiting", _("Posez le sac, puis Entrée : la balance est interrogée une fois par pesée.")
        else:
            face, words = "waiting", self._sentence() or _("Posez le sac sur la balance.")
        weight = grams if typed else reading.grams if reading is not None else None
        self.figures.setText(shown.kilos(weight) if weight is not None else "–")
        self.said.setText(words)
        self._face.tint(_TINTS[face])
        self.worth.setText(self._price_of(grams))

    def _price_of(self, grams: int | None) -> str:
        if self._offer is None or self._offer.reference_cents is None:
            return ""
        unit = wording.unit_value(self._offer)
        if grams is None:
            return unit
        value = value_of(grams, self._offer.reference_cents)
        return _("{unit} : {value} en rayon, {paid} à payer").format(
            unit=unit, value=shown.money(value), paid=shown.money(self._paid_for(grams))
        )
