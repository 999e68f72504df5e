"""The commands of a shop: open it, look at a household, sell, print, copy, check, dump."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import uuid
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.output import OK, WrongArguments, answer, complain, database, desk, passphrase
from epicerie_desktop.domain.basket import Basket, SoldBy, WeightSource
from epicerie_desktop.domain.card import parse_card
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.units import MAX_CENTS
from epicerie_desktop.services import dump as dumps
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.findings import Finding
from epicerie_desktop.services.queries import counter
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, Trouble
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import fold


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    init = commands.add_parser(
        "init", parents=[common], help=_("créer le fichier d'une épicerie (ou d'une coordination)")
    )
    init.add_argument("--name", required=True)
    init.add_argument("--code", required=True)
    init.add_argument("--coordinator", action="store_true")
    init.add_argument(
        "--post", type=int, default=1, help=_("numéro de ce poste, 1 à 9 : un second ordinateur en porte un autre")
    )
    init.set_defaults(run=_init)
    visit = commands.add_parser("visit", parents=[common], help=_("ce qu'un foyer peut faire aujourd'hui"))
    visit.add_argument("household", help=_("carte, numéro ou nom"))
    visit.set_defaults(run=_visit)
    sale = commands.add_parser("sell", parents=[common], help=_("enregistrer des paniers (lignes JSON sur l'entrée)"))
    sale.add_argument("source", choices=["-"])
    sale.set_defaults(run=_sell)
    copy = commands.add_parser("backup", parents=[common], help=_("copier le fichier, et vérifier la copie"))
    copy.add_argument("folder")
    copy.set_defaults(run=_backup)
    back = commands.add_parser("restore", parents=[common], help=_("remettre une copie à la place du fichier"))
    back.add_argument("copy")
    back.set_defaults(run=_restore)
    commands.add_parser(
        "verify", parents=[common], help=_("vérifier le journal, le stock et les tickets")
    ).set_defaults(run=_verify)
    everything = commands.add_parser(
        "dump", parents=[common], help=_("tout ce que contient l'épicerie, en fichiers ouverts")
    )
    everything.add_argument("folder")
    everything.set_defaults(run=_dump)


def _init(args: argparse.Namespace) -> int:
    if not args.database:
        raise WrongArguments(N_("Indiquez le fichier de données avec --database."))
    path = Path(args.database)
    kind = opening.COORDINATOR if args.coordinator else opening.SHOP
    shop = opening.NewShop(args.name, args.code, args.account or "Responsable", kind=kind, post=args.post)
    recovery = opening.create_shop(path, shop, passphrase(args), Clock())
    told = {"database": str(path), "recovery_code": recovery}
    return answer(
        args,
        told,
        _("Fichier créé : {path}").format(path=path),
        _("Code de secours, à garder sur papier : {code}").format(code=recovery),
    )


def _household(at: Desk, asked: str) -> counter.FoundHousehold:
    """Return the household of a card, a number or a name. Raises `BadInput` for none or several."""
    card = parse_card(asked)
    if card is not None:
        found = counter.find_by_card(at, card)
        if found is None:
            raise BadInput(N_("Cette carte n'est pas connue ici, ou n'est plus valable."))
        return found
    several = counter.find_households(at, asked)
    exact = [f for f in several if f.numbered(asked)]
    if len(exact or several) != 1:
        raise BadInput(N_("« {typed} » ne désigne pas un seul foyer : donnez sa carte ou son numéro."), typed=asked)
    return (exact or list(several))[0]


def _visit(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        found = _household(at, args.household)
        visit = counter.open_visit(at, found.id)
    finally:
        at.db.close()
    grant = visit.grant
    told = {
        "household": visit.number, "state": visit.verdict.state.value, "reason": visit.verdict.reason.value, "persons": visit.persons,
        "participation_permille": visit.participation_permille,
        "valid_from": grant.valid_from.isoformat() if grant else None, "valid_until": grant.valid_until.isoformat() if grant else None,
        "ceilings": [
            {"measure": c.ceiling.measure.value, "period": c.ceiling.period.value, "amount": c.ceiling.amount, "left": c.left,
             "goods": c.ceiling.label}
            for c in visit.ceilings
        ],
    }  # fmt: skip
    return answer(args, told, f"{visit.number} : {label(visit.verdict.state)}. {label(visit.verdict.reason)}")


def _sell(args: argparse.Namespace) -> int:
    at = desk(args)
    refused = False
    try:
        prices = counter.price_list(at)
        names = {fold(o.name): o.id for o in prices.offers.values()}
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                told = _sold(at, prices, names, line)
            except EnvironmentTrouble:
                raise
            except Trouble as error:
                refused, told = True, {"error": str(error)}
            # Flushed only once the sale is durable: what was answered is never lost.
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    finally:
        at.db.close()
    return complain(N_("Au moins une ligne a été refusée : sa réponse dit pourquoi.")) if refused else OK


def _sold(at: Desk, prices: counter.PriceList, names: dict[str, int], line: str) -> dict[str, Any]:
    asked = _object(line)
    who = asked.get("card") or asked.get("household") or ""
    # A list or an object is no number: written out, its figures might name somebody.
    household = _household(at, who if isinstance(who, str) else "")
    visit = counter.open_visit(at, household.id)
    basket = Basket(str(uuid.UUID(asked["uid"])) if "uid" in asked else str(uuid.uuid4()), visit.participation_permille)
    for row in asked.get("lines") or []:
        basket = _with_row(basket, prices, names, row)
    if not visit.terms.plain_prices:
        # The price is that of the lots now: those of the first line read may be gone.
        basket = visit.till_account(counter.price_list(at)).priced(basket)
    cash = (asked.get("paid") or {}).get("cash", basket.paid_cents)
    if not isinstance(cash, int) or isinstance(cash, bool) or not 0 <= cash <= MAX_CENTS:
        raise BadInput(N_("« paid.cash » est un nombre entier de centimes, de 0 à {most}."), most=MAX_CENTS)
    receipt = sell.record_sale(
        at, household.id, basket, sell.PaymentForm(cash), override=str(asked.get("override") or "")
    )
    return {
        "receipt": receipt.number, "total_cents": receipt.paid_cents, "grams": receipt.grams, "shelf_cents": receipt.shelf_cents,
        "change_cents": receipt.change_cents, "again": receipt.again,
    }  # fmt: skip


def _object(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        if (
            isinstance(asked, dict)
            and isinstance(asked.get("lines", []), list)
            and isinstance(asked.get("paid") or {}, dict)
        ):
            uuid.UUID(asked.get("uid", "00000000-0000-0000-0000-000000000000"))
            return asked
    except (ValueError, AttributeError, TypeError, RecursionError):
        pass
    raise BadInput(N_("Chaque ligne est un objet JSON."))


def _with_row(basket: Basket, prices: counter.PriceList, names: dict[str, int], row: object) -> Basket:
    if not isinstance(row, dict):
        raise BadInput(N_("Chaque article est un objet JSON."))
    asked = row.get("article")
    article = asked if type(asked) is int else prices.codes.get(str(asked).lstrip("0")) or names.get(fold(str(asked)))
    offer = prices.offers.get(article) if article is not None else None
    if offer is None:
        raise BadInput(N_("L'article « {article} » n'est pas au catalogue."), article=str(asked)[:60])
    uid = str(uuid.uuid4())
    if offer.sold_by is SoldBy.WEIGHT and "bag_cents" in row:
        bags, cents = row.get("pieces", 1), row["bag_cents"]
        if not all(type(n) is int for n in (bags, cents)) or not 0 <= cents <= MAX_CENTS:
            raise BadInput(
                N_("« {article} » : « bag_cents » est la valeur d'un sac en centimes, « pieces » leur nombre."),
                article=offer.name,
            )
        return basket.with_bags(uid, offer, bags, cents)
    quantity = row.get("grams") if offer.sold_by is SoldBy.WEIGHT else row.get("pieces")
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise BadInput(
            N_("« {article} » : donnez « grams » pour un article au poids, « pieces » sinon."), article=offer.name
        )
    if offer.sold_by is SoldBy.WEIGHT:
        return basket.with_weighed(uid, offer, quantity, WeightSource.TYPED)
    return basket.with_pieces(uid, offer, quantity)


def save_paper(args: argparse.Namespace, data: bytes, *, version: int = 1, **more: Any) -> int:
    """Write a PDF where asked and answer its path, pages, version and hash. Raises `EnvironmentTrouble`."""
    import pypdfium2

    path = Path(args.output)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-102", N_("Le fichier « {what} » ne peut pas être écrit."), what=path.name
        ) from error
    document = pypdfium2.PdfDocument(data)
    pages = len(document)
    document.close()
    told = {"path": str(path), "pages": pages, "version": version, "hash": hashlib.sha256(data).hexdigest(), **more}
    return answer(args, told, _("Écrit : {path} ({pages} p.)").format(path=path, pages=pages))


def _backup(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        path = safeguard.back_up(at, Path(args.folder), passphrase(args))
    finally:
        at.db.close()
    return answer(
        args, {"ok": True, "findings": [], "path": str(path)}, _("Sauvegarde vérifiée : {path}").format(path=path)
    )


def _restore(args: argparse.Namespace) -> int:
    safeguard.restore(Path(args.copy), database(args), passphrase(args), Clock())
    return answer(args, {"ok": True, "findings": []}, _("La copie a été remise en place."))


def _verify(args: argparse.Namespace) -> int:
    try:
        at = desk(args)
        try:
            findings = safeguard.verify_file(at)
        finally:
            at.db.close()
    except EnvironmentTrouble as error:
        # A script that reads findings must not take silence for « nothing found ».
        if args.json:
            _findings(args, (Finding("file", error.code, 0, 1),))
        raise
    _findings(args, findings)
    if any(f.what == "file" for f in findings):
        raise EnvironmentTrouble(
            "BDD-402", N_("Le fichier de données est abîmé. Ne l'effacez pas ; restaurez la dernière sauvegarde.")
        )
    if findings:
        return complain(N_("Les comptes ne tombent pas juste : prévenez la personne qui s'occupe du programme."))
    return OK


def _findings(args: argparse.Namespace, findings: tuple[Finding, ...]) -> None:
    told = [{"what": f.what, "where": f.where, "expected": f.expected, "found": f.found} for f in findings]
    lines = [f"{f.what} {f.where} : {f.expected} ≠ {f.found}" for f in findings] or [_("Tout tombe juste.")]
    answer(args, {"ok": not findings, "findings": told}, *lines)


def _dump(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        path = dumps.dump(at, Path(args.folder))
    finally:
        at.db.close()
    return answer(args, {"path": str(path)}, _("Écrit : {path}").format(path=path))
