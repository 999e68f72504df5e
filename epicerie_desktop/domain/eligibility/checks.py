"""Whether a rule can be applied to a situation at all: its day, its persons, the lines and questions the rule knows."""

from __future__ import annotations

from epicerie_desktop.domain.eligibility.rules import IndicatorKind, Ruleset
from epicerie_desktop.domain.eligibility.situation import Situation, SituationInvalid
from epicerie_desktop.support.i18n import N_


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
    declared = {i.code for i in rule.indicators if i.kind is IndicatorKind.DECLARED}
    for code, _cents in at.declared:
        if code not in declared:
            raise SituationInvalid(N_("declared.{code} : la règle ne lit pas ce chiffre. Chiffres possibles : {known}."),
                                   code=code, known=", ".join(sorted(declared)) or "–")  # fmt: skip
