"""The commands of a contract's keys, shops and posts. `contract` makes and joins it; `counting_key` is the custodian's."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.chosen import chosen_contract
from epicerie_desktop.cli.output import WrongArguments, answer, database, desk, passphrase, read_input
from epicerie_desktop.cli.shop import save_paper
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import joining, keys, making, posts, recovery, share
from epicerie_desktop.services.contract.share import JoinedContract
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.services.stock import catalogue
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module among those of a contract."""
    _add_keys(actions, common)
    _add_posts(actions, common)
    offers = _command(actions, common, "offers", _offers, _("ce que le contrat définit et propose à cette épicerie"))
    offers.add_argument("--contract", type=int)
    adopt = _command(actions, common, "adopt", _adopt, _("adopter un règlement ou les articles que le contrat propose"))
    adopt.add_argument("--contract", type=int)
    adopt.add_argument("--ruleset", help=_("le nom du règlement"))
    adopt.add_argument("--articles", action="store_true")


def _command(actions: Any, common: argparse.ArgumentParser, name: str, run: Any, told: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = actions.add_parser(name, parents=[common], help=told)
    made.set_defaults(run=run)
    return made


def _add_keys(actions: Any, common: argparse.ArgumentParser) -> None:
    sheet = _command(actions, common, "recovery-sheet", _sheet, _("imprimer la feuille de secours du contrat"))
    sheet.add_argument("--contract", type=int)
    sheet.add_argument("-o", "--output", required=True)
    restore = _command(actions, common, "restore", _restore, _("refaire un contrat depuis sa feuille de secours"))
    restore.add_argument("source", nargs="?", default="-", help=_("un fichier texte, ou « - » pour l'entrée"))
    restore.add_argument("--name", required=True, help=_("le nom du contrat, imprimé sur la feuille"))
    restore.add_argument(
        "--coordination", default="Coordination", help=_("le nom de la coordination, si son fichier est à faire")
    )
    rotate = _command(actions, common, "rotate", _rotate, _("changer les clés de lecture du contrat"))
    rotate.add_argument("--contract", type=int)
    rotate.add_argument("--reason", required=True)
    rotate.add_argument(
        "--stolen", action="store_true", help=_("l'ancienne clé a pu être volée : chaque épicerie comparera une fiche")
    )
    publish = _command(actions, common, "publish", _publish, _("faire une nouvelle édition des fichiers du contrat"))
    publish.add_argument("--contract", type=int)
    publish.add_argument("--ruleset", action="append", default=[], help=_("un règlement proposé aux épiceries (TOML)"))
    publish.add_argument("--articles", help=_("des articles proposés : nom;famille;vente;poids net en grammes"))
    spare = _command(actions, common, "spare-key", _spare, _("sceller aussi les envois pour une seconde clé"))
    spare.add_argument("--contract", type=int)
    spare.add_argument("recipient", help=_("la clé publique age1… ; « - » pour ne plus en avoir"))
    same = _command(actions, common, "same-person", _same_person, _("dire si la coordination gère aussi une épicerie"))
    same.add_argument("--contract", type=int)
    same.add_argument("answer", choices=["yes", "no"])


def _add_posts(actions: Any, common: argparse.ArgumentParser) -> None:
    file = _command(actions, common, "file", _file, _("redonner son fichier à une épicerie"))
    _of_shop(file)
    file.add_argument("folder")
    listed = _command(actions, common, "posts", _posts, _("les épiceries, leurs postes et leurs signatures"))
    listed.add_argument("--contract", type=int)
    confirm = _command(actions, common, "confirm", _confirm, _("confirmer la signature d'un poste, lue au téléphone"))
    _of_shop(confirm)
    confirm.add_argument("--post", type=int, default=1)
    confirm.add_argument("--fingerprint", required=True)
    revoke = _command(actions, common, "revoke", _revoke, _("écarter la clé d'un poste changé ou volé"))
    _of_shop(revoke)
    revoke.add_argument("--post", type=int, default=1)
    revoke.add_argument("--reason", required=True)
    leave = _command(actions, common, "leave", _leave, _("noter le dernier jour d'une épicerie dans le contrat"))
    _of_shop(leave, required=False)
    leave.add_argument("--on", type=date.fromisoformat, required=True)
    leave.add_argument("--reason", default="")
    back = _command(actions, common, "stay", _stay, _("noter qu'une épicerie n'a pas quitté le contrat"))
    _of_shop(back, required=False)


def _of_shop(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument("--contract", type=int)
    command.add_argument("--code", required=required, help=_("le code de l'épicerie"))


def _made(at: Desk, args: argparse.Namespace) -> int:
    return chosen_contract(at, args.contract, "0001-01", "9999-12").id


def _joined(at: Desk, args: argparse.Namespace) -> JoinedContract:
    found = [c for c in share.joined_contracts(at) if args.contract in (None, c.number)]
    if not found:
        raise RuleRefused(N_("Cette épicerie ne fait pas partie de ce contrat."))
    return found[0]


def _site(at: Desk, args: argparse.Namespace) -> posts.SiteStanding:
    found = [s for s in posts.standings(at, _made(at, args)) if s.code == str(args.code).upper()]
    if not found:
        raise RuleRefused(N_("Aucune épicerie du contrat ne porte le code {code}."), code=args.code)
    return found[0]


def _post(at: Desk, args: argparse.Namespace) -> posts.PostRow:
    site = _site(at, args)
    rows = posts.list_posts(at, _made(at, args))
    found = [p for p in rows if (p.site, p.post) == (site.id, args.post) and p.revoked_at is None]
    if not found:
        raise RuleRefused(
            N_("Le poste {post} de {code} n'a encore rien envoyé sous une clé en service."),
            post=args.post,
            code=site.code,
        )
    return found[0]


def _sheet(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        data = recovery.recovery_sheet_pdf(at, _made(at, args))
    finally:
        at.db.close()
    return save_paper(args, data)


def _restore(args: argparse.Namespace) -> int:
    typed = read_input(args.source, args.source)
    sheet = recovery.read_recovery_sheet(typed)
    path, code = database(args), ""
    if not path.exists():
        shop = opening.NewShop(args.coordination, "COORD", args.account or "Coordination", kind=opening.COORDINATOR)
        code = opening.create_shop(path, shop, passphrase(args), Clock())
    at = desk(args)
    try:
        recovery.restore_contract(at, typed, args.name)
    finally:
        at.db.close()
    told = {"contract": sheet.number, "uid": str(sheet.contract), "database": str(path)} | (
        {"recovery_code": code} if code else {}
    )
    lines = [
        _("Contrat n° {n} repris : inscrivez ses épiceries, puis redemandez leur dernier envoi.").format(n=sheet.number)
    ]
    if code:
        lines.append(_("Code de secours, à garder sur papier : {code}").format(code=code))
    return answer(args, told, *lines)


def _rotate(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        edition = keys.rotate_keys(at, _made(at, args), args.reason, stolen=args.stolen)
    finally:
        at.db.close()
    return _told_edition(args, edition, _("Imprimez aussi une nouvelle feuille de secours."))


def _told_edition(args: argparse.Namespace, edition: int, *more: str) -> int:
    told = _("Édition n° {n} : redonnez son fichier à chaque épicerie.").format(n=edition)
    return answer(args, {"edition": edition}, told, *more)


def _publish(args: argparse.Namespace) -> int:
    read = [rulesets.read_ruleset_file(Path(name)) for name in args.ruleset]
    offered = making.read_articles_file(Path(args.articles)) if args.articles else ()
    at = desk(args)
    try:
        named = tuple((ruleset.name, text) for ruleset, text in read)
        edition = making.publish_terms(at, _made(at, args), rulesets=named, articles=offered)
    finally:
        at.db.close()
    return _told_edition(args, edition)


def _spare(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        edition = making.keep_spare_key(at, _made(at, args), "" if args.recipient == "-" else args.recipient)
    finally:
        at.db.close()
    return _told_edition(args, edition)


def _same_person(args: argparse.Namespace) -> int:
    same = args.answer == "yes"
    at = desk(args)
    try:
        making.tell_same_person(at, _made(at, args), same_person=same)
    finally:
        at.db.close()
    return answer(
        args,
        {"same_person": same},
        _(making.SAME_PERSON) if same else _("Les deux rôles sont tenus par deux personnes."),
    )


def _file(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        site = _site(at, args)
        enrolment = making.enrolment_of(at, site.id)
        path = making.write_enrolment_file(at, site.id, Path(args.folder))
    finally:
        at.db.close()
    told = {"file": str(path), "fingerprint": enrolment.fingerprint, "edition": enrolment.edition}
    return answer(
        args,
        told,
        _("Fichier du contrat : {path}").format(path=path),
        _("Empreinte : {mark}").format(mark=enrolment.fingerprint),
    )


def _posts(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = _made(at, args)
        sites, rows = posts.standings(at, contract), posts.list_posts(at, contract)
    finally:
        at.db.close()
    told = {
        "sites": [
            {"code": s.code, "number": s.number, "name": s.name, "left_on": s.left_on.isoformat() if s.left_on else None,
             "left_reason": s.left_reason}
            for s in sites
        ],
        "posts": [
            {"code": p.site_code, "post": p.post, "signature": p.fingerprint, "confirmed": p.confirmed_at is not None,
             "revoked": p.revoked_at is not None, "reason": p.reason, "seq": p.last_seq}
            for p in rows
        ],
    }  # fmt: skip
    return answer(args, told, *(f"{p.site_code} – {p.post} : {p.fingerprint} ({posts.state_of(p)})" for p in rows))


def _confirm(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        post = _post(at, args)
        if not posts.bears(post, args.fingerprint):
            raise RuleRefused(
                N_(
                    "Cette empreinte n'est pas celle du poste : ne confirmez rien, et rappelez l'épicerie au numéro que vous connaissez."
                )
            )
        posts.confirm_post(at, post.id)
    finally:
        at.db.close()
    return answer(args, {"code": post.site_code, "post": post.post}, _("Signature confirmée."))


def _revoke(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        post = _post(at, args)
        posts.revoke_post(at, post.id, args.reason)
    finally:
        at.db.close()
    return answer(
        args, {"code": post.site_code, "post": post.post},
        _("Poste écarté : son prochain envoi apportera une autre signature, à confirmer."),
    )  # fmt: skip


def _leave(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        if at.shop.is_coordinator:
            if not args.code:
                raise WrongArguments(N_("Indiquez l'épicerie avec --code."))
            posts.let_site_leave(at, _site(at, args).id, args.on, args.reason)
        else:
            joining.leave_contract(at, _joined(at, args).id, args.on)
    finally:
        at.db.close()
    return answer(args, {"left_on": args.on.isoformat()}, _("Départ noté : les mois d'avant restent."))


def _stay(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        if at.shop.is_coordinator:
            if not args.code:
                raise WrongArguments(N_("Indiquez l'épicerie avec --code."))
            posts.take_site_back(at, _site(at, args).id)
        else:
            joining.stay_in_contract(at, _joined(at, args).id)
    finally:
        at.db.close()
    return answer(args, {"left_on": None}, _("L'épicerie fait partie du contrat."))


def _offers(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        found = joining.on_offer(at, _joined(at, args).id)
    finally:
        at.db.close()
    told = {
        "edition": found.edition, "definitions": [list(d) for d in found.definitions], "differing": list(found.differing),
        "rulesets": [{"name": name, "adopted": kept} for name, kept in found.rulesets],
        "articles": [a.name for a in found.articles], "articles_without_family": list(found.unplaced),
    }  # fmt: skip
    return answer(
        args,
        told,
        *(f"{name} : {text}" for _key, name, text in found.definitions),
        *(name for name, _kept in found.rulesets),
    )


def _adopt(args: argparse.Namespace) -> int:
    if bool(args.ruleset) == args.articles:
        raise WrongArguments(N_("Dites quoi adopter : --ruleset NOM, ou --articles."))
    at = desk(args)
    try:
        contract = _joined(at, args).id
        if args.ruleset:
            adopted = [rulesets.adopt_ruleset(at, joining.offered_ruleset(at, contract, args.ruleset)).name]
        else:
            offered = joining.on_offer(at, contract).articles
            for form in offered:
                catalogue.save_article(at, form)
            adopted = [form.name for form in offered]
    finally:
        at.db.close()
    return answer(args, {"adopted": adopted}, *adopted)
