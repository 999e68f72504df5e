"""Tables declared at once refer to none of those declared later; each room may be the first one named; all of them make the schema."""

from __future__ import annotations

import subprocess
import sys

import pytest

from epicerie_desktop.persistence import models

CHECK = """
from epicerie_desktop.persistence import models
{first}
for table in models.Base.metadata.tables.values():
    for key in table.foreign_keys:
        assert key.column is not None, key
print(len(models.Base.metadata.tables))
"""


@pytest.mark.parametrize("room", ["", *models._LATER])
def test_whatever_is_named_first_every_reference_is_declared(room: str) -> None:
    first = f"models.{models._LATER[room][0]}" if room else ""
    done = subprocess.run(
        [sys.executable, "-c", CHECK.format(first=first)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    models.load_all()
    assert 0 < int(done.stdout) < len(models.Base.metadata.tables)


def test_each_table_is_named_once_and_found() -> None:
    models.load_all()
    declared = {m.class_.__name__ for m in models.Base.registry.mappers}
    assert declared == set(models.__all__) - {"Base", "load_all"}
    for name in models.__all__:
        assert getattr(models, name) is not None
    with pytest.raises(AttributeError):
        _ = models.Nothing
