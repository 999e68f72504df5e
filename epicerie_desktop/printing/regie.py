"""The papers of a régie de recettes, A4: the register of takings by means of payment, and the slip of a payment to the accountant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.till_papers import MONEY, PaymentPaper, Regie, Register, RegisterLine
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, A4_LANDSCAPE, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.printing.till_parts import amounts, cheques, coins, signatures, sum_up
from epicerie_desktop.support.format import day, instant, money, number, plain_money
from epicerie_desktop.support.i18n import gettext as _


def _named(shop: ShopHeader, regie: Regie) -> ShopHeader:
    """Return the shop with its régie under its name."""
    who = [
        w for w in (regie.name, _("Régisseur : {name}").format(name=regie.regisseur) if regie.regisseur else "") if w
    ]
    return replace(shop, address=(*who, *shop.address))


def _days(paper: Paper, lines: Sequence[RegisterLine], empty: str) -> None:
    """Draw the days, one a line, with what each means brought; a means nobody used has no column."""
    kinds = [k for k in MONEY if any(line.means.get(k) for line in lines)] or [MONEY[0]]
    ahead = any(line.ahead_cents for line in lines)
    columns = [Column(_("Jour"), 62), Column(_("Quittances")), Column(_("Nombre"), 48, right=True)]
    columns += [Column(label(PaymentKind(k)), 66, right=True) for k in kinds]
    columns += [Column(_("Avances, dettes réglées, cotisations"), 72, right=True)] if ahead else []
    columns.append(Column(_("Total"), 70, right=True))

    def cells(of: Sequence[RegisterLine]) -> list[str]:
        figures = [sum(line.means.get(k, 0) for line in of) for k in kinds]
        figures += [sum(line.ahead_cents for line in of)] if ahead else []
        return [plain_money(f) for f in (*figures, sum(line.money_cents for line in of))]

    rows = [
        (day(line.day), f"{line.first} – {line.last}" if line.first else "–", number(line.tickets), *cells([line]))
        for line in lines
    ]
    total = (_("Ensemble"), "", number(sum(line.tickets for line in lines)), *cells(lines))
    Table(paper, columns, size=9).draw(rows, total if lines else None, empty=empty)


def render_register(register: Register) -> bytes:
    """Return the PDF of the register, A4 landscape."""
    title = _("Journal des recettes")
    period = _("du {first} au {last}").format(first=day(register.first), last=day(register.last))
    foot = f"{title} – {period}"
    paper = Paper(A4_LANDSCAPE, title, foot=foot, running=foot)
    head.draw(
        paper, _named(register.shop, register.regie), title, period,
        [_("Poste {post}").format(post=register.post), _("Imprimé le {instant}").format(instant=instant(register.printed_at))],
    )  # fmt: skip
    paper.heading(_("Recettes par jour de saisie et par moyen de paiement, en euros"), before=2)
    _days(paper, register.lines, _("Rien n'a été encaissé dans cette période."))
    paper.heading(_("Versements au comptable"))
    if register.payments:
        amounts(
            paper,
            [
                (_("Versement n° {number}, le {day}").format(number=p.number, day=day(p.day)), money(p.cents))
                for p in register.payments
            ],
        )
    else:
        paper.paragraph(_("Aucun versement dans cette période."), 10, after=4)
    paper.heading(_("Recettes à verser"))
    amounts(
        paper,
        [
            (_("Au début de la période"), money(register.before_cents)), (_("Encaissé dans la période"), money(register.taken_cents)),
            (_("Versé dans la période"), money(-register.paid_cents)),
        ],
    )  # fmt: skip
    sum_up(paper, _("Reste à verser"), money(register.after_cents))
    signatures(paper, _("Le régisseur"), _("Le comptable public"))
    return paper.finish()


def render_payment(payment: PaymentPaper) -> bytes:
    """Return the PDF of a payment to the accountant, A4."""
    title = _("Bordereau de versement")
    foot = marked(f"{title} {payment.number} – {day(payment.day)}", payment.duplicate)
    paper = Paper(A4, title, foot=foot, running=foot)
    details = (
        [_("Fait par {who} le {instant}").format(who=payment.made_by, instant=instant(payment.made_at))]
        if payment.made_at
        else []
    )
    if payment.regie.accountant:
        details.append(_("À : {accountant}").format(accountant=payment.regie.accountant))
    head.draw(
        paper, _named(payment.shop, payment.regie), title, _("n° {number}, le {day}").format(number=payment.number, day=day(payment.day)), details,
        duplicate=payment.duplicate,
    )  # fmt: skip
    paper.heading(_("Ce qui est versé"), before=2)
    lines = [(label(PaymentKind(k)), money(payment.means[k])) for k in MONEY if payment.means.get(k)]
    if payment.ahead_cents:
        lines.append((_("Avances, dettes réglées et cotisations, en espèces"), money(payment.ahead_cents)))
    amounts(paper, lines)
    sum_up(paper, _("Total versé"), money(payment.total_cents))
    paper.heading(_("Pièces jointes"))
    pieces = [(_("Quittances"), f"{payment.first} – {payment.last}" if payment.first else "–"),
              (_("Dont annulées par une quittance contraire"), number(payment.cancelled)), (_("État des recettes par jour"), _("ci-dessous"))]  # fmt: skip
    if payment.cheques:
        pieces.append((_("Chèques"), number(len(payment.cheques))))
    amounts(paper, pieces)
    if payment.note:
        paper.y -= 4
        paper.paragraph(payment.note, 10)
    signatures(paper, _("Le régisseur"), _("Le comptable public, pour réception"))
    cash = payment.means.get(PaymentKind.CASH, 0) + payment.ahead_cents
    paper.heading(_("État des recettes par jour, en euros"))
    _days(paper, payment.lines, "")
    if payment.cheques:
        paper.heading(_("Chèques"))
        cheques(paper, payment.cheques)
    if cash > 0:
        paper.heading(_("Espèces"))
        if not payment.counts:
            paper.paragraph(
                _("Écrivez à la main combien de chaque billet et de chaque pièce est remis."), 9, colour=MUTED, after=4
            )
        coins(paper, payment.counts, cash)
    return paper.finish()
