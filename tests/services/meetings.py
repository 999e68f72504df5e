"""Households with a study for the committee, shared by the tests of its services, papers and screen."""

from __future__ import annotations

from epicerie_desktop.domain.eligibility.situation import Member, Situation
from epicerie_desktop.domain.household import Link, PartialDate
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.households import enrol
from epicerie_desktop.services.households.enrol import AddressForm, HouseholdForm, MemberForm
from epicerie_desktop.services.nomenclatures import ruleset_text
from epicerie_desktop.services.rights import decide, rulesets

TELLING = (
    "Quillivic",
    "Maëlys",
    "15187",
    "Saint-Flour",
    "1991-04-23",
    "23/04/1991",
    "1 643,27",
    "1643,27",
    "164327",
    "411,18",
    "41118",
)
"""What would tell who: name, commune, birth date, exact sums."""


def adopt(desk: Desk, over: str = "committee") -> None:
    """Adopt a règlement that sends what is over its threshold to the committee, or answers `over`."""
    text = ruleset_text("reste-a-vivre").replace('over = "committee"', f'over = "{over}"')
    text += '\n[residence]\ncommunes = ["15187"]\n'
    rulesets.adopt_ruleset(desk, text)


def studied(desk: Desk, name: str, wages: int = 1_643_27, first: str = "Maëlys") -> int:
    """Enter a household of one adult and a child and keep its statement; return its household."""
    members = (
        MemberForm(name, first, Link.HOLDER, born="1991-04-23"),
        MemberForm(name, "Léo", Link.CHILD, born="2019-06"),
    )
    address = AddressForm(lines="3 rue du Lac", postcode="15100", commune_code="15187", commune_name="Saint-Flour")
    household = enrol.save_household(desk, HouseholdForm(members, address))
    people = (Member(birth=PartialDate(1991, 4, 23)), Member(birth=PartialDate(2019, 6)))
    situation = Situation(
        desk.clock.today(), people, commune="15187", resources=(("wages", wages),), charges=(("rent", 411_18),)
    )  # fmt: skip
    decide.record_assessment(desk, household, situation)
    return household
