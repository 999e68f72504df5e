"""What leaves the coordination of a frozen balance: a paper, a spreadsheet, or a package of figures for others. Exact, or published.

The published edition hides small counts, and what this balance and the one it is laid beside would tell together of a few.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from epicerie_desktop.domain.balance import HEADS, Balance
from epicerie_desktop.domain.data_table import DataTable, Value
from epicerie_desktop.domain.figures import DEFINITIONS
from epicerie_desktop.domain.reports import flat
from epicerie_desktop.domain.reports.contract_balance import balance_report, shown_value
from epicerie_desktop.domain.reports.shape import Report
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.exchange import stick
from epicerie_desktop.exchange.table_file import TableFormat, book_bytes
from epicerie_desktop.services import publishing
from epicerie_desktop.services.contract import balances
from epicerie_desktop.services.contract.balances import KeptBalance
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.whole import format_of
from epicerie_desktop.services.sheets import header
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

SCHEMA_VERSION = "1.0.0"
"""Of the package of figures: a new indicator is a new line, never a new column."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which document of a balance: exact and restricted or published, and the other balance it is laid beside, if any."""

    balance: int
    published: bool = True
    beside: int | None = None


def report_of(desk: Desk, asked: Edition) -> tuple[Report, KeptBalance]:
    """Return the report of a frozen balance and the balance. Raises what `read_balance` raises."""
    kept = balances.read_balance(desk, asked.balance)
    earlier = balances.read_balance(desk, asked.beside) if asked.beside is not None else _last_before(desk, kept, asked)
    beside = earlier.balance if earlier else None
    return balance_report(
        kept.balance, title_of(kept), mark_of(kept), earlier=beside, threshold=_threshold(desk, asked)
    ), kept


def _threshold(desk: Desk, asked: Edition) -> int | None:
    return publishing.thresholds(desk).heads if asked.published else None


def _last_before(desk: Desk, kept: KeptBalance, asked: Edition) -> KeptBalance | None:
    """Return the balance before this one: a published edition is always laid beside it, so that no subtraction tells of a few."""
    if not asked.published:
        return None
    before = [b for b in balances.list_balances(desk, kept.contract) if b.number < kept.number]
    return max(before, key=lambda b: b.number, default=None)


def title_of(kept: KeptBalance) -> str:
    """Return what a balance is called on its pages: its title, its number, its short sum."""
    return _("{title}, bilan n° {number} ({sum})").format(title=kept.title, number=kept.number, sum=kept.short)


def mark_of(kept: KeptBalance) -> str:
    """Return the line that tells a balance from any other."""
    from epicerie_desktop.support import format as shown

    return _("Bilan n° {number} arrêté au {day}, empreinte {sum}, par {who}.").format(
        number=kept.number, day=shown.day(kept.as_of), sum=kept.short, who=kept.made_by
    )


def balance_pdf(desk: Desk, asked: Edition) -> bytes:
    """Return a frozen balance as PDF, a page an axis."""
    from epicerie_desktop.printing import report as paper

    made, kept = report_of(desk, asked)
    shop = replace(header(desk, WordingKind.REPORT), name=kept.balance.name)
    return paper.render(paper.ReportPage(shop, made, kept.as_of, asked.published, desk.clock.now()))


def balance_file(desk: Desk, asked: Edition, kind: TableFormat) -> bytes:
    """Return a frozen balance for a spreadsheet: a sheet a table, or one long table in CSV."""
    made = report_of(desk, asked)[0]
    tables: Sequence[DataTable] = flat.tables(made)
    if kind in (TableFormat.CSV_FRENCH, TableFormat.CSV_EXCHANGE):
        tables = (flat.whole(made),)
    return book_bytes(tables, kind)


def kept_as(desk: Desk, asked: Edition, ending: str) -> bytes:
    """Return a frozen balance as a file whose name ends so: pdf, or a spreadsheet's."""
    kind = format_of(f".{ending}")
    return balance_pdf(desk, asked) if kind is None else balance_file(desk, asked, kind)


FIELDS: tuple[tuple[str, str, str], ...] = (
    ("indicateur", "string", "Code de l'indicateur, décrit dans indicateurs.csv"),
    ("periode", "string", "2010-01/2012-12 : du premier au dernier mois, tous deux compris"),
    ("structure", "string", "Code de l'épicerie ; vide pour tout le contrat"),
    ("ventilation", "string", "Secteur du territoire ; vide pour l'ensemble"),
    ("valeur", "integer", "Dans l'unité de l'indicateur ; vide : non publiée ou non connue. Zéro veut dire zéro"),
    ("unite", "string", "foyer, personne, passage, gramme, centime, ou ce qui est compté"),
    ("arrete_le", "date", "Jour où le bilan fut arrêté"),
    ("version", "integer", "Numéro du bilan"),
)
"""The columns of the package, one line a value: those of a DHIS2 data value, in French."""
_UNITS = {
    "families": "foyer", "persons": "personne", "visits": "passage", "grams": "gramme", "shelf_cents": "centime",
    "paid_cents": "centime", "HOUSEHOLD": "foyer", "PERSON": "personne", "GRAM": "gramme", "CENT": "centime",
}  # fmt: skip


def write_package(desk: Desk, asked: Edition, folder: Path) -> Path:
    """Write a balance as a Frictionless Data Package into a folder and return the path of its `datapackage.json`.

    The figures are those of the report, hidden where it hides them. Raises `EnvironmentTrouble`, `RuleRefused` for a folder that
    holds anything else than such a package.
    """
    made, kept = report_of(desk, asked)
    values = _csv([f[0] for f in FIELDS], _values(made, kept, _threshold(desk, asked)))
    known = _csv(["code", "nom", "unite", "definition"], _indicators(kept.balance))
    files = {"valeurs.csv": values, "indicateurs.csv": known, "LISEZMOI.txt": _readme(kept, published=asked.published)}
    resources = [
        _resource("valeurs", values, [{"name": n, "type": t, "description": d} for n, t, d in FIELDS]),
        _resource(
            "indicateurs", known, [{"name": n, "type": "string"} for n in ("code", "nom", "unite", "definition")]
        ),
    ]
    resources[0]["schema"]["foreignKeys"] = [
        {"fields": "indicateur", "reference": {"resource": "indicateurs", "fields": "code"}}
    ]
    resources[1]["schema"]["primaryKey"] = "code"
    package: dict[str, Any] = {
        "name": f"bilan-{kept.number:03d}", "title": title_of(kept), "version": SCHEMA_VERSION, "created": kept.made_at.isoformat(),
        "sources": [{"title": kept.balance.name}], "resources": resources,
    }  # fmt: skip
    files["datapackage.json"] = (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
    _refuse_strangers(folder, files)
    for name, data in files.items():
        (folder / name).unlink(missing_ok=True)
        stick.write_safely(folder, name, data, expected=None)
    return folder / "datapackage.json"


def _refuse_strangers(folder: Path, files: Iterable[str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = {p.name for p in folder.iterdir()} - set(files)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-103", N_("Le dossier « {what} » ne peut pas être créé."), what=folder.name
        ) from error
    if strangers:
        raise RuleRefused(
            N_("Le dossier « {what} » contient déjà autre chose : choisissez un dossier vide."), what=folder.name
        )


def _values(made: Report, kept: KeptBalance, threshold: int | None) -> Iterable[tuple[object, ...]]:
    balance = kept.balance
    period = f"{balance.first_month}/{balance.last_month}"
    told: dict[tuple[str, str, str], Value] = {}
    for figure in made.sections[0].figures:
        told[figure.code, "", ""] = figure.value
    names = {s.name: s.code for s in balance.shops}
    sectors = {s.name: s.code for s in balance.sectors}
    for section in made.sections:
        for table in section.tables:
            known = names if table.name == _("Par épicerie") else sectors if table.name == _("Par secteur") else None
            if known is None:
                continue
            for row in table.rows:
                code = known.get(str(row[0]))
                if code is None:
                    continue
                for key, value in zip(("families", "persons", "visits", "grams"), row[1:], strict=True):
                    told[(key, code, "") if known is names else (key, "", code or "AUCUN")] = value
    for line in balance.indicators:
        if (line.code, "", "") not in told:
            told[line.code, "", ""] = shown_value(line, threshold)
    units = {i.code: i.unit_name or _UNITS.get(i.unit, "") for i in balance.indicators} | _UNITS
    for (code, shop, sector), value in told.items():
        yield (
            code, period, shop, sector, value, units.get(code, "centime"), kept.as_of.isoformat(), kept.number,
        )  # fmt: skip


def _indicators(balance: Balance) -> Iterable[tuple[object, ...]]:
    meanings = {key: (name, text) for key, name, text in DEFINITIONS}
    for key in (*HEADS, "visits", "grams", "shelf_cents", "paid_cents"):
        yield key, _(meanings[key][0]), _UNITS[key], _(meanings[key][1])
    for code, name in (("funding_paid", _("Montants versés")), ("funding_planned", _("Montants prévus"))):
        if balance.funding:
            yield code, name, "centime", ""
    for line in balance.indicators:
        yield line.code, line.name, line.unit_name or _UNITS.get(line.unit, ""), line.definition


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _resource(name: str, data: bytes, fields: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "name": name, "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "profile": "tabular-data-resource", "schema": {"fields": fields},
    }  # fmt: skip


def _readme(kept: KeptBalance, *, published: bool) -> bytes:
    edition = (
        _("Édition publiée : les petits effectifs, et ceux qui permettraient de les retrouver, sont laissés vides.")
        if published
        else _("Édition exacte, à diffusion restreinte : les petits effectifs y sont lisibles. Ne la publiez pas.")
    )
    lines = (
        kept.balance.name, title_of(kept), mark_of(kept), "", edition,
        _("valeurs.csv : une ligne par valeur. indicateurs.csv : ce que compte chaque indicateur. datapackage.json : la description des colonnes."),
    )  # fmt: skip
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


__all__ = ["Edition", "balance_file", "balance_pdf", "kept_as", "report_of", "title_of", "write_package"]
