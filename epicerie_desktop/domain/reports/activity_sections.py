"""What a period of accompaniment tells, as sections of a report: figures with their definition, then tables. Knows no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from epicerie_desktop.domain.agenda import AppointmentKind, AppointmentState
from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.decisions import Answer, ReasonCode
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.domain.followup import OnwardKind
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reports.activity import (
    Activity,
    Request,
    Worked,
    mean,
    opened_in,
    requests_of,
    stays_ended_in,
)
from epicerie_desktop.domain.reports.publishing import Equation
from epicerie_desktop.domain.reports.shape import Figure, Section
from epicerie_desktop.domain.support import ExitReason, ExitResult, ObjectiveKind, ObjectiveState
from epicerie_desktop.domain.suspensions import SuspensionKind
from epicerie_desktop.domain.volunteers import VolunteerTask, hundredths
from epicerie_desktop.support.i18n import gettext as _

SUMS = (
    Equation(
        frozenset({"requests_waiting_before", "requests_received"}),
        frozenset({"requests_granted", "requests_refused", "requests_waiting"}),
        ("requests_waiting", "requests_waiting_before"),
    ),
)
"""Figures that add up to the same sum: a reader computes one from the others."""
BASES = {
    "requests_days": ("requests_granted", "requests_refused"),
    "rights_days": ("rights_first", "rights_renewed", "rights_again"),
    "stays_days": ("stays_ended",),
    "files_days": ("files_closed",),
    "appointments_kept_rate": ("appointments_kept", "appointments_missed"),
}
"""What each mean and rate is taken over: of a few, it tells each of them."""

OF_NOBODY = frozenset(
    {
        "sessions_held", "sessions_cancelled", "recalls_met", "lots_recalled", "lots_set_aside", "recall_drills", "cold_readings",
        "cold_incidents",
    }
)  # fmt: skip
"""Figures that count no person: a small one gives nobody away."""


def of_nobody() -> frozenset[str]:
    """Return these figures, and the names of the tables and columns that count no person either."""
    return OF_NOBODY | {_("Relevés hors limites, par appareil"), _("Séances"), _("Annulées")}


def activity(read: Activity) -> tuple[Section, ...]:
    """Return the sections of a period, in the language in use; what the shop does not keep is left out."""
    sections = [_requests(read), _rights(read), _files(read), _projects(read), _appointments(read), _workshops(read)]
    if read.hours is not None:
        sections.append(_volunteers(read.hours))
    return (*sections, _incidents(read))


def count(code: str, name: str, value: int | None, definition: str) -> Figure:
    """Return a figure that counts."""
    return Figure(code, name, value, Holds.COUNT, definition)


def with_total(
    name: str, first: str, columns: Sequence[Heading], rows: Iterable[tuple[Value, ...]], *notes: str
) -> DataTable:
    """Return a table whose last row adds up its columns, « Ensemble »; of no row, none."""
    body = tuple(rows)
    sums = tuple(
        sum(v for row in body if isinstance(v := row[n], int)) if c.holds.adds_up else None
        for n, c in enumerate(columns, 1)
    )
    whole = ((_("Ensemble"), *sums),) if body else ()
    return data_table(name, (Heading(first), *columns), (*body, *whole), notes)


def _heads(*names: str) -> tuple[Heading, ...]:
    return tuple(Heading(name, Holds.COUNT) for name in names)


def _across(lines: Iterable[tuple[str, list[int]]]) -> list[tuple[Value, ...]]:
    """Return the lines that count something, each with its sum at its end."""
    return [(name, *counts, sum(counts)) for name, counts in lines if any(counts)]


def _requests(read: Activity) -> Section:
    requests = requests_of(read.statements, read.answers)
    before = date.fromordinal(read.first.toordinal() - 1)
    received = [r for r in requests if read.holds(r.received)]
    answered = [r for r in requests if read.holds(r.answered)]
    granted = [r for r in answered if r.answer is Answer.GRANTED]
    refused = [r for r in answered if r.answer is Answer.REFUSED]
    put_off = [r for r in requests if any(map(read.holds, r.put_off))]
    on_list = sum(1 for since, left in read.waiting if since <= read.last and (left is None or left > read.last))
    figures = (
        count("requests_waiting_before", _("En attente au début"), sum(r.open_on(before) for r in requests),
              _("Demandes reçues avant la période et sans accord ni refus la veille de son premier jour.")),
        count("requests_received", _("Demandes reçues"), len(received),
              _("Foyers dont la situation a été déclarée, première demande ou renouvellement ; redite avant la réponse, elle compte une fois.")),
        count("requests_granted", _("Acceptées"), len(granted),
              _("Demandes qui ont eu un accord dans la période ; un droit ouvert à la main en est un.")),
        count("requests_refused", _("Refusées"), len(refused), _("Demandes qui ont eu un refus dans la période.")),
        count("requests_adjourned", _("Ajournées"), len(put_off),
              _("Demandes remises à plus tard au moins une fois dans la période ; elles restent en attente jusqu'à leur réponse.")),
        count("requests_waiting", _("En attente à la fin"), sum(r.open_on(read.last) for r in requests),
              _("Demandes sans accord ni refus le dernier jour. En attente au début + reçues = acceptées + refusées + en attente à la fin.")),
        count("requests_days", _("Jours avant la réponse"), mean([_wait(r) for r in answered]),
              _("Moyenne, en jours, de la demande à son accord ou à son refus.")),
        count("waiting_list", _("Sur la liste d'attente"), on_list, _("Foyers inscrits sur la liste d'attente le dernier jour.")),
    )  # fmt: skip
    months = with_total(
        _("Demandes par mois"), _("Mois"), _heads(_("Reçues"), _("Acceptées"), _("Refusées")),
        [(month, *(sum(month_of(day) == month for day in days) for days in (
            [r.received for r in received], [r.answered or r.received for r in granted], [r.answered or r.received for r in refused],
        ))) for month in months_between(month_of(read.first), month_of(read.last))],
    )  # fmt: skip
    why = Counter(r.reason for r in refused)
    reasons = with_total(
        _("Motifs des refus"), _("Motif"), _heads(_("Refus")),
        [*((label(c), why[c.value]) for c in ReasonCode if why[c.value]), *([(_("Non dit"), why[None])] if why[None] else ())],
    )  # fmt: skip
    return Section(_("Demandes"), figures, (months, *_filled(reasons)))


def _wait(request: Request) -> int:
    return ((request.answered or request.received) - request.received).days


def _filled(*tables: DataTable) -> tuple[DataTable, ...]:
    return tuple(t for t in tables if t.rows)


def _rights(read: Activity) -> Section:
    opened, stays = opened_in(read.rights, read.first, read.last), stays_ended_in(read.rights, read.first, read.last)
    exceptional = sum(r.exceptional and read.holds(r.first) for r in read.rights)
    figures = (
        count("rights_first", _("Premiers droits"), len(opened.firsts),
              _("Droits qui commencent dans la période, pour un foyer qui n'en avait jamais eu.")),
        count("rights_renewed", _("Renouvellements"), len(opened.renewals),
              _("Droits qui commencent dans la période, trois mois au plus après la fin du précédent.")),
        count("rights_again", _("Retours"), len(opened.returns),
              _("Droits qui commencent dans la période, plus de trois mois après la fin du précédent.")),
        count("rights_exceptional", _("Passages exceptionnels"), exceptional,
              _("Droits d'un seul jour accordés à l'accueil ; ils ne comptent pas parmi les autres.")),
        count("rights_days", _("Durée des droits, en jours"), mean([r.days for r in opened.all]),
              _("Moyenne des droits qui commencent dans la période, premier et dernier jours compris.")),
        count("stays_ended", _("Séjours finis"), len(stays),
              _("Foyers dont le dernier droit a fini dans la période, sans autre dans les trois mois qui suivent.")),
        count("stays_days", _("Durée des séjours, en jours"), mean(stays),
              _("Moyenne des séjours finis, du premier jour du premier droit au dernier du dernier ; trois mois sans droit y mettent fin.")),
    )  # fmt: skip
    measures = with_total(
        _("Suspensions et exclusions décidées"), _("Mesure"), _heads(_("Nombre")),
        [(label(SuspensionKind(kind)), n) for kind, n in read.suspensions],
    )  # fmt: skip
    notes = (_("Un séjour fini depuis moins de trois mois peut encore être prolongé par un renouvellement."),)
    return Section(_("Droits et durée"), figures, _filled(measures), notes)


def _files(read: Activity) -> Section:
    closed = [f for f in read.files if read.holds(f.closed_on)]
    running = sum(f.opened_on <= read.last and (f.closed_on is None or f.closed_on > read.last) for f in read.files)
    figures = (
        count("files_opened", _("Accompagnements commencés"), sum(read.holds(f.opened_on) for f in read.files),
              _("Accompagnements ouverts dans la période ; un foyer qui revient en ouvre un autre.")),
        count("files_running", _("En cours à la fin"), running, _("Accompagnements ouverts et non terminés le dernier jour.")),
        count("files_closed", _("Accompagnements terminés"), len(closed), _("Accompagnements dont la sortie est dans la période.")),
        count("files_days", _("Durée, en jours"), mean([((f.closed_on or f.opened_on) - f.opened_on).days + 1 for f in closed]),
              _("Moyenne des accompagnements terminés, premier et dernier jours compris.")),
        count("households_closed", _("Dossiers fermés"), read.households_closed,
              _("Dossiers de foyers fermés dans la période et non rouverts depuis ; un dossier réuni à un autre n'y est pas.")),
        count("steps", _("Démarches"), read.steps, _("Démarches faites avec un foyer, notées dans la période et non annulées.")),
        count("reviews", _("Bilans"), read.reviews, _("Bilans d'accompagnement tenus dans la période.")),
    )  # fmt: skip
    exits = Counter((f.exit_code, f.exit_result) for f in closed)
    results = tuple(r.value for r in ExitResult)
    rows = _across((label(c), [exits[c.value, r] for r in results]) for c in ExitReason)
    tables = (
        with_total(_("Sorties, par motif et résultat"), _("Motif"), _heads(*map(label, ExitResult), _("Ensemble")),
                   rows),
        with_total(_("Orientations vers d'autres services"), _("Service"), _heads(_("Nombre")),
                   [(label(OnwardKind(kind)), n) for kind, n in read.onward]),
        with_total(_("Démarches comptées pour le contrat"), _("Action"),
                   (*_heads(_("Nombre")), Heading(_("Montant (€)"), Holds.CENTS)), read.actions,
                   _("Compteurs tenus par mois, sans nom de foyer : ceux des mois qui commencent dans la période.")),
    )  # fmt: skip
    return Section(_("Accompagnements"), figures, _filled(*tables))


def _projects(read: Activity) -> Section:
    ended = [p for p in read.projects if read.holds(p.ended_on)]
    begun = Counter(p.kind for p in read.projects if read.holds(p.set_on))
    states = {s: Counter(p.kind for p in ended if p.state == s.value) for s in ObjectiveState}
    reached, partly, dropped = (
        states[s] for s in (ObjectiveState.REACHED, ObjectiveState.PARTLY, ObjectiveState.DROPPED)
    )
    running = sum(p.set_on <= read.last and (p.ended_on is None or p.ended_on > read.last) for p in read.projects)
    figures = (
        count("projects_begun", _("Projets commencés"), begun.total(), _("Projets personnels fixés dans la période.")),
        count("projects_reached", _("Projets atteints"), reached.total(), _("Projets terminés dans la période, atteints.")),
        count("projects_partly", _("Atteints en partie"), partly.total(), _("Projets terminés dans la période, atteints en partie.")),
        count("projects_dropped", _("Abandonnés"), dropped.total(), _("Projets abandonnés dans la période.")),
        count("projects_running", _("En cours à la fin"), running, _("Projets fixés et non terminés le dernier jour.")),
    )  # fmt: skip
    kinds = [k for k in ObjectiveKind if any(c[k.value] for c in (begun, reached, partly, dropped))]
    table = with_total(
        _("Projets, par genre"), _("Genre"), _heads(_("Commencés"), _("Atteints"), _("Atteints en partie"), _("Abandonnés")),
        [(label(k), *(c[k.value] for c in (begun, reached, partly, dropped))) for k in kinds],
    )  # fmt: skip
    return Section(_("Projets des foyers"), figures, _filled(table))


def _appointments(read: Activity) -> Section:
    met: Counter[tuple[str, str]] = Counter({(kind, state): n for kind, state, n in read.appointments})
    by_state = {s: sum(n for (_k, state), n in met.items() if state == s.value) for s in AppointmentState}
    kept, missed = by_state[AppointmentState.KEPT], by_state[AppointmentState.MISSED]
    figures = (
        count("appointments_kept", _("Rendez-vous tenus"), kept, _("Rendez-vous de la période où le foyer est venu.")),
        count("appointments_missed", _("Rendez-vous manqués"), missed, _("Rendez-vous où le foyer n'est pas venu, sans prévenir.")),
        count("appointments_excused", _("Excusés"), by_state[AppointmentState.EXCUSED], _("Rendez-vous où le foyer a prévenu qu'il ne viendrait pas.")),
        count("appointments_cancelled", _("Annulés"), by_state[AppointmentState.CANCELLED], _("Rendez-vous annulés par l'équipe.")),
        count("appointments_open", _("Sans suite notée"), by_state[AppointmentState.PLANNED],
              _("Rendez-vous de la période encore à venir, ou dont la suite n'a pas été notée.")),
        Figure("appointments_kept_rate", _("Part tenue"), (2000 * kept + kept + missed) // (2 * (kept + missed)) if kept + missed else None,
               Holds.PERMILLE, _("Rendez-vous tenus, sur ceux qui ont été tenus ou manqués.")),
        count("absences_excused", _("Absences excusées"), read.absences[0], _("Foyers attendus un jour de distribution, qui ont prévenu.")),
        count("absences_missed", _("Absences non excusées"), read.absences[1],
              _("Foyers attendus un jour de distribution, qui ne sont pas venus et n'ont pas prévenu.")),
    )  # fmt: skip
    shown = (
        AppointmentState.KEPT,
        AppointmentState.MISSED,
        AppointmentState.EXCUSED,
        AppointmentState.CANCELLED,
        AppointmentState.PLANNED,
    )
    names = (_("Tenus"), _("Manqués"), _("Excusés"), _("Annulés"), _("Sans suite"), _("Ensemble"))
    rows = _across((label(k), [met[k.value, s.value] for s in shown]) for k in AppointmentKind)
    return Section(
        _("Rendez-vous et absences"),
        figures,
        _filled(with_total(_("Rendez-vous, par genre"), _("Genre"), _heads(*names), rows)),
    )


def _workshops(read: Activity) -> Section:
    figures = (
        count("sessions_held", _("Séances d'atelier"), sum(w.sessions for w in read.workshops), _("Séances de la période, hors celles qui ont été annulées.")),
        count("sessions_cancelled", _("Séances annulées"), sum(w.cancelled for w in read.workshops), _("Séances de la période qui ont été annulées.")),
        count("workshop_seats", _("Présences"), sum(w.came for w in read.workshops),
              _("Une personne venue à trois séances compte pour trois présences.")),
        count("workshop_persons", _("Participants"), read.seated[0], _("Personnes différentes venues à une séance au moins.")),
        count("workshop_households", _("Foyers participants"), read.seated[1], _("Foyers dont une personne au moins est venue à une séance.")),
    )  # fmt: skip
    table = data_table(
        _("Ateliers, par sujet"),
        (Heading(_("Atelier")), *_heads(_("Séances"), _("Annulées"), _("Présences"), _("Personnes"), _("Foyers"))),
        [(w.title, w.sessions, w.cancelled, w.came, w.persons, w.households) for w in read.workshops],
        [_("Une personne venue à deux ateliers compte dans chacun : ces colonnes ne s'additionnent pas.")],
    )
    return Section(_("Ateliers"), figures, _filled(table))


def _volunteers(worked: Sequence[Worked]) -> Section:
    figures = (
        Figure("volunteer_hours", _("Heures de bénévolat"), hundredths(sum(w.minutes for w in worked)), Holds.HOURS,
               _("Heures notées par quart d'heure, les corrections retirées.")),
        count("volunteers", _("Bénévoles"), len({w.who for w in worked}),
              _("Comptes et noms d'équipe différents qui ont donné des heures ; une équipe notée sous un seul nom compte pour un.")),
    )  # fmt: skip
    by_task = Counter[str]()
    for w in worked:
        by_task[w.task] += w.minutes
    table = with_total(
        _("Heures, par tâche"), _("Tâche"), (Heading(_("Heures"), Holds.HOURS),),
        [(label(t), hundredths(by_task[t.value])) for t in VolunteerTask if by_task[t.value]],
    )  # fmt: skip
    return Section(_("Bénévolat"), figures, _filled(table))


def _incidents(read: Activity) -> Section:
    seen = read.incidents
    figures = (
        count("recalls_met", _("Rappels concernant le stock"), seen.recalls, _("Fiches de rappel pour lesquelles un lot a été mis de côté dans la période.")),
        count("lots_recalled", _("Lots rappelés"), seen.recalled_lots, _("Lots mis de côté à cause d'un rappel, même s'ils ont ensuite été remis.")),
        count("lots_set_aside", _("Lots mis de côté par l'équipe"), seen.team_lots, _("Lots mis de côté pour un doute de l'équipe, sans rappel.")),
        count("recall_drills", _("Exercices de rappel"), seen.drills, _("Recherches de foyers faites pour s'entraîner.")),
        count("cold_readings", _("Relevés de température"), seen.readings, _("Températures notées dans la période.")),
        count("cold_incidents", _("Relevés hors limites"), sum(n for _unit, n in seen.out_of_limits),
              _("Températures hors des limites du jour ; ce qui a été fait est au registre.")),
    )  # fmt: skip
    table = with_total(
        _("Relevés hors limites, par appareil"), _("Appareil"), _heads(_("Hors limites")), seen.out_of_limits
    )
    return Section(_("Incidents"), figures, _filled(table))
