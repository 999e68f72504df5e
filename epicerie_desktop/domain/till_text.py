"""The words of the till's papers, line by line, for a ticket printer: readings, closings, counts. Knows no page."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.closings import PeriodKind
from epicerie_desktop.domain.duplicates import duplicate_words
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.payments import PaymentKind
from epicerie_desktop.domain.sheets import ShopHeader
from epicerie_desktop.domain.ticket_text import Row, RowKind
from epicerie_desktop.domain.till_papers import CountSheet, Reading
from epicerie_desktop.support.format import day, instant, kilos, money, number
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_CLOSINGS = {
    PeriodKind.DAY: N_("Clôture de la journée (Z)"),
    PeriodKind.MONTH: N_("Clôture du mois"),
    PeriodKind.YEAR: N_("Clôture de l'année"),
}


def title_of(reading: Reading) -> str:
    """Return what a reading is called: an X changes nothing, a Z closed its period."""
    return _("Lecture de la caisse (X)") if reading.kind is None else _(_CLOSINGS[reading.kind])


def period_of(reading: Reading) -> str:
    """Return the days a reading covers."""
    if reading.begins_on == reading.ends_on:
        return _("le {day}").format(day=day(reading.begins_on))
    return _("du {first} au {last}").format(first=day(reading.begins_on), last=day(reading.ends_on))


def means_of(reading: Reading) -> tuple[tuple[str, int], ...]:
    """Return what each means brought, cancellations taken off, in the order people know them."""
    means = reading.totals.means
    return tuple((label(kind), means[kind]) for kind in PaymentKind if means.get(kind))


def facts_of(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Return what stands beside the sums of a reading: its tickets, its weight, all that came before."""
    totals = reading.totals
    facts = [(_("Tickets"), number(totals.tickets)), (_("Annulations"), number(totals.cancelled))]
    if reading.first:
        facts.append((_("Du premier au dernier"), f"{reading.first} – {reading.last}"))
    facts += [
        (_("Valeur en rayon"), money(totals.shelf_cents)), (_("Poids remis"), kilos(totals.grams)),
        (_("Total de la période, annulations ajoutées"), money(totals.gross_cents)),
    ]  # fmt: skip
    return tuple(facts)


def _heads(shop: ShopHeader, title: str, subtitle: str, post: str, duplicate: date | None) -> list[Row]:
    stamp = [Row(RowKind.STAMP, duplicate_words(duplicate))] if duplicate is not None else []
    return [
        Row(RowKind.SHOP, shop.name), *stamp, Row(RowKind.RULE), Row(RowKind.NUMBER, title), Row(RowKind.WHEN, subtitle),
        Row(RowKind.WHEN, _("Poste {post}").format(post=post)), Row(RowKind.RULE),
    ]  # fmt: skip


def reading_rows(reading: Reading) -> tuple[Row, ...]:
    """Return the rows of a reading (X) or of a closing (Z), in order."""
    title = title_of(reading)
    if reading.kind is not None:
        title = _("{title} n° {number}").format(title=title, number=reading.number)
    rows = _heads(reading.shop, title, period_of(reading), reading.post, reading.duplicate)
    rows += [Row(RowKind.SUM, name, right=money(cents)) for name, cents in means_of(reading)]
    rows += [Row(RowKind.DUE, _("Total"), right=money(reading.totals.paid_cents)), Row(RowKind.RULE)]
    rows += [Row(RowKind.SUM, name, right=said) for name, said in facts_of(reading)]
    for shares in (reading.by_rate, reading.by_financing):
        if shares:
            rows.append(Row(RowKind.RULE))
            rows += [Row(RowKind.SUM, s.label, right=money(s.paid_cents)) for s in shares]
    rows += [
        Row(RowKind.RULE), Row(RowKind.SUM, _("Total perpétuel"), right=money(reading.perpetual_cents)),
        Row(RowKind.SUM, _("Total perpétuel, annulations ajoutées"), right=money(reading.perpetual_gross_cents)),
        Row(RowKind.RULE), Row(RowKind.SMALL_PRINT, sealed(reading)), Row(RowKind.SMALL_PRINT, instant(reading.made_at)),
    ]  # fmt: skip
    return tuple(rows)


def sealed(reading: Reading) -> str:
    """Return the words that tie a reading to the journal and to the program that made it."""
    seal = reading.seal or "–"
    said = _("Sceau {seal}") if reading.kind is not None else _("Dernier sceau du journal {seal}")
    return f"{said.format(seal=seal)} – epicerie-desktop {reading.version}"


def count_rows(sheet: CountSheet) -> tuple[Row, ...]:
    """Return the rows of a count, in order."""
    rows = _heads(
        sheet.shop,
        _("Comptage de la caisse n° {number}").format(number=sheet.number),
        instant(sheet.closed_at),
        sheet.post,
        sheet.duplicate,
    )
    rows += [
        Row(RowKind.SUM, _("Fond à l'ouverture"), right=money(sheet.float_cents)),
        Row(RowKind.SUM, _("Encaissé en espèces"), right=money(sheet.sales_cents)),
    ]  # fmt: skip
    rows += [
        Row(RowKind.SUM, " – ".join(filter(None, (label(m.kind), m.note))), right=money(m.cents)) for m in sheet.moves
    ]
    rows += [Row(RowKind.SUM, _("Doit contenir"), right=money(sheet.expected_cents)), Row(RowKind.RULE)]
    rows += [
        Row(
            RowKind.SUM,
            _("{count} × {price}").format(count=number(many), price=money(value)),
            right=money(many * value),
        )
        for value, many in sorted(sheet.counts.items(), reverse=True)
    ]
    rows += [
        Row(RowKind.DUE, _("Compté"), right=money(sheet.counted_cents)),
        Row(RowKind.SUM, _("Écart"), right=money(sheet.difference_cents)),
    ]
    if sheet.reason:
        rows.append(Row(RowKind.QUANTITY, sheet.reason))
    rows += [
        Row(RowKind.SUM, _("Porté à la banque"), right=money(sheet.deposit_cents)),
        Row(RowKind.SUM, _("Reste pour l'équipe suivante"), right=money(sheet.left_cents)), Row(RowKind.RULE),
    ]  # fmt: skip
    if sheet.note:
        rows.append(Row(RowKind.QUANTITY, sheet.note))
    who = _("Ouverte par {opened}, comptée par {closed}").format(opened=sheet.opened_by, closed=sheet.closed_by)
    return (*rows, Row(RowKind.SMALL_PRINT, who))
