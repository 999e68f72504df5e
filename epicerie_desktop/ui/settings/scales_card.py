"""The social scales: dated figures with their source, to which the shop adds the new ones."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout

from epicerie_desktop.domain.eligibility.rules import ScaleFigure
from epicerie_desktop.domain.statements import parse_stated
from epicerie_desktop.services.rights.scales import ScaleRow, add_scale, list_scales
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, ngettext
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField, go_on
from epicerie_desktop.ui.common.fields import FieldFrame, ValueField
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.households.parts import EnterGoesOn
from epicerie_desktop.ui.screen import Screen

_NAMES = {
    "poverty_line": N_("Seuil de pauvreté"),
    "rsa_single": N_("RSA, personne seule"),
    "aah": N_("AAH à taux plein"),
    "minimum_wage_gross": N_("SMIC brut"),
}


def scale_name(code: str) -> str:
    """Return what people call a scale, with the code by which a règlement names it."""
    return f"{_(_NAMES[code])} ({code})" if code in _NAMES else code


class ScalesCard(Card):
    """How many scales there are, and the way to their list."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Barèmes sociaux"))
        self._screen = screen
        self.words = label("", "soft")
        self.open = ActionButton(_("Voir et compléter les barèmes"), "F5", icon="list")
        self.open.clicked.connect(self._on_open)
        self.add(self.words, row(self.open, None))

    def read(self) -> None:
        """Read the scales."""
        desk = self._screen.desk
        self._screen.ask(lambda: list_scales(desk), self._show, key="scales")

    def _show(self, rows: tuple[ScaleRow, ...]) -> None:
        codes = {r.code for r in rows}
        words = ngettext("{n} barème est connu.", "{n} barèmes sont connus.", len(codes)).format(n=len(codes))
        last = max((r.valid_from for r in rows), default=None)
        if last is not None:
            words += " " + _("Le chiffre le plus récent date du {day}.").format(day=shown.day(last))
        self.words.setText(words)

    @Slot()
    def _on_open(self) -> None:
        dialog = ScalesDialog(self._screen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        self.read()


class ScalesDialog(QDialog):
    """The list of the figures, and a form that adds one."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        title = _("Barèmes sociaux")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(1120, 660)
        self.table: RowsTable[ScaleRow] = RowsTable(
            (
                Column(_("Barème"), lambda r: r.code, scale_name, bold=False),
                Column(_("À partir du"), lambda r: r.valid_from, shown.day),
                Column(_("Par mois"), lambda r: r.cents, shown.money, align="right"),
                Column(_("État"), lambda r: r.current, _state),
                Column(_("Source"), lambda r: r.source, stretch=True),
            ),
            lambda r: (r.code, r.valid_from), name=title, empty=_("Aucun barème n'est connu."), sortable=False,
        )  # fmt: skip
        self.code = QComboBox()
        self.code.setEditable(True)
        self.code.setMinimumWidth(300)
        self.day = DayField(screen.desk.clock.today())
        self.amount: ValueField[int] = ValueField(parse_stated, shown.plain_money, required=True, suffix="€")
        self.source = FieldFrame()
        self.told_source = label("", "soft")
        self.notice = Notice("info")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.add_button = ActionButton(_("Ajouter ce chiffre"), "F12", "plus", "primary")
        self._lay_out(title)
        self.table.chosen.connect(self._on_chosen)
        self.close_button.clicked.connect(self.reject)
        self.add_button.clicked.connect(self._on_add)
        self.amount.submitted.connect(self._on_amount)
        self.source.submitted.connect(self._on_source)
        EnterGoesOn(self).watch(self.code)
        self.code.setFocus()
        self._read()

    def _lay_out(self, title: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label(title, "title"))
        note = _("Un règlement peut prendre une part d'un barème. Ce qui est déjà décidé garde le chiffre de son jour.")
        whole.addWidget(label(note, "soft"))
        whole.addWidget(self.table, 1)
        whole.addWidget(self.told_source)
        whole.addWidget(self.notice)
        first = row(
            FormRow(_("Barème, tel que le règlement le nomme"), self.code), FormRow(_("À partir du"), self.day),
            FormRow(_("Montant par mois"), self.amount),
        )  # fmt: skip
        whole.addLayout(first)
        whole.addWidget(FormRow(_("Source : décret ou publication, et sa date"), self.source))
        whole.addLayout(row(None, self.close_button, self.add_button))

    def _read(self) -> None:
        desk = self._screen.desk
        self._screen.context.data.submit(
            self, lambda: list_scales(desk), self._show, self._screen.on_trouble, key="scales"
        )

    def _show(self, rows: tuple[ScaleRow, ...]) -> None:
        self.table.set_rows(rows)
        self.table.choose_first()
        typed = self.code.currentText()
        self.code.clear()
        for code in sorted({r.code for r in rows}):
            self.code.addItem(scale_name(code), code)
        if typed:
            self.code.setEditText(typed)

    @Slot(object)
    def _on_chosen(self, found: ScaleRow | None) -> None:
        self.told_source.setText(found.source if found is not None else "")

    @property
    def _figure(self) -> ScaleFigure | None:
        wrong = [field for field in (self.day, self.amount) if not field.check()]
        day, cents = self.day.value, self.amount.value
        if wrong or day is None or cents is None:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        found = self.code.findText(self.code.currentText())
        code = str(self.code.itemData(found)) if found >= 0 else self.code.currentText().strip()
        return ScaleFigure(code, day, cents, self.source.text)

    @Slot()
    def _on_add(self) -> None:
        figure, desk = self._figure, self._screen.desk
        if figure is None:
            self.notice.tell("warn", _("Un champ est à corriger : rien n'a été enregistré."))
            return
        self._screen.context.data.submit(
            self, lambda: add_scale(desk, figure), lambda _none: self._added(figure), self._refused
        )

    def _added(self, figure: ScaleFigure) -> None:
        words = _("{name} : {amount} à partir du {day}.").format(
            name=scale_name(figure.code), amount=shown.money(figure.cents), day=shown.day(figure.valid_from)
        )
        self.notice.tell("success", words)
        self.amount.set_value(None)
        self.source.clear()
        self._read()
        self.code.setFocus()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._screen.on_trouble(error)

    @Slot()
    def _on_amount(self) -> None:
        go_on(self.amount.line)

    @Slot()
    def _on_source(self) -> None:
        self.add_button.setFocus()


def _state(current: object) -> str:
    return _("en vigueur") if current else ""
