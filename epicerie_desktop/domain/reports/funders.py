"""Tables that sort the families as a funder does. None is the funder's own form: they say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.reports.food_rows import FoodFacts
from epicerie_desktop.domain.reports.funder_data import FunderList, KiloValue, Meal
from epicerie_desktop.domain.reports.lot_accounts import Column, LotAccount, cent_columns, gram_columns
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.domain.units import round_half_up
from epicerie_desktop.support.i18n import gettext as _

CNES = "CNES"
_Group = tuple[str, list[str]]


def groups(sorted_by: FunderList, families: Iterable[str]) -> list[_Group]:
    """Return the funder's categories with the families of each; what it does not sort comes last, under a name that says so."""
    codes = list(families)
    found = [(c.name, [f for f in codes if sorted_by.category_of(f) == c]) for c in sorted_by.categories]
    rest = [f for f in codes if sorted_by.category_of(f) is None]
    return [*found, (_("Non classé"), rest)] if rest else found


def groups_section(facts: FoodFacts, sorted_by: FunderList) -> Section:
    """Return what was received, handed out, lost and left by category, with each one's share of the weight handed out."""
    table = _groups_table(facts, sorted_by, facts.lots)
    return Section(sorted_by.name, (), (table,), _notes(sorted_by))


def food_bank_section(facts: FoodFacts, sorted_by: FunderList, meal: Meal, kilo: KiloValue) -> Section:
    """Return a table for the food bank: the whole shop by category, then the account of what came from the bank."""
    bank = [n for n in facts.lots if n.origin is Origin.FOOD_BANK]
    received, given = gram_columns(n for n in bank if n.food)[Column.RECEIVED], _out(bank)
    figures = (
        Figure("food_bank_received", _("Reçu de la Banque Alimentaire (kg)"), received, Holds.GRAMS,
               _("Denrées des arrivées de cette provenance, à comparer à ses bons de livraison."), Standing.PROVISIONAL),
        Figure("food_bank_given", _("dont déjà distribué (kg)"), given, Holds.GRAMS,
               _("Denrées de cette provenance remises sur tickets et colis d'urgence, y compris d'arrivées d'avant la période."), Standing.PROVISIONAL),
        Figure("food_bank_meals", _("Équivalents repas de cette provenance"), given // meal.grams, Holds.COUNT,
               _("{grams} g par repas : {source}.").format(grams=meal.grams, source=meal.source), Standing.PROVISIONAL),
        Figure("food_bank_cents", _("Valeur au kilo du réseau"), round_half_up(Fraction(given * kilo.cents, 1000)), Holds.CENTS,
               _("{cents} centimes par kilo : {source}. À remplacer par le chiffre de l'année, s'il est publié.").format(
                   cents=kilo.cents, source=kilo.source), Standing.PROVISIONAL),
    )  # fmt: skip
    tables = (
        _groups_table(facts, sorted_by, facts.lots, _("Toutes provenances, par groupe")),
        _groups_table(facts, sorted_by, bank, _("Produits de la Banque Alimentaire, par groupe")),
    )
    return Section(_("Tableau pour la Banque Alimentaire (modèle non officiel)"), figures, tables, _notes(sorted_by))


def andes_section(facts: FoodFacts, sorted_by: FunderList) -> Section:
    """Return a table for the ANDES: purchases with the national credit by category, and the share of fruit and vegetables."""
    credit = [n for n in facts.lots if n.financing == CNES or (not n.financing and n.origin is Origin.CNES)]
    bought = _bought(credit)
    first = sorted_by.categories[0]
    share = _permille(_bought(n for n in credit if sorted_by.category_of(n.family) == first), bought)
    shelf, paid = facts.given_cents()
    unpriced = sum(not n.priced and bool(n.grams[Column.RECEIVED] or n.pieces[Column.RECEIVED]) for n in credit)
    figures = (
        Figure("cnes_cents", _("Achats sur crédit national (€)"), bought, Holds.CENTS, _(
            "Arrivées de la période financées par le CNES, au prix payé ; sans prix noté ({count} lots), à la valeur de référence."
        ).format(count=unpriced), Standing.PROVISIONAL),
        Figure("cnes_share", _("Part de « {category} »").format(category=first.name), share, Holds.PERMILLE, _(
            "Part de ces achats, en euros ; le programme de 2013 demandait au moins la moitié."
        ), Standing.PROVISIONAL),
        Figure("andes_paid", _("Participation demandée"), _permille(paid, shelf), Holds.PERMILLE, _(
            "Participation des foyers rapportée à la valeur de référence de tout ce qui fut distribué."
        ), Standing.CLOSED if facts.all_closed else Standing.PROVISIONAL),
    )  # fmt: skip
    tables = [_groups_table(facts, sorted_by, facts.lots, _("Toutes provenances, par groupe"))]
    if credit:
        tables.append(_groups_table(facts, sorted_by, credit, _("Crédit national, par groupe")))
    return Section(_("Tableau pour l'ANDES (modèle non officiel)"), figures, tuple(tables), _notes(sorted_by))


def _bought(lots: Iterable[LotAccount]) -> int:
    return cent_columns(lots)[Column.RECEIVED]


def _out(lots: Iterable[LotAccount]) -> int:
    grams = gram_columns(n for n in lots if n.food)
    return -grams[Column.GIVEN] - grams[Column.PARCELS]


def _permille(part: int, whole: int) -> int | None:
    return round_half_up(Fraction(1000 * part, whole)) if whole > 0 else None


def _groups_table(facts: FoodFacts, sorted_by: FunderList, lots: Sequence[LotAccount], name: str = "") -> DataTable:
    families = [*dict.fromkeys((*(f.code for f in facts.families), *(n.family for n in facts.lots)))]
    edible = {f.code: f.food for f in facts.families}
    whole = _out(lots)
    rows: list[tuple[Value, ...]] = []
    for title, codes in groups(sorted_by, families):
        mine = [n for n in lots if n.family in codes]
        food = [n for n in mine if n.food]
        grams, cents = gram_columns(food), cent_columns(mine)
        kilos: tuple[Value, ...] = (
            grams[Column.BEFORE], grams[Column.RECEIVED], _out(food), -grams[Column.LOST], grams[Column.AFTER],
        )  # fmt: skip
        if codes and not any(edible.get(c, True) for c in codes):
            kilos = (None,) * 5
        rows.append((
            title, *kilos, _permille(_out(food), whole) if food else None, cents[Column.RECEIVED],
            -cents[Column.GIVEN] - cents[Column.PARCELS],
        ))  # fmt: skip
    headings = (
        Heading(_("Groupe")), Heading(_("Stock au début (kg)"), Holds.GRAMS), Heading(_("Reçu (kg)"), Holds.GRAMS),
        Heading(_("Distribué, colis compris (kg)"), Holds.GRAMS), Heading(_("Perdu (kg)"), Holds.GRAMS), Heading(_("Stock à la fin (kg)"), Holds.GRAMS),
        Heading(_("Part du poids distribué (%)"), Holds.PERMILLE), Heading(_("Valeur reçue (€)"), Holds.CENTS), Heading(_("Valeur distribuée (€)"), Holds.CENTS),
    )  # fmt: skip
    return data_table(name or _("Par groupe"), headings, rows)


def _notes(sorted_by: FunderList) -> tuple[str, ...]:
    return (
        _("Modèle non officiel : le formulaire du financeur n'est pas public. Groupes : {source}.").format(source=sorted_by.source),
        _("Une famille que la liste ne range pas est comptée sous « Non classé ». Les kilos se lisent dans les comptes des lots, par la famille d'aujourd'hui."),
    )  # fmt: skip
