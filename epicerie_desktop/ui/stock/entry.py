"""One line of a reception, typed, scanned or weighed: an article or a family, how much, its date where it needs one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from epicerie_desktop.domain.basket import WeightSource
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.stock import DateKind
from epicerie_desktop.hardware.reading import Reading
from epicerie_desktop.hardware.sentences import reading_sentence
from epicerie_desktop.services.labels import LabelRules
from epicerie_desktop.services.stock.receive import MAX_PIECES, ReceivedLine, check_limit
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import CountField, SearchField, WeightField
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.scale_bridge import ScaleBridge
from epicerie_desktop.ui.stock import wording
from epicerie_desktop.ui.stock.goods import Found, Good, Goods, Reader, UnknownCode, told
from epicerie_desktop.ui.stock.parts import LimitField, Suggestions, tab_order

HEAVY_GRAMS = 500_000
"""A line heavier than this is asked once more: most often grams typed for kilos."""
_NATURES = (DateKind.USE_BY, DateKind.BEST_BEFORE)


@dataclass(frozen=True, slots=True)
class LineDetail:
    """What a line says only where it is asked; quantities in pieces or grams as the article is counted."""

    ordered: int | None = None
    delivered: int | None = None
    damaged: int | None = None
    unit_cents: int | None = None
    financing: str = ""
    frozen_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of the arrival in hand; `tie` is a code to remember for its article, empty for none."""

    good: Good
    pieces: int = 0
    grams: int = 0
    date_kind: DateKind = DateKind.NONE
    limit_on: date | None = None
    lot_code: str = ""
    tie: str = ""
    source: WeightSource = WeightSource.TYPED
    tare_grams: int = 0
    gross_grams: int | None = None
    precision: Precision = Precision.DAY
    told: LineDetail = LineDetail()
    uid: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def shown_grams(self) -> int:
        """Return what the line weighs, from its net weight where it is counted."""
        return self.grams or self.pieces * (self.good.net_grams or 0) if self.good.by_piece else self.grams

    def received(self) -> ReceivedLine:
        """Return the line as the service takes it."""
        return ReceivedLine(
            self.pieces, self.grams, article_id=self.good.article, date_kind=self.date_kind, limit_on=self.limit_on,
            lot_code=self.lot_code, source=self.source, tare_grams=self.tare_grams, gross_grams=self.gross_grams,
            precision=self.precision, frozen_on=self.told.frozen_on, financing=self.told.financing, unit_cents=self.told.unit_cents,
            ordered=self.told.ordered, delivered=self.told.delivered, damaged=self.told.damaged,
        )  # fmt: skip


class LineEntry(Card):
    """Article, quantity, date: Enter goes from one to the next, adds, and comes back to the first. Escape begins anew.

    `added` gives a `DraftLine`. `arrived_on` tells the day of the arrival, against which a use-by date is checked.
    """

    added = Signal(object)

    def __init__(
        self,
        stage: QWidget,
        reader: Reader,
        scale: ScaleBridge,
        today: Callable[[], date],
        arrived_on: Callable[[], date],
    ) -> None:
        super().__init__()
        self.setAccessibleName(_("Ligne à ajouter"))
        self._reader, self._scale, self._arrived_on = reader, scale, arrived_on
        self.goods = Goods()
        self.good: Good | None = None
        self.reading: Reading | None = None
        self._lot_code = self._tie = ""
        self._told = LineDetail()
        self._unknown: UnknownCode | None = None
        self._dates_wanted = self._quiet = self._awaited = False
        self._sure = 0
        self._taken: tuple[WeightSource, int, Reading | None] | None = None
        self.donor: Callable[[], str] = str
        self.article = SearchField(_("Nom, famille ou code-barres"))
        self.weight, self.count = WeightField(), CountField(most=MAX_PIECES)
        self.limit, self.nature = LimitField(today), QComboBox()
        self.suggestions = Suggestions(stage, self.article.line)
        self.date_button = ActionButton(_("Ajouter une date"), "F10", "calendar-days", "quiet")
        self.new_button = ActionButton(_("Créer l'article"), "Ctrl+N", "package-plus", "quiet")
        self.add_button = ActionButton(_("Ajouter la ligne"), icon="plus")
        self.state = label("", "soft")
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        for kind in _NATURES:
            self.nature.addItem(called(kind))
        self.nature.setAccessibleName(_("Nature de la date : DLC ou DDM"))
        self.nature.setFixedWidth(round(96 * theme.tokens().scale))
        dated = QWidget()
        inside = row(self.limit, self.nature, spacing=8)
        inside.setAlignment(self.nature, Qt.AlignmentFlag.AlignTop)
        dated.setLayout(inside)
        self.limit.setAccessibleName(_("Date lue sur l'emballage"))
        self._article_row = FormRow(_("Article ou famille"), self.article)
        self._weight_row = FormRow(_("Poids"), self.weight)
        self._count_row = FormRow(_("Pièces"), self.count)
        self._date_row = FormRow(_("Date lue sur l'emballage"), dated)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        top = Qt.AlignmentFlag.AlignTop
        for column, (widget, stretch) in enumerate(
            ((self._article_row, 5), (self._count_row, 3), (self._weight_row, 3), (self._date_row, 4))
        ):
            grid.addWidget(widget, 0, column, top)
            grid.setColumnStretch(column, stretch)
        self._grid = grid
        foot = row(self.state, self.new_button, self.date_button, self.add_button)
        self.add(grid, foot)
        foot.setStretch(0, 1)
        tab_order(self.article.line, self.count.line, self.weight.line, self.limit.line)

    def _connect(self) -> None:
        self.suggestions.chosen.connect(self._on_chosen)
        self.article.edited.connect(self._on_article_edited)
        self.article.submitted.connect(self._on_article)
        self.weight.submitted.connect(self._on_weight)
        self.count.submitted.connect(self._on_quantity)
        self.limit.submitted.connect(self.add_line)
        self.nature.currentIndexChanged.connect(self._on_nature)
        self.date_button.clicked.connect(self._on_dates_wanted)
        self.add_button.clicked.connect(self.add_line)
        self._scale.reading_arrived.connect(self._on_reading)
        for line in (self.weight.line, self.count.line, self.limit.line, self.nature):
            line.installEventFilter(self)

    def learn_labels(self, rules: LabelRules) -> None:
        """Read labels by these rules from now on."""
        self._reader = replace(self._reader, layouts=rules.layouts, region=rules.region)

    # -- the state of the line ---------------------------------------------------------------------------------------

    @property
    def started(self) -> bool:
        """Return whether something was typed that is not yet a line."""
        return bool(self.article.text or self.weight.text or self.count.text or self.limit.text)

    def begin(self, *, focus: bool = False) -> None:
        """Empty the line, and give the keyboard to its first field when `focus`."""
        self.good, self._lot_code, self._tie, self._unknown = None, "", "", None
        self._told = LineDetail()
        self._taken, self._awaited, self._sure = None, False, 0
        self._quiet = True
        for part in (self.article, self.weight, self.count, self.limit):
            part.clear()
        self._quiet = False
        self._show_fields()
        self._say_state()
        self.suggestions.offer(())
        if focus:
            self.article.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, found: Found, *, tie: str = "") -> None:
        """Take a good, with what its label told, and ask for what is missing."""
        self.good, self._lot_code, self._tie = found.good, found.lot_code, tie
        self._unknown = None
        self._quiet = True
        self.article.clear()
        self.article.line.setText(found.good.name)
        self._quiet = False
        self.suggestions.offer(())
        self.count.set_value(found.pieces or None)
        self.weight.set_value(found.grams or None)
        self._taken = (WeightSource.LABEL, found.grams, None) if found.labelled else None
        self._set_nature(found.date_kind if found.limit_on else self._usual_nature(found.good))
        self.limit.set_value((found.date_kind, found.limit_on) if found.limit_on else None)
        self._show_fields()
        self._say_state()
        if found.said:
            self.state.setText(f"{found.said} {self.state.text()}")
        asked = self._quantity.line if not (found.pieces or found.grams) else self.limit.line
        if asked is self.limit.line and (self._date_row.isHidden() or self.limit.text):
            asked = self._quantity.line
        asked.setFocus(Qt.FocusReason.OtherFocusReason)
        asked.selectAll()

    def take_new(self, good: Good) -> None:
        """Take an article just made for what was typed or scanned."""
        unknown = self._unknown
        self.take(Found(good) if unknown is None else told(good, unknown.scan))

    @property
    def unknown(self) -> tuple[str, str]:
        """Return the name or the code that was typed and that no article has."""
        return ("", self._unknown.remember) if self._unknown is not None else (self.article.text, "")

    def _offer_new(self, offered: bool) -> None:
        self.new_button.setVisible(offered)
        self.date_button.setVisible(not offered)

    def take_back(self, line: DraftLine) -> None:
        """Put a line already added back into the fields, to be changed, with its good as the catalogue has it now."""
        good = self.goods.by_article(line.good.article) or line.good
        self.take(Found(good, line.pieces, line.grams, line.date_kind, line.limit_on, line.lot_code), tie=line.tie)
        self._told = line.told
        if line.limit_on is not None:
            self.limit.set_limit(line.date_kind, line.limit_on, line.precision)

    def complain(self) -> None:
        """Say that the line in hand is neither added nor given up."""
        place = self.article if self.good is None else self._quantity
        place.show_error(_("Cette ligne n'est pas encore ajoutée : Entrée pour l'ajouter, Échap pour l'effacer."))
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _quantity(self) -> WeightField | CountField:
        return self.count if self.good is not None and self.good.by_piece else self.weight

    @staticmethod
    def _usual_nature(good: Good) -> DateKind:
        return DateKind.USE_BY if good.chilled else DateKind.BEST_BEFORE

    def _set_nature(self, kind: DateKind) -> None:
        self.nature.setCurrentIndex(_NATURES.index(kind) if kind in _NATURES else 0)
        self.limit.kind = kind if kind in _NATURES else DateKind.USE_BY

    def _show_fields(self) -> None:
        self._offer_new(False)
        by_piece = self.good is not None and self.good.by_piece
        dated = self._dates_wanted or bool(self.limit.text) or (self.good is not None and self.good.chilled)
        self._count_row.setVisible(by_piece)
        # A pack that tells no weight may be weighed as well: it is never asked, and teaches what a piece weighs.
        weighable = not by_piece or (self.good is not None and not self.good.net_grams)
        self._weight_row.setVisible(weighable)
        self._weight_row.label.setText(_("Poids en tout, si pesé") if by_piece else _("Poids"))
        self._date_row.setVisible(dated)
        for column, (shown_now, stretch) in enumerate(((True, 5), (by_piece, 3), (weighable, 3), (dated, 4))):
            self._grid.setColumnStretch(column, stretch if shown_now else 0)
        chilled = self.good is not None and self.good.chilled
        self.date_button.set_text(_("Sans date") if self._dates_wanted and not chilled else _("Ajouter une date"))

    def _say_state(self) -> None:
        good = self.good
        if good is None:
            self.state.setText(_("Quelques lettres ou un code ; une famille suffit pour une caisse mélangée."))
        elif good.by_piece:
            self.state.setText(_("{article} : combien de pièces ?").format(article=good.name))
        elif self._scale.present:
            self.state.setText(self._scale_words())
        else:
            self.state.setText(_("{article} : tapez le poids en kilos, par exemple 12,4.").format(article=good.name))

    def _scale_words(self) -> str:
        reading = self.reading
        if reading is not None and reading.bookable and reading.grams is not None:
            return _("Balance : {weight}. Entrée pour prendre ce poids, ou tapez-le.").format(
                weight=shown.kilos(reading.grams)
            )
        told_now = reading_sentence(reading) if reading is not None else ""
        return told_now or _("Posez la caisse sur la balance, puis Entrée ; ou tapez le poids en kilos.")

    # -- gestures ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape begins the line anew from any of its fields; Enter leaves the nature of the date for the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.begin(focus=True)
                return True
            if watched is self.nature and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not event.isAutoRepeat():
                    self.add_line()
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _on_article_edited(self, text: str) -> None:
        if self._quiet:
            return
        self.good = None
        if not text:
            self.begin()
            return
        self.suggestions.offer(() if text.isdecimal() and len(text) > 5 else self.goods.matching(text))

    @Slot()
    def _on_article(self) -> None:
        if self.good is not None and self.article.text == self.good.name:
            self._quantity.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            meant = replace(self._reader, donor=self.donor()).meaning(self.article.text, self.goods)
        except BadInput as refusal:
            self._refuse_article(str(refusal), offered=False)
            return
        if isinstance(meant, Found):
            self.take(meant)
        elif isinstance(meant, UnknownCode):
            self._unknown = meant
            self._refuse_article(
                _("Le code {code} n'est à aucun article. Tapez le nom de l'article : son code sera retenu.").format(
                    code=meant.code
                )
            )
        else:
            good = self.suggestions.current or next(iter(self.goods.matching(meant)), None)
            if good is None:
                self._refuse_article(
                    _(
                        "Rien ne commence par « {typed} » : tapez d'autres lettres ou la famille, ou créez l'article."
                    ).format(typed=meant)
                )
            else:
                self._on_chosen(good)

    def _refuse_article(self, sentence: str, *, offered: bool = True) -> None:
        self.suggestions.offer(())
        self.article.show_error(sentence)
        self.article.line.selectAll()
        self._offer_new(offered)

    @Slot(object)
    def _on_chosen(self, good: Good) -> None:
        unknown = self._unknown
        if unknown is None:
            self.take(Found(good))
        else:
            self.take(told(good, unknown.scan), tie="" if good.generic else unknown.remember)

    @Slot()
    def _on_weight(self) -> None:
        ready = self.reading is not None and self.reading.bookable and not self._scale.on_demand
        weighs = self.good is not None and (not self.good.by_piece or ready)
        if self.weight.value is None and weighs and self._scale.present:
            if self._scale.on_demand and not self._awaited:
                self._awaited = True
                self._scale.ask()
                return
            self._awaited = False
            reading = self.reading
            if reading is None or not reading.bookable or reading.grams is None:
                self.weight.show_error(self._scale_words())
                return
            self.weight.set_value(reading.grams)
            self._taken = (WeightSource.SCALE, reading.grams, reading)
        self._on_quantity()

    @Slot()
    def _on_quantity(self) -> None:
        if not self._date_row.isHidden() and not self.limit.text and self._quantity_given():
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.state.setText(_("La date lue sur l'emballage : 25/11, 25/11/26, ou 11/2027 pour une DDM."))
        else:
            self.add_line()

    def _quantity_given(self) -> bool:
        amount = self._quantity.value
        if amount is not None:
            if self._quantity is not self.weight or amount <= HEAVY_GRAMS or amount == self._sure:
                return True
            self._sure = amount
            self.weight.show_error(
                _("{weight} en une ligne : des grammes pour des kilos ? Entrée si le poids est juste.").format(
                    weight=shown.kilos(amount)
                )
            )
            self.weight.setFocus(Qt.FocusReason.OtherFocusReason)
            self.weight.line.selectAll()
            return False
        if not self._quantity.text:
            by_piece = self.good is not None and self.good.by_piece
            self._quantity.show_error(
                _("Combien de pièces ?") if by_piece else _("Tapez le poids en kilos, par exemple 12,4.")
            )
        else:
            self._quantity.check()
        self._quantity.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    @Slot(int)
    def _on_nature(self, index: int) -> None:
        self.limit.kind = _NATURES[index]
        if self.limit.text:
            self.limit.check()

    @Slot()
    def _on_dates_wanted(self) -> None:
        if self.good is not None and self.good.chilled:
            # Its date is always asked: the key goes to it.
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._dates_wanted = not self._dates_wanted
        if not self._dates_wanted:
            self.limit.clear()
        self._show_fields()
        if self._date_row.isHidden() or self.good is None or self._quantity.value is None:
            (self.article if self.good is None else self._quantity).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_reading(self, reading: Reading) -> None:
        self.reading = reading
        if self.good is not None and not self.good.by_piece:
            self._say_state()
            if self._awaited:
                self._on_weight()

    @Slot()
    def add_line(self) -> None:
        """Add the line when all of it is right; else say what is wrong beside its field, and keep everything."""
        good = self.good
        if good is None:
            if self.article.text:
                self._on_article()
            else:
                self.article.show_error(_("Choisissez d'abord un article ou une famille."))
                self.article.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self._quantity_given() or not self._limit_is_right(good):
            return
        if good.by_piece and not self._weight_row.isHidden() and not self.weight.check():
            self.weight.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        kind, on = self.limit.value or (DateKind.NONE, None)
        amount = self._quantity.value or 0
        grams = (0 if self._weight_row.isHidden() else self.weight.value or 0) if good.by_piece else amount
        source, tare, gross = self._weighing(grams)
        line = DraftLine(
            good, amount if good.by_piece else 0, grams, kind, on, self._lot_code, self._tie,
            source, tare, gross, self.limit.precision if on else Precision.DAY, self._told,
        )  # fmt: skip
        self.begin(focus=True)
        self.added.emit(line)
        self.state.setText(
            _("Ajouté : {article}, {amount}.").format(
                article=good.name, amount=wording.quantity(good.sold_by, line.pieces, line.grams)
            )
        )

    def _weighing(self, grams: int) -> tuple[WeightSource, int, int | None]:
        """Return where the weight added comes from, its tare and its gross weight: typed, as soon as it was changed by hand."""
        if self._taken is None or self._taken[1] != grams:
            return WeightSource.TYPED, 0, grams
        source, _grams, reading = self._taken
        if reading is None:
            return source, 0, None
        tare = reading.tare_grams or 0
        return source, tare, None if reading.net and not tare else grams + tare

    def _limit_is_right(self, good: Good) -> bool:
        if not self.limit.check():
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        kind, on = self.limit.value or (DateKind.NONE, None)
        try:
            check_limit(good.name, chilled=good.chilled, kind=kind, limit_on=on, day=self._arrived_on())
        except BadInput as refusal:
            self._date_row.show()
            self.limit.show_error(str(refusal))
            self.limit.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        return True
