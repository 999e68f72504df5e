"""A partner's table, looked at before anything is taken: what each column holds, what holds for all, and each value with what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QGridLayout

from epicerie_desktop.domain.value_sheet import TableMapping, ValueField
from epicerie_desktop.services.contract import spreadsheet
from epicerie_desktop.services.contract import wording as told
from epicerie_desktop.services.contract.plan import IndicatorRow
from epicerie_desktop.services.contract.spreadsheet import Effect, Preview, SeenValue, Table
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.contract.contract_page import ContractPage, choices
from epicerie_desktop.ui.writing_dialog import WritingDialog

_FIELDS: dict[ValueField, str] = {
    ValueField.VALUE: N_("la valeur"), ValueField.INDICATOR: N_("le nom ou le code de l'indicateur"), ValueField.SHOP: N_("l'épicerie"),
    ValueField.PERIOD: N_("la période"), ValueField.FIRST: N_("le premier mois"), ValueField.LAST: N_("le dernier mois"),
    ValueField.AS_OF: N_("la date d'arrêt"), ValueField.SOURCE: N_("la source"),
}  # fmt: skip
_EFFECTS = {
    Effect.NEW: N_("nouvelle"), Effect.SAME: N_("inchangée"), Effect.CORRECTS: N_("corrige {before}"), Effect.WRONG: N_("à corriger"),
}  # fmt: skip
_ACROSS = 4


class ImportDialog(WritingDialog):
    """F12 takes the whole table in; it stays shut as long as one line is wrong, or where the file was already taken in."""

    def __init__(self, page: ContractPage, contract: int, table: Table, indicators: list[IndicatorRow]) -> None:
        super().__init__(
            page, _("Importer un tableau"), _("{file} : dites ce que contient chaque colonne, puis vérifiez. Rien n'est encore enregistré.").format(file=table.name),
            _("Importer"),
        )  # fmt: skip
        self.setMinimumSize(1000, 620)
        self.setMaximumWidth(1300)
        self.contract, self.source_table = contract, table
        self._units = {i.name: i for i in indicators}
        self.preview: Preview | None = None
        typed = [i for i in indicators if not i.source]
        roles: list[tuple[str, str]] = [("–", "")]
        roles += [(_(words), f"field:{name.value}") for name, words in _FIELDS.items()]
        roles += [(_("valeurs de : {name}").format(name=i.name), f"indicator:{i.code}") for i in typed]
        self.boxes: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for place, heading in enumerate(h for h in table.sheet.headings if h):
            self.boxes[heading] = box = choices(heading, list(roles))
            box.currentIndexChanged.connect(self._look)
            grid.addWidget(FormRow(heading, box), place // _ACROSS, place % _ACROSS)
        self.body.addLayout(grid)
        self.indicator = choices(_("Indicateur de tout le fichier"), [("–", ""), *((i.name, i.code) for i in typed)])
        self.period, self.source = FieldFrame(message=False), FieldFrame(message=False)
        self.period.line.setPlaceholderText("2012, 2012-03")
        self.body.addLayout(
            row(
                FormRow(_("Indicateur de tout le fichier"), self.indicator), FormRow(_("Période de tout le fichier"), self.period),
                FormRow(_("Source de tout le fichier"), self.source), spacing=10,
            )
        )  # fmt: skip
        self.lines: RowsTable[SeenValue] = RowsTable(
            (
                Column(_("Ligne"), lambda n: n.told.line, str, align="right"),
                Column(_("Indicateur"), lambda n: n.indicator, stretch=True),
                Column(_("De qui"), lambda n: n.shop or _("tout le contrat")),
                Column(_("Période"), _period),
                Column(_("Valeur"), self._value, align="right"),
                Column(_("Effet"), self._effect, tone=lambda n: {Effect.WRONG: "no", Effect.CORRECTS: "ask", Effect.SAME: "ink_soft"}.get(n.effect), stretch=True),
            ),
            lambda n: (n.told.line, n.told.indicator), name=_("Valeurs du tableau"), sortable=False,
            empty=_("Aucune valeur à importer avec ces colonnes."),
        )  # fmt: skip
        self.body.addWidget(self.lines, 1)
        self.detail, self.summary = label("", "error"), label("", "strong")
        self.lines.chosen.connect(self._on_chosen)
        self.body.addWidget(self.detail)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.notice)
        self.indicator.currentIndexChanged.connect(self._look)
        for field in (self.period, self.source):
            field.changed.connect(self._look)
        self.yes_button.setEnabled(False)
        desk = page.desk
        page.act(lambda: spreadsheet.mapping_of(desk, contract, table), self._on_mapping, self._on_sentence)

    def _on_mapping(self, mapping: TableMapping) -> None:
        told_by = {h: f"field:{name.value}" for name, h in mapping.columns.items()}
        told_by |= {h: f"indicator:{code}" for h, code in mapping.indicators.items()}
        for heading, box in self.boxes.items():
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(told_by.get(heading, ""))))
            box.blockSignals(False)
        self.indicator.blockSignals(True)
        self.indicator.setCurrentIndex(max(0, self.indicator.findData(mapping.fixed.get(ValueField.INDICATOR, ""))))
        self.indicator.blockSignals(False)
        self.period.line.setText(mapping.fixed.get(ValueField.PERIOD, ""))
        self.source.line.setText(mapping.fixed.get(ValueField.SOURCE, ""))
        next(iter(self.boxes.values())).setFocus()
        self._look()

    @property
    def mapping(self) -> TableMapping:
        """Return how the table is read, as the boxes say."""
        columns: dict[ValueField, str] = {}
        indicators: dict[str, str] = {}
        for heading, box in self.boxes.items():
            kind, _sign, what = str(box.currentData()).partition(":")
            if kind == "field":
                columns.setdefault(ValueField(what), heading)
            elif kind == "indicator":
                indicators[heading] = what
        fixed = {
            ValueField.INDICATOR: str(self.indicator.currentData()), ValueField.PERIOD: self.period.text, ValueField.SOURCE: self.source.text,
        }  # fmt: skip
        return TableMapping(columns, indicators, {k: v for k, v in fixed.items() if v})

    @Slot()
    def _look(self) -> None:
        desk, contract, table, mapping = self.page.desk, self.contract, self.source_table, self.mapping
        self.page.owner.context.data.submit(
            self.page, lambda: spreadsheet.look_at(desk, contract, table, mapping), self._on_seen, self._on_look_failed, key="import"
        )  # fmt: skip

    def _on_seen(self, seen: Preview) -> None:
        self.preview = seen
        self.lines.set_rows(sorted(seen.lines, key=lambda n: (n.effect is not Effect.WRONG, n.told.line)))
        self.lines.size_columns()
        self.lines.choose_first()
        new, corrected, same, wrong = (seen.count(e) for e in (Effect.NEW, Effect.CORRECTS, Effect.SAME, Effect.WRONG))
        self.summary.setText(
            _("Nouvelles {new}, corrigées {corrected}, inchangées {same}, à corriger {wrong}.").format(
                new=new, corrected=corrected, same=same, wrong=wrong
            )
        )
        if seen.already is not None:
            self.notice.tell("info", _("Déjà importé le {day} : rien n'a changé.").format(day=shown.day(seen.already)))
        elif wrong:
            self.notice.tell(
                "warn", _("Rien n'est importé tant qu'une ligne est à corriger : corrigez le tableau, ou ses colonnes.")
            )
        else:
            self.notice.tell("info", "")
        self.yes_button.setEnabled(seen.already is None and not wrong and new + corrected > 0)

    @Slot(object)
    def _on_chosen(self, seen: SeenValue | None) -> None:
        self.detail.setText(" ".join(seen.errors) if seen is not None else "")

    def _on_look_failed(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self._on_sentence(str(error))
        else:
            self.page.owner.on_trouble(error)

    def _on_sentence(self, sentence: str) -> None:
        self.preview = None
        self.lines.set_rows(())
        self.summary.setText("")
        self.notice.tell("warn", sentence)
        self.yes_button.setEnabled(False)

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that takes the table in."""
        if not self.yes_button.isEnabled():
            return None
        desk, contract, table, mapping = self.page.desk, self.contract, self.source_table, self.mapping
        return lambda: spreadsheet.take_in(desk, contract, table, mapping)

    def _value(self, seen: SeenValue) -> str:
        of = self._units.get(seen.indicator)
        return seen.told.typed if of is None or seen.value is None else told.amount(seen.value, of.unit, of.unit_name)

    def _effect(self, seen: SeenValue) -> str:
        if seen.errors:
            return " ".join(seen.errors)
        of = self._units.get(seen.indicator)
        before = told.amount(seen.before, of.unit, of.unit_name) if of is not None else ""
        return _(_EFFECTS[seen.effect]).format(before=before)


def _period(seen: SeenValue) -> str:
    if seen.form is not None:
        return told.period(seen.form.first, seen.form.last)
    return told.period(seen.told.first, seen.told.last) if seen.told.first else "–"
