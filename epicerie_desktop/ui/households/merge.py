"""Two people edited the same file: what each changed is kept. Knows no widget and no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from epicerie_desktop.domain.labels import label
from epicerie_desktop.services.households.enrol import HouseholdForm, MemberForm
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _

_WHOLE = ("phone", "phone2", "note", "referrer_id")
_MEMBER = ("last_name", "first_name", "link", "sex", "born", "joined_on", "left_on")
_NAMES = {
    "phone": N_("téléphone"),
    "phone2": N_("second téléphone"),
    "note": N_("note pour l'accueil"),
    "referrer_id": N_("prescripteur"),
    "last_name": N_("nom"),
    "first_name": N_("prénom"),
    "link": N_("lien"),
    "sex": N_("sexe"),
    "born": N_("naissance"),
    "joined_on": N_("arrivée"),
    "left_on": N_("départ"),
    "address": N_("adresse"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field both changed: ours stays in the form, `theirs` is what the other person saved."""

    field: str
    theirs: str

    def sentence(self) -> str:
        """Return what the other person wrote, to be read beside ours."""
        if not self.theirs:
            return _("{field} : l'autre personne l'a changé aussi").format(field=_(_NAMES[self.field]))
        return _("{field} : l'autre personne a écrit « {theirs} »").format(
            field=_(_NAMES[self.field]), theirs=self.theirs
        )


def merged(
    base: HouseholdForm, ours: HouseholdForm, theirs: HouseholdForm
) -> tuple[HouseholdForm, tuple[Conflict, ...]]:
    """Return the form with the changes of both since `base`, and the fields both changed differently.

    Where both changed the same field ours is kept. The result carries the version of `theirs`, so that it can be saved.
    """
    conflicts: list[Conflict] = []
    whole: dict[str, Any] = {name: _one(name, base, ours, theirs, conflicts) for name in _WHOLE}
    members = _members(base.members, ours.members, theirs.members, conflicts)
    # An address is one thing: half of ours and half of theirs would be a place where nobody lives.
    address = ours.address if ours.address != base.address else theirs.address
    if base.address not in (ours.address, theirs.address) and ours.address != theirs.address:
        place = ", ".join(p for p in (theirs.address.lines, theirs.address.commune_name) if p)
        conflicts.append(Conflict("address", place or label(theirs.address.kind)))
    return replace(theirs, members=members, address=address, **whole), tuple(conflicts)


def _one(name: str, base: Any, ours: Any, theirs: Any, conflicts: list[Conflict]) -> Any:
    was, mine, other = (getattr(form, name) for form in (base, ours, theirs))
    if mine == was:
        return other
    if other not in (was, mine):
        conflicts.append(Conflict(name, _told(name, other)))
    return mine


def _told(name: str, value: Any) -> str:
    match name:
        case "referrer_id":
            return ""
        case "link" | "sex":
            return label(value)
        case "born":
            return shown.partial_date(value)
        case "joined_on" | "left_on":
            return shown.day(value) if value else "–"
        case _:
            return str(value)


def _members(
    base: tuple[MemberForm, ...],
    ours: tuple[MemberForm, ...],
    theirs: tuple[MemberForm, ...],
    conflicts: list[Conflict],
) -> tuple[MemberForm, ...]:
    was = {m.member_id: m for m in base}
    mine = {m.member_id: m for m in ours if m.member_id is not None}
    found = []
    for other in theirs:
        if other.member_id in mine and other.member_id in was:
            before, own = was[other.member_id], mine[other.member_id]
            kept: dict[str, Any] = {name: _one(name, before, own, other, conflicts) for name in _MEMBER}
            found.append(replace(other, **kept))
        else:
            found.append(other)
    return (*found, *(m for m in ours if m.member_id is None))
