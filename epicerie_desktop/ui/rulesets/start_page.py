"""From what a new règlement starts: one of five types, the one in force, a published one, or a file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.nomenclatures import published_rulesets, ruleset_types
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import column, label
from epicerie_desktop.ui.common.table import Column, RowsTable

_TYPES = {
    "1-reste-a-vivre": N_("Ressources moins charges, par jour et par personne, sous un seuil."),
    "2-quotient-familial": N_("Le chiffre de l'attestation de la CAF, sous un seuil."),
    "3-somme-mensuelle": N_("Les ressources du mois, sous un seuil qui dépend du foyer."),
    "4-au-kilo": N_("Un prix au kilo, quel que soit l'article."),
    "5-forfait": N_("Un forfait à chaque passage, pour tous ceux qui sont orientés."),
}


@dataclass(frozen=True, slots=True)
class Start:
    """Something to start from: what it is, its name, a word on it; `text` None for a file to be chosen."""

    key: str
    group: str
    name: str
    words: str
    text: str | None


def starts(in_force: str | None) -> tuple[Start, ...]:
    """Return what a new règlement may start from; `in_force` is the text of the one that applies."""
    blank = Start("blank", _("Rien"), _("Une page blanche"), _("Tout reste à dire."), "format = 1\n")
    found = [Start(t.key, _("Un type"), t.name, _(_TYPES[t.key]), t.text) for t in ruleset_types()]
    if in_force is not None:
        words = _("Une copie, à dater et à changer.")
        found.append(Start("in-force", _("Celui de l'épicerie"), _("Le règlement en vigueur"), words, in_force))
    found.append(blank)
    words = _("Un règlement écrit ailleurs, au format TOML.")
    found.append(Start("file", _("Un fichier"), _("Choisir un fichier…"), words, None))
    found += [Start(f"published:{p.key}", _("Publié"), p.name, p.source, p.text) for p in published_rulesets()]
    return tuple(found)


class StartPage(QWidget):
    """The list of what to start from; `chosen` carries the one taken."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list: RowsTable[Start] = RowsTable(
            (
                Column("", lambda s: s.group, tone=lambda _s: "ink_soft"),
                Column(_("Départ"), lambda s: s.name, bold=True),
                Column(_("Ce que c'est, ou d'où il vient"), lambda s: s.words, stretch=True),
            ),
            lambda s: s.key,
            name=_("De quoi partir"),
            sortable=False,
        )
        help_ = label(_("Rien n'est adopté avant que vous ne l'ayez relu et comparé. Entrée prend la ligne."), "soft")
        self.source = label("", "soft", selectable=True)
        self.setLayout(column(help_, self.list, self.source, spacing=12))
        self.list.opened.connect(self.chosen)
        self.list.chosen.connect(self._on_row)

    def show_starts(self, in_force: str | None) -> None:
        """Show what to start from."""
        self.list.set_rows(starts(in_force))
        self.list.choose_first()

    @Slot(object)
    def _on_row(self, found: Start | None) -> None:
        self.source.setText(found.words if found is not None else "")

    @Slot()
    def take(self) -> None:
        """Take the row chosen."""
        if self.list.current is not None:
            self.chosen.emit(self.list.current)
