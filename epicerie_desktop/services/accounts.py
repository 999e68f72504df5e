"""Who may open the shop's file, and who of them holds the second key. A key is handed on only by someone who holds it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop.domain.roles import Role
from epicerie_desktop.persistence import vault
from epicerie_desktop.persistence.models import Account, ReservedTo
from epicerie_desktop.persistence.vault import Cost, Keys, Vault
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.opening import check_free, checked_account, file_of, open_slot
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account: `social` when it holds the second key, `mine` when it is the one at work."""

    id: int
    name: str
    role: Role
    active: bool
    social: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class AccountForm:
    """A new account, its passphrase, and whether it is given the second key."""

    name: str
    role: Role
    passphrase: str
    social: bool = False


def list_accounts(desk: Desk) -> tuple[AccountRow, ...]:
    """Return the accounts of the shop, those closed last."""
    with desk.db.read() as session:
        rows = session.scalars(select(Account).order_by(Account.active.desc(), Account.id))
        return tuple(AccountRow(a.id, a.name, Role(a.role), a.active, a.social, a.id == desk.actor.id) for a in rows)


def add_account(desk: Desk, form: AccountForm, secret: str, *, cost: Cost = Cost()) -> int:  # noqa: B008
    """Open an account and return its id; `secret` is the passphrase of the one who does it, asked again.

    Raises `BadInput` for an empty name or a weak passphrase, `RuleRefused` for a name or passphrase that is taken, a second
    key one does not hold, or a volunteer's account; `WrongPassphrase`, `EnvironmentTrouble`.
    """
    _may_keep(desk)
    name = checked_account(form.name)
    vault.check_passphrase(form.passphrase)
    path = file_of(desk)
    _name, keys = open_slot(path, secret, desk.actor.name)
    if form.social and keys.social is None:
        raise RuleRefused(N_("Ce compte ne lit pas l'accompagnement : il ne peut pas en donner la lecture."))
    box = Vault.load(vault.vault_path(path))
    check_free(box, form.passphrase)
    with desk.db.write() as session:
        taken = name.casefold()
        if any(taken == found.casefold() for found in session.scalars(select(Account.name))):
            raise RuleRefused(N_("Un compte porte déjà le nom « {name} » : choisissez-en un autre."), name=name)
        row = Account(name=name, role=form.role.value, social=form.social)
        session.add(row)
        session.flush()
        seal_in_journal(session, desk, "account", {"account": row.id, "role": form.role.value, "social": form.social})
        # Last: where the keys cannot be written nothing is kept, and a slot without an account opens nothing.
        box.put(name, form.passphrase, Keys(keys.main, keys.social if form.social else None), cost)
        return row.id


def close_account(desk: Desk, account: int) -> None:
    """Close an account for good: its passphrase opens nothing any more, but the copies made before.

    Raises `RuleRefused` for one's own account, one already closed, the last that holds the second key, or the only one a
    reserved file is open to.
    """
    _may_keep(desk)
    path = file_of(desk)
    with desk.db.write() as session:
        row = session.get_one(Account, account)
        if row.id == desk.actor.id:
            raise RuleRefused(N_("On ne ferme pas le compte avec lequel on travaille."))
        if not row.active:
            raise RuleRefused(N_("Ce compte est déjà fermé."))
        if row.social:
            _another_holds(session, account)
        _not_alone(session, account)
        row.active = row.social = False
        session.flush()
        seal_in_journal(session, desk, "account.closed", {"account": account})
        Vault.load(vault.vault_path(path)).drop(row.name)


def give_up_support(desk: Desk, secret: str, *, cost: Cost = Cost()) -> None:  # noqa: B008
    """Give up the second key of the account at work, whose passphrase is `secret`; another keeps it for the shop.

    The desk in hand still holds it: the account works without it once the file is opened again. Raises `RuleRefused` where
    no other account holds it, `BadInput` where this one does not, `WrongPassphrase`.
    """
    path = file_of(desk)
    owner, keys = open_slot(path, secret, desk.actor.name)
    if owner == vault.RECOVERY:
        raise BadInput(N_("Tapez la phrase de passe de ce compte : le code de secours ne convient pas ici."))
    if keys.social is None:
        raise BadInput(N_("Ce compte ne lit déjà pas l'accompagnement."))
    with desk.db.write() as session:
        _another_holds(session, desk.actor.id)
        session.get_one(Account, desk.actor.id).social = False
        session.flush()
        seal_in_journal(session, desk, "account.support", {"account": desk.actor.id, "social": False})
        Vault.load(vault.vault_path(path)).put(desk.actor.name, secret, Keys(keys.main), cost)


def _another_holds(session: Session, account: int) -> None:
    """Raise `RuleRefused` where no other active account holds the second key: the support files would be lost."""
    others = select(Account.id).where(Account.active, Account.social, Account.id != account)
    if session.execute(others).first() is None:
        raise RuleRefused(
            N_("C'est le dernier compte qui lit l'accompagnement : donnez d'abord cette lecture à un autre.")
        )


def _not_alone(session: Session, account: int) -> None:
    """Raise `RuleRefused` where a reserved file is open to this account alone: nobody could open it again."""
    other = aliased(ReservedTo)
    another = (
        select(other.account_id)
        .join(Account, Account.id == other.account_id)
        .where(other.household_id == ReservedTo.household_id, other.account_id != account, Account.active)
        .exists()
    )
    mine = select(func.count(ReservedTo.household_id)).where(ReservedTo.account_id == account, ~another)
    files = session.scalar(mine) or 0
    if files:
        raise RuleRefused(
            N_("Des dossiers réservés ({n}) ne s'ouvrent qu'à ce compte : ouvrez-les d'abord à une autre personne."), n=files
        )  # fmt: skip


def _may_keep(desk: Desk) -> None:
    if not Role(desk.actor.role).keeps_accounts:
        raise RuleRefused(N_("Les comptes sont tenus par la personne responsable."))
