from __future__ import annotations

import pytest

from epicerie_desktop.services.queries import stock
from epicerie_desktop.services.safety import recalls
from epicerie_desktop.services.stock import goods_labels as service
from epicerie_desktop.support.errors import RuleRefused
from tests.printing.conftest import Read


def test_the_labels_of_an_arrival_come_from_its_lots_and_say_what_is_set_aside(small_shop):
    desk = small_shop.desk
    lots = stock.lots_in_stock(desk)
    assert lots
    text = Read(service.lot_labels_pdf(desk, lots[0].id)).text
    assert lots[0].article in text
    assert "ne pas distribuer" not in text
    recalls.quarantine_lot(desk, lots[0].id, "emballage gonflé")
    assert "ne pas distribuer" in Read(service.lot_labels_pdf(desk, lots[0].id)).text
    with pytest.raises(RuleRefused):
        service.arrival_labels_pdf(desk, 999)
    assert "Carottes" in Read(service.shelf_labels_pdf(desk, stock.catalogue(desk))).text
    with pytest.raises(RuleRefused):
        service.shelf_labels_pdf(desk, ())
