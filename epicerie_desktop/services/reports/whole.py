"""A report over any period, read in one block: households and persons, food, accompaniment; for the shop or to be published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.figures import month_of, months_between
from epicerie_desktop.domain.months import Version, short_sum
from epicerie_desktop.domain.reports import flat
from epicerie_desktop.domain.reports.activity_sections import BASES, SUMS, of_nobody
from epicerie_desktop.domain.reports.fse import PARTS, RECEIVED, estimates_table_name
from epicerie_desktop.domain.reports.funder_data import ReportModel
from epicerie_desktop.domain.reports.publishing import Equation, Rules, published
from epicerie_desktop.domain.reports.shape import Figure, Report, Section
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.small_counts import HEADS, INCOMES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.exchange.table_file import TableFormat, book_bytes
from epicerie_desktop.persistence.models import MonthClosing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.months import mark_of
from epicerie_desktop.services.reports.activity import activity_sections
from epicerie_desktop.services.reports.food import model_parts
from epicerie_desktop.services.reports.funders import report_models
from epicerie_desktop.services.reports.people import people_sections
from epicerie_desktop.services.settings import setting_in
from epicerie_desktop.services.sheets import header
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

Tell = Callable[[int, int], None]
"""Told how many parts are read, of how many; what it raises gives the report up."""
_Read = Callable[[Session, date, date], tuple[Section, ...]]
_HEADS, _INCOMES = "publish.heads", "publish.incomes"
"""The settings that the tables of questions are published by too."""
MOST_YEARS = 20
_ENROLLED = Equation(
    frozenset({"enrolled_before", "enrolled_new", "enrolled_back"}), frozenset({"enrolled_after", "enrolled_left"}),
    ("enrolled_after", "enrolled_before"),
)  # fmt: skip


_ALONE: Mapping[str, _Read] = {"people": people_sections, "activity": activity_sections}
"""The parts read by themselves; the others share what they read of the goods."""


_TITLES = {
    "year": N_("Rapport d'activité"),
    "people": N_("Foyers et personnes accueillis"),
    "food": N_("Denrées distribuées"),
    "activity": N_("Accompagnement et vie de l'épicerie"),
    "banque-alimentaire": N_("Pour la Banque Alimentaire (modèle non officiel)"),
    "andes": N_("Pour l'ANDES (modèle non officiel)"),
    "fse": N_("Pour le FSE+ (modèle non officiel)"),
    "ddetspp": N_("Données d'activité pour l'État (modèle non officiel)"),
}
"""Of the models that the program comes with; another is called as in its data."""


def titles() -> dict[str, str]:
    """Return what the reports are called, in the language in use, by their name on the command line."""
    return {
        key: _(_TITLES[key]) if key in _TITLES else _("Rapport {name}").format(name=model.name)
        for key, model in models().items()
    }


def models() -> dict[str, ReportModel]:
    """Return the reports that may be asked for, by their name on the command line, in their order."""
    return {m.key: m for m in report_models()}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report: the key of its model, its period (both days included), and whether it is to be published."""

    model: str
    first: date
    last: date
    published: bool = False


def report(desk: Desk, asked: Asked, tell: Tell | None = None) -> Report:
    """Return a report, read whole in one block. Days to come are not counted: it is as of today.

    Raises `BadInput` for a period turned round, to come or of more than twenty years, or an unknown model; `RuleRefused` for a
    volunteer's account and for a coordinator's file, which holds no household.
    """
    return _report(desk, asked, tell)[0]


def _report(desk: Desk, asked: Asked, tell: Tell | None) -> tuple[Report, date]:
    require_reader(desk)
    model = models().get(asked.model)
    if model is None:
        raise BadInput(N_("Le rapport « {name} » n'existe pas."), name=asked.model)
    today = desk.clock.today()
    if asked.last < asked.first or asked.first > today or asked.last.year - asked.first.year > MOST_YEARS:
        raise BadInput(
            N_("Cette période n'est pas possible : elle commence au plus tard aujourd'hui et dure vingt ans au plus.")
        )
    until = min(asked.last, today)
    with desk.db.read() as session:
        sections = _sections(session, model, asked, until, tell or _silent)
        closed = _closed_in(session, asked.first, until)
        limits = [
            int(setting_in(session, key, today) or usual) for key, usual in ((_HEADS, HEADS), (_INCOMES, INCOMES))
        ]
    whole = Report(titles()[model.key], asked.first, asked.last, sections, closed)
    return (published(whole, rules(*limits)) if asked.published else whole), until


def _silent(done: int, of: int) -> None:
    """Tell nobody."""


def _sections(session: Session, model: ReportModel, asked: Asked, until: date, tell: Tell) -> tuple[Section, ...]:
    """Return the sections of a model, in its order; `tell` is told before each of the readings."""
    alone = [p for p in model.parts if p in _ALONE]
    found: dict[str, tuple[Section, ...]] = {}
    for n, part in enumerate(alone):
        tell(n, len(alone) + 2)
        found[part] = _ALONE[part](session, asked.first, until)
    tell(len(alone), len(alone) + 2)
    goods = model_parts(session, asked.first, until, model, asked.last)
    found |= {code: (section,) for code, section in goods.items()}
    tell(len(alone) + 1, len(alone) + 2)
    return tuple(section for part in model.parts for section in found[part])


def require_reader(desk: Desk) -> None:
    """Raise `RuleRefused` for an account or a file that makes no report."""
    if desk.shop.is_coordinator:
        raise RuleRefused(N_("Les rapports se font dans le fichier d'une épicerie."))
    if not Role(desk.actor.role).keeps_accounts:
        raise RuleRefused(N_("Les rapports se font par la personne responsable ou par l'accompagnement social."))


def rules(threshold: int = HEADS, incomes: int = INCOMES) -> Rules:
    """Return how a report of this program is published."""
    cut_across = (
        # The months of a sector add up to its visits, and the sectors of a month to those of the month: told in two tables already.
        (_("Par secteur"), _("Par commune"), _("Passages par secteur et par mois")),
        (_("Par service instructeur"), _("Par prescripteur")),
        (_("Par âge ({funder})").split("{funder}")[0],),
    )
    goods = {
        _("Lots"), _("Pièces"), _("Lots sans valeur connue"), _("Pertes sans valeur connue"), "gap_lots", "account_lots", "unlike_lots",
    }  # fmt: skip
    return Rules(
        threshold, {_("Par tranche de reste à vivre"): max(threshold, incomes)}, (*SUMS, _ENROLLED), BASES, cut_across,
        of_nobody() | goods, frozenset({_("Foyers"), _("Personnes")}), frozenset({estimates_table_name()}), PARTS, RECEIVED,
    )  # fmt: skip


def _closed_in(session: Session, first: date, last: date) -> tuple[str, ...]:
    """Return the latest closing of each closed month of a period, as every paper of it says it."""
    months = months_between(month_of(first), month_of(last))
    rows = session.execute(
        select(MonthClosing.month, MonthClosing.number, MonthClosing.version, MonthClosing.made_at, MonthClosing.digest)
        .where(MonthClosing.month >= months[0], MonthClosing.month <= months[-1])
        .order_by(MonthClosing.month, MonthClosing.version)
    )
    latest = {r.month: Version(r.number, r.version, r.made_at, "", short_sum(r.digest), "", ()) for r in rows}
    return tuple(
        _("{month} : {mark}").format(month=shown.month(month).capitalize(), mark=mark_of(version))
        for month, version in latest.items()
    )


def report_pdf(desk: Desk, asked: Asked, tell: Tell | None = None) -> bytes:
    """Return a report as PDF. Raises what `report` raises."""
    from epicerie_desktop.printing import report as paper

    whole, until = _report(desk, asked, tell)
    return paper.render(
        paper.ReportPage(header(desk, WordingKind.REPORT), whole, until, asked.published, desk.clock.now())
    )


def report_file(desk: Desk, asked: Asked, kind: TableFormat, tell: Tell | None = None) -> bytes:
    """Return a report for a spreadsheet: a sheet a table, or one long table in CSV. Raises what `report` raises."""
    whole = report(desk, asked, tell)
    tables: Sequence[DataTable] = flat.tables(whole)
    if kind in (TableFormat.CSV_FRENCH, TableFormat.CSV_EXCHANGE):
        tables = (flat.whole(whole),)
    return book_bytes(tables, kind)


def kept_as(desk: Desk, asked: Asked, ending: str, tell: Tell | None = None) -> bytes:
    """Return a report as a file whose name ends so (`kinds`). Raises what `report` raises."""
    kind = format_of(f".{ending}")
    return report_pdf(desk, asked, tell) if kind is None else report_file(desk, asked, kind, tell)


def kinds() -> tuple[tuple[str, str], ...]:
    """Return the kinds of file a report is kept as: the end of the name, and what people call it."""
    return (
        ("pdf", _("Document PDF")), (TableFormat.XLSX.value, _("Classeur Excel")), (TableFormat.ODS.value, _("Classeur LibreOffice")),
        (TableFormat.CSV_FRENCH.value, _("CSV pour Excel")), (TableFormat.CSV_EXCHANGE.value, _("CSV d'échange")),
    )  # fmt: skip


def standing_word(figure: Figure) -> str:
    """Return how firm a figure is, in a word."""
    return flat.standing_word(figure)


def format_of(name: str) -> TableFormat | None:
    """Return the kind of spreadsheet that the end of a file's name asks for, None for a PDF."""
    folded = name.casefold()
    return next((k for k in TableFormat if folded.endswith(f".{k.value}")), None)
