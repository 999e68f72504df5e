"""Everything the shop holds, as a Frictionless Data Package: no lock-in. Social columns only with a social worker's key."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from epicerie_desktop import __version__
from epicerie_desktop.domain.figures import DEFINITIONS, EMERGENCY
from epicerie_desktop.exchange import stick
from epicerie_desktop.persistence.models import (
    Absence,
    AccessGrant,
    Account,
    Address,
    AggregateEstimate,
    Article,
    ArticleAllergen,
    ArticleCode,
    ArticleValue,
    Assessment,
    Away,
    BestBeforeCheck,
    Card,
    CashMove,
    Closing,
    ColdReading,
    ColdUnit,
    DayEnd,
    DeliveryMapping,
    EmergencyLine,
    EmergencyParcel,
    Family,
    FamilyValue,
    FeePaid,
    ForwardItem,
    GoodsSlip,
    GoodsSlipLine,
    Household,
    Journal,
    LabelLayout,
    Lot,
    LotDelivery,
    Meeting,
    MeetingItem,
    Member,
    Merge,
    PaperMade,
    PaperSheet,
    ParcelType,
    Payment,
    PaymentSlip,
    Person,
    Post,
    PreparedOrder,
    PublishedTable,
    PurseMove,
    Quarantine,
    Recall,
    RecallDrill,
    RecallImport,
    RecallProduct,
    Reception,
    Referrer,
    RefusedGoods,
    Repacking,
    RepackingMove,
    ReservedTo,
    Ruleset,
    Sale,
    SaleLine,
    SavedQuestion,
    ScaleCheck,
    Setting,
    ShelfPlace,
    ShelfRow,
    Shop,
    StockMinimum,
    StockMove,
    StockTake,
    StockTakeLine,
    Supplier,
    Suspension,
    TicketPrint,
    TillSession,
    VolunteerHours,
    WaitingEntry,
    WeighingScale,
)
from epicerie_desktop.persistence.models.base import Base, Edited, table_of
from epicerie_desktop.services import dump_contract, dump_months, sticks
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.dump_support import kind_of, support_resources
from epicerie_desktop.services.plain_values import plain
from epicerie_desktop.services.queries.files import open_in, reading, visible
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

    Raises `RuleRefused` for a folder that holds anything else, a stick that carries parcels or a volunteer's account,
    `EnvironmentTrouble`.
    """
    require_team(desk)
    sticks.refuse_copy(folder)
    try:
        sticks.make_ready(folder)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-103", N_("Le dossier « {what} » ne peut pas être créé."), what=folder.name
        ) from error
    _refuse_strangers(folder)
    with reading(desk) as session:
        for household in session.scalars(select(Household.id).where(Household.reserved, visible(desk))).all():
            open_in(session, desk, household)
    resources = []
    with desk.db.read() as session:
        for table in _tables(desk):
            resources.append(
                _write(folder, table.name, table.title, table.fields, (tuple(r) for r in session.execute(table.rows)))
            )
        rows = dump_months.month_closings(session, desk)
        resources.append(_write(folder, "month_closings", dump_months.TITLE, dump_months.FIELDS, rows))
        for name, title, columns, found in support_resources(session, desk):
            resources.append(_write(folder, name, title, columns, found))
        if desk.social_key is not None:
            rows = _assessments(session, desk)
            fields: tuple[tuple[str, str], ...] = (
                ("id", "int"), ("household_id", "int"), ("ruleset_id", "int"), ("day", "day"), ("outcome", "text"),
                ("band", "text"), ("made_at", "at"), ("made_by", "int"), ("content", "json"),
            )  # fmt: skip
            resources.append(_write(folder, "assessments", "Évaluations des ressources et charges", fields, rows))
            for model, name, title in _SEALED:
                fields = ("id", "int"), ("content", "json")
                resources.append(_write(folder, name, title, fields, _contents(session, desk, model)))
    package = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": desk.shop.name,
        "created": f"{desk.clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "software": f"epicerie-desktop {__version__}",
        "definitions": [{"key": k, "name": n, "definition": d} for k, n, d in (*DEFINITIONS, EMERGENCY)],
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
    if kind == "json" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return plain(value)


def _assessments(session: Session, desk: Desk) -> Iterator[tuple[Any, ...]]:
    seen = select(Assessment).join(Household, Household.id == Assessment.household_id).where(visible(desk))
    for a in session.scalars(seen.order_by(Assessment.id)):
        content = json.dumps(unseal_json(desk, "assessment", a.uid, a.sealed), ensure_ascii=False)
        yield a.id, a.household_id, a.ruleset_id, a.day, a.outcome, a.band, a.made_at, a.made_by, content


_SEALED: tuple[tuple[Any, str, str], ...] = (
    (Suspension, "suspension_contents", "Motif écrit des suspensions"),
    (MeetingItem, "meeting_item_contents", "Réponses de la commission, dans ses mots"),
)


def _contents(session: Session, desk: Desk, model: Any) -> Iterator[tuple[Any, ...]]:
    seen = select(model).join(Household, Household.id == model.household_id).where(visible(desk))
    for row in session.scalars(seen.where(model.sealed.is_not(None)).order_by(model.id)):
        yield row.id, json.dumps(unseal_json(desk, row.__tablename__, row.uid, row.sealed), ensure_ascii=False)


def _cancelled() -> Any:
    contrary = aliased(Sale)
    return select(contrary.id).where(contrary.reverses_id == Sale.id).exists()


def _tables(desk: Desk) -> Iterator[_Table]:
    yield from _people_tables(desk)
    yield from _committee_tables(visible(desk))
    yield from _till_tables()
    yield from _whole_tables()


def _people_tables(desk: Desk) -> Iterator[_Table]:
    seen = visible(desk)

    def shown(column: Any) -> Any:
        """Return a column that tells who a household is, empty for a file reserved to others."""
        return case((seen, column), else_="")

    def tied(column: Any) -> Any:
        """Return a column that ties a household to somebody who may be named elsewhere, unknown for such a file."""
        return case((seen, column))

    yield _Table(
        "households", "Foyers ; `reserved` : sans nom ni adresse pour qui n'est pas nommé",
        (("id", "int"), ("number", "text"), ("token", "text"), ("opened_on", "day"), ("closed_on", "day"), ("phone", "text"),
         ("phone2", "text"), ("language", "text"), ("note", "text"), ("referrer_id", "int"), ("holder_id", "int"), ("reserved", "flag"),
         ("merged_into_id", "int"), ("held_until", "day"), ("held_for", "text"), ("purged_on", "day")),
        select(Household.id, Household.number, Household.token, Household.opened_on, Household.closed_on, shown(Household.phone),
               shown(Household.phone2), shown(Household.language), shown(Household.note), tied(Household.referrer_id), tied(Household.holder_id), Household.reserved,
               Household.merged_into_id, Household.held_until, shown(Household.held_for), Household.purged_on).order_by(Household.id),
    )  # fmt: skip
    yield _Table(
        "members", "Membres des foyers, datés : `left_on` est le premier jour où la personne n'est plus comptée",
        (("household_id", "int"), ("person_id", "int"), ("person_token", "text"), ("last_name", "text"), ("first_name", "text"),
         ("sex", "text"), ("born", "text"), ("link", "text"), ("joined_on", "day"), ("left_on", "day"), ("left_for", "text"),
         ("shared", "flag"), ("age_band", "text")),
        select(Member.household_id, tied(Member.person_id), tied(Person.token), shown(Person.last_name), shown(Person.first_name), Person.sex,
               shown(Person.born), Member.link, Member.joined_on, Member.left_on, Member.left_for, Member.shared, Person.age_band)
        .join(Person, Person.id == Member.person_id).join(Household, Household.id == Member.household_id)
        .order_by(Member.household_id, Person.id, Member.joined_on, Member.id),
    )  # fmt: skip
    yield _Table(
        "members_away", "Membres absents pour un temps, les deux jours compris ; `until` vide : retour non connu",
        (("household_id", "int"), ("person_id", "int"), ("since", "day"), ("until", "day")),
        select(Member.household_id, tied(Member.person_id), Away.since, Away.until).select_from(Away)
        .join(Member, Member.id == Away.member_id).join(Household, Household.id == Member.household_id)
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
        "merges", "Dossiers réunis : `source_id` est entré dans `target_id`",
        (("id", "int"), ("source_id", "int"), ("target_id", "int"), ("made_at", "at"), ("made_by", "int"), ("undone_at", "at"),
         ("undone_by", "int")),
        select(Merge.id, Merge.source_id, Merge.target_id, Merge.made_at, Merge.made_by, Merge.undone_at, Merge.undone_by).order_by(Merge.id),
    )  # fmt: skip


def _committee_tables(seen: Any) -> Iterator[_Table]:
    # A rank says nobody's name: it is not tied to a file by whoever may not open it.
    whose, studied, taken = (
        case((seen, c)) for c in (MeetingItem.household_id, MeetingItem.assessment_id, MeetingItem.decision_id)
    )
    yield _Table(
        "meeting_items", "Situations présentées à la commission, par leur numéro ; sans foyer pour un dossier réservé",
        (("id", "int"), ("meeting_id", "int"), ("rank", "int"), ("household_id", "int"), ("assessment_id", "int"), ("answer", "text"),
         ("decision_id", "int")),
        select(MeetingItem.id, MeetingItem.meeting_id, MeetingItem.rank, whose, studied, MeetingItem.answer, taken)
        .join(Household, Household.id == MeetingItem.household_id).order_by(MeetingItem.meeting_id, MeetingItem.rank),
    )  # fmt: skip


def _till_tables() -> Iterator[_Table]:
    yield _Table(
        "tickets", "Tickets : une annulation est un ticket contraire (`reverses_id`), les deux restent",
        (("id", "int"), ("post", "int"), ("number", "int"), ("day", "day"), ("at", "at"), ("household_id", "int"), ("persons", "int"),
         ("participation_permille", "int"), ("grams", "int"), ("shelf_cents", "int"), ("paid_cents", "int"), ("reverses_id", "int"),
         ("cancelled", "flag"), ("note", "text"), ("grant_id", "int"), ("overridden", "flag"), ("made_by", "int")),
        select(Sale.id, Post.number, Sale.number, Sale.day, Sale.at, Sale.household_id, Sale.persons, Sale.participation_permille,
               Sale.grams, Sale.shelf_cents, Sale.paid_cents, Sale.reverses_id, _cancelled(), Sale.note, Sale.grant_id,
               Sale.overridden, Sale.made_by)
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
         ("other_grams", "int"), ("source", "text"), ("reference_cents", "int"), ("shelf_cents", "int"), ("paid_cents", "int"),
         ("tare_grams", "int"), ("gross_grams", "int"), ("scale_id", "int")),
        select(SaleLine.sale_id, SaleLine.n, SaleLine.line, Sale.household_id, Sale.day, SaleLine.article_id, Family.code,
               SaleLine.lot_id, SaleLine.origin, SaleLine.food, SaleLine.pieces, case((SaleLine.food, SaleLine.grams), else_=0),
               case((SaleLine.food, 0), else_=SaleLine.grams), SaleLine.source, SaleLine.reference_cents, SaleLine.shelf_cents,
               SaleLine.paid_cents, SaleLine.tare_grams, SaleLine.gross_grams, SaleLine.scale_id)
        .join(Sale, Sale.id == SaleLine.sale_id).join(Family, Family.id == SaleLine.family_id).order_by(SaleLine.sale_id, SaleLine.n),
    )  # fmt: skip
    yield _Table(
        "payments", "Paiements : négatif sur une annulation",
        (("ticket_id", "int"), ("kind", "text"), ("cents", "int"), ("tendered_cents", "int"), ("reference", "text")),
        select(Payment.sale_id, Payment.kind, Payment.cents, Payment.tendered_cents, Payment.reference).order_by(Payment.sale_id),
    )  # fmt: skip
    yield _Table(
        "journal", "Journal chaîné",
        (("post_id", "int"), ("seq", "int"), ("at", "text"), ("actor_id", "int"), ("kind", "text"), ("body", "json"),
         ("prev", "text"), ("digest", "text")),
        select(Journal.post_id, Journal.seq, Journal.at, Journal.actor_id, Journal.kind, Journal.body, Journal.prev, Journal.digest)
        .order_by(Journal.post_id, Journal.seq),
    )  # fmt: skip


_WHOLE: tuple[tuple[type[Base], str, str, tuple[str, ...]], ...] = (
    (Shop, "shop", "L'épicerie ou la coordination", ()),
    (Post, "posts", "Postes", ()),
    (Account, "accounts", "Comptes : `social`, lit l'accompagnement ; ni phrase de passe ni clé n'est dans la base", ()),
    (Setting, "settings", "Réglages de l'épicerie, datés", ()),
    (ReservedTo, "reserved_to", "Comptes pour qui s'ouvre un dossier réservé", ()),
    (Card, "cards", "Cartes", ()),
    (AccessGrant, "grants", "Droits ouverts", ()),
    (FeePaid, "fees_paid", "Cotisations et frais réglés", ()),
    (Ruleset, "rulesets", "Règlements adoptés, dans leur texte", ()),
    (Referrer, "referrers", "Prescripteurs", ()),
    (Suspension, "suspensions",
     "Suspensions et exclusions : `until` vide, sans fin ; `lifted_on`, premier jour où le foyer peut revenir", ("sealed",)),
    (Absence, "absences", "Absences", ()),
    (WaitingEntry, "waiting_list", "Liste d'attente : `left_on` vide, le foyer attend encore", ()),
    (Meeting, "meetings", "Séances de la commission", ()),
    (Family, "families", "Familles de produits : `food` dit si leurs kilos comptent", ()),
    (Article, "articles", "Articles", ("folded",)),
    (Supplier, "suppliers", "Fournisseurs", ()),
    (Reception, "receptions", "Réceptions", ()),
    (Lot, "lots", "Lots et leur solde", ()),
    (LotDelivery, "lot_deliveries", "Commandé, livré, abîmé, lot par lot, en pièces ou en grammes", ()),
    (RefusedGoods, "refused_goods", "Produits refusés à l'arrivée", ()),
    (DeliveryMapping, "delivery_mappings", "Colonnes des bons de livraison, par fournisseur", ()),
    (StockMinimum, "stock_minimums", "Stock minimum par article ou famille : semaines, quantité, lot d'achat", ()),
    (BestBeforeCheck, "best_before_checks", "Contrôles après la DDM, par jour de distribution", ()),
    (ForwardItem, "forward_items", "Lots mis en avant un jour, valeur du jour en centimes", ()),
    (StockMove, "moves", "Mouvements de stock : + entre, − sort ; le solde d'un lot est leur somme", ()),
    (WeighingScale, "weighing_scales", "Balances : ce que dit leur plaque", ()),
    (ScaleCheck, "scale_checks", "Vérifications des balances ; `next_on` : dernier jour de validité", ()),
    (LabelLayout, "label_layouts", "Étiquettes de balance des donateurs", ()),
    (RecallImport, "recall_imports", "Listes de rappels lues", ()),
    (Recall, "recalls", "Fiches de rappel (RappelConso, Licence Ouverte 2.0)", ()),
    (RecallProduct, "recall_products", "Produits des fiches : code-barres sans zéro de tête, lot, dates", ()),
    (Quarantine, "quarantines", "Lots mis de côté ; `lifted_at` vide : ne pas remettre", ()),
    (TicketPrint, "ticket_prints", "Sorties de tickets à l'imprimante : à partir de la deuxième, un duplicata", ()),
    (ParcelType, "parcel_types", "Colis types : articles et quantités par taille de foyer", ()),
    (PreparedOrder, "prepared_orders", "Paniers préparés d'avance : `closed_as` vide, attend encore", ()),
    (EmergencyParcel, "emergency_parcels", "Colis d'urgence sans dossier ; `reverses_id` : annulation, chiffres contraires", ()),
    (EmergencyLine, "emergency_lines", "Articles des colis d'urgence", ()),
    (RecallDrill, "recall_drills", "Exercices de rappel", ()),
    (VolunteerHours, "volunteer_hours", "Heures de bénévolat, en minutes ; `reverses_id` : correction, minutes contraires", ()),
    (ColdUnit, "cold_units", "Appareils froids", ()),
    (ColdReading, "cold_readings", "Températures, en dixièmes de degré, avec la limite du jour", ()),
    (DayEnd, "day_ends", "Fins de journée et mots aux équipes", ()),
    (ArticleAllergen, "article_allergens", "Allergènes par article ; pas de ligne : inconnu", ()),
    (Repacking, "repackings", "Tris et reconditionnements, en grammes", ()),
    (RepackingMove, "repacking_moves", "Mouvements de chaque tri", ()),
    (ShelfRow, "shelves", "Rayons, dans l'ordre où l'on passe devant", ()),
    (ShelfPlace, "shelf_places", "Rayon et place de chaque article", ()),
    (GoodsSlip, "goods_slips", "Bons de transfert et de retour", ()),
    (GoodsSlipLine, "goods_slip_lines", "Lignes de ces bons ; température en dixièmes de degré", ()),
    (StockTake, "stock_takes", "Inventaires", ()),
    (StockTakeLine, "stock_take_lines", "Ce qui fut compté, et ce que disait le stock à cet instant", ()),
    (TillSession, "till_sessions", "Caisses ouvertes et comptées, en centimes", ()),
    (CashMove, "cash_moves", "Espèces entrées et sorties sans ticket", ()),
    (PurseMove, "purse_moves", "Sommes d'avance et restes dus des foyers", ()),
    (Closing, "closings", "Clôtures de la caisse", ()),
    (PaymentSlip, "payment_slips", "Versements de la régie au comptable, en centimes", ()),
    (PaperSheet, "paper_sheets", "Feuilles imprimées pour une matinée sans ordinateur", ()),
    (SavedQuestion, "saved_questions", "Questions gardées, en JSON (docs/ligne-de-commande.md)", ("folded",)),
    (PublishedTable, "published_tables", "Tableaux publiés : leurs cases, et celles qu'ils taisent", ()),
    (PaperMade, "papers_made", "Papiers de chiffres clos sortis du programme : à partir de la deuxième fois, un duplicata", ()),
    (AggregateEstimate, "aggregate_estimates", "Estimations d'ensemble pour un financeur : la dernière d'une période vaut", ()),
    (FamilyValue, "family_values", "Valeurs de référence des familles, en centimes, à partir d'un jour", ()),
    (ArticleCode, "article_codes", "Codes à barres des articles", ()),
    (ArticleValue, "article_values", "Valeurs de référence des articles, en centimes par kilo ou par pièce, à partir d'un jour", ()),
)  # fmt: skip
"""Tables written as they are, but the columns named: keys, and what only serves to chain parcels."""


def _whole_tables() -> Iterator[_Table]:
    for model, name, title, left_out in (*_WHOLE, *dump_contract.WHOLE):
        table = table_of(model)
        edited = ("version", "changed_at", "changed_by") if issubclass(model, Edited) else ()
        columns = [c for c in table.columns if c.name not in ("uid", *edited, *left_out)]
        yield _Table(
            name,
            title,
            tuple((c.name, kind_of(c)) for c in columns),
            select(*columns).order_by(*table.primary_key.columns),
        )
