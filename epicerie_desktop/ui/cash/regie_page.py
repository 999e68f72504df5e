"""The régie: what it holds for its accountant, what it paid, its register; who it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.services.till import regie as till_regie
from epicerie_desktop.services.till.regie import PaymentForm, RegieView, SlipRow
from epicerie_desktop.services.till.regie_name import save_regie
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.cash.coins import CoinGrid
from epicerie_desktop.ui.closed_papers import look_at_closed
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import accepted
from epicerie_desktop.ui.common.fields import FieldFrame, MoneyField
from epicerie_desktop.ui.common.layout import FormRow, StatTile, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.pdf_view import look_at
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.tabbed import NoticePage, TabbedPage
from epicerie_desktop.ui.writing_dialog import WritingDialog

_MONTHS = 24


class PayDialog(WritingDialog):
    """All that was taken since the last payment goes to the accountant; the coins and notes may be told."""

    def __init__(self, page: TabbedPage, view: RegieView, write: Callable[[PaymentForm], object]) -> None:
        held = view.held
        super().__init__(
            page, _("Verser au comptable"),
            _("Tout ce qui a été encaissé depuis le dernier versement : {total}, dont {cash} en espèces.").format(
                total=shown.money(held.total_cents), cash=shown.money(held.cash_cents)
            ),
            _("Verser"),
        )  # fmt: skip
        self._write, self._cash = write, held.cash_cents
        self.setMinimumWidth(720)
        self.grid, self.told, self.note = CoinGrid(), label("", "strong"), FieldFrame()
        self.body.addWidget(
            label(_("Les pièces et les billets remis, si vous les comptez ici (sinon laissez vide)."), "soft")
        )
        self.body.addWidget(self.grid)
        self.body.addWidget(self.told)
        self.body.addWidget(FormRow(_("Précision"), self.note))
        self.body.addWidget(self.notice)
        self.grid.changed.connect(self._on_counted)
        self._on_counted()
        self.grid.setFocus()

    def _on_counted(self) -> None:
        self.told.setText(
            _("Compté : {amount} sur {total}.").format(
                amount=shown.money(self.grid.cents), total=shown.money(self._cash)
            )
        )

    def service(self) -> Callable[[], object] | None:
        """Return the writing of the payment, None where a number is wrong."""
        wrong = next((f for f in self.grid.fields.values() if not f.check()), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        form = PaymentForm(self.grid.counts, self.note.text)
        return lambda: self._write(form)


class RegieDialog(WritingDialog):
    """How the papers name the régie, from today."""

    def __init__(self, page: TabbedPage, known: Regie, write: Callable[[Regie], object]) -> None:
        super().__init__(
            page,
            _("La régie"),
            _("Ce que disent l'acte constitutif et l'arrêté ; les quittances le portent."),
            _("Enregistrer"),
        )
        self._write = write
        self.name, self.regisseur, self.accountant = FieldFrame(), FieldFrame(), FieldFrame()
        self.ceiling = MoneyField()
        for title, field, value in (
            (_("Nom de la régie"), self.name, known.name), (_("Régisseur"), self.regisseur, known.regisseur),
            (_("Comptable public"), self.accountant, known.accountant),
        ):  # fmt: skip
            field.line.setText(value)
            field.submitted.connect(self.focusNextChild)
            self.body.addWidget(FormRow(title, field))
        self.body.addWidget(FormRow(_("Plafond d'encaisse"), self.ceiling))
        if known.ceiling_cents:
            self.ceiling.set_value(known.ceiling_cents)
        self.body.addWidget(self.notice)
        self.name.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the writing of what was typed, None where the ceiling is wrong."""
        if not self.ceiling.check():
            self.ceiling.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        regie = Regie(self.name.text, self.regisseur.text, self.accountant.text, self.ceiling.value or 0)
        return lambda: self._write(regie)


class RegiePage(NoticePage):
    """What is to pay above, the payments made below; Enter shows the slip of one."""

    tables: ClassVar[frozenset[str]] = frozenset({"payment_slip", "payment", "cash_move", "setting"})

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.view: RegieView | None = None
        self.warning = Notice("warn", parent=self)
        self.to_pay, self.cash = StatTile(_("À verser au comptable")), StatTile(_("Dont espèces"))
        self.since = StatTile(_("Depuis le"))
        columns: tuple[Column[SlipRow], ...] = (
            Column(_("Versement"), lambda p: p.number, str),
            Column(_("Le"), lambda p: p.day, shown.day),
            Column(_("Quittances"), lambda p: p.tickets, shown.number, align="right"),
            Column(_("Espèces"), lambda p: p.cash_cents, shown.money, align="right"),
            Column(_("Chèques"), lambda p: p.cheque_cents, shown.money, align="right"),
            Column(_("Total"), lambda p: p.total_cents, shown.money, align="right", bold=True),
            Column(_("Par"), lambda p: p.by, str, stretch=True),
        )
        self.table: RowsTable[SlipRow] = RowsTable(
            columns,
            lambda p: p.id,
            name=_("Versements au comptable"),
            empty=_("Rien n'a encore été versé."),
            sortable=False,
        )
        self.month = QComboBox()
        self.month.setAccessibleName(_("Mois du journal"))
        first = self.desk.clock.today().replace(day=1)
        for _n in range(_MONTHS):
            self.month.addItem(shown.month(f"{first:%Y-%m}"), first)
            first = (first - timedelta(days=1)).replace(day=1)
        self.name = ActionButton(_("La régie"), "F8", icon="pencil", kind="quiet")
        self.register = ActionButton(_("Journal des recettes"), "F7", icon="printer")
        self.slip = ActionButton(_("Bordereau"), "F6", icon="printer")
        self.pay = ActionButton(_("Verser au comptable"), "F12", icon="check", kind="primary")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.notice)
        whole.addWidget(self.warning)
        whole.addLayout(row(self.to_pay, self.cash, self.since))
        whole.addLayout(row(self.register, self.month, None))
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.name, None, self.slip, self.pay))
        self.name.clicked.connect(self._on_name)
        self.register.clicked.connect(self._on_register)
        self.slip.clicked.connect(self._on_slip)
        self.pay.clicked.connect(self._on_pay)
        self.table.opened.connect(self._on_opened)

    def first_field(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def refresh(self) -> None:
        """Read what is to pay, and what was paid."""
        self.ask(partial(till_regie.regie_view, self.desk), self._show, key="regie")

    def _show(self, found: RegieView) -> None:
        self.view = found
        self.to_pay.set_value(shown.money(found.held.total_cents))
        self.cash.set_value(shown.money(found.held.cash_cents))
        self.since.set_value(shown.day(found.held.since) if found.held.since else "–")
        told = []
        if found.over_ceiling:
            told.append(
                _("Le plafond d'encaisse de {amount} est dépassé : versez dès que possible.").format(amount=shown.money(found.regie.ceiling_cents))
            )  # fmt: skip
        if found.late:
            told.append(
                _("Le premier encaissement à verser a plus d'un mois : une régie verse au moins une fois par mois.")
            )
        if not found.regie.regisseur:
            told.append(_("Écrivez le nom de la régie et du régisseur : les quittances les portent (F8)."))
        self.warning.tell("warn", " ".join(told))
        self.table.set_rows(found.rows)

    @Slot()
    def _on_name(self) -> None:
        if self.view is not None:
            accepted(RegieDialog(self, self.view.regie, partial(save_regie, self.desk)))

    @Slot()
    def _on_pay(self) -> None:
        if self.view is None:
            return
        if self.view.held.total_cents <= 0:
            self.notice.tell("info", _("Il n'y a rien à verser : tout ce qui a été encaissé l'est déjà."))
            return
        if accepted(PayDialog(self, self.view, partial(till_regie.pay_accountant, self.desk))):
            self.notice.tell("success", _("Le versement est noté. F6 montre son bordereau."))

    @Slot()
    def _on_slip(self) -> None:
        chosen = self.table.current
        if chosen is None:
            self.notice.tell("info", _("Choisissez un versement dans la liste."))
        else:
            self._on_opened(chosen)

    @Slot(object)
    def _on_opened(self, chosen: SlipRow) -> None:
        name = _("versement-{number}").format(number=chosen.number)
        make = partial(till_regie.payment_pdf, self.desk, chosen.id)
        look_at_closed(self.owner, make, _("Bordereau de versement"), name)

    @Slot()
    def _on_register(self) -> None:
        first: date = self.month.currentData()
        last = min((first + timedelta(days=31)).replace(day=1) - timedelta(days=1), self.desk.clock.today())
        make = partial(till_regie.register_pdf, self.desk, first, last)
        look_at(self.owner, make, _("Journal des recettes"), _("recettes-{month}").format(month=f"{first:%Y-%m}"))
