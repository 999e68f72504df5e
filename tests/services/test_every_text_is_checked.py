"""No free text a person types keeps a social security number: every text of every form is tried, and a new one is caught here."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from epicerie_desktop import services
from epicerie_desktop.domain import statements, support
from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.cash import CashMoveKind
from epicerie_desktop.domain.contract import Method, Status, Unit
from epicerie_desktop.domain.decisions import Answer, Maker
from epicerie_desktop.domain.delivery_note import Field, Sheet
from epicerie_desktop.domain.household import Link
from epicerie_desktop.domain.parcel_types import ParcelSize, Wanted
from epicerie_desktop.domain.payments import Part, PaymentKind
from epicerie_desktop.domain.questions import question
from epicerie_desktop.domain.receptions import Refusal
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.domain.safety import UnitKind
from epicerie_desktop.domain.shelves import Shelf
from epicerie_desktop.domain.stock import LossReason, Origin, Place, SlipKind
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.domain.suspensions import SuspensionReason
from epicerie_desktop.domain.till_papers import Regie
from epicerie_desktop.domain.value_sheet import TableMapping, ValueField
from epicerie_desktop.domain.volunteers import VolunteerTask
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.services import (
    accounts,
    labels,
    months,
    opening,
    publishing,
    questions,
    volunteers,
    weighing,
    wordings,
)
from epicerie_desktop.services.contract import (
    balances,
    consolidate,
    funding,
    keys,
    plan,
    posts,
    recovery,
    spreadsheet,
    values,
)
from epicerie_desktop.services.contract.balances import BalanceForm
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import save_feature
from epicerie_desktop.services.households import enrol, life, purge, separation
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.households.life import Newcomer
from epicerie_desktop.services.queries.committee import GivenAnswer
from epicerie_desktop.services.queries.households import household_file
from epicerie_desktop.services.queries.stock import families
from epicerie_desktop.services.reports import estimates, parameters
from epicerie_desktop.services.rights import decide, decisions, fees, meetings, scales, suspensions
from epicerie_desktop.services.rights.decisions import DecisionForm
from epicerie_desktop.services.safety import cold_chain, day_end, recalls
from epicerie_desktop.services.stock import (
    best_before,
    catalogue,
    deliveries,
    moves,
    receive,
    repack,
    shelves,
    stock_take,
)
from epicerie_desktop.services.support import agenda as visits
from epicerie_desktop.services.support import (
    file,
    notes,
    papers,
    projects,
    referrals,
    steps,
    tasks,
    undertakings,
    workshops,
)
from epicerie_desktop.services.till import drawer, parcels, purse, regie, sell
from epicerie_desktop.services.till.limits import TillLimits, save_limits
from epicerie_desktop.services.till.regie_name import save_regie
from epicerie_desktop.support.errors import BadInput, RuleRefused
from tests.conftest import PASSPHRASE, TODAY
from tests.services.conftest import SmallShop
from tests.services.test_sell import a_basket
from tests.services.test_separation import parting
from tests.services.test_who_may_write import (
    FIRST_STEP,
    NEXT,
    ORIENTED,
    PROJECT,
    SITUATION,
    URGENT,
    Filled,
    filled,
)

__all__ = ["filled"]
NUMBER = "2 85 03 15 187 001"
PAST = TODAY - timedelta(days=1)
Typing = Callable[[Desk, SmallShop, Filled, str], object]


def _household(**texts: str) -> Typing:
    def save(d: Desk, s: SmallShop, f: Filled, t: str) -> object:
        form = household_file(d, s.household).form
        member = {k: t for k in texts if k in ("last_name", "first_name")}
        address = {k: t for k in texts if k in ("lines", "postcode", "commune_name")}
        changed = replace(
            form,
            members=(replace(form.members[0], **member), *form.members[1:]),
            address=replace(form.address, **address),
        )  # type: ignore[arg-type]
        return enrol.save_household(d, replace(changed, **{k: t for k in texts if k not in (*member, *address)}))  # type: ignore[arg-type]

    return save


def _identity(name: str) -> Typing:
    return lambda d, s, f, t: opening.save_identity(d, replace(opening.identity(d), **{name: t}))


def _limit(name: str) -> Typing:
    return lambda d, s, f, t: save_limits(d, replace(TillLimits(), **{name: t}))


def _new_shop(name: str) -> Typing:
    shop = opening.NewShop("Épicerie", "AB", "Camille")
    return lambda d, s, f, t: opening.create_shop(f.nowhere, replace(shop, **{name: t}), PASSPHRASE, d.clock)


def _decision(name: str) -> Typing:
    form = DecisionForm(0, Answer.ADJOURNED, Maker.WORKER, TODAY)
    return lambda d, s, f, t: decisions.record_decision(d, replace(form, household=s.household, **{name: t}))


def _answer(name: str) -> Typing:
    given = GivenAnswer(Answer.ADJOURNED, "Un papier")
    return lambda d, s, f, t: meetings.answer_item(d, meetings.AnswerForm(f.item, 1, replace(given, **{name: t})))


def hub_of(desk: Desk) -> Desk:
    """Return the desk of a coordinator, on the same file."""
    return replace(desk, shop=replace(desk.shop, kind=opening.COORDINATOR))


def _axis(name: str) -> Typing:
    form = plan.AxisForm("A", "Axe")
    return lambda d, s, f, t: plan.save_axis(hub_of(d), 1, replace(form, **{name: t}))


def _action(name: str) -> Typing:
    form = plan.ActionForm(1, "A", "Action")
    return lambda d, s, f, t: plan.save_action(hub_of(d), replace(form, **{name: (t,) if name == "partners" else t}))


def _indicator(name: str) -> Typing:
    form = plan.IndicatorForm(1, "A", "Permis", Unit.COUNT, Method.SUM, unit_name="permis")
    return lambda d, s, f, t: plan.save_indicator(hub_of(d), replace(form, **{name: t}))


def _mapping(name: str) -> Typing:
    table = spreadsheet.Table("x.csv", Sheet((), ()), "")
    told = {"indicators": lambda t: {t: "A"}}.get(name, lambda t: {ValueField.SOURCE: t})
    return lambda d, s, f, t: spreadsheet.take_in(hub_of(d), 1, table, replace(TableMapping(), **{name: told(t)}))


def _value(d: Desk, s: SmallShop, f: Filled, t: str) -> object:
    hub = hub_of(d)
    made = consolidate.create_contract(hub, "Contrat", PAST, TODAY + timedelta(days=60))
    action = plan.save_action(hub, plan.ActionForm(plan.save_axis(hub, made, plan.AxisForm("A", "Axe")), "A", "Action"))
    jobs = plan.save_indicator(
        hub, plan.IndicatorForm(action, "J", "Emplois", Unit.COUNT, Method.SUM, unit_name="emplois")
    )
    month = f"{TODAY:%Y-%m}"
    return values.record_value(hub, values.ValueForm(jobs, month, month, 1, TODAY, t))


def _kept_question(desk: Desk) -> questions.Saved:
    questions.save_question(desk, "Passages", question("visits", ["visits"]))
    return questions.saved_questions(desk)[0]


CHECKED: dict[str, Typing] = {
    "services.accounts:AccountForm.name": lambda d, s, f, t: accounts.add_account(
        d, accounts.AccountForm(t, Role.WORKER, "une autre phrase longue"), PASSPHRASE),
    "services.stock.catalogue:FamilyForm.name": lambda d, s, f, t: catalogue.save_family(d, catalogue.FamilyForm("", t, "")),
    "services.stock.catalogue:FamilyForm.short_name": lambda d, s, f, t: catalogue.save_family(d, catalogue.FamilyForm("", "Épices", t)),
    "services.stock.catalogue:FamilyForm.code": lambda d, s, f, t: catalogue.save_family(d, catalogue.FamilyForm(t, "Épices", "")),
    "services.stock.catalogue:ArticleForm.name": lambda d, s, f, t: catalogue.save_article(
        d, catalogue.ArticleForm(families(d)[0].id, t, SoldBy.WEIGHT)),
    "services.stock.catalogue:ArticleForm.short_code": lambda d, s, f, t: catalogue.save_article(
        d, catalogue.ArticleForm(families(d)[0].id, "Riz", SoldBy.WEIGHT, short_code=t)),
    "households.purge.hold_file(reason)": lambda d, s, f, t: purge.hold_file(d, s.household, TODAY + timedelta(days=30), t),
    "contract.receive.accept_parcel(reason)": lambda d, s, f, t: consolidate.accept_parcel(d, b"", reason=t),
    "contract.recovery.restore_contract(name)": lambda d, s, f, t: recovery.restore_contract(hub_of(d), "", t),
    "contract.keys.rotate_keys(reason)": lambda d, s, f, t: keys.rotate_keys(hub_of(d), 1, t),
    "contract.posts.revoke_post(reason)": lambda d, s, f, t: posts.revoke_post(hub_of(d), 1, t),
    "contract.posts.let_site_leave(reason)": lambda d, s, f, t: posts.let_site_leave(hub_of(d), 1, TODAY, t),
    "contract.making.create_contract(name)": lambda d, s, f, t: consolidate.create_contract(d, t, PAST, TODAY),
    "contract.making.add_site(name)": lambda d, s, f, t: consolidate.add_site(
        d, consolidate.create_contract(d, "Contrat", PAST, TODAY), "AB", t),
    **{f"services.contract.plan:AxisForm.{name}": _axis(name) for name in ("title", "summary")},
    **{f"services.contract.plan:ActionForm.{name}": _action(name) for name in ("title", "summary", "pilot", "partners")},
    **{f"services.contract.plan:IndicatorForm.{name}": _indicator(name) for name in ("name", "definition", "unit_name")},
    "contract.plan.set_status(note)": lambda d, s, f, t: plan.set_status(hub_of(d), 1, Status.DONE, TODAY, t),
    "services.contract.values:ValueForm.source": _value,
    "services.contract.balances:BalanceForm.title": lambda d, s, f, t: balances.balance_now(
        hub_of(d), 1, BalanceForm(t, "2026-09", "2026-12")
    ),
    "contract.values.withdraw_value(why)": lambda d, s, f, t: values.withdraw_value(hub_of(d), 1, t),
    "contract.funding.save_funder(name)": lambda d, s, f, t: funding.save_funder(hub_of(d), 1, t),
    "services.contract.spreadsheet:Table.name": lambda d, s, f, t: spreadsheet.take_in(
        hub_of(d), 1, spreadsheet.Table(t, Sheet((), ()), ""), TableMapping()),
    **{f"domain.value_sheet:TableMapping.{name}": _mapping(name) for name in ("columns", "indicators", "fixed")},
    "services.contract.funding:FundingForm.note": lambda d, s, f, t: funding.save_funding(
        hub_of(d), funding.FundingForm(1, 2026, 0, 0, note=t)),
    "services.households.enrol:MemberForm.last_name": _household(last_name=""),
    "services.households.enrol:MemberForm.first_name": _household(first_name=""),
    "services.households.enrol:AddressForm.lines": _household(lines=""),
    "services.households.enrol:AddressForm.postcode": _household(postcode=""),
    "services.households.enrol:AddressForm.commune_name": _household(commune_name=""),
    "services.households.enrol:HouseholdForm.phone": _household(phone=""),
    "services.households.enrol:HouseholdForm.phone2": _household(phone2=""),
    "services.households.enrol:HouseholdForm.note": _household(note=""),
    "households.enrol.save_referrer(name)": lambda d, s, f, t: enrol.save_referrer(d, t),
    "households.enrol.save_referrer(organisation)": lambda d, s, f, t: enrol.save_referrer(d, "CCAS", t),
    "households.enrol.save_referrer(phone)": lambda d, s, f, t: enrol.save_referrer(d, "CCAS", "", t),
    "services.households.life:Newcomer.last_name": lambda d, s, f, t: life.arrive(d, s.household, Newcomer(t, "Y", Link.CHILD, TODAY)),
    "services.households.life:Newcomer.first_name": lambda d, s, f, t: life.arrive(d, s.household, Newcomer("X", t, Link.CHILD, TODAY)),
    "services.households.separation:SeparationForm.phone": lambda d, s, f, t: separation.separate(d, parting(s, phone=t)),
    "services.households.separation:SeparationForm.phone2": lambda d, s, f, t: separation.separate(d, parting(s, phone2=t)),
    "services.households.separation:SeparationForm.kept_phones": lambda d, s, f, t: separation.separate(
        d, parting(s, kept_phones=("", t))),
    **{f"services.opening:NewShop.{name}": _new_shop(name) for name in ("name", "account", "address", "phone", "manager", "ccas")},
    **{f"services.opening:Identity.{name}": _identity(name) for name in ("name", "address", "phone", "manager", "ccas")},
    "stock.receive.save_supplier(name)": lambda d, s, f, t: receive.save_supplier(d, t, Origin.FOOD_BANK),
    "services.stock.receive:ReceptionForm.driver": lambda d, s, f, t: receive.record_reception(
        d, receive.ReceptionForm(Origin.PICKUP, (receive.ReceivedLine(grams=10, article_id=s.carrots),), driver=t)),
    "services.stock.receive:ReceptionForm.short_reason": lambda d, s, f, t: receive.record_reception(
        d, receive.ReceptionForm(Origin.PICKUP, (receive.ReceivedLine(grams=10, article_id=s.carrots),), short_reason=t)),
    "services.stock.receive:RefusedLine.note": lambda d, s, f, t: receive.record_reception(
        d, receive.ReceptionForm(Origin.PICKUP, (), refused=(receive.RefusedLine(Refusal.OTHER, grams=9, article_id=s.carrots, note=t),))),
    "stock.best_before.record_check(agreed)": lambda d, s, f, t: best_before.record_check(d, 1, packaging=True, aspect=True, agreed=t),
    "stock.deliveries.keep_columns(columns)": lambda d, s, f, t: deliveries.keep_columns(
        d, receive.save_supplier(d, "Grossiste", Origin.PURCHASE), {Field.ARTICLE: t}),
    "stock.receive.record_loss(note)": lambda d, s, f, t: receive.record_loss(d, 1, grams=10, reason=LossReason.EXPIRED, note=t),
    "stock.receive.correct_lot(note)": lambda d, s, f, t: receive.correct_lot(d, 1, counted_grams=10, note=t),
    "domain.statements:Debt.creditor": lambda d, s, f, t: decide.record_assessment(
        d, s.household, SITUATION, statements.Said(debts=(statements.Debt(t, next(iter(statements.DebtKind))),))),
    **{f"services.rights.decisions:DecisionForm.{name}": _decision(name)
       for name in ("reason", "conditions", "same_day_help", "exception_by")},
    "rights.meetings.prepare_meeting(place)": lambda d, s, f, t: meetings.prepare_meeting(d, NEXT, t),
    **{f"services.queries.committee:GivenAnswer.{name}": _answer(name) for name in ("reason", "conditions", "same_day_help")},
    "domain.eligibility.rules:ScaleFigure.source": lambda d, s, f, t: scales.add_scale(d, replace(f.scale, source=t)),
    "services.rights.suspensions:SuspensionForm.reason": lambda d, s, f, t: suspensions.record_suspension(
        d, suspensions.SuspensionForm(s.household, URGENT, SuspensionReason.RULES, t)),
    "till.sell.record_sale(override)": lambda d, s, f, t: sell.record_sale(
        d, s.household, a_basket(s), sell.PaymentForm(10_000), override=t),
    "services.stock.repack:RepackForm.note": lambda d, s, f, t: repack.record_repacking(
        d, repack.RepackForm((repack.Taken(1, grams=100),), (), 100, t)),
    "services.stock.moves:Leaving.partner": lambda d, s, f, t: moves.send(d, moves.Leaving(SlipKind.SENT, 1, t, grams=100)),
    "services.stock.moves:Leaving.note": lambda d, s, f, t: moves.send(d, moves.Leaving(SlipKind.SENT, 1, "Mauriac", grams=100, note=t)),
    "stock.moves.move_to_place(note)": lambda d, s, f, t: moves.move_to_place(d, 1, Place.RESERVE, grams=100, note=t),
    "stock.moves.take_back(note)": lambda d, s, f, t: (
        sell.record_sale(d, s.household, a_basket(s), sell.PaymentForm(10_000), override="accord"), moves.take_back(d, 1, grams=1, note=t)),
    "stock.stock_take.close_stock_take(note)": lambda d, s, f, t: stock_take.close_stock_take(d, f.take, t),
    "domain.shelves:Shelf.name": lambda d, s, f, t: shelves.save_shelf_walk(d, (Shelf(t, (s.peas,)),)),
    "services.till.parcels:ParcelTypeForm.name": lambda d, s, f, t: parcels.save_parcel_type(
        d, parcels.ParcelTypeForm(t, (ParcelSize(1, (Wanted(s.peas, 1),)),))),
    "till.parcels.give_emergency_parcel(note)": lambda d, s, f, t: parcels.give_emergency_parcel(d, a_basket(s), 2, t),
    "till.parcels.cancel_emergency_parcel(reason)": lambda d, s, f, t: parcels.cancel_emergency_parcel(d, f.emergency, t),
    "services.till.drawer:CountForm.note": lambda d, s, f, t: drawer.close_session(d, drawer.CountForm(0, note=t, reason="rien")),
    "services.till.drawer:CountForm.reason": lambda d, s, f, t: drawer.close_session(d, drawer.CountForm(5, reason=t)),
    "services.till.regie:PaymentForm.note": lambda d, s, f, t: regie.pay_accountant(d, regie.PaymentForm(note=t)),
    "domain.till_papers:Regie.name": lambda d, s, f, t: save_regie(d, Regie(t)),
    "domain.till_papers:Regie.regisseur": lambda d, s, f, t: save_regie(d, Regie(regisseur=t)),
    "domain.till_papers:Regie.accountant": lambda d, s, f, t: save_regie(d, Regie(accountant=t)),
    "till.drawer.move_cash(note)": lambda d, s, f, t: drawer.move_cash(d, CashMoveKind.SPENT, 100, t),
    "till.drawer.reverse_cash_move(why)": lambda d, s, f, t: drawer.reverse_cash_move(d, f.cash, t),
    "till.purse.give_back(why)": lambda d, s, f, t: purse.give_back(d, s.household, 100, t),
    "rights.fees.cancel_fees(why)": lambda d, s, f, t: fees.cancel_fees(d, (1,), t),
    "till.purse.cancel_pay_in(why)": lambda d, s, f, t: purse.cancel_pay_in(d, f.taken, t),
    "domain.payments:Part.reference": lambda d, s, f, t: sell.record_sale(
        d, s.household, a_basket(s), sell.PaymentForm(10_000, (Part(PaymentKind.CHEQUE, 1, t),)), override="accord"),
    **{f"services.till.limits:TillLimits.{name}": _limit(name) for name in ("act_slate", "act_ahead", "act_refund")},
    "wordings.save_wording(text)": lambda d, s, f, t: wordings.save_wording(d, WordingKind.LIAISON, t),
    "services.labels:LayoutForm.source": lambda d, s, f, t: labels.save_layout(d, labels.LayoutForm(t, "21IIIIIWWWWWC")),
    "services.weighing:ScaleForm.make": lambda d, s, f, t: weighing.save_scale(d, weighing.ScaleForm(t)),
    "services.weighing:ScaleForm.model": lambda d, s, f, t: weighing.save_scale(d, weighing.ScaleForm("Dibal", t)),
    "safety.recalls.quarantine_lot(reason)": lambda d, s, f, t: recalls.quarantine_lot(d, 1, t),
    "safety.recalls.lift_quarantine(reason)": lambda d, s, f, t: recalls.lift_quarantine(d, f.aside, t),
    "services.safety.cold_chain:UnitForm.name": lambda d, s, f, t: cold_chain.save_unit(
        d, cold_chain.UnitForm(t, next(iter(UnitKind)), tuple(cold_chain.limits_today(d))[:1])),
    "services.safety.cold_chain:ReadingForm.note": lambda d, s, f, t: cold_chain.record_readings(
        d, (cold_chain.ReadingForm(f.unit, 30, note=t),)),
    "services.safety.day_end:DayEndForm.note": lambda d, s, f, t: day_end.record_day_end(d, day_end.DayEndForm(True, True, t)),
    "till.sell.cancel_sale(reason)": lambda d, s, f, t: sell.cancel_sale(d, f.sale, t),
    "services.support.agenda:AppointmentForm.place": lambda d, s, f, t: visits.save_appointment(
        d, visits.AppointmentForm(s.household, NEXT, time(10), place=t)),
    "services.support.agenda:AppointmentForm.about": lambda d, s, f, t: visits.save_appointment(
        d, visits.AppointmentForm(s.household, NEXT, time(10), about=t)),
    "services.support.file:OrientationForm.reason": lambda d, s, f, t: file.save_orientation(d, f.file, 1, replace(ORIENTED, reason=t)),
    "support.file.save_diagnosis(diagnosis)": lambda d, s, f, t: file.save_diagnosis(d, f.file, 1, t, ""),
    "support.file.save_diagnosis(budget_note)": lambda d, s, f, t: file.save_diagnosis(d, f.file, 1, "", t),
    "domain.support:Debt.creditor": lambda d, s, f, t: file.save_debts(d, f.file, 1, (support.Debt(t, 100, 10),)),
    "domain.support:Debt.note": lambda d, s, f, t: file.save_debts(d, f.file, 1, (support.Debt("EDF", 100, 10, t),)),
    "support.file.record_review(text)": lambda d, s, f, t: file.record_review(d, s.household, TODAY, next(iter(support.ReviewResult)), t),
    "services.support.file:ExitForm.note": lambda d, s, f, t: file.close_file(d, f.file, 1, file.ExitForm(
        TODAY, next(iter(support.ExitReason)), next(iter(support.ExitResult)), t)),
    "support.notes.write_note(text)": lambda d, s, f, t: notes.write_note(d, s.household, t),
    "services.support.papers:PaperForm.name": lambda d, s, f, t: papers.record_paper(
        d, s.household, papers.PaperForm(next(iter(support.PaperKind)), TODAY, name=t)),
    "services.support.papers:PaperForm.note": lambda d, s, f, t: papers.record_paper(
        d, s.household, papers.PaperForm(next(iter(support.PaperKind)), TODAY, note=t)),
    "services.support.projects:ObjectiveForm.label": lambda d, s, f, t: projects.save_objective(d, s.household, replace(PROJECT, label=t)),
    "services.support.projects:ObjectiveForm.creditor": lambda d, s, f, t: projects.save_objective(
        d, s.household, replace(PROJECT, creditor=t)),
    "support.projects.record_payment(note)": lambda d, s, f, t: projects.record_payment(d, f.objective, TODAY, 500, t),
    "services.support.referrals:ReferralForm.service": lambda d, s, f, t: referrals.refer_onward(d, replace(f.letter, service=t)),
    "services.support.referrals:ReferralForm.reason": lambda d, s, f, t: referrals.refer_onward(d, replace(f.letter, reason=t)),
    "support.referrals.answer_referral(answer)": lambda d, s, f, t: referrals.answer_referral(
        d, f.referral, referrals.OnwardState.SENT, t, None),
    "services.support.steps:StepForm.note": lambda d, s, f, t: steps.record_step(
        d, steps.StepForm(s.household, TODAY, *FIRST_STEP, note=t)),
    "services.support.tasks:TaskForm.text": lambda d, s, f, t: tasks.save_task(d, tasks.TaskForm(t)),
    "services.support.undertakings:UndertakingForm.name": lambda d, s, f, t: undertakings.record_undertaking(
        d, s.household, undertakings.UndertakingForm(UndertakingKind.PROXY, TODAY, name=t)),
    "services.support.undertakings:UndertakingForm.note": lambda d, s, f, t: undertakings.record_undertaking(
        d, s.household, undertakings.UndertakingForm(UndertakingKind.CONTRACT, TODAY, note=t)),
    "services.support.undertakings:AvoidanceForm.words": lambda d, s, f, t: undertakings.add_avoidance(
        d, s.household, undertakings.AvoidanceForm(TODAY, words=t)),
    "services.volunteers:HoursForm.label": lambda d, s, f, t: volunteers.note_hours(d, volunteers.HoursForm(TODAY, 60, VolunteerTask.TILL, label=t)),
    "questions.save_question(name)": lambda d, s, f, t: questions.save_question(d, t, question("visits", ["visits"])),
    "questions.rename_question(name)": lambda d, s, f, t: questions.rename_question(d, _kept_question(d), t),
    "publishing.publish(title)": lambda d, s, f, t: publishing.publish(d, t, question("visits", ["visits"])),
    "months.amend_month(reason)": lambda d, s, f, t: months.amend_month(d, "2026-10", t),
    "reports.estimates.record_estimate(basis)": lambda d, s, f, t: estimates.record_estimate(d, "EMCR06", TODAY, TODAY, 3, t),
    "reports.parameters.set_meal_grams(source)": lambda d, s, f, t: parameters.set_meal_grams(d, 480, t),
    "support.workshops.save_workshop(title)": lambda d, s, f, t: workshops.save_workshop(d, t),
    "services.support.workshops:SessionForm.place": lambda d, s, f, t: workshops.save_session(
        d, workshops.SessionForm(1, NEXT, time(14), place=t)),
}  # fmt: skip
EXEMPT = {
    "services.accounts:AccountForm.passphrase": "never kept",
    "accounts.add_account(secret)": "never kept",
    "accounts.give_up_support(secret)": "never kept",
    "opening.create_shop(passphrase)": "never kept",
    "opening.renew_recovery_code(secret)": "never kept",
    "opening.change_passphrase(secret)": "never kept",
    "opening.change_passphrase(new)": "never kept",
    "services.stock.catalogue:ArticleForm.codes": "barcodes, of thirteen figures",
    "stock.catalogue.attach_code(code)": "a barcode, of thirteen figures",
    "services.stock.receive:ReceivedLine.lot_code": "a code read on the goods",
    "services.stock.receive:ReceptionForm.slip": "the number of a delivery slip",
    "services.stock.receive:ReceptionForm.financing": "chosen in a list",
    "services.stock.receive:ReceivedLine.financing": "chosen in a list",
    "stock.best_before.save_tolerances(days)": "codes of families",
    "domain.contract_outline:": "loaded through the forms of the plan, which are tried",
    "domain.contract:Measure.": "of the indicator's form, which is tried",
    "domain.delivery_note:Sheet.": "read in a partner's file; what is kept of it goes through the form of a value",
    "services.contract.spreadsheet:Table.digest": "a sum",
    "services.contract.plan:AxisForm.code": "a code of 24 signs, refused otherwise",
    "services.contract.plan:ActionForm.code": "a code of 24 signs, refused otherwise",
    "services.contract.plan:IndicatorForm.code": "a code of 24 signs, refused otherwise",
    "services.contract.plan:IndicatorForm.source": "chosen in a list, refused otherwise",
    "services.contract.balances:BalanceForm.first": "a month, refused otherwise",
    "services.contract.balances:BalanceForm.last": "a month, refused otherwise",
    "services.contract.values:ValueForm.first": "a month, refused otherwise",
    "services.contract.values:ValueForm.last": "a month, refused otherwise",
    "contract.recovery.restore_contract(typed)": "groups of a sheet, refused otherwise",
    "contract.making.add_site(code)": "two to six signs",
    "contract.making.create_contract(spare_recipient)": "a public key, refused otherwise",
    "contract.making.keep_spare_key(recipient)": "a public key, refused otherwise",
    "contract.making.publish_terms(rulesets)": "rulesets, read as such",
    "contract.custody.take_counting_key(typed)": "groups of a key, refused otherwise",
    "domain.contract_terms:": "what the contract's file brings, adopted through the shop's own forms",
    "services.opening:NewShop.code": "two to six signs",
    "services.opening:NewShop.kind": "a code",
    "features.save_feature(code)": "a code",
    "services.papers_made:PaperKey.": "codes of the program",
    "months.close_month(month)": "a month, refused otherwise",
    "domain.questions:Question.": "chosen in lists; what a file brings is checked when the question is made",
    "services.questions:Saved.": "as it was kept; its name is checked again",
    "months.amend_month(month)": "a month, refused otherwise",
    "reports.estimates.record_estimate(indicator)": "chosen in a list, refused otherwise",
    "reports.funders.sort_family(code)": "chosen in a list, refused otherwise",
    "reports.funders.sort_family(family)": "the code of a family, refused otherwise",
    "reports.funders.sort_family(category)": "chosen in a list, refused otherwise",
    "domain.recalls:": "read in the State's file",
    "services.safety.cold_chain:UnitForm.contents": "chosen in a list",
    "services.labels:LayoutForm.pattern": "letters of a layout",
    "labels.set_region(region)": "a code",
    "wordings.save_wording(spoken)": "a code",
    "services.weighing:ScaleForm.serial": "the number of a scale, often of thirteen figures",
    "services.weighing:ScaleForm.accuracy_class": "a code",
    "services.opening:Identity.decides": "a code",
    "services.opening:NewShop.commune_code": "chosen in a list",
    "services.households.enrol:MemberForm.born": "a date, refused otherwise",
    "services.households.life:Newcomer.born": "a date, refused otherwise",
    "services.households.enrol:AddressForm.commune_code": "chosen in a list",
    "services.households.enrol:HouseholdForm.number": "given by the program, only read",
    "services.households.enrol:HouseholdForm.language": "chosen in a list, refused otherwise",
    "domain.eligibility.situation:Situation.": "codes of the règlement, and the commune of the file",
    "domain.statements:Said.": "by the codes of the règlement",
    "domain.access:Ceiling.": "of the règlement",
    "domain.eligibility.outcome:": "what the règlement answers",
    "domain.eligibility.terms:": "of the règlement",
    "domain.eligibility.extras:": "of the règlement",
    "domain.eligibility.rules:ScaleFigure.code": "chosen in a list",
    "services.rights.decide:RightForm.terms": "of the règlement",
    "services.rights.renewal:Renewal.": "read by the program, not typed",
    "rights.exceptional.grant_exceptional_visit(reason_code)": "chosen in a list",
    "services.queries.fees:Fee.": "of the right",
    "rights.rulesets.adopt_ruleset(text)": "a règlement, of nobody",
    "rights.rulesets.keep_ruleset_draft(text)": "a règlement, of nobody",
    "domain.basket:": "made by the till",
    "exchange.enrolment:Enrolment.": "read from the coordinator's signed file",
    "services.support.steps:StepForm.action": "chosen in a list",
    "services.support.steps:StepForm.step": "chosen in a list",
    "support.workshops.save_workshop(action)": "chosen in a list",
}
"""Texts that no one types freely, and why. Ended by a point or a colon: everything under it."""
BESIDE_THE_DATABASE = {"create_shop", "renew_recovery_code", "change_passphrase"}


def typed() -> set[str]:
    """Return every text a gesture takes: `module.gesture(parameter)`, or `module:Form.field` for the forms it is given."""
    root, found, seen = Path(inspect.getfile(services)).parent, set(), set()

    def walk(annotation: str, module: ModuleType) -> None:
        for name in re.findall(r"\w+", annotation):
            form = vars(module).get(name)
            if isinstance(form, type) and dataclasses.is_dataclass(form) and form is not Desk and form not in seen:
                seen.add(form)
                for f in dataclasses.fields(form):
                    if re.search(r"\bstr\b", str(f.type)):
                        found.add(f"{form.__module__.removeprefix('epicerie_desktop.')}:{form.__name__}.{f.name}")
                    walk(str(f.type), sys.modules[form.__module__])

    for path in root.rglob("*.py"):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        if name.startswith(("demonstration", "queries")) or path.name == "__init__.py":
            continue
        module = importlib.import_module(f"{services.__name__}.{name}")
        for n in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(n, ast.FunctionDef) or n.name.startswith("_"):
                continue
            if "db.write()" not in ast.unparse(n) and n.name not in BESIDE_THE_DATABASE:
                continue
            for a in (*n.args.args, *n.args.kwonlyargs):
                annotation = ast.unparse(a.annotation) if a.annotation else ""
                if re.search(r"\bstr\b", annotation):
                    found.add(f"{name}.{n.name}({a.arg})")
                walk(annotation, module)
    return found


def test_every_text_of_every_form_is_tried_or_exempt() -> None:
    found = typed()
    assert len(found) > 100, "the control"
    exempt = {t for t in found for e in EXEMPT if t == e or (e[-1] in ".:" and t.startswith(e))}
    assert found - CHECKED.keys() - exempt == set(), (
        "pass it through `checked_text` and try it in CHECKED, or exempt it"
    )
    assert CHECKED.keys() - found == set()
    assert exempt & CHECKED.keys() == set()


def test_no_text_keeps_a_social_security_number(small_shop: SmallShop, filled: Filled, tmp_path: Path) -> None:
    desk = small_shop.desk
    filled.nowhere = tmp_path / "nowhere" / "shop.db"
    filled.item = meetings.add_item(desk, filled.meeting, filled.assessment)
    filled.scale = scales.list_scales(desk)[0]
    filled.letter = referrals.ReferralForm(small_shop.household, TODAY, next(iter(referrals.OnwardKind)), "CAF")
    basket = a_basket(small_shop)
    filled.sale = sell.record_sale(desk, small_shop.household, basket, sell.PaymentForm(10_000), override="accord").sale
    passed = []
    filled.aside = recalls.quarantine_lot(desk, 2, "emballage gonflé")
    contents = tuple(cold_chain.limits_today(desk))[:1]
    filled.unit = cold_chain.save_unit(desk, cold_chain.UnitForm("Frigo 1", next(iter(UnitKind)), contents))
    filled.emergency = parcels.give_emergency_parcel(desk, a_basket(small_shop), 1)
    filled.take = stock_take.open_stock_take(desk)
    stock_take.count_article(desk, filled.take, small_shop.carrots, grams=100)
    drawer.open_session(desk, 0)
    filled.cash = drawer.move_cash(desk, CashMoveKind.FLOAT, 100, "")
    for feature in ("purse", "means", "volunteer_hours"):
        save_feature(desk, feature, True)
    filled.taken = purse.pay_in(desk, small_shop.household, 500).cash_move
    for name, typing in CHECKED.items():
        try:
            typing(desk, small_shop, filled, NUMBER)
        except (BadInput, RuleRefused) as refusal:
            if "numéro de sécurité sociale" in str(refusal):
                continue
            passed.append(f"{name}: {refusal}")
        else:
            passed.append(name)
    assert passed == []
    assert not filled.nowhere.exists()


@pytest.mark.parametrize(
    "phone", ["04 71 60 00 00 / 06 12 34 56 78", "+33 1 23 12 67 89 ou 07 11 22 33 44", "0471600000 0612345678"]
)
def test_two_telephones_in_one_field_are_kept(desk: Desk, phone: str) -> None:
    form = HouseholdForm((MemberForm("Roche", "Inès", Link.HOLDER),), AddressForm(), phone=phone)
    assert household_file(desk, enrol.save_household(desk, form)).form.phone == phone
