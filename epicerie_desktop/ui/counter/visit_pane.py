"""The card of a household at the door: the verdict in large, the ceilings, the note. Never an income."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.late import late
from epicerie_desktop.ui.common.banner import VerdictBanner
from epicerie_desktop.ui.common.layout import scrolled
from epicerie_desktop.ui.common.text import breakable
from epicerie_desktop.ui.fitting import Wrapped
from epicerie_desktop.ui.till.parts import Tinted, button, label
from epicerie_desktop.ui.till.questions import ReasonStep

if TYPE_CHECKING:
    from epicerie_desktop.domain import access, labels
    from epicerie_desktop.services.queries.counter import Visit
    from epicerie_desktop.ui.till import side_pane, wording
    from epicerie_desktop.ui.till.side_pane import CeilingGauge
else:
    access = late("epicerie_desktop.domain.access")
    labels = late("epicerie_desktop.domain.labels")
    side_pane = late("epicerie_desktop.ui.till.side_pane")
    wording = late("epicerie_desktop.ui.till.wording")


class NarrowReason(ReasonStep):
    """The reason of an agreement, laid out for a column."""

    def _lay_out(self) -> None:
        self.body.setContentsMargins(12, 8, 12, 12)
        self.body.setSpacing(4)
        for widget in (self.title, self.hint, self.line, self.trouble):
            self.body.addWidget(widget)
        self.body.addWidget(Wrapped(self.back, self.confirm, right=True))


class VisitPane(QFrame):
    """Shows one household; `till_asked` carries the team's agreement, empty where none is needed."""

    till_asked = Signal(object)
    file_asked = Signal(int)
    fee_asked = Signal()
    exceptional_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.visit: Visit | None = None
        self.name = label("title")
        self.who = label("soft")
        self.banner = VerdictBanner()
        self.share = label("base")
        self.note = label("base")
        self._note_box = Tinted("info_tint")
        self.held = label("soft")
        self.agreement = NarrowReason(_("D'accord"))
        self.open_button = button(_("Ouvrir la caisse"), "Return", primary=True, icon="shopping-basket")
        self.file_button = button(_("Fiche"), "F4", icon="id-card")
        self.fees_title, self.fees = label("label"), label("base")
        self._fee_box = Tinted("sunken")
        self.fee_button = button(_("Encaisser"), "F6", icon="euro")
        self.exceptional_button = button(_("Passage exceptionnel"), "F3", icon="hand")
        self._gauges: list[CeilingGauge] = []
        self._gauge_box = QVBoxLayout()
        self._gauge_box.setSpacing(10)
        self._lay_out()
        self.open_button.clicked.connect(self.proceed)
        self.file_button.clicked.connect(self.ask_file)
        self.fee_button.clicked.connect(self.ask_fee)
        self.exceptional_button.clicked.connect(self.ask_exceptional)
        self.agreement.answered.connect(self.till_asked)
        self.agreement.left.connect(self._on_agreement_left)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 20, 8)
        column.setSpacing(8)
        note = QVBoxLayout(self._note_box)
        note.setContentsMargins(12, 8, 12, 8)
        note.addWidget(label("label", _("À savoir à l'accueil")))
        note.addWidget(self.note)
        fees, words = QHBoxLayout(self._fee_box), QVBoxLayout()
        fees.setContentsMargins(12, 8, 12, 8)
        words.addWidget(self.fees_title)
        words.addWidget(self.fees)
        fees.addLayout(words, 1)
        fees.addWidget(self.fee_button)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.who, 1)
        head.addWidget(self.file_button)
        column.addWidget(self.name)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self._note_box)
        self._after_note = QVBoxLayout()
        column.addLayout(self._after_note)
        column.addWidget(self._fee_box)
        column.addWidget(self.share)
        column.addLayout(self._gauge_box)
        column.addWidget(self.held)
        column.addStretch(1)
        area = scrolled(inside)
        area.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 16)
        outer.setSpacing(8)
        outer.addWidget(area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.setSpacing(4)
        foot.addWidget(self.agreement)
        foot.addWidget(self.exceptional_button)
        foot.addWidget(self.open_button)
        outer.addLayout(foot)

    def put_below_note(self, widget: QWidget) -> None:
        """Put what else reception is told below the note."""
        self._after_note.addWidget(widget)

    def show_nobody(self) -> None:
        """Forget the household shown."""
        self.visit = None
        self.exceptional_button.hide()
        self.agreement.hide()
        self.open_button.show()

    def show_visit(self, visit: Visit) -> None:
        """Show a household; the agreement is asked again each time."""
        again = self.visit is not None and self.visit.household == visit.household and self.agreement.isVisible()
        self.visit = visit
        self.name.setText(visit.name)
        number = _("n° {number}").format(number=visit.number)
        self.who.setText(f"{number} · {wording.people(visit.adults, visit.children)}")
        self.banner.show_verdict(
            visit.verdict.state, labels.label(visit.verdict.state), [wording.reason(visit.verdict)]
        )
        self.share.setText(self._share(visit))
        self.note.setText(breakable(visit.note))
        self._note_box.setVisible(bool(visit.note))
        self._show_held(visit)
        self._show_fees(visit)
        self._show_ceilings(visit)
        opens = visit.verdict.state is access.VerdictState.OPEN
        self.open_button.set_text(_("Ouvrir la caisse") if opens else _("Voir avec l'équipe"))
        if not again:
            self._show_agreement(asked=False)

    def _show_agreement(self, *, asked: bool) -> None:
        """Show the agreement asked in the place of the buttons: the verdict above keeps its room."""
        self.agreement.setVisible(asked)
        self.open_button.setVisible(not asked)
        self.exceptional_button.setVisible(self.may_be_exceptional and not asked)

    def _share(self, visit: Visit) -> str:
        offer = visit.exceptional
        told: list[str] = []
        if visit.grant is None:
            told.append(_("Avec l'accord de l'équipe, rien n'est à payer : c'est un don."))
        else:
            told += [wording.share(visit.account.usual, visit.terms), wording.manners(visit.terms)]
        if visit.today_only:
            told.insert(0, _("Passage exceptionnel, aujourd'hui seulement."))
        elif offer is not None and offer.refused:
            told.append(_(offer.refused).format(most=offer.rule.most, days=offer.rule.days))
        elif offer is not None and offer.permille:
            told.append(
                _("En passage exceptionnel (F3), la famille paie {share} de la valeur en rayon.").format(
                    share=shown.percent(offer.permille)
                )
            )
        return " ".join(words for words in told if words)

    def _show_fees(self, visit: Visit) -> None:
        due = [f for f in visit.fees if f.paid is None]
        mistaken = [f for f in visit.fees if f.paid_on == visit.day]
        self._fee_box.setVisible(bool(due or mistaken))
        told = due or mistaken
        lines = [_("{label} : {amount}").format(label=f.label, amount=shown.money(f.cents)) for f in told]
        self.fees_title.setText(_("À régler") if due else _("Réglé aujourd'hui"))
        self.fees.setText("\n".join(lines))
        self.fee_button.set_text(_("Encaisser") if due else _("Annuler"))

    @Slot()
    def ask_fee(self) -> None:
        """Ask to record the fees due, or to cancel those of the day."""
        if self.visit is not None and not self._fee_box.isHidden():
            self.fee_asked.emit()

    @property
    def may_be_exceptional(self) -> bool:
        """Return whether an exceptional visit may be granted: no right is open, nothing is suspended or closed, the limit is left."""
        offer = self.visit.exceptional if self.visit is not None else None
        return offer is not None and not offer.refused

    @Slot()
    def ask_exceptional(self) -> None:
        """Ask for an exceptional visit."""
        if self.may_be_exceptional:
            self.exceptional_asked.emit()

    def _show_held(self, visit: Visit) -> None:
        self.held.setVisible(visit.draft is not None)
        if visit.draft is not None and visit.draft_saved_at is not None:
            self.held.setText(
                _("Un panier est en cours : {lines}, gardé {when}.").format(
                    lines=wording.lines(len(visit.draft.lines)),
                    when=wording.day_and_hour(visit.draft_saved_at, visit.day),
                )
            )

    def _show_ceilings(self, visit: Visit) -> None:
        while len(self._gauges) < len(visit.ceilings):
            self._gauges.append(side_pane.CeilingGauge())
            self._gauge_box.addWidget(self._gauges[-1])
        for i, gauge in enumerate(self._gauges):
            gauge.setVisible(i < len(visit.ceilings))
            if i < len(visit.ceilings):
                gauge.show_ceiling(visit.ceilings[i], 0)

    @Slot()
    def proceed(self) -> None:
        """Ask for the till, or for the team's agreement first."""
        if self.visit is None:
            return
        if self.visit.verdict.state is access.VerdictState.OPEN:
            self.till_asked.emit("")
            return
        self.agreement.ask(
            _("L'équipe est d'accord ?"),
            _("Notez la raison en quelques mots, elle reste avec le ticket."),
        )
        self._show_agreement(asked=True)
        self.agreement.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def ask_file(self) -> None:
        """Ask for the household's file, to see its card, its members or its right."""
        if self.visit is not None:
            self.file_asked.emit(self.visit.household)

    @Slot()
    def _on_agreement_left(self) -> None:
        self._show_agreement(asked=False)
        self.left.emit()
