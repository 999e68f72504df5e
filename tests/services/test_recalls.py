"""A recall: what it means is set aside at once, never sold by guess, always recorded; the households are found, sure apart from maybe."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from epicerie_desktop.domain.basket import Basket
from epicerie_desktop.domain.dates import Precision
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.recalls import Certainty
from epicerie_desktop.domain.stock import DateKind, Origin, Place
from epicerie_desktop.persistence.models import Lot, Repacking, StockMove
from epicerie_desktop.services import safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, reserve
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.services.queries import counter, stock
from epicerie_desktop.services.queries.recalls import drill_receivers, recall_sheet, recalls_view, receivers_of
from epicerie_desktop.services.safety import recall_papers, recalls
from epicerie_desktop.services.stock import catalogue, moves, receive, repack
from epicerie_desktop.services.stock.receive import ReceivedLine, ReceptionForm
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account

PEAS = "3017620422003"


def sheet(*products: list[str], number: str = "2026-11-0001", **more: object) -> dict[str, object]:
    flat = [item for i, p in enumerate(products) for item in ([f"|{p[0]}", *p[1:]] if i else p)]
    return {
        "numero_fiche": number, "numero_version": 1, "marque_produit": "Jardin Clair", "libelle": "Petits pois",
        "identification_produits": flat, "motif_rappel": "Présence de morceaux de verre", "date_publication": "2026-11-19",
    } | more  # fmt: skip


def brought(desk: Desk, tmp_path: Path, *sheets: dict[str, object]) -> recalls.ImportDone:
    path = tmp_path / "rappelconso.json"
    path.write_text(json.dumps(sheets), "utf-8")
    return recalls.import_recalls(desk, path)


def arrive(
    shop: SmallShop, code: str = "", limit: date | None = None, *, on: date | None = None, pieces: int = 10
) -> int:
    kind = DateKind.BEST_BEFORE if limit else DateKind.NONE
    line = ReceivedLine(pieces=pieces, article_id=shop.peas, date_kind=kind, limit_on=limit, lot_code=code)
    receive.record_reception(shop.desk, ReceptionForm(Origin.DONATION, (line,), day=on))
    with shop.desk.db.read() as session:
        return max(session.query(Lot.id).where(Lot.article_id == shop.peas).all())[0]


def basket(shop: SmallShop, pieces: int = 2) -> Basket:
    offer = counter.price_list(shop.desk).offers[shop.peas]
    return Basket(str(uuid.uuid4()), 100).with_pieces(str(uuid.uuid4()), offer, pieces)


def take(shop: SmallShop, household: int, *, day: date | None = None, lot: int | None = None) -> sell.Receipt:
    desk = shop.desk if day is None else replace(shop.desk, clock=FrozenClock.on(day))
    made = basket(shop)
    made = replace(made, lines=tuple(replace(n, lot=lot) for n in made.lines))
    return sell.record_sale(desk, household, made, sell.PaymentForm(made.paid_cents), override="essai", day=day)


def another(desk: Desk, last: str) -> int:
    return enrol.save_household(desk, HouseholdForm((MemberForm(last, "Anh", Link.HOLDER),), phone="06 11 22 33 44"))


@pytest.mark.parametrize(
    ("product", "lot", "limit", "expected"),
    [
        ([PEAS, "tous les lots", "non concerné", ""], "", None, Certainty.CERTAIN),
        ([PEAS, "lot L 12-34", "non concerné", ""], "1234", None, Certainty.CERTAIN),
        ([PEAS, "l1234", "non concerné", ""], "LOT 1234", None, Certainty.CERTAIN),
        ([PEAS, "L99", "date de durabilité minimale", "2027-03-01", "2027-03-31"], "", date(2027, 3, 15), Certainty.CERTAIN),
        ([PEAS, "L99", "date de durabilité minimale", "2027-03-01"], "", date(2027, 3, 2), None),
        ([PEAS, "L99", "non concerné", ""], "L98", None, None),
        ([PEAS, "L99", "non concerné", ""], "", None, Certainty.TO_VERIFY),
        ([PEAS, "lot", "non concerné", ""], "L98", None, Certainty.TO_VERIFY),
        (["", "L99", "non concerné", ""], "L99", None, None),
        (["3250390398028", "tous les lots", "non concerné", ""], "", None, None),
    ],
)  # fmt: skip
def test_a_lot_is_meant_for_sure_to_verify_or_not(
    small_shop: SmallShop, tmp_path: Path, product: list[str], lot: str, limit: date | None, expected: Certainty | None
) -> None:
    mine = arrive(small_shop, lot, limit)
    brought(small_shop.desk, tmp_path, sheet(product, libelle="Autre chose", marque_produit="Autre"))
    rows = {r.lot.id: r.certainty for r in recalls_view(small_shop.desk).aside}
    assert rows.get(mine) is expected


@pytest.mark.parametrize(
    ("told", "limit", "precision", "expected"),
    [
        (["11/2027"], date(2027, 11, 14), Precision.DAY, Certainty.CERTAIN),
        (["11/2027"], date(2027, 11, 30), Precision.MONTH, Certainty.CERTAIN),
        (["nov. 2027"], date(2027, 12, 1), Precision.DAY, None),
        (["2027-10", "11/2027"], date(2027, 11, 30), Precision.MONTH, Certainty.CERTAIN),
        (["2027-11-12"], date(2027, 11, 30), Precision.MONTH, Certainty.TO_VERIFY),
        (["2027-11-01", "2027-11-30"], date(2027, 11, 30), Precision.MONTH, Certainty.CERTAIN),
        (["2027-10-12"], date(2027, 11, 30), Precision.MONTH, None),
        (["11/2027"], date(2027, 12, 31), Precision.YEAR, Certainty.TO_VERIFY),
        (["2027"], date(2027, 11, 30), Precision.MONTH, Certainty.CERTAIN),
    ],
)  # fmt: skip
def test_a_month_on_the_pack_or_on_the_sheet_is_all_its_days(
    small_shop: SmallShop,
    tmp_path: Path,
    told: list[str],
    limit: date,
    precision: Precision,
    expected: Certainty | None,
) -> None:
    line = ReceivedLine(
        pieces=10, article_id=small_shop.peas, date_kind=DateKind.BEST_BEFORE, limit_on=limit, precision=precision
    )
    receive.record_reception(small_shop.desk, ReceptionForm(Origin.DONATION, (line,)))
    brought(small_shop.desk, tmp_path, sheet([PEAS, "L99", "date de durabilité minimale", *told]))
    rows = {r.lot.limit_on: r.certainty for r in recalls_view(small_shop.desk).aside}
    assert rows.get(limit) is expected


def test_goods_without_lot_are_meant_by_the_day_they_came(small_shop: SmallShop, tmp_path: Path) -> None:
    today = small_shop.today
    before, during, after = (arrive(small_shop, on=today - timedelta(days=n)) for n in (200, 100, 10))
    window = {"date_debut_commercialisation": str(today - timedelta(days=110)), "date_date_fin_commercialisation": str(today - timedelta(days=90))}  # fmt: skip
    brought(small_shop.desk, tmp_path, sheet([PEAS, "L99", "non concerné", ""], **window))
    aside = {r.lot.id for r in recalls_view(small_shop.desk).aside}
    assert during in aside
    assert not {before, after} & aside


def test_what_is_set_aside_is_not_sold_by_guess_and_what_is_in_the_bag_is_recorded(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    first = next(r for r in [arrive(small_shop, "L1")])
    done = brought(desk, tmp_path, sheet([PEAS, "tous les lots", "non concerné", ""]))
    assert (done.certain, done.to_verify) == (2, 0)
    prices = counter.price_list(desk)
    assert small_shop.peas in prices.held_back
    assert small_shop.peas not in prices.stock.lots
    take(small_shop, small_shop.household)
    with desk.db.read() as session:
        aside = {r.lot.id for r in recalls_view(desk).aside}
        assert all(session.get_one(Lot, n).balance_pieces > 0 for n in aside), "the guess opened another lot"
    take(small_shop, small_shop.household, lot=first)
    with desk.db.read() as session:
        assert session.get_one(Lot, first).balance_pieces == 8, "a pack named was recorded from its lot"
    assert safeguard.verify_file(desk) == ()


def test_an_arrival_after_the_list_is_set_aside_at_once(small_shop: SmallShop, tmp_path: Path) -> None:
    brought(small_shop.desk, tmp_path, sheet([PEAS, "L77", "non concerné", ""]))
    mine = arrive(small_shop, "L77")
    assert {r.lot.id: r.certainty for r in recalls_view(small_shop.desk).aside}[mine] is Certainty.CERTAIN


def test_what_was_made_of_a_recalled_lot_is_set_aside_with_it_and_nothing_set_aside_is_repacked(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    sack, other = arrive(small_shop, "L77"), arrive(small_shop, "K12")

    def repacked(pieces: int, *lots: int) -> int:
        taken = tuple(repack.Taken(lot, pieces=pieces) for lot in lots)
        made = repack.Made(small_shop.milk, 4, pieces * 400 * len(lots), DateKind.USE_BY, small_shop.today)
        repack.record_repacking(desk, repack.RepackForm(taken, (made,)))
        return int(max(lot.id for lot in _lots(desk, small_shop.milk)))

    bags, undone = repacked(3, sack), repacked(1, sack)
    with desk.db.read() as session:
        (last,) = session.scalars(select(Repacking.id).order_by(Repacking.id.desc()).limit(1))
    repack.undo_repacking(desk, last)
    mixed, apart = repacked(2, sack, other), repacked(2, other)
    brought(desk, tmp_path, sheet([PEAS, "L77", "non concerné", ""]))
    aside = {r.lot.id: r.certainty for r in recalls_view(desk).aside}
    assert {lot: aside.get(lot) for lot in (sack, bags, mixed, undone, apart)} == {
        sack: Certainty.CERTAIN, bags: Certainty.CERTAIN, mixed: Certainty.TO_VERIFY, undone: None, apart: None,
    }  # fmt: skip
    with pytest.raises(BadInput, match="mis de côté"):
        repacked(1, sack)
    assert safeguard.verify_file(desk) == ()


def test_a_quarantine_is_lifted_by_the_team_with_a_reason_and_the_same_list_does_not_bring_it_back(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    listed = sheet([PEAS, "tous les lots", "non concerné", ""])
    brought(desk, tmp_path, listed)
    (row,) = recalls_view(desk).aside
    with pytest.raises(RuleRefused, match="équipe"):
        recalls.lift_quarantine(an_account(desk, "Sam", "VOLUNTEER"), row.id, "vérifié")
    with pytest.raises(BadInput, match="pourquoi"):
        recalls.lift_quarantine(desk, row.id, "  ")
    recalls.lift_quarantine(desk, row.id, "Le magasin confirme un autre lot")
    with pytest.raises(RuleRefused, match="déjà levée"):
        recalls.lift_quarantine(desk, row.id, "encore")
    assert brought(desk, tmp_path, listed).certain == 0
    view = recalls_view(desk)
    assert view.aside == ()
    assert view.lifted[0].lifted_for == "Le magasin confirme un autre lot"
    assert counter.price_list(desk).held_back == {}


def test_the_households_are_sure_while_only_that_lot_was_there_and_may_have_afterwards(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk, today = small_shop.desk, small_shop.today
    with desk.db.write() as session:  # the lot of the small shop becomes older
        session.query(Lot).where(Lot.article_id == small_shop.peas).update({"code": "OLD"})
    (old,) = [r.id for r in _lots(desk, small_shop.peas)]
    sure, maybe, never = small_shop.household, another(desk, "Nguyen"), another(desk, "Petit")
    cancelled = take(small_shop, never)
    sell.cancel_sale(desk, cancelled.sale, "essai")
    take(small_shop, sure)
    brought(desk, tmp_path, sheet([PEAS, "OLD", "non concerné", ""]))
    (row,) = recalls_view(desk).aside
    told = receivers_of(desk, row.id)
    assert [(r.household, r.certain, r.pieces) for r in told] == [(sure, True, 2)]
    assert told[0].phone == "04 71 60 00 00"
    arrive(small_shop, "NEW")
    recalls.lift_quarantine(desk, row.id, "essai")
    take(small_shop, maybe)
    found = {r.household: r.certain for r in drill_receivers(desk, old)}
    assert found == {sure: False, maybe: False}, "two lots the same day: nobody can tell"
    tomorrow = replace(desk, clock=FrozenClock.on(today + timedelta(days=1)))
    assert {r.household for r in drill_receivers(tomorrow, old)} == {sure, maybe}


def _lots(desk: Desk, article: int) -> list[Lot]:
    with desk.db.read() as session:
        found = session.query(Lot).where(Lot.article_id == article).all()
        session.expunge_all()
        return found


def test_a_volunteer_calls_by_first_name_and_a_reserved_file_says_whom_to_see(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    (lot,) = _lots(desk, small_shop.peas)
    take(small_shop, small_shop.household)
    volunteer = an_account(desk, "Sam", "VOLUNTEER")
    (row,) = drill_receivers(volunteer, lot.id)
    assert (row.name, row.phone) == ("Fátima D.", "04 71 60 00 00")
    assert drill_receivers(desk, lot.id)[0].name == "D'Almeida Fátima"
    reserve.reserve(desk, small_shop.household, [desk.actor.id])
    (row,) = drill_receivers(volunteer, lot.id)
    assert row.name.endswith("voir Camille")
    assert (row.number, row.phone) == ("1-0001", "")


def test_an_exercise_says_how_long_it_took_and_sets_nothing_aside(small_shop: SmallShop) -> None:
    desk = small_shop.desk
    (lot,) = _lots(desk, small_shop.peas)
    take(small_shop, small_shop.household)
    drill = recalls.record_drill(desk, lot.id, desk.clock.now() - timedelta(seconds=95))
    assert (drill.seconds, drill.certain, drill.possible) == (95, 1, 0)
    view = recalls_view(desk)
    assert view.aside == ()
    assert view.drill is not None
    assert view.drill.seconds == 95


def test_a_sheet_without_number_only_suggests_and_a_no_is_remembered(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    nameless = sheet(["", "L5", "non concerné", ""], marque_produit="Petits", libelle="pois extra fins")
    brought(desk, tmp_path, nameless)
    view = recalls_view(desk)
    assert view.aside == ()
    (row,) = view.suggested
    assert row.lot.article_id == small_shop.peas
    recalls.dismiss_suggestion(desk, row.recall or 0, row.lot.id)
    assert recalls_view(desk).suggested == ()


def test_the_age_of_the_list_is_told_and_a_wrong_file_writes_nothing(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    assert recalls_view(desk).last is None
    brought(desk, tmp_path, sheet([PEAS, "tous les lots", "non concerné", ""]))
    later = replace(desk, clock=FrozenClock.on(small_shop.today + timedelta(days=9)))
    last = recalls_view(later).last
    assert last is not None
    assert (last.days, last.old, last.latest_on, last.sheets) == (9, True, date(2026, 11, 19), 1)
    other = tmp_path / "tickets.csv"
    other.write_text("a;b\n1;2\n", "utf-8")
    with pytest.raises(BadInput, match="rappels"):
        recalls.import_recalls(desk, other)
    assert recalls_view(later).last == last
    found, lots = recall_sheet(desk, recalls_view(desk).aside[0].recall or 0)
    assert (found.reason, [n.article_id for n in lots]) == ("Présence de morceaux de verre", [small_shop.peas])


def test_the_stock_shows_what_is_set_aside(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    brought(desk, tmp_path, sheet([PEAS, "tous les lots", "non concerné", ""]))
    assert {n.article_id for n in stock.lots_in_stock(desk) if n.aside} == {small_shop.peas}


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(p.extract_text() for p in pages).replace("\u00a0", " ").split())


def test_the_notice_names_the_pack_and_nobody_and_the_call_list_whom_to_call(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    lot = _lots(desk, small_shop.peas)[0].id
    take(small_shop, small_shop.household)
    advice = {
        "conduites_a_tenir_par_le_consommateur": "Ne plus consommer|Rapporter le produit",
        "risques_encourus": "blessures",
    }
    brought(
        desk,
        tmp_path,
        sheet([PEAS, "tous les lots", "date de durabilité minimale", "2027-01-02", "2027-03-04"], **advice),
    )
    (row,) = recalls_view(desk).aside
    notice = words_of(recall_papers.notice_pdf(desk, row))
    for told in ("Jardin Clair Petits pois", "Ne consommez pas", "tous les lots", "du 02/01/2027 au 04/03/2027", "morceaux de verre",
                 "blessures", "Ne plus consommer, Rapporter"):  # fmt: skip
        assert told in notice, told
    assert "Almeida" not in notice
    assert "04 71 60" not in notice
    calls = words_of(recall_papers.call_list_pdf(desk, row))
    for told in (
        "Ont reçu ce lot (1)",
        "1-0001",
        "D'Almeida Fátima",
        "04 71 60 00 00",
        "2 p.",
        "Ont peut-être reçu ce lot (0)",
    ):
        assert told in calls.replace("’", "'"), told
    volunteer = words_of(recall_papers.call_list_pdf(an_account(desk, "Sam", "VOLUNTEER"), row))
    assert "Almeida" not in volunteer
    assert "EXERCICE" in words_of(recall_papers.drill_list_pdf(desk, lot, "Petits pois"))


def test_a_code_told_later_sets_aside_what_was_already_there(small_shop: SmallShop, tmp_path: Path) -> None:
    desk = small_shop.desk
    brought(desk, tmp_path, sheet(["3250390398028", "tous les lots", "non concerné", ""]))
    assert recalls_view(desk).aside == ()
    catalogue.attach_code(desk, small_shop.milk, "3250390398028")
    assert [r.lot.article_id for r in recalls_view(desk).aside] == [small_shop.milk]


def test_bags_carried_to_another_place_are_set_aside_with_the_sack_they_were_made_of(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    desk = small_shop.desk
    sack = arrive(small_shop, "L77")
    made = repack.Made(small_shop.milk, 4, 1_200, DateKind.USE_BY, small_shop.today)
    repack.record_repacking(desk, repack.RepackForm((repack.Taken(sack, pieces=3),), (made,)))
    bags = max(lot.id for lot in _lots(desk, small_shop.milk))
    there = moves.move_to_place(desk, bags, Place.FREEZER, pieces=2)
    back = moves.move_to_place(desk, bags, Place.COLD_ROOM, pieces=1)
    with desk.db.read() as session:
        last = session.scalars(select(StockMove.id).order_by(StockMove.id.desc()).limit(1)).one()
    moves.undo_move(desk, last)
    brought(desk, tmp_path, sheet([PEAS, "L77", "non concerné", ""]))
    aside = {r.lot.id: r.certainty for r in recalls_view(desk).aside}
    assert {lot: aside.get(lot) for lot in (bags, there, back)} == {
        bags: Certainty.CERTAIN, there: Certainty.CERTAIN, back: None,
    }  # fmt: skip


def test_undoing_carries_nothing_out_of_quarantine(small_shop: SmallShop) -> None:
    desk, peas = small_shop.desk, arrive(small_shop)
    there = moves.move_to_place(desk, peas, Place.RESERVE, pieces=4)
    recalls.quarantine_lot(desk, there, "cartons mouillés")
    with desk.db.read() as session:
        last = session.scalars(select(StockMove.id).order_by(StockMove.id.desc()).limit(1)).one()
    with pytest.raises(RuleRefused, match="mis de côté"):
        moves.undo_move(desk, last)
    made = repack.Made(small_shop.milk, 4, 1_200, DateKind.USE_BY, small_shop.today)
    sorting = repack.record_repacking(desk, repack.RepackForm((repack.Taken(peas, pieces=3),), (made,)))
    recalls.quarantine_lot(desk, max(lot.id for lot in _lots(desk, small_shop.milk)), "sacs percés")
    with pytest.raises(RuleRefused, match="mis de côté"):
        repack.undo_repacking(desk, sorting)
    recalls.quarantine_lot(desk, peas, "sacs percés")
    repack.undo_repacking(desk, sorting)
    assert safeguard.verify_file(desk) == ()


def test_an_exercise_looks_as_far_as_a_recall(small_shop: SmallShop) -> None:
    """The household served from the reserve has the same goods as the one served from the shelf."""
    desk = small_shop.desk
    (lot,) = _lots(desk, small_shop.peas)
    there = moves.move_to_place(desk, lot.id, Place.RESERVE, pieces=4)
    take(small_shop, small_shop.household)
    take(small_shop, another(desk, "Petit"), lot=there)
    drill = recalls.record_drill(desk, lot.id, desk.clock.now())
    assert (drill.certain, drill.possible) == (2, 0)
    assert len(drill_receivers(desk, lot.id)) == 2
