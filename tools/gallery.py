"""Photograph every piece of `ui/common` in every state, without a screen: `python tools/gallery.py DIR [--theme T --scale S]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPlainTextEdit, QRadioButton, QWidget

from epicerie_desktop.domain.access import VerdictState
from epicerie_desktop.support import format as shown
from epicerie_desktop.ui import theme
from epicerie_desktop.ui.common.banner import VerdictBanner
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog, ReasonDialog
from epicerie_desktop.ui.common.fields import (
    CountField,
    FieldFrame,
    MoneyField,
    PartialDateField,
    SearchField,
    WeightField,
)
from epicerie_desktop.ui.common.layout import (
    Card,
    FormRow,
    PageHeader,
    SectionTitle,
    StatTile,
    column,
    label,
    page,
    row,
    scrolled,
)
from epicerie_desktop.ui.common.states import BusyOverlay, EmptyState, Notice
from epicerie_desktop.ui.common.table import Column, RowsTable


@dataclass(frozen=True)
class Sample:
    number: int
    name: str
    persons: int
    left: int
    state: str


SAMPLES = tuple(
    Sample(n, name, p, c, s)
    for n, name, p, c, s in (
        (12, "ARNAUD Joëlle", 1, 1250, "Ouvert"),
        (27, "BEN SALAH Nadia", 4, 4200, "Ouvert"),
        (31, "CRÈVECŒUR Jean-Pierre", 2, 0, "À voir"),
        (44, "D'ALMEIDA Conceição", 5, 5120, "Ouvert"),
        (58, "ŁUKASIK Michał", 3, 905, "Ouvert"),
        (63, "ŞAHİN Gülğün", 6, 123456, "Fermé"),
        (71, "ȚEPEȘ Ștefan", 2, 1800, "Ouvert"),
    )
)


def table() -> RowsTable[Sample]:
    found: RowsTable[Sample] = RowsTable(
        (
            Column("N°", lambda r: r.number, align="right"),
            Column("Foyer", lambda r: r.name, bold=True, stretch=True),
            Column("Personnes", lambda r: r.persons, align="right"),
            Column("Reste ce mois", lambda r: r.left, shown.money, align="right"),
            Column("État", lambda r: r.state, tone=lambda r: {"Ouvert": "ok", "À voir": "ask"}.get(r.state, "no")),
        ),
        lambda r: r.number,
        name="Foyers",
        empty="Aucun foyer ne porte ce nom. Vérifiez l'orthographe, ou inscrivez-le.",
    )
    return found


def banners() -> QWidget:
    w = QWidget()
    c = page(w)
    for state, title, lines in (
        (
            VerdictState.OPEN,
            "Peut faire ses courses",
            ["Droit ouvert jusqu’au 31 mars 2027", "Plafond 60,00 € par mois – reste 42,00 €"],
        ),
        (
            VerdictState.ASK_TEAM,
            "À voir avec l’équipe",
            ["Le droit se termine dans 6 jours", "Reste 3,20 € sur 60,00 €", "Un renouvellement est à prévoir"],
        ),
        (VerdictState.CLOSED, "Pas aujourd’hui", ["Déjà venu mardi 17 novembre : prochain passage le 24 novembre"]),
        (None, "Passez une carte ou cherchez un foyer", []),
    ):
        b = VerdictBanner()
        b.show_verdict(state, title, lines)
        c.addWidget(b)
    small = VerdictBanner(compact=True)
    small.show_verdict(VerdictState.OPEN, "Peut faire ses courses", ["Foyer 27 – 4 personnes – reste 42,00 €"])
    c.addWidget(small)
    c.addStretch(1)
    return w


def buttons() -> QWidget:
    w = QWidget()
    c = page(w)
    c.addWidget(
        PageHeader(
            "Boutons",
            "Une action principale par écran, sa touche écrite dessus",
            [
                ActionButton("Aide", "F1", "circle-question-mark", "quiet"),
                ActionButton("Imprimer", "Ctrl+P", "printer"),
            ],
        )
    )
    for enabled in (True, False):
        line = [
            ActionButton("Encaisser", "F12", "banknote", "primary"),
            ActionButton("Nouveau foyer", "F7", "user-plus", "secondary"),
            ActionButton("Annuler le passage", "Shift+F4", "undo-2", "danger"),
            ActionButton("Revenir", "Esc", "arrow-left", "quiet"),
            ActionButton("Sans touche"),
            ActionButton("", icon="trash-2", kind="quiet"),
        ]
        for b in line:
            b.setEnabled(enabled)
        c.addLayout(row(*line, None))
    focused = ActionButton("Encaisser", "F12", "banknote", "primary")
    focused.setObjectName("focusme")
    c.addLayout(row(focused, label("← avec le focus", "soft", wrap=False), None))
    c.addWidget(SectionTitle("Choix", [ActionButton("Ajouter", "F8", "plus", "quiet")]))
    tick, untick, off = QCheckBox("Sans domicile fixe"), QCheckBox("Domiciliation au CCAS"), QCheckBox("Inactif")
    tick.setChecked(True)
    off.setEnabled(False)
    r1, r2 = QRadioButton("Au poids"), QRadioButton("À la pièce")
    r1.setChecked(True)
    combo = QComboBox()
    combo.addItems(["Banque Alimentaire", "Ramasse", "Don"])
    c.addLayout(row(tick, untick, off, r1, r2, combo, None, spacing=16))
    c.addLayout(
        row(
            StatTile("À payer", "4,20 €", "10 % de la valeur", large=True),
            StatTile("Valeur", "42,00 €", "Plafond 60,00 €"),
            StatTile("Kilos", "12,350 kg"),
            StatTile("Reste ce mois", "3,20 €", "après ce panier"),
            spacing=16,
        )
    )
    c.addStretch(1)
    return w


def forms() -> QWidget:
    w = QWidget()
    c = page(w)
    c.addWidget(PageHeader("Champs", "Étiquette au-dessus, message en dessous"))
    today = lambda: date(2026, 11, 22)  # noqa: E731
    dates = [PartialDateField(today) for _n in range(4)]
    for f, typed in zip(dates, ("12/03/1985", "03/1985", "12-3-85", "31/02/1990"), strict=True):
        f.line.setText(typed)
        f.check()
    money, weight, count = MoneyField(), WeightField(), CountField()
    for f2, typed in ((money, "3017620422003"), (weight, "1,25"), (count, "3")):
        f2.line.setText(typed)
        f2.check()
    name, empty, off = FieldFrame(), MoneyField(required=True), FieldFrame()
    name.line.setText("CRÈVECŒUR")
    name.line.setObjectName("focusme")
    empty.check()
    off.line.setText("Non modifiable")
    off.line.setEnabled(False)
    left = Card("La personne").add(
        FormRow("Nom de famille", name, "Comme sur le document présenté"),
        row(*[FormRow("Date de naissance", f) for f in dates[:2]], spacing=16),
        row(*[FormRow("Date de naissance", f) for f in dates[2:]], spacing=16),
    )
    left.body.addStretch(1)
    note = QPlainTextEdit()
    note.setPlaceholderText("Une remarque pour l’équipe")
    note.setFixedHeight(90)
    right = Card("Le panier").add(
        row(FormRow("Poids", weight), FormRow("Pièces", count), spacing=16),
        row(FormRow("Montant versé", money), FormRow("Prix de référence", empty), spacing=16),
        FormRow("Numéro", off),
        FormRow("Remarque", note),
    )
    right.body.addStretch(1)
    c.addWidget(SearchField("Nom, téléphone ou numéro de carte", scan_hint="ou passez la carte"))
    both = QWidget()
    both.setLayout(row(left, right, spacing=16))
    c.addWidget(scrolled(both), 1)
    return w


def tables() -> QWidget:
    w = QWidget()
    c = page(w)
    c.addWidget(
        PageHeader("Foyers", "7 foyers inscrits", [ActionButton("Nouveau foyer", "F7", "user-plus", "primary")])
    )
    search = SearchField("Nom, téléphone ou numéro de carte", scan_hint="ou passez la carte")
    search.line.setText("cœur")
    c.addWidget(search)
    t, e = table(), table()
    t.setObjectName("focusme")
    t.set_rows(SAMPLES)
    t.choose(31)
    e.size_columns()
    c.addWidget(t, 2)
    c.addWidget(e, 1)
    return w


def states() -> QWidget:
    w = QWidget()
    c = page(w)
    c.addWidget(Notice("info", "Les feuilles du mois dernier ne sont pas encore arrêtées."))
    c.addWidget(Notice("warn", "3 articles se périment d’ici mardi.", ActionButton("Les voir", "F6")))
    c.addWidget(
        Notice(
            "error",
            "L’imprimante ne répond pas. Le panier est enregistré : vous pourrez imprimer le ticket plus tard (IMP-101).",
            ActionButton("Essayer encore", "F8", "rotate-ccw"),
            closable=True,
        )
    )
    c.addWidget(Notice("success", "Le panier est enregistré. Rendez 0,80 €."))
    empty = Card()
    empty.body.addWidget(
        EmptyState(
            "shopping-basket",
            "Personne n’est encore venu aujourd’hui",
            "Passez une carte à la douchette, ou cherchez un foyer par son nom.",
            ActionButton("Chercher un foyer", "F2", "search", "primary"),
        )
    )
    busy = Card()
    busy.body.addWidget(table())
    over = BusyOverlay(busy)
    over.start("Écriture de la feuille de novembre…", cancellable=True)
    over.progress(3, 8)
    over._delay.stop()
    over._appear()
    c.addLayout(row(empty, busy, spacing=16), 1)
    return w


def dialogs() -> QWidget:
    w = QWidget()
    c = page(w)
    d1 = QuestionDialog(
        None,
        "Quitter sans enregistrer ?",
        "La fiche du foyer 27 a été modifiée. Ce qui a été tapé sera perdu.",
        "Quitter",
        "Continuer la saisie",
        danger=True,
    )
    d2 = ReasonDialog(
        None,
        "Annuler ce passage ?",
        "Le panier de 42,00 € sera annulé par une écriture contraire : rien n’est effacé.",
        "Annuler le passage",
        "Garder le passage",
        reasons=("Erreur de foyer", "Erreur d’article", "La personne a renoncé"),
    )
    d2.may_accept()
    for d in (d1, d2):
        d.setWindowFlags(Qt.WindowType.Widget)
        card = Card()
        card.body.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(d)
        d.show()
        c.addLayout(row(None, card, None))
    c.addStretch(1)
    return w


def type_scale() -> QWidget:
    w = QWidget()
    c = page(w)
    for role in ("display", "figure", "title", "section", "strong", "", "soft", "label", "small"):
        c.addLayout(
            row(
                label(role or "base", "small"),
                label("Cœur, Noël, Łukasz, ığşŞ, șțńč – « 1 234,50 € » Il1 O0 B8", role, wrap=False),
                None,
            )
        )
    c.addLayout(column(*[label(f"{n:>3},{n % 100:02d} €".replace(" ", "\u2007")) for n in (111, 48, 907)], spacing=0))
    c.addStretch(1)
    return w


PAGES: dict[str, Callable[[], QWidget]] = {
    "bandeaux": banners, "boutons": buttons, "champs": forms, "tableaux": tables, "etats": states, "questions": dialogs, "caracteres": type_scale,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", default="light", choices=theme.THEMES)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    app = QApplication([])
    theme.apply(app, wanted.theme, wanted.scale)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        if wanted.only and name not in wanted.only.split(","):
            continue
        stage = QWidget()
        stage.setObjectName("stage")
        stage.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column_ = page(stage)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.addWidget(make())
        stage.resize(1366, 768)
        stage.show()
        target = stage.findChild(QWidget, "focusme")
        if target is not None:
            stage.activateWindow()
            target.setFocus()
        for _pass in range(8):
            app.processEvents()
        path = wanted.folder / f"{name}-{wanted.theme}-{wanted.scale:g}.png"
        picture = stage.grab()
        picture.save(str(path))
        print(
            path.name,
            picture.width(),
            picture.height(),
            stage.minimumSizeHint().toTuple(),
            stage.mapToGlobal(QPoint()).toTuple(),
        )
        stage.close()


if __name__ == "__main__":
    main()
