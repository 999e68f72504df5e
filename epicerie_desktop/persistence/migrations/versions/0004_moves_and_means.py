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
    payment_slips()


def payment_slips():
    """What a régie pays to its accountant: one row a payment, each beginning where the one before ends."""
    op.create_table('payment_slip',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('after_sale', whole(), nullable=False),
    sa.Column('up_to_sale', whole(), nullable=False),
    sa.Column('after_move', whole(), nullable=False),
    sa.Column('up_to_move', whole(), nullable=False),
    sa.Column('tickets', whole(), nullable=False),
    sa.Column('cancelled', whole(), nullable=False),
    sa.Column('means', values(), nullable=False),
    sa.Column('ahead_cents', whole(), nullable=False),
    sa.Column('total_cents', whole(), nullable=False),
    sa.Column('counts', values(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_payment_slip_made_by_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_payment_slip_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_slip')),
    sa.UniqueConstraint('post_id', 'after_sale', 'after_move', name=op.f('uq_payment_slip_post_id_after_sale_after_move')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_payment_slip_post_id_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_payment_slip_uid')),
    sqlite_strict=True
    )
    append_only("payment_slip")
