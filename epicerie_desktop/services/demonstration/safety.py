"""The demonstration's food safety: two cold units read for a week, a lot set aside, the words of last evening's team."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.safety import Allergen, ColdAction, Presence, UnitKind
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Lot
from epicerie_desktop.services import features
from epicerie_desktop.services.demonstration.life import on
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.safety import allergens, cold_chain, day_end, recalls
from epicerie_desktop.services.safety.cold_chain import ReadingForm, UnitForm
from epicerie_desktop.services.safety.day_end import DayEndForm
from epicerie_desktop.services.stock import catalogue, receive
from epicerie_desktop.services.stock.catalogue import ArticleForm
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm

_FRIDGE, _FREEZER = "Réfrigérateur des laitages", "Congélateur"


def live(rng: random.Random, desk: Desk) -> None:
    """Switch food safety on and live a week of it, up to last evening."""
    for code in ("cold_chain", "day_end", "allergens", "open_catalogue"):
        features.save_feature(desk, code, True)
    fridge = cold_chain.save_unit(desk, UnitForm(_FRIDGE, UnitKind.FRIDGE, ("perishable",)))
    freezer = cold_chain.save_unit(desk, UnitForm(_FREEZER, UnitKind.FREEZER, ("frozen",)))
    today = desk.clock.today()
    for back in range(7, 0, -1):
        at = on(desk, today - timedelta(days=back), 17)
        warm = (
            ReadingForm(fridge, 96, ColdAction.DOOR, "porte mal fermée")
            if back == 3
            else ReadingForm(fridge, rng.randrange(30, 65))
        )
        cold = ReadingForm(freezer, -rng.randrange(185, 215))
        if back == 1:
            day_end.record_day_end(
                at, DayEndForm(True, True, "Le pain arrive demain à 9 h.\nClé de la réserve à l'accueil.", (warm, cold))
            )
        else:
            cold_chain.record_readings(at, (warm, cold))
    _allergens(desk)
    _set_aside(desk)


def _allergens(desk: Desk) -> None:
    told = {"Pain": (Allergen.GLUTEN,), "Brioche": (Allergen.GLUTEN, Allergen.EGGS, Allergen.MILK), "Pâtes": (Allergen.GLUTEN,),
            "Lait": (Allergen.MILK,), "Farine": (Allergen.GLUTEN,)}  # fmt: skip
    for row in allergens.allergen_rows(desk):
        present = told.get(row.name.split(" ")[0])
        if present is not None:
            known = dict.fromkeys(Allergen, Presence.ABSENT) | dict.fromkeys(present, Presence.PRESENT)
            allergens.save_allergens(desk, row.article, known)


def _set_aside(desk: Desk) -> None:
    """Receive a crate of an article of its own and set it aside: nothing else of the shelves is touched."""
    family = next(f.id for f in stock.families(desk) if f.code == "SUC")
    article = catalogue.save_article(
        desk, ArticleForm(family or 0, "Compote de pommes 4 × 100 g", SoldBy.PIECE, 400, 120, codes=("3000000000885",))
    )
    line = ReceivedLine(pieces=18, article_id=article, lot_code="L2417")
    receive.record_reception(desk, ReceptionForm(Origin.PICKUP, (line,)))
    with desk.db.read() as session:
        lot = session.scalars(select(Lot.id).where(Lot.article_id == article)).one()
    recalls.quarantine_lot(desk, lot, "Le magasin annonce un rappel, fiche attendue")
