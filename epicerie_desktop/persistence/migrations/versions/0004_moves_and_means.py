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


def months():
    op.create_table('month_closing',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changes', values(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_month_closing_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_month_closing')),
    sa.UniqueConstraint('month', 'version', name=op.f('uq_month_closing_month_version')),
    sa.UniqueConstraint('number', name=op.f('uq_month_closing_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_month_closing_uid')),
    sqlite_strict=True
    )
    append_only("month_closing")


def paper_mornings():
    op.create_table('paper_sheet',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('households', values(), nullable=False),
    sa.Column('families', values(), nullable=False),
    sa.Column('printed_at', instant(), nullable=False),
    sa.Column('printed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['printed_by'], ['account.id'], name=op.f('fk_paper_sheet_printed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheet')),
    sa.UniqueConstraint('number', name=op.f('uq_paper_sheet_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_paper_sheet_uid')),
    sqlite_strict=True
    )


def household_papers():
    op.add_column('household', sa.Column('language', sa.Text(), server_default='fr', nullable=False))


def upgrade():
    """One function per area of the house."""
    months()
    paper_mornings()
    household_papers()
