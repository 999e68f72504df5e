"""The settings of a machine: kept whole, whatever the file, and never a reason not to open the shop."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from epicerie_desktop.support import settings
from epicerie_desktop.support.settings import MachineSettings


def test_a_missing_file_gives_the_defaults_and_writes_nothing(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "settings.toml") == MachineSettings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"text_size = ", b"\xff\xfe\x00", b"language = 'fr'\nlanguage = 'en'", b"\x00" * 40]
)
def test_a_broken_file_is_set_aside_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    assert settings.load(path) == MachineSettings()
    assert not path.exists()
    assert (tmp_path / "settings.broken.toml").read_bytes() == content


def test_what_cannot_be_read_nor_moved_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "settings.broken.toml" / "x").mkdir(parents=True)
    (tmp_path / "settings.toml").mkdir()
    assert settings.load(tmp_path / "settings.toml") == MachineSettings()


def test_what_a_newer_program_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    newer = 'language = "en"\nprinter = "A4"\nmargins = [1.5, 2.0]\nsince = 2027-01-02\n[label]\nwide = true\n"à part" = ["x"]\n'
    path.write_text(newer, "utf-8")
    settings.save(replace(settings.load(path), text_size=140), path)
    assert tomllib.loads(path.read_text("utf-8")).items() >= {**tomllib.loads(newer), "text_size": 140}.items()


def test_a_setting_of_the_wrong_kind_takes_its_default_and_can_be_chosen_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('text_size = "grand"\nlanguage = 3\nscale_capacity_grams = true\n', "utf-8")
    found = settings.load(path)
    assert found == MachineSettings()
    settings.save(replace(found, text_size=120), path)
    assert settings.load(path) == replace(found, text_size=120)


def test_a_save_that_fails_leaves_the_settings_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings.save(MachineSettings(theme="contrast"), path)
    (tmp_path / "settings.partial").mkdir()
    with pytest.raises(OSError):
        settings.save(MachineSettings(theme="light"), path)
    assert settings.load(path).theme == "contrast"


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(database=st.text(), theme=st.text(), size=st.integers(-(2**62), 2**62))
def test_whatever_is_typed_comes_back(tmp_path: Path, database: str, theme: str, size: int) -> None:
    path = tmp_path / "settings.toml"
    kept = MachineSettings(database=database, theme=theme, text_size=size)
    settings.save(kept, path)
    assert settings.load(path) == kept


def test_a_path_that_is_no_text_does_not_lose_the_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings.save(MachineSettings(database="/m\udce9dia/shop.db", theme="contrast"), path)
    assert settings.load(path).theme == "contrast"
