"""A report as tables for a spreadsheet: its figures with their definition, then its own tables; or all of it in one. Knows no file."""

from __future__ import annotations

from collections.abc import Iterator

from epicerie_desktop.domain.data_table import DataTable, Heading, Holds, Value, data_table
from epicerie_desktop.domain.reports.shape import Figure, Report, Section, Standing
from epicerie_desktop.support.i18n import gettext as _

_KINDS = (Holds.COUNT, Holds.GRAMS, Holds.CENTS, Holds.PERMILLE, Holds.HOURS, Holds.DAY, Holds.TEXT)


def tables(report: Report) -> tuple[DataTable, ...]:
    """Return the figures of a report as one table, then each of its tables."""
    rows = [
        (s.title, f.name, *_spread(f.value, f.holds), f.told, standing_word(f), f.code)
        for s in report.sections
        for f in s.figures
    ]
    headings = (
        Heading(_("Partie")),
        Heading(_("Chiffre")),
        *_spread_headings(),
        Heading(_("Ce qu'il compte")),
        Heading(_("Mention")),
        Heading(_("Code")),
    )
    return (data_table(_("Chiffres"), headings, rows), *(t for s in report.sections for t in s.tables))


def whole(report: Report) -> DataTable:
    """Return all of a report in one table, a line a value: what a CSV file holds."""
    headings = (
        Heading(_("Partie")),
        Heading(_("Tableau")),
        Heading(_("Ligne")),
        Heading(_("Colonne")),
        *_spread_headings(),
    )
    return data_table(report.title, headings, [row for s in report.sections for row in _lines(s)])


def _lines(section: Section) -> Iterator[tuple[Value, ...]]:
    for figure in section.figures:
        yield section.title, "", figure.name, figure.code, *_spread(figure.value, figure.holds)
    for table in section.tables:
        for row in table.rows:
            named, line = (1, str(row[0])) if table.headings[0].holds is Holds.TEXT else (0, "")
            for heading, value in zip(table.headings[named:], row[named:], strict=True):
                yield section.title, table.name, line, heading.name, *_spread(value, heading.holds)


def _spread_headings() -> tuple[Heading, ...]:
    names = (_("Nombre"), _("Kilos (kg)"), _("Euros (€)"), _("Pour cent"), _("Heures"), _("Jour"), _("Texte"))
    return tuple(Heading(name, kind) for name, kind in zip(names, _KINDS, strict=True))


def _spread(value: Value, holds: Holds) -> tuple[Value, ...]:
    """Return a value in the column of what it holds, the others empty: a column never mixes kilos and euros."""
    return tuple(value if holds is kind else None for kind in _KINDS)


def standing_word(figure: Figure) -> str:
    """Return how firm a figure is, in a word."""
    names = {Standing.CLOSED: _("Clos"), Standing.PROVISIONAL: _("Provisoire"), Standing.ESTIMATED: _("Estimation")}
    return names[figure.standing]
