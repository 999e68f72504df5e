"""Joining a contract for good: editions, keys that change, a coordinator's file lost, posts, and shops that leave."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop.domain import contract_terms
from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.domain.contract_terms import ArticleOffered
from epicerie_desktop.domain.paper_groups import GroupMistyped
from epicerie_desktop.exchange.enrolment import EnrolmentRefused
from epicerie_desktop.exchange.keys import AgeIdentity, SigningKey
from epicerie_desktop.persistence.models import Contract, Journal
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import consolidate, custody, joining, keys, making, posts, recovery, share
from epicerie_desktop.services.contract.consolidate import Outcome
from epicerie_desktop.services.contract.joining import Standing
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import FAST, PASSPHRASE, TODAY
from tests.services.conftest import SmallShop
from tests.services.test_reserved import an_account

STARTS, ENDS = date(2026, 9, 1), date(2028, 12, 31)


@dataclass(frozen=True)
class Joined:
    """A coordinator's contract, the small shop that joined it, and both ids."""

    hub: Desk
    contract: int
    site: int
    shop: SmallShop
    own: int

    @property
    def desk(self) -> Desk:
        return self.shop.desk

    def file(self, folder: Path, site: int | None = None) -> joining.Enrolment:
        folder.mkdir(exist_ok=True)
        return joining.read_contract_file(making.write_enrolment_file(self.hub, site or self.site, folder))

    def parcel(self, folder: Path) -> bytes:
        folder.mkdir(exist_ok=True)
        return consolidate.read_parcel_file(share.export_parcel(self.desk, folder).path)


@pytest.fixture
def joined(hub: Desk, small_shop: SmallShop, tmp_path: Path) -> Joined:
    contract = making.create_contract(hub, "Contrat social 2026–2028", STARTS, ENDS)
    making.add_site(hub, contract, "SF01", "Épicerie des Quatre-Vents")
    (site,) = posts.standings(hub, contract)
    own = joining.join_contract(
        small_shop.desk, joining.read_contract_file(making.write_enrolment_file(hub, site.id, tmp_path))
    )
    return Joined(hub, contract, site.id, small_shop, own)


def serve(shop: SmallShop, grams: int = 1250) -> None:
    prices = counter.price_list(shop.desk)
    basket = Basket(str(uuid.uuid4()), 100).with_weighed(
        str(uuid.uuid4()), prices.offers[shop.carrots], grams, WeightSource.SCALE
    )
    sell.record_sale(
        shop.desk, shop.household, basket, sell.PaymentForm(basket.paid_cents), override="accord de Camille"
    )


def known(desk: Desk) -> Contract:
    with desk.db.read() as session:
        row = session.scalars(select(Contract)).one()
        session.expunge(row)
        return row


def test_the_first_file_brings_definitions_and_lists_and_offers_nothing_to_adopt(joined: Joined) -> None:
    found = joining.on_offer(joined.desk, joined.own)
    assert (found.edition, found.rulesets, found.articles, found.differing) == (1, (), (), ())
    assert {key for key, _name, _text in found.definitions} >= {"families", "persons", "visits", "grams"}
    terms = joining.terms_of(joined.desk, joined.own)
    assert {name for name, _text in terms.nomenclatures} >= {"contract_actions", "territory", "families"}


def test_a_later_edition_is_taken_without_a_paper_and_adopts_nothing_by_itself(joined: Joined, tmp_path: Path) -> None:
    desk = joined.desk
    text = ruleset_text("mende").replace("valid_from = 20", "valid_from = 20", 1)
    offered = contract_terms.parse_articles(
        "nom;famille;vente;poids net\nLentilles blondes;FEC;piece;500\nFlan;XXX;piece;\n"
    )
    families = {f.code for f in _families(desk)}
    assert offered[0].family in families, "the control: the shop has this family"
    assert making.publish_terms(joined.hub, joined.contract, rulesets=(("Mende", text),), articles=offered) == 2
    file = joined.file(tmp_path / "2")
    assert joining.standing_of(desk, file) is Standing.LATER
    before = known(desk).signing_key
    custody.take_counting_key(desk, joined.own, sheet := custody.draw_counting_key())
    joining.take_edition(desk, file)
    joining.take_edition(desk, file)
    assert (known(desk).edition, known(desk).signing_key) == (2, before)
    assert custody.counting_key_number(desk, joined.own) == custody.check_counting_key(sheet)
    with desk.db.read() as session:
        assert len(session.scalars(select(Journal.seq).where(Journal.kind == "contract.edition")).all()) == 1
    found = joining.on_offer(desk, joined.own)
    assert found.rulesets == (("Mende", False),)
    assert ([a.name for a in found.articles], found.unplaced) == (["Lentilles blondes"], ("Flan",))
    for form in found.articles:
        catalogue.save_article(desk, form)
    assert joining.on_offer(desk, joined.own).articles == ()
    assert "name" in joining.offered_ruleset(desk, joined.own, "Mende")
    with pytest.raises(RuleRefused, match="ne propose pas"):
        joining.offered_ruleset(desk, joined.own, "Amiens")


def _families(desk: Desk) -> list[joining.Family]:
    with desk.db.read() as session:
        rows = list(session.scalars(select(joining.Family)))
        session.expunge_all()
        return rows


def test_an_earlier_edition_another_shop_s_file_and_a_coordinator_s_file_are_refused(
    joined: Joined, tmp_path: Path
) -> None:
    first = joined.file(tmp_path / "1")
    making.publish_terms(joined.hub, joined.contract)
    joining.take_edition(joined.desk, joined.file(tmp_path / "2"))
    assert joining.standing_of(joined.desk, first) is Standing.EARLIER
    with pytest.raises(RuleRefused, match=r"rien n.a changé"):
        joining.take_edition(joined.desk, first)
    making.add_site(joined.hub, joined.contract, "MU01", "Épicerie de Murat")
    other = next(s.id for s in posts.standings(joined.hub, joined.contract) if s.code == "MU01")
    with pytest.raises(RuleRefused, match="MU01"):
        joining.take_edition(joined.desk, joined.file(tmp_path / "3", other))
    volunteer = an_account(joined.desk, role="VOLUNTEER")
    for refused in (joining.join_contract, joining.take_edition):
        with pytest.raises(RuleRefused, match="coordination"):
            refused(joined.hub, first)
        with pytest.raises(RuleRefused, match="équipe"):
            refused(volunteer, first)
    assert known(joined.desk).edition == 2


def test_a_stolen_key_vouches_for_nothing_and_a_new_paper_is_compared(joined: Joined, tmp_path: Path) -> None:
    keys.rotate_keys(joined.hub, joined.contract, "ordinateur volé", stolen=True)
    file = joined.file(tmp_path / "2")
    assert joining.standing_of(joined.desk, file) is Standing.PAPER
    with pytest.raises(RuleRefused, match="fiche neuve"):
        joining.take_edition(joined.desk, file)
    assert known(joined.desk).edition == 1
    joining.take_edition(joined.desk, file, compared=True)
    assert known(joined.desk).verify_key == file.verify_key
    stranger = SigningKey.generate()
    forged = replace(file, edition=9, verify_key=stranger.verify_key.raw, recipient=AgeIdentity.generate().recipient)
    assert joining.standing_of(joined.desk, forged) is Standing.PAPER, "anyone may sign a file"


@pytest.fixture
def fresh_hub(tmp_path: Path) -> Iterator[Desk]:
    shop = opening.NewShop("Coordination", "COORD", "Dominique", kind=opening.COORDINATOR)
    (tmp_path / "fresh").mkdir()
    opening.create_shop(tmp_path / "fresh" / "hub.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    desk = opening.open_desk(tmp_path / "fresh" / "hub.db", PASSPHRASE, FrozenClock.on(TODAY))
    yield desk
    desk.db.close()


def test_a_contract_made_again_from_its_sheet_finds_the_same_totals(
    joined: Joined, fresh_hub: Desk, tmp_path: Path
) -> None:
    serve(joined.shop)
    consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / "a"))
    serve(joined.shop, 450)
    last = joined.parcel(tmp_path / "b")
    consolidate.accept_parcel(joined.hub, last)
    wanted = consolidate.contract_totals(joined.hub, joined.contract, "2026-09", "2028-12")
    assert wanted.grams == 1700
    sheet = groups_of(recovery.recovery_sheet_pdf(joined.hub, joined.contract))
    assert recovery.read_recovery_sheet(sheet).number == making.contract_card(joined.hub, joined.contract).number
    groups = sheet.split()
    groups[30] = groups[30][:3] + ("7" if groups[30][3] != "7" else "8")
    with pytest.raises(GroupMistyped) as slip:
        recovery.restore_contract(fresh_hub, " ".join(groups), "Contrat")
    assert slip.value.rank == 30
    assert consolidate.list_contracts(fresh_hub) == ()
    made = recovery.restore_contract(fresh_hub, sheet, "Contrat social 2026–2028")
    making.add_site(fresh_hub, made, "SF01", "Épicerie des Quatre-Vents", number=1)
    assert consolidate.accept_parcel(fresh_hub, last).outcome is Outcome.NEW
    assert consolidate.contract_totals(fresh_hub, made, "2026-09", "2028-12") == wanted
    again = Joined(fresh_hub, made, posts.standings(fresh_hub, made)[0].id, joined.shop, joined.own)
    file = again.file(tmp_path / "again")
    assert joining.standing_of(joined.desk, file) is Standing.LATER, "the keys are the same: no paper"
    assert file.fingerprint == joined.file(tmp_path / "before").fingerprint
    with pytest.raises(RuleRefused, match="déjà ici"):
        recovery.restore_contract(fresh_hub, sheet, "Contrat")
    with pytest.raises(RuleRefused, match="coordination"):
        recovery.restore_contract(joined.desk, sheet, "Contrat")


def groups_of(pdf: bytes) -> str:
    """The groups of a sheet, as an eye copies them."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        words = document[0].get_textpage().get_text_range().split()
    start = words.index("EPCR")
    return " ".join([w for w in words[start:] if len(w) == 4 and (w.isupper() or w.isdigit())][:49])


def test_two_posts_of_one_shop_send_in_turn_each_with_its_own_numbers_and_key(joined: Joined, tmp_path: Path) -> None:
    shop = opening.NewShop("Épicerie des Quatre-Vents", "SF01", "Camille", post=2)
    (tmp_path / "second").mkdir()
    opening.create_shop(tmp_path / "second" / "shop.db", shop, PASSPHRASE, FrozenClock.on(TODAY), cost=FAST)
    second = opening.open_desk(tmp_path / "second" / "shop.db", PASSPHRASE, FrozenClock.on(TODAY))
    try:
        assert second.post.number == 2
        joining.join_contract(second, joined.file(tmp_path / "same-file"))
        reports = []
        for n in (1, 2):
            serve(joined.shop, 100 * n)
            reports.append(consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / f"one{n}")))
            (tmp_path / f"two{n}").mkdir()
            written = share.export_parcel(second, tmp_path / f"two{n}")
            reports.append(consolidate.accept_parcel(joined.hub, consolidate.read_parcel_file(written.path)))
    finally:
        second.db.close()
    assert [(r.outcome, r.post, r.seq) for r in reports] == [
        (Outcome.NEW, 1, 1), (Outcome.NEW, 2, 1), (Outcome.NEW, 1, 2), (Outcome.NEW, 2, 2)
    ]  # fmt: skip
    rows = posts.list_posts(joined.hub, joined.contract)
    assert [(p.post, p.last_seq) for p in rows] == [(1, 2), (2, 2)]
    assert len({p.fingerprint for p in rows}) == 2
    assert consolidate.contract_totals(joined.hub, joined.contract, "2026-09", "2028-12").grams == 300


def test_one_person_in_both_roles_is_told_what_pseudonyms_are_then_worth(hub: Desk) -> None:
    contract = making.create_contract(hub, "Contrat", STARTS, ENDS, same_person=True)
    assert making.contract_card(hub, contract).same_person
    assert "ne cachent rien" in making.SAME_PERSON
    making.tell_same_person(hub, contract, same_person=False)
    assert not making.contract_card(hub, contract).same_person


def test_a_list_of_articles_that_cannot_be_read_names_its_line() -> None:
    head = "nom;famille;vente;poids net\n"
    for line in ("Riz;FEC;kilo;500", "Riz;FEC;piece;-3", "Riz;FEC", ";FEC;piece;500", "Riz;FEC;piece;1,5"):
        with pytest.raises(BadInput, match="ligne 3"):
            contract_terms.parse_articles(f"{head}Blé;FEC;poids;\n{line}\n")
    with pytest.raises(BadInput):
        contract_terms.parse_articles("")
    assert contract_terms.parse_articles(head + "Blé;FEC;poids;\n") == (ArticleOffered("Blé", "FEC", SoldBy.WEIGHT),)


def test_a_file_that_is_not_a_contract_s_says_so(tmp_path: Path) -> None:
    path = tmp_path / "photo.epic-contrat"
    for content in (b"", b"EPICC1", b"\x89PNG" * 50, b"EPICC1" + bytes(200)):
        path.write_bytes(content)
        with pytest.raises(EnrolmentRefused, match="demandez-en une nouvelle copie"):
            joining.read_contract_file(path)


def test_a_ruleset_on_offer_is_adopted_as_any_other(joined: Joined, tmp_path: Path) -> None:
    text = rulesets_to_come()
    making.publish_terms(joined.hub, joined.contract, rulesets=(("Commun", text),))
    joining.take_edition(joined.desk, joined.file(tmp_path / "2"))
    adopted = rulesets.adopt_ruleset(joined.desk, joining.offered_ruleset(joined.desk, joined.own, "Commun"))
    assert adopted.valid_from == date(2027, 1, 1)
    assert joining.on_offer(joined.desk, joined.own).rulesets == (("Commun", True),)
    with pytest.raises(BadInput):
        making.publish_terms(joined.hub, joined.contract, rulesets=(("Faux", "name = 3"),))


def rulesets_to_come() -> str:
    """A published règlement, from a day to come."""
    import re

    return re.sub(r"valid_from = .*", "valid_from = 2027-01-01", ruleset_text("reste-a-vivre"), count=1)


def test_keys_that_change_are_taken_without_a_paper_and_former_parcels_still_open(
    joined: Joined, tmp_path: Path
) -> None:
    serve(joined.shop)
    old_parcel = joined.parcel(tmp_path / "a")
    for n in (2, 3):
        assert keys.rotate_keys(joined.hub, joined.contract, "changement d'ordinateur") == n
    assert consolidate.accept_parcel(joined.hub, old_parcel).outcome is Outcome.NEW
    serve(joined.shop, 300)
    assert consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / "b")).outcome is Outcome.NEW, (
        "sealed for the first key"
    )
    file = joined.file(tmp_path / "3")
    assert joining.standing_of(joined.desk, file) is Standing.LATER, "two changes at once: the first key still vouches"
    joining.take_edition(joined.desk, file)
    serve(joined.shop, 200)
    assert consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / "c")).outcome is Outcome.NEW
    assert [k.vouches for k in keys.former_keys(joined.hub, joined.contract)] == [True, True]
    assert making.contract_card(joined.hub, joined.contract).old_keys == 2
    with pytest.raises(BadInput):
        keys.rotate_keys(joined.hub, joined.contract, "  ")


def test_a_second_key_opens_the_parcels_too(joined: Joined, tmp_path: Path) -> None:
    spare = AgeIdentity.generate()
    making.keep_spare_key(joined.hub, joined.contract, spare.recipient)
    joining.take_edition(joined.desk, joined.file(tmp_path / "2"))
    serve(joined.shop)
    data = joined.parcel(tmp_path / "a")
    from epicerie_desktop.exchange.parcel import open_parcel, read_header

    uid = read_header(data).contract
    assert open_parcel(data, spare, expected_contract=uid, verify_key=None).header.seq == 1
    assert consolidate.accept_parcel(joined.hub, data).accepted
    assert making.contract_card(joined.hub, joined.contract).spare == spare.fingerprint
    with pytest.raises(BadInput):
        making.keep_spare_key(joined.hub, joined.contract, "age1faux")


def test_a_post_replaced_brings_another_signature_to_confirm(joined: Joined, tmp_path: Path) -> None:
    serve(joined.shop)
    stolen = joined.parcel(tmp_path / "a")
    assert consolidate.accept_parcel(joined.hub, stolen).first_signature
    (post,) = posts.list_posts(joined.hub, joined.contract)
    (before,) = share.joined_contracts(joined.desk)
    assert posts.bears(post, before.signature)
    assert posts.standings(joined.hub, joined.contract)[0].unconfirmed == 1
    posts.confirm_post(joined.hub, post.id)
    assert posts.standings(joined.hub, joined.contract)[0].unconfirmed == 0
    with pytest.raises(BadInput):
        posts.revoke_post(joined.hub, post.id, "")
    posts.revoke_post(joined.hub, post.id, "ordinateur volé le 3")
    serve(joined.shop, 10)
    late = joined.parcel(tmp_path / "b")
    with pytest.raises(BadInput):
        consolidate.accept_parcel(joined.hub, late, reason="accord")
    with joined.desk.db.write() as session:
        # The new PC: the shop's copy brought back on it, which joins under a key of its own.
        row = session.get_one(Contract, joined.own)
        row.signing_key, row.generation = SigningKey.generate().to_bytes(), uuid.uuid4()
    report = consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / "c"), reason="ordinateur remplacé")
    assert (report.accepted, report.first_signature) == (True, True)
    rows = posts.list_posts(joined.hub, joined.contract)
    assert [(p.post, p.revoked_at is None, p.reason) for p in rows] == [
        (1, True, ""),
        (1, False, "ordinateur volé le 3"),
    ]
    with pytest.raises(RuleRefused):
        posts.confirm_post(joined.hub, post.id)


def test_a_shop_that_leaves_keeps_its_past_months_and_sends_no_later_one(joined: Joined, tmp_path: Path) -> None:
    serve(joined.shop)
    consolidate.accept_parcel(joined.hub, joined.parcel(tmp_path / "a"))
    wanted = consolidate.contract_totals(joined.hub, joined.contract, "2026-09", "2028-12")
    with pytest.raises(BadInput, match="dans le contrat"):
        posts.let_site_leave(joined.hub, joined.site, date(2029, 1, 1), "fermeture")
    with pytest.raises(BadInput):
        posts.let_site_leave(joined.hub, joined.site, TODAY, " ")
    posts.let_site_leave(joined.hub, joined.site, TODAY, "fermeture de l'épicerie")
    (left,) = posts.standings(joined.hub, joined.contract)
    assert (left.left_on, left.left_reason) == (TODAY, "fermeture de l'épicerie")
    assert consolidate.contract_totals(joined.hub, joined.contract, "2026-09", "2028-12") == wanted
    joining.leave_contract(joined.desk, joined.own, TODAY)
    later = replace(joined.desk, clock=FrozenClock.on(date(2027, 3, 2)))
    assert max(share.preview_parcel(later).months) == f"{TODAY:%Y-%m}"
    joining.stay_in_contract(joined.desk, joined.own)
    posts.take_site_back(joined.hub, joined.site)
    assert posts.standings(joined.hub, joined.contract)[0].left_on is None
    assert max(share.preview_parcel(later).months) == "2027-03"
