"""What the stock moves, what the till is paid with, what an article weighs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def whole():
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def uid():
    return sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")


def instant():
    return sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def day():
    return sa.Text().with_variant(sa.Date(), "postgresql")


def values():
    return sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def refer(table, column, to):
    """Add a column that refers to another table: SQLite takes the constraint only inside the column."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column}_{to} REFERENCES {to} (id)")


def append_only(*tables):
    """Refuse to change or erase a row: a brake, not a wall, as in 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def upgrade():
    """One function per area of the house."""
    shelves()


def shelves():
    op.create_table(
        "shelf",
        sa.Column("id", whole(), nullable=False),
        sa.Column("uid", uid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", whole(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf")),
        sa.UniqueConstraint("uid", name=op.f("uq_shelf_uid")),
        sqlite_strict=True,
    )
    op.create_table(
        "shelf_place",
        sa.Column("article_id", whole(), nullable=False),
        sa.Column("shelf_id", whole(), nullable=False),
        sa.Column("place", whole(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_shelf_place_article_id_article")),
        sa.ForeignKeyConstraint(["shelf_id"], ["shelf.id"], name=op.f("fk_shelf_place_shelf_id_shelf")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_shelf_place")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_shelf_place_shelf_id"), "shelf_place", ["shelf_id"])
