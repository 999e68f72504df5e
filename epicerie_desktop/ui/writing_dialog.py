"""A question that writes: F12 runs its service off the window's thread, and it closes only once that is done."""

from __future__ import annotations

from collections.abc import Callable

from epicerie_desktop.support.errors import RuleRefused
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.ui.common.dialogs import QuestionDialog
from epicerie_desktop.ui.common.states import Notice
from epicerie_desktop.ui.tabbed import TabbedPage


class WritingDialog(QuestionDialog):
    """A question over a page. A refusal is told in `notice`, which the subclass puts in `body`, and loses nothing."""

    def __init__(self, page: TabbedPage, title: str, text: str, yes: str) -> None:
        super().__init__(page, title, text, yes, _("Ne rien changer"), armed_after_ms=0)
        self.page, self.writing = page, False
        self.outcome: object = None
        self.notice = Notice("error", parent=self)

    def service(self) -> Callable[[], object] | None:
        """Return what F12 runs on the data thread, None where a field is wrong and says so."""
        raise NotImplementedError

    def may_accept(self) -> bool:
        """Write, and stay open until it is done."""
        service = None if self.writing else self.service()
        if service is not None:
            self.writing = True
            self.page.owner.context.data.submit(self.page, service, self._on_written, self._on_failed)
        return False

    def done_words(self) -> str:
        """Return what was done, once it is written, empty where the page shows it by itself."""
        return ""

    def _on_written(self, done: object) -> None:
        self.outcome = done
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self.writing = False
        if isinstance(error, RuleRefused):
            self.notice.tell("error", str(error))
        else:
            self.page.owner.on_trouble(error)
