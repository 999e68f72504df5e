"""The first page of the support file: what reception needs on the left, what social workers read on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.support import UndertakingKind
from epicerie_desktop.services.queries.support import ObjectiveRow, SupportView, WorkerView, support_file
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.layout import Card, column, row, scrolled
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.support.page import SupportPage
from epicerie_desktop.ui.support.parts import Facts, day_or_dash, expiry_words, money_or_dash
from epicerie_desktop.ui.support.screen import SupportScreen

_NAMES = 128


class OverviewPage(SupportPage):
    """Where a household stands, at a glance; nothing is changed here."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"support_file", "undertaking", "paper", "avoidance", "appointment", "objective", "objective_payment", "sale"}
    )

    def __init__(self, screen: SupportScreen, household: int) -> None:
        super().__init__(screen, household)
        self.told = Notice()
        self.reception = Facts(name_width=_NAMES)
        self.orientation = Facts(name_width=_NAMES)
        self.projects = Facts(name_width=_NAMES)
        self.sums = Facts(name_width=_NAMES)
        inside = QWidget()
        sides = row(spacing=16)
        sides.addLayout(column(Card(_("Pour l'accueil")).add(self.reception), None), 1)
        if self.worker:
            right = (
                Card(_("Orientation")).add(self.orientation), Card(_("Projets en cours")).add(self.projects),
                Card(_("Depuis l'ouverture")).add(self.sums), None,
            )  # fmt: skip
            sides.addLayout(column(*right, spacing=16), 1)
        inside.setLayout(sides)
        self.lines.addWidget(self.told)
        self.lines.addWidget(scrolled(inside), 1)
        self.told.tell("info", "")

    def query(self) -> Callable[[], Any]:
        """Return what reads the page."""
        return partial(support_file, self.desk, self.household)

    def show_read(self, answer: SupportView) -> None:
        """Show the page."""
        self._tell(answer)
        self.reception.show_facts(reception_facts(answer))
        if answer.worker is not None:
            self._show_worker(answer.worker)

    def _tell(self, view: SupportView) -> None:
        if view.worker is None:
            told = _(
                "Ce compte voit ce qui sert à l'accueil : papiers, engagements, procurations. Le reste du dossier est réservé "
                "aux travailleurs sociaux."
            )
        else:
            told = "" if view.head.file else _("Aucun accompagnement en cours : la page « Orientation » en ouvre un.")
        self.told.tell("info", told)

    def _show_worker(self, view: WorkerView) -> None:
        self.orientation.show_facts(orientation_facts(view) or [(_("Orientation"), _("Aucune"))])
        told = [(called(o.kind), objective_words(o)) for o in view.objectives]
        self.projects.show_facts(told or [(_("Projets"), _("Aucun"))])
        stayed = _("{amount}, estimation : valeur en rayon moins prix payé")
        self.sums.show_facts(
            [
                (_("Resté au budget"), stayed.format(amount=shown.money(view.stayed_cents))),
                (_("Versé"), _("{amount} pour les projets").format(amount=shown.money(view.paid_cents))),
            ]
        )


def reception_facts(view: SupportView) -> list[tuple[str, str]]:
    """Return what everyone at reception may read."""
    proxies = [u for u in view.undertakings if u.kind is UndertakingKind.PROXY]
    signed = [u for u in view.undertakings if u.kind is not UndertakingKind.PROXY]
    papers = [f"{called(p.kind)} ({expiry_words(p.expires_on, p.expiry)})" for p in view.papers]
    return [
        (
            _("Rendez-vous"),
            shown.instant(view.next_appointment) if view.next_appointment else _("Aucun"),
        ),
        (_("À redemander"), "\n".join(papers) or _("Aucun")),
        (_("Procuration"), "\n".join(proxy_words(u.name, expiry_words(u.until, u.expiry)) for u in proxies)),
        (_("Engagements"), "\n".join(f"{called(u.kind)} ({shown.day(u.signed_on)})" for u in signed) or _("Aucun")),
        (_("Ne pas proposer"), ", ".join(t.label for t in view.avoidances)),
    ]


def proxy_words(name: str, until: str) -> str:
    """Return a proxy and until when."""
    return name if until == "–" else _("{name}, jusqu'au {day}").format(name=name, day=until)


def orientation_facts(view: WorkerView) -> list[tuple[str, str]]:
    """Return why and by whom the household was referred."""
    o = view.orientation
    if o is None:
        return []
    return [
        (_("Orienté par"), o.referrer or _("Personne : venu de soi-même")),
        (_("Le"), day_or_dash(o.referred_on) if o.referred_on else ""),
        (_("Motif"), called(o.reason_code) if o.reason_code else ""),
        (_("En quelques mots"), o.reason),
        (_("Urgence"), _("Oui") if o.urgent else ""),
        (_("Prochain bilan"), day_or_dash(o.review_on) if o.review_on else ""),
    ]


def objective_words(o: ObjectiveRow) -> str:
    """Return a project, what was paid of what is aimed at, and its deadline."""
    told = [o.label]
    if o.target_cents:
        told.append(
            _("{paid} versés sur {target}").format(paid=shown.money(o.paid_cents), target=money_or_dash(o.target_cents))
        )
    elif o.paid_cents:
        told.append(_("{paid} versés").format(paid=shown.money(o.paid_cents)))
    if o.due_on is not None:
        told.append(_("avant le {day}").format(day=shown.day(o.due_on)))
    return " · ".join(told)
