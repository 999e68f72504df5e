"""An amount that may depend on the household, and a length: one figure first, more only for who needs it."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from epicerie_desktop.domain.eligibility.draft import typed, written
from epicerie_desktop.domain.eligibility.form_fields import Kind
from epicerie_desktop.domain.eligibility.form_words import named
from epicerie_desktop.domain.eligibility.rules import Counted, DurationUnit
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import label
from epicerie_desktop.ui.rulesets.answers import AnswerEditor, Line

_SAME, _SUM, _TABLE, _SHARE = "same", "sum", "table", "share"
_SHAPES = (
    (_SAME, N_("Le même pour tous")),
    (_SUM, N_("Une somme, selon le foyer")),
    (_TABLE, N_("Un tableau, selon le nombre")),
    (_SHARE, N_("Une part d'un barème social")),
)
_SCALES = (
    ("poverty_line", N_("Seuil de pauvreté (une personne)")),
    ("rsa_single", N_("RSA d'une personne seule")),
    ("aah", N_("AAH")),
    ("minimum_wage_gross", N_("SMIC brut")),
)
_PAIR = re.compile(r"(\d{1,3})\s*[=:]\s*(.+)")


class AmountAnswer(AnswerEditor):
    """A figure; or a fixed part and so much a head; or a table by number; or a part of a social scale."""

    def _build(self) -> None:
        self.shape = QComboBox()
        for code, words in _SHAPES:
            if code != _SHARE or self.field.shared:
                self.shape.addItem(_(words), code)
        self.by = QComboBox()
        for counted in Counted:
            self.by.addItem(_("Le nombre {of}").format(of=_(named(counted))), str(counted))
        self.of = QComboBox()
        self.of.setEditable(False)
        for code, words in _SCALES:
            self.of.addItem(_(words), code)
        unit = self.unit
        self.figures = {
            "base": Line(short=True, suffix=unit),
            "per_person": Line(short=True, suffix=unit),
            "per_adult": Line(short=True, suffix=unit),
            "per_child": Line(short=True, suffix=unit),
            "amounts": Line(suffix=unit),
            "extra": Line(short=True, suffix=unit),
            "percent": Line(short=True, suffix="%"),
        }
        self.figures["amounts"].line.setPlaceholderText(_("1 = 60 ; 2 = 90 ; 3 = 115"))
        self._captions = {
            "base": label(_("Part fixe"), "small"),
            "per_person": label(_("Par personne"), "small"),
            "per_adult": label(_("Par adulte"), "small"),
            "per_child": label(_("Par enfant"), "small"),
            "amounts": label(_("Montant pour chaque nombre"), "small"),
            "extra": label(_("Par personne de plus"), "small"),
            "percent": label(_("Part du barème"), "small"),
        }
        self._lay_out()
        for line in self.figures.values():
            line.changed.connect(self.changed)
            line.left.connect(self.left)
        self.shape.currentIndexChanged.connect(self._on_shape)
        for box in (self.by, self.of):
            box.currentIndexChanged.connect(self._on_list)
        self._fit()

    def _lay_out(self) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.shape, 0, 0, 1, 2)
        grid.addWidget(self.by, 1, 0, 1, 2)
        places = {"percent": (2, 0), "base": (2, 0), "per_person": (2, 1), "per_adult": (4, 0), "per_child": (4, 1),
                  "extra": (8, 0)}  # fmt: skip
        for key, (line, column) in places.items():
            grid.addWidget(self._captions[key], line, column)
            grid.addWidget(self.figures[key], line + 1, column)
        grid.addWidget(self._captions["amounts"], 6, 0, 1, 2)
        grid.addWidget(self.figures["amounts"], 7, 0, 1, 2)
        grid.addWidget(self.of, 10, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        self._put(inside)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the figure first where there is only one, else how it depends, then its figures."""
        keys = self._keys()
        lines = [self.figures[k].line for k in keys]
        shape = self.shape.currentData()
        if shape == _SAME:
            return (*lines, self.shape)
        return (self.shape, *((self.by,) if shape == _TABLE else ()), *lines, *((self.of,) if shape == _SHARE else ()))

    def _keys(self) -> tuple[str, ...]:
        shape = self.shape.currentData()
        if shape == _SUM:
            return ("base", "per_person", "per_adult", "per_child")
        if shape == _TABLE:
            beside = {"adults": ("per_child",), "children": ("per_adult",)}.get(str(self.by.currentData()), ())
            return ("amounts", "extra", *beside)
        return ("percent",) if shape == _SHARE else ("base",)

    def _fit(self) -> None:
        keys, shape = self._keys(), self.shape.currentData()
        base = self.figures["base"]
        if shape == _SAME:
            self._grid.addWidget(base, 0, 0)
            self._grid.addWidget(self.shape, 0, 1)
        else:
            self._grid.addWidget(self.shape, 0, 0, 1, 2)
            self._grid.addWidget(base, 3, 0)
        for key, line in self.figures.items():
            line.setVisible(key in keys)
            self._captions[key].setVisible(key in keys and shape != _SAME)
        self.by.setVisible(shape == _TABLE)
        self.of.setVisible(shape == _SHARE)
        for stop in self.stops:
            caption = next((self._captions[k].text() for k, f in self.figures.items() if f.line is stop), "")
            stop.setAccessibleName(
                f"{_(self.field.label)}, {caption}" if caption and shape != _SAME else _(self.field.label)
            )

    def value(self) -> Any:
        """Return the keys of the amount, None where nothing is typed."""
        shape = self.shape.currentData()
        found: dict[str, Any] = {}
        for key in self._keys():
            text = self.figures[key].text
            if text:
                found[key] = _table_of(text) if key == "amounts" else typed(Kind.NUMBER, text)
        if shape == _TABLE:
            return {"by": self.by.currentData(), **found}
        if shape == _SHARE:
            return {**found, "of": self.of.currentData()}
        return found or None

    def show_value(self, value: Any) -> None:
        """Show an amount in the shape it has."""
        amount: dict[str, Any] = value if isinstance(value, dict) else {}
        shape = _SAME
        if "by" in amount:
            shape = _TABLE
            self.by.setCurrentIndex(max(0, self.by.findData(str(amount["by"]))))
        elif "of" in amount or "percent" in amount:
            shape = _SHARE
            code = str(amount.get("of", ""))
            if code and self.of.findData(code) < 0:
                self.of.addItem(code, code)
            self.of.setCurrentIndex(max(0, self.of.findData(code)))
        elif any(k.startswith("per_") for k in amount):
            shape = _SUM
        self.shape.setCurrentIndex(max(0, self.shape.findData(shape)))
        for key, line in self.figures.items():
            known = amount.get(key)
            if isinstance(known, dict):
                line.line.setText(" ; ".join(f"{n} = {written(v)}" for n, v in known.items()))
            else:
                line.show_value(known)
        self._fit()

    @Slot()
    def _on_shape(self) -> None:
        self._fit()
        self.changed.emit()
        self.left.emit()

    @Slot()
    def _on_list(self) -> None:
        self._fit()
        self.changed.emit()


def _table_of(text: str) -> Any:
    """Return « 1 = 60 ; 2 = 90 » as a table, or the text itself where it is none yet."""
    found: dict[str, Any] = {}
    for part in text.split(";"):
        if part.strip():
            pair = _PAIR.fullmatch(part.strip())
            if pair is None:
                return text
            found[str(int(pair[1]))] = typed(Kind.NUMBER, pair[2])
    return found


class LengthAnswer(AnswerEditor):
    """A number of days, weeks or months."""

    def _build(self) -> None:
        self.count = Line(short=True)
        self.unit_box = QComboBox()
        for unit in DurationUnit:
            self.unit_box.addItem(_(named(unit)), str(unit))
        self.unit_box.setCurrentIndex(2)
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.count)
        line.addWidget(self.unit_box)
        line.addStretch(1)
        self.count.changed.connect(self.changed)
        self.count.left.connect(self.left)
        self.unit_box.currentIndexChanged.connect(self.changed)
        self._put(inside)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Return the number, then its unit."""
        return (self.count.line, self.unit_box)

    def value(self) -> Any:
        """Return the length, None where no number is typed."""
        return {self.unit_box.currentData(): typed(Kind.WHOLE, self.count.text)} if self.count.text else None

    def show_value(self, value: Any) -> None:
        """Show a length."""
        length: dict[str, Any] = value if isinstance(value, dict) else {}
        unit = next((u for u in DurationUnit if u in length), DurationUnit.MONTHS)
        self.unit_box.setCurrentIndex(max(0, self.unit_box.findData(str(unit))))
        self.count.show_value(length.get(unit))
