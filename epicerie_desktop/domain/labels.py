"""What people call the codes of the program, on screen and paper; the sentences are marked, translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod, ExceptionalReason, Reason, VerdictState
from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.closings import PeriodKind
from epicerie_desktop.domain.eligibility.terms import OtherMeasure
from epicerie_desktop.domain.household import HouseholdType, HousingKind, Link, Sex
from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.domain.months import Change, ChangeKind, Fact
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.safety import Allergen, ColdAction, Presence, UnitKind
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin, Place, SlipKind
from epicerie_desktop.support.i18n import N_, gettext

_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        SheetForm: {
            SheetForm.HOUSEHOLD: N_("par foyer"),
            SheetForm.DAY: N_("par jour"),
            SheetForm.FAMILY: N_("par famille de produits"),
            SheetForm.ORIGIN: N_("par provenance"),
            SheetForm.COMMUNE: N_("par commune"),
            SheetForm.REFERRER: N_("par prescripteur"),
        },
        VerdictState: {
            VerdictState.OPEN: N_("Peut faire ses courses"),
            VerdictState.ASK_TEAM: N_("À voir avec l'équipe"),
            VerdictState.CLOSED: N_("Pas aujourd'hui"),
        },
        Reason: {
            Reason.RIGHT_OPEN: N_("Le droit est ouvert."),
            Reason.ENDS_SOON: N_("Le droit se termine bientôt : pensez au rendez-vous de renouvellement."),
            Reason.NEVER_OPENED: N_("Aucun droit n'a encore été ouvert."),
            Reason.LAPSED: N_("Le droit est arrivé à son terme."),
            Reason.NOT_STARTED: N_("Le droit n'a pas encore commencé."),
            Reason.SUSPENDED: N_("Le droit est suspendu."),
            Reason.CEILING_SPENT: N_("Le plafond est atteint."),
            Reason.ALREADY_SERVED_TODAY: N_("Ce foyer a déjà fait ses courses aujourd'hui."),
            Reason.VISITS_SPENT: N_("Les passages prévus sont faits."),
            Reason.TOO_SOON: N_("Le dernier passage est trop récent."),
            Reason.LAST_VISIT_DONE: N_("Tous les passages du droit sont faits."),
            Reason.NOT_THEIR_DAY: N_("Ce n'est pas le jour de ce foyer."),
            Reason.NO_MEMBER: N_("Le dossier ne compte plus aucun membre."),
        },
        ExceptionalReason: {
            ExceptionalReason.RIGHT_ENDED: N_("Le droit vient de se terminer"),
            ExceptionalReason.URGENT: N_("Le foyer n'a plus rien à manger"),
            ExceptionalReason.REFERRED: N_("Un partenaire envoie le foyer"),
            ExceptionalReason.OTHER: N_("Autre raison"),
        },
        ChangeKind: {
            ChangeKind.ADDED: N_("Passage ajouté"),
            ChangeKind.REMOVED: N_("Passage retiré"),
            ChangeKind.CHANGED: N_("Passage corrigé"),
            ChangeKind.EMERGENCY: N_("Colis d'urgence"),
            ChangeKind.RECEIVED: N_("Kilos reçus"),
            ChangeKind.LOST: N_("Kilos perdus"),
            ChangeKind.ENROLLED: N_("Foyers inscrits"),
            ChangeKind.ACTIONS: N_("Démarches comptées"),
        },
        Fact: {
            Fact.COMMUNE: N_("commune"),
            Fact.AGES: N_("âge"),
            Fact.SEXES: N_("sexe"),
            Fact.KIND: N_("type de foyer"),
            Fact.BAND: N_("tranche"),
            Fact.REASON: N_("motif"),
        },
        CeilingMeasure: {
            CeilingMeasure.PAID: N_("Montant payé"),
            CeilingMeasure.SHELF_VALUE: N_("Valeur en rayon"),
            CeilingMeasure.GRAMS: N_("Poids"),
        },
        OtherMeasure: {
            OtherMeasure.UNITS: N_("Nombre d'articles"),
            OtherMeasure.POINTS: N_("Points"),
        },
        CeilingPeriod: {
            CeilingPeriod.VISIT: N_("par passage"),
            CeilingPeriod.WEEK: N_("par semaine"),
            CeilingPeriod.FORTNIGHT: N_("par quinzaine"),
            CeilingPeriod.MONTH: N_("par mois"),
            CeilingPeriod.SEMESTER: N_("par semestre"),
            CeilingPeriod.GRANT: N_("pour toute la durée du droit"),
        },
        Sex: {
            Sex.FEMALE: N_("Femme"),
            Sex.MALE: N_("Homme"),
            Sex.UNKNOWN: N_("Non précisé"),
        },
        Link: {
            Link.HOLDER: N_("Titulaire"),
            Link.PARTNER: N_("Conjoint ou conjointe"),
            Link.CHILD: N_("Enfant"),
            Link.PARENT: N_("Parent"),
            Link.SIBLING: N_("Frère ou sœur"),
            Link.OTHER: N_("Autre"),
        },
        HousingKind: {
            HousingKind.HOME: N_("À son domicile"),
            HousingKind.HOSTED: N_("Hébergé chez un tiers"),
            HousingKind.DOMICILED: N_("Domicilié au CCAS"),
            HousingKind.NO_FIXED_ADDRESS: N_("Sans domicile fixe"),
        },
        HouseholdType: {
            HouseholdType.SINGLE: N_("Personne seule"),
            HouseholdType.COUPLE: N_("Couple sans enfant"),
            HouseholdType.LONE_PARENT: N_("Parent seul avec enfants"),
            HouseholdType.COUPLE_WITH_CHILDREN: N_("Couple avec enfants"),
            HouseholdType.OTHER: N_("Autre foyer"),
        },
        SoldBy: {
            SoldBy.PIECE: N_("À la pièce"),
            SoldBy.WEIGHT: N_("Au poids"),
        },
        WeightSource: {
            WeightSource.SCALE: N_("pesé"),
            WeightSource.LABEL: N_("étiquette"),
            WeightSource.TYPED: N_("saisi"),
            WeightSource.NET: N_("poids net"),
            WeightSource.UNKNOWN: N_("sans poids"),
            WeightSource.ESTIMATED: N_("estimé"),
            WeightSource.LEARNED: N_("poids moyen"),
            WeightSource.FAMILY: N_("poids d'usage de la famille"),
        },
        Origin: {
            Origin.FOOD_BANK: N_("Banque Alimentaire"),
            Origin.FSE: N_("FSE+"),
            Origin.CNES: N_("CNES"),
            Origin.PICKUP: N_("Ramasse"),
            Origin.COLLECTION: N_("Collecte"),
            Origin.DONATION: N_("Don"),
            Origin.PURCHASE: N_("Achat"),
            Origin.GARDEN: N_("Potager"),
            Origin.UNKNOWN: N_("Provenance à préciser"),
        },
        Refusal: {
            Refusal.PAST_USE_BY: N_("DLC dépassée"),
            Refusal.TOO_WARM: N_("Trop chaud à l'arrivée"),
            Refusal.PACKAGING: N_("Emballage abîmé ou ouvert"),
            Refusal.SPOILT: N_("Aspect ou odeur anormale"),
            Refusal.LABEL: N_("Étiquette absente ou illisible"),
            Refusal.NOT_GIVEN: N_("Produit qui ne se donne pas"),
            Refusal.NOT_ORDERED: N_("Non commandé"),
            Refusal.OTHER: N_("Autre raison"),
        },
        DateKind: {
            DateKind.USE_BY: N_("DLC"),
            DateKind.BEST_BEFORE: N_("DDM"),
            DateKind.NONE: N_("Sans date"),
        },
        MoveKind: {
            MoveKind.RECEPTION: N_("Réception"),
            MoveKind.SALE: N_("Caisse"),
            MoveKind.CANCELLATION: N_("Annulation"),
            MoveKind.LOSS: N_("Perte"),
            MoveKind.CORRECTION: N_("Correction"),
            MoveKind.EMERGENCY: N_("Colis d'urgence"),
            MoveKind.REPACK_OUT: N_("Pris pour un tri"),
            MoveKind.REPACK_IN: N_("Fait d'un tri"),
            MoveKind.PLACE_OUT: N_("Déplacé"),
            MoveKind.PLACE_IN: N_("Rangé"),
            MoveKind.SENT: N_("Envoyé"),
            MoveKind.RETURNED: N_("Rendu au fournisseur"),
            MoveKind.BROUGHT_BACK: N_("Rapporté par un foyer"),
        },
        Place: {
            Place.SHELF: N_("Rayon"),
            Place.RESERVE: N_("Réserve"),
            Place.COLD_ROOM: N_("Chambre froide"),
            Place.FREEZER: N_("Congélateur"),
        },
        SlipKind: {
            SlipKind.SENT: N_("Bon de transfert"),
            SlipKind.RETURNED: N_("Bon de retour"),
        },
        CashMoveKind: {
            CashMoveKind.FLOAT: N_("Monnaie apportée"),
            CashMoveKind.DEPOSIT: N_("Porté à la banque"),
            CashMoveKind.SPENT: N_("Petit achat"),
            CashMoveKind.PURSE: N_("Argent d'un foyer"),
            CashMoveKind.FEE: N_("Cotisation d'un foyer"),
            CashMoveKind.MENDED: N_("Annulation"),
        },
        PaymentKind: {
            PaymentKind.CASH: N_("Espèces"),
            PaymentKind.CHEQUE: N_("Chèque"),
            PaymentKind.CARD: N_("Carte bancaire"),
            PaymentKind.VOUCHER: N_("Bon"),
            PaymentKind.PURSE: N_("Somme d'avance"),
            PaymentKind.SLATE: N_("Reste à payer"),
        },
        PeriodKind: {
            PeriodKind.DAY: N_("Journée"),
            PeriodKind.MONTH: N_("Mois"),
            PeriodKind.YEAR: N_("Année"),
        },
        LossReason: {
            LossReason.EXPIRED: N_("Date dépassée"),
            LossReason.DAMAGED: N_("Abîmé ou cassé"),
            LossReason.UNFIT: N_("Impropre à la consommation"),
            LossReason.COLD_CHAIN: N_("Chaîne du froid rompue"),
            LossReason.MISSING: N_("Manquant"),
            LossReason.OTHER: N_("Autre raison"),
            LossReason.BROUGHT_BACK: N_("Rapporté par un foyer"),
        },
        UnitKind: {
            UnitKind.FRIDGE: N_("Réfrigérateur"),
            UnitKind.FREEZER: N_("Congélateur"),
            UnitKind.COLD_ROOM: N_("Chambre froide"),
            UnitKind.DISPLAY: N_("Vitrine réfrigérée"),
            UnitKind.VEHICLE: N_("Véhicule ou caisson isotherme"),
            UnitKind.HOT: N_("Maintien au chaud"),
        },
        ColdAction: {
            ColdAction.DOOR: N_("Porte refermée, à relire"),
            ColdAction.SETTING: N_("Thermostat réglé, à relire"),
            ColdAction.DEFROSTED: N_("Dégivré"),
            ColdAction.MOVED: N_("Produits déplacés au froid"),
            ColdAction.DISCARDED: N_("Produits jetés"),
            ColdAction.REPAIR: N_("Dépannage demandé"),
            ColdAction.OTHER: N_("Autre, à préciser"),
        },
        Allergen: {
            Allergen.GLUTEN: N_("Gluten"),
            Allergen.CRUSTACEANS: N_("Crustacés"),
            Allergen.EGGS: N_("Œufs"),
            Allergen.FISH: N_("Poissons"),
            Allergen.PEANUTS: N_("Arachides"),
            Allergen.SOY: N_("Soja"),
            Allergen.MILK: N_("Lait"),
            Allergen.NUTS: N_("Fruits à coque"),
            Allergen.CELERY: N_("Céleri"),
            Allergen.MUSTARD: N_("Moutarde"),
            Allergen.SESAME: N_("Sésame"),
            Allergen.SULPHITES: N_("Sulfites"),
            Allergen.LUPIN: N_("Lupin"),
            Allergen.MOLLUSCS: N_("Mollusques"),
        },
        Certainty: {
            Certainty.CERTAIN: N_("certain"),
            Certainty.TO_VERIFY: N_("à vérifier"),
            Certainty.SUGGESTION: N_("à regarder"),
            Certainty.TEAM: N_("doute de l'équipe"),
        },
        Presence: {
            Presence.PRESENT: N_("présent"),
            Presence.TRACES: N_("traces"),
            Presence.ABSENT: N_("absent"),
            Presence.UNKNOWN: N_("inconnu"),
        },
        Role: {
            Role.MANAGER: N_("Responsable"),
            Role.WORKER: N_("Travailleur social"),
            Role.SECRETARY: N_("Secrétariat de la commission"),
            Role.VOLUNTEER: N_("Bénévole"),
        },
    }
)
"""By the class of the code: members of two classes with the same text are equal, and would share one label."""


def named(code: StrEnum) -> str:
    """Return what people call a code, in French, to be translated when shown. Raises `KeyError` for a code without a name."""
    names = _LABELS.get(type(code))
    if names is None:
        # What only the worker's screens name brings the whole engine with it: a start does without.
        from epicerie_desktop.domain.labels_contract import CONTRACT
        from epicerie_desktop.domain.labels_social import SOCIAL

        names = CONTRACT.get(type(code)) or SOCIAL[type(code)]
    return names[code]


def label(code: StrEnum) -> str:
    """Return what people call a code, in the language in use."""
    return gettext(named(code))


def change_words(change: Change) -> str:
    """Return what an amendment changes, in the language in use: « Passage corrigé : âge, commune »."""
    if not change.facts:
        return label(change.kind)
    told = ", ".join(label(fact) for fact in change.facts)
    return gettext("{change} : {facts}").format(change=label(change.kind), facts=told)
