"""The lists and models of funders kept with the program, and what a shop changed of them for its own families, dated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.reports.funder_data import Category, FunderList, ReportModel, parse_mapping, parse_models
from epicerie_desktop.persistence.models import Family
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in, settings_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support import paths
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_


@cache
def funder_lists() -> dict[str, FunderList]:
    """Return the lists of funders by their codes."""
    found = {}
    for path in sorted(paths.resource("nomenclatures").glob("groups_*.toml")):
        read = parse_mapping(tomllib.loads(path.read_text("utf-8")))
        found[read.code] = read
    return found


@cache
def report_models() -> tuple[ReportModel, ...]:
    """Return the models of report in their order."""
    return parse_models(tomllib.loads(paths.resource("nomenclatures", "report_models.toml").read_text("utf-8")))


def funder_list_in(session: Session, code: str, day: date) -> FunderList:
    """Return a list as it holds in the shop on a day: its own choices over those of the program. Raises `KeyError`.

    A family that nothing sorted by then takes the first category it was given since: the report of a year that is over can
    still be sorted, and what it once said never changes.
    """
    kept = funder_lists()[code]
    own: dict[str, str] = {}
    for since, choices in settings_in(session, _key(code)):
        for family, category in choices.items():
            if since <= day or (category and not own.get(family) and family not in kept.families):
                own[family] = category
    return replace(kept, families={**kept.families, **own})


@dataclass(frozen=True, slots=True)
class SortedFamily:
    """A family of the shop, and the category of a funder's list it falls in today, None while it is in none."""

    code: str
    name: str
    category: Category | None


def sorted_families(desk: Desk, code: str) -> tuple[SortedFamily, ...]:
    """Return the shop's families, those in no category first. Raises `KeyError` for an unknown list, `RuleRefused`."""
    require_team(desk)
    with desk.db.read() as session:
        listed = funder_list_in(session, code, desk.clock.today())
        rows = session.execute(select(Family.code, Family.name).order_by(Family.position, Family.id)).all()
    found = [SortedFamily(r.code, r.name, listed.category_of(r.code)) for r in rows]
    return tuple(sorted(found, key=lambda f: f.category is not None))


def unsorted_count(desk: Desk) -> int:
    """Return how many families at least one funder's list leaves in no category. Raises `RuleRefused`."""
    return len({f.code for code in funder_lists() for f in sorted_families(desk, code) if f.category is None})


def sort_family(desk: Desk, code: str, family: str, category: str | None) -> None:
    """Put a family of products in a category of a funder's list, or in none, from today.

    Raises `BadInput` for a list, a family or a category that is not known, `RuleRefused` for a volunteer.
    """
    require_team(desk)
    kept = funder_lists().get(code)
    if kept is None or (category is not None and category not in {c.code for c in kept.categories}):
        raise BadInput(N_("Ce groupe n'est pas dans la liste du financeur."))
    with desk.db.write() as session:
        if session.scalar(select(Family.id).where(Family.code == family)) is None:
            raise BadInput(N_("Cette famille n'est pas dans le catalogue."))
        own = dict(setting_in(session, _key(code), desk.clock.today()) or {})
        own[family] = category or ""
        keep_setting_in(session, desk, _key(code), own, family=family, category=category or "")


def _key(code: str) -> str:
    return f"funder_list:{code}"
