"""« Questions »: the figures of the shop asked without a developer, kept by name, printed, given to a spreadsheet, published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QSplitter, QWidget

from epicerie_desktop.domain.answers import Answer
from epicerie_desktop.domain.question_catalogue import BY
from epicerie_desktop.domain.questions import Code, Question, from_json
from epicerie_desktop.domain.roles import Role
from epicerie_desktop.services import publishing, question_papers, questions
from epicerie_desktop.services.queries import questions as asking
from epicerie_desktop.services.questions import Saved
from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.text import words
from epicerie_desktop.ui import papers, pdf_view
from epicerie_desktop.ui.common.buttons import ActionButton
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.layout import FormRow, PageHeader, column, page, row, scrolled
from epicerie_desktop.ui.common.states import BusyOverlay, Notice
from epicerie_desktop.ui.common.undo import UndoStrip
from epicerie_desktop.ui.context import Context
from epicerie_desktop.ui.questions.answer_view import AnswerView
from epicerie_desktop.ui.questions.dialogs import NameDialog, PublishDialog, ThresholdsDialog, ValuesDialog
from epicerie_desktop.ui.questions.form import QuestionForm, narrow
from epicerie_desktop.ui.screen import Screen

_ASK_AFTER_MS = 250
_FORM_WIDTH = 400


class QuestionsScreen(Screen):
    """The question at the left, its answer at the right as it is changed; F12 keeps it in a file."""

    tables: ClassVar[frozenset[str]] = frozenset({"saved_question", "published_table"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._stop = Event()
        self.answer: Answer | None = None
        self.dialog: QuestionDialog | None = None
        self.saved: tuple[Saved, ...] = ()
        self.form = QuestionForm(context.desk.clock, numbers=Role(context.desk.actor.role).reads_support)
        self.view = AnswerView()
        self.notice, self.undo = Notice(closable=True), UndoStrip()
        self.names = narrow(QComboBox())
        self.kinds = QComboBox()
        for kind, told in question_papers.KINDS:
            self.kinds.addItem(_(told), kind)
        self._actions()
        self._lay_out()
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_ASK_AFTER_MS)
        self._waiting.timeout.connect(self._run)
        self._connect()
        self._fill_names()

    def _actions(self) -> None:
        self.save = ActionButton(_("Garder la question"), "Ctrl+S", "save", "quiet")
        self.rename = ActionButton(_("Renommer"), "F6", "pencil", "quiet")
        self.remove = ActionButton(_("Retirer"), "Ctrl+D", "trash-2", "quiet")
        self.limits = ActionButton(_("Seuils…"), "Ctrl+T", "settings", "quiet")
        self.publish = ActionButton(_("Publier…"), "F9", "users")
        self.look = ActionButton(_("Aperçu"), "Ctrl+P", "eye")
        self.keep = ActionButton(_("Enregistrer"), "F12", "download", "primary")

    def _lay_out(self) -> None:
        self.header = PageHeader(
            _("Questions"), _("Choisissez à gauche ; la réponse suit à droite. Rien n'est changé dans l'épicerie."),
            (self.save, self.rename, self.remove),
        )  # fmt: skip
        left = QWidget()
        self._area = scrolled(self.form)
        left.setLayout(column(FormRow(_("Question"), self.names), spacing=10))
        inside = left.layout()
        assert inside is not None
        inside.addWidget(self._area)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        split.setSizes([_FORM_WIDTH, 2 * _FORM_WIDTH])
        split.setChildrenCollapsible(False)
        lines = page(self)
        lines.addWidget(self.header)
        lines.addWidget(self.notice)
        lines.addWidget(self.undo)
        lines.addWidget(split, 1)
        self.kinds.setAccessibleName(_("Genre de fichier"))
        lines.addLayout(row(self.limits, self.publish, None, self.look, self.kinds, self.keep))
        self.veil = BusyOverlay(self.view)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_changed_question)
        self.form.filter_wanted.connect(self._on_filter_wanted)
        self.names.activated.connect(self._on_name)
        self.veil.cancelled.connect(self.stop)
        for button, gesture in (
            (self.save, self._on_save), (self.rename, self._on_rename), (self.remove, self._on_remove),
            (self.limits, self._on_limits), (self.publish, self._on_publish), (self.look, self._on_look), (self.keep, self._on_keep),
        ):  # fmt: skip
            button.clicked.connect(gesture)

    def first_field(self) -> QWidget | None:
        """Return the list of questions."""
        return self.names

    def refresh(self) -> None:
        """Read the questions kept, and ask again the one shown."""
        desk = self.desk
        self.ask(lambda: questions.saved_questions(desk), self._on_saved, key="saved")
        self._run()

    def on_trouble(self, error: Exception) -> None:
        """Tell a refusal above the question; the rest as everywhere."""
        self.veil.stop()
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            super().on_trouble(error)

    def _on_saved(self, found: tuple[Saved, ...]) -> None:
        self.saved = found
        self._fill_names()

    def _fill_names(self) -> None:
        chosen = self.current
        self.names.blockSignals(True)
        self.names.clear()
        self.names.addItem(_("Nouvelle question"), None)
        for q in self.saved:
            self.names.addItem(_("{name} – par {who}").format(name=q.name, who=q.by), q)
        if self.saved:
            self.names.insertSeparator(self.names.count())
        for q in questions.examples():
            self.names.addItem(_("Exemple : {name}").format(name=q.name), q)
        self.names.blockSignals(False)
        self.choose(chosen.name if chosen is not None else "")

    def choose(self, name: str) -> None:
        """Choose a question of the list by its name, without opening it; the first line where it is not there."""
        at = next((i for i in range(self.names.count()) if self._at(i) is not None and self._named(i) == name), 0)
        self.names.setCurrentIndex(at)
        self._show_actions()

    def _at(self, index: int) -> Saved | None:
        found = self.names.itemData(index)
        return found if isinstance(found, Saved) else None

    def _named(self, index: int) -> str:
        found = self._at(index)
        return found.name if found is not None else ""

    @property
    def current(self) -> Saved | None:
        """Return the question chosen in the list, None for a new one."""
        return self._at(self.names.currentIndex())

    @property
    def title(self) -> str:
        """Return what the answer is called: its name in the list, else what it is about."""
        chosen = self.current
        if chosen is not None:
            return chosen.name
        parts = [_(BY[g].name).lower() for g in self.form.question().groups]
        return ", ".join([_(self.form.question().about.name), *parts])

    def _show_actions(self) -> None:
        ours = self.current is not None and self.current.id is not None
        self.rename.setEnabled(ours)
        self.remove.setEnabled(ours)

    @Slot()
    def _on_name(self) -> None:
        self.undo.withdraw()
        self._show_actions()
        chosen = self.current
        if chosen is None:
            return
        try:
            asked = from_json(chosen.asked)
            asking.require_asker(self.desk, asked)
        except RuleRefused as error:
            self.notice.tell("error", str(error))
            return
        self.form.set_question(asked)
        self._waiting.stop()
        self._run()

    def _make_room(self) -> None:
        """Give the question the width its longest line asks for, so that nothing of it is cut."""
        bar = self._area.verticalScrollBar().sizeHint().width()
        self._area.setMinimumWidth(self.form.minimumSizeHint().width() + bar + 4)

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for the question at the text size in use."""
        super().showEvent(event)
        self._make_room()

    @Slot()
    def _on_changed_question(self) -> None:
        self._make_room()
        self._stop.set()
        self._waiting.start()

    @Slot()
    def stop(self) -> None:
        """Give up the question being answered."""
        self._stop.set()

    @Slot()
    def _run(self) -> None:
        self._stop.set()
        asked = self._asked()
        if asked is None:
            return
        desk, self._stop = self.desk, Event()
        stop = self._stop.is_set
        self.veil.start(_("La réponse se calcule…"), cancellable=True)
        self.context.long.submit(
            self, lambda: asking.answer(desk, asked, stop), self._on_answer, self._on_failed, key="answer"
        )

    def _asked(self) -> Question | None:
        """Return the question, or tell what it lacks."""
        try:
            asked = self.form.question()
        except RuleRefused as error:
            self.notice.tell("warn", str(error))
            return None
        self.notice.tell("info", "")
        return asked

    def _on_answer(self, found: Answer) -> None:
        self.veil.stop()
        self.answer = found
        told = question_papers.told(found, self.title)
        self.view.show_table(told.table, len(told.plain.rows))

    def _on_failed(self, error: Exception) -> None:
        self.on_trouble(error)

    @Slot(str)
    def _on_filter_wanted(self, key: str) -> None:
        desk = self.desk
        self.ask(lambda: asking.values_of(desk, key), lambda found: self._choose_values(key, found), key="values")

    def _choose_values(self, key: str, values: tuple[tuple[Code, str], ...]) -> None:
        dialog = ValuesDialog(self, _(BY[key].name), values, self.form.only.get(key, ()))
        self._open(dialog, lambda: self.form.set_filter(key, dialog.values))

    def _open(self, dialog: QuestionDialog, then: Callable[[], object]) -> None:
        self.dialog = dialog

        def done(result: int) -> None:
            self.dialog = None
            if result:
                then()
            dialog.deleteLater()

        dialog.finished.connect(done)
        dialog.open()

    @Slot()
    def _on_save(self) -> None:
        asked, chosen = self._asked(), self.current
        if asked is None:
            return
        over = chosen if chosen is not None and chosen.id is not None else None
        text = _("Toute l'équipe la retrouvera sous ce nom. Sous un autre nom, l'ancienne reste.") if over else ""
        dialog = NameDialog(self, _("Garder la question"), text, self.title, _("Garder"))

        def keep() -> None:
            name, desk = dialog.name, self.desk
            same = over if over is not None and words(over.name) == words(name) else None
            self.act(lambda: questions.save_question(desk, name, asked, same), lambda _id: self._told_saved(name))

        self._open(dialog, keep)

    def _told_saved(self, name: str) -> None:
        name = " ".join(name.split())
        self.notice.tell("success", _("« {name} » est gardée.").format(name=name))
        desk = self.desk

        def show(found: tuple[Saved, ...]) -> None:
            self.saved = found
            self._fill_names()
            self.choose(name)

        self.ask(lambda: questions.saved_questions(desk), show, key="saved")

    @Slot()
    def _on_rename(self) -> None:
        chosen = self.current
        if chosen is None:
            return
        dialog = NameDialog(self, _("Renommer la question"), "", chosen.name, _("Renommer"))

        def rename() -> None:
            name, desk = dialog.name, self.desk
            self.act(lambda: questions.rename_question(desk, chosen, name), lambda _none: self._told_saved(name))

        self._open(dialog, rename)

    @Slot()
    def _on_remove(self) -> None:
        chosen, desk = self.current, self.desk
        if chosen is None:
            return

        def removed(_none: None) -> None:
            self.undo.offer(
                _("« {name} » est retirée de la liste.").format(name=chosen.name),
                lambda: self.act(lambda: questions.put_back(desk, chosen), lambda _id: self._told_saved(chosen.name)),
            )

        self.act(lambda: questions.delete_question(desk, chosen), removed)

    @Slot()
    def _on_look(self) -> None:
        if self.answer is not None:
            desk, told = self.desk, question_papers.told(self.answer, self.title)
            pdf_view.look_at(self, lambda: question_papers.kept_as(desk, told, "pdf"), self.title, self._file_name())

    @Slot()
    def _on_keep(self) -> None:
        if self.answer is None:
            return
        desk, kind, told = self.desk, str(self.kinds.currentData()), question_papers.told(self.answer, self.title)
        path = self._where(kind)
        if path is not None:
            self.work(lambda: papers.written(question_papers.kept_as(desk, told, kind), path), self._told_kept)

    def _where(self, kind: str) -> Path | None:
        return papers.ask_where(self, self._file_name(), f".{kind}", f"{self.kinds.currentText()} (*.{kind})")

    def _file_name(self) -> str:
        return "-".join(words(self.title))[:60]

    def _told_kept(self, path: Path) -> None:
        self.notice.tell("success", _("Le tableau est gardé : {name}").format(name=path.name))

    @Slot()
    def _on_limits(self) -> None:
        desk = self.desk
        self.ask(lambda: publishing.thresholds(desk), self._ask_limits, key="limits")

    def _ask_limits(self, now: publishing.Thresholds) -> None:
        dialog = ThresholdsDialog(self, now.heads, now.incomes, publishing.LEAST, publishing.MOST)

        def keep() -> None:
            chosen, desk = publishing.Thresholds(dialog.heads.value or 0, dialog.incomes.value or 0), self.desk
            told = _("Les seuils valent à partir d'aujourd'hui.")
            self.act(lambda: publishing.save_thresholds(desk, chosen), lambda _none: self.notice.tell("success", told))

        self._open(dialog, keep)

    @Slot()
    def _on_publish(self) -> None:
        asked, desk, title = self._asked(), self.desk, self.title
        if asked is not None:
            self.work(lambda: publishing.prepare(desk, title, asked), lambda made: self._ask_publish(asked, made))

    def _ask_publish(self, asked: Question, made: publishing.ToPublish) -> None:
        edition = made.edition
        dialog = PublishDialog(
            self, edition.title, made.hidden, len(edition.numbers), made.threshold, heads=bool(asked.about.heads)
        )

        def publish() -> None:
            title, desk, kind = dialog.title, self.desk, str(self.kinds.currentData())
            path = self._where(kind)
            if path is None:
                return
            self.act(
                lambda: publishing.publish(desk, title, asked), lambda done: self._keep_published(done, kind, path)
            )

        self._open(dialog, publish)

    def _keep_published(self, done: publishing.ToPublish, kind: str, path: Path) -> None:
        desk, told = self.desk, question_papers.published(done)

        def say(where: Path) -> None:
            self.notice.tell("success", _("Tableau publié, et gardé : {name}").format(name=where.name))

        self.work(lambda: papers.written(question_papers.kept_as(desk, told, kind), path), say)

    def open_with(self, **what: Any) -> None:
        """Open a question by its name (`question="…"`)."""
        if "question" in what:
            self.choose(str(what["question"]))
            self._on_name()
