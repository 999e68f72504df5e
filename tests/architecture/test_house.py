"""The rooms of the house: who may know whom, how long a file is, what a start may not load."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import PASSPHRASE

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "epicerie_desktop"
HEAVY = ("alembic", "reportlab", "pyrage", "serial", "biip", "segno", "pypdfium2")
LONGEST = 600
MIGRATIONS = PACKAGE / "persistence" / "migrations" / "versions"
WRITTEN_ONCE = {MIGRATIONS / "0003_stock_and_till.py"}
"""A migration that has run is never edited: too long when it was written, it stays so. No other file may be added for its length."""


def ran(code: str, *, home: Path, **more: str) -> str:
    """Run Python code in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EPICERIE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", **more},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_contracts_between_rooms_are_kept(tmp_path: Path) -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; lint_imports_command()"
    assert "0 broken" in ran(code, home=tmp_path, NO_COLOR="1", PYTHONUTF8="1")


def test_the_contracts_are_not_blind(tmp_path: Path) -> None:
    """The control: a room that looks where it may not is caught by the same contracts, on a copy of the house."""
    shutil.copytree(PACKAGE, tmp_path / "epicerie_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    faults = {
        "domain/units.py": "import epicerie_desktop.services.till.sell",
        "cli/decode.py": "import PySide6.QtCore",
        "exchange/stick.py": "import epicerie_desktop.persistence.vault",
        "ui/trouble.py": "import epicerie_desktop.printing.style",
        "printing/head.py": "import sqlalchemy",
    }
    for place, fault in faults.items():
        file = tmp_path / "epicerie_desktop" / place
        file.write_text(file.read_text("utf-8") + f"\n{fault}\n", "utf-8")
    code = "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1", "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode != 0
    assert "0 kept" not in done.stdout
    for name in ("Les étages", "Qt reste", "SQL reste", "Les fenêtres passent"):
        assert f"{name}" in "".join(line for line in done.stdout.splitlines(keepends=True) if "BROKEN" in line), name


def test_no_file_of_the_program_is_a_monster() -> None:
    lengths = {p: len(p.read_text("utf-8").splitlines()) for p in PACKAGE.rglob("*.py")}
    assert len(lengths) > 100
    assert {p for p, n in lengths.items() if n > LONGEST} == WRITTEN_ONCE


def test_no_sentence_is_translated_before_its_language_is_chosen() -> None:
    """`_()` at import keeps the language of the start; `_(f"…")` is a sentence no translator ever saw."""
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        inside = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.Lambda) for n in ast.walk(f)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "gettext", "ngettext", "N_")
            ):
                at_import = id(node) not in inside and node.func.id != "N_"
                if at_import or any(isinstance(a, ast.JoinedStr) for a in node.args):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


NOT_BEFORE_THE_WINDOW = (
    "domain.decisions", "domain.eligibility", "domain.labels", "domain.recalls", "exchange", "hardware", "printing",
    "persistence.models.ahead", "persistence.models.goods", "persistence.models.households",
    "persistence.models.receptions", "persistence.models.rights", "persistence.models.support",
    "persistence.models.till", "persistence.models.weighing", "services.queries", "services.rights", "services.safety.day_end",
    "services.stock", "services.till", "ui.households", "ui.papers", "ui.stock", "ui.till.screen", "ui.till.ticket",
    "ui.till.wording",
)  # fmt: skip
"""What the first reading brings, or another screen: the window is there and takes a key without."""

LOADED = "import sys, json; print('LOADED ' + json.dumps(sorted({m.split('.')[0] for m in list(sys.modules)})))"


def loaded(told: str) -> set[str]:
    return set(
        json.loads(next(line for line in told.splitlines() if line.startswith("LOADED ")).removeprefix("LOADED "))
    )


def _left_behind(source: str) -> list[int]:
    """Return the lines where a question is asked and its window kept, hidden, with the keyboard it had."""
    found = []
    for body in ast.walk(ast.parse(source)):
        if isinstance(body, ast.FunctionDef):
            called = {
                n.func.attr: n.lineno
                for n in ast.walk(body)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and not _is_loop(n.func.value)
            }
            if "exec" in called and "deleteLater" not in called:
                found.append(called["exec"])
    return found


def _is_loop(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "loop"


def test_a_question_is_taken_apart_once_it_is_answered() -> None:
    kept = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in sorted((PACKAGE / "ui").rglob("*.py"))
        for line in _left_behind(file.read_text("utf-8"))
    ]
    assert kept == [], "ask by `accepted`"
    assert _left_behind("def ask(dialog):\n    return dialog.exec()\n") == [2], "the control"


def test_the_help_of_the_command_line_loads_no_heavy_library(tmp_path: Path) -> None:
    code = f"from epicerie_desktop.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n{LOADED}"
    found = loaded(ran(code, home=tmp_path))
    assert not found & {*HEAVY, "PySide6"}
    assert "sqlalchemy" in found, "the control: what is loaded is seen"


WINDOW = """
from pathlib import Path
from PySide6.QtWidgets import QApplication
from epicerie_desktop import app
from epicerie_desktop.services import opening
from epicerie_desktop.support.settings import MachineSettings
application = QApplication([])
desk = opening.open_desk(Path({database!r}), {secret!r})
window = app.build_window(desk, MachineSettings())
window.show()
application.processEvents()
"""


def test_opening_the_window_loads_no_heavy_library(shop_file: Path, tmp_path: Path) -> None:
    code = WINDOW.format(database=str(shop_file), secret=PASSPHRASE) + LOADED + "\nwindow.close()\ndesk.db.close()\n"
    found = loaded(ran(code, home=tmp_path))
    assert not found & set(HEAVY)
    assert {"PySide6", "sqlcipher3"} <= found


FIRST_READING = """
import sys, time
def ours():
    return sorted(m.removeprefix('epicerie_desktop.') for m in list(sys.modules) if m.startswith('epicerie_desktop.'))
before = ours()
deadline = time.monotonic() + 60
while not window.current.today.summary.text() and time.monotonic() < deadline:
    application.processEvents()
import json
print('LOADED ' + json.dumps([before, ours()]))
window.close()
desk.db.close()
"""


def test_the_window_is_built_without_what_it_does_not_yet_show(shop_file: Path, tmp_path: Path) -> None:
    """Of our own: neither the tables of the counter nor its queries, nor what other screens need."""
    shown = "window.show()\n"
    built, _, _ = WINDOW.format(database=str(shop_file), secret=PASSPHRASE).partition(shown)
    code = built + FIRST_READING.replace("deadline", shown + "deadline", 1)
    told = ran(code, home=tmp_path)
    before, after = json.loads(told.split("LOADED ", 1)[1])
    early = [m for m in before for room in NOT_BEFORE_THE_WINDOW if m == room or m.startswith(f"{room}.")]
    assert early == []
    assert {"services.queries.counter", "persistence.models.goods"} <= set(after), "the control: a reading brings them"


EMIT = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rang = Signal(bool)
    changed = Signal(object)
application = QCoreApplication([])
bell = Bell()
heard = []
bell.rang.connect(heard.append)
before = sys.getrefcount(True)
for _ in range(10_000):
    bell.rang.emit(True)
    bell.changed.emit(True)
heard.clear()
print(sys.getrefcount(True) - before)
"""


def test_a_signal_loses_no_reference_to_true(tmp_path: Path) -> None:
    """PySide6 6.12.0 on Python 3.11 lost one at each `emit` and the program stopped after some hundreds."""
    assert abs(int(ran(EMIT, home=tmp_path))) < 100
