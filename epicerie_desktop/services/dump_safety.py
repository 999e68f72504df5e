"""The tables of food safety in the dump: nothing of them is sealed, and none names a household."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.persistence.models import (
    ArticleAllergen,
    ColdReading,
    ColdUnit,
    DayEnd,
    Quarantine,
    Recall,
    RecallDrill,
    RecallImport,
    RecallProduct,
)
from epicerie_desktop.persistence.models.base import Base, table_of
from epicerie_desktop.services.dump_support import LEFT_OUT, Resource, kind_of

_TABLES: tuple[tuple[type[Base], str, str], ...] = (
    (RecallImport, "recall_imports", "Listes de rappels lues"),
    (Recall, "recalls", "Fiches de rappel (RappelConso, Licence Ouverte 2.0)"),
    (RecallProduct, "recall_products", "Produits des fiches : code-barres sans zéro de tête, lot, dates"),
    (Quarantine, "quarantines", "Lots mis de côté ; `lifted_at` vide : ne pas remettre"),
    (RecallDrill, "recall_drills", "Exercices de rappel"),
    (ColdUnit, "cold_units", "Appareils froids"),
    (ColdReading, "cold_readings", "Températures, en dixièmes de degré, avec la limite du jour"),
    (DayEnd, "day_ends", "Fins de journée et mots aux équipes"),
    (ArticleAllergen, "article_allergens", "Allergènes par article ; pas de ligne : inconnu"),
)


def safety_resources(session: Session) -> Iterator[Resource]:
    """Yield each table in turn."""
    for model, name, title in _TABLES:
        table = table_of(model)
        columns = [c for c in table.columns if c.name not in LEFT_OUT]
        rows = session.execute(select(*columns).order_by(*table.primary_key.columns))
        yield name, title, tuple((c.name, kind_of(c)) for c in columns), (tuple(r) for r in rows)
