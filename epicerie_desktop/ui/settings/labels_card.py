"""The scale labels of the donors, and the scanner: two windows behind two buttons, for those who need them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout

from epicerie_desktop.domain.codes import decode
from epicerie_desktop.domain.layout_guess import Seen, candidates, label_digits
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.services import labels
from epicerie_desktop.services.labels import REGIONS, LabelRules, LayoutForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.fields import CountField, FieldFrame, MoneyField, SearchField, WeightField
from epicerie_desktop.ui.common.layout import Card, FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.common.understood import facts
from epicerie_desktop.ui.screen import Screen
from epicerie_desktop.ui.settings.scanner_dialog import ScannerDialog

_COUNTRIES = {
    "DE": "Deutschland", "DK": "Danmark", "EE": "Eesti", "FI": "Suomi", "GB": "United Kingdom", "LT": "Lietuva", "LV": "Latvija",
    "NO": "Norge", "SE": "Sverige",
}  # fmt: skip
_MOST_PROPOSED = 12


class LabelsCard(Card):
    """How many layouts are known, and the ways to them and to the scanner's test."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_("Codes-barres"))
        self._screen = screen
        self.words = label("", "soft")
        self.open = ActionButton(_("Étiquettes de balance des donateurs"), icon="scan-barcode")
        self.scanner = ActionButton(_("Essayer la douchette"), icon="check")
        self.open.clicked.connect(self._on_open)
        self.scanner.clicked.connect(self._on_scanner)
        self.add(self.words, row(self.open, None), row(self.scanner, None))

    def read(self) -> None:
        """Read how many layouts are known."""
        desk = self._screen.desk
        self._screen.ask(lambda: labels.label_rules(desk), self._show, key="labels")

    def _show(self, rules: LabelRules) -> None:
        count = len(rules.layouts)
        self.words.setText(
            ngettext("{n} modèle d'étiquette de donateur est connu.", "{n} modèles d'étiquettes de donateurs sont connus.", count).format(n=count)
            if count
            else _("Les étiquettes de balance des magasins (codes en 02 ou en 20 à 29) n'ont pas de règle commune : chaque donateur a la sienne.")
        )  # fmt: skip

    @Slot()
    def _on_open(self) -> None:
        dialog = LabelsDialog(self._screen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    @Slot()
    def _on_scanner(self) -> None:
        dialog = ScannerDialog(self._screen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        self.read()


class LabelsDialog(QDialog):
    """The layouts known; a label is scanned, what is printed on it typed, and the layouts that read it so are proposed."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._seen: list[Seen] = []
        self._last = ""
        title = _("Étiquettes de balance des donateurs")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.resize(1080, 690)
        self.table: RowsTable[LayoutForm] = RowsTable(
            (
                Column(_("Donateur"), lambda f: f.source, stretch=True),
                Column(_("Modèle"), lambda f: f.pattern),
                Column(_("Porte"), lambda f: _carries(f.layout)),
                Column(_("Prix au kilo"), lambda f: f.unit_price_cents_per_kg, lambda c: "–" if c is None else shown.money(int(str(c))), align="right"),
            ),
            lambda f: f.id or 0, name=title, empty=_("Aucun modèle n'est connu : scannez une étiquette ci-dessous."), sortable=False,
        )  # fmt: skip
        self.remove = ActionButton(_("Ne plus employer ce modèle"), icon="trash-2", kind="quiet")
        self.region = QComboBox()
        self.region.addItem(_("aucune"), None)
        for code in REGIONS:
            self.region.addItem(_COUNTRIES[code], code)
        self.code = SearchField(_("Scannez une étiquette"))
        self.weight, self.price, self.count = (
            WeightField(message=False),
            MoneyField(message=False),
            CountField(message=False),
        )
        self.propose = ActionButton(_("Proposer des modèles"), icon="search")
        self.model = QComboBox()
        self.model.setEditable(True)
        self.source = FieldFrame(message=False)
        self.per_kilo = MoneyField(message=False)
        self.notice = Notice("info")
        self.close_button = ActionButton(_("Fermer"), "Esc")
        self.add_button = ActionButton(_("Retenir ce modèle"), "F12", "plus", "primary")
        self._lay_out(title)
        self.remove.clicked.connect(self._on_remove)
        self.region.activated.connect(self._on_region)
        self.code.submitted.connect(self._on_scanned)
        for field in (self.weight, self.price, self.count):
            field.submitted.connect(self.offer)
        self.propose.clicked.connect(self.offer)
        self.close_button.clicked.connect(self.reject)
        self.add_button.clicked.connect(self._on_add)
        for button in (self.remove, self.propose, self.close_button, self.add_button):
            button.setAutoDefault(False)
        self.code.setFocus()
        self._read()

    def _lay_out(self, title: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(10)
        whole.addWidget(label(title, "title"))
        whole.addWidget(
            label(
                _(
                    "Le prix d'une étiquette est celui du magasin : il ne fait jamais la participation de la famille. Le poids, lui, est pris tel quel."
                ),
                "soft",
            )
        )
        whole.addWidget(self.table, 1)
        whole.addLayout(row(self.remove, None, label(_("Règles publiées d'un pays"), "soft", wrap=False), self.region))
        whole.addWidget(label(_("Ajouter un modèle"), "section"))
        whole.addLayout(
            row(
                FormRow(_("Étiquette"), self.code), FormRow(_("Poids imprimé"), self.weight), FormRow(_("ou prix imprimé"), self.price),
                FormRow(_("ou pièces"), self.count), spacing=12,
            )
        )  # fmt: skip
        whole.addLayout(row(self.propose, None))
        whole.addLayout(
            row(FormRow(_("Donateur"), self.source), FormRow(_("Modèle"), self.model), FormRow(_("Prix au kilo, s'il est fixe"), self.per_kilo), spacing=12)
        )  # fmt: skip
        whole.addWidget(self.notice)
        whole.addLayout(row(None, self.close_button, self.add_button))

    # -- what is known -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        desk = self._screen.desk

        def read() -> tuple[tuple[LayoutForm, ...], LabelRules]:
            return labels.layouts_of(desk), labels.label_rules(desk)

        self._screen.context.data.submit(self, read, self._show, self._screen.on_trouble, key="layouts")

    def _show(self, read: tuple[tuple[LayoutForm, ...], LabelRules]) -> None:
        forms, rules = read
        self.table.set_rows(forms)
        self.region.setCurrentIndex(max(0, self.region.findData(rules.region)))
        self.remove.setEnabled(bool(forms))

    def _submit(self, job: object, words: str) -> None:
        def then(_made: object) -> None:
            self.notice.tell("success", words)
            self._read()

        self._screen.context.data.submit(self, job, then, self._refused)  # type: ignore[arg-type]

    def _refused(self, error: Exception) -> None:
        if isinstance(error, RuleRefused):
            self.notice.tell("warn", trouble.sentence(error))
        else:
            self._screen.on_trouble(error)

    @Slot()
    def _on_remove(self) -> None:
        chosen, desk = self.table.current, self._screen.desk
        if chosen is not None and chosen.id is not None:
            number = chosen.id
            self._submit(lambda: labels.drop_layout(desk, number), _("Ce modèle n'est plus employé."))

    @Slot()
    def _on_region(self) -> None:
        desk, region = self._screen.desk, self.region.currentData()
        self._submit(lambda: labels.set_region(desk, region), _("C'est noté."))

    # -- the assistant -------------------------------------------------------------------------------------------------

    @Slot()
    def _on_scanned(self) -> None:
        try:
            self._last = label_digits(self.code.text)
        except BadInput as refusal:
            self.code.show_error(str(refusal))
            return
        self.weight.setFocus()

    @Slot()
    def offer(self) -> None:
        """Propose the layouts that read every label scanned so far as it was seen, the likeliest first."""
        try:
            digits = label_digits(self.code.text)
        except BadInput as refusal:
            self.notice.tell("warn", str(refusal))
            self.code.setFocus()
            return
        seen = Seen(digits, self.weight.value, self.price.value, self.count.value)
        if not (seen.weight_g or seen.price_cents or seen.count):
            self.notice.tell(
                "warn", _("Tapez ce qui est imprimé sur l'étiquette : son poids, son prix, ou le nombre de pièces.")
            )
            return
        every = [*(s for s in self._seen if s.digits != digits), seen]
        found = candidates(every)
        if not found and len(every) > 1:
            # Another donor's label, or a slip: begin again with this one alone.
            every = [seen]
            found = candidates(every)
        if not found:
            self.notice.tell(
                "warn",
                _(
                    "Ce qui est imprimé ne se retrouve pas dans le code : cette étiquette ne porte pas sa mesure. Pesez l'article."
                ),
            )
            return
        self._seen, self._last = every, digits
        self.model.clear()
        for layout in found[:_MOST_PROPOSED]:
            self.model.addItem(f"{layout.pattern}  ({_carries(layout)})", layout)
        self.notice.tell("info", _proposal(len(found), found[0], digits))
        self.source.setFocus()

    @property
    def form(self) -> LayoutForm:
        """Return the layout chosen or typed."""
        at = self.model.findText(self.model.currentText())
        chosen = self.model.itemData(at) if at >= 0 else None
        pattern, step = (chosen.pattern, chosen.step) if isinstance(chosen, Layout) else (self.model.currentText(), 1)
        return LayoutForm(self.source.text, pattern, step, self.per_kilo.value)

    @Slot()
    def _on_add(self) -> None:
        form, desk = self.form, self._screen.desk
        self._submit(
            lambda: labels.save_layout(desk, form), _("Le modèle de « {donor} » est retenu.").format(donor=form.source)
        )


def _carries(layout: Layout) -> str:
    words = {"weight": _("poids"), "price": _("prix du magasin"), "count": _("pièces")}[layout.kind]
    if layout.step == 1:
        return words
    unit = _("par {n} g") if layout.kind == "weight" else _("par {n} centimes")
    return f"{words}, {unit.format(n=layout.step)}"


def _proposal(count: int, first: Layout, digits: str) -> str:
    return ngettext(
        "Un seul modèle convient. Lu : {facts}.", "{n} modèles conviennent, le plus probable d'abord. Lu : {facts}. Une seconde étiquette les départage.", count
    ).format(n=count, facts=facts(decode(digits, layouts=(first,))))  # fmt: skip
