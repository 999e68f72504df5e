"""What a question may be made of: its subjects, what they are grouped or sorted out by, what is counted, each with its definition.

The list is closed: a question names these keys and nothing else. Nothing sealed is here, and no name of a person. Knows no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from epicerie_desktop.domain.data_table import Holds
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class By:
    """What lines are grouped or sorted out by. `ladder` names a chain of finer and coarser ones (days, months, years).

    `income` tells what a household earns, in a way; `number` names one, and `inside` is not for papers that are published.
    """

    key: str
    name: str
    definition: str
    ladder: str = ""
    whole: bool = False
    """Its codes are whole numbers."""
    income: bool = False
    number: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. `adds_up` is false where one household or person stands in several lines: their sum means nothing."""

    key: str
    name: str
    definition: str
    holds: Holds = Holds.COUNT
    adds_up: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: a line of it, how it may be cut, what may be counted.

    `circle` names subjects told by the same facts; `heads` is the measure of the people behind a cell, « » where there are none.
    """

    key: str
    name: str
    definition: str
    by: tuple[str, ...]
    measures: tuple[str, ...]
    circle: str
    heads: str = ""


_BY = (
    By("year", N_("Année"), N_("Année civile."), "time", whole=True),
    By("month", N_("Mois"), N_("Mois civil."), "time", whole=True),
    By("day", N_("Jour"), N_("Jour du passage, de l'arrivée ou de la perte."), "time"),
    By("weekday", N_("Jour de la semaine"), N_("Du lundi au dimanche."), whole=True),
    By("commune", N_("Commune"), N_("Commune du foyer ce jour-là ; « non précisée » hors de la liste du territoire."), "place"),
    By("sector", N_("Secteur"), N_("Groupe de communes, selon le territoire de ce jour-là (18 communes en 2013, 53 depuis 2017)."), "place"),
    By("referrer", N_("Prescripteur"), N_("Organisme qui a orienté le foyer ; jamais le nom de la personne.")),
    By("size", N_("Taille du foyer"), N_("Nombre de personnes notées à la caisse ; 6 veut dire 6 ou plus."), whole=True),
    By("band", N_("Tranche du barème"), N_("Tranche donnée par le règlement le jour de la déclaration."), "income", income=True),
    By("sex", N_("Sexe"), N_("Tel qu'il est déclaré.")),
    By("age", N_("Tranche d'âge"), N_("Âge sûrement atteint le jour du passage."), whole=True),
    By("family", N_("Famille de produits"), N_("Famille de l'article, aujourd'hui."), "goods", whole=True),
    By("article", N_("Article"), N_("Article du catalogue."), "goods", whole=True),
    By("food", N_("Denrée ou non"), N_("Denrées alimentaires d'un côté ; hygiène et entretien de l'autre."), "goods", whole=True),
    By("origin", N_("Provenance"), N_("D'où vient le lot.")),
    By("financing", N_("Qui a payé"), N_("Financement du lot, noté à son arrivée.")),
    By("supplier", N_("Fournisseur"), N_("Qui a apporté la marchandise."), inside=True, whole=True),
    By("loss", N_("Raison de la perte"), N_("Raison notée avec la perte.")),
    By("answer", N_("Décision"), N_("Accord, refus ou ajournement.")),
    By("maker", N_("Décidé par"), N_("Le travailleur social, ou la commission.")),
    By("refusal", N_("Motif du refus"), N_("Motif choisi dans la liste, avec un refus."), "income", income=True),
    By("outcome", N_("Réponse du règlement"), N_("Ce que dit le règlement de la déclaration, avant toute décision."), "income", income=True),
    By("appointment", N_("Type de rendez-vous"), N_("Type noté à l'agenda.")),
    By("kept", N_("Suite du rendez-vous"), N_("Prévu, honoré, excusé, manqué ou annulé.")),
    By("excused", N_("Absence excusée"), N_("Le foyer avait prévenu, ou non."), whole=True),
    By("household", N_("Foyer (numéro)"), N_("Numéro du foyer dans l'épicerie, jamais son nom ; pour les travailleurs sociaux."), number=True,
       inside=True),
)  # fmt: skip
BY: Mapping[str, By] = MappingProxyType({b.key: b for b in _BY})
"""Everything lines may be grouped or sorted out by, in the order of the screens."""

_MEASURES = (
    Measure("visits", N_("Passages"), N_("Jours où un foyer a au moins un panier encaissé et non annulé.")),
    Measure("served_visits", N_("Passages concernés"), N_("Passages avec au moins une de ces lignes."), adds_up=False),
    Measure("households", N_("Foyers"), N_("Foyers distincts : un foyer revenu plusieurs fois compte pour un."), adds_up=False),
    Measure("persons", N_("Personnes"),
            N_("Personnes distinctes membres d'un foyer servi, un jour de passage ; celles qui sont absentes pour un temps n'y sont pas."),
            adds_up=False),
    Measure("person_visits", N_("Passages-personnes"), N_("Somme, sur les passages, des personnes du foyer ce jour-là.")),
    Measure("grams", N_("Denrées (kg)"), N_("Poids net des denrées alimentaires."), Holds.GRAMS),
    Measure("other_grams", N_("Hors denrées (kg)"), N_("Poids de l'hygiène et de l'entretien, qui n'est pas compté dans les denrées."), Holds.GRAMS),
    Measure("pieces", N_("Pièces"), N_("Articles vendus à la pièce.")),
    Measure("shelf_cents", N_("Valeur (€)"), N_("Valeur de référence le jour du passage."), Holds.CENTS),
    Measure("paid_cents", N_("Payé (€)"), N_("Participation versée par les foyers."), Holds.CENTS),
    Measure("savings_cents", N_("Économies (€)"), N_("Valeur de référence moins participation."), Holds.CENTS),
    Measure("arrivals", N_("Arrivées"), N_("Réceptions distinctes."), adds_up=False),
    Measure("value_cents", N_("Valeur perdue (€)"), N_("Valeur du jour de la perte ; vaut 0 où l'article n'en avait pas."), Holds.CENTS),
    Measure("decisions", N_("Décisions"), N_("Décisions prises, refus et ajournements compris.")),
    Measure("requests", N_("Demandes étudiées"), N_("Déclarations de ressources passées au règlement.")),
    Measure("appointments", N_("Rendez-vous"), N_("Rendez-vous notés à l'agenda.")),
    Measure("files", N_("Dossiers ouverts"), N_("Dossiers ouverts dans la période ; un dossier réuni à un autre n'est pas compté.")),
    Measure("absences", N_("Absences"), N_("Foyers attendus un jour, et qui ne sont pas venus.")),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = MappingProxyType({m.key: m for m in _MEASURES})
"""Everything that may be counted."""

_WHERE = ("commune", "sector", "referrer")
SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        s.key: s
        for s in (
            Subject("visits", N_("Passages et foyers servis"), N_("Un foyer, un jour, au moins un panier encaissé et non annulé."),
                    ("year", "month", "day", "weekday", *_WHERE, "size", "band", "household"),
                    ("visits", "households", "person_visits", "grams", "shelf_cents", "paid_cents", "savings_cents"), "served", "households"),
            Subject("lines", N_("Articles distribués"), N_("Une ligne d'un panier encaissé et non annulé, lot par lot."),
                    ("year", "month", "day", "family", "article", "food", "origin", "financing", *_WHERE, "household"),
                    ("grams", "other_grams", "pieces", "shelf_cents", "paid_cents", "served_visits", "households"), "served", "households"),
            Subject("persons", N_("Personnes servies"), N_("Une personne comptée dans un foyer, un jour de passage."),
                    ("year", "month", *_WHERE, "sex", "age", "household"), ("persons", "person_visits", "households"), "served", "persons"),
            Subject("receptions", N_("Arrivées de marchandise"), N_("Un lot reçu, corrections de l'arrivée comprises."),
                    ("year", "month", "day", "family", "article", "food", "origin", "financing", "supplier"),
                    ("grams", "other_grams", "pieces", "arrivals"), "stock"),
            Subject("losses", N_("Pertes"), N_("Une perte notée ; une perte annulée n'y est plus."),
                    ("year", "month", "family", "article", "food", "origin", "financing", "loss"),
                    ("grams", "other_grams", "pieces", "value_cents"), "stock"),
            Subject("requests", N_("Demandes"), N_("Une déclaration de ressources passée au règlement."),
                    ("year", "month", "outcome", "band", *_WHERE), ("requests", "households"), "rights", "households"),
            Subject("decisions", N_("Décisions sur les droits"), N_("Une décision sur un droit."),
                    ("year", "month", "answer", "maker", "refusal", "band", *_WHERE), ("decisions", "households"), "rights", "households"),
            Subject("appointments", N_("Rendez-vous"), N_("Un rendez-vous de l'agenda."),
                    ("year", "month", "appointment", "kept", *_WHERE), ("appointments", "households"), "agenda", "households"),
            Subject("files", N_("Dossiers"), N_("Un dossier de foyer, par son jour d'ouverture."),
                    ("year", "month", *_WHERE), ("files",), "files", "files"),
            Subject("absences", N_("Absences"), N_("Un foyer attendu un jour, et qui n'est pas venu."),
                    ("year", "month", "weekday", "excused", *_WHERE), ("absences", "households"), "agenda", "households"),
        )
    }
)  # fmt: skip
"""What a question may be about, in the order of the screens."""

AGES: tuple[tuple[int, int | None], ...] = ((0, 2), (3, 14), (15, 17), (18, 24), (25, 29), (30, 64), (65, None))
"""The age brackets, both ends included: those of the food banks and of FSE+ (règlement UE 2021/1057, annexe III) are sums of them."""
MOST_SIZE = 6
