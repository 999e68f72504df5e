"""Whether a rule can be applied to a situation at all: its day, its persons, the lines and questions the rule knows."""

from __future__ import annotations

from collections.abc import Iterable

from epicerie_desktop.domain.eligibility.rules import IndicatorKind, Ruleset, RulesetInvalid, ScaleFigure
from epicerie_desktop.domain.eligibility.situation import Situation, SituationInvalid
from epicerie_desktop.support.i18n import N_


def check_scales(rule: Ruleset, scales: Iterable[ScaleFigure]) -> None:
    """Raise `RulesetInvalid`, with the place, where a threshold is a part of a social scale that has no figure on any day."""
    known = {f.code for f in (*rule.scales, *scales)}
    limits = [
        (f"bounds[{n}].{key}", limit)
        for n, row in enumerate(rule.bounds, 1)
        for key, limit in (("above", row.lower), ("below", row.upper))
    ]
    limits += [(f"bands[{n}].below", band.upper) for n, band in enumerate(rule.bands, 1)]
    for place, limit in limits:
        if limit and limit.share and limit.share.of not in known:
            if limit.inclusive:
                place = place.replace("above", "at_least").replace("below", "at_most")
            raise RulesetInvalid(
                N_(
                    "{place} : le barème « {value} » n'a aucun chiffre. Choix : {known} ; ou ajoutez-le, avec sa date et sa source."
                ),
                place=f"{place}.of", value=limit.share.of, known=", ".join(sorted(known)) or "–",
            )  # fmt: skip


def check(rule: Ruleset, at: Situation) -> None:
    """Raise `SituationInvalid` where the rule cannot be applied at all."""
    if at.on < rule.valid_from:
        raise SituationInvalid(N_("La règle « {name} » n'est en vigueur qu'à partir du {since}."),
                               name=rule.name, since=f"{rule.valid_from:%d/%m/%Y}")  # fmt: skip
    if not at.members:
        raise SituationInvalid(N_("Ce foyer ne compte personne à cette date."))
    for place, types, lines in (
        ("resources", rule.resources, at.resources),
        ("charges", rule.charges, at.charges),
    ):
        known = {t.code for t in types}
        for code, cents in lines or ():
            if code not in known:
                raise SituationInvalid(N_("{place}.{code} : la règle ne connaît pas cette ligne. Lignes possibles : {known}."),
                                       place=place, code=code, known=", ".join(sorted(known)) or "–")  # fmt: skip
            if cents is not None and cents < 0:
                raise SituationInvalid(
                    N_("{place}.{code} : un montant ne peut pas être négatif."), place=place, code=code
                )
    asked = {c.code for c in rule.terms.conditions}
    for code, _yes in at.answers:
        if code not in asked:
            raise SituationInvalid(N_("answers.{code} : la règle ne pose pas cette question. Questions possibles : {known}."),
                                   code=code, known=", ".join(sorted(asked)) or "–")  # fmt: skip
    aids = tuple(a.code for a in rule.not_with)
    for code in at.other_aids or ():
        if code not in aids:
            raise SituationInvalid(N_("other_aids : la règle ne connaît pas l'aide « {code} ». Aides possibles : {known}."),
                                   code=code[:60], known=", ".join(sorted(aids)) or "–")  # fmt: skip
    declared = {i.code for i in rule.indicators if i.kind is IndicatorKind.DECLARED}
    for code, _cents in at.declared:
        if code not in declared:
            raise SituationInvalid(N_("declared.{code} : la règle ne lit pas ce chiffre. Chiffres possibles : {known}."),
                                   code=code, known=", ".join(sorted(declared)) or "–")  # fmt: skip
