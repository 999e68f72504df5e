"""The demonstration's work ahead: a parcel type in two sizes, an order that waits today, two stocks that are watched."""

from __future__ import annotations

import uuid

from epicerie_desktop.domain.basket import Basket, SoldBy
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted, filled
from epicerie_desktop.services import features
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.queries.reorder import MinimumForm
from epicerie_desktop.services.stock import reorder
from epicerie_desktop.services.till import orders, parcels
from epicerie_desktop.services.till.parcels import ParcelTypeForm


def prepare(desk: Desk) -> None:
    """Switch on what is prepared ahead, what is watched, cheques and cards; prepare one of each that waits."""
    for code in ("parcel_types", "orders", "last_visit", "emergency", "collectors", "minimums", "fair_share", "means"):
        features.save_feature(desk, code, True)
    offers = counter.price_list(desk).offers
    dry = [o for o in offers.values() if o.sold_by is SoldBy.PIECE and o.food and not o.chilled and o.reference_cents][
        :4
    ]
    sizes = (
        ParcelSize(1, tuple(Wanted(o.id, 1) for o in dry)),
        ParcelSize(4, tuple(Wanted(o.id, 3) for o in dry)),
    )
    parcels.save_parcel_type(desk, ParcelTypeForm("Colis sec", sizes))
    for offer in dry[:2]:
        reorder.save_minimum(desk, MinimumForm(SoldBy.PIECE, 2, pack=12, article_id=offer.id))
    home = next(reversed(counter.expected_this_week(desk)), None)
    if home is not None and dry:
        visit = counter.open_visit(desk, home.id)
        basket, _ = filled(Basket(str(uuid.uuid4()), visit.participation_permille), sizes[0].wanted, offers)
        orders.prepare_order(desk, home.id, desk.clock.today(), basket)
