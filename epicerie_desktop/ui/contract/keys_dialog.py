"""« Clés et postes »: what the coordinator looks after beside the figures: the recovery sheet, keys, editions, signatures, leavings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from epicerie_desktop.domain.contract_terms import ArticleOffered
from epicerie_desktop.domain.eligibility.ruleset import Ruleset
from epicerie_desktop.services.contract import keys, making, posts, recovery
from epicerie_desktop.services.contract.making import ContractCard
from epicerie_desktop.services.contract.posts import PostRow, SiteStanding
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.rights import rulesets
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.errors import Trouble
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext
from epicerie_desktop.ui import trouble
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.days import DayField
from epicerie_desktop.ui.common.dialogs import ARMED_AFTER_MS, QuestionDialog, ReasonDialog, accepted
from epicerie_desktop.ui.common.fields import FieldFrame
from epicerie_desktop.ui.common.layout import FormRow, label, row
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.common.table import Column, RowsTable
from epicerie_desktop.ui.exchange.fingerprint import FingerprintView
from epicerie_desktop.ui.fitting import grow
from epicerie_desktop.ui.pdf_view import PdfView
from epicerie_desktop.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class ContractCare:
    """What the dialog shows: the contract, its shops and their posts."""

    card: ContractCard
    sites: tuple[SiteStanding, ...]
    posts: tuple[PostRow, ...]


def read_care(desk: Desk, contract: int) -> ContractCare:
    """Return what the dialog shows."""
    return ContractCare(
        making.contract_card(desk, contract), posts.standings(desk, contract), posts.list_posts(desk, contract)
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A shop, and one of its posts where it has sent something."""

    site: SiteStanding
    post: PostRow | None


class KeysDialog(QuestionDialog):
    """Every gesture acts at once and says what is to be done next."""

    def __init__(self, screen: Screen, found: ContractCare) -> None:
        super().__init__(screen, _("Clés et postes"), "", _("Fermer"), armed_after_ms=0)
        self.setMinimumWidth(1000)
        self.setMaximumWidth(1180)
        self._screen, self._contract = screen, found.card.id
        self.told = label("")
        self.same = QCheckBox(_("La personne qui coordonne gère aussi une épicerie de ce contrat"))
        self.worth = Notice("warn")
        self.sheet = ActionButton(_("Feuille de secours"), "Ctrl+P", "printer")
        self.publish = ActionButton(_("Nouvelle édition du fichier"), icon="file-text")
        self.rotate = ActionButton(_("Changer les clés"), icon="key-round")
        self.confirm = ActionButton(_("Confirmer la signature"), "F10", "phone")
        self.revoke = ActionButton(_("Écarter ce poste"), "F11", "ban")
        self.leave = ActionButton(_("Départ de l'épicerie"), icon="log-out")
        self.lines: RowsTable[Line] = RowsTable(
            (
                Column(_("Code"), lambda e: e.site.code, bold=True),
                Column(_("Épicerie"), lambda e: e.site.name, stretch=True),
                Column(_("Poste"), lambda e: str(e.post.post) if e.post else "–", align="centre"),
                Column(_("Signature"), lambda e: e.post.fingerprint[:19] + " …" if e.post else _("rien reçu encore")),
                Column(_("État"), _state, tone=_tone),
            ),
            lambda e: (e.site.id, e.post.id if e.post else 0), name=_("Épiceries et postes"),
            empty=_("Aucune épicerie n'est encore inscrite."), sortable=False,
        )  # fmt: skip
        self.lines.setMinimumHeight(210)
        self.notice = Notice("info")
        self._lay_out()
        self._show(found)
        self._connect()

    def _lay_out(self) -> None:
        self.body.addWidget(self.told)
        self.body.addWidget(self.same)
        self.body.addWidget(self.worth)
        self.body.addLayout(row(self.sheet, self.publish, self.rotate, None))
        self.body.addWidget(self.lines, 1)
        self.body.addLayout(row(self.confirm, self.revoke, self.leave, None))
        self.body.addWidget(self.notice)

    def _connect(self) -> None:
        self.same.clicked.connect(self._on_same_clicked)
        self.sheet.clicked.connect(self._on_sheet_clicked)
        self.publish.clicked.connect(self._on_publish_clicked)
        self.rotate.clicked.connect(self._on_rotate_clicked)
        self.confirm.clicked.connect(self._on_confirm_clicked)
        self.revoke.clicked.connect(self._on_revoke_clicked)
        self.leave.clicked.connect(self._on_leave_clicked)
        self.lines.chosen.connect(self._on_line_chosen)

    def _show(self, found: ContractCare) -> None:
        card = found.card
        words = [_("{name}, contrat n° {number}. Édition n° {edition} du fichier des épiceries.").format(
            name=card.name, number=card.number, edition=card.edition
        )]  # fmt: skip
        if card.old_keys:
            words.append(
                ngettext("Une ancienne clé ouvre encore les envois d'avant.", "{n} anciennes clés ouvrent encore les envois d'avant.", card.old_keys).format(
                    n=card.old_keys
                )
            )  # fmt: skip
        if card.spare:
            words.append(_("Une seconde clé, confiée à quelqu'un d'autre, ouvre aussi les envois."))
        self.told.setText(" ".join(words))
        self.same.setChecked(card.same_person)
        self.worth.tell("warn", _(making.SAME_PERSON) if card.same_person else "")
        lines = []
        for site in found.sites:
            own = [p for p in found.posts if p.site == site.id]
            lines += [Line(site, p) for p in own] or [Line(site, None)]
        self.lines.set_rows(lines)
        self.lines.size_columns()
        self._on_line_chosen()
        grow(self)

    @Slot()
    def _on_line_chosen(self) -> None:
        line = self.lines.current
        post = line.post if line else None
        self.confirm.setEnabled(post is not None and post.revoked_at is None and post.confirmed_at is None)
        self.revoke.setEnabled(post is not None and post.revoked_at is None)
        self.leave.setEnabled(line is not None)
        self.leave.set_text(_("Revenir sur le départ") if line and line.site.left_on else _("Départ de l'épicerie"))

    def _do(self, gesture: Callable[[Desk], object], words: str) -> None:
        """Make a gesture, read everything again, and say what is to be done next."""
        desk, contract = self._screen.desk, self._contract

        def run() -> ContractCare:
            gesture(desk)
            return read_care(desk, contract)

        def done(found: ContractCare) -> None:
            self._show(found)
            self.notice.tell("success", words)
            grow(self)

        self._screen.context.data.submit(self, run, done, self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.notice.tell("warn", trouble.sentence(error))
            grow(self)
        else:
            trouble.show(self, error)

    @Slot()
    def _on_same_clicked(self) -> None:
        contract, same = self._contract, self.same.isChecked()
        self._do(
            lambda desk: making.tell_same_person(desk, contract, same_person=same),
            _("C'est noté ; les bilans le diront.")
            if same
            else _("C'est noté : les deux rôles sont tenus par deux personnes."),
        )

    @Slot()
    def _on_sheet_clicked(self) -> None:
        show_recovery_sheet(self, self._screen, self._contract)

    @Slot()
    def _on_publish_clicked(self) -> None:
        dialog = PublishDialog(self, self._screen)
        if accepted(dialog):
            contract, chosen, offered = self._contract, dialog.rulesets, dialog.articles
            self._do(
                lambda desk: making.publish_terms(desk, contract, rulesets=chosen, articles=offered),
                _(
                    "Nouvelle édition faite : redonnez son fichier à chaque épicerie. Elle n'aura pas de fiche à comparer."
                ),
            )

    @Slot()
    def _on_rotate_clicked(self) -> None:
        dialog = RotateDialog(self)
        if accepted(dialog):
            contract, why, stolen = self._contract, dialog.reason, dialog.stolen.isChecked()
            self._do(
                lambda desk: keys.rotate_keys(desk, contract, why, stolen=stolen),
                _("Clés changées. Imprimez la nouvelle feuille de secours, et redonnez son fichier à chaque épicerie, avec une fiche neuve à comparer.")
                if stolen
                else _("Clés changées. Imprimez la nouvelle feuille de secours, et redonnez son fichier à chaque épicerie : l'ancienne clé en répond."),
            )  # fmt: skip

    @Slot()
    def _on_confirm_clicked(self) -> None:
        line = self.lines.current
        if line is None or line.post is None:
            return
        post = line.post
        if accepted(ConfirmPostDialog(self, line.site, post)):
            self._do(lambda desk: posts.confirm_post(desk, post.id), _("Signature confirmée."))

    @Slot()
    def _on_revoke_clicked(self) -> None:
        line = self.lines.current
        if line is None or line.post is None:
            return
        post = line.post
        dialog = ReasonDialog(
            self, _("Écarter ce poste ?"),
            _("Ses envois seront refusés ; ceux déjà reçus restent. Le prochain envoi du poste apportera une autre signature, à confirmer au téléphone."),
            _("Écarter"), _("Ne rien faire"), reasons=(_("Ordinateur changé"), _("Ordinateur volé ou perdu"), _("Poste supprimé")),
        )  # fmt: skip
        if accepted(dialog):
            why = dialog.reason
            self._do(lambda desk: posts.revoke_post(desk, post.id, why), _("Poste écarté."))

    @Slot()
    def _on_leave_clicked(self) -> None:
        line = self.lines.current
        if line is None:
            return
        site = line.site
        if site.left_on is not None:
            self._do(lambda desk: posts.take_site_back(desk, site.id), _("L'épicerie fait toujours partie du contrat."))
            return
        dialog = LeaveDialog(self, site, self._screen.desk.clock.today())
        if accepted(dialog):
            day, why = dialog.day, dialog.why
            self._do(
                lambda desk: posts.let_site_leave(desk, site.id, day, why),
                _("Départ noté : ses mois d'avant restent, ceux d'après ne sont plus attendus."),
            )


def show_recovery_sheet(parent: QWidget, screen: Screen, contract: int) -> None:
    """Make the recovery sheet of a contract and show it to be printed; nothing is written on the disk unless it is asked."""
    desk = screen.desk

    def show(content: bytes) -> None:
        accepted(
            PdfView(parent, screen.context.long, content, _("Feuille de secours du contrat"), _("feuille-de-secours"))
        )

    # On the writing thread: its printing is written in the journal.
    screen.context.data.submit(
        parent, lambda: recovery.recovery_sheet_pdf(desk, contract), show, lambda e: trouble.show(parent, e)
    )


def _state(line: Line) -> str:
    if line.site.left_on is not None:
        return _("partie le {day}").format(day=shown.day(line.site.left_on))
    if line.post is None:
        return ""
    told = posts.state_of(line.post)
    when = line.post.revoked_at or line.post.confirmed_at
    return f"{told} ({shown.day(when.astimezone(PARIS).date())})" if when else told


def _tone(line: Line) -> str | None:
    if line.site.left_on is not None or (line.post and line.post.revoked_at):
        return "ink_soft"
    return "ask" if line.post and line.post.confirmed_at is None else None


class ConfirmPostDialog(QuestionDialog):
    """The shop reads its signature over the telephone; nothing is confirmed before it was compared."""

    def __init__(
        self, parent: QWidget, site: SiteStanding, post: PostRow, *, armed_after_ms: int = ARMED_AFTER_MS
    ) -> None:
        super().__init__(
            parent, _("Confirmer la signature du poste {post} de {name} ?").format(post=post.post, name=site.name),
            _("Appelez l'épicerie au numéro que vous connaissez. Elle lit ces huit groupes dans son écran « Envois »."),
            _("Confirmer"), _("Ne rien faire"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self.body.addWidget(FingerprintView(post.fingerprint))
        self.same = QCheckBox(_("L'épicerie m'a lu cette empreinte, groupe par groupe"))
        self.missing = Notice("warn")
        self.body.addWidget(self.same)
        self.body.addWidget(self.missing)
        self.same.setFocus()

    def may_accept(self) -> bool:
        """Ask for the call when it was not made."""
        if not self.same.isChecked():
            self.missing.tell(
                "warn", _("Comparez d'abord au téléphone, puis cochez la case. Si elle diffère, écartez ce poste.")
            )
            grow(self)
        return self.same.isChecked()


class RotateDialog(QuestionDialog):
    """Why the keys change, and whether the former one may have been stolen."""

    def __init__(self, parent: QWidget, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            parent, _("Changer les clés du contrat ?"),
            _("De nouvelles clés de lecture et de signature sont faites ; les anciennes restent ici pour ouvrir les envois d'avant. Il faudra une nouvelle feuille de "
              "secours, et redonner son fichier à chaque épicerie."),
            _("Changer les clés"), _("Ne rien faire"), danger=True, armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self.why = FieldFrame()
        self.stolen = QCheckBox(_("L'ancienne clé a pu être volée : chaque épicerie comparera une fiche neuve"))
        self.body.addWidget(FormRow(_("Pourquoi ?"), self.why))
        self.body.addWidget(self.stolen)
        self.why.setFocus()

    @property
    def reason(self) -> str:
        """Return why."""
        return self.why.text

    def may_accept(self) -> bool:
        """Ask for the reason."""
        if not self.reason:
            self.why.show_error(_("Dites pourquoi les clés changent : ce motif reste dans le journal du contrat."))
        return bool(self.reason)


class LeaveDialog(QuestionDialog):
    """A shop's last day in the contract, and why."""

    def __init__(
        self, parent: QWidget, site: SiteStanding, today: date, *, armed_after_ms: int = ARMED_AFTER_MS
    ) -> None:
        super().__init__(
            parent, _("Départ de {name}").format(name=site.name),
            _("Ses mois d'avant restent dans les totaux. Ceux d'après ne sont ni attendus ni reçus."),
            _("Noter le départ"), _("Ne rien faire"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self.last, self.reason = DayField(today), FieldFrame()
        self.body.addWidget(FormRow(_("Dernier jour dans le contrat"), self.last))
        self.body.addWidget(FormRow(_("Pourquoi ?"), self.reason))
        self.last.setFocus()

    @property
    def day(self) -> date:
        """Return the last day."""
        assert self.last.value is not None
        return self.last.value

    @property
    def why(self) -> str:
        """Return why."""
        return self.reason.text

    def may_accept(self) -> bool:
        """Ask for what is missing."""
        if not self.last.check():
            return False
        if not self.why:
            self.reason.show_error(_("Dites pourquoi : ce motif reste avec l'épicerie."))
        return bool(self.why)


class PublishDialog(QuestionDialog):
    """What the next edition offers the shops: definitions and lists always, rulesets and articles if wished."""

    def __init__(self, parent: QWidget, screen: Screen, *, armed_after_ms: int = ARMED_AFTER_MS) -> None:
        super().__init__(
            parent, _("Nouvelle édition du fichier de contrat"),
            _("Elle porte les définitions, les indicateurs et les listes d'aujourd'hui. Vous pouvez y joindre un règlement et des articles : chaque épicerie les verra, "
              "et les adoptera ou non."),
            _("Faire l'édition"), _("Ne rien faire"), armed_after_ms=armed_after_ms,
        )  # fmt: skip
        self._screen = screen
        self.rulesets: tuple[tuple[str, str], ...] = ()
        self.articles: tuple[ArticleOffered, ...] = ()
        self.add_ruleset = ActionButton(_("Joindre un règlement…"), icon="plus", kind="quiet")
        self.add_articles = ActionButton(_("Joindre des articles…"), icon="plus", kind="quiet")
        self.told = label("", "soft")
        self.wrong = Notice("warn")
        self.body.addLayout(row(self.add_ruleset, self.add_articles, None))
        self.body.addWidget(
            label(
                _(
                    "Un règlement est un fichier TOML exporté d'une épicerie ; les articles, un tableau CSV : nom;famille;vente;poids net."
                ),
                "small",
            )
        )
        self.body.addWidget(self.told)
        self.body.addWidget(self.wrong)
        self.add_ruleset.clicked.connect(self._on_add_ruleset_clicked)
        self.add_articles.clicked.connect(self._on_add_articles_clicked)

    @Slot()
    def _on_add_ruleset_clicked(self) -> None:
        path = self._ask_file(_("Quel règlement ?"), _("Règlements (*.toml)"))
        if path is not None:
            self.take_ruleset(path)

    @Slot()
    def _on_add_articles_clicked(self) -> None:
        path = self._ask_file(_("Quelle liste d'articles ?"), _("Tableaux (*.csv)"))
        if path is not None:
            self.take_articles(path)

    def _ask_file(self, title: str, kinds: str) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(self, title, str(Path.home()), kinds)
        return Path(chosen) if chosen else None

    def take_ruleset(self, path: Path) -> None:
        """Offer the règlement of a file; a wrong one is told and left out."""
        self._screen.context.data.submit(
            self, lambda: rulesets.read_ruleset_file(path), self._with_ruleset, self._refused
        )

    def take_articles(self, path: Path) -> None:
        """Offer the articles of a file; a wrong one is told and left out."""
        self._screen.context.data.submit(
            self, lambda: making.read_articles_file(path), self._with_articles, self._refused
        )

    def _with_ruleset(self, found: tuple[Ruleset, str]) -> None:
        ruleset, text = found
        self.rulesets = (*(r for r in self.rulesets if r[0] != ruleset.name), (ruleset.name, text))
        self._tell()

    def _with_articles(self, offered: tuple[ArticleOffered, ...]) -> None:
        self.articles = offered
        self._tell()

    def _tell(self) -> None:
        told = [name for name, _text in self.rulesets]
        if self.articles:
            told.append(ngettext("{n} article", "{n} articles", len(self.articles)).format(n=len(self.articles)))
        self.told.setText(", ".join(told))
        self.wrong.tell("warn", "")
        grow(self)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, Trouble):
            self.wrong.tell("warn", trouble.sentence(error))
            grow(self)
        else:
            trouble.show(self, error)
