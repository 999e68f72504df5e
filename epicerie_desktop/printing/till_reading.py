"""A reading of the till (X) or one of its closings (Z), A4."""

from __future__ import annotations

from collections.abc import Sequence

from epicerie_desktop.domain.duplicates import marked
from epicerie_desktop.domain.till_papers import Reading, Share
from epicerie_desktop.domain.till_text import facts_of, means_of, period_of, sealed, title_of
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.printing.till_parts import amounts, sum_up
from epicerie_desktop.support.format import instant, kilos, money
from epicerie_desktop.support.i18n import gettext as _


def render(reading: Reading) -> bytes:
    """Return the PDF, A4."""
    title = title_of(reading)
    numbered = _("n° {number}").format(number=reading.number) if reading.kind is not None else ""
    foot = marked(" – ".join(filter(None, (title, numbered, period_of(reading), sealed(reading)))), reading.duplicate)
    paper = Paper(A4, title, foot=foot, running=foot)
    made = _("Lue par {who} le {instant}") if reading.kind is None else _("Close par {who} le {instant}")
    head.draw(
        paper, reading.shop, title, f"{numbered}, {period_of(reading)}" if numbered else period_of(reading),
        [made.format(who=reading.made_by, instant=instant(reading.made_at)), _("Poste {post}").format(post=reading.post)],
        duplicate=reading.duplicate,
    )  # fmt: skip
    paper.heading(_("Encaissé, par moyen de paiement"), before=2)
    amounts(paper, [(name, money(cents)) for name, cents in means_of(reading)] or [(_("Rien"), money(0))])
    sum_up(paper, _("Total de la période"), money(reading.totals.paid_cents))
    paper.heading(_("Tickets"))
    amounts(paper, facts_of(reading))
    _shares(paper, _("Par taux de participation"), _("Taux"), reading.by_rate)
    _shares(paper, _("Par financement des produits"), _("Financement"), reading.by_financing)
    paper.heading(_("Depuis le premier ticket de ce poste"))
    amounts(paper, [(_("Total perpétuel, annulations ajoutées"), money(reading.perpetual_gross_cents))])
    sum_up(paper, _("Total perpétuel"), money(reading.perpetual_cents))
    paper.need(60)
    paper.y -= 8
    said = (
        _("Cette lecture ne clôt rien et ne change rien : les mêmes tickets seront dans la prochaine clôture.")
        if reading.kind is None
        else _("Une clôture ne change plus : un ticket annulé ensuite paraît dans la suivante.")
    )
    paper.paragraph(said, 9, colour=MUTED)
    paper.paragraph(sealed(reading), 9, colour=MUTED)
    paper.paragraph(_("Imprimé le {instant}").format(instant=instant(reading.printed_at)), 9, colour=MUTED)
    return paper.finish()


def _shares(paper: Paper, title: str, first: str, shares: Sequence[Share]) -> None:
    if not shares:
        return
    paper.heading(title)
    columns = [
        Column(first), Column(_("Poids remis"), 90, right=True), Column(_("Valeur en rayon"), 100, right=True),
        Column(_("Encaissé"), 100, right=True),
    ]  # fmt: skip
    rows = [(s.label, kilos(s.grams), money(s.shelf_cents), money(s.paid_cents)) for s in shares]
    total = (
        _("Ensemble"), kilos(sum(s.grams for s in shares)), money(sum(s.shelf_cents for s in shares)), money(sum(s.paid_cents for s in shares)),
    )  # fmt: skip
    Table(paper, columns, size=9.5).draw(rows, total)
