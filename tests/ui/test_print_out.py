"""A document goes to the printer as it is where the system takes it, and only the pages asked for."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from epicerie_desktop.printing.style import A4, Paper
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.ui import print_out
from epicerie_desktop.ui.background import Background
from epicerie_desktop.ui.long_work import LongWork, Stopped


@pytest.fixture
def three_pages() -> bytes:
    paper = Paper(A4, "Essai")
    for n in range(3):
        if n:
            paper.turn()
        paper.paragraph(f"Page écrite {n + 1}, {date(2026, 11, 20)}")
    return paper.finish()


def written(pdf: bytes) -> list[str]:
    return [page.extract_text().split(",")[0] for page in PdfReader(io.BytesIO(pdf)).pages]


class Chosen(QPrinter):
    """A printer as a person chose it: named, which no printer is on a machine without any."""

    def printerName(self) -> str:
        return "accueil"


def queue(folder: Path, code: int = 0) -> Path:
    """A system's queue that keeps what it is given, and how it was asked."""
    script = folder / "lp"
    script.write_text(f'#!/bin/sh\ncat > "{folder}/document.pdf"\necho "$@" > "{folder}/asked"\nexit {code}\n')
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    return script


def test_the_pdf_itself_is_handed_to_the_system_without_a_file(
    qtbot: QtBot, three_pages: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    printer = Chosen()
    printer.setCopyCount(2)
    assert print_out.print_out(three_pages, printer, "feuille-2026-11") == 3
    assert (tmp_path / "document.pdf").read_bytes() == three_pages
    asked = (tmp_path / "asked").read_text()
    assert "-d accueil -n 2 -t feuille-2026-11" in asked


def test_only_the_pages_asked_for_are_printed(
    qtbot: QtBot, three_pages: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    printer = Chosen()
    printer.setFromTo(2, 3)
    assert print_out.print_out(three_pages, printer, "feuille") == 2
    assert written((tmp_path / "document.pdf").read_bytes()) == ["Page écrite 2", "Page écrite 3"]


def test_a_queue_that_refuses_is_told_in_one_sentence(
    qtbot: QtBot, three_pages: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(tmp_path, 1)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(EnvironmentTrouble) as told:
        print_out.print_out(three_pages, Chosen(), "feuille")
    assert told.value.code == "IMP-201"


def test_without_a_queue_the_pages_are_drawn_and_to_a_file_they_are_written(
    qtbot: QtBot, three_pages: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    drawn, kept = QPrinter(), QPrinter()
    drawn.setOutputFileName(str(tmp_path / "drawn.pdf"))
    assert print_out.draw_on(three_pages, drawn) == 3
    assert len(PdfReader(tmp_path / "drawn.pdf").pages) == 3
    kept.setOutputFileName(str(tmp_path / "kept.pdf"))
    kept.setFromTo(1, 1)
    assert print_out.print_out(three_pages, kept, "feuille") == 1
    assert written((tmp_path / "kept.pdf").read_bytes()) == ["Page écrite 1"]


class GivesUp(QPrinter):
    """A printer that counts how often it was told to give up."""

    told = 0

    def abort(self) -> bool:
        self.told += 1
        return super().abort()


def test_a_printing_given_up_half_way_tells_the_printer(qtbot: QtBot, three_pages: bytes, tmp_path: Path) -> None:
    printer = GivesUp(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "moitié.pdf"))
    told = []

    def step(done: int, total: int) -> None:
        told.append((done, total))
        if done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        print_out.draw_on(three_pages, printer, step)
    assert told == [(0, 3), (1, 3)]
    assert printer.told == 1


def test_long_work_tells_how_far_it_is_and_nothing_comes_of_it_once_stopped(qtbot: QtBot) -> None:
    over, worker, done, told = QWidget(), Background("long"), [], []
    qtbot.addWidget(over)
    work = LongWork(over, worker)

    def job(step: Callable[[int, int], None]) -> str:
        for n in range(3):
            step(n, 3)
        return "fait"

    work.run("", job, done.append, done.append, told=lambda a, b: told.append((a, b)))
    qtbot.waitUntil(lambda: bool(done))
    assert (done, told) == (["fait"], [(0, 0), (0, 3), (1, 3), (2, 3)])
    work.run("", job, done.append, done.append, told=lambda _a, _b: work.stop())
    work.stop()
    qtbot.waitUntil(lambda: not worker.busy)
    assert done == ["fait"]
    worker.stop()
