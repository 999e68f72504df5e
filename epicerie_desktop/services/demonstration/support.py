"""Support files of the demonstration: some households are accompanied, with projects, payments, papers and undertakings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from epicerie_desktop.domain.support import (
    Debt,
    ExitReason,
    ExitResult,
    ObjectiveKind,
    ObjectiveState,
    PaperKind,
    ReferralReason,
    ReviewResult,
    UndertakingKind,
)
from epicerie_desktop.services.demonstration.life import Stay
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.support import support_head
from epicerie_desktop.services.queries.support_pages import avoidance_page
from epicerie_desktop.services.support import file, papers, projects, undertakings
from epicerie_desktop.services.support.file import ExitForm, OrientationForm
from epicerie_desktop.services.support.papers import PaperForm
from epicerie_desktop.services.support.projects import ObjectiveForm
from epicerie_desktop.services.support.undertakings import AvoidanceForm, UndertakingForm
from epicerie_desktop.support.clock import FrozenClock

_EVERY = 3
"""One living household in so many is accompanied."""
_REASONS: tuple[tuple[ReferralReason, str], ...] = (
    (ReferralReason.ENERGY, "Régularisation de la facture d'électricité après l'hiver, échéancier accepté."),
    (ReferralReason.INCOME_DROP, "Fin de contrat en septembre, les allocations n'ont pas encore commencé."),
    (ReferralReason.PROJECT, "Souhaite passer le permis pour reprendre un emploi à Murat."),
    (ReferralReason.FAMILY_CHANGE, "Séparation récente : un seul salaire pour le loyer."),
)
_PROJECTS: tuple[tuple[ObjectiveKind, str, str, int], ...] = (
    (ObjectiveKind.BILL, "Solder la facture d'électricité", "Fournisseur d'électricité", 240_00),
    (ObjectiveKind.DEBT, "Rembourser le retard de loyer", "Bailleur", 420_00),
    (ObjectiveKind.LICENCE, "Payer le code et dix heures de conduite", "Auto-école du Pont", 650_00),
    (ObjectiveKind.FURNITURE, "Acheter un lave-linge d'occasion", "Recyclerie", 120_00),
)
_DIAGNOSIS = (
    "Budget juste mais tenu. Démarches bien engagées, besoin d'un appui pour l'échéancier et d'un suivi régulier."
)
_TERMS = (
    "venir aux rendez-vous, ou prévenir la veille ;\nparticiper à un atelier par mois ;\nfaire le point à mi-parcours."
)


def accompany(rng: random.Random, desk: Desk, stays: Sequence[Stay], referrers: Sequence[int]) -> None:
    """Open a support file for one household in three, as far along as its stay is, up to today."""
    for place, stay in enumerate(s for i, s in enumerate(stays) if i % _EVERY == 0):
        begun = max(stay.start, desk.clock.today() - timedelta(days=80))
        _one(rng, desk, stay.household, begun, place, referrers[place % len(referrers)])


def _one(rng: random.Random, desk: Desk, household: int, begun: date, place: int, referrer: int) -> None:
    today = desk.clock.today()
    at = replace(desk, clock=FrozenClock.on(begun))
    code, reason = _REASONS[place % len(_REASONS)]
    opened = file.open_file(
        at, household, OrientationForm(referrer, begun - timedelta(days=5), code, reason, place % 5 == 0)
    )
    file.save_diagnosis(at, opened, 1, _DIAGNOSIS, "Le loyer et l'énergie prennent la moitié des ressources.")
    file.save_debts(at, opened, 2, (Debt("Bailleur", 420_00, 35_00), Debt("Crédit du véhicule", 1_850_00, 92_00)))
    _sign(at, household, begun, place)
    _papers(at, household, begun, place)
    kind, label, creditor, target = _PROJECTS[place % len(_PROJECTS)]
    project = projects.save_objective(
        at, household, ObjectiveForm(kind, label, begun, creditor, target, begun + timedelta(days=150))
    )
    paid, day = 0, begun + timedelta(days=12)
    while day <= today and paid < target:
        cents = min(rng.choice((20_00, 30_00, 40_00)), target - paid)
        projects.record_payment(desk, project, day, cents, "Reçu vu")
        paid, day = paid + cents, day + timedelta(days=15)
    if paid >= target:
        projects.end_objective(desk, project, 1, ObjectiveState.REACHED, today)
    if begun + timedelta(days=40) <= today:
        middle = begun + timedelta(days=40)
        words = "Les versements sont tenus. Prochaine étape : un rendez-vous avec le point conseil budget."
        file.record_review(desk, household, middle, ReviewResult.ON_TRACK, words, today + timedelta(days=30))
    if place % 7 == 6:
        _end(desk, household, opened, today)


def _sign(at: Desk, household: int, begun: date, place: int) -> None:
    for kind, note in ((UndertakingKind.NOTICE, ""), (UndertakingKind.RULES, ""), (UndertakingKind.CONTRACT, _TERMS)):
        until = begun + timedelta(days=180) if kind is UndertakingKind.CONTRACT else None
        undertakings.record_undertaking(at, household, UndertakingForm(kind, begun, until, note=note))
    if place % 2:
        proxy = UndertakingForm(UndertakingKind.PROXY, begun, begun + timedelta(days=100), "Inès Vidal")
        undertakings.record_undertaking(at, household, proxy)
    if place % 2 == 0:
        found = avoidance_page(at, household).families
        family = next((number for number, name in found if "iande" in name), found[-1][0])
        undertakings.add_avoidance(at, household, AvoidanceForm(begun, family_id=family))


def _papers(at: Desk, household: int, begun: date, place: int) -> None:
    for kind, days, name in (
        (PaperKind.IDENTITY, 900, ""), (PaperKind.RESIDENCE, 95 + place, "Quittance"), (PaperKind.ALLOWANCES, 85 - 3 * place, "CAF"),
        (PaperKind.TAX, 300, "Avis de l'année"),
    ):  # fmt: skip
        papers.record_paper(at, household, PaperForm(kind, begun, begun + timedelta(days=max(20, days)), name))


def _end(desk: Desk, household: int, opened: int, today: date) -> None:
    head = support_head(desk, household)
    assert head.version is not None
    form = ExitForm(today, ExitReason.IMPROVED, ExitResult.PARTLY, "Reprise d'un emploi à temps partiel.")
    file.close_file(desk, opened, head.version, form)
