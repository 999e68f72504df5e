"""Judging a parcel (exchange.md §4.3): what it is beside what is known of its shop, and what it would change. Writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.figures import MonthFigures, Totals, month_of, totals
from epicerie_desktop.exchange.keys import AgeIdentity, fingerprint
from epicerie_desktop.exchange.parcel import OpenedParcel, open_parcel, read_header
from epicerie_desktop.exchange.records import month_from_record, totals_to_record
from epicerie_desktop.exchange.refusals import ParcelOtherContract, ParcelRefused, ParcelUnreadable
from epicerie_desktop.persistence.models import Contract, ParcelReceived, Site, SiteMonth, SitePost
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.i18n import N_

FARTHEST = 1000
"""A parcel more than so many numbers ahead was not written by a shop that counts one by one."""


class ParcelUnknownSite(ParcelRefused):
    """The parcel comes from a shop that was never enrolled in this contract."""

    message = N_(
        "Cette épicerie n'est pas inscrite à ce contrat : ajoutez-la d'abord, et remettez-lui son fichier de contrat."
    )


class Outcome(StrEnum):
    """What became of a parcel (exchange.md §4.3), each told to the coordinator by its own sentence."""

    NEW = "new"
    KNOWN = "known"
    OLDER = "older"
    FORK = "fork"
    TOO_FAR = "too_far"
    RESTORED = "restored"
    SHRANK = "shrank"


SENTENCES = {
    Outcome.NEW: N_("Reçu : {site}, envoi n° {seq}."),
    Outcome.KNOWN: N_("Déjà reçu le {day} : rien n'a changé."),
    Outcome.OLDER: N_("Fichier plus ancien que celui que vous avez déjà (n° {seq}) : rien n'a changé."),
    Outcome.FORK: N_(
        "Deux fichiers différents portent le n° {seq} de {site} : l'ordinateur a-t-il été copié ? Rien n'a changé."
    ),
    Outcome.TOO_FAR: N_(
        "Le n° {seq} de {site} est beaucoup trop loin du précédent : rien n'a changé. Appelez l'épicerie."
    ),
    Outcome.RESTORED: N_("{site} a été réinstallé ou restauré : vérifiez avec l'épicerie, puis acceptez ce fichier."),
    Outcome.SHRANK: N_("Des mois clos de {site} ont diminué : vérifiez avec l'épicerie, puis acceptez ce fichier."),
}
"""The sentence of each outcome."""


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month that the parcel brings or replaces: its totals before (None where it was unknown) and after."""

    month: str
    before: Totals | None
    after: Totals

    @property
    def shrinks(self) -> bool:
        """Return whether one of its totals falls."""
        if self.before is None:
            return False
        return any(getattr(self.after, name) < getattr(self.before, name) for name in _NEVER_FALLING)


_NEVER_FALLING = ("families", "persons", "visits", "grams", "shelf_cents", "paid_cents")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a parcel is and would change (`accepted` False), or has changed (`accepted` True)."""

    outcome: Outcome
    site: str
    post: int
    seq: int
    accepted: bool
    changes: tuple[MonthChange, ...]
    totals: Totals
    first_signature: bool
    signer: str
    sentence: str
    fields: dict[str, Any]
    missed: int = 0
    """How many numbers before it never came: without consequence, each parcel holding every month."""


Months = list[tuple[dict[str, Any], MonthFigures]]
"""Months as written in the parcel, and as figures."""


def judge(session: Session, data: bytes) -> tuple[ImportReport, OpenedParcel, Site, Months]:
    """Return what a parcel is, its content, the shop it comes from and the months to write. Raises a `ParcelRefused`."""
    header = read_header(data)
    contract = session.scalars(
        select(Contract).where(Contract.uid == as_uuid(header.contract), Contract.identity.is_not(None))
    ).first()
    if contract is None or contract.identity is None:
        raise ParcelOtherContract
    site = session.scalars(select(Site).where(Site.contract_id == contract.id, Site.code == header.site)).first()
    if site is None:
        raise ParcelUnknownSite
    post = _post(header.post)
    signer = post_key(session, site.id, post)
    opened = open_parcel(
        data, AgeIdentity.from_string(contract.identity), expected_contract=header.contract,
        verify_key=signer.verify_key if signer else None,
    )  # fmt: skip
    months = _months_in(opened, contract)
    families_in(opened)
    known = {
        m.month: m
        for m in session.scalars(select(SiteMonth).where(SiteMonth.site_id == site.id, SiteMonth.post == post))
    }
    received = session.scalars(
        select(ParcelReceived)
        .where(ParcelReceived.site_id == site.id, ParcelReceived.post == post)
        .order_by(ParcelReceived.id.desc())
    ).all()
    restored = bool(received) and received[0].generation != as_uuid(header.generation)
    changes = _changes(months, known)
    outcome, fields = _outcome(session, opened, received, changes, known)
    last = received[0].seq if received and not restored else 0
    report = ImportReport(
        outcome, site.name, post, header.seq, False, () if outcome in _NOTHING_TO_ADD else changes,
        totals(f for _, f in months), signer is None, fingerprint(opened.signer), SENTENCES[outcome],
        {"site": site.name, "seq": header.seq, **fields}, max(0, header.seq - last - 1) if outcome is Outcome.NEW else 0,
    )  # fmt: skip
    return report, opened, site, _to_write(months, known, changes)


def post_key(session: Session, site: int, post: int) -> SitePost | None:
    """Return the key a post of a shop signs with, None before its first parcel and once its key was revoked."""
    return session.scalars(
        select(SitePost).where(SitePost.site_id == site, SitePost.post == post, SitePost.revoked_at.is_(None))
    ).first()


_NOTHING_TO_ADD = frozenset({Outcome.KNOWN, Outcome.OLDER, Outcome.FORK, Outcome.TOO_FAR})


def _to_write(months: Months, known: dict[str, SiteMonth], changes: tuple[MonthChange, ...]) -> Months:
    """Return the months to write: those that change, and those that are only closed since: from then on a fall is told."""
    changed = {c.month for c in changes}
    closed = {
        f.month for r, f in months if f.month in known and r["closed"] and not known[f.month].closed and _same(known[f.month], r)
    }  # fmt: skip
    return [(r, f) for r, f in months if f.month in changed | closed]


def _same(old: SiteMonth, record: dict[str, Any]) -> bool:
    return all(old.figures[k] == record[k] for k in ("households", "origins"))


def as_uuid(text: str) -> uuid.UUID:
    """Return an identity told by a parcel. Raises `ParcelOtherContract` where it is none of ours."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ParcelOtherContract from error


def _post(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise ParcelUnreadable
    return int(text)


def _months_in(opened: OpenedParcel, contract: Contract) -> Months:
    """Return the months of a parcel, checked: within the contract, once each, and adding up to the shop's own control."""
    body = opened.body
    listed = body.get("months")
    if body.get("kind") != "shop" or not isinstance(listed, list):
        raise ParcelUnreadable
    months: Months = []
    for record in listed:
        figures = month_from_record(record)
        revision = record.get("revision")
        if not isinstance(revision, int) or revision < 1 or not isinstance(record.get("closed"), bool):
            raise ParcelUnreadable
        if figures.totals.grams != sum(g for _, g in figures.grams_by_origin):
            raise ParcelUnreadable
        if not month_of(contract.starts_on) <= figures.month <= month_of(contract.ends_on):
            raise ParcelUnreadable
        months.append((record, figures))
    if len({f.month for _, f in months}) != len(months):
        raise ParcelUnreadable
    if body.get("control") != totals_to_record(totals(f for _, f in months)):
        raise ParcelUnreadable
    return months


def families_in(opened: OpenedParcel) -> tuple[tuple[str, str], ...]:
    """Return the code and name of the families of products, by which a balance names its kilos."""
    listed = opened.body.get("families", [])
    if not isinstance(listed, list) or len(listed) > 500:
        raise ParcelUnreadable
    found = []
    for pair in listed:
        if not (
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(t, str) and 0 < len(t) <= 80 for t in pair)
        ):
            raise ParcelUnreadable
        found.append((pair[0], pair[1]))
    if len({code for code, _ in found}) != len(found):
        raise ParcelUnreadable
    return tuple(found)


def _changes(months: Months, known: dict[str, SiteMonth]) -> tuple[MonthChange, ...]:
    """Return the months whose figures differ from those known.

    A parcel is told newer by its number alone: a shop restored from a copy counts its revisions again from there, so that a
    revision no higher than the one known may well bring other figures.
    """
    found = []
    for record, figures in months:
        old = known.get(figures.month)
        if old is None:
            found.append(MonthChange(figures.month, None, figures.totals))
        elif not _same(old, record):
            found.append(MonthChange(figures.month, month_from_record(old.figures).totals, figures.totals))
    return tuple(found)


def _outcome(
    session: Session,
    opened: OpenedParcel,
    received: Sequence[ParcelReceived],
    changes: tuple[MonthChange, ...],
    known: dict[str, SiteMonth],
) -> tuple[Outcome, dict[str, Any]]:
    header = opened.header
    same = session.scalars(select(ParcelReceived).where(ParcelReceived.digest == bytes.fromhex(opened.digest))).first()
    if same is not None:
        return Outcome.KNOWN, {"day": shown.day(same.imported_at.astimezone(PARIS).date())}
    if received:
        generation, last = as_uuid(header.generation), received[0].seq
        if received[0].generation != generation:
            if any(r.generation == generation for r in received):
                return Outcome.OLDER, {"seq": last}
            return Outcome.RESTORED, {}
        if header.seq == last:
            return Outcome.FORK, {}
        if header.seq < last:
            return Outcome.OLDER, {"seq": last}
        if header.seq > last + FARTHEST:
            return Outcome.TOO_FAR, {}
    shrank = [c for c in changes if c.shrinks and known[c.month].closed]
    return (Outcome.SHRANK if shrank else Outcome.NEW), {}
