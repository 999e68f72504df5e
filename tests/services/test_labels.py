"""The layouts of the donors' labels on a real database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.services import labels
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.labels import LayoutForm
from epicerie_desktop.support.errors import BadInput, Stale


def test_each_donor_has_its_layouts_and_none_is_supposed_at_first(desk: Desk) -> None:
    assert labels.label_rules(desk) == labels.LabelRules((), None)
    labels.save_layout(desk, LayoutForm("Halle", "21 iiiii wwwww c"))
    second = labels.save_layout(desk, LayoutForm("Marché", "02IIIIIPPPPPC", unit_price_cents_per_kg=150))
    assert labels.label_rules(desk).layouts == (
        Layout("21IIIIIWWWWWC", source="Halle"), Layout("02IIIIIPPPPPC", 150, source="Marché")
    )  # fmt: skip
    labels.drop_layout(desk, second)
    assert [form.source for form in labels.layouts_of(desk)] == ["Halle"]


def test_what_is_wrong_or_known_is_refused_and_the_second_to_change_it_is_told(desk: Desk) -> None:
    first = labels.save_layout(desk, LayoutForm("Halle", "21IIIIIWWWWWC"))
    for wrong in (
        LayoutForm("", "21IIIIIWWWWWC"),
        LayoutForm("Halle", "21IIIIIWWWWWC"),
        LayoutForm("X", "30IIIIIWWWWWC"),
    ):
        with pytest.raises(BadInput):
            labels.save_layout(desk, wrong)
    (kept,) = labels.layouts_of(desk)
    labels.save_layout(desk, replace(kept, step=10))
    with pytest.raises(Stale):
        labels.save_layout(desk, kept)
    assert first == kept.id


def test_the_rules_of_a_country_apply_only_where_it_is_named(desk: Desk) -> None:
    labels.set_region(desk, "DE")
    assert labels.label_rules(desk).region == "DE"
    labels.set_region(desk, None)
    assert labels.label_rules(desk).region is None
    with pytest.raises(BadInput):
        labels.set_region(desk, "FR")
