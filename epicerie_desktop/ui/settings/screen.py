"""« Réglages »: what this machine needs to know, and what the shop is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import share
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import Features
from epicerie_desktop.services.opening import Identity
from epicerie_desktop.support import i18n
from epicerie_desktop.support.errors import BadInput, RuleRefused, Stale
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.settings import MachineSettings
from epicerie_desktop.ui import theme, trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.layout import Card, FormRow, PageHeader, column, page, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.exchange.safety_card import SafetyCard
from epicerie_desktop.ui.fitting import Sides, scrolled
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.accounts_card import AccountsCard
from epicerie_desktop.ui.settings.exceptional_card import ExceptionalCard
from epicerie_desktop.ui.settings.features_card import FeaturesCard
from epicerie_desktop.ui.settings.identity_card import IdentityCard
from epicerie_desktop.ui.settings.keys_card import KeysCard
from epicerie_desktop.ui.settings.labels_card import LabelsCard
from epicerie_desktop.ui.settings.means_card import MeansCard
from epicerie_desktop.ui.settings.open_catalogue_card import OpenCatalogueCard
from epicerie_desktop.ui.settings.papers_card import PapersCard
from epicerie_desktop.ui.settings.parcels_card import ParcelsCard
from epicerie_desktop.ui.settings.printer_card import PrinterCard
from epicerie_desktop.ui.settings.purge_card import PurgeCard
from epicerie_desktop.ui.settings.ruleset_card import RulesetCard
from epicerie_desktop.ui.settings.scale_card import ScaleCard
from epicerie_desktop.ui.settings.scale_record_card import ScaleRecordCard
from epicerie_desktop.ui.settings.scales_card import ScalesCard

_LANGUAGES = {"fr": "Français", "en": "English"}
_THEMES = (("light", N_("Clair")), ("contrast", N_("Très contrasté")))
_SIZES = range(100, 170, 10)
_SCALE_FIELDS = tuple(f.name for f in fields(MachineSettings) if f.name.startswith("scale"))


class SettingsScreen(Screen):
    """The machine on the left, the shop on the right; a coordinator has neither scale nor règlement."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"shop", "ruleset", "account", "social_scale", "setting", "weighing_scale", "scale_check", "label_layout"}
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.language = _choice((code, _LANGUAGES.get(code, code)) for code in i18n.languages())
        self.colours = _choice((code, _(text)) for code, text in _THEMES)
        self.text_size = _choice((size, _("{n} %").format(n=size)) for size in _SIZES)
        self.scale = ScaleCard(self)
        self.scale_record = ScaleRecordCard(self)
        self.printer = PrinterCard(self)
        self.labels = LabelsCard(self)
        self.ruleset = RulesetCard(self)
        self.scales = ScalesCard(self)
        self.features = FeaturesCard(self)
        self.parcels = ParcelsCard(self)
        self.means = MeansCard(self)
        self.open_catalogue = OpenCatalogueCard(self)
        self.exceptional = ExceptionalCard(self)
        self.purge = PurgeCard(self)
        self.safety = SafetyCard(self, stacked=True)
        self.identity = IdentityCard(self.desk)
        self.papers = PapersCard(self)
        self.keys = KeysCard(self)
        self.accounts = AccountsCard(self)
        self.notice = Notice("info")
        self.uses = ActionButton(_("Ce que la boutique utilise"), "F9", "list", "quiet")
        self.save = ActionButton(_("Enregistrer"), "F12", "save", "primary")
        self._lay_out()
        self.uses.clicked.connect(self.features.take_keyboard)
        self.save.clicked.connect(self._on_save_clicked)
        self.features.shown.connect(self._on_features)

    def _lay_out(self) -> None:
        coordinator = self.desk.shop.is_coordinator
        machine = Card(_("Cet ordinateur"))
        machine.add(
            row(FormRow(_("Langue"), self.language), FormRow(_("Couleurs"), self.colours), spacing=12),
            FormRow(_("Taille du texte"), self.text_size),
        )
        left, right = QWidget(), QWidget()
        left.setLayout(
            column(machine, self.accounts, None, spacing=16)
            if coordinator
            else column(machine, self.scale, self.scale_record, self.printer, self.accounts, None, spacing=16)
        )
        last = (
            (self.safety,)
            if coordinator
            else (
                self.papers,
                self.ruleset,
                self.features,
                self.parcels,
                self.means,
                self.open_catalogue,
                self.exceptional,
                self.labels,
                self.scales,
                self.purge,
            )
        )
        right.setLayout(column(self.identity, *last, self.keys, None, spacing=16))
        of_a_shop = (
            self.scale, self.scale_record, self.printer, self.papers, self.labels, self.ruleset, self.features, self.parcels, self.means, self.open_catalogue, self.exceptional, self.scales, self.purge
        )  # fmt: skip
        for widget in of_a_shop if coordinator else (self.safety,):
            widget.setParent(self)
            widget.hide()
        self.open_catalogue.hide()
        self.parcels.hide()
        self.means.hide()
        whole = page(self)
        whole.addWidget(
            PageHeader(_("Réglages"), _("Ceux de cet ordinateur à gauche, l'identité de la structure à droite."))
        )
        whole.addWidget(scrolled(Sides(left, right)), 1)
        foot = row(spacing=16)
        foot.addWidget(self.notice, 1)
        foot.addStretch(1)
        foot.addWidget(self.uses)
        foot.addWidget(self.save)
        self.uses.setHidden(coordinator)
        self.uses.setEnabled(not coordinator)
        whole.addLayout(foot)

    def first_field(self) -> QWidget | None:
        """Return the first choice."""
        return self.language

    def refresh(self) -> None:
        """Show what is saved, and read the règlement in force."""
        machine = self.context.settings
        for choice, value in (
            (self.language, machine.language),
            (self.colours, machine.theme),
            (self.text_size, machine.text_size),
        ):
            choice.setCurrentIndex(max(0, choice.findData(value)))
        desk = self.desk
        self.ask(lambda: opening.identity(desk), self.identity.show_identity, key="identity")
        self.accounts.read()
        if not self.desk.shop.is_coordinator:
            self.scale.show_settings(machine)
            self.printer.show_settings(machine)
            self.scale_record.read()
            self.labels.read()
            self.papers.read()
            self.ruleset.read()
            self.features.read()
            self.open_catalogue.read()
            self.exceptional.read()
            self.purge.read()
            self.scales.read()

    @Slot(object)
    def _on_features(self, uses: Features) -> None:
        self.open_catalogue.setVisible(uses.open_catalogue)
        self.parcels.show_features(uses)
        self.means.show_features(uses)

    def _typed(self) -> MachineSettings | None:
        machine = replace(
            self.context.settings, language=str(self.language.currentData()), theme=str(self.colours.currentData()),
            text_size=int(self.text_size.currentData()),
        )  # fmt: skip
        if self.desk.shop.is_coordinator:
            return machine
        typed = self.scale.typed(machine)
        return None if typed is None else self.printer.typed(typed)

    @Slot()
    def _on_save_clicked(self) -> None:
        try:
            machine = self._typed()
        except BadInput as error:
            self.notice.tell("warn", trouble.sentence(error))
            return
        if machine is None:
            self.notice.tell("warn", _("Un champ est à corriger : rien n'a été enregistré."))
            return
        identity, desk = self.identity.typed, self.desk
        if identity is None:
            self._keep(machine)
            return

        def save() -> tuple[Identity, Desk]:
            opening.save_identity(desk, identity)
            return opening.identity(desk), share.desk_now(desk)

        def saved(found: tuple[Identity, Desk]) -> None:
            self.identity.show_identity(found[0], anyway=True)
            self.context.work_at(found[1])
            self._keep(machine)

        self.context.data.submit(self, save, saved, self._identity_refused)

    def _identity_refused(self, error: Exception) -> None:
        if not isinstance(error, RuleRefused):
            self.on_trouble(error)
            return
        self.notice.tell("warn", trouble.sentence(error))
        if isinstance(error, Stale):
            desk = self.desk
            self.ask(
                lambda: opening.identity(desk), lambda found: self.identity.show_identity(found, anyway=True), key="identity"
            )  # fmt: skip
        else:
            self.identity.name.setFocus()

    def _keep(self, machine: MachineSettings) -> None:
        before = self.context.settings
        self.context.settings = machine
        self.context.save_settings(machine)
        application = QApplication.instance()
        if isinstance(application, QApplication) and (machine.theme, machine.text_size) != (
            before.theme,
            before.text_size,
        ):
            theme.apply(application, machine.theme, machine.text_size / 100)
        if any(getattr(machine, name) != getattr(before, name) for name in _SCALE_FIELDS):
            self._change_scale(machine)
        words = _("Réglages enregistrés.")
        if machine.language != before.language:
            words += " " + _("La langue changera à la prochaine ouverture du programme.")
        self.notice.tell("success", words)

    def _change_scale(self, machine: MachineSettings) -> None:
        """Stop the scale in use off the window's thread, for it may be waiting for an answer, then start the one chosen."""
        bridge = self.context.scale
        self.context.long.submit(self, bridge.stop, lambda _none: self._start(machine), self.on_trouble)

    def _start(self, machine: MachineSettings) -> None:
        self.context.scale.start(machine)
        self.scale.show_scale()
        self.scale_record.read()


def _choice(items: Iterable[tuple[object, str]]) -> QComboBox:
    made = QComboBox()
    for value, text in items:
        made.addItem(text, value)
    return made
