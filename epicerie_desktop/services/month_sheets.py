"""The monthly sheets: gathers the rows of each form of a month, closed or still open, and has them drawn in one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.enrolled import enrolments
from epicerie_desktop.domain.figures import Totals, month_figures
from epicerie_desktop.domain.month_forms import NOBODY, UNKNOWN, SheetForm, ages_of, form_lines
from epicerie_desktop.domain.months import Month, Version
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.sheets import MonthSheet, SheetState
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.persistence.models import Household, Person, Referrer, Sale
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.months import MonthState, kept_month, live_month, mark_of, state_in
from epicerie_desktop.services.nomenclatures import commune_names
from epicerie_desktop.services.papers_made import PaperKey, PaperKind, PaperOut, made_before
from epicerie_desktop.services.queries.figures import month_bounds
from epicerie_desktop.services.queries.files import visible
from epicerie_desktop.services.sheets import family_labels, header, origin_labels
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_, gettext
from epicerie_desktop.support.text import fold

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SheetsWanted:
    """Which sheets one file holds: months as `2026-11`, forms in their order, with names or not, upright or across.

    `version` is one of the versions of a closed month, the latest where it is None.
    """

    months: tuple[str, ...]
    forms: tuple[SheetForm, ...] = (SheetForm.HOUSEHOLD,)
    names: bool = False
    portrait: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SheetsMade(PaperOut):
    """A file of sheets: those of closed months in it are its `papers`, `duplicates` of them came out before."""

    duplicates: int
    sheets: tuple[MonthSheet, ...]


def may_name(desk: Desk) -> bool:
    """Return whether the account's sheets may bear the names of the households: volunteers' do not."""
    return Role(desk.actor.role).keeps_accounts


def month_sheet(desk: Desk, month: str, *, names: bool = False) -> MonthSheet:
    """Return the rows of the sheet by household, `arrêté` today or on the last day of a past month. Raises `BadInput`.

    A closed month is told as it was closed, by the latest version, with what stands beside it; what was corrected since is counted
    in `corrected`. Raises `RuleRefused` for a volunteer who asks for names.
    """
    return month_sheets(desk, SheetsWanted((month,), names=names))[0]


def month_sheets(desk: Desk, wanted: SheetsWanted) -> tuple[MonthSheet, ...]:
    """Return the rows of every sheet wanted, month by month, none marked as made again.

    Raises `BadInput` for no month, no form or a version that does not exist, `RuleRefused` for a volunteer who asks for names.
    """
    if wanted.names and not may_name(desk):
        raise RuleRefused(
            N_("La feuille avec les noms se fait par la personne responsable ou par l'accompagnement social.")
        )
    if not (wanted.months and wanted.forms):
        raise BadInput(N_("Choisissez au moins un mois et une feuille."))
    names = _names(desk) if wanted.names else None
    found: list[MonthSheet] = []
    for month in wanted.months:
        found += _forms(desk, month, wanted, names)
    return tuple(found)


def _forms(desk: Desk, month: str, wanted: SheetsWanted, names: Mapping[str, str] | None) -> list[MonthSheet]:
    _first, last = month_bounds(month)
    with desk.db.read() as session:
        state = state_in(session, month, over=last < desk.clock.today())
        version = _version(state, wanted.version)
        whole = kept_month(session, month, version.version) if version else live_month(session, month)
        announced = None if version else _announced(session, month, whole)
        called = {form: _called(session, form) for form in wanted.forms}
    latest = state.versions[0].version if state.versions else 1
    sheet = MonthSheet(
        shop=header(desk, WordingKind.MONTH_SHEET, version.made_at.astimezone(PARIS).date() if version else None), figures=month_figures(month, whole.visits), closed_on=min(last, desk.clock.today()),
        version=version.version if version else 1, state=SheetState.CLOSED if version else SheetState.PROVISIONAL,
        columns=family_labels(desk), origins=origin_labels(), printed_at=desk.clock.now(), show_names=names, announced=announced,
        apart=whole.apart if whole.apart.parcels else None, moved=whole.moved, mark=mark_of(version) if version else "",
        digest=version.digest if version else "",
        amendments=tuple(v for v in state.versions if version and 1 < v.version <= version.version),
        corrected=0 if version and version.version < latest else len(state.pending),
        replaced_by=latest if version and version.version < latest else 0,
        enrolments=None if whole.enrolled is None else enrolments([whole.enrolled]), ages=ages_of(whole.visits),
    )  # fmt: skip
    return [
        sheet if form is SheetForm.HOUSEHOLD else _in_form(sheet, form, whole, called[form]) for form in wanted.forms
    ]


def _in_form(sheet: MonthSheet, form: SheetForm, whole: Month, called: Mapping[str, str]) -> MonthSheet:
    """Return the sheet in another form; places and persons stand by name, who is not known last."""
    lines = form_lines(form, whole.visits)
    if called:
        lines = tuple(
            sorted(lines, key=lambda line: (line.code == UNKNOWN, fold(called.get(line.code, line.code)), line.code))
        )
    return replace(sheet, form=form, lines=lines, called=called)


def _version(state: MonthState, wanted: int | None) -> Version | None:
    if wanted is None:
        return state.versions[0] if state.versions else None
    for version in state.versions:
        if version.version == wanted:
            return version
    raise BadInput(N_("Ce mois n'a pas de version {version}."), version=wanted)


def _called(session: Session, form: SheetForm) -> Mapping[str, str]:
    """Return what the codes of a form are called, by code; nothing for the forms whose paper knows it."""
    if form is SheetForm.COMMUNE:
        return commune_names()
    if form is not SheetForm.REFERRER:
        return {}
    rows = session.execute(select(Referrer.id, Referrer.name, Referrer.organisation))
    named = {str(r.id): " – ".join(part for part in (r.organisation, r.name) if part) for r in rows}
    return {NOBODY: gettext("Personne : venus d'eux-mêmes"), **named}


def _announced(session: Session, month: str, whole: Month) -> Totals:
    """Return the month's sums taken straight from the tickets, by another road than the sheet's lines."""
    first, last = month_bounds(month)
    from_lines = month_figures(month, whole.visits).totals
    row = session.execute(
        select(
            func.coalesce(func.sum(Sale.grams), 0), func.coalesce(func.sum(Sale.shelf_cents), 0),
            func.coalesce(func.sum(Sale.paid_cents), 0),
        ).where(Sale.day >= first, Sale.day <= last)
    ).one()  # fmt: skip
    return replace(from_lines, grams=int(row[0]), shelf_cents=int(row[1]), paid_cents=int(row[2]))


def _names(desk: Desk) -> dict[str, str]:
    with desk.db.read() as session:
        return {
            r.number: f"{r.last_name} {r.first_name}"
            for r in session.execute(
                select(Household.number, Person.last_name, Person.first_name)
                .join(Person, Person.id == Household.holder_id)
                .where(visible(desk))
            )
        }


def month_sheet_pdf(desk: Desk, month: str, *, names: bool = False) -> bytes:
    """Return the sheet by household as PDF. Raises `BadInput` for a wrong month, `SumsDiffer` if it does not add up."""
    return month_sheets_pdf(desk, SheetsWanted((month,), names=names)).content


def month_sheets_pdf(desk: Desk, wanted: SheetsWanted, step: Step = lambda _done, _of: None) -> SheetsMade:
    """Return the sheets wanted in one PDF, those of closed months that came out before marked « duplicata ».

    `step` is told how many sheets are drawn, out of how many; what it raises stops the work. Raises as `month_sheets`, and `SumsDiffer`.
    """
    from epicerie_desktop.printing import monthly_sheet

    sheets = month_sheets(desk, wanted)
    papers = [_key(sheet) for sheet in sheets]
    closed = tuple(key for key in papers if key is not None)
    again = made_before(desk, closed)
    today = desk.clock.today()
    marked = [replace(s, duplicate=today) if key in again else s for s, key in zip(sheets, papers, strict=True)]
    content = monthly_sheet.render_all(marked, portrait=wanted.portrait, step=step)
    return SheetsMade(content, closed, len(again), tuple(marked))


def _key(sheet: MonthSheet) -> PaperKey | None:
    """Return what a sheet of a closed month is told by, None while the month is open: it may still change."""
    if sheet.state is SheetState.PROVISIONAL:
        return None
    named = "/NAMES" if sheet.show_names is not None else ""
    return PaperKey(PaperKind.MONTH_SHEET, f"{sheet.month}/{sheet.form.value}{named}", sheet.version, sheet.digest)
