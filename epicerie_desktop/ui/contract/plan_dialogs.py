"""The questions of the plan: an axis, an action, where an action stands, an indicator."""

from __future__ import annotations

from collections.abc import Callable

from epicerie_desktop.domain.contract import SOURCES, Method, Status, Unit, read_amount
from epicerie_desktop.domain.labels import label as named
from epicerie_desktop.services.contract import plan
from epicerie_desktop.services.contract import wording as told
from epicerie_desktop.services.contract.plan import (
    ActionForm,
    ActionRow,
    AxisForm,
    AxisRow,
    IndicatorForm,
    IndicatorRow,
)
from epicerie_desktop.services.nomenclatures import contract_actions
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, row
from epicerie_desktop.ui.contract.contract_page import ContractPage, choices
from epicerie_desktop.ui.stock.parts import tab_order
from epicerie_desktop.ui.writing_dialog import WritingDialog

_SOURCE_NAMES = {
    "families": N_("familles servies"), "persons": N_("personnes servies"), "visits": N_("passages"), "grams": N_("kilos distribués"),
    "shelf_cents": N_("valeur de référence"), "paid_cents": N_("participations payées"), "savings_cents": N_("économies des familles"),
}  # fmt: skip


def _field(text: str = "") -> FieldFrame:
    made = FieldFrame(message=False)
    made.line.setText(text)
    return made


class AxisDialog(WritingDialog):
    """The code and the title of an axis."""

    def __init__(self, page: ContractPage, contract: int, axis: AxisRow | None = None) -> None:
        super().__init__(
            page, _("Modifier l'axe") if axis else _("Nouvel axe"), "", _("Enregistrer")
        )  # fmt: skip
        self.contract, self.axis = contract, axis
        self.code, self.title = _field(axis.code if axis else ""), _field(axis.title if axis else "")
        self.summary = _field(axis.summary if axis else "")
        self.code.line.setPlaceholderText("AXE1")
        for words, field in ((_("Code"), self.code), (_("Intitulé"), self.title), (_("Précision"), self.summary)):
            self.body.addWidget(FormRow(words, field))
        self.body.addWidget(self.notice)
        tab_order(self.code.line, self.title.line, self.summary.line, self.no_button, self.yes_button)
        self.code.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the axis."""
        desk, contract, axis = self.page.desk, self.contract, self.axis
        form = AxisForm(
            self.code.text, self.title.text, self.summary.text, axis.id if axis else None, axis.version if axis else None
        )  # fmt: skip
        return lambda: plan.save_axis(desk, contract, form)


class ActionDialog(WritingDialog):
    """An action: its axis, its code and title, who leads it, with whom."""

    def __init__(
        self, page: ContractPage, axes: tuple[AxisRow, ...], action: ActionRow | None = None, axis: int | None = None
    ) -> None:
        super().__init__(page, _("Modifier l'action") if action else _("Nouvelle action"), "", _("Enregistrer"))
        self.action = action
        self.axis = choices(_("Axe"), [(x.title, x.id) for x in axes], action.axis if action else axis)
        self.code, self.title = _field(action.code if action else ""), _field(action.title if action else "")
        self.pilot = _field(action.pilot if action else "")
        self.partners = _field(", ".join(action.partners) if action else "")
        self.summary = _field(action.summary if action else "")
        for words, field in (
            (_("Axe"), self.axis), (_("Code"), self.code), (_("Intitulé"), self.title), (_("Pilote"), self.pilot),
            (_("Partenaires, séparés par des virgules"), self.partners), (_("Précision"), self.summary),
        ):  # fmt: skip
            self.body.addWidget(FormRow(words, field))
        self.body.addWidget(self.notice)
        lines = (self.code, self.title, self.pilot, self.partners, self.summary)
        tab_order(self.axis, *(f.line for f in lines), self.no_button, self.yes_button)
        (self.title if action else self.code).setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the action."""
        desk, kept = self.page.desk, self.action
        form = ActionForm(
            self.axis.currentData(), self.code.text, self.title.text, self.summary.text, self.pilot.text,
            tuple(self.partners.text.split(",")), kept.id if kept else None, kept.version if kept else None,
        )  # fmt: skip
        return lambda: plan.save_action(desk, form)


class StatusDialog(WritingDialog):
    """Where an action stands from a day on; what was noted before stays in its history."""

    def __init__(self, page: ContractPage, action: ActionRow) -> None:
        super().__init__(
            page, _("Où en est cette action ?"), _("{action} : {status} aujourd'hui.").format(action=action.title, status=named(action.status)),
            _("Noter"),
        )  # fmt: skip
        self.action = action
        order = list(Status)
        after = order[(order.index(action.status) + 1) % len(order)]
        self.status = choices(_("État"), [(named(s), s) for s in Status], after)
        self.since, self.note = DayField(page.desk.clock.today()), _field()
        self.body.addWidget(FormRow(_("État"), self.status))
        self.body.addWidget(FormRow(_("Depuis le"), self.since))
        self.body.addWidget(FormRow(_("Note"), self.note))
        self.body.addWidget(self.notice)
        tab_order(self.status, self.since.line, self.note.line, self.no_button, self.yes_button)
        self.status.setFocus()

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that notes the status."""
        since = self.since.value
        if not self.since.check() or since is None:
            return None
        desk, action, status, note = self.page.desk, self.action.id, Status(self.status.currentData()), self.note.text
        return lambda: plan.set_status(desk, action, status, since, note)


class IndicatorDialog(WritingDialog):
    """An indicator: what it counts, how, where it comes from, its target."""

    def __init__(self, page: ContractPage, actions: list[ActionRow], kept: IndicatorRow | None = None) -> None:
        super().__init__(page, _("Modifier l'indicateur") if kept else _("Nouvel indicateur"), "", _("Enregistrer"))
        self.kept = kept
        self.action = choices(
            _("Action"), [(f"{a.code} – {a.title}", a.id) for a in actions], kept.action if kept else None
        )
        self.code, self.name = _field(kept.code if kept else ""), _field(kept.name if kept else "")
        self.source = choices(_("D'où il vient"), _sources(), kept.source if kept else "")
        self.unit = choices(_("Unité"), [(named(u), u) for u in Unit], kept.unit if kept else Unit.COUNT)
        self.unit_name = _field(kept.unit_name if kept else "")
        self.method = choices(_("Calcul"), [(named(m), m) for m in Method], kept.method if kept else Method.SUM)
        self.target = _field(told.plain(kept.target, kept.unit) if kept else "")
        self.headline = choices(_("Place au bilan"), [(_("dans la page de l'axe"), False), (_("en tête du bilan"), True)], kept.headline if kept else False)  # fmt: skip
        self.definition = _field(kept.definition if kept else "")
        for words, field in ((_("Action"), self.action), (_("Nom"), self.name)):
            self.body.addWidget(FormRow(words, field))
        for pair in (
            ((_("Code"), self.code), (_("D'où il vient"), self.source)), ((_("Unité"), self.unit), (_("Ce qui est compté"), self.unit_name)),
            ((_("Calcul"), self.method), (_("Objectif, facultatif"), self.target)), ((_("Place au bilan"), self.headline), (_("Définition"), self.definition)),
        ):  # fmt: skip
            line = row(*(FormRow(words, field) for words, field in pair), spacing=16)
            line.setStretch(0, 1)
            line.setStretch(1, 1)
            self.body.addLayout(line)
        self.body.addWidget(self.notice)
        tab_order(
            self.action, self.name.line, self.code.line, self.source, self.unit, self.unit_name.line, self.method, self.target.line,
            self.headline, self.definition.line, self.no_button, self.yes_button,
        )  # fmt: skip
        self.source.currentIndexChanged.connect(self._on_source_changed)
        self.name.setFocus()

    def _on_source_changed(self) -> None:
        """What the parcels bring has its own unit and method: they follow."""
        source = str(self.source.currentData())
        unit, method = SOURCES.get(source, (Unit.CENT if source.endswith(":cents") else Unit.COUNT, Method.SUM))
        if source:
            self.unit.setCurrentIndex(self.unit.findData(unit))
            self.method.setCurrentIndex(self.method.findData(method))

    def service(self) -> Callable[[], object] | None:
        """Return the gesture that keeps the indicator."""
        unit, desk, kept = Unit(self.unit.currentData()), self.page.desk, self.kept
        try:
            target = read_amount(self.target.text, unit) if self.target.text else None
        except BadInput as refusal:
            self.notice.tell("error", str(refusal))
            return None
        form = IndicatorForm(
            self.action.currentData(), self.code.text, self.name.text, unit, Method(self.method.currentData()), self.definition.text,
            self.unit_name.text, str(self.source.currentData()), target, bool(self.headline.currentData()), kept.id if kept else None,
            kept.version if kept else None,
        )  # fmt: skip
        return lambda: plan.save_indicator(desk, form)


def _sources() -> list[tuple[str, str]]:
    """Return the sources offered: typed, the figures of the shops, the nameless counters of the support files."""
    found = [(_("saisie ou tableau importé"), "")]
    found += [(_("envois : {what}").format(what=_(_SOURCE_NAMES[s])), s) for s in SOURCES]
    for action in contract_actions():
        for step in action.steps if action.contract else ():
            source = f"action:{action.code}:{step.code}"
            found.append((_("envois : {what}").format(what=f"{action.label}, {step.label}"), source))
            if step.amount:
                found.append(
                    (_("envois : {what}, en euros").format(what=f"{action.label}, {step.label}"), f"{source}:cents")
                )
    return found
