"""The papers whose lines come from figures: a shop writes what stands under their title and at their foot."""

from __future__ import annotations

from collections.abc import Mapping

from epicerie_desktop.domain.wording_kinds import BREAK, DAY, PHONE, SHOP, Line, Template, WordingKind
from epicerie_desktop.domain.wording_texts import TEXTS
from epicerie_desktop.support.i18n import N_

_SIDES = N_("Ce qui s'imprime au bas du papier. Ce qui précède une ligne de tirets (---) s'imprime sous le titre.")
_MOST = 12


def _around(title: str, *lines: Line) -> Template:
    return Template(title, _SIDES, lines, (SHOP, PHONE, DAY), flat=True, most_lines=_MOST, around=True)


def _one_line(title: str, place: str) -> Template:
    return Template(title, place, (), (PHONE,), flat=True, most_lines=1)


AROUND: Mapping[WordingKind, Template] = {
    WordingKind.MEASURE: _around(N_("Lettre de suspension")),
    WordingKind.HEARING: _around(N_("Invitation à s'expliquer")),
    WordingKind.EXPLANATION: _around(N_("Explication d'un calcul")),
    WordingKind.SUBJECT_FILE: _around(N_("Copie des données d'un foyer")),
    WordingKind.CARD: _one_line(
        N_("Carte du foyer"), N_("Une ligne courte sous le code. La carte ne dit ni à qui elle est, ni à quoi elle sert : sa ligne non plus."),
    ),
    WordingKind.MONTH_SHEET: _around(N_("Feuille de distribution mensuelle")),
    WordingKind.PAPER_MORNING: _around(N_("Distribution sur papier")),
    WordingKind.ATTENDANCE: _around(N_("Feuille de présence")),
    WordingKind.ALLERGENS: _around(N_("Grille des allergènes")),
    WordingKind.CALL_LIST: _around(N_("Foyers à prévenir d'un rappel")),
    WordingKind.RECEPTION: _around(N_("Bon de réception")),
    WordingKind.LEAVING: _around(N_("Bon de remise ou de retour")),
    WordingKind.STOCK_TAKE: _around(
        N_("Feuille d'inventaire"),
        Line(N_("Comptez ce qui est en rayon et en réserve, sans regarder l'ordinateur. S'il ne reste rien, écrivez 0. En pièces ou en kilos, comme la ligne le dit.")),
        Line(BREAK),
    ),
    WordingKind.LOSSES: _around(N_("Pertes du mois")),
    WordingKind.ORDER: _around(N_("Liste à commander")),
    WordingKind.FORWARD: _around(
        N_("Produits à mettre en avant"),
        Line(N_("Placez ces produits devant, à hauteur des yeux. DLC : plus rien le lendemain. DDM dépassée : emballage et aspect contrôlés.")),
    ),
    WordingKind.COLD_REGISTER: _around(N_("Relevé des températures")),
    WordingKind.SHELF_LABEL: _one_line(N_("Étiquette de rayon"), N_("Une ligne courte sous le code.")),
    WordingKind.LOT_LABEL: _one_line(N_("Étiquette de lot"), N_("Une ligne courte au bas de l'étiquette.")),
    WordingKind.TILL_READING: _around(N_("Lecture ou clôture de caisse")),
    WordingKind.TILL_COUNT: _around(N_("Feuille de comptage")),
    WordingKind.DEPOSIT: _around(N_("Bordereau de remise")),
    WordingKind.REGIE_REGISTER: _around(N_("Journal des recettes")),
    WordingKind.REGIE_PAYMENT: _around(N_("Bordereau de versement")),
    WordingKind.COMMITTEE: _around(N_("Liste de la commission")),
    WordingKind.COMPARISON: _around(N_("Comparaison de deux règlements")),
    WordingKind.REPORT: _around(N_("Rapport d'activité")),
    WordingKind.BALANCE: _around(N_("Bilan sur une période")),
    WordingKind.DASHBOARD: _around(N_("Tableau de bord")),
    WordingKind.QUESTION: _around(N_("Réponse à une question")),
}  # fmt: skip

TEMPLATES: Mapping[WordingKind, Template] = {**TEXTS, **AROUND}
"""Every paper whose words may be changed, in the order of `GROUPS`."""

GROUPS: tuple[tuple[str, tuple[WordingKind, ...]], ...] = (
    (N_("Textes et lettres"), (*TEXTS, WordingKind.MEASURE, WordingKind.HEARING, WordingKind.EXPLANATION, WordingKind.SUBJECT_FILE)),
    (N_("Distribution"), (WordingKind.CARD, WordingKind.MONTH_SHEET, WordingKind.PAPER_MORNING, WordingKind.ATTENDANCE, WordingKind.ALLERGENS,
                          WordingKind.CALL_LIST)),
    (N_("Stock"), (WordingKind.RECEPTION, WordingKind.LEAVING, WordingKind.STOCK_TAKE, WordingKind.LOSSES, WordingKind.ORDER, WordingKind.FORWARD,
                   WordingKind.COLD_REGISTER, WordingKind.SHELF_LABEL, WordingKind.LOT_LABEL)),
    (N_("Caisse"), (WordingKind.TILL_READING, WordingKind.TILL_COUNT, WordingKind.DEPOSIT, WordingKind.REGIE_REGISTER, WordingKind.REGIE_PAYMENT)),
    (N_("Commission, bilans et questions"), (WordingKind.COMMITTEE, WordingKind.COMPARISON, WordingKind.REPORT, WordingKind.BALANCE,
                                             WordingKind.DASHBOARD, WordingKind.QUESTION)),
)  # fmt: skip
"""The papers as a person looks for them."""
