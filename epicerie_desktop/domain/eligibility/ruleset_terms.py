"""Reads the terms of a ruleset that go beyond thresholds; every mistake is told with its place (docs/ruleset.md)."""

from __future__ import annotations

from datetime import date

from epicerie_desktop.domain.access import CeilingMeasure, CeilingPeriod
from epicerie_desktop.domain.eligibility.document import Section
from epicerie_desktop.domain.eligibility.rules import Duration, DurationUnit, OutcomeKind, Scale
from epicerie_desktop.domain.eligibility.ruleset_rows import (
    as_cents,
    as_count,
    as_grams,
    read_amount,
    read_duration,
    read_scale,
    read_when,
)
from epicerie_desktop.domain.eligibility.terms import (
    Absences,
    AbsenceThen,
    Condition,
    ExceptionRow,
    Fee,
    FeeEvery,
    Goods,
    Guards,
    Instead,
    Obligation,
    OtherMeasure,
    OutsideRow,
    Phase,
    PointsRow,
    PriceKind,
    PriceRow,
    Referral,
    Renewal,
    Territory,
    Visits,
    WaitingOrder,
    Weekday,
    Weeks,
    WithoutBag,
    YearKind,
)
from epicerie_desktop.domain.household import HousingKind
from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.support.i18n import N_, french_typography

_CLOSING = frozenset(
    {OutcomeKind.NOT_COVERED, OutcomeKind.COMMITTEE, OutcomeKind.WAITING_LIST, OutcomeKind.WAITING_PERIOD}
)
_ANSWERED = _CLOSING | {OutcomeKind.ELIGIBLE}


def read_goods(at: Section) -> Goods:
    """Return the goods a row names by origin, family or article."""
    return Goods(
        at.choices("origins", Origin) if at.has("origins") else frozenset(),
        at.texts("families") if at.has("families") else (),
        at.texts("articles") if at.has("articles") else (),
    )


def read_permille(at: Section, key: str = "percent") -> int:
    """Return a percentage from 0 to 100 in thousandths."""
    rate = at.number(key, places=1)
    if rate > 100:
        raise at.wrong(key, N_("{place} : une participation va de 0 à 100 %."))
    return int(rate * 10)


def read_price(at: Section) -> PriceRow | None:
    """Return a price told by kilo, piece, visit or month, None when the row tells none."""
    given = [k for k in PriceKind if at.has(k)]
    if len(given) > 1:
        raise at.wrong(given[1], N_("{place} : dites un seul prix par ligne."))
    return PriceRow(given[0], read_amount(at, given[0], as_cents)) if given else None


def _outcome(at: Section, default: OutcomeKind, allowed: frozenset[OutcomeKind] = _CLOSING) -> OutcomeKind:
    found = at.choice("otherwise", OutcomeKind, default)
    if found not in allowed:
        raise at.wrong("otherwise", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                       value=found, known=", ".join(o for o in OutcomeKind if o in allowed))  # fmt: skip
    return found


def _range(at: Section, low: str, high: str, *, most: int) -> tuple[int, int | None] | None:
    if not at.has(low) and not at.has(high):
        return None
    least = at.whole(low, 0, most=most)
    top = at.whole(high, most=most) if at.has(high) else None
    if top is not None and top < least:
        raise at.wrong(high, N_("{place} : le plus grand nombre ({most}) est sous le plus petit ({least})."),
                       most=top, least=least)  # fmt: skip
    return least, top


def read_outside(at: Section, bands: frozenset[str]) -> OutsideRow:
    """Return goods that lie outside the ceilings."""
    code, label, goods = at.code("code"), at.label("label"), read_goods(at)
    measure, most = _outside_most(at)
    period = at.choice("period", CeilingPeriod) if at.has("period") else None
    if (most is None) != (period is None):
        raise at.wrong("period", N_("{place} : « units » (ou « measure » et « most ») et « period » vont ensemble."))
    months = _range(at, "months_min", "months_max", most=215)
    permille = read_permille(at) if at.has("percent") else None
    when = read_when(at, bands) if at.has("when") else None
    at.done()
    return OutsideRow(code, label, goods, most, period, months, permille, when, measure)


def _outside_most(at: Section) -> tuple[CeilingMeasure | OtherMeasure, Scale | None]:
    """Return what limits goods outside the ceilings, and up to how many; `units` is short for a number of articles."""
    if at.has("units"):
        if at.has("most") or at.has("measure"):
            raise at.wrong("units", N_("{place} : dites « units », ou « measure » et « most », pas les deux."))
        return OtherMeasure.UNITS, read_amount(at, "units", as_count)
    if at.has("most") != at.has("measure"):
        raise at.wrong("most", N_("{place} : « measure » et « most » vont ensemble."))
    if not at.has("most"):
        return OtherMeasure.UNITS, None
    written = at.text("measure")
    known = {str(m): m for m in (*CeilingMeasure, *OtherMeasure)}
    if written not in known:
        raise at.wrong("measure", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                       value=written, known=", ".join(known))  # fmt: skip
    measure = known[written]
    read = as_count if isinstance(measure, OtherMeasure) else as_grams if measure is CeilingMeasure.GRAMS else as_cents
    return measure, read_amount(at, "most", read)


def read_points(at: Section) -> PointsRow:
    """Return how many points some goods are worth."""
    goods = read_goods(at)
    given = [k for k in ("per_piece", "per_kilo") if at.has(k)]
    if len(given) != 1:
        raise at.wrong("per_piece", N_("{place} : dites les points une fois, en per_piece ou per_kilo."))
    row = PointsRow(goods, given[0] == "per_kilo", at.whole(given[0]))
    at.done()
    return row


def read_phases(top: Section) -> tuple[Phase, ...]:
    """Return the phases in the order they are lived. Raises: a code twice, an unknown next one, a cycle, a missing length."""
    sections = tuple(top.sections("phases"))
    rows: dict[str, tuple[Section, Phase]] = {}
    for at in sections:
        code, label = at.code("code"), at.label("label")
        if code in rows:
            raise at.wrong("code", N_("{place} : le code « {value} » est déjà pris."), value=code)
        following = at.code("next") if at.has("next") else None
        length = read_duration(at) if any(at.has(u) for u in DurationUnit) else None
        at.done()
        rows[code] = (at, Phase(code, label, length, following))
    order = list(rows)
    lived: dict[str, Phase] = {}
    here = order[0] if order else None
    while here is not None:
        at, phase = rows[here]
        after = order[order.index(here) + 1] if order.index(here) + 1 < len(order) else None
        following = phase.next or after
        lived[here] = Phase(phase.code, phase.label, phase.length, following)
        if following is not None and following not in rows:
            raise at.wrong("next", N_("{place} : la phase « {value} » n'existe pas. Choix : {known}."),
                           value=following, known=", ".join(order))  # fmt: skip
        if following in lived:
            raise at.wrong("next", N_("{place} : les phases tournent en rond, « {value} » revient."), value=following)
        if following is not None and phase.length is None:
            raise at.wrong("", N_("{place} : dites la durée de cette phase, en days, weeks ou months."))
        here = following
    for code, (at, _phase) in rows.items():
        if code not in lived:
            raise at.wrong("", N_("{place} : aucune phase ne mène à celle-ci."))
    return tuple(lived.values())


def read_fee(at: Section, bands: frozenset[str]) -> Fee:
    """Return a fee."""
    code, label = at.code("code"), at.label("label")
    when = read_when(at, bands) if at.has("when") else None
    scale = read_scale(at, as_cents)
    fee = Fee(code, label, scale, at.choice("every", FeeEvery), when)
    at.done()
    return fee


def read_guards(at: Section) -> Guards:
    """Return the funders' guards."""
    free = at.yes("fse_free", True)
    most: int | None = Guards().food_bank_most
    if at.has("food_bank_limited") and not at.yes("food_bank_limited", True):
        if at.has("food_bank_most_percent"):
            raise at.wrong(
                "food_bank_most_percent", N_("{place} : cette clé ne sert à rien si food_bank_limited = false.")
            )
        most = None
    elif at.has("food_bank_most_percent"):
        most = read_permille(at, "food_bank_most_percent")
    at.done()
    return Guards(free, most)


def read_exception(at: Section) -> ExceptionRow:
    """Return who may grant an exception, and to which answers."""
    outcomes = at.choices("outcomes", OutcomeKind) if at.has("outcomes") else frozenset()
    by = at.label("by")
    label = at.label("label") if at.has("label") else ""
    at.done()
    return ExceptionRow(by, label, outcomes)


def read_condition(at: Section) -> Condition:
    """Return a question to which yes is expected."""
    row = Condition(
        at.code("code"), at.label("label"), _outcome(at, OutcomeKind.NOT_COVERED, _ANSWERED), at.yes("required")
    )
    at.done()
    return row


def read_referral(at: Section) -> Referral:
    """Return whether a referral is needed."""
    row = Referral(
        at.yes("required", True),
        tuple(french_typography(t) for t in at.texts("by")) if at.has("by") else (),
        at.whole("days_before", most=365) if at.has("days_before") else None,
    )
    at.done()
    return row


def read_territory(at: Section) -> tuple[frozenset[str], Territory]:
    """Return the communes, and what else residence asks."""
    communes = at.communes("communes") if at.has("communes") else frozenset()
    dated: list[tuple[str, date | None, date | None]] = []
    for row in at.sections("dated"):
        code = row.commune("commune")
        since, until = (row.day(k) if row.has(k) else None for k in ("from", "until"))
        if since and until and until < since:
            raise row.wrong("until", N_("{place} : la fin précède le début."))
        if code in communes:
            raise row.wrong("commune", N_("{place} : cette commune est déjà dans « communes », sans date."))
        if any(d[0] == code and (d[1] is None or until is None or d[1] <= until)
               and (d[2] is None or since is None or since <= d[2]) for d in dated):  # fmt: skip
            raise row.wrong("", N_("{place} : cette commune est déjà écrite pour une partie de ces jours."))
        row.done()
        dated.append((code, since, until))
    housing = at.choices("housing", HousingKind) if at.has("housing") else frozenset()
    months = at.whole("months", least=1, most=240) if at.has("months") else None
    if not communes and not dated and not housing and months is None:
        raise at.wrong("communes", N_("{place} : cette clé manque."))
    at.done()
    return communes | {d[0] for d in dated}, Territory(tuple(dated), housing, months)


def read_renewal(at: Section) -> Renewal:
    """Return how a right may be given again."""
    row = Renewal(
        most=at.whole("most", most=99) if at.has("most") else None,
        forgotten_after=_length(at, "forgotten_after"),
        a_year=_length(at, "a_year"),
        year=at.choice("year", YearKind, YearKind.CIVIL),
        total=_length(at, "total"),
        otherwise=_outcome(at, OutcomeKind.COMMITTEE) if at.has("otherwise") else None,
        review=at.yes("review"),
    )
    at.done()
    return row


def _length(at: Section, key: str) -> Duration | None:
    return read_duration(at.section(key)) if at.has(key) else None


def read_visits(at: Section) -> Visits:
    """Return how people come."""
    usual = Visits()
    row = Visits(
        at.whole("most", least=1, most=60) if at.has("most") else None,
        at.choice("period", CeilingPeriod, usual.period),
        at.whole("days_between", least=1, most=60) if at.has("days_between") else None,
        at.yes("appointment"),
        at.yes("slot_given"),
        at.yes("accompanied"),
        at.choice("isothermal_bag", WithoutBag) if at.has("isothermal_bag") else None,
        at.choice("weeks", Weeks) if at.has("weeks") else None,
        _weekdays(at) if at.has("weekdays") else (),
    )
    at.done()
    return row


def _weekdays(at: Section) -> tuple[Weekday, ...]:
    chosen = at.choices("weekdays", Weekday)
    return tuple(day for day in Weekday if day in chosen)


def read_absences(at: Section) -> Absences:
    """Return the rule on absences."""
    row = Absences(
        at.whole("most", most=60),
        at.choice("then", AbsenceThen),
        at.whole("notice_hours", most=720) if at.has("notice_hours") else None,
        _length(at, "within"),
        at.yes("consecutive"),
        _length(at, "lasting"),
    )
    if row.lasting and row.then is not AbsenceThen.SUSPEND:
        raise at.wrong("lasting", N_('{place} : seule une suspension (then = "suspend") a une durée.'))
    at.done()
    return row


def read_obligation(at: Section, bands: frozenset[str]) -> Obligation:
    """Return something asked in return."""
    row = Obligation(
        at.code("code"),
        at.label("label"),
        at.whole("count", 1, least=1, most=60),
        at.choice("period", CeilingPeriod) if at.has("period") else None,
        at.yes("before_renewal"),
        read_when(at, bands) if at.has("when") else None,
    )
    at.done()
    return row


def read_instead(at: Section, bands: frozenset[str]) -> Instead:
    """Return what holds for some households in place of the general length, visits or renewals."""
    if not at.has("when"):
        raise at.wrong("when", N_("{place} : cette clé manque."))
    when, length, visits = read_when(at, bands), None, None
    if at.has("duration"):
        inner = at.section("duration")
        visits = inner.whole("visits", least=1, most=400) if inner.has("visits") else None
        if visits is None or any(inner.has(u) for u in DurationUnit):
            length = read_duration(inner)
        inner.done()
    row = Instead(
        when,
        length,
        visits,
        read_visits(at.section("visits")) if at.has("visits") else None,
        read_renewal(at.section("renewal")) if at.has("renewal") else None,
    )
    if not (row.duration or row.visits_in_right or row.visits or row.renewal):
        raise at.wrong("", N_("{place} : dites ce qui change : duration, visits ou renewal."))
    at.done()
    return row


def read_order(at: Section) -> tuple[WaitingOrder, ...]:
    """Return the order of the waiting list, the first reason first."""
    names = at.texts("order")
    for name in names:
        if name not in set(WaitingOrder):
            raise at.wrong("order", N_("{place} : « {value} » n'est pas possible. Choix : {known}."),
                           value=name, known=", ".join(WaitingOrder))  # fmt: skip
    if len(set(names)) < len(names):
        raise at.wrong("order", N_("{place} : le même ordre est écrit deux fois."))
    return tuple(WaitingOrder(n) for n in names)


def read_split(at: Section) -> tuple[CeilingPeriod, int]:
    """Return into what a ceiling is split, and in how many parts."""
    row = (at.choice("period", CeilingPeriod), at.whole("parts", least=2, most=60))
    at.done()
    return row
