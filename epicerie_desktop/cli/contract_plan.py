"""The commands that keep a contract's plan: outline, axes, actions, statuses, indicators, values, tables, funding, and its figures."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from epicerie_desktop.cli.chosen import chosen_contract
from epicerie_desktop.cli.output import WrongArguments, answer, desk
from epicerie_desktop.domain.contract import Method, Status, Unit, read_amount
from epicerie_desktop.domain.figures import month_of
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.domain.value_sheet import TableMapping, ValueField
from epicerie_desktop.services.contract import consolidate, funding, outline, plan, spreadsheet, values, wording
from epicerie_desktop.services.contract.consolidate import ContractRow
from epicerie_desktop.services.contract.plan import ActionRow, AxisRow, IndicatorRow
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

MOST_CENTS = 10**12


@dataclass(frozen=True, slots=True)
class _At:
    """The desk of a command, its contract, and the plan as it was when the command began."""

    desk: Desk
    contract: ContractRow
    axes: tuple[AxisRow, ...]

    def axis(self, code: str) -> AxisRow | None:
        return next((x for x in self.axes if x.code == code.strip().upper()), None)

    def action(self, code: str) -> ActionRow | None:
        return next((a for x in self.axes for a in x.actions if a.code == code.strip().upper()), None)

    def indicator(self, code: str) -> IndicatorRow | None:
        found = (i for x in self.axes for a in x.actions for i in a.indicators)
        return next((i for i in found if i.code == code.strip().upper()), None)


Run = Callable[[_At, argparse.Namespace], int]


def add(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands of this module under `epicerie contract`."""

    def command(name: str, run: Run, told: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, parents=[common], help=told)
        made.add_argument("--contract", type=int, help=_("numéro du contrat"))
        made.set_defaults(run=lambda args: _at_contract(args, run))
        return made

    made = command("outline", _outline, _("charger le plan d'un contrat : axes, actions, indicateurs"))
    made.add_argument("file", help=_("un fichier TOML"))
    made = command("axis", _axis, _("écrire un axe"))
    made.add_argument("code")
    made.add_argument("--title", required=True)
    made.add_argument("--summary", default="")
    made = command("action", _action, _("écrire une action"))
    made.add_argument("code")
    made.add_argument("--axis", required=True)
    made.add_argument("--title", required=True)
    made.add_argument("--summary", default="")
    made.add_argument("--pilot", default="")
    made.add_argument("--partner", action="append", default=[])
    made = command("status", _status, _("dire où en est une action"))
    made.add_argument("code", nargs="?")
    made.add_argument("status", nargs="?", choices=[s.value.lower() for s in Status])
    made.add_argument("--since", type=date.fromisoformat)
    made.add_argument("--note", default="")
    _add_values(command)
    made = command("funder", _funder, _("ajouter un financeur"))
    made.add_argument("name")
    made = command("funding", _funding, _("écrire un financement, ou les lire tous"))
    made.add_argument("--funder")
    made.add_argument("--year", type=int)
    made.add_argument("--planned", default="0")
    made.add_argument("--paid", default="0")
    made.add_argument("--action-code")
    made.add_argument("--note", default="")


def _add_values(command: Callable[[str, Run, str], argparse.ArgumentParser]) -> None:
    made = command("indicator", _indicator, _("écrire un indicateur"))
    made.add_argument("code")
    made.add_argument("--action-code", required=True)
    made.add_argument("--name", required=True)
    made.add_argument("--unit", required=True, choices=[u.value.lower() for u in Unit])
    made.add_argument("--method", required=True, choices=[m.value.lower() for m in Method])
    for name in ("unit-name", "source", "definition", "target"):
        made.add_argument(f"--{name}", default="")
    made.add_argument("--headline", action="store_true")
    made = command("value", _value, _("saisir, corriger ou retirer une valeur"))
    made.add_argument("code", help=_("l'indicateur"))
    made.add_argument("value", nargs="?", help=_("en kilos, en euros, ou un nombre"))
    made.add_argument("--from", dest="first")
    made.add_argument("--to", dest="last")
    made.add_argument("--source", default="")
    made.add_argument("--as-of", type=date.fromisoformat)
    made.add_argument("--site", help=_("le code d'une épicerie"))
    made.add_argument("--corrects", type=int, help=_("le numéro de la valeur à corriger"))
    made.add_argument("--withdraw", type=int, help=_("le numéro de la valeur à retirer"))
    made = command("import", _import, _("importer le tableau d'un partenaire"))
    made.add_argument("file")
    made.add_argument("--column", action="append", default=[], metavar=_("CHAMP=TITRE"))
    made.add_argument("--indicator", action="append", default=[], metavar=_("TITRE=CODE"))
    made.add_argument("--fixed", action="append", default=[], metavar=_("CHAMP=TEXTE"))
    made.add_argument("--preview", action="store_true", help=_("montrer sans rien écrire"))
    made = command("figures", _figures, _("les chiffres du contrat, et ce qui les fait"))
    made.add_argument("--from", dest="first")
    made.add_argument("--to", dest="last")


def _at_contract(args: argparse.Namespace, run: Run) -> int:
    at = desk(args)
    try:
        contract = chosen_contract(at, args.contract, "0001-01", "9999-12")
        return run(_At(at, contract, plan.plan_of(at, contract.id)), args)
    finally:
        at.db.close()


def _unknown(what: str, code: str) -> RuleRefused:
    return RuleRefused(what, code=code)


def _outline(at: _At, args: argparse.Namespace) -> int:
    loaded = outline.load_outline(at.desk, at.contract.id, outline.read_outline_file(Path(args.file)))
    told = {"axes": loaded.axes, "actions": loaded.actions, "indicators": loaded.indicators, "funders": loaded.funders}
    return answer(
        args, told,
        _("Ajoutés : axes {axes}, actions {actions}, indicateurs {indicators}, financeurs {funders}.").format(**told),
    )  # fmt: skip


def _axis(at: _At, args: argparse.Namespace) -> int:
    kept = at.axis(args.code)
    form = plan.AxisForm(args.code, args.title, args.summary, kept.id if kept else None, kept.version if kept else None)
    return _written(args, plan.save_axis(at.desk, at.contract.id, form))


def _action(at: _At, args: argparse.Namespace) -> int:
    axis, kept = at.axis(args.axis), at.action(args.code)
    if axis is None:
        raise _unknown(N_("Aucun axe n'a le code {code}."), args.axis)
    form = plan.ActionForm(
        axis.id, args.code, args.title, args.summary, args.pilot, tuple(args.partner), kept.id if kept else None,
        kept.version if kept else None,
    )  # fmt: skip
    return _written(args, plan.save_action(at.desk, form))


def _status(at: _At, args: argparse.Namespace) -> int:
    if args.code is None:
        rows = [(a, a.status) for x in at.axes for a in x.actions]
        told = {
            "actions": [
                {"code": a.code, "title": a.title, "axis": next(x.code for x in at.axes if x.id == a.axis), "pilot": a.pilot,
                 "partners": list(a.partners), "status": s.value.lower(),
                 "history": [{"status": h.status.value.lower(), "since": h.since.isoformat(), "note": h.note} for h in a.history]}
                for a, s in rows
            ]
        }  # fmt: skip
        return answer(args, told, *(f"{a.code} : {a.title} ({label(s)})" for a, s in rows))
    if args.status is None:
        raise WrongArguments(N_("Dites où en est l'action : planned, started, done, postponed ou dropped."))
    return _written(
        args, plan.set_status(at.desk, _action_of(at, args.code).id, Status(args.status.upper()), args.since, args.note)
    )


def _action_of(at: _At, code: str) -> ActionRow:
    found = at.action(code)
    if found is None:
        raise _unknown(N_("Aucune action n'a le code {code}."), code)
    return found


def _indicator_of(at: _At, code: str) -> IndicatorRow:
    found = at.indicator(code)
    if found is None:
        raise _unknown(N_("Aucun indicateur n'a le code {code}."), code)
    return found


def _indicator(at: _At, args: argparse.Namespace) -> int:
    kept, unit = at.indicator(args.code), Unit(args.unit.upper())
    form = plan.IndicatorForm(
        _action_of(at, args.action_code).id, args.code, args.name, unit, Method(args.method.upper()), args.definition, args.unit_name,
        args.source, read_amount(args.target, unit) if args.target else None, args.headline, kept.id if kept else None,
        kept.version if kept else None,
    )  # fmt: skip
    return _written(args, plan.save_indicator(at.desk, form))


def _value(at: _At, args: argparse.Namespace) -> int:
    if args.withdraw is not None:
        return _written(args, values.withdraw_value(at.desk, args.withdraw, args.source))
    indicator = _indicator_of(at, args.code)
    if args.value is None or args.first is None:
        raise WrongArguments(N_("Donnez la valeur et sa période : --from, et --to si elle dure plus d'un mois."))
    site = None
    if args.site is not None:
        site = next(
            (s.id for s in consolidate.list_sites(at.desk, at.contract.id) if s.code == args.site.upper()), None
        )
        if site is None:
            raise _unknown(N_("Aucune épicerie du contrat n'a le code {code}."), args.site)
    form = values.ValueForm(
        indicator.id, args.first, args.last or args.first, read_amount(args.value, indicator.unit),
        args.as_of or at.desk.clock.today(), args.source, site, args.corrects,
    )  # fmt: skip
    return _written(args, values.record_value(at.desk, form))


def _pairs(told: list[str]) -> dict[str, str]:
    pairs = [t.partition("=") for t in told]
    if any(not sign for _a, sign, _b in pairs):
        raise WrongArguments(N_("Écrivez CHAMP=TITRE, TITRE=CODE ou CHAMP=TEXTE."))
    return {a.strip(): b.strip() for a, _sign, b in pairs}


def _fields(told: list[str]) -> dict[ValueField, str]:
    try:
        return {ValueField(k.upper()): v for k, v in _pairs(told).items()}
    except ValueError as error:
        raise WrongArguments(
            N_("Un champ est {fields}."), fields=", ".join(f.value.lower() for f in ValueField)
        ) from error


def _import(at: _At, args: argparse.Namespace) -> int:
    table = spreadsheet.read_file(Path(args.file))
    mapping = spreadsheet.mapping_of(at.desk, at.contract.id, table)
    if args.column or args.indicator or args.fixed:
        mapping = TableMapping(_fields(args.column), _pairs(args.indicator), _fields(args.fixed))
    gesture = spreadsheet.look_at if args.preview else spreadsheet.take_in
    seen = gesture(at.desk, at.contract.id, table, mapping)
    told = {
        "already": seen.already.isoformat() if seen.already else None, "mapping": mapping.to_json(),
        "new": seen.count(spreadsheet.Effect.NEW), "corrected": seen.count(spreadsheet.Effect.CORRECTS),
        "same": seen.count(spreadsheet.Effect.SAME), "wrong": seen.count(spreadsheet.Effect.WRONG),
        "lines": [
            {"line": n.told.line, "indicator": n.indicator, "site": n.shop, "from": n.told.first, "to": n.told.last, "value": n.value,
             "before": n.before, "effect": n.effect.value.lower(), "errors": list(n.errors)}
            for n in seen.lines
        ],
    }  # fmt: skip
    if seen.already:
        return answer(args, told, _("Déjà importé le {day} : rien n'a changé.").format(day=shown.day(seen.already)))
    lines = [_("Nouvelles {new}, corrigées {corrected}, inchangées {same}, à corriger {wrong}.").format(**told)]
    lines += [
        _("Ligne {line} : {why}").format(line=n.told.line, why=" ".join(n.errors)) for n in seen.lines if n.errors
    ]
    return answer(args, told, *lines)


def _funder(at: _At, args: argparse.Namespace) -> int:
    return _written(args, funding.save_funder(at.desk, at.contract.id, args.name))


def _funding(at: _At, args: argparse.Namespace) -> int:
    if args.funder is not None:
        found = next((f for f in funding.list_funders(at.desk, at.contract.id) if f.name == args.funder), None)
        if found is None:
            raise _unknown(N_("Aucun financeur ne s'appelle « {code} » : ajoutez-le d'abord."), args.funder)
        if args.year is None:
            raise WrongArguments(N_("Donnez l'année du financement : --year."))
        planned, paid = (parse_cents(t, most=MOST_CENTS) for t in (args.planned, args.paid))
        action = _action_of(at, args.action_code).id if args.action_code else None
        form = funding.FundingForm(found.id, args.year, planned, paid, action, args.note)
        return _written(args, funding.save_funding(at.desk, form))
    rows = funding.funding_of(at.desk, at.contract.id)
    whole = funding.total_of(rows)
    told = {
        "planned_cents": whole.planned_cents, "paid_cents": whole.paid_cents,
        "lines": [
            {"id": r.id, "funder": r.funder_name, "action": r.action_code or None, "year": r.year, "planned_cents": r.planned_cents,
             "paid_cents": r.paid_cents, "note": r.note} for r in rows
        ],
    }  # fmt: skip
    return answer(
        args, told,
        *(f"{r.year} {r.funder_name} : {shown.money(r.planned_cents)} / {shown.money(r.paid_cents)}" for r in rows),
        _("Prévu : {planned} ; versé : {paid}").format(
            planned=shown.money(whole.planned_cents), paid=shown.money(whole.paid_cents)
        ),
    )  # fmt: skip


def _figures(at: _At, args: argparse.Namespace) -> int:
    first = args.first or month_of(at.contract.starts_on)
    last = args.last or month_of(at.contract.ends_on)
    found = values.indicator_figures(at.desk, at.contract.id, first, last)
    told = {
        "contract": at.contract.number, "from": first, "to": last,
        "indicators": [
            {"code": f.indicator.code, "name": f.indicator.name, "axis": f.indicator.axis_code, "action": f.indicator.action_code,
             "unit": f.indicator.unit.value.lower(), "unit_name": f.indicator.unit_name, "method": f.indicator.method.value.lower(),
             "source": f.indicator.source or None, "value": f.value, "target": f.indicator.target, "headline": f.indicator.headline,
             "as_of": f.as_of.isoformat() if f.as_of else None, "twice": f.twice, "covers": f.covers or None,
             "by_shop": [{"site": p.code or None, "value": p.value} for p in f.by_shop],
             "by_month": [{"from": p.first, "to": p.last, "value": p.value} for p in f.by_month],
             "rows": [{"id": r.id, "site": r.site_name or None, "from": r.first, "to": r.last, "value": r.value,
                       "as_of": r.as_of.isoformat(), "source": r.source, "author": r.author, "replaces": r.replaces,
                       "file": r.file_name or None, "standing": r.standing.value.lower()} for r in f.rows]}
            for f in found
        ],
    }  # fmt: skip
    return answer(
        args, told,
        *(f"{f.indicator.code} {f.indicator.name} : {wording.amount(f.value, f.indicator.unit, f.indicator.unit_name)}" for f in found),
    )  # fmt: skip


def _written(args: argparse.Namespace, row: int) -> int:
    return answer(args, {"id": row}, _("C'est enregistré."))
