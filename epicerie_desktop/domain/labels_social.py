"""What people call the codes of rights, support and follow-up: apart from those of the counter, so that a start leaves them unread."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.decisions import Answer, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.situation import LinePeriod
from epicerie_desktop.domain.followup import DueKind, OnwardKind, OnwardState
from epicerie_desktop.domain.household import LeftFor
from epicerie_desktop.domain.household_life import EventKind
from epicerie_desktop.domain.resemblance import LikeReason
from epicerie_desktop.domain.statements import DebtKind
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
from epicerie_desktop.domain.volunteers import VolunteerTask
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.support.i18n import N_

SOCIAL: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
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
        VolunteerTask: {
            VolunteerTask.WELCOME: N_("Accueil"),
            VolunteerTask.TILL: N_("Caisse"),
            VolunteerTask.STOCK: N_("Stock, mise en rayon"),
            VolunteerTask.COLLECTION: N_("Collecte, ramasse"),
            VolunteerTask.WORKSHOP: N_("Ateliers"),
            VolunteerTask.OFFICE: N_("Bureau, réunions"),
            VolunteerTask.OTHER: N_("Autre tâche"),
        },
        ExitResult: {
            ExitResult.YES: N_("Atteint"),
            ExitResult.PARTLY: N_("Atteint en partie"),
            ExitResult.NO: N_("Non atteint"),
        },
    }
)
