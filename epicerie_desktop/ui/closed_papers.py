"""Papers of closed figures on screen: once one is kept or printed this is noted, and what is shown next is a duplicate."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6

from epicerie_desktop.services import papers_made
from epicerie_desktop.services.papers_made import PaperKey, PaperOut
from epicerie_desktop.ui.pdf_view import opened_pdf
from epicerie_desktop.ui.screen import Screen


def look_at_closed(screen: Screen, make: Callable[[], PaperOut], title: str, suggested_name: str) -> None:
    """Make a paper of closed figures on the long thread and show it over a screen; looking at it counts for nothing."""
    screen.work(make, lambda made: show_closed(screen, made, make, title, suggested_name))


def show_closed(screen: Screen, made: PaperOut, make: Callable[[], PaperOut], title: str, suggested_name: str) -> None:
    """Show a paper made; each time it is kept or printed this is noted, and `make` makes what is shown from then on."""
    view = opened_pdf(screen, made.content, title, suggested_name)

    def again() -> None:
        screen.work(make, lambda anew: view.replace(anew.content) if shiboken6.isValid(view) else None)

    if made.papers:
        view.taken.connect(lambda: note_out(screen, made.papers, again))


def note_out(screen: Screen, papers: tuple[PaperKey, ...], then: Callable[[], None] = lambda: None) -> None:
    """Note that papers left the program, then do what follows; for none, do nothing."""
    desk = screen.desk
    if papers:
        screen.act(lambda: papers_made.note_made(desk, papers), lambda _done: then())
