"""The accompaniments of an invented shop: a week of appointments, two workshops, notes, tasks, referrals and steps."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.followup import OnwardKind, OnwardState
from epicerie_desktop.domain.steps import DAILY
from epicerie_desktop.domain.workshops import AttendanceState
from epicerie_desktop.services.demonstration.life import on
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.agenda import household_agenda
from epicerie_desktop.services.queries.workshops import members_to_seat
from epicerie_desktop.services.support import agenda, notes, referrals, steps, tasks, workshops
from epicerie_desktop.services.support.agenda import AppointmentForm
from epicerie_desktop.services.support.referrals import ReferralForm
from epicerie_desktop.services.support.steps import StepForm
from epicerie_desktop.services.support.tasks import TaskForm
from epicerie_desktop.services.support.workshops import SessionForm

_HOURS = (time(9), time(10), time(11), time(14), time(15, 30))
_ABOUT = ("Point sur l'échéancier du loyer", "Facture d'énergie à étaler", "Prime d'activité à demander", "")
_NOTES = (
    "Reçue avec son fils. La CAF a rétabli les allocations, versement attendu au début du mois.",
    "Le bailleur accepte un échéancier sur dix mois. Courrier de confirmation à garder.",
    "Le dossier de fonds d'aide aux impayés est parti. Réponse sous six semaines.",
    "Se sent mieux installée. Propose de donner un coup de main à l'atelier cuisine.",
)
_STEPS = (
    ("LICENCE", "FUNDED", 45_000, "Avec l'aide de la mission locale."), ("ENERGY", "ADVISED", None, ""),
    ("HOUSING", "FILED", None, "Isolation des combles."), ("CENTRE", "JOINED", None, ""), ("NEWCOMER", "WELCOMED", None, ""),
    ("JOB", "SIGNED", None, "Chantier d'insertion, six mois."), ("ELDERLY", "VISITED", None, ""),
)  # fmt: skip


def live(rng: random.Random, desk: Desk, households: list[int]) -> None:
    """Write what a worker would have written, around the day of the desk, about some of `households`; nothing without any."""
    if not households:
        return
    today = desk.clock.today()
    chosen = rng.sample(households, min(len(households), 12))
    _appointments(rng, desk, today, chosen)
    _workshops(rng, desk, today, chosen)
    for n, household in enumerate(chosen):
        _talked(rng, desk, today, household, n)
    tasks.save_task(desk, TaskForm("Préparer l'ordre du jour de la commission", today + timedelta(days=6)))
    tasks.save_task(desk, TaskForm("Rappeler le bailleur social", today - timedelta(days=2), chosen[0], desk.actor.id))
    tasks.save_task(desk, TaskForm("Envoyer l'attestation de suivi", today, chosen[-1], desk.actor.id))
    tasks.save_task(desk, TaskForm("Ranger les fiches de liaison vierges"))


def _appointments(rng: random.Random, desk: Desk, today: date, households: list[int]) -> None:
    monday = today - timedelta(days=today.weekday())
    for n, household in enumerate(households):
        day = monday + timedelta(days=(n % 5) + (7 if n >= 10 else 0))
        given = on(desk, min(day, today) - timedelta(days=3))
        kind = rng.choice(
            (AppointmentKind.FOLLOW_UP, AppointmentKind.FOLLOW_UP, AppointmentKind.RENEWAL, AppointmentKind.REVIEW)
        )
        form = AppointmentForm(
            household,
            day,
            _HOURS[(2 * (n // 5) + n % 2) % len(_HOURS)],
            kind,
            45,
            "Bureau du rez-de-chaussée",
            desk.actor.id,
            rng.choice(_ABOUT),
        )
        made = agenda.save_appointment(given, form)
        if day < today:
            state = rng.choice((AppointmentState.KEPT,) * 4 + (AppointmentState.EXCUSED, AppointmentState.MISSED))
            version = next(r.version for r in household_agenda(desk, household) if r.id == made.id)
            agenda.note_outcome(on(desk, day, 18), made.id, state, version)


def _workshops(rng: random.Random, desk: Desk, today: date, households: list[int]) -> None:
    monday = today - timedelta(days=today.weekday())
    past, coming = monday - timedelta(days=4), monday + timedelta(days=8)
    before = on(desk, past - timedelta(days=5))
    cooking = workshops.save_workshop(before, "Cuisine de saison", "COHESION")
    bills = workshops.save_workshop(before, "Comprendre sa facture d'énergie", "ENERGY")
    done = workshops.save_session(before, SessionForm(cooking, past, time(14), 150, "Cuisine du centre social", 8))
    workshops.save_session(desk, SessionForm(cooking, coming, time(14), 150, "Cuisine du centre social", 8))
    ahead = workshops.save_session(
        desk, SessionForm(bills, coming + timedelta(days=2), time(10), 90, "Salle de réunion", 6)
    )
    came = {}
    for household in households[:6]:
        person = members_to_seat(desk, household, past)
        if person:
            workshops.put_down(before, done, household, person[0].person)
            came[person[0].person] = rng.choice((AttendanceState.CAME,) * 3 + (AttendanceState.MISSED,))
    workshops.note_attendance(on(desk, past, 17), done, came)
    for household in households[6:9]:
        for member in members_to_seat(desk, household, coming)[:1]:
            workshops.put_down(desk, ahead, household, member.person)


def _talked(rng: random.Random, desk: Desk, today: date, household: int, n: int) -> None:
    """Write a note about some, a step with each, an onward referral for two."""
    day = today - timedelta(days=rng.randrange(1, 25))
    at = on(desk, day, 11)
    steps.record_step(at, StepForm(household, day, DAILY, ("LISTEN", "INFORM", "ORIENT")[n % 3]))
    if n < len(_STEPS):
        action, step, cents, note = _STEPS[n]
        steps.record_step(at, StepForm(household, day, action, step, cents, note))
    if n % 3 == 0:
        notes.write_note(at, household, _NOTES[(n // 3) % len(_NOTES)])
    if n == 0:
        made = referrals.refer_onward(
            at,
            ReferralForm(
                household, day, OnwardKind.HOUSING, "ADIL du Cantal", "Un impayé de loyer, pour connaître ses droits."
            ),
        )
        referrals.answer_referral(desk, made, OnwardState.TAKEN, "Reçue, un rendez-vous est fixé.", 1)
    if n == 1:
        referrals.refer_onward(
            at, ReferralForm(household, day, OnwardKind.JOB, "Mission locale", "Projet de formation.")
        )
