"""A paper with the words being typed, and invented people: what the coordinator looks at before keeping them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.decisions import Answer
from epicerie_desktop.domain.goods_labels import LotLabel, ShelfLabel
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.slips import AppointmentSlip, InformationNotice, OnwardLetter
from epicerie_desktop.domain.stock import DateKind, Origin
from epicerie_desktop.domain.support import PaperKind, ReferralReason
from epicerie_desktop.domain.ticket import Ticket, TicketLine
from epicerie_desktop.domain.wording_around import AROUND, TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import Passage, checked_wording, filled, filled_around, proposed
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.letters import ANSWERS
from epicerie_desktop.services.sheets import header
from epicerie_desktop.services.wordings import Values, always, fitting
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import SOURCE_LANGUAGE, in_language
from epicerie_desktop.support.i18n import gettext as _

if TYPE_CHECKING:
    from epicerie_desktop.printing import agreement

_NUMBER = "042"
_CODE = "2900000000421"


def shown_pdf(desk: Desk, kind: WordingKind, text: str, spoken: str = SOURCE_LANGUAGE) -> bytes:
    """Return a paper with these words, for an invented household, as PDF. Raises `BadInput` as keeping them would."""
    with in_language(spoken):
        words = fitting(desk, kind, checked_wording(kind, text)) or proposed(kind)
        if kind in AROUND:
            return _around(desk, kind, words)
        told = filled(kind, words, always(desk) | dict(_values(desk)))
        return _drawn(desk, kind, told)


def _values(desk: Desk) -> Values:
    today = desk.clock.today()
    return {
        "name": _("Dominique Martin"), "proxy": _("Camille Martin"), "day": shown.middle_day(today),
        "until": shown.middle_day(today + timedelta(days=90)), "referred": shown.middle_day(today - timedelta(days=14)),
        "promises": (_("venir aux rendez-vous ;"), _("mettre de côté pour la facture d'électricité.")),
        "service": _("Point conseil budget"),
        "decision": _("L'accès à l'épicerie lui est ouvert du {first} au {last} inclus.").format(
            first=shown.middle_day(today), last=shown.middle_day(today + timedelta(days=90))
        ),
    }  # fmt: skip


def _around(desk: Desk, kind: WordingKind, words: str) -> bytes:
    """Return a paper of figures without its figures, or a card and labels of an invented code."""
    first, last = filled_around(kind, words, always(desk) | dict(_values(desk)))
    line, today = " ".join(last), desk.clock.today()
    match kind:
        case WordingKind.CARD:
            from epicerie_desktop.printing import card

            return card.render([_CODE], line=line)
        case WordingKind.SHELF_LABEL:
            from epicerie_desktop.printing import goods_labels

            apples = ShelfLabel(_("Pommes"), _("Fruits et légumes"), SoldBy.WEIGHT, 220, _CODE, None)
            return goods_labels.shelf_labels([apples], line)
        case WordingKind.LOT_LABEL:
            from epicerie_desktop.printing import goods_labels

            lot = LotLabel(
                _("Fromage blanc"), 42, "L12", label(Origin.FOOD_BANK), "", shown.kilos(4000), today, DateKind.USE_BY, today + timedelta(days=9), Precision.DAY
            )  # fmt: skip
            return goods_labels.lot_labels([lot], line)
        case _:
            from epicerie_desktop.printing import sample

            return sample.render(replace(header(desk), first_words=first, last_words=last), _(TEMPLATES[kind].title))


def _drawn(desk: Desk, kind: WordingKind, told: tuple[Passage, ...]) -> bytes:
    lines = tuple(line for part in told for line in part.words)
    match kind:
        case WordingKind.NOTICE:
            from epicerie_desktop.printing import information_notice

            return information_notice.render(InformationNotice(header(desk), told, desk.clock.today()))
        case WordingKind.APPOINTMENT:
            from epicerie_desktop.printing import appointment_slip

            bring = (label(PaperKind.IDENTITY), label(PaperKind.INCOME))
            return appointment_slip.render(
                AppointmentSlip(header(desk), _NUMBER, desk.clock.now(), "", desk.actor.name, bring, lines)
            )
        case WordingKind.TICKET:
            from epicerie_desktop.printing import ticket

            line = TicketLine(_("Pommes"), SoldBy.WEIGHT, 0, 1250, 220, 275, 28)
            return ticket.render(Ticket(header(desk), "1-000042", desk.clock.now(), _NUMBER, (line,), last_words=lines))
        case WordingKind.LIAISON:
            from epicerie_desktop.printing import liaison

            return liaison.render(liaison.LiaisonSheet(header(desk), tuple(label(r) for r in ReferralReason), lines))
        case WordingKind.ONWARD:
            from epicerie_desktop.printing import onward_letter

            return onward_letter.render(
                OnwardLetter(
                    header(desk), desk.clock.today(), _("Point conseil budget"), _("Dominique Martin"), "", 2, "", desk.actor.name,
                    _NUMBER, lines,
                )
            )  # fmt: skip
        case WordingKind.RECALL:
            from epicerie_desktop.printing import recall

            return recall.notice(
                recall.NoticePage(
                    header(desk), _("Fromage blanc"), "", (), (desk.clock.today(),), "", "", " ".join(lines), "", "", desk.clock.now()
                )
            )  # fmt: skip
        case WordingKind.GRANTED | WordingKind.REFUSED | WordingKind.ADJOURNED:
            return _letter(desk, kind, lines)
        case _:
            return _agreement(desk, kind, told)


def _letter(desk: Desk, kind: WordingKind, lines: tuple[str, ...]) -> bytes:
    from epicerie_desktop.printing import decision

    return decision.render(
        decision.DecisionPage(
            header(desk), _NUMBER, desk.clock.today(), desk.clock.now(), _(ANSWERS[Answer(kind.value)]), "", (), addressee=(_("Dominique Martin"),),
            title=_("Décision"), first_words=lines, after=((_("La suite de la lettre est écrite par le programme."), ()),),
        )
    )  # fmt: skip


def _agreement(desk: Desk, kind: WordingKind, told: tuple[Passage, ...]) -> bytes:
    from epicerie_desktop.printing import agreement

    parts: tuple[agreement.Part, ...] = tuple(agreement.Part(*passage) for passage in told)
    who = _("Dominique Martin")
    one = {
        WordingKind.ANSWER: (),
        WordingKind.RULES: (who,),
        WordingKind.PROXY: (who, _("Camille Martin")),
    }
    signers = one.get(kind, (who, _("Pour l'épicerie")))
    return agreement.render(
        agreement.Agreement(
            header(desk), _(TEMPLATES[kind].title), "", (shown.middle_day(desk.clock.today()),), parts, signers=signers
        )
    )
