"""The carnet of this post's scale: its plate, its class, its checks, and the day by which it must be checked again."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from epicerie_desktop.domain.weighing import Standing, WeighingRule, next_check
from epicerie_desktop.services import weighing
from epicerie_desktop.services.weighing import ScaleForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused, Stale
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame, WeightField
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen

_CLASSES = (
    ("", N_("pas encore lue")),
    ("III", N_("III : commerce")),
    ("II", N_("II : précision")),
    ("I", N_("I : laboratoire")),
    ("IIII", N_("IIII : ordinaire")),
    ("NONE", N_("aucune : balance de cuisine")),
)
_SENTENCES = {
    Standing.NO_RECORD: N_("Le carnet de la balance n'est pas rempli : sa vérification ne sera pas rappelée."),
    Standing.UNCHECKED: N_(
        "Aucune vérification notée : elle est écrite sur la vignette verte et dans le carnet métrologique."
    ),
    Standing.VALID: N_("Vérifiée : valable jusqu'au {day}."),
    Standing.SOON: N_("À faire vérifier avant le {day} : prenez rendez-vous avec un organisme agréé."),
    Standing.OVERDUE: N_(
        "Vérification échue depuis le {day} : la caisse ne fait plus de prix au poids, elle vend au sac ou à la pièce."
    ),
    Standing.REFUSED: N_("Refusée à sa vérification : la caisse ne fait plus de prix au poids."),
    Standing.NOT_APPROVED: N_(
        "Pas approuvée pour la vente : la caisse ne fait pas de prix au poids. Le poids compte pour le stock."
    ),
}
_WARNED = frozenset({Standing.SOON, Standing.OVERDUE, Standing.REFUSED, Standing.NOT_APPROVED, Standing.UNCHECKED})


class ScaleRecordCard(Card):
    """The plate is saved by its button, a check by its own: a check is never changed, the last one holds."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Carnet de la balance"))
        self._screen = screen
        self.rule = WeighingRule()
        today = screen.desk.clock.today()
        self.state = Notice("info")
        self.make, self.model, self.serial = (
            FieldFrame(message=False),
            FieldFrame(message=False),
            FieldFrame(message=False),
        )
        self.accuracy = QComboBox()
        for code, text in _CLASSES:
            self.accuracy.addItem(_(text), code)
        self.capacity, self.minimum, self.division = WeightField(), WeightField(unit="g"), WeightField(unit="g")
        self.keep = ActionButton(_("Noter cette balance"), icon="save")
        self.day, self.next_on = DayField(today), DayField(today)
        self.accepted = QComboBox()
        self.accepted.addItem(_("acceptée"), True)
        self.accepted.addItem(_("refusée"), False)
        self.check = ActionButton(_("Noter la vérification"), icon="check")
        self.notice = Notice("info")
        self.add(
            label(_("Ce qui est écrit sur sa plaque et dans son carnet métrologique."), "soft"),
            self.state,
            row(FormRow(_("Marque"), self.make), FormRow(_("Modèle"), self.model), spacing=12),
            row(FormRow(_("Numéro de série"), self.serial), FormRow(_("Classe"), self.accuracy), spacing=12),
            row(
                FormRow(_("Max"), self.capacity), FormRow(_("Min"), self.minimum),
                FormRow(_("Échelon e"), self.division), spacing=12,
            ),
            row(self.keep, None),
            row(FormRow(_("Vérifiée le"), self.day), FormRow(_("Valable jusqu'au"), self.next_on), FormRow(_("Résultat"), self.accepted), spacing=12),
            row(self.check, None),
            self.notice,
        )  # fmt: skip
        self.keep.clicked.connect(self._on_keep)
        self.check.clicked.connect(self._on_check)
        self.day.changed.connect(self._on_day)

    def read(self) -> None:
        """Read the record of this post's scale and its standing today."""
        desk = self._screen.desk
        self._screen.ask(lambda: weighing.weighing_rule(desk), self._show, key="scale_record")

    def _show(self, rule: WeighingRule) -> None:
        mine = rule.record if rule.record is not None and rule.record.post == self._screen.desk.post.id else None
        self.rule = rule
        last = rule.record.last if rule.record is not None else None
        words = _(_SENTENCES[rule.standing]).format(day=shown.day(last.next_on) if last is not None else "")
        if rule.record is not None and mine is None:
            words = _("Balance d'un autre poste. {words}").format(words=words)
        self.state.tell("warn" if rule.standing in _WARNED else "info", words)
        # A shop without a scale is not asked for its carnet.
        self.setVisible(rule.record is not None or self._screen.context.scale.present)
        machine = self._screen.context.settings
        self.make.line.setText(mine.make if mine else "")
        self.model.line.setText(mine.model if mine else "")
        self.serial.line.setText(mine.serial if mine else "")
        self.accuracy.setCurrentIndex(max(0, self.accuracy.findData(mine.accuracy_class if mine else "")))
        self.capacity.set_value(mine.capacity_grams if mine else machine.scale_capacity_grams)
        self.minimum.set_value(mine.minimum_grams if mine else machine.scale_minimum_grams)
        self.division.set_value(mine.division_grams if mine else machine.scale_division_grams)
        self.check.setEnabled(mine is not None)
        self._on_day()

    def form(self) -> ScaleForm:
        """Return the plate as typed; what is empty is as the service proposes it."""
        record = self.rule.record
        mine = record if record is not None and record.post == self._screen.desk.post.id else None
        # Another number on the plate is another scale, and what the older one weighed keeps its name.
        same = mine is not None and mine.serial in {"", self.serial.text.strip()}
        return ScaleForm(
            self.make.text, self.model.text, self.serial.text, str(self.accuracy.currentData()),
            self.capacity.value or 0, self.minimum.value or 0, self.division.value or 0,
            mine.id if same and mine is not None else None, mine.version if same and mine is not None else None,
        )  # fmt: skip

    @Slot()
    def _on_keep(self) -> None:
        desk, form = self._screen.desk, self.form()
        self._screen.context.data.submit(
            self,
            lambda: weighing.save_scale(desk, form),
            lambda _id: self._kept(_("La balance est notée.")),
            self._failed,
        )

    @Slot()
    def _on_check(self) -> None:
        record = self.rule.record
        checks = [self.day.check(), self.next_on.check()]
        day, next_on = self.day.value, self.next_on.value
        if record is None or not all(checks) or day is None or next_on is None:
            self.notice.tell("warn", _("Tapez le jour de la vérification et celui de la suivante."))
            return
        desk, accepted = self._screen.desk, bool(self.accepted.currentData())
        self._screen.context.data.submit(
            self, lambda: weighing.record_check(desk, record.id, day, next_on, accepted=accepted),
            lambda _none: self._kept(_("La vérification est notée.")), self._failed,
        )  # fmt: skip

    @Slot()
    def _on_day(self) -> None:
        """Propose the day of the next check."""
        day: date | None = self.day.value
        if day is not None:
            self.next_on.set_value(next_check(day, self.capacity.value or 0))

    def _kept(self, words: str) -> None:
        self.notice.tell("success", words)
        self.read()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
            if isinstance(error, Stale):
                self.read()
        else:
            self._screen.on_trouble(error)
