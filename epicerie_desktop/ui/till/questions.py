"""The short questions of the till: the value of an article, the date on a pack, the reason of an agreement."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.basket import ArticleOffer, SoldBy
from epicerie_desktop.domain.units import parse_cents
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till.step import Step

_DATE = re.compile(r"(\d{1,2})[ /.\-](\d{1,2})(?:[ /.\-](\d{2}|\d{4}))?")
_LETTER = re.compile(r"[^\W\d_]{2,}")


class ValueStep(Step):
    """Asks the reference value an article lacks; answers cents."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Valeur de référence"), _("Enregistrer"), _("Retour"), parent)
        self.line.setPlaceholderText(_("en euros, par exemple 2,50"))

    def ask(self, offer: ArticleOffer) -> None:
        """Ask for `offer`."""
        unit = _("d'un kilo") if offer.sold_by is SoldBy.WEIGHT else _("d'une pièce")
        self.title.setText(
            _("Quelle est la valeur en rayon {unit} de « {article} » ?").format(unit=unit, article=offer.name)
        )
        self.hint.setText(_("Elle est demandée une seule fois. Ce que la famille paie se calcule à partir d'elle."))
        self.begin()

    def answer(self, typed: str) -> int:
        """Return the cents typed. Raises `BadInput`."""
        if not typed:
            raise BadInput(N_("Tapez un montant, par exemple 2,50. Zéro convient aussi."))
        return parse_cents(typed)


def read_pack_date(typed: str, today: date) -> date:
    """Return the date on a pack typed « 25/11 », « 25/11/26 » or « 25/11/2026 »; without a year, the nearest such day.

    Raises `BadInput` where it is not a date.
    """
    found = _DATE.fullmatch(typed.strip())
    if found is None:
        raise BadInput(N_("« {typed} » n'est pas une date. Tapez le jour et le mois, par exemple 25/11."), typed=typed)
    day, month = int(found[1]), int(found[2])
    years = (
        [int(found[3]) + (2000 if len(found[3]) == 2 else 0)]
        if found[3]
        else [today.year - 1, today.year, today.year + 1]
    )
    dates = []
    for year in years:
        try:
            dates.append(date(year, month, day))
        except ValueError:
            continue
    if not dates:
        raise BadInput(N_("« {typed} » : ce jour n'existe pas. Relisez la date sur l'emballage."), typed=typed)
    return min(dates, key=lambda d: abs(d - today))


class DateStep(Step):
    """Asks the use-by date printed on a pack; answers a date that has not passed."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(_("Date sur l'emballage"), _("Continuer"), _("Retour"), parent)
        self._today = today
        self._article = ""
        self.line.setPlaceholderText(_("jour/mois, par exemple 25/11"))

    def ask(self, article: str) -> None:
        """Ask for the article of that name."""
        self._article = article
        self.title.setText(_("« {article} » : quelle DLC lisez-vous sur l'emballage ?").format(article=article))
        self.hint.setText(_("D'après le stock, un lot a sa DLC dépassée : c'est l'emballage qui compte."))
        self.begin()

    def answer(self, typed: str) -> date:
        """Return the date typed. Raises `BadInput` where it has passed: the pack is not handed out."""
        if not typed:
            raise BadInput(N_("Tapez le jour et le mois lus sur l'emballage, par exemple 25/11."))
        found = read_pack_date(typed, self._today)
        if found < self._today:
            raise BadInput(
                N_("« {article} » : la DLC est dépassée. Ne pas remettre : mettez ce produit de côté, puis Échap."),
                article=self._article,
            )
        return found


class ReasonStep(Step):
    """Asks why the team agrees, or why a ticket is cancelled; answers a few words. F12 confirms too, as in a window of its own."""

    def __init__(self, confirm: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Raison"), confirm, _("Retour"), parent)
        self.line.setMaxLength(200)
        self.line.setPlaceholderText(_("en quelques mots"))
        does = QShortcut(QKeySequence("F12"), self)
        does.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        does.setAutoRepeat(False)
        does.activated.connect(self.submit)

    def ask(self, title: str, hint: str) -> None:
        """Ask with these sentences."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.begin()

    def answer(self, typed: str) -> str:
        """Return the reason. Raises `BadInput` where no word was typed (a scanned code is none)."""
        if not _LETTER.search(typed):
            raise BadInput(N_("Notez la raison en quelques mots : elle reste avec le ticket."))
        return typed
