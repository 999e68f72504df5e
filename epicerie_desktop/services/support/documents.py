"""The papers of the support file: a blank fiche de liaison, the answer to the referrer, the contract, the procuration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.slips import InformationNotice
from epicerie_desktop.domain.support import ReferralReason, UndertakingKind
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import Passage
from epicerie_desktop.persistence.models import AccessGrant, Decision, Person, Referrer, SupportFile, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.papers_made import PaperKey, PaperOut, sum_of, to_give
from epicerie_desktop.services.papers_made import PaperKind as MadeKind
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.sealing import check_worker
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.wordings import last_words, passages
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, in_language
from epicerie_desktop.support.i18n import gettext as _

if TYPE_CHECKING:
    from epicerie_desktop.printing import agreement

_REFUSED, _ADJOURNED = "REFUSED", "ADJOURNED"


def liaison_pdf(desk: Desk) -> bytes:
    """Return the blank fiche de liaison, one A4."""
    from epicerie_desktop.printing import liaison

    words = last_words(desk, WordingKind.LIAISON)
    return liaison.render(liaison.LiaisonSheet(header(desk), tuple(label(r) for r in ReferralReason), words))


def answer_pdf(desk: Desk, household: int) -> bytes:
    """Return the answer to who referred the household: what was decided and for which days, nothing of the budget.

    Raises `RuleRefused` where nobody referred it, or without the second key.
    """
    from epicerie_desktop.printing import agreement

    check_worker(desk)
    with reading(desk) as session:
        row = open_in(session, desk, household)
        file = session.scalars(
            select(SupportFile)
            .where(SupportFile.household_id == household)
            .order_by(SupportFile.opened_on.desc(), SupportFile.id.desc())
            .limit(1)
        ).first()
        if file is None or file.referrer_id is None:
            raise RuleRefused(
                N_("Dites d'abord, dans l'orientation, qui a orienté ce foyer : la réponse lui est adressée.")
            )
        referrer = session.get_one(Referrer, file.referrer_id)
        name = _holder_in(session, row.holder_id)
        answer = _answer_in(session, household, file)
        number = row.number
    values = {
        "name": name, "decision": answer,
        "referred": shown.middle_day(file.referred_on) if file.referred_on is not None else "",
    }  # fmt: skip
    return agreement.render(
        agreement.Agreement(
            header(desk), _("Réponse à votre orientation"), _("Foyer {number}").format(number=number),
            (shown.middle_day(desk.clock.today()),), _parts(passages(desk, WordingKind.ANSWER, values)),
            addressee=tuple(line for line in (referrer.name, referrer.organisation) if line),
            signers=(_("Pour l'épicerie"),),
            last_words=(_("Cette réponse dit la décision et ses dates. Le budget de la personne n'est pas communiqué."),),
        )
    )  # fmt: skip


def _answer_in(session: Session, household: int, file: SupportFile) -> str:
    """Return the latest answer in a sentence: a decision kept, else the right opened, else that it is not decided yet."""
    decided = session.scalars(
        select(Decision)
        .where(Decision.household_id == household, Decision.day >= file.opened_on)
        .order_by(Decision.day.desc(), Decision.id.desc())
        .limit(1)
    ).first()
    if decided is not None and decided.answer == _REFUSED:
        return _(
            "Le {day}, l'accès à l'épicerie n'a pas été accordé. Une aide pour le jour même et les voies de recours ont été "
            "proposées à la personne."
        ).format(day=shown.middle_day(decided.day))
    if decided is not None and decided.answer == _ADJOURNED:
        return _("Le {day}, la décision a été ajournée ; elle vous sera communiquée.").format(
            day=shown.middle_day(decided.day)
        )
    grant = session.execute(
        select(AccessGrant.valid_from, AccessGrant.valid_until)
        .where(
            AccessGrant.household_id == household, AccessGrant.valid_until >= file.opened_on, ~AccessGrant.exceptional
        )
        .order_by(AccessGrant.valid_until.desc())
        .limit(1)
    ).first()  # fmt: skip
    if grant is None:
        return _("La personne a été reçue ; la décision n'est pas encore prise. Elle vous sera communiquée.")
    return _("L'accès à l'épicerie lui est ouvert du {first} au {last} inclus.").format(
        first=shown.middle_day(grant.valid_from), last=shown.middle_day(grant.valid_until)
    )


def undertaking_to_give(desk: Desk, undertaking: int) -> PaperOut:
    """Return a paper that is signed, marked where it left the program already; the notice, which nobody signs, never is.

    Raises what `undertaking_pdf` raises.
    """
    with reading(desk) as session:
        row = session.get_one(Undertaking, undertaking)
        open_in(session, desk, row.household_id)
        kind, shows = UndertakingKind(row.kind), sum_of(row.id, row.kind, row.signed_on, row.until)
    if kind is UndertakingKind.NOTICE:
        return PaperOut(undertaking_pdf(desk, undertaking), ())
    key = PaperKey(MadeKind.UNDERTAKING, str(undertaking), 1, shows)
    return to_give(desk, key, partial(undertaking_pdf, desk, undertaking))


def undertaking_pdf(desk: Desk, undertaking: int, duplicate: date | None = None) -> bytes:
    """Return a paper of the household, to be signed or kept: contract, règlement, procuration, or the notice in its language.

    The words are those of the day it was signed; it says that it was made again on the day `duplicate`.
    """
    from epicerie_desktop.printing import agreement, information_notice

    with reading(desk) as session:
        row = session.get_one(Undertaking, undertaking)
        household = open_in(session, desk, row.household_id)
        name, number = _holder_in(session, household.holder_id), household.number
        kind, day = UndertakingKind(row.kind), row.signed_on
        spoken, proxy, promised, until = household.language, row.name, row.note, row.until
    if kind is UndertakingKind.NOTICE:
        with in_language(spoken):
            told = passages(desk, WordingKind.NOTICE, {"name": desk.shop.ccas or desk.shop.name}, day)
            return information_notice.render(InformationNotice(header(desk), told, day))
    values: dict[str, str | tuple[str, ...]] = {
        "name": name, "proxy": proxy, "promises": _promises(promised), "day": shown.middle_day(day),
        "until": shown.middle_day(until) if until is not None else "",
    }  # fmt: skip
    signers = {UndertakingKind.PROXY: (name, proxy), UndertakingKind.RULES: (name,)}
    return agreement.render(
        agreement.Agreement(
            header(desk), label(kind), _("Foyer {number}").format(number=number), (shown.middle_day(day),),
            _parts(passages(desk, _WORDED[kind], values, day)), signers=signers.get(kind, (name, _("Pour l'épicerie"))),
            duplicate=duplicate,
        )
    )  # fmt: skip


_WORDED = {
    UndertakingKind.CONTRACT: WordingKind.CONTRACT,
    UndertakingKind.PROXY: WordingKind.PROXY,
    UndertakingKind.RULES: WordingKind.RULES,
}


def confidentiality_pdf(desk: Desk, name: str = "") -> bytes:
    """Return what a volunteer signs before coming to the counter; without a name, a line is left to write it."""
    from epicerie_desktop.printing import agreement

    day = shown.middle_day(desk.clock.today())
    told = passages(desk, WordingKind.CONFIDENTIALITY, {"name": name or "." * 48, "day": day})
    return agreement.render(
        agreement.Agreement(
            header(desk), _("Engagement de confidentialité"), name, (day,), _parts(told),
            signers=(name or _("Nom et signature"), _("Pour l'épicerie")),
        )
    )  # fmt: skip


def _parts(told: Iterable[Passage]) -> tuple[agreement.Part, ...]:
    from epicerie_desktop.printing import agreement

    return tuple(agreement.Part(*passage) for passage in told)


def _promises(note: str) -> tuple[str, ...]:
    """Return what a contract asks, a line each, the dashes people type left out."""
    return tuple(line.strip().removeprefix("-").removeprefix("–").strip() for line in note.splitlines() if line.strip())


def _holder_in(session: Session, holder: int | None) -> str:
    row = session.execute(select(Person.last_name, Person.first_name).where(Person.id == holder)).first()
    return f"{row.first_name} {row.last_name}" if row else "–"
