"""The questions asked around a question: which values to keep, under what name, what to publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from epicerie_desktop.domain.questions import Code
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.fields import CountField, FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice

_TICKABLE = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TALLEST = 12


class ValuesDialog(QuestionDialog):
    """Which values to keep: the space bar ticks; none ticked keeps them all."""

    def __init__(self, parent: QWidget, name: str, values: Sequence[tuple[Code, str]], kept: Iterable[Code]) -> None:
        super().__init__(
            parent, name, _("Cochez ce qui doit être gardé (barre d'espace). Sans rien de coché, tout est gardé."), _("Garder"),
            _("Ne rien changer"), armed_after_ms=0,
        )  # fmt: skip
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        chosen = set(kept)
        for code, words in values:
            item = QListWidgetItem(words)
            item.setFlags(_TICKABLE)
            item.setData(Qt.ItemDataRole.UserRole, (code,))
            item.setCheckState(Qt.CheckState.Checked if code in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setMinimumHeight(self.list.sizeHintForRow(0) * min(max(len(values), 3), _TALLEST) + 8)
        self.body.addWidget(self.list)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def values(self) -> tuple[Code, ...]:
        """Return the codes ticked."""
        items = (self.list.item(i) for i in range(self.list.count()))
        ticked = (i for i in items if i.checkState() == Qt.CheckState.Checked)
        return tuple(i.data(Qt.ItemDataRole.UserRole)[0] for i in ticked)


class NameDialog(QuestionDialog):
    """Under what name a question is kept, or a table published."""

    def __init__(self, parent: QWidget, title: str, text: str, name: str, yes: str) -> None:
        super().__init__(parent, title, text, yes, _("Ne rien changer"), armed_after_ms=0)
        self.field = FieldFrame()
        self.body.addWidget(FormRow(_("Nom"), self.field))
        self.field.line.setText(name)
        self.field.line.selectAll()
        self.field.line.setFocus()
        self.field.submitted.connect(self._on_yes)

    @property
    def name(self) -> str:
        """Return the name typed."""
        return self.field.line.text()

    def may_accept(self) -> bool:
        """Return whether a name was typed."""
        return bool(self.name.strip())


class ThresholdsDialog(QuestionDialog):
    """Under how many people a cell is not published."""

    def __init__(self, parent: QWidget, heads: int, incomes: int, least: int, most: int) -> None:
        super().__init__(
            parent, _("Petits effectifs"),
            _("Un tableau publié ne montre pas ce qui porte sur trop peu de foyers ou de personnes. L'usage : 5, et 11 dès qu'il s'agit de revenus."),
            _("Garder ces seuils"), _("Ne rien changer"), armed_after_ms=0,
        )  # fmt: skip
        self._least, self._most = least, most
        self.heads, self.incomes = CountField(most=most, required=True), CountField(most=most, required=True)
        self.heads.set_value(heads)
        self.incomes.set_value(incomes)
        self.body.addLayout(
            row(FormRow(_("Foyers et personnes"), self.heads), FormRow(_("Revenus (tranche, réponse)"), self.incomes))
        )
        self.notice = Notice("error", parent=self)
        self.body.addWidget(self.notice)
        self.heads.line.setFocus()

    def may_accept(self) -> bool:
        """Return whether both are in bounds, and say so otherwise."""
        good = all((n.value or 0) >= self._least for n in (self.heads, self.incomes))
        self.notice.tell(
            "error", "" if good else _("Un seuil va de {least} à {most}.").format(least=self._least, most=self._most)
        )
        return good


class PublishDialog(QuestionDialog):
    """What will be published, under which title: how many cells are hidden is told before."""

    def __init__(self, parent: QWidget, title: str, hidden: int, cells: int, threshold: int, *, heads: bool) -> None:
        super().__init__(
            parent, _("Publier ce tableau"),
            _("Le tableau sort de l'épicerie : il est gardé tel quel, et les prochains seront comparés à lui."), _("Publier"),
            _("Ne pas publier"), armed_after_ms=0,
        )  # fmt: skip
        self.field = FieldFrame()
        self.field.line.setText(title)
        self.body.addWidget(FormRow(_("Titre"), self.field))
        told = _("Ces lignes ne portent sur personne : rien n'est caché.")
        if heads:
            told = ngettext(
                "Seuil : {threshold} personnes. {n} case sur {cells} est cachée.",
                "Seuil : {threshold} personnes. {n} cases sur {cells} sont cachées.",
                hidden,
            ).format(threshold=threshold, n=hidden, cells=cells)
        self.body.addWidget(label(told))
        if heads and hidden * 3 > cells:
            self.body.addWidget(
                label(
                    _("Beaucoup de cases se taisent : groupez par secteur plutôt que par commune, ou par année."),
                    "soft",
                )
            )
        self.field.line.selectAll()
        self.field.line.setFocus()

    @property
    def title(self) -> str:
        """Return the title typed."""
        return self.field.line.text()

    def may_accept(self) -> bool:
        """Return whether a title was typed."""
        return bool(self.title.strip())
