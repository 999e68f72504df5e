"""The food part of a report: kilos received, handed out and lost, their value, meals, and the stock at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.figures import DEFINITIONS, EMERGENCY
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.reports.food_rows import FoodFacts, MovedRow
from epicerie_desktop.domain.reports.funder_data import Meal
from epicerie_desktop.domain.reports.lot_accounts import Column, cent_columns, gram_columns
from epicerie_desktop.domain.reports.shape import Figure, Section, Standing
from epicerie_desktop.domain.stock import LossReason, Origin
from epicerie_desktop.support.i18n import gettext as _

_TOLD = {key: (name, definition) for key, name, definition in (*DEFINITIONS, EMERGENCY)}


class _Kilos(NamedTuple):
    """A row of kilos: received and handed out with the part estimated, emergency parcels, lost with the part estimated."""

    received: int = 0
    received_estimated: int = 0
    given: int = 0
    given_estimated: int = 0
    parcels: int = 0
    lost: int = 0
    lost_estimated: int = 0


def standing(facts: FoodFacts) -> Standing:
    """Return how firm the figures read from closed months are."""
    return Standing.CLOSED if facts.all_closed else Standing.PROVISIONAL


def beside_standing(facts: FoodFacts) -> Standing:
    """Return the same for what a closed month tells only whole: received, lost, emergency parcels."""
    return Standing.CLOSED if facts.all_closed and facts.whole_months else Standing.PROVISIONAL


def kilos_section(facts: FoodFacts) -> Section:
    """Return what came in, was handed out and was lost, in kilos of food, weighed and estimated apart."""
    given, received, lost = facts.given_grams(), facts.received(), facts.lost()
    firm, beside = standing(facts), beside_standing(facts)
    moved = _(
        "Poids net des denrées alimentaires ; ce qui est annulé ne compte pas. Mois clos : tel que clos, s'il est entier dans la période."
    )
    figures = (
        _figure("received_grams", _("Kilos reçus"), received.grams, moved, beside),
        _figure("received_estimated_grams", _("dont estimés"), received.estimated_grams, _estimated(), beside),
        _told("grams", given.grams, firm),
        _told("weighed_grams", given.weighed_grams, firm),
        _told("estimated_grams", given.estimated_grams, firm),
        _figure("lost_grams", _("Kilos perdus"), lost.grams, _(
            "Pertes notées, au poids net des denrées ; ce qu'un foyer a rapporté et qui fut jeté reste compté comme remis."
        ), beside),
        _figure("lost_estimated_grams", _("dont estimés"), lost.estimated_grams, _estimated(), beside),
    )  # fmt: skip
    tables = (
        _kilos_table(facts, _("Kilos par famille"), _("Famille"), _by_family(facts)),
        _kilos_table(facts, _("Kilos par provenance"), _("Provenance"), _by_origin(facts)),
        _kilos_table(facts, _("Kilos par financement"), _("Financement"), _by_financing(facts)),
    )
    return Section(_("Denrées"), figures, tables, (
        _("Les kilos distribués des mois clos sont ceux de la clôture. Le détail des arrivées, des pertes, des financements et de la part estimée se "
          "lit ce jour dans le stock : ce qui fut corrigé depuis, sans avenant, a sa ligne."),
    ))  # fmt: skip


def _estimated() -> str:
    return _("Part que personne n'a pesée : poids moyen des arrivées pesées, ou poids d'usage de la famille.")


def _figure(code: str, name: str, value: Value, definition: str, firm: Standing, holds: Holds = Holds.GRAMS) -> Figure:
    return Figure(code, name, value, holds, definition, firm)


def _told(code: str, value: Value, firm: Standing, holds: Holds = Holds.GRAMS) -> Figure:
    name, definition = _TOLD[code]
    return Figure(code, _(name), value, holds, _(definition), firm)


def _by_family(facts: FoodFacts) -> list[tuple[str, _Kilos]]:
    given = facts.grams_by_family()
    names = {f.code: f.name for f in facts.families}
    codes = [*names, *sorted(set(given) - set(names))]
    return [(names.get(c, c), _kilos(facts, given[c], "family", c)) for c in codes]


def _by_origin(facts: FoodFacts) -> list[tuple[str, _Kilos]]:
    given = facts.grams_by_origin()
    return [(label(o), _kilos(facts, given[o.value], "origin", o)) for o in Origin]


def _by_financing(facts: FoodFacts) -> list[tuple[str, _Kilos]]:
    met = {r.financing for r in facts.given} | {r.financing for r in facts.moved}
    codes = [*facts.financings, *sorted(met - set(facts.financings) - {""}), ""]
    found = []
    for c in codes:
        given = sum(r.grams for r in facts.given if r.food and r.financing == c)
        found.append((financing_name(facts, c), _kilos(facts, given, "financing", c)))
    return found


def financing_name(facts: FoodFacts, code: str) -> str:
    """Return what people call a financing; one that was not told is said so."""
    return facts.financings.get(code, code) or _("Financement non précisé")


def _kilos(facts: FoodFacts, given: int, field: str, value: str) -> _Kilos:
    rows = [r for r in facts.given if r.food and getattr(r, field) == value]
    moved = [r for r in facts.moved if r.food and not r.thrown_back and getattr(r, field) == value]
    came, went = [r for r in moved if r.reason is None], [r for r in moved if r.reason is not None]
    return _Kilos(
        sum(r.grams for r in came), sum(r.grams for r in came if r.estimated), given,
        sum(r.grams for r in rows if r.estimated), sum(r.grams for r in facts.parcels if r.food and getattr(r, field) == value),
        sum(r.grams for r in went), sum(r.grams for r in went if r.estimated),
    )  # fmt: skip


def _kilos_table(facts: FoodFacts, name: str, first: str, rows: list[tuple[str, _Kilos]]) -> DataTable:
    given, received, lost, parcels = facts.given_grams(), facts.received(), facts.lost(), facts.apart.grams
    whole = (
        received.grams,
        received.estimated_grams,
        given.grams,
        given.estimated_grams,
        parcels,
        lost.grams,
        lost.estimated_grams,
    )
    gap = tuple(a - sum(r[i] for _name, r in rows) for i, a in enumerate(whole))
    told: list[tuple[Value, ...]] = [(n, *r) for n, r in rows if any(r)]
    if any(gap):
        told.append((_("Écart avec les mois clos"), *gap))
    headings = (
        Heading(first), *(Heading(n, Holds.GRAMS) for n in (
            _("Reçu (kg)"), _("Reçu, dont estimé (kg)"), _("Distribué (kg)"), _("Distribué, dont estimé (kg)"), _("Colis d'urgence (kg)"),
            _("Perdu (kg)"), _("Perdu, dont estimé (kg)"),
        )),
    )  # fmt: skip
    return data_table(name, headings, told)


def money_section(facts: FoodFacts) -> Section:
    """Return what was handed out is worth, what was paid for it, what households saved, and what was lost."""
    shelf, paid = facts.given_cents()
    firm = standing(facts)
    lost = [r for r in facts.moved if r.reason is not None]
    kept, back = [r for r in lost if not r.thrown_back], [r for r in lost if r.thrown_back]
    figures = (
        _told("shelf_cents", shelf, firm, Holds.CENTS),
        _told("paid_cents", paid, firm, Holds.CENTS),
        _told("savings_cents", shelf - paid, firm, Holds.CENTS),
        _figure("lost_cents", _("Valeur des pertes"), sum(r.cents for r in kept), _(
            "Valeur de référence de ce qui fut perdu, au jour de la perte, hygiène et entretien compris ; se lit ce jour dans le stock."
        ), Standing.PROVISIONAL, Holds.CENTS),
    )  # fmt: skip
    tables = [_losses_table(facts, _("Pertes par famille et par motif"), kept)]
    if back:
        tables.append(_losses_table(facts, _("Rapporté par des foyers, puis jeté"), back))
    return Section(_("Valeur, participations et pertes"), figures, tuple(tables))


def _losses_table(facts: FoodFacts, name: str, rows: Iterable[MovedRow]) -> DataTable:
    order = {f.code: n for n, f in enumerate(facts.families)}
    names = {f.code: f.name for f in facts.families}
    reasons = list(LossReason)
    sums: dict[tuple[str, LossReason, bool], list[int]] = {}
    for r in rows:
        assert r.reason is not None
        found = sums.setdefault((r.family, r.reason, r.food), [0, 0, 0, 0])
        for i, n in enumerate((r.grams, r.pieces, r.cents, r.unvalued)):
            found[i] += n
    keys = sorted(sums, key=lambda k: (order.get(k[0], len(order)), reasons.index(k[1])))
    headings = (
        Heading(_("Famille")), Heading(_("Motif")), Heading(_("Poids (kg)"), Holds.GRAMS), Heading(_("Pièces"), Holds.COUNT),
        Heading(_("Valeur (€)"), Holds.CENTS), Heading(_("Pertes sans valeur connue"), Holds.COUNT),
    )  # fmt: skip
    told = [
        (names.get(f, f), label(reason), grams if food else None, pieces, cents, unvalued)
        for f, reason, food in keys for grams, pieces, cents, unvalued in [sums[f, reason, food]] if any(sums[f, reason, food])
    ]  # fmt: skip
    return data_table(name, headings, told)


def meals_section(facts: FoodFacts, meal: Meal) -> Section:
    """Return how many meals the food handed out makes, and the emergency parcels, apart."""
    given, apart = facts.given_grams().grams, facts.apart
    definition = _("Kilos distribués divisés par {weight} par repas, sans compter l'hygiène et l'entretien. Repère : {source}.").format(
        weight=_("{grams} g").format(grams=meal.grams), source=meal.source
    )  # fmt: skip
    beside = beside_standing(facts)
    count, told = _TOLD["emergency"]
    figures = (
        _figure("meals", _("Équivalents repas"), given // meal.grams, definition, standing(facts), Holds.COUNT),
        _figure("emergency_parcels", _(count), apart.parcels, _(told), beside, Holds.COUNT),
        _figure("emergency_persons", _("Personnes de ces colis"), apart.persons, _("Personnes dites à la remise ; personne n'y est nommé."), beside, Holds.COUNT),
        _figure("emergency_grams", _("Kilos de ces colis"), apart.grams, _("Denrées de ces colis ; elles ne sont pas dans les kilos distribués."), beside),
        _figure("emergency_meals", _("Équivalents repas de ces colis"), apart.grams // meal.grams, definition, beside, Holds.COUNT),
    )  # fmt: skip
    return Section(_("Repas et colis d'urgence"), figures)


def stock_section(facts: FoodFacts) -> Section:
    """Return what is in stock on the last evening, by family."""
    names = {f.code: f.name for f in facts.families}
    codes = [*names, *sorted({lot.family for lot in facts.lots} - set(names))]
    rows: list[tuple[Value, ...]] = []
    held = [n for n in facts.lots if n.held]
    for code in codes:
        mine = [n for n in held if n.family == code]
        if mine:
            weight = gram_columns(mine)[Column.AFTER] if mine[0].food else None
            unknown = sum(n.unit_cents is None for n in mine)
            rows.append((names.get(code, code), len(mine), weight, cent_columns(mine)[Column.AFTER], unknown))
    grams, cents = gram_columns(n for n in held if n.food)[Column.AFTER], cent_columns(held)[Column.AFTER]
    headings = (
        Heading(_("Famille")), Heading(_("Lots"), Holds.COUNT), Heading(_("Poids (kg)"), Holds.GRAMS), Heading(_("Valeur (€)"), Holds.CENTS),
        Heading(_("Lots sans valeur connue"), Holds.COUNT),
    )  # fmt: skip
    day = _("Au soir du dernier jour, d'après les mouvements du stock tels qu'ils se lisent ce jour.")
    figures = (
        _figure("stock_grams", _("Kilos en stock"), grams, day, Standing.PROVISIONAL),
        _figure("stock_cents", _("Valeur du stock"), cents, f"{day} {worth_told()}", Standing.PROVISIONAL, Holds.CENTS),
    )  # fmt: skip
    return Section(_("Stock à la fin de la période"), figures, (data_table(_("Stock par famille"), headings, rows),))


def worth_told() -> str:
    """Return how a lot is given a value, as it is said under figures."""
    return _("Un lot vaut ce qu'il fut payé ou, sans prix, la valeur de référence du jour de son arrivée.")
