"""The papers of a decision, for the household: answer, reasons, same-day help, right, sum, means of appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.access import CeilingMeasure, Grant
from epicerie_desktop.domain.decisions import Answer, Decider, Maker, ReasonCode
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.eligibility.ruleset import parse_ruleset
from epicerie_desktop.domain.labels import label
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import filled_lines
from epicerie_desktop.persistence.models import AccessGrant, Address, Assessment, Decision, Household, Person
from epicerie_desktop.persistence.models import Ruleset as RulesetRow
from epicerie_desktop.services import sheets
from epicerie_desktop.services.desk import Desk, ShopCard
from epicerie_desktop.services.papers_made import PaperKey, PaperKind, PaperOut, sum_of, to_give
from epicerie_desktop.services.queries.decisions import DecisionRow, DecisionTexts, decision_in
from epicerie_desktop.services.queries.files import open_in, reading
from epicerie_desktop.services.queries.rights import grants_in
from epicerie_desktop.services.queries.running import RunningRight, running_right_in
from epicerie_desktop.services.queries.statements import KeptStatement, statement_in
from epicerie_desktop.services.sealing import social_key
from epicerie_desktop.services.wordings import words_in
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_, gettext

Part = tuple[str, tuple[str, ...]]

ANSWERS = {
    Answer.GRANTED: N_("Votre demande est acceptée"),
    Answer.REFUSED: N_("Votre demande n'est pas acceptée"),
    Answer.ADJOURNED: N_("Votre demande est mise en attente"),
}
"""How a letter begins, by its answer."""

_FIRST_WORDS = {
    Answer.GRANTED: WordingKind.GRANTED,
    Answer.REFUSED: WordingKind.REFUSED,
    Answer.ADJOURNED: WordingKind.ADJOURNED,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision and the statement it was taken on, opened again as they were; either may be None.

    `holder` is the holder's name then the address of that day; `labels` what the règlement applied calls each line;
    `running` the right that went on when a decision opened none; `first_words` what the letter began with on that day.
    """

    number: str
    holder: tuple[str, ...]
    statement: KeptStatement | None
    decision: DecisionRow | None
    grant: Grant | None
    terms: dict[str, Any]
    labels: dict[str, str]
    running: RunningRight | None = None
    first_words: tuple[str, ...] = ()


def kept_of(desk: Desk, assessment: int | None, decision: int | None) -> Kept:
    """Return a decision, or a statement alone, as it was kept. Raises `RuleRefused` for an account that may not read it."""
    social_key(desk)
    with reading(desk) as session:
        return _kept_in(session, desk, assessment, decision)


def _kept_in(session: Session, desk: Desk, assessment: int | None, decision: int | None) -> Kept:
    row = decision_in(session, desk, decision) if decision is not None else None
    basis = row.assessment_id if row is not None else assessment
    statement = statement_in(session, desk, basis) if basis is not None else None
    if statement is not None:
        open_in(session, desk, statement.household)
    household = row.household if row is not None else statement.household if statement is not None else 0
    grant, terms = None, {}
    if row is not None and row.grant_id is not None:
        found = grants_in(session, [household], desk.clock.today())[household]
        grant = next(g for g in found if g.id == row.grant_id)
        terms = session.get_one(AccessGrant, row.grant_id).terms
    day = row.day if row is not None else statement.day if statement is not None else desk.clock.today()
    number, holder = addressee_in(session, household, day)
    labels = _labels(session, basis) if basis is not None else {}
    unchanged = row is not None and row.answer is not Answer.GRANTED
    running = running_right_in(session, household, day, row.made_at) if row is not None and unchanged else None
    words = _first_words(session, desk, row, holder) if row is not None else ()
    return Kept(number, holder, statement, row, grant, terms, labels, running, words)


def _first_words(session: Session, desk: Desk, row: DecisionRow, holder: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first words of the letter, as the shop wrote them on the day of the decision."""
    kind = _FIRST_WORDS[row.answer]
    values = {"shop": desk.shop.name, "name": holder[0] if holder else "", "day": shown.middle_day(row.day)}
    return filled_lines(kind, words_in(session, kind, row.day), values)


def _labels(session: Session, assessment: int) -> dict[str, str]:
    """Return what the règlement applied calls each line."""
    text = session.execute(
        select(RulesetRow.text)
        .join(Assessment, Assessment.ruleset_id == RulesetRow.id)
        .where(Assessment.id == assessment)
    ).scalar_one()
    rule = parse_ruleset(text)
    return {t.code: t.label for t in (*rule.resources, *rule.charges)}


def addressee_in(session: Session, household: int, day: date) -> tuple[str, tuple[str, ...]]:
    """Return the number of a household, and its holder's name and address of that day."""
    number, first, last = session.execute(
        select(Household.number, Person.first_name, Person.last_name)
        .join(Person, Person.id == Household.holder_id)
        .where(Household.id == household)
    ).one()
    home = session.scalars(
        select(Address)
        .where(Address.household_id == household, Address.valid_from <= day)
        .order_by(Address.valid_from.desc())
        .limit(1)
    ).first()
    lines = [*home.lines.splitlines(), f"{home.postcode} {home.commune_name}"] if home else []
    return number, tuple(line.strip() for line in (f"{first} {last}", *lines) if line.strip())


def last_decision_pdf(desk: Desk, household: int) -> bytes:
    """Return the last decision on a household as PDF, or its last right explained where it was opened without one.

    Raises `RuleRefused` where there is nothing to print, or for an account that may not read it.
    """
    found = _last_decision(desk, household)
    return sheets.decision_pdf(desk, household) if found is None else decision_pdf(desk, found)


def _last_decision(desk: Desk, household: int) -> int | None:
    with desk.db.read() as session:
        return session.scalars(
            select(Decision.id)
            .where(Decision.household_id == household)
            .order_by(Decision.day.desc(), Decision.id.desc())
            .limit(1)
        ).first()


def last_decision_to_give(desk: Desk, household: int) -> PaperOut:
    """Return what `last_decision_pdf` does, a letter being marked where it left the program already."""
    found = _last_decision(desk, household)
    return PaperOut(sheets.decision_pdf(desk, household), ()) if found is None else decision_to_give(desk, found)


def decision_to_give(desk: Desk, decision: int) -> PaperOut:
    """Return the letter of a decision, which nothing changes, marked where it left the program already. Raises `RuleRefused`."""
    row = kept_of(desk, None, decision).decision
    assert row is not None
    digest = sum_of(row.id, row.day, row.answer, row.valid_from, row.valid_until)
    return to_give(desk, PaperKey(PaperKind.DECISION, str(row.id), 1, digest), partial(decision_pdf, desk, decision))


def decision_pdf(desk: Desk, decision: int, duplicate: date | None = None) -> bytes:
    """Return the letter of a decision as PDF, marked as made again on the day `duplicate`. Raises `RuleRefused` for an account that may not read its reasons."""
    from epicerie_desktop.printing import decision as paper

    kept = kept_of(desk, None, decision)
    row, statement = kept.decision, kept.statement
    assert row is not None
    return paper.render(
        paper.DecisionPage(
            sheets.header(desk), kept.number, row.day, desk.clock.now(), gettext(ANSWERS[row.answer]), _right_words(kept),
            tuple((step, "") for step in statement.steps) if statement else (), _ceilings(kept.grant),
            row.valid_from, row.valid_until, addressee=kept.holder,
            advice=statement.advice if statement and row.answer is not Answer.GRANTED else (), title=gettext(N_("Décision")),
            taken=_taken(row), before=tuple(_why(kept)), after=tuple(_after(desk.shop, row, statement)), signature=_signed(row),
            first_words=kept.first_words, duplicate=duplicate,
        )
    )  # fmt: skip


def statement_pdf(desk: Desk, assessment: int) -> bytes:
    """Return the explanation of a statement as PDF, whatever was decided. Raises `RuleRefused` without the second key."""
    from epicerie_desktop.printing import decision as paper

    kept = kept_of(desk, assessment, None)
    statement = kept.statement
    assert statement is not None
    return paper.render(
        paper.DecisionPage(
            sheets.header(desk, WordingKind.EXPLANATION, statement.day), kept.number, statement.day, desk.clock.now(), gettext(LABELS[statement.kind]),
            gettext(N_("Ce calcul ne décide de rien : aucun droit n'est ouvert ni refusé par lui.")),
            tuple((step, "") for step in statement.steps), advice=statement.advice,
            title=gettext(N_("Explication du calcul")),
        )
    )  # fmt: skip


def _taken(row: DecisionRow) -> str:
    words = N_("Décision de la commission du {day}") if row.maker is Maker.COMMITTEE else N_("Décision du {day}")
    return gettext(words).format(day=shown.day(row.day))


def _signed(row: DecisionRow) -> str:
    """Return who signs: a decision names its author (CRPA, art. L. 212-1)."""
    words = N_("Pour la commission, {name}") if row.maker is Maker.COMMITTEE else N_("Décision prise par {name}")
    return gettext(words).format(name=row.made_by)


def _right_words(kept: Kept) -> str:
    grant = kept.grant
    if grant is None or kept.terms.get("price"):
        return ""
    return gettext(N_("Participation : {share} de la valeur en rayon.")).format(
        share=shown.percent(grant.participation_permille)
    )


def _ceilings(grant: Grant | None) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"{label(c.measure)} {label(c.period)}",
            shown.kilos(c.amount) if c.measure is CeilingMeasure.GRAMS else shown.money(c.amount),
        )
        for c in (grant.ceilings if grant else ())
    )


def _why(kept: Kept) -> list[Part]:
    """Return the reasons, the exception, the conditions and the same-day help of a decision, as parts of its letter."""
    row = kept.decision
    assert row is not None
    texts = row.texts or DecisionTexts()
    parts: list[Part] = []
    reasons = [f"{label(row.reason_code)}."] if row.reason_code and row.reason_code is not ReasonCode.OTHER else []
    if texts.reason:
        reasons.append(texts.reason)
    if texts.exception_by:
        told = gettext(N_("Par exception au règlement, accordée par : {by}."))
        reasons.append(told.format(by=texts.exception_by))
    if reasons:
        parts.append((gettext(N_("Les raisons")), tuple(reasons)))
    if texts.conditions:
        waited = row.answer is Answer.ADJOURNED
        heading = N_("Ce qui est attendu pour décider") if waited else N_("Les conditions")
        parts.append((gettext(heading), (texts.conditions,)))
    if row.answer is not Answer.GRANTED:
        parts.append((gettext(N_("Votre droit à l'épicerie")), (_goes_on(kept.running, row.day),)))
    if texts.same_day_help:
        parts.append((gettext(N_("L'aide proposée aujourd'hui")), (texts.same_day_help,)))
    last = kept.grant.valid_until if kept.grant else None
    phases = [_phase(p, last) for p in kept.terms.get("phases", ()) if last is None or p["from"] <= last.isoformat()]
    if phases:
        parts.append((gettext(N_("Les étapes du droit")), tuple(phases)))
    return parts


def _goes_on(running: RunningRight | None, day: date) -> str:
    """Return what becomes of the right under way when a decision opens none: it keeps its days."""
    if running is None:
        return gettext(N_("Aucun droit n'est en cours à ce jour."))
    if not running.begun(day):
        words = N_("Cette décision ne change pas le droit déjà ouvert du {since} au {until}.")
    elif running.suspended:
        words = N_("Cette décision ne change pas votre droit, qui va jusqu'au {until} ; il reste suspendu.")
    else:
        words = N_(
            "Cette décision ne met pas fin à votre droit en cours : vous pouvez faire vos courses jusqu'au {until} compris."
        )
    return gettext(words).format(since=shown.day(running.since), until=shown.day(running.until))


def _phase(phase: dict[str, Any], last: date | None) -> str:
    """Return the sentence of a phase, which never ends after the right."""
    since = shown.day(date.fromisoformat(phase["from"]))
    if phase["until"] is None:
        return gettext(N_("{label} : à partir du {since}.")).format(label=phase["label"], since=since)
    ends = date.fromisoformat(phase["until"])
    until = shown.day(min(ends, last) if last else ends)
    return gettext(N_("{label} : du {since} au {until}.")).format(label=phase["label"], since=since, until=until)


def _after(shop: ShopCard, row: DecisionRow, statement: KeptStatement | None) -> list[Part]:
    """Return the means of appeal and the mention that a calculation helped; those of the law where a public body decides."""
    parts = [(gettext(N_("Si vous n'êtes pas d'accord")), tuple(appeal(shop)))]
    if statement is not None:
        parts.append((gettext(N_("Un calcul a aidé cette décision")), tuple(_helped(shop, row))))
    return parts


def appeal(shop: ShopCard) -> list[str]:
    """Return the means of appeal where a public body decides (CRPA, art. L. 411-2; CJA, art. R. 421-1 and R. 421-5), else its review."""
    if shop.decider is Decider.ASSOCIATION:
        return [
            gettext(N_("Parlez-en à la personne qui suit votre demande, ou écrivez à « {shop} » : votre demande sera revue et vous aurez "
                       "une réponse.")).format(shop=shop.name),
        ]  # fmt: skip
    return [
        gettext(N_("Dans les deux mois qui suivent la réception de cette décision, vous pouvez écrire à « {ccas} » pour lui demander "
                   "de la revoir (recours gracieux).")).format(ccas=shop.ccas or shop.name),
        gettext(N_("Vous pouvez aussi, dans le même délai de deux mois, saisir le tribunal administratif, par courrier ou sur "
                   "www.telerecours.fr. Si vous avez d'abord demandé à la faire revoir, ce délai repart de la réponse ; sans "
                   "réponse au bout de deux mois, la demande est rejetée et le délai repart de ce jour.")),
    ]  # fmt: skip


def _helped(shop: ShopCard, row: DecisionRow) -> list[str]:
    """Return the mention of the calculation: CRPA, art. L. 311-3-1 and R. 311-3-1-1; GDPR, art. 22 for an association."""
    taken = N_("Cette décision a été prise par une personne, avec l'aide d'un calcul fait par un logiciel.")
    if row.maker is Maker.COMMITTEE:
        taken = N_("Cette décision a été prise par la commission, avec l'aide d'un calcul fait par un logiciel.")
    aim = N_("Il sert à comparer votre situation aux seuils du règlement et à proposer une durée, une participation et un plafond ; "
             "chacune de ses étapes est écrite ci-dessus.")  # fmt: skip
    first = f"{gettext(taken)} {gettext(aim)}"
    if shop.decider is Decider.ASSOCIATION:
        return [
            first,
            gettext(N_("Vous pouvez demander que la personne qui décide vous l'explique, donner votre point de vue et contester la "
                       "décision (règlement général sur la protection des données, article 22).")),
        ]  # fmt: skip
    return [
        first,
        gettext(N_("Vous pouvez demander à « {ccas} » les règles de ce calcul et la façon dont il a été fait pour vous (code des relations "
                   "entre le public et l'administration, articles L. 311-3-1 et R. 311-3-1-1). Sans réponse dans le mois, ou en cas "
                   "de refus, vous pouvez saisir la commission d'accès aux documents administratifs (www.cada.fr).")).format(ccas=shop.ccas or shop.name),
    ]  # fmt: skip
