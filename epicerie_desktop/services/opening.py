"""Making a shop's file and opening it: database, vault, accounts, first post. Gives the `Desk`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from epicerie_desktop.domain.shop_code import checked_shop_code
from epicerie_desktop.persistence import migrate, vault
from epicerie_desktop.persistence.database import Database
from epicerie_desktop.persistence.models import Account, Post, Shop
from epicerie_desktop.persistence.vault import Cost, Keys, Vault, WrongPassphrase
from epicerie_desktop.services import catalogue
from epicerie_desktop.services import desk as desks
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_, gettext

SHOP, COORDINATOR = "SHOP", "COORDINATOR"


@dataclass(frozen=True, slots=True)
class NewShop:
    """What a first start asks: `code` is 2 to 6 letters or figures, `account` the first person who opens it."""

    name: str
    code: str
    account: str
    kind: str = SHOP
    address: str = ""
    phone: str = ""
    manager: str = ""
    ccas: str = ""
    commune_code: str | None = None
    demo: bool = False


def create_shop(path: Path, shop: NewShop, passphrase: str, clock: Clock, *, cost: Cost = Cost()) -> str:  # noqa: B008
    """Make a shop's encrypted file and its vault at `path`; return the recovery code, shown and printed once.

    A grocery starts with the proposed families. Raises `BadInput` for an empty name, a wrong code or a weak passphrase; `EnvironmentTrouble` where a file exists.
    """
    shop = _checked(shop)
    vault.check_passphrase(passphrase)
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = vault.new_keys()
    recovery = vault.new_recovery_code()
    box = Vault.create(vault.vault_path(path))
    migrate.create(path, keys.main)
    try:
        box.put(shop.account, passphrase, keys, cost)
        box.put(vault.RECOVERY, recovery, keys, cost)
        _first_rows(path, keys, shop, clock)
    except BaseException:
        # Half a shop opens with nothing, and would forbid a second try.
        migrate.remove(path)
        vault.vault_path(path).unlink(missing_ok=True)
        raise
    return recovery


def _first_rows(path: Path, keys: Keys, shop: NewShop, clock: Clock) -> None:
    db = Database.open(path, keys.main)
    try:
        with db.write() as session:
            session.add(Post(number=1, name=gettext(N_("Poste 1"))))
            session.add(Account(name=shop.account, role="MANAGER"))
            session.flush()
            session.add(
                Shop(
                    id=1, kind=shop.kind, name=shop.name, code=shop.code, address=shop.address,
                    phone=shop.phone, manager=shop.manager, ccas=shop.ccas, commune_code=shop.commune_code,
                    demo=shop.demo, changed_at=clock.now(), changed_by=1,
                )
            )  # fmt: skip
        if shop.kind == SHOP:
            catalogue.add_default_families(desk_on(db, keys, clock))
    finally:
        db.close()


def _checked(shop: NewShop) -> NewShop:
    if not shop.name.strip():
        raise BadInput(N_("Donnez un nom à l'épicerie."))
    if not shop.account.strip():
        raise BadInput(N_("Donnez le nom de la personne qui ouvrira le programme."))
    if shop.account.strip().casefold() == vault.RECOVERY:
        # The vault keeps the recovery code under that name: the passphrase's slot would be lost.
        raise BadInput(
            N_("« {name} » ne peut pas être un nom de compte : choisissez-en un autre."), name=shop.account.strip()
        )
    return replace(shop, name=shop.name.strip(), account=shop.account.strip(), code=checked_shop_code(shop.code))


def open_keys(path: Path, secret: str) -> Keys:
    """Return the keys of a file from a passphrase or a recovery code, however it is typed.

    Raises `WrongPassphrase`, `BadInput` for a slip in a recovery code, `EnvironmentTrouble` for a damaged vault.
    """
    box = Vault.load(vault.vault_path(path))
    try:
        code = vault.as_recovery_code(secret)
        if code is not None:
            return box.open(code, vault.RECOVERY)
    except RuleRefused as slip:
        with suppress(WrongPassphrase):
            return box.open(secret)
        raise slip
    return box.open(secret)


def open_desk(path: Path, secret: str, clock: Clock | None = None, *, account: str | None = None) -> Desk:
    """Open a shop's file, migrating it if it is older, and return the desk of `account` (or of the first active one).

    Raises `WrongPassphrase`, `RuleRefused` for an unknown account, `EnvironmentTrouble` for a missing or damaged file.
    """
    if not path.is_file():
        Database.open(path, b"")
    keys = open_keys(path, secret)
    migrate.bring_up_to_date(path, keys.main)
    db = Database.open(path, keys.main)
    try:
        return desk_on(db, keys, clock or Clock(), account=account)
    except BaseException:
        db.close()
        raise


def desk_on(db: Database, keys: Keys, clock: Clock, *, account: str | None = None) -> Desk:
    """Return the desk of an open database. Raises `RuleRefused` for an account that does not exist or is not active."""
    with db.read() as session:
        wanted = select(Account.id, Account.name, Account.role).where(Account.active).order_by(Account.id)
        found = session.execute(wanted.where(Account.name == account) if account else wanted).first()
        if found is None:
            raise RuleRefused(N_("Le compte « {account} » n'existe pas ou n'est plus actif."), account=account or "")
        post = session.execute(select(Post.id, Post.number, Post.name).order_by(Post.id)).first()
        shop = session.execute(select(Shop)).scalar_one()
        assert post is not None
        return Desk(db, desks.Actor(*found), desks.Post(*post), clock, shop_card(shop), keys.social)


def shop_card(shop: Shop) -> desks.ShopCard:
    """Return the identity of the shop as papers show it."""
    return desks.ShopCard(
        shop.kind, shop.name, shop.code, shop.number, shop.contract_number, shop.address, shop.phone, shop.manager,
        shop.ccas, shop.demo,
    )  # fmt: skip
