"""What every gesture on a household's file begins and ends with: may it be opened, is it the one in use, which words find it."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.household import LeftFor
from epicerie_desktop.persistence.models import Household, Member, Person, SearchWord
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries.files import family_in, refuse_hidden, refuse_merged
from epicerie_desktop.services.writing import touch
from epicerie_desktop.support.text import digits, phone_digits, search_words


def file_in(session: Session, desk: Desk, household: int) -> Household:
    """Return the row of a file to change. Raises `RuleRefused`: reserved to others, or merged into another since."""
    row = session.get_one(Household, household)
    refuse_hidden(session, desk, household)
    refuse_merged(session, household)
    return row


def edited_file_in(session: Session, desk: Desk, household: int, version: int | None) -> Household:
    """Return the row of a file with its version raised. Raises as `file_in`, and `Stale`."""
    row = file_in(session, desk, household)
    touch(row, desk, version)
    return row


def index_words_in(session: Session, household: int) -> None:
    """Write again the words that find a file: names of everyone who is or was in it, telephones, number.

    The numbers of the files merged into it find it too; who left it by a separation no longer does: their own file does.
    """
    session.flush()
    found: set[str] = set()
    for number in session.scalars(select(Household.number).where(Household.id.in_(family_in(session, household)))):
        # « 1-0236 » is found by its end too, with its noughts or without.
        end = digits(number.rpartition("-")[2])
        found |= {digits(number), number, end, end.lstrip("0")}
    names = (
        select(Person.first_name, Person.last_name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.household_id == household)
        .where(Member.left_for.is_(None) | (Member.left_for != LeftFor.SEPARATION.value))
    )
    for first, last in session.execute(names):
        found |= search_words(f"{first} {last}") | search_words(last)
    row = session.get_one(Household, household)
    found |= {phone_digits(p) for p in (row.phone, row.phone2)}
    session.execute(delete(SearchWord).where(SearchWord.household_id == household))
    session.execute(insert(SearchWord), [{"word": w, "household_id": household} for w in sorted(found) if w])
