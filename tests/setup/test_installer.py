"""The pure parts of the set-up, and a smoke test of what it must have made possible."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("installer", PROJECT / "installer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BOOKWORM = "\n".join(
    (
        "installed\tamd64\tlibglib2.0-0\tlibgio-2.0-0",
        "installed\ti386\tlibgl1\t",
        "config-files\tamd64\tlibegl1\t",
        "installed\tall\tpython3-venv\t",
    )
)


def test_the_installer_can_be_read_by_an_old_python_so_that_it_asks_for_a_newer_one() -> None:
    ast.parse((PROJECT / "installer.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_installer_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((PROJECT / "installer.py").read_text(encoding="utf-8"))
    imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {str(n.module).split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_only_a_package_installed_for_this_architecture_counts(installer: ModuleType) -> None:
    installed = installer.installed_names(BOOKWORM, "amd64")
    assert {"libglib2.0-0", "libgio-2.0-0", "python3-venv"} <= installed
    assert "libgl1" not in installed
    assert "libegl1" not in installed


def test_a_renamed_library_is_found_under_its_new_name_or_as_provided(installer: ModuleType) -> None:
    wanted = (("libglib2.0-0", "libglib2.0-0t64"), ("libcups2", "libcups2t64"))
    listing = "installed\tamd64\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84.4-3)\ninstalled\tamd64\tlibcups2t64\t"
    assert installer.missing(wanted, installer.installed_names(listing, "amd64")) == []


def test_the_tests_need_neither_x11_nor_printing_nor_packaging(installer: ModuleType) -> None:
    wanted = {names[0] for names in installer.needs("test", "3.11", True, True)}
    assert wanted == {"libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon0"}


def test_a_window_needs_x11_and_printing_and_the_program_to_hand_out_needs_more(installer: ModuleType) -> None:
    demo = {names[0] for names in installer.needs("demo", "3.11", True, True)}
    package = {names[0] for names in installer.needs("package", "3.11", True, True)}
    assert {
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-keysyms1",
        "libxcb-shape0",
        "libxkbcommon-x11-0",
        "libcups2",
    } <= demo
    assert package - demo == {"binutils", "libpython3.11"}


def test_a_python_that_debian_did_not_install_asks_none_of_debians_own_parts(installer: ModuleType) -> None:
    wanted = [name for names in installer.needs("package", "3.11", False, False) for name in names]
    assert not [name for name in wanted if "python" in name]


def test_a_debian_python_without_its_environments_asks_for_them_first(installer: ModuleType) -> None:
    assert installer.needs("test", "3.99", False, True)[0] == ("python3.99-venv",)


def test_the_name_to_install_is_the_one_the_system_knows(installer: ModuleType) -> None:
    policy = "libcups2:\n  Installed: (none)\n  Candidate: (none)\nlibcups2t64:\n  Installed: (none)\n  Candidate: 2.4.10-3\n"
    known = installer.candidates(policy)
    assert installer.chosen([("libcups2", "libcups2t64"), ("libgl1",)], known) == ["libcups2t64", "libgl1"]


def test_the_administrator_is_given_the_whole_command(installer: ModuleType) -> None:
    sentence = installer.sentence_for_the_administrator(["python3-venv", "libgl1"], "test")
    assert "\n    apt-get install --no-install-recommends python3-venv libgl1\n" in sentence
    assert sentence.endswith("python3 installer.py test")


def test_the_persons_indexes_and_constraints_are_kept_and_detours_are_not(installer: ModuleType) -> None:
    kept = installer.clean_environment(
        {"PIP_CONSTRAINT": "c", "PIP_TARGET": "t", "PYTHONPATH": "p", "PIP_USER": "1", "HOME": "h"}
    )
    assert kept["PIP_CONSTRAINT"] == "c"
    assert kept["HOME"] == "h"
    assert kept["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PYTHONPATH"} & set(kept)


def test_an_earlier_installation_holds_until_its_extras_or_the_project_change(installer: ModuleType) -> None:
    before = installer.fingerprint(b"[project]", "/home/a/épicerie", "3.11")
    assert installer.already_installed(before + " dev package", before, frozenset({"dev"}))
    assert not installer.already_installed(before, before, frozenset({"dev"}))
    assert not installer.already_installed("", before, frozenset())
    after = installer.fingerprint(b"[project] ", "/home/a/épicerie", "3.11")
    assert not installer.already_installed(before + " dev", after, frozenset({"dev"}))


@pytest.mark.parametrize(
    ("environ", "platform", "shown"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_session_without_a_screen_is_told_apart(
    installer: ModuleType, environ: dict[str, str], platform: str, shown: bool
) -> None:
    assert installer.has_screen(environ, platform) is shown


@pytest.mark.parametrize("arguments", [[], ["inconnu"], ["package", "--fast"]])
def test_wrong_arguments_are_refused_before_anything_is_touched(arguments: list[str]) -> None:
    answer = subprocess.run([sys.executable, PROJECT / "installer.py", *arguments], capture_output=True, check=False)
    assert answer.returncode == 2


def test_the_windows_library_loads_in_this_environment() -> None:
    answer = subprocess.run([sys.executable, "-c", "import PySide6.QtWidgets"], capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr.decode()


def test_the_program_lies_where_python_finds_it() -> None:
    import epicerie_desktop

    assert epicerie_desktop.__version__
