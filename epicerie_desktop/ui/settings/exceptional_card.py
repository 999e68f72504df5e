"""How many exceptional visits a volunteer may grant, and what is paid where no right was ever open."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from epicerie_desktop.services.queries.exceptional import ExceptionalRule
from epicerie_desktop.services.rights import exceptional
from epicerie_desktop.support.errors import RuleRefused, Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen


class ExceptionalCard(Card):
    """The limit in force; another begins today and changes nothing before."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Passages exceptionnels"))
        self._screen = screen
        self.most, self.days, self.share = (
            _choice(range(6)),
            _choice((7, 14, 30, 60, 90, 180, 365)),
            _choice(range(0, 105, 5)),
        )
        self.keep = ActionButton(_("Garder cette limite"), icon="check")
        self.notice = Notice("info")
        self.add(
            label(_("Quand le droit est fini et que personne ne peut décider, un bénévole ouvre un passage, à valider ensuite."), "soft"),
            row(FormRow(_("Au plus"), self.most), FormRow(_("Sur combien de jours"), self.days), spacing=12),
            FormRow(_("Participation sans droit passé, en %"), self.share),
            row(self.keep, None), self.notice,
        )  # fmt: skip
        self.keep.clicked.connect(self._on_keep_clicked)

    def read(self) -> None:
        """Read the limit in force."""
        desk = self._screen.desk
        self._screen.ask(lambda: exceptional.exceptional_rule(desk), self._show, key="exceptional")

    def _show(self, rule: ExceptionalRule) -> None:
        figures = (rule.most, rule.days, rule.permille // 10)
        for choice, figure in zip((self.most, self.days, self.share), figures, strict=True):
            choice.setCurrentIndex(max(0, choice.findData(figure)))

    @Slot()
    def _on_keep_clicked(self) -> None:
        most, days, share = (int(c.currentData()) for c in (self.most, self.days, self.share))
        desk, rule = self._screen.desk, ExceptionalRule(most, days, share * 10)
        self._screen.context.data.submit(
            self, lambda: exceptional.set_exceptional_rule(desk, rule), self._kept, self._failed
        )

    def _kept(self, _none: None) -> None:
        self.notice.tell("success", _("Cette limite vaut à partir d'aujourd'hui."))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn" if isinstance(error, RuleRefused) else "error", trouble.sentence(error))
        else:
            trouble.show(self, error)


def _choice(figures: Iterable[int]) -> QComboBox:
    made = QComboBox()
    for figure in figures:
        made.addItem(str(figure), figure)
    return made
