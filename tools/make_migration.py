"""Print the body of a first migration for the present tables; the result is then a file of its own, edited by hand."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from epicerie_desktop.persistence import types
from epicerie_desktop.persistence.models import Base, load_all

load_all()

NAMES = {
    types.Uid: "uid()", types.UtcInstant: "instant()", types.Day: "day()", types.Json: "values()",
    types.Flag: "sa.Integer()", types.Choice: "sa.Text()",
}  # fmt: skip


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Return the plain name of a column type, so that a migration imports nothing of the program."""
    if kind == "type":
        for found, name in NAMES.items():
            if isinstance(item, found):
                return name
        if type(item).__name__ == "BigInteger":
            return "whole()"
    return False


if __name__ == "__main__":
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"target_metadata": Base.metadata, "render_item": render_item, "sqlalchemy_module_prefix": "sa."},
        )
        found = produce_migrations(context, Base.metadata)
        assert found.upgrade_ops is not None
        print(render_python_code(found.upgrade_ops, render_item=render_item))
