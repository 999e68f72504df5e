"""The reconciliation of lots: what came in less what went out is what is in stock, in kilos and euros; what is not, is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reports.food import financing_name, worth_told
from epicerie_desktop.domain.reports.food_rows import FoodFacts
from epicerie_desktop.domain.reports.lot_accounts import Column, LotAccount, cent_columns, gram_columns
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

COLUMNS = (
    N_("Stock au début"), N_("Reçu"), N_("Rapporté"), N_("Distribué"), N_("Colis d'urgence"), N_("Perdu"), N_("Envoyé ou rendu"),
    N_("Trié ou déplacé"), N_("Corrigé"), N_("Fin de lot"), N_("Écart"), N_("Stock à la fin"),
)  # fmt: skip
"""The names of `Column`, in their order."""


def reconciliation_section(facts: FoodFacts) -> Section:
    """Return the accounts of the lots by origin and financing, and each lot that does not close."""
    food = [n for n in facts.lots if n.food]
    goods = [n for n in facts.lots if not n.food]
    wrong = [n for n in facts.lots if not n.closes]
    figures = (
        Figure("gap_grams", _("Écart du rapprochement (kg)"), sum(abs(n.grams[Column.GAP]) for n in wrong), Holds.GRAMS, _(
            "Ce qui sépare le stock des lots de ce que disent arrivées, tickets, colis et mouvements ; les écarts de chaque lot s'ajoutent, sans qu'un plus efface un moins."
        )),
        Figure("gap_cents", _("Écart du rapprochement (€)"), sum(abs(n.cents[Column.GAP]) for n in wrong), Holds.CENTS, worth_told()),
        Figure("gap_lots", _("Lots qui ne tombent pas juste"), len(wrong), Holds.COUNT, _(
            "Lots dont les pièces ou les grammes ne s'expliquent pas ; chacun est nommé plus bas."
        )),
        Figure("unlike_lots", _("Lots dont le stock écrit diffère de leurs mouvements"), len(facts.unlike), Holds.COUNT, _(
            "Le stock écrit sur chaque lot est comparé à la somme de tous ses mouvements, quelle que soit la période : aucun ne doit différer."
        ), Standing.PROVISIONAL),
        Figure("account_lots", _("Lots rapprochés"), len(facts.lots), Holds.COUNT, _(
            "Lots en stock au début ou à la fin, ou qui ont bougé dans la période."
        ), Standing.PROVISIONAL),
    )  # fmt: skip
    tables = [
        _groups(facts, _("Denrées, en kilos"), food, cents=False),
        _groups(facts, _("Denrées, en euros"), food, cents=True),
    ]
    if goods:
        tables.append(_groups(facts, _("Hygiène et entretien, en euros"), goods, cents=True))
    if wrong:
        tables.append(_each(facts, _("Lots qui ne tombent pas juste, en kilos"), wrong, cents=False))
    if facts.unlike:
        tables.append(_unlike(facts))
    return Section(_("Rapprochement des lots"), figures, tuple(tables), _notes(facts))


def _unlike(facts: FoodFacts) -> DataTable:
    names = {f.code: f.name for f in facts.families}
    headings = (
        Heading(_("Lot")), Heading(_("Article")), Heading(_("Famille")), Heading(_("Pièces écrites"), Holds.COUNT),
        Heading(_("Pièces d'après les mouvements"), Holds.COUNT), Heading(_("Poids écrit (kg)"), Holds.GRAMS),
        Heading(_("Poids d'après les mouvements (kg)"), Holds.GRAMS),
    )  # fmt: skip
    rows = [
        (
            str(n.lot),
            n.article,
            names.get(n.family, n.family),
            n.held_pieces,
            n.moved_pieces,
            n.held_grams,
            n.moved_grams,
        )
        for n in facts.unlike
    ]
    return data_table(_("Lots dont le stock écrit diffère de leurs mouvements"), headings, rows, (
        _("Le programme écrit les deux ensemble : une différence vient d'un fichier abîmé ou modifié par un autre programme. Comptez ces lots, "
          "puis demandez à la personne qui vous aide de vérifier le fichier (epicerie verify)."),
    ))  # fmt: skip


def lots_section(facts: FoodFacts) -> Section:
    """Return the account of every lot, one table for each origin and financing: what a funder may ask for as proof."""
    tables: list[DataTable] = []
    for (origin, financing), lots in _grouped(facts.lots).items():
        name = f"{label(origin)} · {financing_name(facts, financing)}"
        food = [n for n in lots if n.food]
        if food:
            tables.append(_each(facts, _("{group}, en kilos").format(group=name), food, cents=False))
        tables.append(_each(facts, _("{group}, en euros").format(group=name), lots, cents=True))
    return Section(_("Comptes des lots"), (), tuple(tables), _notes(facts))


def _notes(facts: FoodFacts) -> tuple[str, ...]:
    unknown = sum(n.unit_cents is None for n in facts.lots)
    notes = [
        _("Ce qui sort est précédé d'un moins : chaque ligne s'additionne de gauche à droite, jusqu'au stock à la fin. Distribué et colis sont lus sur les tickets et les colis, le stock dans le livre des lots."),
        _("Perdu compte aussi ce qui fut rapporté puis jeté. Fin de lot : les grammes que l'arrivée et les sorties d'un lot compté en pièces n'ont pas pesés pareil."),
        worth_told() + " " + _("Chaque montant est arrondi à la suite du précédent, si bien que la ligne tombe juste."),
    ]  # fmt: skip
    if unknown:
        notes.append(_("Lots sans valeur connue, comptés pour zéro euro : {count}.").format(count=unknown))
    return tuple(notes)


def _grouped(lots: Iterable[LotAccount]) -> dict[tuple[Origin, str], list[LotAccount]]:
    found: dict[tuple[Origin, str], list[LotAccount]] = defaultdict(list)
    for lot in lots:
        found[lot.origin, lot.financing].append(lot)
    order = list(Origin)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1])))


def _headings(*first: Heading, cents: bool) -> tuple[Heading, ...]:
    unit, holds = (_("€"), Holds.CENTS) if cents else (_("kg"), Holds.GRAMS)
    return (*first, *(Heading(f"{_(name)} ({unit})", holds) for name in COLUMNS))


def _groups(facts: FoodFacts, name: str, lots: list[LotAccount], *, cents: bool) -> DataTable:
    rows: list[tuple[Value, ...]] = []
    for (origin, financing), mine in _grouped(lots).items():
        values = cent_columns(mine) if cents else gram_columns(mine)
        rows.append((label(origin), financing_name(facts, financing), len(mine), *values))
    first = (Heading(_("Provenance")), Heading(_("Financement")), Heading(_("Lots"), Holds.COUNT))
    return data_table(name, _headings(*first, cents=cents), rows)


def _each(facts: FoodFacts, name: str, lots: list[LotAccount], *, cents: bool) -> DataTable:
    names = {f.code: f.name for f in facts.families}
    rows: list[tuple[Value, ...]] = [
        (str(n.lot), n.article, names.get(n.family, n.family), n.received_on, *(n.cents if cents else n.grams))
        for n in lots
    ]  # fmt: skip
    first = (Heading(_("Lot")), Heading(_("Article")), Heading(_("Famille")), Heading(_("Arrivé le"), Holds.DAY))
    return data_table(name, _headings(*first, cents=cents), rows)
