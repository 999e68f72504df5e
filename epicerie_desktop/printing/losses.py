"""The losses of a month: by family and reason, in kilos and in value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.printing import head
from epicerie_desktop.printing.style import A4, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.format import instant
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


@dataclass(frozen=True, slots=True)
class Losses:
    """What to print, in words: `rows` are family, reason, weight, value; `reasons` are reason, weight, value."""

    shop: ShopHeader
    month: str
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    reasons: tuple[tuple[str, ...], ...]
    brought_back: tuple[tuple[str, ...], ...]
    unvalued: int
    made_at: datetime


def render(losses: Losses) -> bytes:
    """Return the PDF, A4."""
    title = _("Pertes du mois")
    foot = f"{title} – {losses.month}"
    paper = Paper(A4, title, foot=foot, running=foot)
    head.draw(
        paper, losses.shop, title, losses.month, [_("Édité le {instant}").format(instant=instant(losses.made_at))]
    )
    value = _("Valeur en rayon")
    paper.heading(_("Par raison"))
    Table(paper, [Column(_("Raison")), Column(_("Poids"), 90, right=True), Column(value, 96, right=True)], size=9).draw(
        losses.reasons, empty=_("Aucune perte ce mois-ci.")
    )
    if losses.rows:
        paper.heading(_("Par famille"))
        columns = [
            Column(_("Famille")),
            Column(_("Raison"), 170),
            Column(_("Poids"), 90, right=True),
            Column(value, 96, right=True),
        ]
        Table(paper, columns, size=9).draw(losses.rows, losses.total)
    if losses.brought_back:
        paper.heading(_("Donné, rapporté puis jeté (déjà compté comme distribué)"))
        columns = [
            Column(_("Famille")),
            Column(_("Raison"), 170),
            Column(_("Poids"), 90, right=True),
            Column(value, 96, right=True),
        ]
        Table(paper, columns, size=9).draw(losses.brought_back)
    told = [_("La valeur est celle du jour de la perte. Transferts et retours au fournisseur ne sont pas des pertes.")]
    if losses.unvalued > 0:
        told.append(
            ngettext("{n} perte n'a pas de valeur.", "{n} pertes n'ont pas de valeur.", losses.unvalued).format(
                n=losses.unvalued
            )
        )
    paper.y -= 6
    paper.paragraph(" ".join(told), 8.5, colour=MUTED)
    return paper.finish()
