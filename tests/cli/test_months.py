"""`epicerie month` and `epicerie sheet`: a month is closed, printed twice, and its former version is made again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pypdf
import pytest

from epicerie_desktop.services.demonstration.build import DemoFiles
from tests.cli.conftest import Run


@pytest.fixture
def at(demo_files: DemoFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """A copy of the demonstration shop: closing a month is for good."""
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    monkeypatch.setenv("EPICERIE_PASSPHRASE", secret)
    shutil.copytree(demo_files.shops[0].parent, tmp_path / "shop")
    return ("--database", tmp_path / "shop" / demo_files.shops[0].name, "--json")


def words(path: Path) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(path).pages]


def test_a_closed_month_comes_out_a_second_time_as_a_duplicate(
    epicerie: Run, at: tuple[object, ...], tmp_path: Path
) -> None:
    month = "2010-11"
    assert epicerie("month", month, *at).json["closed"] is False
    closed = epicerie("month", month, "--close", *at).json
    assert [v["version"] for v in closed["versions"]] == [1]
    assert "déjà clos" in epicerie("month", month, "--close", *at).complaint(1)
    assert "changé" in epicerie("month", month, "--amend", "rien", *at).complaint(1)
    short = closed["versions"][0]["short"]
    made = [epicerie("sheet", month, "-o", tmp_path / f"{n}.pdf", *at).json for n in range(2)]
    assert [m["sheets"][0]["duplicate"] for m in made] == [False, True]
    assert {m["sheets"][0]["closing_hash"] for m in made} == {closed["versions"][0]["hash"]}
    for n in range(2):
        for page in words(tmp_path / f"{n}.pdf"):
            assert short in page
            assert ("duplicata" in page.lower()) is bool(n)
    again = epicerie("sheet", month, "-o", tmp_path / "v.pdf", "--of-version", 1, *at).json
    assert again["version"] == 1
    assert "version 7" in epicerie("sheet", month, "-o", tmp_path / "v.pdf", "--of-version", 7, *at).complaint(
        1
    ).replace("\u00a0", " ")


def test_several_months_and_forms_make_one_file(epicerie: Run, at: tuple[object, ...], tmp_path: Path) -> None:
    made = epicerie("sheet", "2011-05", "2011-06", "-o", tmp_path / "all.pdf", "--by", "all", *at).json
    assert len(made["sheets"]) == 12
    pages = words(tmp_path / "all.pdf")
    assert made["pages"] == len(pages)
    assert all(f"Page {n} sur {len(pages)}" in page for n, page in enumerate(pages, 1))
    assert "semaine" in epicerie("sheet", "2011-05", "-o", tmp_path / "x.pdf", "--by", "semaine", *at).complaint(2)
