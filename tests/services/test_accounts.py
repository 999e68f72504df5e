"""Accounts: who opens the file, who holds the second key, and how neither is gained by the side."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence.models import Account, Journal
from epicerie_desktop.persistence.vault import WrongPassphrase
from epicerie_desktop.services import accounts, opening
from epicerie_desktop.services.accounts import AccountForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol, reserve
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.support.clock import FrozenClock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import FAST, PASSPHRASE, TODAY

VOLUNTEER, WORKER = "panier pomme lundi", "jardin tilleul mardi"


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    accounts.add_account(desk, AccountForm("Bénévoles", Role.VOLUNTEER, VOLUNTEER), PASSPHRASE, cost=FAST)
    accounts.add_account(desk, AccountForm("Awa", Role.WORKER, WORKER, social=True), PASSPHRASE, cost=FAST)
    return desk


def opened(desk: Desk, secret: str, account: str | None = None) -> Desk:
    assert desk.db.path is not None
    found = opening.open_desk(desk.db.path, secret, desk.clock, account=account)
    found.db.close()
    return found


def test_each_passphrase_opens_the_desk_of_its_account_with_its_keys(staffed: Desk) -> None:
    first, volunteer, worker = (opened(staffed, s) for s in (PASSPHRASE, VOLUNTEER, WORKER))
    assert [(d.actor.name, d.actor.role, d.social_key) for d in (first, volunteer, worker)] == [
        ("Camille", "MANAGER", staffed.social_key), ("Bénévoles", "VOLUNTEER", None), ("Awa", "WORKER", staffed.social_key),
    ]  # fmt: skip


def test_a_passphrase_does_not_open_the_account_of_another(staffed: Desk) -> None:
    with pytest.raises(WrongPassphrase):
        opened(staffed, VOLUNTEER, "Awa")


def test_a_volunteer_gains_no_key_by_changing_passphrase_nor_by_a_recovery_code(staffed: Desk) -> None:
    volunteer = opened(staffed, VOLUNTEER)
    with pytest.raises(WrongPassphrase):
        opening.change_passphrase(volunteer, WORKER, "nouvelle phrase du jour", cost=FAST)
    opening.change_passphrase(volunteer, VOLUNTEER, "nouvelle phrase du jour", cost=FAST)
    assert opened(staffed, "nouvelle phrase du jour").social_key is None
    with pytest.raises(RuleRefused, match="ouvre tout"):
        opening.renew_recovery_code(volunteer, "nouvelle phrase du jour", cost=FAST)
    with pytest.raises(RuleRefused, match="responsable"):
        accounts.add_account(
            volunteer, AccountForm("X", Role.WORKER, "une autre phrase", social=True), VOLUNTEER, cost=FAST
        )


def test_a_key_is_not_given_by_an_account_that_does_not_hold_it(staffed: Desk) -> None:
    accounts.give_up_support(staffed, PASSPHRASE, cost=FAST)
    manager = opened(staffed, PASSPHRASE)
    assert manager.social_key is None
    with pytest.raises(RuleRefused, match="ne peut pas en donner"):
        accounts.add_account(
            manager, AccountForm("X", Role.WORKER, "une autre phrase", social=True), PASSPHRASE, cost=FAST
        )
    assert [a.name for a in accounts.list_accounts(staffed)] == ["Camille", "Bénévoles", "Awa"]


def test_the_last_account_that_reads_support_keeps_its_key(desk: Desk) -> None:
    with pytest.raises(RuleRefused, match="dernier compte"):
        accounts.give_up_support(desk, PASSPHRASE, cost=FAST)
    assert opened(desk, PASSPHRASE).social_key == desk.social_key


def test_a_closed_account_opens_nothing_and_what_it_did_keeps_its_name(staffed: Desk) -> None:
    awa = next(a for a in accounts.list_accounts(staffed) if a.name == "Awa")
    accounts.close_account(staffed, awa.id)
    with pytest.raises(WrongPassphrase):
        opened(staffed, WORKER)
    assert [(a.name, a.active) for a in accounts.list_accounts(staffed)] == [
        ("Camille", True), ("Bénévoles", True), ("Awa", False),
    ]  # fmt: skip
    for mistake, told in ((awa.id, "déjà fermé"), (staffed.actor.id, "avec lequel on travaille")):
        with pytest.raises(RuleRefused, match=told):
            accounts.close_account(staffed, mistake)


def test_a_name_or_a_passphrase_is_not_taken_twice_and_a_weak_one_is_refused(staffed: Desk) -> None:
    for form, kind, told in (
        (AccountForm("bénévoles", Role.VOLUNTEER, "une autre phrase"), RuleRefused, "porte déjà"),
        (AccountForm("Léo", Role.VOLUNTEER, WORKER), RuleRefused, "ne convient pas"),
        (AccountForm("Léo", Role.VOLUNTEER, "court"), BadInput, "dix caractères"),
        (AccountForm("  ", Role.VOLUNTEER, "une autre phrase"), BadInput, "nom"),
    ):
        with pytest.raises(kind, match=told):
            accounts.add_account(staffed, form, PASSPHRASE, cost=FAST)
    assert len(accounts.list_accounts(staffed)) == 3


def test_an_account_whose_keys_could_not_be_written_does_not_exist(staffed: Desk, tmp_path: Path) -> None:
    assert staffed.db.path is not None
    lost = replace(staffed, actor=replace(staffed.actor, name="Camille"))
    keys = staffed.db.path.with_suffix(".keys.json")
    blocked = keys.with_suffix(".partial")
    blocked.mkdir()
    with pytest.raises(Exception, match="place sur le disque"):
        accounts.add_account(lost, AccountForm("Léo", Role.VOLUNTEER, "une autre phrase"), PASSPHRASE, cost=FAST)
    blocked.rmdir()
    assert "Léo" not in [a.name for a in accounts.list_accounts(staffed)]
    shutil.copy(keys, tmp_path / "still.json")
    accounts.add_account(lost, AccountForm("Léo", Role.VOLUNTEER, "une autre phrase"), PASSPHRASE, cost=FAST)
    assert opened(staffed, "une autre phrase").actor.name == "Léo"


def test_the_recovery_code_gives_an_account_no_more_than_it_held(shop_file: Path) -> None:
    path = shop_file.with_name("own.db")
    clock = FrozenClock.on(TODAY)
    code = opening.create_shop(path, opening.NewShop("Essai", "SF09", "Camille"), PASSPHRASE, clock, cost=FAST)
    desk = opening.open_desk(path, PASSPHRASE, clock)
    accounts.add_account(desk, AccountForm("Awa", Role.WORKER, WORKER, social=True), PASSPHRASE, cost=FAST)
    with pytest.raises(BadInput, match="code de secours"):
        accounts.give_up_support(desk, code, cost=FAST)
    accounts.give_up_support(desk, PASSPHRASE, cost=FAST)
    desk.db.close()
    rescued = opening.open_desk(path, code, clock, account="Camille")
    opening.change_passphrase(rescued, code, "nouvelle phrase du jour", cost=FAST)
    rescued.db.close()
    again = opening.open_desk(path, "nouvelle phrase du jour", clock)
    again.db.close()
    assert (again.actor.name, again.social_key) == ("Camille", None)


def test_an_account_asked_by_name_is_never_opened_by_the_passphrase_of_another(staffed: Desk) -> None:
    with staffed.db.write() as session:
        session.add(Account(name="Sans clé", role=Role.WORKER.value, social=True))
    with pytest.raises(RuleRefused, match="n’existe pas"):
        opened(staffed, VOLUNTEER, "Sans clé")


def test_the_only_account_a_reserved_file_is_open_to_is_not_closed(staffed: Desk) -> None:
    awa = next(a for a in accounts.list_accounts(staffed) if a.name == "Awa")
    file = enrol.save_household(staffed, HouseholdForm((MemberForm("Zarrouk", "Nawel", Link.HOLDER),)))
    reserve.reserve(staffed, file, [awa.id])
    with pytest.raises(RuleRefused, match="dossiers réservés"):
        accounts.close_account(staffed, awa.id)


def test_a_change_of_passphrase_or_recovery_code_is_in_the_journal_without_a_secret(staffed: Desk) -> None:
    new = "nouvelle phrase du jour"
    volunteer = opened(staffed, VOLUNTEER)
    opening.change_passphrase(volunteer, VOLUNTEER, new, cost=FAST)
    code = opening.renew_recovery_code(staffed, PASSPHRASE, cost=FAST)
    opening.change_passphrase(staffed, code, "une autre phrase encore", cost=FAST)
    for gesture in (
        lambda: opening.change_passphrase(staffed, "pas la bonne phrase", new, cost=FAST),
        lambda: opening.renew_recovery_code(staffed, "pas la bonne phrase", cost=FAST),
    ):
        with pytest.raises(WrongPassphrase):
            gesture()
    with staffed.db.read() as session:
        rows = session.execute(select(Journal.at, Journal.actor_id, Journal.kind, Journal.body).order_by(Journal.seq))
        told = [r for r in rows if r.kind in ("account.passphrase", "recovery.renewed")]
    me, other = staffed.actor.id, volunteer.actor.id
    assert [(r.actor_id, r.kind, r.body) for r in told] == [
        (other, "account.passphrase", f'{{"account":{other},"recovery":false}}'),
        (me, "recovery.renewed", f'{{"account":{me}}}'),
        (me, "account.passphrase", f'{{"account":{me},"recovery":true}}'),
    ]
    assert {r.at[:10] for r in told} == {TODAY.isoformat()}


def test_a_passphrase_that_could_not_be_written_is_not_told(staffed: Desk) -> None:
    assert staffed.db.path is not None
    blocked = staffed.db.path.with_suffix(".keys.partial")
    blocked.mkdir()
    for gesture in (
        lambda: opening.change_passphrase(staffed, PASSPHRASE, "nouvelle phrase du jour", cost=FAST),
        lambda: opening.renew_recovery_code(staffed, PASSPHRASE, cost=FAST),
    ):
        with pytest.raises(Exception, match="place sur le disque"):
            gesture()
    blocked.rmdir()
    with staffed.db.read() as session:
        kinds = set(session.scalars(select(Journal.kind)))
    assert not kinds & {"account.passphrase", "recovery.renewed"}
    assert opened(staffed, PASSPHRASE).actor.name == "Camille"
