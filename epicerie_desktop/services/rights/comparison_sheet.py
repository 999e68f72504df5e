"""The comparison of two règlements on paper, for the board: numbers of households, without anything that tells who."""

from __future__ import annotations

from collections import Counter

from epicerie_desktop.domain.eligibility.comparison import CHANGES, Answer
from epicerie_desktop.domain.eligibility.outcome import LABELS
from epicerie_desktop.domain.wording_kinds import WordingKind
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights.compare import Comparison
from epicerie_desktop.services.sheets import header
from epicerie_desktop.support.i18n import N_, gettext


def comparison_pdf(desk: Desk, comparison: Comparison) -> bytes:
    """Return the comparison as PDF: households by kind of change, and by answer before and after; no name, no number."""
    from epicerie_desktop.printing import comparison as paper

    answers = Counter((_said(r.before), _said(r.after)) for r in comparison.rows)
    return paper.render(
        paper.ComparisonPage(
            header(desk, WordingKind.COMPARISON), comparison.old, comparison.new, comparison.on, desk.clock.now(),
            tuple((gettext(CHANGES[change]).capitalize(), n) for change, n in comparison.totals.items()),
            tuple((before, after, n) for (before, after), n in answers.most_common()),
            comparison.reserved, comparison.stopped,
        )
    )  # fmt: skip


def _said(answer: Answer | None) -> str:
    return gettext(LABELS[answer.kind]) if answer is not None else gettext(N_("Pas de déclaration"))
