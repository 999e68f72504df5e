"""Everything the shop holds, as a Frictionless Data Package: no lock-in. Social columns only with a social worker's key."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop import __version__
from epicerie_desktop.domain.figures import DEFINITIONS
from epicerie_desktop.exchange import stick
from epicerie_desktop.persistence.models import (
    Absence,
    AccessGrant,
    Address,
    Article,
    Assessment,
    Away,
    Card,
    Family,
    FeePaid,
    Household,
    Journal,
    Lot,
    Meeting,
    MeetingItem,
    Member,
    Merge,
    Payment,
    Person,
    Post,
    Reception,
    Referrer,
    Ruleset,
    Sale,
    SaleLine,
    StockMove,
    Supplier,
    Suspension,
    WaitingEntry,
)
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.dump_safety import safety_resources
from epicerie_desktop.services.dump_support import support_resources
from epicerie_desktop.services.queries.files import visible
from epicerie_desktop.services.sealing import unseal_json
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

NAME = "epicerie-dump"
TYPES = {"day": "date", "int": "integer", "text": "string", "flag": "boolean", "at": "datetime", "json": "object"}


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    title: str
    fields: tuple[tuple[str, str], ...]
    rows: Any


def dump(desk: Desk, folder: Path) -> Path:
    """Write the package into a folder and return the path of its `datapackage.json`; an older package there is replaced.

    Raises `RuleRefused` for a folder that holds anything else or a volunteer's account, `EnvironmentTrouble`.
    """
    require_team(desk)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-103", N_("Le dossier « {what} » ne peut pas être créé."), what=folder.name
        ) from error
    _refuse_strangers(folder)
    resources = []
    with desk.db.read() as session:
        for table in _tables(desk):
            resources.append(
                _write(folder, table.name, table.title, table.fields, (tuple(r) for r in session.execute(table.rows)))
            )
        for name, title, columns, found in support_resources(session, desk):
            resources.append(_write(folder, name, title, columns, found))
        for name, title, columns, found in safety_resources(session):
            resources.append(_write(folder, name, title, columns, found))
        if desk.social_key is not None:
            rows = _assessments(session, desk)
            fields = (
                ("id", "int"), ("household_id", "int"), ("day", "day"), ("outcome", "text"), ("band", "text"), ("content", "json"),
            )  # fmt: skip
            resources.append(_write(folder, "assessments", "Évaluations des ressources et charges", fields, rows))
    package = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": desk.shop.name,
        "created": f"{desk.clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "software": f"epicerie-desktop {__version__}",
        "definitions": [{"key": k, "name": n, "definition": d} for k, n, d in DEFINITIONS],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").unlink(missing_ok=True)
    return stick.write_safely(folder, "datapackage.json", text.encode(), expected=None)


def _refuse_strangers(folder: Path) -> None:
    """Raise `RuleRefused` where the folder holds files that are not an older package: nothing of anyone's is erased."""
    if not any(folder.iterdir()):
        return
    try:
        ours = json.loads((folder / "datapackage.json").read_text("utf-8"))["name"] == NAME
    except (OSError, ValueError, TypeError, KeyError):
        ours = False
    if not ours:
        raise RuleRefused(N_("Ce dossier n'est pas vide : choisissez-en un autre, pour ne rien y effacer."))


def _write(
    folder: Path, name: str, title: str, fields: Sequence[tuple[str, str]], rows: Iterable[tuple[Any, ...]]
) -> dict[str, Any]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f for f, _ in fields])
    kinds = [k for _, k in fields]
    for row in rows:
        writer.writerow([_plain(v, k) for v, k in zip(row, kinds, strict=True)])
    data = out.getvalue().encode()
    path = f"{name}.csv"
    (folder / path).unlink(missing_ok=True)
    stick.write_safely(folder, path, data, expected=None)
    return {
        "name": name, "title": title, "path": path, "profile": "tabular-data-resource", "encoding": "utf-8", "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": [{"name": f, "type": TYPES[k]} for f, k in fields], "missingValues": [""]},
    }  # fmt: skip


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return ""
    if kind == "flag":
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    return (
        json.dumps(value, ensure_ascii=False, sort_keys=True)
        if kind == "json" and not isinstance(value, str)
        else value
    )


def _assessments(session: Session, desk: Desk) -> Iterator[tuple[Any, ...]]:
    seen = select(Assessment).join(Household, Household.id == Assessment.household_id).where(visible(desk))
    for a in session.scalars(seen.order_by(Assessment.id)):
        content = json.dumps(unseal_json(desk, "assessment", a.uid, a.sealed), ensure_ascii=False)
        yield a.id, a.household_id, a.day, a.outcome, a.band, content


def _cancelled() -> Any:
    contrary = aliased(Sale)
    return select(contrary.id).where(contrary.reverses_id == Sale.id).exists()


def _tables(desk: Desk) -> Iterator[_Table]:
    yield from _people_tables(desk)
    yield from _committee_tables()
    yield from _goods_tables()
    yield from _till_tables()


def _people_tables(desk: Desk) -> Iterator[_Table]:
    seen = visible(desk)

    def shown(column: Any) -> Any:
        """Return a column that tells who a household is, empty for a file reserved to others."""
        return case((seen, column), else_="")

    yield _Table(
        "households", "Foyers ; `reserved` : sans nom ni adresse pour qui n'est pas nommé",
        (("id", "int"), ("number", "text"), ("token", "text"), ("opened_on", "day"), ("closed_on", "day"), ("phone", "text"),
         ("phone2", "text"), ("note", "text"), ("referrer_id", "int"), ("holder_id", "int"), ("reserved", "flag"),
         ("merged_into_id", "int")),
        select(Household.id, Household.number, Household.token, Household.opened_on, Household.closed_on, shown(Household.phone),
               shown(Household.phone2), shown(Household.note), Household.referrer_id, Household.holder_id, Household.reserved,
               Household.merged_into_id).order_by(Household.id),
    )  # fmt: skip
    yield _Table(
        "members", "Membres des foyers, datés : `left_on` est le premier jour où la personne n'est plus comptée",
        (("household_id", "int"), ("person_id", "int"), ("person_token", "text"), ("last_name", "text"), ("first_name", "text"),
         ("sex", "text"), ("born", "text"), ("link", "text"), ("joined_on", "day"), ("left_on", "day"), ("left_for", "text"),
         ("shared", "flag")),
        select(Member.household_id, Member.person_id, Person.token, shown(Person.last_name), shown(Person.first_name), Person.sex,
               shown(Person.born), Member.link, Member.joined_on, Member.left_on, Member.left_for, Member.shared)
        .join(Person, Person.id == Member.person_id).join(Household, Household.id == Member.household_id)
        .order_by(Member.household_id, Person.id, Member.joined_on, Member.id),
    )  # fmt: skip
    yield _Table(
        "members_away", "Membres absents pour un temps, les deux jours compris ; `until` vide : retour non connu",
        (("household_id", "int"), ("person_id", "int"), ("since", "day"), ("until", "day")),
        select(Member.household_id, Member.person_id, Away.since, Away.until).join(Member, Member.id == Away.member_id)
        .order_by(Member.household_id, Member.person_id, Away.since),
    )  # fmt: skip
    yield _Table(
        "addresses", "Adresses, datées",
        (("household_id", "int"), ("valid_from", "day"), ("kind", "text"), ("lines", "text"), ("postcode", "text"),
         ("commune_code", "text"), ("commune_name", "text")),
        select(Address.household_id, Address.valid_from, Address.kind, Address.lines, Address.postcode, Address.commune_code,
               Address.commune_name).join(Household, Household.id == Address.household_id).where(seen)
        .order_by(Address.household_id, Address.valid_from),
    )  # fmt: skip
    yield _Table(
        "cards", "Cartes", (("household_id", "int"), ("code", "text"), ("issued_on", "day"), ("revoked_on", "day")),
        select(Card.household_id, Card.code, Card.issued_on, Card.revoked_on).order_by(Card.id),
    )  # fmt: skip
    yield _Table(
        "grants", "Droits ouverts",
        (("id", "int"), ("household_id", "int"), ("valid_from", "day"), ("valid_until", "day"), ("participation_permille", "int"),
         ("ceilings", "json"), ("terms", "json"), ("exceptional", "flag"), ("validated_at", "at"), ("ruleset_id", "int"),
         ("assessment_id", "int")),
        select(AccessGrant.id, AccessGrant.household_id, AccessGrant.valid_from, AccessGrant.valid_until,
               AccessGrant.participation_permille, AccessGrant.ceilings, AccessGrant.terms, AccessGrant.exceptional,
               AccessGrant.validated_at, AccessGrant.ruleset_id, AccessGrant.assessment_id).order_by(AccessGrant.id),
    )  # fmt: skip
    yield _Table(
        "fees_paid", "Cotisations et frais réglés",
        (("household_id", "int"), ("code", "text"), ("label", "text"), ("period", "text"), ("cents", "int"), ("day", "day"),
         ("cancelled_at", "at")),
        select(FeePaid.household_id, FeePaid.code, FeePaid.label, FeePaid.period, FeePaid.cents, FeePaid.day,
               FeePaid.cancelled_at).order_by(FeePaid.id),
    )  # fmt: skip
    yield _Table(
        "rulesets", "Règlements adoptés, dans leur texte", (("id", "int"), ("name", "text"), ("valid_from", "day"), ("text", "text")),
        select(Ruleset.id, Ruleset.name, Ruleset.valid_from, Ruleset.text).order_by(Ruleset.valid_from),
    )  # fmt: skip
    yield _Table(
        "merges", "Dossiers réunis : `source_id` est entré dans `target_id`",
        (("source_id", "int"), ("target_id", "int"), ("made_at", "at"), ("undone_at", "at")),
        select(Merge.source_id, Merge.target_id, Merge.made_at, Merge.undone_at).order_by(Merge.id),
    )  # fmt: skip
    yield _Table(
        "referrers", "Prescripteurs", (("id", "int"), ("name", "text"), ("organisation", "text"), ("phone", "text")),
        select(Referrer.id, Referrer.name, Referrer.organisation, Referrer.phone).order_by(Referrer.id),
    )  # fmt: skip


def _committee_tables() -> Iterator[_Table]:
    yield _Table(
        "suspensions", "Suspensions et exclusions : `until` vide, sans fin ; `lifted_on`, premier jour où le foyer peut revenir",
        (("id", "int"), ("household_id", "int"), ("kind", "text"), ("since", "day"), ("until", "day"), ("reason_code", "text"),
         ("asked_on", "day"), ("heard_on", "day"), ("lifted_on", "day"), ("made_at", "at")),
        select(Suspension.id, Suspension.household_id, Suspension.kind, Suspension.since, Suspension.until, Suspension.reason_code,
               Suspension.asked_on, Suspension.heard_on, Suspension.lifted_on, Suspension.made_at).order_by(Suspension.id),
    )  # fmt: skip
    yield _Table(
        "absences", "Absences", (("household_id", "int"), ("day", "day"), ("excused", "flag")),
        select(Absence.household_id, Absence.day, Absence.excused).order_by(Absence.day, Absence.household_id),
    )  # fmt: skip
    yield _Table(
        "waiting_list", "Liste d'attente : `left_on` vide, le foyer attend encore",
        (("household_id", "int"), ("since", "day"), ("urgent", "flag"), ("left_on", "day"), ("left_for", "text")),
        select(WaitingEntry.household_id, WaitingEntry.since, WaitingEntry.urgent, WaitingEntry.left_on, WaitingEntry.left_for)
        .order_by(WaitingEntry.id),
    )  # fmt: skip
    yield _Table(
        "meetings", "Séances de la commission", (("id", "int"), ("day", "day"), ("place", "text"), ("closed_at", "at")),
        select(Meeting.id, Meeting.day, Meeting.place, Meeting.closed_at).order_by(Meeting.id),
    )  # fmt: skip
    yield _Table(
        "meeting_items", "Situations présentées à la commission, par leur numéro",
        (("meeting_id", "int"), ("rank", "int"), ("household_id", "int"), ("answer", "text"), ("decision_id", "int")),
        select(MeetingItem.meeting_id, MeetingItem.rank, MeetingItem.household_id, MeetingItem.answer, MeetingItem.decision_id)
        .order_by(MeetingItem.meeting_id, MeetingItem.rank),
    )  # fmt: skip


def _goods_tables() -> Iterator[_Table]:
    yield _Table(
        "families", "Familles de produits : `food` dit si leurs kilos comptent",
        (("id", "int"), ("code", "text"), ("name", "text"), ("food", "flag"), ("chilled", "flag")),
        select(Family.id, Family.code, Family.name, Family.food, Family.chilled).order_by(Family.id),
    )  # fmt: skip
    yield _Table(
        "articles", "Articles",
        (("id", "int"), ("family_id", "int"), ("name", "text"), ("sold_by", "text"), ("net_grams", "int"), ("generic", "flag"),
         ("active", "flag")),
        select(Article.id, Article.family_id, Article.name, Article.sold_by, Article.net_grams, Article.generic, Article.active)
        .order_by(Article.id),
    )  # fmt: skip
    yield _Table(
        "suppliers", "Fournisseurs", (("id", "int"), ("name", "text"), ("origin", "text")),
        select(Supplier.id, Supplier.name, Supplier.origin).order_by(Supplier.id),
    )  # fmt: skip
    yield _Table(
        "receptions", "Réceptions", (("id", "int"), ("day", "day"), ("origin", "text"), ("supplier_id", "int"), ("slip", "text")),
        select(Reception.id, Reception.day, Reception.origin, Reception.supplier_id, Reception.slip).order_by(Reception.id),
    )  # fmt: skip
    yield _Table(
        "lots", "Lots et leur solde",
        (("id", "int"), ("article_id", "int"), ("reception_id", "int"), ("origin", "text"), ("received_on", "day"), ("code", "text"),
         ("date_kind", "text"), ("limit_on", "day"), ("balance_pieces", "int"), ("balance_grams", "int")),
        select(Lot.id, Lot.article_id, Lot.reception_id, Lot.origin, Lot.received_on, Lot.code, Lot.date_kind, Lot.limit_on,
               Lot.balance_pieces, Lot.balance_grams).order_by(Lot.id),
    )  # fmt: skip
    yield _Table(
        "moves", "Mouvements de stock : + entre, − sort ; le solde d'un lot est leur somme",
        (("id", "int"), ("lot_id", "int"), ("kind", "text"), ("day", "day"), ("pieces", "int"), ("grams", "int"), ("sale_id", "int"),
         ("loss_reason", "text"), ("note", "text"), ("made_at", "at")),
        select(StockMove.id, StockMove.lot_id, StockMove.kind, StockMove.day, StockMove.pieces, StockMove.grams, StockMove.sale_id,
               StockMove.loss_reason, StockMove.note, StockMove.made_at).order_by(StockMove.id),
    )  # fmt: skip


def _till_tables() -> Iterator[_Table]:
    yield _Table(
        "tickets", "Tickets : une annulation est un ticket contraire (`reverses_id`), les deux restent",
        (("id", "int"), ("post", "int"), ("number", "int"), ("day", "day"), ("at", "at"), ("household_id", "int"), ("persons", "int"),
         ("participation_permille", "int"), ("grams", "int"), ("shelf_cents", "int"), ("paid_cents", "int"), ("reverses_id", "int"),
         ("cancelled", "flag"), ("note", "text")),
        select(Sale.id, Post.number, Sale.number, Sale.day, Sale.at, Sale.household_id, Sale.persons, Sale.participation_permille,
               Sale.grams, Sale.shelf_cents, Sale.paid_cents, Sale.reverses_id, _cancelled(), Sale.note)
        .join(Post, Post.id == Sale.post_id).order_by(Sale.id),
    )  # fmt: skip
    kept = select(Sale).where(Sale.reverses_id.is_(None), ~_cancelled()).subquery()
    yield _Table(
        "visits", "Passages : un foyer, un jour, au moins un ticket non annulé",
        (("household_id", "int"), ("day", "day"), ("persons", "int"), ("tickets", "int"), ("grams", "int"), ("shelf_cents", "int"),
         ("paid_cents", "int")),
        select(kept.c.household_id, kept.c.day, func.max(kept.c.persons), func.count(), func.sum(kept.c.grams),
               func.sum(kept.c.shelf_cents), func.sum(kept.c.paid_cents))
        .group_by(kept.c.household_id, kept.c.day).order_by(kept.c.day, kept.c.household_id),
    )  # fmt: skip
    yield _Table(
        "lines", "Lignes des tickets, une par lot : `grams` est le poids alimentaire compté, `other_grams` celui qui ne l'est pas",
        (("ticket_id", "int"), ("n", "int"), ("line", "int"), ("household_id", "int"), ("day", "day"), ("article_id", "int"),
         ("family", "text"), ("lot_id", "int"), ("origin", "text"), ("food", "flag"), ("pieces", "int"), ("grams", "int"),
         ("other_grams", "int"), ("source", "text"), ("reference_cents", "int"), ("shelf_cents", "int"), ("paid_cents", "int")),
        select(SaleLine.sale_id, SaleLine.n, SaleLine.line, Sale.household_id, Sale.day, SaleLine.article_id, Family.code,
               SaleLine.lot_id, SaleLine.origin, SaleLine.food, SaleLine.pieces, case((SaleLine.food, SaleLine.grams), else_=0),
               case((SaleLine.food, 0), else_=SaleLine.grams), SaleLine.source, SaleLine.reference_cents, SaleLine.shelf_cents,
               SaleLine.paid_cents)
        .join(Sale, Sale.id == SaleLine.sale_id).join(Family, Family.id == SaleLine.family_id).order_by(SaleLine.sale_id, SaleLine.n),
    )  # fmt: skip
    yield _Table(
        "payments", "Paiements : négatif sur une annulation",
        (("ticket_id", "int"), ("kind", "text"), ("cents", "int"), ("tendered_cents", "int")),
        select(Payment.sale_id, Payment.kind, Payment.cents, Payment.tendered_cents).order_by(Payment.sale_id),
    )  # fmt: skip
    yield _Table(
        "journal", "Journal chaîné",
        (("post_id", "int"), ("seq", "int"), ("at", "text"), ("actor_id", "int"), ("kind", "text"), ("body", "json"),
         ("prev", "text"), ("digest", "text")),
        select(Journal.post_id, Journal.seq, Journal.at, Journal.actor_id, Journal.kind, Journal.body, Journal.prev, Journal.digest)
        .order_by(Journal.post_id, Journal.seq),
    )  # fmt: skip
