"""« Ce que dit le contrat »: its edition, how it counts, what it offers to adopt, and the shop's own leaving."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from epicerie_desktop.services.contract import joining
from epicerie_desktop.services.contract.joining import OnOffer
from epicerie_desktop.services.contract.share import JoinedContract
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ask_confirm
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.screen import Screen

Definition = tuple[str, str, str]


class ContractTermsDialog(QuestionDialog):
    """Reading adopts nothing: each thing on offer has its own button and its own question."""

    def __init__(self, screen: Screen, contract: JoinedContract, found: OnOffer, left_on: date | None) -> None:
        super().__init__(
            screen, _("Ce que dit le contrat"),
            _("{name}, édition n° {edition} du fichier de la coordination.").format(name=contract.name, edition=found.edition),
            _("Fermer"), armed_after_ms=0,
        )  # fmt: skip
        self.setMaximumWidth(1000)
        self.setMinimumWidth(860)
        self._screen, self._contract = screen, contract
        self.definitions: RowsTable[Definition] = RowsTable(
            (Column(_("Ce qui est compté"), lambda d: _(d[1]), bold=True), Column(_("Comment"), lambda d: _(d[2]), stretch=True)),
            lambda d: d[0], name=_("Définitions du contrat"),
            empty=_("Ce fichier, d'une ancienne version, ne dit pas comment on compte."), sortable=False,
        )  # fmt: skip
        self.definitions.setMinimumHeight(220)
        self.whole = label("", "soft")
        self.differs = Notice("warn")
        self.ruleset = QComboBox()
        self.ruleset.setAccessibleName(_("Règlement proposé"))
        self.adopt_ruleset = ActionButton(_("Adopter ce règlement"), icon="check")
        self.articles = label("")
        self.adopt_articles = ActionButton(_("Ajouter ces articles"), icon="plus")
        self.last_day = DayField(left_on or screen.desk.clock.today())
        self.leave = ActionButton(
            _("Revenir sur le départ") if left_on else _("Noter le départ de l'épicerie"), icon="log-out", kind="quiet"
        )
        self.notice = Notice("info")
        self._left_on = left_on
        self._lay_out()
        self._show(found)
        self.definitions.chosen.connect(self._on_definition_chosen)
        self.adopt_ruleset.clicked.connect(self._on_adopt_ruleset_clicked)
        self.adopt_articles.clicked.connect(self._on_adopt_articles_clicked)
        self.leave.clicked.connect(self._on_leave_clicked)
        self._on_definition_chosen()

    def _lay_out(self) -> None:
        self.body.addWidget(self.definitions, 1)
        self.body.addWidget(self.whole)
        self.body.addWidget(self.differs)
        self._rulesets = QWidget()
        self._rulesets.setLayout(row(FormRow(_("Règlement proposé"), self.ruleset), self.adopt_ruleset, None))
        self.body.addWidget(self._rulesets)
        self._offered = QWidget()
        self._offered.setLayout(row(self.articles, self.adopt_articles, None))
        self.body.addWidget(self._offered)
        self.body.addLayout(
            row(FormRow(_("Dernier jour de l'épicerie dans le contrat"), self.last_day), self.leave, None)
        )
        self.body.addWidget(self.notice)

    def _show(self, found: OnOffer) -> None:
        self.definitions.set_rows(found.definitions)
        if found.definitions:
            self.definitions.selectRow(0)
        self.differs.tell(
            "warn",
            _("Le contrat compte autrement que ce programme : {names}. Mettez le programme à jour, ou appelez la coordination.").format(
                names=", ".join(_(n) for n in found.differing)
            )
            if found.differing else "",
        )  # fmt: skip
        self.ruleset.clear()
        self.ruleset.addItems([name for name, kept in found.rulesets if not kept])
        self._rulesets.setVisible(self.ruleset.count() > 0)
        n = len(found.articles)
        words = ngettext(
            "Un article proposé n'est pas dans votre catalogue.",
            "{n} articles proposés ne sont pas dans votre catalogue.",
            n,
        )
        told = words.format(n=n) if n else ""
        if found.unplaced:
            told += " " + _("Sans famille ici : {names}.").format(names=", ".join(found.unplaced[:5]))
        self.articles.setText(told.strip())
        self.adopt_articles.setVisible(n > 0)
        self._offered.setVisible(bool(told))
        self._found = found
        grow(self)

    @Slot()
    def _on_definition_chosen(self) -> None:
        chosen = self.definitions.current
        self.whole.setText(_(chosen[2]) if chosen else "")
        grow(self)

    @Slot()
    def _on_adopt_ruleset_clicked(self) -> None:
        name, desk, contract = self.ruleset.currentText(), self._screen.desk, self._contract.id
        if name and ask_confirm(
            self, _("Adopter ce règlement ?"),
            _("« {name} » s'ajoutera aux règlements de l'épicerie et s'appliquera à partir de sa propre date.").format(name=name),
            _("Adopter"), _("Ne rien faire"),
        ):  # fmt: skip
            self._do(
                lambda: rulesets.adopt_ruleset(desk, joining.offered_ruleset(desk, contract, name)),
                _("Règlement adopté."),
            )

    @Slot()
    def _on_adopt_articles_clicked(self) -> None:
        desk, forms = self._screen.desk, self._found.articles

        def add() -> None:
            for form in forms:
                catalogue.save_article(desk, form)

        if ask_confirm(
            self, _("Ajouter ces articles au catalogue ?"), ", ".join(form.name for form in forms[:20]) + ("…" if len(forms) > 20 else ""),
            _("Ajouter"), _("Ne rien faire"),
        ):  # fmt: skip
            self._do(add, _("Articles ajoutés au catalogue."))

    @Slot()
    def _on_leave_clicked(self) -> None:
        desk, contract, day = self._screen.desk, self._contract.id, self.last_day.value
        if self._left_on is not None:
            self._do(
                lambda: joining.stay_in_contract(desk, contract),
                _("L'épicerie fait toujours partie du contrat."),
                left_on=None,
            )
        elif self.last_day.check() and day is not None and ask_confirm(
            self, _("Noter le départ de l'épicerie ?"),
            _("Dernier jour : {day}. Les envois s'arrêteront à ce mois ; ce qui a été envoyé reste au contrat. Prévenez la coordination.").format(
                day=shown.day(day)
            ),
            _("Noter le départ"), _("Ne rien faire"),
        ):  # fmt: skip
            self._do(lambda: joining.leave_contract(desk, contract, day), _("Départ noté."), left_on=day)

    def _do(self, gesture: object, words: str, **changed: date | None) -> None:
        desk, contract = self._screen.desk, self._contract.id

        def run() -> OnOffer:
            assert callable(gesture)
            gesture()
            return joining.on_offer(desk, contract)

        def done(found: OnOffer) -> None:
            if "left_on" in changed:
                self._left_on = changed["left_on"]
                self.leave.set_text(_("Revenir sur le départ") if self._left_on else _("Noter le départ de l'épicerie"))
            self.notice.tell("success", words)
            self._show(found)

        self._screen.context.data.submit(self, run, done, self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn", trouble.sentence(error))
            grow(self)
        else:
            trouble.show(self, error)


def open_terms(screen: Screen, contract: JoinedContract) -> None:
    """Read what the contract says, then show it."""

    def read(desk: Desk) -> tuple[OnOffer, date | None]:
        return joining.on_offer(desk, contract.id), joining.left_on(desk, contract.id)

    def show(found: tuple[OnOffer, date | None]) -> None:
        dialog = ContractTermsDialog(screen, contract, *found)
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    desk = screen.desk
    screen.ask(lambda: read(desk), show, key="terms")
