"""The field of the till: letters, a code or « 3* »; and the same field asking which article an unknown code is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.basket import ArticleOffer
from epicerie_desktop.domain.layouts import Layout
from epicerie_desktop.domain.scan import CardScan
from epicerie_desktop.services.labels import LabelRules
from epicerie_desktop.services.queries.counter import PriceList
from epicerie_desktop.support.errors import BadInput, RuleRefused
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.till.entry import Letters, Reader, UnknownCode, WhichDonor, read_typed
from epicerie_desktop.ui.till.gestures import Pending
from epicerie_desktop.ui.till.step import Step
from epicerie_desktop.ui.till.suggestions import Suggestions

_SHOWN = 4
"""How many articles put forward are named at once."""
_EMPTY = PriceList({}, {}, frozenset())


class EntryStep(Step):
    """Answers a `Pending` article or an `UnknownCode`; what is not understood is told below the field."""

    moved = Signal(int)
    removed = Signal()
    undone = Signal()

    def __init__(self, stage: QWidget, reader: Reader) -> None:
        self._reader = reader
        self.prices = _EMPTY
        self._unknown: UnknownCode | None = None
        super().__init__(_("Article, code ou quantité"), _("Ajouter"), _("Retour"), stage)
        self.line.setPlaceholderText(_("Article, code ou quantité"))
        self.suggestions = Suggestions(stage, self.line, self)
        self.suggestions.chosen.connect(self._on_chosen)
        self.line.textChanged.connect(self._on_text)
        self.keys.moved.connect(self._on_moved)
        self.keys.deleted.connect(self.removed)
        self.keys.undone.connect(self.undone)
        self.keys.escaped.disconnect()
        self.keys.escaped.connect(self._on_escaped)
        self.back.clicked.disconnect()
        self.back.clicked.connect(self._on_back)
        self.wait_for_article()

    def learn_labels(self, rules: LabelRules) -> None:
        """Read labels by these rules from now on."""
        self._reader = replace(self._reader, layouts=rules.layouts, region=rules.region)

    def by_donor(self, asked: WhichDonor, layout: Layout) -> Any:
        """Return the article meant by a label, read as one donor writes it. Raises `BadInput`."""
        return replace(self._reader, layouts=(layout,)).meaning(asked.text, self.prices)

    def wait_for_article(self) -> None:
        """Ask for the next article."""
        self._unknown = None
        self.title.hide()
        self.hint.setText(self._usual_hint())
        self.confirm.set_text(_("Ajouter"))
        self.back.hide()
        self.begin()

    def _usual_hint(self) -> str:
        """Return what may be typed, or what is put forward today, quietly."""
        put = [
            _("{article} (double)").format(article=o.name) if f.double else o.name
            for a, f in self.prices.forward.items() if (o := self.prices.offers.get(a)) is not None
        ]  # fmt: skip
        if put:
            more = _(" et {n} autres").format(n=len(put) - _SHOWN) if len(put) > _SHOWN + 1 else ""
            shown = put if not more else put[:_SHOWN]
            return _("À proposer aujourd'hui : {articles}{more}.").format(articles=", ".join(shown), more=more)
        return _("Tapez quelques lettres, scannez un code, ou « 3* » avant l'article pour trois pièces.")

    def learn_prices(self, prices: PriceList) -> None:
        """Take the prices of the day, and say what is put forward unless another question is asked."""
        self.prices = prices
        if self._unknown is None:
            self.hint.setText(self._usual_hint())

    def ask_which(self, unknown: UnknownCode) -> None:
        """Ask which article a code is, to remember it."""
        self._unknown = unknown
        self.title.setText(_("Le code {code} n'est pas encore connu : quel article est-ce ?").format(code=unknown.code))
        self.title.show()
        kept = _("Le programme s'en souviendra.") if unknown.remember else _("C'est une étiquette de magasin.")
        self.hint.setText(_("Tapez quelques lettres de son nom, ou de sa famille. {kept}").format(kept=kept))
        self.confirm.set_text(_("C'est celui-ci"))
        self.back.show()
        self.begin()

    def propose(self, name: str) -> None:
        """Say what the open catalogue calls the unknown code, to help to find it; nothing is chosen for the person."""
        self.hint.setText(
            _("Open Food Facts l'appelle « {name} ». Tapez quelques lettres de son nom, ou de sa famille.").format(
                name=name
            )
        )

    @property
    def asking(self) -> UnknownCode | None:
        """Return the unknown code being named, if any."""
        return self._unknown

    def answer(self, typed: str) -> Any:
        """Return the article meant. Raises `BadInput` with what to do; an empty line does nothing."""
        if not typed:
            raise BadInput("")
        marked = self.suggestions.current
        if self._unknown is not None:
            if marked is None:
                raise BadInput(N_("Tapez quelques lettres de l'article, puis choisissez-le dans la liste."))
            return marked
        if marked is not None and not self._is_short_code(typed):
            return Pending(marked, read_typed(typed).pieces)
        meant = self._reader.meaning(typed, self.prices)
        if isinstance(meant, CardScan):
            raise BadInput(
                N_(
                    "C'est la carte d'un foyer. Ce panier-ci est en cours : encaissez-le (F12) ou mettez-le en attente (F10)."
                )
            )
        if isinstance(meant, Letters):
            raise BadInput(
                N_("Aucun article ne commence par « {typed} ». Essayez d'autres lettres, ou le nom de la famille."),
                typed=meant.text,
            )
        return meant

    def _is_short_code(self, typed: str) -> bool:
        text = read_typed(typed).text
        return any(o.short_code == text for o in self.prices.offers.values() if o.short_code)

    def hide_suggestions(self) -> None:
        """Take the list away, when another step is asked."""
        self.suggestions.offer(())

    @Slot(str)
    def _on_text(self, text: str) -> None:
        try:
            wanted = read_typed(text).text
        except RuleRefused:
            wanted = ""
        self.suggestions.offer(() if wanted.isdecimal() and len(wanted) > 5 else self.prices.matching(wanted))

    @Slot(int)
    def _on_moved(self, rows: int) -> None:
        if self.suggestions.current is not None:
            self.suggestions.move_by(rows)
        else:
            self.moved.emit(rows)

    @Slot(object)
    def _on_chosen(self, offer: ArticleOffer) -> None:
        if self._unknown is not None:
            self.answered.emit(offer)
            return
        try:
            pieces = read_typed(self.line.text()).pieces
        except RuleRefused as refusal:
            self.tell(str(refusal))
            return
        self.answered.emit(Pending(offer, pieces))

    @Slot()
    def _on_escaped(self) -> None:
        if self.line.text():
            self.begin()
        else:
            self._on_back()

    @Slot()
    def _on_back(self) -> None:
        if self._unknown is not None:
            self.wait_for_article()
        else:
            self.left.emit()
