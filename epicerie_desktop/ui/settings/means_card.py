"""The limits of the till: what may be owed, and what the constitutive act of a régie allows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.services.features import Features
from epicerie_desktop.services.till.limits import TillLimits, limits_of, save_limits
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import FieldFrame, MoneyField
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.screen import Screen


class MeansCard(Card):
    """Shown where something may be owed, or in a régie; other limits begin today and change nothing before."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Limites de la caisse"))
        self._screen = screen
        self.slate = MoneyField()
        self.act_slate, self.act_ahead, self.act_refund = FieldFrame(), FieldFrame(), FieldFrame()
        self.keep = ActionButton(_("Garder ces limites"), icon="check")
        self.notice = Notice("info")
        self.slate_row = FormRow(_("Un foyer peut devoir au plus"), self.slate, _("vide : pas de limite"))
        self.of_a_regie: tuple[QWidget, ...] = (
            label(
                _("L'acte constitutif le permet-il ? Écrivez sa date ou sa référence pour dire oui, laissez vide pour dire non."), "soft"
            ),
            FormRow(_("Laisser payer plus tard"), self.act_slate),
            FormRow(_("Prendre de l'argent d'avance"), self.act_ahead),
            FormRow(_("Rendre de l'argent"), self.act_refund),
        )  # fmt: skip
        self.add(self.slate_row, *self.of_a_regie, row(self.keep, None), self.notice)
        self.notice.hide()
        self.keep.clicked.connect(self._on_keep_clicked)
        self.hide()

    def show_features(self, uses: Features) -> None:
        """Show the card where it has something to ask, and read it."""
        self.setVisible(uses.slate or uses.regie)
        self.slate_row.setVisible(uses.slate)
        for widget in self.of_a_regie:
            widget.setVisible(uses.regie)
        if uses.slate or uses.regie:
            self._screen.ask(partial(limits_of, self._screen.desk), self._show, key="till limits")

    def _show(self, limits: TillLimits) -> None:
        self.slate.set_value(limits.slate_cents)
        for field, words in (
            (self.act_slate, limits.act_slate), (self.act_ahead, limits.act_ahead), (self.act_refund, limits.act_refund),
        ):  # fmt: skip
            field.line.setText(words)

    @Slot()
    def _on_keep_clicked(self) -> None:
        if not self.slate.check():
            self.slate.setFocus()
            return
        limits = TillLimits(self.slate.value, self.act_slate.text, self.act_ahead.text, self.act_refund.text)
        desk = self._screen.desk
        self._screen.context.data.submit(self, lambda: save_limits(desk, limits), self._kept, self._failed)

    def _kept(self, _none: None) -> None:
        self.notice.tell("success", _("Ces limites valent à partir d'aujourd'hui."))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            trouble.show(self, error)
