"""What people call the codes of the program, on screen and paper; the sentences are marked, translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod, ExceptionalReason, Reason, VerdictState
from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.basket import SoldBy, WeightSource
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.eligibility.terms import OtherMeasure
from epicerie_desktop.domain.followup import DueKind, OnwardKind, OnwardState
from epicerie_desktop.domain.household import HouseholdType, HousingKind, LeftFor, Link, Sex
from epicerie_desktop.domain.household_life import EventKind
from epicerie_desktop.domain.resemblance import LikeReason
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.statements import DebtKind
from epicerie_desktop.domain.stock import DateKind, LossReason, MoveKind, Origin
from epicerie_desktop.domain.support import (
    ExitReason,
    ExitResult,
    Expiry,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    UndertakingKind,
)
from epicerie_desktop.domain.suspensions import SuspensionKind, SuspensionReason
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.support.i18n import N_, gettext

_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
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
        LeftFor: {
            LeftFor.DEATH: N_("Décès"),
            LeftFor.DEPARTURE: N_("Départ"),
            LeftFor.SEPARATION: N_("Séparation"),
            LeftFor.MERGE: N_("Réunion de deux dossiers"),
            LeftFor.CONTINUES: N_("Changement de lien ou de garde"),
        },
        EventKind: {
            EventKind.BIRTH: N_("Naissance"),
            EventKind.ARRIVAL: N_("Arrivée"),
            EventKind.DEATH: N_("Décès"),
            EventKind.DEPARTURE: N_("Départ"),
            EventKind.SEPARATION: N_("Séparation"),
            EventKind.MERGE: N_("Réunion de deux dossiers"),
            EventKind.NEW_HOLDER: N_("Devient titulaire"),
            EventKind.NEW_LINK: N_("Change de lien"),
            EventKind.SHARED: N_("Vit ici la moitié du temps"),
            EventKind.NOT_SHARED: N_("Vit ici tout le temps"),
            EventKind.AWAY: N_("Absence"),
            EventKind.BACK: N_("Retour"),
        },
        LikeReason: {
            LikeReason.SAME_NAMES: N_("mêmes nom et prénom"),
            LikeReason.ALIKE_NAMES: N_("nom et prénom presque pareils"),
            LikeReason.SWAPPED_NAMES: N_("nom et prénom échangés"),
            LikeReason.SAME_FIRST_NAME: N_("même prénom"),
            LikeReason.SAME_BIRTH: N_("même date de naissance"),
            LikeReason.ALIKE_BIRTH: N_("dates de naissance proches"),
            LikeReason.OTHER_BIRTH: N_("autre date de naissance"),
            LikeReason.SAME_PHONE: N_("même téléphone"),
            LikeReason.SAME_ADDRESS: N_("même adresse"),
            LikeReason.MORE_MEMBERS: N_("plusieurs membres en commun"),
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
            HouseholdType.LONE_PARENT: N_("Famille monoparentale"),
            HouseholdType.COUPLE_WITH_CHILDREN: N_("Couple avec enfants"),
            HouseholdType.OTHER: N_("Autre composition"),
        },
        Answer: {
            Answer.GRANTED: N_("Accord"),
            Answer.REFUSED: N_("Refus"),
            Answer.ADJOURNED: N_("Ajournement"),
        },
        Maker: {
            Maker.WORKER: N_("Travailleur social"),
            Maker.COMMITTEE: N_("Commission"),
        },
        ReasonCode: {
            ReasonCode.ABOVE_THRESHOLD: N_("Au-dessus du seuil du règlement"),
            ReasonCode.BELOW_THRESHOLD: N_("En dessous du seuil du règlement"),
            ReasonCode.OUT_OF_TERRITORY: N_("Hors du territoire de l'épicerie"),
            ReasonCode.CUMULATION: N_("Aide non cumulable déjà reçue"),
            ReasonCode.INCOMPLETE: N_("Dossier resté incomplet après relance"),
            ReasonCode.NO_CAPACITY: N_("Plus de place actuellement"),
            ReasonCode.WAITING_PERIOD: N_("Délai de carence en cours"),
            ReasonCode.CONDITION: N_("Une condition du règlement n'est pas remplie"),
            ReasonCode.NO_REFERRAL: N_("Orientation demandée et absente"),
            ReasonCode.OTHER: N_("Autre raison, à préciser"),
        },
        LinePeriod: {
            LinePeriod.MONTH: N_("par mois"),
            LinePeriod.YEAR: N_("par an"),
            LinePeriod.QUARTER: N_("par trimestre"),
            LinePeriod.WEEK: N_("par semaine"),
        },
        DebtKind: {
            DebtKind.RENT: N_("Loyer"),
            DebtKind.ENERGY: N_("Énergie"),
            DebtKind.WATER: N_("Eau"),
            DebtKind.CREDIT: N_("Crédit à la consommation"),
            DebtKind.BANK: N_("Découvert bancaire"),
            DebtKind.TAXES: N_("Impôts et taxes"),
            DebtKind.SCHOOL: N_("Cantine et école"),
            DebtKind.HEALTH: N_("Santé"),
            DebtKind.FINE: N_("Amendes"),
            DebtKind.RELATIVES: N_("Famille ou proches"),
            DebtKind.OTHER: N_("Autre dette"),
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
        },
        LossReason: {
            LossReason.EXPIRED: N_("Date dépassée"),
            LossReason.DAMAGED: N_("Abîmé ou cassé"),
            LossReason.UNFIT: N_("Impropre à la consommation"),
            LossReason.COLD_CHAIN: N_("Chaîne du froid rompue"),
            LossReason.MISSING: N_("Manquant"),
            LossReason.OTHER: N_("Autre raison"),
        },
        Role: {
            Role.MANAGER: N_("Responsable"),
            Role.WORKER: N_("Travailleur social"),
            Role.SECRETARY: N_("Secrétariat de la commission"),
            Role.VOLUNTEER: N_("Bénévole"),
        },
        AppointmentKind: {
            AppointmentKind.FIRST: N_("Premier rendez-vous"),
            AppointmentKind.FOLLOW_UP: N_("Suivi"),
            AppointmentKind.REVIEW: N_("Bilan"),
            AppointmentKind.RENEWAL: N_("Renouvellement"),
            AppointmentKind.HOME_VISIT: N_("Visite à domicile"),
            AppointmentKind.PHONE: N_("Appel téléphonique"),
            AppointmentKind.OTHER: N_("Autre rendez-vous"),
        },
        AppointmentState: {
            AppointmentState.PLANNED: N_("Prévu"),
            AppointmentState.KEPT: N_("Tenu"),
            AppointmentState.EXCUSED: N_("Excusé"),
            AppointmentState.MISSED: N_("Manqué"),
            AppointmentState.CANCELLED: N_("Annulé"),
        },
        AttendanceState: {
            AttendanceState.WAITING: N_("En attente d'une place"),
            AttendanceState.PLANNED: N_("Inscrit"),
            AttendanceState.CAME: N_("Présent"),
            AttendanceState.EXCUSED: N_("Excusé"),
            AttendanceState.MISSED: N_("Absent"),
        },
        DueKind: {
            DueKind.TASK: N_("Tâche"),
            DueKind.APPOINTMENT: N_("Rendez-vous sans suite notée"),
            DueKind.RIGHT: N_("Fin du droit"),
            DueKind.REVIEW: N_("Bilan à faire"),
            DueKind.OBLIGATION: N_("Engagement du règlement"),
            DueKind.PAPER: N_("Papier qui expire"),
            DueKind.PROXY: N_("Procuration qui expire"),
            DueKind.OBJECTIVE: N_("Échéance d'un projet"),
        },
        OnwardKind: {
            OnwardKind.SOCIAL: N_("Service social"),
            OnwardKind.HOUSING: N_("Logement"),
            OnwardKind.ENERGY: N_("Énergie"),
            OnwardKind.BUDGET: N_("Budget et dettes"),
            OnwardKind.JOB: N_("Emploi et formation"),
            OnwardKind.FAMILY: N_("Famille et enfance"),
            OnwardKind.LEGAL: N_("Accès aux droits"),
            OnwardKind.FOOD: N_("Autre aide alimentaire"),
            OnwardKind.OTHER: N_("Autre service"),
        },
        OnwardState: {
            OnwardState.SENT: N_("En attente de réponse"),
            OnwardState.TAKEN: N_("Pris en charge"),
            OnwardState.DECLINED: N_("Sans suite"),
            OnwardState.GIVEN_UP: N_("Abandonné"),
        },
        SuspensionKind: {
            SuspensionKind.SUSPENDED: N_("Suspension"),
            SuspensionKind.EXCLUDED: N_("Exclusion"),
            SuspensionKind.CONSERVATORY: N_("Mesure d'urgence"),
        },
        SuspensionReason: {
            SuspensionReason.ABSENCES: N_("Absences répétées"),
            SuspensionReason.RULES: N_("Règlement non respecté"),
            SuspensionReason.VIOLENCE: N_("Gestes ou paroles violents"),
            SuspensionReason.RESALE: N_("Revente de produits"),
            SuspensionReason.FALSE_STATEMENT: N_("Déclaration inexacte"),
            SuspensionReason.COMMITMENT: N_("Engagement non tenu"),
            SuspensionReason.OTHER: N_("Autre motif"),
        },
        ReferralReason: {
            ReferralReason.DEBTS: N_("Dettes"),
            ReferralReason.HOUSING: N_("Logement, loyer"),
            ReferralReason.ENERGY: N_("Énergie, eau"),
            ReferralReason.INCOME_DROP: N_("Baisse de ressources"),
            ReferralReason.RIGHTS_PENDING: N_("Droits en attente"),
            ReferralReason.FAMILY_CHANGE: N_("Changement dans la famille"),
            ReferralReason.UNEXPECTED: N_("Dépense imprévue"),
            ReferralReason.PROJECT: N_("Projet à financer"),
            ReferralReason.OTHER: N_("Autre motif"),
        },
        ObjectiveKind: {
            ObjectiveKind.DEBT: N_("Dette à rembourser"),
            ObjectiveKind.BILL: N_("Facture à régler"),
            ObjectiveKind.HOUSING: N_("Logement, travaux"),
            ObjectiveKind.LICENCE: N_("Permis de conduire"),
            ObjectiveKind.CARE: N_("Soin"),
            ObjectiveKind.VEHICLE: N_("Véhicule"),
            ObjectiveKind.FURNITURE: N_("Équipement de la maison"),
            ObjectiveKind.TRAINING: N_("Formation"),
            ObjectiveKind.OTHER: N_("Autre projet"),
        },
        ObjectiveState: {
            ObjectiveState.OPEN: N_("En cours"),
            ObjectiveState.REACHED: N_("Atteint"),
            ObjectiveState.PARTLY: N_("Atteint en partie"),
            ObjectiveState.DROPPED: N_("Abandonné"),
        },
        UndertakingKind: {
            UndertakingKind.CONTRACT: N_("Contrat d'engagement"),
            UndertakingKind.RULES: N_("Règlement accepté"),
            UndertakingKind.NOTICE: N_("Notice d'information remise"),
            UndertakingKind.PROXY: N_("Procuration"),
        },
        PaperKind: {
            PaperKind.IDENTITY: N_("Pièce d'identité"),
            PaperKind.RESIDENCE: N_("Justificatif de domicile"),
            PaperKind.FAMILY: N_("Composition du foyer"),
            PaperKind.INCOME: N_("Ressources"),
            PaperKind.ALLOWANCES: N_("Attestation de prestations"),
            PaperKind.TAX: N_("Avis d'imposition"),
            PaperKind.RENT: N_("Loyer"),
            PaperKind.CHARGES: N_("Charges et factures"),
            PaperKind.DEBTS: N_("Dettes, échéancier"),
            PaperKind.REFERRAL: N_("Fiche de liaison"),
            PaperKind.SIGNED: N_("Document signé ici"),
            PaperKind.OTHER: N_("Autre papier"),
        },
        Expiry: {
            Expiry.NONE: N_("Sans échéance"),
            Expiry.VALID: N_("Valable"),
            Expiry.SOON: N_("Bientôt à refaire"),
            Expiry.OVER: N_("Échéance passée"),
        },
        ReviewResult: {
            ReviewResult.ON_TRACK: N_("En bonne voie"),
            ReviewResult.PARTLY: N_("Avance en partie"),
            ReviewResult.STUCK: N_("En difficulté"),
            ReviewResult.REACHED: N_("Objectif atteint"),
        },
        ExitReason: {
            ExitReason.REACHED: N_("Objectif atteint"),
            ExitReason.RIGHTS_ENDED: N_("Fin de droits"),
            ExitReason.IMPROVED: N_("Situation améliorée"),
            ExitReason.MOVED: N_("Déménagement"),
            ExitReason.GAVE_UP: N_("Abandon"),
            ExitReason.EXCLUDED: N_("Exclusion"),
            ExitReason.REORIENTED: N_("Réorientation"),
            ExitReason.DEATH: N_("Décès"),
            ExitReason.OTHER: N_("Autre raison"),
        },
        ExitResult: {
            ExitResult.YES: N_("Atteint"),
            ExitResult.PARTLY: N_("Atteint en partie"),
            ExitResult.NO: N_("Non atteint"),
        },
    }
)
"""By the class of the code: members of two classes with the same text are equal, and would share one label."""


def named(code: StrEnum) -> str:
    """Return what people call a code, in French, to be translated when shown. Raises `KeyError` for a code without a name."""
    return _LABELS[type(code)][code]


def label(code: StrEnum) -> str:
    """Return what people call a code, in the language in use."""
    return gettext(named(code))
