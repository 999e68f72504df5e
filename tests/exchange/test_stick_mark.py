"""The small file that numbers a stick and says what it is for."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epicerie_desktop.exchange.stick import identify
from epicerie_desktop.exchange.stick_mark import (
    MARK_NAME,
    Mark,
    StickUse,
    mark_text,
    new_mark,
    read_mark,
    uses_of_names,
)


def write(folder: Path, content: bytes) -> None:
    (folder / MARK_NAME).write_bytes(content)


@pytest.mark.parametrize("use", StickUse)
def test_a_mark_is_read_back_even_where_an_editor_changed_its_ends_of_lines(tmp_path: Path, use: StickUse) -> None:
    mark = new_mark(use)
    for text in (mark_text(mark), mark_text(mark).replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + mark_text(mark)):
        write(tmp_path, text)
        assert read_mark(tmp_path) == mark
    assert new_mark(use).number != mark.number


@given(junk=st.binary(max_size=300))
def test_a_damaged_mark_is_no_mark_and_no_failure(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    write(folder, junk)
    found = read_mark(folder)
    assert found is None or isinstance(found, Mark)
    write(folder, mark_text(Mark("0" * 16, StickUse.BACKUP))[: len(junk) // 2])
    assert read_mark(folder) is None


def test_a_folder_or_a_pipe_of_that_name_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / MARK_NAME).mkdir()
    assert read_mark(tmp_path) is None
    if sys.platform != "win32":
        (tmp_path / MARK_NAME).rmdir()
        os.mkfifo(tmp_path / MARK_NAME)
        assert read_mark(tmp_path) is None


def test_files_say_what_a_stick_carries() -> None:
    assert uses_of_names(["photo.jpg", MARK_NAME, "epic", "notes.epicerie"]) == frozenset()
    for name in ("export-SFL-A-00001-20260101.EPIC", "contrat-0042-SF01.epic-contrat", "accuse-SF01-A.epic-recu"):
        assert uses_of_names([name]) == {StickUse.TRANSPORT}
    assert uses_of_names(["shop-20260101-101010.db", "shop-20260101-101010.keys.json"]) == {StickUse.BACKUP}


def test_a_stick_that_has_just_received_its_mark_is_still_the_one_chosen(tmp_path: Path) -> None:
    before = identify(tmp_path)
    marked = replace(before, mark="0123456789abcdef")
    assert before.is_still(before)
    assert marked.is_still(before)
    assert not marked.is_still(replace(before, mark="fedcba9876543210"))
    assert not before.is_still(marked)
    assert not replace(marked, total=1).is_still(before)
