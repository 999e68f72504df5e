"""The papers of the support file: a blank fiche de liaison, the answer to the referrer, the contract, the procuration."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.slips import InformationNotice
from epicerie_desktop.domain.support import ReferralReason, UndertakingKind
from epicerie_desktop.persistence.models import AccessGrant, Decision, Person, Referrer, SupportFile, Undertaking
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.sealing import check_worker
from epicerie_desktop.services.sheets import header
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_, in_language
from epicerie_desktop.support.i18n import gettext as _

_REFUSED, _ADJOURNED = "REFUSED", "ADJOURNED"


def liaison_pdf(desk: Desk) -> bytes:
    """Return the blank fiche de liaison, one A4."""
    from epicerie_desktop.printing import liaison

    return liaison.render(liaison.LiaisonSheet(header(desk), tuple(label(r) for r in ReferralReason)))


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
    told = _("Vous avez orienté {name} vers notre épicerie.").format(name=name)
    if file.referred_on is not None:
        told = _("Le {day}, vous avez orienté {name} vers notre épicerie.").format(
            name=name, day=shown.middle_day(file.referred_on)
        )
    words = (
        _("Bonjour,"), told, answer,
        _("Nous restons à votre disposition, avec l'accord de la personne, pour en parler."),
    )  # fmt: skip
    return agreement.render(
        agreement.Agreement(
            header(desk), _("Réponse à votre orientation"), _("Foyer {number}").format(number=number),
            (shown.middle_day(desk.clock.today()),), (agreement.Part(words=words),),
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


def undertaking_pdf(desk: Desk, undertaking: int) -> bytes:
    """Return the contract of engagement or the procuration, to be signed, or the information notice in the household's language.

    Raises `RuleRefused` for another paper.
    """
    from epicerie_desktop.printing import agreement, information_notice

    with reading(desk) as session:
        row = session.get_one(Undertaking, undertaking)
        household = open_in(session, desk, row.household_id)
        name, number = _holder_in(session, household.holder_id), household.number
        kind, until = UndertakingKind(row.kind), row.until
        if kind is UndertakingKind.NOTICE:
            notice = InformationNotice(header(desk), desk.shop.ccas or desk.shop.name, row.signed_on)
            with in_language(household.language):
                return information_notice.render(notice)
        if kind is UndertakingKind.CONTRACT:
            parts = _contract_parts(desk.shop.name, name, row.note, until)
            signers = (name, _("Pour l'épicerie"))
        elif kind is UndertakingKind.PROXY:
            parts = _proxy_parts(name, row.name, until)
            signers = (name, row.name)
        else:
            raise RuleRefused(
                N_("Seuls le contrat d'engagement, la procuration et la notice d'information s'impriment.")
            )
        day = row.signed_on
    return agreement.render(
        agreement.Agreement(
            header(desk), label(kind), _("Foyer {number}").format(number=number), (shown.middle_day(day),),
            tuple(agreement.Part(title, words, listed) for title, words, listed in parts), signers=signers,
        )
    )  # fmt: skip


_Words = tuple[str, tuple[str, ...], tuple[str, ...]]


def _contract_parts(shop: str, name: str, note: str, until: date | None) -> tuple[_Words, ...]:
    listed = tuple(
        line.strip().removeprefix("-").removeprefix("–").strip() for line in note.splitlines() if line.strip()
    )
    ours = (
        _("accueillir la personne avec respect et en toute confidentialité ;"),
        _("l'accompagner dans son projet, à son rythme, et faire le point avec elle ;"),
        _("expliquer chaque décision et les façons de la contester."),
    )
    lasting = _("Ce contrat peut être revu ou arrêté à la demande de l'un ou de l'autre.")
    if until is not None:
        lasting = _(
            "Ce contrat court jusqu'au {day}. Il peut être revu ou arrêté à la demande de l'un ou de l'autre."
        ).format(day=shown.middle_day(until))
    return (
        ("", (_("Entre {name} d'une part, et {shop} d'autre part.").format(name=name, shop=shop),), ()),
        (_("{name} s'engage à").format(name=name), (), listed),
        (_("L'épicerie s'engage à"), (), ours),
        ("", (lasting,), ()),
    )


def _proxy_parts(name: str, proxy: str, until: date | None) -> tuple[_Words, ...]:
    lasting = _("Elle vaut jusqu'à ce qu'elle soit retirée.")
    if until is not None:
        lasting = _("Elle vaut jusqu'au {day} inclus, et peut être retirée à tout moment.").format(
            day=shown.middle_day(until)
        )
    return (
        (
            "",
            (
                _("Je soussigné(e), {name}, autorise {proxy} à faire les courses du foyer à ma place.").format(
                    name=name, proxy=proxy
                ),
                _("Cette procuration n'ouvre ni mon dossier, ni mes papiers, ni mon budget."),
                lasting,
                _("La personne mandatée présente une pièce d'identité à son premier passage."),
            ),
            (),
        ),
    )  # fmt: skip


def _holder_in(session: Session, holder: int | None) -> str:
    row = session.execute(select(Person.last_name, Person.first_name).where(Person.id == holder)).first()
    return f"{row.first_name} {row.last_name}" if row else "–"
