"""The committee's papers: its anonymous list, the letters of a closed meeting, those of a suspension and of a hearing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from epicerie_desktop.domain.committee import sheet_rows, step_sentences
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.suspensions import SuspensionKind, SuspensionReason
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Account, Household, MeetingItem, Suspension
from epicerie_desktop.services import sheets
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.papers_made import PaperKey, PaperKind, PaperOut, sum_of, to_give
from epicerie_desktop.services.queries.committee import ItemView, meeting_view
from epicerie_desktop.services.queries.files import keepers_in, open_in, reading
from epicerie_desktop.services.queries.suspensions import measure_of
from epicerie_desktop.services.rights.letters import Part, addressee_in, appeal, decision_to_give
from epicerie_desktop.services.sealing import social_key, unseal_json
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

if TYPE_CHECKING:
    from epicerie_desktop.printing.committee import ListedSituation

_TITLES = {
    SuspensionKind.SUSPENDED: N_("Votre accès est suspendu"),
    SuspensionKind.EXCLUDED: N_("Votre accès prend fin"),
    SuspensionKind.CONSERVATORY: N_("Votre accès est suspendu, le temps de vous entendre"),
}


def meeting_list_pdf(desk: Desk, meeting: int) -> bytes:
    """Return the list of a meeting as PDF, without anything that tells who; answers are written once they are given."""
    from epicerie_desktop.printing import committee

    view = meeting_view(desk, meeting)
    return committee.render(
        committee.CommitteeList(
            sheets.header(desk, WordingKind.COMMITTEE, view.row.day), view.row.day, view.row.place, desk.clock.now(), tuple(_listed(i) for i in view.items)
        )
    )  # fmt: skip


def _listed(item: ItemView) -> ListedSituation:
    from epicerie_desktop.printing.committee import ListedSituation

    found = item.situation
    answer = label(item.answer) if item.answer else ""
    # Conditions are words of the committee about a situation: they stay in the letter, not on a list that is passed round.
    return ListedSituation(found.rank, sheet_rows(found), step_sentences(found), answer)


@dataclass(frozen=True, slots=True)
class MeetingLetters(PaperOut):
    """The letters of a meeting as one PDF (empty where none may be printed), how many are left, and whom to see for them."""

    left: int = 0
    see: str = ""


def meeting_letters_pdf(desk: Desk, meeting: int) -> MeetingLetters:
    """Return the letters of a closed meeting, in the order of its list; those of files reserved to others are left to them.

    Raises `RuleRefused` where the meeting is not closed, or for an account that may not read the reasons.
    """
    from epicerie_desktop.printing.bundle import joined

    social_key(desk)
    with desk.db.read() as session:
        items = session.execute(
            select(
                MeetingItem.decision_id,
                Household.id,
                func.coalesce(Household.merged_into_id, Household.id).label("into"),
            )
            .join(Household, Household.id == MeetingItem.household_id)
            .where(MeetingItem.meeting_id == meeting)
            .order_by(MeetingItem.rank)
        ).all()
        keepers = keepers_in(session, desk, list({h for i in items for h in (i.id, i.into)}))
    if not items or any(i.decision_id is None for i in items):
        raise RuleRefused(N_("Les lettres sont prêtes une fois la séance close."))
    opened = [i.decision_id for i in items if not {i.id, i.into} & set(keepers)]
    made = [decision_to_give(desk, d) for d in opened]
    content = joined(n.content for n in made) if made else b""
    papers = tuple(key for n in made for key in n.papers)
    return MeetingLetters(content, papers, len(items) - len(opened), ", ".join(dict.fromkeys(keepers.values())))


def suspension_to_give(desk: Desk, suspension: int) -> PaperOut:
    """Return the letter of a measure, marked where it left the program already; a hearing held since makes another letter.

    Raises what `suspension_pdf` raises.
    """
    social_key(desk)
    with reading(desk) as session:
        row = session.get_one(Suspension, suspension)
        open_in(session, desk, row.household_id)
        measure = measure_of(row)
    digest = sum_of(suspension, measure)
    version = 1 + (measure.heard_on is not None)
    key = PaperKey(PaperKind.MEASURE, str(suspension), version, digest)
    return to_give(desk, key, partial(suspension_pdf, desk, suspension))


def suspension_pdf(desk: Desk, suspension: int, duplicate: date | None = None) -> bytes:
    """Return the letter of a measure as PDF: reasons, hearing, until when, means of appeal; marked as made again on `duplicate`.

    Raises `RuleRefused` for an account without the second key.
    """
    from epicerie_desktop.printing import decision as paper

    social_key(desk)
    with reading(desk) as session:
        row = session.get_one(Suspension, suspension)
        open_in(session, desk, row.household_id)
        number, holder = addressee_in(session, row.household_id, desk.clock.today())
        reason = str(unseal_json(desk, "suspension", row.uid, row.sealed).get("reason", ""))
        measure, code, made_at = measure_of(row), SuspensionReason(row.reason_code), row.made_at
        author = session.get_one(Account, row.made_by).name
    made_on = made_at.astimezone(PARIS).date()
    end = measure.until
    words = (
        "" if end else gettext(N_("À partir du {day}, sans date de fin.")).format(day=shown.middle_day(measure.since))
    )
    reasons = tuple(w for w in (f"{label(code)}." if code is not SuspensionReason.OTHER else "", reason) if w)
    before: list[Part] = [(gettext(N_("Les raisons")), reasons)] if reasons else []
    before.append(
        (
            gettext(N_("Vos explications")),
            (_heard(measure.kind, measure.asked_on, measure.heard_on),),
        )
    )
    before.append((gettext(N_("D'ici là")), (_meanwhile(desk),)))
    return paper.render(
        paper.DecisionPage(
            sheets.header(desk, WordingKind.MEASURE, made_on), number, made_on, desk.clock.now(), gettext(_TITLES[measure.kind]), words, (),
            valid_from=measure.since if end else None, valid_until=end, addressee=holder, title=label(measure.kind),
            taken=gettext(N_("Décision du {day}")).format(day=shown.day(made_on)), before=tuple(before),
            after=((gettext(N_("Si vous n'êtes pas d'accord")), tuple(appeal(desk.shop))),),
            signature=gettext(N_("Décision prise par {name}")).format(name=author), duplicate=duplicate,
        )
    )  # fmt: skip


def _heard(kind: SuspensionKind, asked_on: date | None, heard_on: date | None) -> str:
    if heard_on is not None:
        told = N_("Un entretien a eu lieu le {heard} : vos explications ont été entendues avant cette décision.")
        return gettext(told).format(heard=shown.middle_day(heard_on))
    if asked_on is not None:
        told = N_(
            "Une invitation à vous expliquer vous a été adressée le {asked}. L'entretien n'a pas eu lieu ; vous pouvez toujours "
            "le demander."
        )
        return gettext(told).format(asked=shown.middle_day(asked_on))
    assert kind is SuspensionKind.CONSERVATORY
    return gettext(
        N_("Cette mesure est prise dans l'urgence. Venez nous donner vos explications, avec la personne de votre choix si vous le "
           "souhaitez, avant qu'une décision soit prise.")
    )  # fmt: skip


def _meanwhile(desk: Desk) -> str:
    return gettext(
        N_("Votre accompagnement n'est pas interrompu. Si vous n'avez pas de quoi manger, dites-le à « {shop} » : une autre aide "
           "alimentaire vous sera indiquée le jour même.")
    ).format(shop=desk.shop.name)  # fmt: skip


def hearing_pdf(desk: Desk, household: int, absences: tuple[date, ...] = ()) -> bytes:
    """Return the letter that asks a household to come and be heard, with the days it was absent; no measure is taken by it."""
    from epicerie_desktop.printing import decision as paper

    with reading(desk) as session:
        open_in(session, desk, household)
        number, holder = addressee_in(session, household, desk.clock.today())
    today = desk.clock.today()
    days = ", ".join(shown.middle_day(d) for d in sorted(absences))
    why = gettext(N_("Votre visite était attendue et n'a pas eu lieu : {days}.")).format(days=days) if days else ""
    parts: list[Part] = [(gettext(N_("Pourquoi cette lettre")), (why,))] if why else []
    parts.append((gettext(N_("Venez nous en parler")), tuple(gettext(w).format(shop=desk.shop.name) for w in _COME)))
    return paper.render(
        paper.DecisionPage(
            sheets.header(desk, WordingKind.HEARING), number, today, desk.clock.now(), gettext(N_("Nous souhaitons vous entendre")),
            gettext(N_("Aucune décision n'est prise à ce jour.")), (), addressee=holder, title=gettext(N_("Invitation")),
            taken=gettext(N_("Lettre du {day}")).format(day=shown.day(today)), before=tuple(parts),
            after=((gettext(N_("Si vous ne pouvez pas venir")), (gettext(_CANNOT).format(shop=desk.shop.name),)),),
            signature=gettext(N_("Pour « {shop} », {name}")).format(shop=desk.shop.name, name=desk.actor.name),
        )
    )  # fmt: skip


_COME = (
    N_("Le règlement prévoit qu'une mesure puisse être prise. Avant toute décision, nous voulons connaître vos explications : une "
       "maladie, un travail, un imprévu comptent."),
    N_("Prenez rendez-vous avec « {shop} » dans les quinze jours. Vous pouvez venir avec la personne de votre choix, ou écrire."),
)  # fmt: skip
_CANNOT = N_("Prévenez « {shop} », par téléphone ou par un mot : un autre jour vous sera proposé.")
