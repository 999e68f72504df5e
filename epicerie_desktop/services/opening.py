"""Making a shop's file and opening it: database, vault, accounts, first post. Gives the `Desk`."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from epicerie_desktop.domain.card import MOST_POST
from epicerie_desktop.domain.free_text import checked_text
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.shop_code import checked_shop_code
from epicerie_desktop.persistence import migrate, vault
from epicerie_desktop.persistence.database import Database, disk_trouble
from epicerie_desktop.persistence.models import Account, Post, Shop
from epicerie_desktop.persistence.vault import Cost, Keys, Vault
from epicerie_desktop.persistence.vault import WrongPassphrase as WrongPassphrase
from epicerie_desktop.services import desk as desks
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal, touch
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
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
    post: int = 1
    """The number of this PC, 1 to 9: a second PC of the shop, with a file of its own, bears another."""


def create_shop(path: Path, shop: NewShop, passphrase: str, clock: Clock, *, cost: Cost = Cost()) -> str:  # noqa: B008
    """Make a shop's encrypted file and its vault at `path`; return the recovery code, shown and printed once.

    A grocery starts with the proposed families. Raises `BadInput` for an empty name, a wrong code or a weak passphrase; `EnvironmentTrouble` where a file exists.
    """
    shop = _checked(shop)
    vault.check_passphrase(passphrase)
    path.parent.mkdir(parents=True, exist_ok=True)
    _forget_unfinished(path)
    keys = vault.new_keys()
    recovery = vault.new_recovery_code()
    Vault.create(vault.vault_path(path))
    if path.exists() or path.with_name(path.name + "-wal").exists():
        migrate.create(path, keys.main)  # refuses, in its own words
    # Half a shop opens with nothing and would forbid a second try: it is made whole aside, then put in place.
    aside = _aside(path)
    aside.mkdir(0o700)
    made = aside / path.name
    try:
        box = Vault.create(vault.vault_path(made))
        box.put(shop.account, passphrase, keys, cost)
        box.put(vault.RECOVERY, recovery, keys, cost)
        migrate.create(made, keys.main)
        _first_rows(made, keys, shop, clock)
        left = made.with_name(made.name + "-wal")
        if left.exists() and left.stat().st_size:
            raise disk_trouble("")  # the journal file could not be folded in: a full disk
        vault.vault_path(made).replace(vault.vault_path(path))
        made.replace(path)
    except BaseException:
        _forget_unfinished(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return recovery


def _aside(path: Path) -> Path:
    """Return the folder where a shop is made before it is put in place."""
    return path.with_name(f"{path.stem}.creation")


def _forget_unfinished(path: Path) -> None:
    """Remove what a creation cut short left behind: its folder, and its keys if they had just been put in place.

    The keys are written before the database is begun, so that a database without keys in there means keys already moved;
    nobody can have used them, for the database comes last.
    """
    aside = _aside(path)
    if not aside.is_dir():
        return
    made = aside / path.name
    if made.exists() and not vault.vault_path(made).exists() and not path.exists():
        vault.vault_path(path).unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)


def _first_rows(path: Path, keys: Keys, shop: NewShop, clock: Clock) -> None:
    db = Database.open(path, keys.main)
    try:
        with db.write() as session:
            session.add(Post(number=shop.post, name=gettext(N_("Poste {n}")).format(n=shop.post)))
            session.add(Account(name=shop.account, role=Role.MANAGER.value, social=keys.social is not None))
            session.flush()
            session.add(
                Shop(
                    id=1, kind=shop.kind, name=shop.name, code=shop.code, address=shop.address,
                    phone=shop.phone, manager=shop.manager, ccas=shop.ccas, commune_code=shop.commune_code,
                    demo=shop.demo, changed_at=clock.now(), changed_by=1,
                )
            )  # fmt: skip
        if shop.kind == SHOP:
            from epicerie_desktop.services.stock import catalogue

            catalogue.add_default_families(desk_on(db, keys, clock))
    finally:
        db.close()


def _checked(shop: NewShop) -> NewShop:
    if not 1 <= shop.post <= MOST_POST:
        raise BadInput(N_("Un poste porte un numéro de 1 à {most}."), most=MOST_POST)
    if not shop.name.strip():
        raise BadInput(N_("Donnez un nom à l'épicerie."))
    return replace(
        shop, name=checked_text(shop.name), account=checked_account(shop.account), code=checked_shop_code(shop.code),
        address=checked_text(shop.address), phone=checked_text(shop.phone), manager=checked_text(shop.manager),
        ccas=checked_text(shop.ccas),
    )  # fmt: skip


def checked_account(typed: str) -> str:
    """Return the name of an account, trimmed. Raises `BadInput` where it is empty or taken by the vault itself."""
    name = checked_text(typed)
    if not name:
        raise BadInput(N_("Donnez le nom de la personne qui ouvrira le programme."))
    if name.casefold() == vault.RECOVERY:
        # The vault keeps the recovery code under that name: the passphrase's slot would be lost.
        raise BadInput(N_("« {name} » ne peut pas être un nom de compte : choisissez-en un autre."), name=name)
    return name


def open_keys(path: Path, secret: str) -> Keys:
    """Return the keys of a file from a passphrase or a recovery code, as `open_slot` does."""
    return open_slot(path, secret)[1]


def open_slot(path: Path, secret: str, account: str | None = None) -> tuple[str, Keys]:
    """Return whose slot of the vault a passphrase opens and its keys; a recovery code, however it is typed, opens its own.

    Only the slot of `account` is tried where one is named. Raises `WrongPassphrase`, `BadInput` for a slip in a recovery
    code, `EnvironmentTrouble` for a damaged vault.
    """
    box = Vault.load(vault.vault_path(path))
    try:
        code = vault.as_recovery_code(secret)
        if code is not None:
            return box.open_slot(code, vault.RECOVERY)
    except RuleRefused as slip:
        with suppress(WrongPassphrase):
            return box.open_slot(secret, account)
        raise slip
    return box.open_slot(secret, account)


def account_names(path: Path) -> tuple[str, ...]:
    """Return the accounts that open a file, in the order they were made; () where its keys cannot be read."""
    try:
        return Vault.load(vault.vault_path(path)).names
    except EnvironmentTrouble:
        return ()


def open_desk(path: Path, secret: str, clock: Clock | None = None, *, account: str | None = None) -> Desk:
    """Open a shop's file, migrating it if it is older, and return the desk of the account whose passphrase it is.

    A recovery code works as `account`, or as the first active one. Raises `WrongPassphrase`, `RuleRefused` for an account
    that does not exist or was closed, `EnvironmentTrouble` for a missing or damaged file.
    """
    if not path.is_file():
        Database.open(path, b"")
    if account is not None and account not in account_names(path):
        # A slot that opens is another's: whoever asks by name gets that account, or nothing.
        open_slot(path, secret)
        raise _unknown(account)
    owner, keys = open_slot(path, secret, account)
    migrate.bring_up_to_date(path, keys.main)
    db = Database.open(path, keys.main)
    try:
        return desk_on(db, keys, clock or Clock(), account=account or (owner if owner != vault.RECOVERY else None))
    except BaseException:
        db.close()
        raise


def desk_on(db: Database, keys: Keys, clock: Clock, *, account: str | None = None) -> Desk:
    """Return the desk of an open database. Raises `RuleRefused` for an account that does not exist or is not active."""
    with db.read() as session:
        wanted = select(Account.id, Account.name, Account.role).where(Account.active).order_by(Account.id)
        found = session.execute(wanted.where(Account.name == account) if account else wanted).first()
        if found is None:
            raise _unknown(account or "")
        post = session.execute(select(Post.id, Post.number, Post.name).order_by(Post.id)).first()
        shop = session.execute(select(Shop)).scalar_one()
        assert post is not None
        return Desk(db, desks.Actor(*found), desks.Post(*post), clock, shop_card(shop), keys.social)


def _unknown(account: str) -> RuleRefused:
    return RuleRefused(N_("Le compte « {account} » n'existe pas ou n'est plus actif."), account=account)


def shop_card(shop: Shop) -> desks.ShopCard:
    """Return the identity of the shop as papers show it."""
    return desks.ShopCard(
        shop.kind, shop.name, shop.code, shop.number, shop.contract_number, shop.address, shop.phone, shop.manager,
        shop.ccas, shop.demo, shop.decides, shop.logo,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """What the shop may change of itself; `decides` is a `Decider`, or empty; `version` is the one that was read."""

    name: str
    address: str = ""
    phone: str = ""
    manager: str = ""
    ccas: str = ""
    decides: str = ""
    version: int | None = None


def identity(desk: Desk) -> Identity:
    """Return the identity of the shop as it is saved."""
    with desk.db.read() as session:
        shop = session.get_one(Shop, 1)
        return Identity(shop.name, shop.address, shop.phone, shop.manager, shop.ccas, shop.decides, shop.version)


def save_identity(desk: Desk, form: Identity) -> None:
    """Save the identity of the shop. Raises `BadInput` for an empty name, `Stale` where someone else saved it meanwhile."""
    require_team(desk)
    name = checked_text(form.name)
    if not name:
        raise BadInput(N_("Donnez un nom à l'épicerie."))
    with desk.db.write() as session:
        shop = session.get_one(Shop, 1)
        touch(shop, desk, form.version)
        shop.name, shop.address, shop.phone = name, checked_text(form.address), checked_text(form.phone)
        shop.manager, shop.ccas, shop.decides = checked_text(form.manager), checked_text(form.ccas), form.decides


def renew_recovery_code(desk: Desk, secret: str, *, cost: Cost = Cost()) -> str:  # noqa: B008
    """Return a new recovery code, shown and printed once; the old one opens nothing any more, but copies made before.

    `secret` is the passphrase, asked again. Raises `WrongPassphrase`, `EnvironmentTrouble`, `RuleRefused` for an account
    without the second key: its code would open the file and lose the support files.
    """
    path = file_of(desk)
    _name, keys = open_slot(path, secret)
    if keys.social is None:
        raise RuleRefused(
            N_("Le code de secours ouvre tout : demandez à un compte qui lit l'accompagnement de le refaire.")
        )
    code = vault.new_recovery_code()
    box = Vault.load(vault.vault_path(path))
    with desk.db.write() as session:
        seal_in_journal(session, desk, "recovery.renewed", {"account": desk.actor.id})
        box.put(vault.RECOVERY, code, keys, cost)
    return code


def change_passphrase(desk: Desk, secret: str, new: str, *, cost: Cost = Cost()) -> None:  # noqa: B008
    """Have `new` open the file instead of the passphrase of this account; `secret` is that one, or the recovery code.

    The account keeps the keys it had: another's passphrase gives it no more. Copies made before still open with the old one.
    Raises `BadInput` for a weak passphrase, `WrongPassphrase`, `RuleRefused` for one that is taken.
    """
    path = file_of(desk)
    vault.check_passphrase(new)
    box = Vault.load(vault.vault_path(path))
    owner = desk.actor.name if desk.actor.name in box.names else box.names[0]
    name, keys = open_slot(path, secret, owner)
    if name == vault.RECOVERY:
        # The code opens everything; the account gets back what it held, and no more.
        with desk.db.read() as session:
            holds = session.scalar(select(Account.social).where(Account.name == owner))
        keys = Keys(keys.main, keys.social if holds else None)
    check_free(box, new, but=owner)
    with desk.db.write() as session:
        account = session.scalar(select(Account.id).where(Account.name == owner))
        seal_in_journal(session, desk, "account.passphrase", {"account": account, "recovery": name == vault.RECOVERY})
        # Last: where the keys cannot be written nothing is told.
        box.put(owner, new, keys, cost)


def check_free(box: Vault, passphrase: str, *, but: str = "") -> None:
    """Raise `RuleRefused` where a passphrase already opens the slot of an account other than `but`."""
    for name in box.names:
        if name != but:
            with suppress(WrongPassphrase):
                box.open(passphrase, name)
                raise RuleRefused(N_("Cette phrase de passe ne convient pas ici : choisissez-en une autre."))


def file_of(desk: Desk) -> Path:
    """Return the database file of an open desk."""
    assert desk.db.path is not None
    return desk.db.path
