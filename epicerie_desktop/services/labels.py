"""How the scale labels of each donor are laid out, and the region whose published rules apply to the others."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.persistence.models import LabelLayout
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

_REGION = "label_region"
REGIONS = ("DE", "DK", "EE", "FI", "GB", "LT", "LV", "NO", "SE")
"""Countries whose rules for variable measures are published; France's are not, so none is ever supposed for it."""


@dataclass(frozen=True, slots=True)
class LayoutForm:
    """The layout of one donor's labels, as typed."""

    source: str
    pattern: str
    step: int = 1
    unit_price_cents_per_kg: int | None = None
    id: int | None = None
    version: int | None = None

    @property
    def layout(self) -> Layout:
        """Return the layout. Raises `BadInput`, naming the wrong place."""
        return Layout.parse(
            self.pattern,
            unit_price_cents_per_kg=self.unit_price_cents_per_kg,
            step=self.step,
            source=self.source.strip(),
        )


@dataclass(frozen=True, slots=True)
class LabelRules:
    """What a shop knows of labels: the layouts of its donors, and a region, None for no other rule."""

    layouts: tuple[Layout, ...] = ()
    region: str | None = None


def save_layout(desk: Desk, form: LayoutForm) -> int:
    """Keep the layout of a donor and return its id. Raises `BadInput`, `Stale`, `RuleRefused` for a volunteer."""
    require_team(desk)
    layout = form.layout
    checked_text(layout.source)
    if not layout.source:
        raise BadInput(N_("De quel donateur viennent ces étiquettes ? Tapez son nom, par exemple celui du magasin."))
    with desk.db.write() as session:
        same = session.scalars(
            select(LabelLayout.id).where(
                LabelLayout.active, LabelLayout.source == layout.source, LabelLayout.pattern == layout.pattern,
                LabelLayout.id != (form.id or 0),
            )
        ).first()  # fmt: skip
        if same is not None:
            raise BadInput(N_("Ce modèle est déjà connu pour ce donateur."))
        row = session.get_one(LabelLayout, form.id) if form.id is not None else LabelLayout(version=0)
        row.source, row.pattern, row.step = layout.source, layout.pattern, layout.step
        row.unit_price_cents_per_kg = layout.unit_price_cents_per_kg
        touch(row, desk, form.version)
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "label_layout", {"layout": row.id, "pattern": row.pattern, "step": row.step})
        return row.id


def drop_layout(desk: Desk, layout: int) -> None:
    """Use a layout no more; what it read stays as it was read. Raises `RuleRefused` for a volunteer."""
    require_team(desk)
    with desk.db.write() as session:
        row = session.get_one(LabelLayout, layout)
        row.active = False
        touch(row, desk, None)
        seal_in_journal(session, desk, "label_layout", {"layout": layout, "active": False})


def layouts_of(desk: Desk) -> tuple[LayoutForm, ...]:
    """Return the layouts in use, by donor."""
    with desk.db.read() as session:
        return _forms_in(session)


def label_rules(desk: Desk) -> LabelRules:
    """Return what the till and the reception need to read labels, in one reading."""
    with desk.db.read() as session:
        region = setting_in(session, _REGION, desk.clock.today())
        return LabelRules(tuple(form.layout for form in _forms_in(session)), region if region in REGIONS else None)


def set_region(desk: Desk, region: str | None) -> None:
    """Apply the published rules of a country to labels without a layout, or of none. Raises `BadInput`, `RuleRefused`."""
    require_team(desk)
    if region is not None and region not in REGIONS:
        raise BadInput(N_("Les règles de ce pays ne sont pas publiées : décrivez ses étiquettes une par une."))
    with desk.db.write() as session:
        keep_setting_in(session, desk, _REGION, region or "", region=region or "")


def _forms_in(session: Session) -> tuple[LayoutForm, ...]:
    rows = session.scalars(select(LabelLayout).where(LabelLayout.active).order_by(LabelLayout.source, LabelLayout.id))
    return tuple(LayoutForm(r.source, r.pattern, r.step, r.unit_price_cents_per_kg, r.id, r.version) for r in rows)
