"""« + Détails »: what an arrival, and one of its lines, say only where the shop wants it. Nothing of it is required."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from epicerie_desktop.domain.dates import short_lived, too_late_to_freeze
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.receptions import Refusal, proposed, too_warm
from epicerie_desktop.domain.safety import ColdLimit, parse_tenths
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.services.nomenclatures import financing_sources
from epicerie_desktop.services.stock.receive import MAX_PIECES, ReceptionForm, RefusedLine
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ReasonDialog
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, MoneyField, ValueField, WeightField
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.stock.entry import DraftLine, LineDetail
from epicerie_desktop.ui.stock.goods import Good
from epicerie_desktop.ui.stock.limits import parse_limit
from epicerie_desktop.ui.stock.parts import EnterMoves
from epicerie_desktop.ui.stock.wording import quantity


@dataclass(frozen=True, slots=True)
class Refused:
    """Goods sent back at the door, as the page shows them."""

    good: Good
    pieces: int
    grams: int
    reason: Refusal

    def line(self) -> RefusedLine:
        """Return the goods as the service takes them."""
        return RefusedLine(self.reason, self.pieces, self.grams, self.good.article)


@dataclass(frozen=True, slots=True)
class ArrivalDetails:
    """What the arrival in hand says beside its lines."""

    driver: str = ""
    tenths: int | None = None
    financing: str = ""
    refused: tuple[Refused, ...] = ()
    short_reason: str = ""

    def on(self, form: ReceptionForm) -> ReceptionForm:
        """Return the form with these details; who usually pays an origin is told where nobody chose."""
        return replace(
            form, driver=self.driver, tenths=self.tenths, financing=self.financing or proposed(financing_sources(), form.origin),
            short_reason=self.short_reason, refused=tuple(r.line() for r in self.refused),
        )  # fmt: skip

    def said(self) -> str:
        """Return the details in a few words, empty where there are none."""
        told = [self.driver] if self.driver else []
        if self.tenths is not None:
            told.append(f"{shown.tenths(self.tenths)} °C")
        if self.refused:
            told.append(_("refus : {n}").format(n=len(self.refused)))
        return "  ·  ".join(told)


def short_lines(lines: Sequence[DraftLine], day: date) -> tuple[str, ...]:
    """Return the names of the goods with less than 48 hours to their use-by date."""
    return tuple(dict.fromkeys(n.good.name for n in lines if short_lived(n.date_kind, n.limit_on, day)))


def ask_short(parent: QWidget, names: Sequence[str]) -> ReasonDialog:
    """Return the question about packs with less than 48 hours left; the usual answer is ticked, F12 gives it."""
    dialog = ReasonDialog(
        parent, _("Moins de 48 heures avant la DLC"),
        _("{articles} : un magasin ne donne ces produits que s'ils seront distribués à temps.").format(articles=", ".join(names)),
        _("Accepter ces produits"), _("Revenir à la liste"), reasons=[_("Distribués avant leur DLC"), _("Cuisinés avant leur DLC")],
        danger=False, armed_after_ms=0,
    )  # fmt: skip
    dialog.setMinimumWidth(620)
    first = dialog.first_choice()
    if first is not None:
        first.setChecked(True)
    return dialog


class DetailsDialog(QuestionDialog):
    """The arrival at the top, the chosen line below, then what was refused; F12 keeps, and nothing is written yet."""

    def __init__(
        self, parent: QWidget, details: ArrivalDetails, line: DraftLine | None, goods: Sequence[Good], limits: Sequence[ColdLimit],
        today: Callable[[], date], origin: Origin | None,
    ) -> None:  # fmt: skip
        super().__init__(
            parent,
            _("Détails de l'arrivée"),
            _("Tout est facultatif."),
            _("Garder"),
            _("Ne rien changer"),
            armed_after_ms=0,
        )
        self.setMinimumWidth(740)
        self.setMaximumWidth(900)
        self._details, self._limits, self._today, self.line = details, limits, today, line
        self.refused = list(details.refused)
        self._goods = tuple(goods)
        self.driver = FieldFrame()
        self.driver.line.setText(details.driver)
        self.degrees: ValueField[int] = ValueField(parse_tenths, shown.tenths, suffix="°C")
        self.degrees.set_value(details.tenths)
        self.financing = QComboBox()
        self.financing.addItem("–", "")
        for source in financing_sources():
            self.financing.addItem(source.name, source.code)
        usual = details.financing or (proposed(financing_sources(), origin) if origin is not None else "")
        self.financing.setCurrentIndex(max(0, self.financing.findData(usual)))
        self.body.addLayout(
            _in_a_row(
                FormRow(_("Chauffeur"), self.driver), FormRow(_("Température à l'arrivée"), self.degrees), FormRow(_("Financement"), self.financing)
            )
        )  # fmt: skip
        self.warning = Notice("warn", parent=self)
        self.body.addWidget(self.warning)
        self._lay_out_line(line)
        self._lay_out_refused()
        self.degrees.changed.connect(self._warn)
        self.frozen.changed.connect(self._warn)
        self._warn()
        self._chain()
        self.driver.setFocus()

    def _chain(self) -> None:
        """Let Enter go from each field to the next; after the reason, what was refused is added."""
        moves = EnterMoves(self)
        fields: list[FieldFrame | QComboBox] = [self.driver, self.degrees, self.financing]
        if self.line is not None:
            fields += [self.ordered, self.delivered, self.damaged, self.price, self.frozen]
        fields += [self.article, self.count, self.reason]
        for field, after in pairwise(fields):
            then = partial(after.setFocus, Qt.FocusReason.OtherFocusReason)
            if field is self.article:
                moves.chain(self.article, self._on_article)
            elif isinstance(field, FieldFrame):
                field.submitted.connect(then)
            else:
                moves.chain(field, then)
        moves.chain(self.reason, self.add_refused)

    def _on_article(self) -> None:
        after = self.yes_button if self.article.currentIndex() <= 0 else self.count
        after.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out_line(self, line: DraftLine | None) -> None:
        by_piece = line is not None and line.good.by_piece
        self.ordered, self.delivered, self.damaged = (self._amount(by_piece=by_piece) for _n in range(3))
        self.price = MoneyField()
        self.frozen: ValueField[date] = ValueField(self._day, shown.day)
        self.frozen.line.setPlaceholderText(_("jour/mois"))
        if line is None:
            for field in (self.ordered, self.delivered, self.damaged, self.price, self.frozen):
                field.setParent(self)
                field.hide()
            return
        told = line.told
        self.ordered.set_value(told.ordered)
        self.delivered.set_value(told.delivered)
        self.damaged.set_value(told.damaged)
        self.price.set_value(told.unit_cents)
        self.frozen.set_value(told.frozen_on)
        amount = quantity(line.good.sold_by, line.pieces, line.grams)
        self.body.addWidget(
            label(_("La ligne choisie : {article}, {amount}").format(article=line.good.name, amount=amount), "section")
        )
        self.body.addLayout(
            _in_a_row(
                FormRow(_("Commandé"), self.ordered), FormRow(_("Livré"), self.delivered), FormRow(_("Abîmé"), self.damaged),
                FormRow(_("Prix à la pièce") if by_piece else _("Prix au kilo"), self.price),
                FormRow(_("Congelé le"), self.frozen),
            )
        )  # fmt: skip

    def _lay_out_refused(self) -> None:
        self.article = QComboBox()
        self.article.addItem("", None)
        for good in self._goods:
            self.article.addItem(good.name, good)
        self.count = FieldFrame()
        self.reason = QComboBox()
        for why in Refusal:
            self.reason.addItem(called(why))
        for box, name in (
            (self.article, _("Article refusé")),
            (self.reason, _("Raison du refus")),
            (self.financing, _("Financement")),
        ):
            box.setAccessibleName(name)
        self.add_button = ActionButton(_("Ajouter le refus"), "F9", "plus", "quiet")
        self.add_button.clicked.connect(self.add_refused)
        self.list = label("", "soft")
        self.body.addWidget(label(_("Refusé, rendu au livreur"), "section"))
        self.body.addLayout(
            _in_a_row(FormRow(_("Article"), self.article), FormRow(_("Quantité"), self.count), FormRow(_("Raison"), self.reason))
        )  # fmt: skip
        foot = row(self.list, self.add_button)
        foot.setStretch(0, 1)
        self.body.addLayout(foot)
        self._show_refused()

    @staticmethod
    def _amount(*, by_piece: bool) -> CountField | WeightField:
        return CountField(most=MAX_PIECES) if by_piece else WeightField()

    def _day(self, typed: str) -> date:
        return parse_limit(typed, self._today(), DateKind.USE_BY)[1]

    @Slot()
    def _warn(self) -> None:
        """Warn of what came too warm, or was frozen too late; nothing is blocked."""
        told, tenths, on = [], self.degrees.value, self.frozen.value
        over = too_warm(tenths, self._limits)
        if over is not None:
            told.append(
                _("Plus chaud que {most} °C ({what}) : vérifiez, et refusez ce qui a chauffé.").format(
                    most=shown.tenths(over.most or 0), what=over.name
                )
            )  # fmt: skip
        if on is not None and self.line is not None and too_late_to_freeze(self.line.date_kind, self.line.limit_on, on):
            told.append(_("Congelé trop près de sa DLC : un produit proche de sa date ne se congèle pas."))
        self.warning.tell("warn", " ".join(told))

    @Slot()
    def add_refused(self) -> None:
        """Add what was refused to the list, or go to its article and say what is missing."""
        good = self.article.currentData()
        if not isinstance(good, Good):
            self.article.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.count.text:
                self.count.show_error(_("Quel article a été refusé ?"))
            return
        field: CountField | WeightField = self._amount(by_piece=good.by_piece)
        field.line.setText(self.count.text)
        amount = field.value
        if amount is None:
            self.count.show_error(_("Combien ? Un nombre de pièces, ou un poids en kilos."))
            return
        self.refused.append(
            Refused(
                good,
                amount if good.by_piece else 0,
                0 if good.by_piece else amount,
                list(Refusal)[self.reason.currentIndex()],
            )
        )
        self.count.clear()
        self.article.setCurrentIndex(0)
        self.article.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_refused()

    def _show_refused(self) -> None:
        words = [
            f"{r.good.name}, {quantity(r.good.sold_by, r.pieces, r.grams)} ({called(r.reason)})" for r in self.refused
        ]  # fmt: skip
        self.list.setText(" ; ".join(words) or _("Rien n'a été refusé."))

    def may_accept(self) -> bool:
        """Return whether every field is right; what is typed of a refusal is added first."""
        if self.count.text or self.article.currentIndex() > 0:
            before = len(self.refused)
            self.add_refused()
            if len(self.refused) == before:
                return False
        for field in (self.degrees, self.ordered, self.delivered, self.damaged, self.price, self.frozen):
            if not field.check():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True

    @property
    def details(self) -> ArrivalDetails:
        """Return the arrival's details as they are now."""
        return replace(
            self._details, driver=self.driver.text, tenths=self.degrees.value, financing=self.financing.currentData() or "",
            refused=tuple(self.refused),
        )  # fmt: skip

    @property
    def told(self) -> LineDetail:
        """Return what the chosen line says as it is now."""
        before = self.line.told if self.line is not None else LineDetail()
        return replace(
            before, ordered=self.ordered.value, delivered=self.delivered.value, damaged=self.damaged.value, unit_cents=self.price.value,
            frozen_on=self.frozen.value,
        )  # fmt: skip


def _in_a_row(*widgets: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    for place, widget in enumerate(widgets):
        grid.addWidget(widget, 0, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(place, 1)
    return grid
