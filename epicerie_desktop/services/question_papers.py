"""The answer to a question as a document: a PDF, or a file for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from epicerie_desktop.domain.answers import TOTAL, Answer, table_of
from epicerie_desktop.domain.data_table import DataTable
from epicerie_desktop.domain.questions import Question
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.exchange.table_file import TableFormat, table_bytes
from epicerie_desktop.printing import question_page
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.publishing import ToPublish
from epicerie_desktop.services.queries import questions
from epicerie_desktop.services.sheets import header
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_, gettext

KINDS: tuple[tuple[str, str], ...] = (
    ("pdf", N_("Document PDF")),
    ("xlsx", N_("Classeur Excel (XLSX)")),
    ("ods", N_("Classeur LibreOffice (ODS)")),
    ("fr.csv", N_("CSV pour Excel en français (point-virgule)")),
    ("csv", N_("CSV d'échange (virgule, UTF-8)")),
)
"""How an answer may be kept: the end of the file's name, and what it is called."""
_INSIDE = N_("Document interne : de petits effectifs peuvent y désigner des personnes. Pour le diffuser, publiez-le.")
_OUTSIDE = N_(
    "Tableau publié : ce qui porte sur moins de {n} foyers ou personnes est secret (« s »), avec ce qui permettrait de le retrouver."
)
_UNKNOWN = N_("Ce genre de fichier n'est pas connu : .pdf, .xlsx, .ods, .csv ou .fr.csv.")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer ready to be kept: what it counts, its table with totals, the same without, its days, and what it hides."""

    counted: str
    """What is counted, where the headings do not say it: a table with a group set in columns."""
    table: DataTable
    plain: DataTable
    first: date
    last: date
    threshold: int | None = None
    """Under how many people a published table hides a cell, 0 where it tells of nobody; None for the shop's own use."""


def told(answer: Answer, title: str) -> Told:
    """Return an answer as it stands, for the shop's own use."""
    whole, plain = table_of(answer, title), table_of(answer, title, totals=False)
    threshold = None if answer.asked.about.heads else 0
    return Told(_counted(answer.asked), whole, plain, answer.first, answer.last, threshold)


def published(made: ToPublish) -> Told:
    """Return a table as it is published: the same on paper and in files, its totals with it."""
    e = made.edition
    threshold = made.threshold if e.asked.about.heads else 0
    return Told(_counted(e.asked), made.table, made.table, e.first, e.last, threshold)


def kept_as(desk: Desk, answer: Told, kind: str) -> bytes:
    """Return the file of an answer, `kind` being one of `KINDS`. Raises `BadInput` for another, `RuleRefused` for a table too wide."""
    questions.require_asker(desk)
    if kind == "pdf":
        return question_page.render(
            question_page.QuestionPage(
                header(desk, WordingKind.QUESTION), answer.table, answer.counted, answer.first, answer.last,
                bool(answer.table.rows) and answer.table.rows[-1][0] == gettext(TOTAL), _words(answer.threshold), desk.clock.now(),
            )
        )  # fmt: skip
    if kind not in set(TableFormat):
        raise BadInput(_UNKNOWN)
    return table_bytes(answer.plain, TableFormat(kind))


def kind_of(name: str) -> str:
    """Return the kind a file's name asks for, by its end. Raises `BadInput`."""
    found = next((k for k, _words in sorted(KINDS, key=lambda k: -len(k[0])) if name.lower().endswith(f".{k}")), None)
    if found is None:
        raise BadInput(_UNKNOWN)
    return found


def _counted(asked: Question) -> str:
    return gettext(asked.measures[0].name) if asked.crossed else ""


def _words(threshold: int | None) -> tuple[str, ...]:
    if threshold is None:
        return (gettext(_INSIDE),)
    return (gettext(_OUTSIDE).format(n=threshold),) if threshold else ()
