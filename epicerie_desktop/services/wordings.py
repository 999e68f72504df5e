"""The words of the papers, as the shop writes them: dated settings, so that a letter reads years later as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from epicerie_desktop.domain.wording_around import TEMPLATES
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.domain.wordings import (
    Passage,
    checked_wording,
    filled,
    filled_around,
    filled_lines,
    proposed,
)
from epicerie_desktop.persistence.models import Setting
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.settings import keep_setting_in, setting_in
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, NBSP, SOURCE_LANGUAGE, in_language, language

_PREFIX = "wording."
Values = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WordingRow:
    """A paper in a language: its own words, empty where it has none, and those the program proposes."""

    kind: WordingKind
    language: str
    own: str
    proposed: str
    since: date | None = None


def _key(kind: WordingKind, spoken: str) -> str:
    own_language = TEMPLATES[kind].spoken and spoken != SOURCE_LANGUAGE
    return f"{_PREFIX}{kind.value}.{spoken}" if own_language else f"{_PREFIX}{kind.value}"


def wordings_of(desk: Desk, languages: tuple[str, ...] = (SOURCE_LANGUAGE,)) -> tuple[WordingRow, ...]:
    """Return every paper whose words may be changed, in French and, where it is given in the language of the household, in each."""
    with desk.db.read() as session:
        rows = session.execute(
            select(Setting.key, Setting.value, Setting.valid_from)
            .where(Setting.key.startswith(_PREFIX))
            .order_by(Setting.valid_from)
        )
        last = {r.key: (str(r.value or ""), r.valid_from) for r in rows}
    found = []
    for kind, template in TEMPLATES.items():
        for spoken in dict.fromkeys((SOURCE_LANGUAGE, *languages)) if template.spoken else (SOURCE_LANGUAGE,):
            own, since = last.get(_key(kind, spoken), ("", None))
            with in_language(spoken):
                found.append(WordingRow(kind, spoken, own, proposed(kind), since if own else None))
    return tuple(found)


def save_wording(desk: Desk, kind: WordingKind, text: str, spoken: str = SOURCE_LANGUAGE) -> None:
    """Keep the words of a paper from today; empty, or the very words proposed, those the program proposes come back.

    Raises `BadInput` which names the line to mend, `RuleRefused` for a volunteer.
    """
    require_team(desk)
    if spoken != SOURCE_LANGUAGE and not TEMPLATES[kind].spoken:
        raise BadInput(N_("Ce papier ne s'imprime qu'en français."))
    kept = fitting(desk, kind, checked_wording(kind, text))
    with in_language(spoken):
        # A text field gives ordinary spaces back for those that do not break.
        if kept.replace(NBSP, " ") == checked_wording(kind, proposed(kind)).replace(NBSP, " "):
            kept = ""
    with desk.db.write() as session:
        keep_setting_in(session, desk, _key(kind, spoken), kept)


def fitting(desk: Desk, kind: WordingKind, text: str) -> str:
    """Return the words again. Raises `BadInput` where the line of a card or of a label is too long for it, fields filled."""
    from epicerie_desktop.printing import card, label_sheet

    rooms = {
        WordingKind.CARD: card.signs_over, WordingKind.SHELF_LABEL: label_sheet.signs_over, WordingKind.LOT_LABEL: label_sheet.signs_over,
    }  # fmt: skip
    if kind in rooms:
        over = rooms[kind](" ".join(filled_lines(kind, text, always(desk))))
        if over:
            raise BadInput(
                N_("Cette ligne est trop longue pour tenir sous le code : il faut {n} lettres de moins environ."),
                n=over,
            )
    return text


def words_in(session: Session, kind: WordingKind, day: date) -> str:
    """Return the words of a paper of that day in the language in use, as `filled` takes them: one statement."""
    return str(setting_in(session, _key(kind, language()), day) or "") or proposed(kind)


def passages(desk: Desk, kind: WordingKind, values: Values, day: date | None = None) -> tuple[Passage, ...]:
    """Return the words of a paper filled, part by part, as they stood on `day` (today)."""
    with desk.db.read() as session:
        words = words_in(session, kind, day or desk.clock.today())
    return filled(kind, words, always(desk) | dict(values))


def last_words(desk: Desk, kind: WordingKind, values: Values | None = None, day: date | None = None) -> tuple[str, ...]:
    """Return the words of a paper that has neither heading nor list, a paragraph each, as they stood on `day` (today)."""
    with desk.db.read() as session:
        words = words_in(session, kind, day or desk.clock.today())
    return filled_lines(kind, words, always(desk) | dict(values or {}))


def around(desk: Desk, kind: WordingKind, day: date | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the shop says under the title of a paper and at its foot, as it stood on `day` (today)."""
    on = day or desk.clock.today()
    with desk.db.read() as session:
        words = words_in(session, kind, on)
    return filled_around(kind, words, always(desk) | {"day": shown.middle_day(on)})


def one_line(desk: Desk, kind: WordingKind) -> str:
    """Return the line of a card or of a label, empty where the shop wrote none."""
    return " ".join(last_words(desk, kind))


def always(desk: Desk) -> dict[str, str | tuple[str, ...]]:
    """Return the fields every paper has."""
    return {"shop": desk.shop.name, "phone": desk.shop.phone.replace(" ", NBSP)}
