"""The commands that join shops: demonstration, totals, reports, parcels, the contract and its balance."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from epicerie_desktop.cli import contract_balances, contract_plan, contract_receipts, contract_sites, counting_key
from epicerie_desktop.cli.chosen import check_order, chosen_contract
from epicerie_desktop.cli.output import ENVIRONMENT, OK, REFUSED, WrongArguments, answer, complain, desk, month
from epicerie_desktop.domain.distinct import DistinctCount
from epicerie_desktop.domain.figures import EMERGENCY, Totals, month_of
from epicerie_desktop.services import months, sticks
from epicerie_desktop.services.contract import consolidate, described, distinct, joining, making, several, share
from epicerie_desktop.services.contract.summary import contract_summary
from epicerie_desktop.services.queries import figures
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import Clock
from epicerie_desktop.support.errors import BadInput, EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module."""
    demo = commands.add_parser("demo", parents=[common], help=_("fabriquer des épiceries de démonstration"))
    demo.add_argument("folder")
    for name, default in (("shops", 1), ("households", 60), ("months", 3), ("seed", 1)):
        demo.add_argument(f"--{name}", type=int, default=default)
    demo.set_defaults(run=_demo)
    totals = commands.add_parser("totals", parents=[common], help=_("les totaux d'une période"))
    totals.add_argument("--from", dest="first", required=True)
    totals.add_argument("--to", dest="last", required=True)
    totals.add_argument("--contract", type=int, help=_("numéro du contrat, pour une coordination"))
    totals.set_defaults(run=_totals)
    export = commands.add_parser("export", parents=[common], help=_("écrire l'envoi scellé du contrat dans un dossier"))
    export.add_argument("folder", nargs="?")
    export.add_argument("--dry-run", action="store_true", help=_("dire ce que l'envoi contiendrait, sans l'écrire"))
    export.add_argument("--contract", type=int, help=_("numéro du contrat"))
    export.set_defaults(run=_export)
    take = commands.add_parser(
        "consolidate", parents=[common], help=_("recevoir des envois dans les totaux du contrat")
    )
    take.add_argument("files", nargs="+", help=_("fichiers, dossiers, ou une clé entière"))
    take.add_argument(
        "--reason", default="", help=_("accepter aussi une épicerie restaurée, ou des mois clos qui ont diminué, pour cette raison, gardée avec l'envoi"),
    )  # fmt: skip
    take.set_defaults(run=_consolidate)
    contract = commands.add_parser("contract", help=_("faire un contrat, y inscrire une épicerie, le rejoindre"))
    _add_contract(contract.add_subparsers(dest="action", required=True), common)


def _add_contract(actions: Any, common: argparse.ArgumentParser) -> None:
    create = actions.add_parser("create", parents=[common])
    create.add_argument("--name", required=True)
    create.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    create.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    create.add_argument(
        "--same-person", action="store_true", help=_("la coordination gère aussi une épicerie du contrat")
    )
    create.add_argument(
        "--spare", default="", help=_("une seconde clé de lecture (age1…), confiée à quelqu'un d'autre")
    )
    create.set_defaults(run=_create)
    enrol = actions.add_parser("enrol", parents=[common])
    enrol.add_argument("--contract", type=int, required=True)
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--name", required=True)
    enrol.add_argument("--number", type=int, help=_("le numéro que portent déjà ses cartes, après une reprise"))
    enrol.add_argument("folder")
    enrol.set_defaults(run=_enrol)
    join = actions.add_parser("join", parents=[common])
    join.add_argument("file")
    join.add_argument("--fingerprint", help=_("l'empreinte lue sur la fiche de papier"))
    join.set_defaults(run=_join)
    actions.add_parser("list", parents=[common]).set_defaults(run=_list)
    contract_receipts.add(actions, common)
    balance = actions.add_parser("balance", parents=[common])
    balance.add_argument("--contract", type=int)
    balance.set_defaults(run=_balance)
    contract_plan.add(actions, common)
    counting_key.add_to_contract(actions, common)
    contract_sites.add(actions, common)
    contract_balances.add(actions, common)


def _demo(args: argparse.Namespace) -> int:
    from epicerie_desktop.services.demonstration.build import make_demonstration

    files = make_demonstration(
        Path(args.folder), Clock(), shops=args.shops, households=args.households, months=args.months, seed=args.seed
    )
    told = {
        "shops": [{"name": f"shop-{i}", "database": str(p)} for i, p in enumerate(files.shops, start=1)],
        "coordinator": {"database": str(files.coordinator)},
        "passphrases": str(files.passphrases),
        "custodian": {"folder": str(files.custodian)},
    }
    return answer(args, told, *(str(p) for p in (*files.shops, files.coordinator, files.passphrases)))


def _as_json(t: Totals) -> dict[str, Any]:
    return {
        "families_distinct": t.families, "persons_distinct": t.persons, "visits": t.visits, "person_visits": t.person_visits,
        "grams_distributed": t.grams, "grams_weighed": t.weighed_grams, "grams_estimated": t.estimated_grams,
        "value_cents": t.shelf_cents, "paid_cents": t.paid_cents, "savings_cents": t.savings_cents,
        "grams_by_family": dict(t.grams_by_family), "grams_by_origin": dict(t.grams_by_origin),
    }  # fmt: skip


def distinct_as_json(found: DistinctCount) -> dict[str, Any]:
    """Return how a coordinator's distinct families were told apart."""
    return {
        "families_counted_twice": found.families_twice, "by_card": found.by_card, "by_name": found.by_name,
        "persons_counted_twice": found.persons_twice, "not_compared": list(found.not_compared), "error_permille": found.error_permille,
    }  # fmt: skip


def _as_lines(t: Totals) -> tuple[str, ...]:
    return (
        _("Familles : {n}").format(n=shown.number(t.families)),
        _("Personnes : {n}").format(n=shown.number(t.persons)),
        _("Passages : {n}").format(n=shown.number(t.visits)),
        _("Kilos distribués : {kg}").format(kg=shown.kilos(t.grams)),
        _("dont pesés : {weighed} ; dont estimés : {estimated}").format(
            weighed=shown.kilos(t.weighed_grams), estimated=shown.kilos(t.estimated_grams)
        ),
        _("Valeur de référence : {amount}").format(amount=shown.money(t.shelf_cents)),
        _("Payé : {amount}").format(amount=shown.money(t.paid_cents)),
    )


def _totals(args: argparse.Namespace) -> int:
    check_order(month(args, "first"), month(args, "last"))
    at = desk(args)
    apart, twice = None, None
    try:
        if at.shop.is_coordinator:
            chosen = chosen_contract(at, args.contract, args.first, args.last).id
            found, twice = distinct.counted(at, chosen, args.first, args.last)
        else:
            found = figures.totals_of(at, args.first, args.last)
            apart = months.apart_of(at, args.first, args.last)
    finally:
        at.db.close()
    told = {"from": args.first, "to": args.last, **_as_json(found)}
    lines = _as_lines(found)
    if twice is not None:
        told |= distinct_as_json(twice)
        lines = (*lines, *distinct.distinct_words(twice))
    if apart is not None:
        # Nobody is named in them: they stand beside the figures, and come in none.
        told[EMERGENCY[0]] = apart._asdict()
        lines = (
            *lines,
            _("À part, colis d'urgence : {n} pour {persons} pers., {kg}").format(
                n=shown.number(apart.parcels), persons=shown.number(apart.persons), kg=shown.kilos(apart.grams)
            ),
        )
    return answer(args, told, *lines)


def _export(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = None
        if args.contract is not None:
            found = [c for c in share.joined_contracts(at) if c.number == args.contract]
            if not found:
                raise RuleRefused(N_("Cette épicerie ne fait pas partie de ce contrat."))
            contract = found[0].id
        if args.dry_run:
            return _preview(args, share.preview_parcel(at, contract))
        if args.folder is None:
            raise WrongArguments(N_("Dites dans quel dossier écrire l'envoi, ou demandez --dry-run."))
        folder = Path(args.folder)
        try:
            sticks.make_ready(folder)
        except OSError as error:
            raise EnvironmentTrouble(
                "FIC-103", N_("Le dossier « {what} » ne peut pas être créé."), what=folder.name
            ) from error
        written = share.export_parcel(at, folder, contract=contract, expected=sticks.stick_of(folder))
    finally:
        at.db.close()
    told = {
        "parcel": str(written.path),
        "seq": written.seq,
        "digest": written.digest,
        "months": written.months,
        **_as_json(written.totals),
    }
    return answer(
        args,
        told,
        _("Envoi n° {seq} écrit et relu : {path}").format(seq=written.seq, path=written.path),
        _("Il est scellé, seule la coordination peut le lire. Sur une clé ou joint tel quel à un courriel, c'est le même fichier."),
    )  # fmt: skip


def _preview(args: argparse.Namespace, preview: share.ParcelPreview) -> int:
    told = {
        "contract": preview.contract.number, "seq": preview.seq, "months": list(preview.months),
        "parts": [
            {"code": p.code, "name": p.name, "count": p.count, "counted": p.counted, "why": p.why} for p in preview.parts
        ],
        "readers": [{"code": r.code, "who": r.who, "fingerprint": r.fingerprint} for r in preview.readers],
        "never": _(described.NEVER), "signature": preview.contract.signature,
        "sendings": [
            {"month": m.month, "state": m.sending.value, "received_on": m.received_on.isoformat() if m.received_on else None}
            for m in preview.sendings
        ],
        **_as_json(preview.totals),
    }  # fmt: skip
    lines = [f"{p.name} ({p.counted}) : {p.why}" for p in preview.parts]
    return answer(args, told, *lines, described.readers_said(preview.readers), _(described.NEVER))


def _consolidate(args: argparse.Namespace) -> int:
    at = desk(args)
    outcomes, lines, code = [], [], OK
    files = [Path(name) for name in args.files]
    try:
        found = several.take_all(at, files, reason=args.reason)
        # Taken by number, answered in the order they were named; what a folder held comes after.
        for taken in sorted(found, key=lambda t: files.index(t.path) if t.path in files else len(files)):
            told, sentence, worst = _taken(taken)
            outcomes.append(told)
            lines.append(f"{taken.path.name} : {sentence}")
            code = max(code, worst)
    finally:
        at.db.close()
    answer(args, {"outcomes": outcomes}, *lines)
    return complain(N_("Au moins un envoi n'a pas été reçu : sa réponse dit pourquoi."), code) if code else OK


def _taken(taken: several.Taken) -> tuple[dict[str, Any], str, int]:
    """Return what is said of a file, in keys and in words, and the code to end with."""
    report, error = taken.report, taken.error
    if report is not None:
        sentence = " ".join([_(report.sentence).format(**report.fields), *(w.sentence for w in report.warnings)])
        told = {
            "file": str(taken.path), "outcome": report.outcome.value, "accepted": report.accepted, "site": report.site, "seq": report.seq,
            "months_changed": [c.month for c in report.changes], "signer": report.signer,
            "first_signature": report.first_signature, "sentence": sentence, "control": report.control,
            "recomputed": {n: getattr(report.totals, n) for n in report.control},
            "warnings": [{**w.to_record(), "sentence": w.sentence} for w in report.warnings],
        }  # fmt: skip
        fine = report.accepted or report.outcome is consolidate.Outcome.KNOWN or taken.superseded
        return told, sentence, OK if fine else REFUSED
    if isinstance(error, EnvironmentTrouble):
        # One file that cannot be read must not hide what became of the others.
        sentence = f"{error} ({error.code})"
        return (
            {"file": str(taken.path), "outcome": "unreadable_file", "accepted": False, "sentence": sentence},
            sentence,
            ENVIRONMENT,
        )
    assert isinstance(error, BadInput)
    return (
        {"file": str(taken.path), "outcome": _kind(error), "accepted": False, "sentence": str(error)},
        str(error),
        REFUSED,
    )


def _kind(error: BadInput) -> str:
    """Return the name of a refusal as scripts read it: `ParcelOtherContract` gives `other_contract`."""
    name = type(error).__name__.removeprefix("Parcel")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _create(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        made = consolidate.create_contract(
            at, args.name, args.first, args.last, same_person=args.same_person, spare_recipient=args.spare
        )
        row = next(c for c in consolidate.list_contracts(at) if c.id == made)
    finally:
        at.db.close()
    told = {"contract": row.number, "uid": row.uid, "fingerprint": row.fingerprint}
    lines = [
        _("Contrat n° {n} créé.").format(n=row.number),
        _("Imprimez sa feuille de secours : epicerie contract recovery-sheet -o FICHIER.pdf"),
    ]
    return answer(args, told, *lines, *([_(making.SAME_PERSON)] if args.same_person else []))


def _enrol(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        enrolment = consolidate.add_site(at, contract.id, args.code, args.name, number=args.number)
        site = next(s for s in consolidate.list_sites(at, contract.id) if s.code == enrolment.site_code)
        path = consolidate.write_enrolment_file(at, site.id, Path(args.folder))
    finally:
        at.db.close()
    told = {"file": str(path), "fingerprint": enrolment.fingerprint}
    return answer(
        args,
        told,
        _("Fichier du contrat : {path}").format(path=path),
        _("Empreinte : {mark}").format(mark=enrolment.fingerprint),
    )


def _join(args: argparse.Namespace) -> int:
    enrolment = joining.read_contract_file(Path(args.file))
    if args.fingerprint is not None and not joining.bears_fingerprint(enrolment, args.fingerprint):
        raise RuleRefused(
            N_("L'empreinte n'est pas celle de la fiche : n'utilisez pas ce fichier, appelez la coordination.")
        )
    at = desk(args)
    try:
        standing = joining.standing_of(at, enrolment)
        if standing in (joining.Standing.NEW, joining.Standing.PAPER) and args.fingerprint is None:
            raise WrongArguments(N_("Donnez l'empreinte lue sur la fiche de papier, avec --fingerprint."))
        if standing is joining.Standing.NEW:
            joining.join_contract(at, enrolment)
        else:
            joining.take_edition(at, enrolment, compared=args.fingerprint is not None)
    finally:
        at.db.close()
    told = {
        "contract": enrolment.number, "site": enrolment.site_code, "edition": enrolment.edition, "standing": standing.value.lower(),
    }  # fmt: skip
    words = (
        _("L'épicerie fait partie du contrat.")
        if standing is joining.Standing.NEW
        else _("Édition n° {n} du contrat : déjà prise, rien n'a changé.").format(n=enrolment.edition)
        if standing is joining.Standing.KNOWN
        else _("Édition n° {n} du contrat prise.").format(n=enrolment.edition)
    )
    return answer(args, told, words)


def _list(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        rows: list[Any] = list(consolidate.list_contracts(at) if at.shop.is_coordinator else share.joined_contracts(at))
    finally:
        at.db.close()
    told = [
        {"contract": c.number, "name": c.name, "from": c.starts_on.isoformat(), "to": c.ends_on.isoformat()}
        for c in rows
    ]
    return answer(args, {"contracts": told}, *(f"{c['contract']} : {c['name']}" for c in told))


def _balance(args: argparse.Namespace) -> int:
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        first, last = month_of(contract.starts_on), month_of(contract.ends_on)
        found = contract_summary(at, contract.id, first, last)
    finally:
        at.db.close()
    told = {
        "contract": contract.number, "name": contract.name, "from": first, "to": last, **_as_json(found.whole),
        **distinct_as_json(found.distinct),
        "sites": [{"code": s.code, "name": s.name, **_as_json(of)} for s, of in found.by_site],
    }  # fmt: skip
    return answer(args, told, contract.name, *_as_lines(found.whole), *distinct.distinct_words(found.distinct))
