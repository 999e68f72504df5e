"""Work on the stock, weighing and the till."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


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


def weighing():
    op.create_table('weighing_scale',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('make', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('serial', sa.Text(), nullable=False),
    sa.Column('accuracy_class', sa.Text(), nullable=False),
    sa.Column('capacity_grams', whole(), nullable=False),
    sa.Column('minimum_grams', whole(), nullable=False),
    sa.Column('division_grams', whole(), nullable=False),
    sa.Column('since', day(), nullable=False),
    sa.Column('retired_on', day(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_weighing_scale_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weighing_scale')),
    sa.UniqueConstraint('uid', name=op.f('uq_weighing_scale_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_weighing_scale_post_id'), 'weighing_scale', ['post_id'], unique=False)
    op.create_table('scale_check',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('scale_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('next_on', day(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_scale_check_made_by_account')),
    sa.ForeignKeyConstraint(['scale_id'], ['weighing_scale.id'], name=op.f('fk_scale_check_scale_id_weighing_scale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scale_check')),
    sa.UniqueConstraint('uid', name=op.f('uq_scale_check_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_scale_check_scale_id_day'), 'scale_check', ['scale_id', 'day'], unique=False)
    op.create_table('label_layout',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('pattern', sa.Text(), nullable=False),
    sa.Column('step', whole(), nullable=False),
    sa.Column('unit_price_cents_per_kg', whole(), nullable=True),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_layout')),
    sa.UniqueConstraint('uid', name=op.f('uq_label_layout_uid')),
    sqlite_strict=True
    )
    op.add_column('sale_line', sa.Column('gross_grams', whole(), nullable=True))
    refer('sale_line', 'scale_id', 'weighing_scale')
    op.add_column('stock_move', sa.Column('weight_source', sa.Text(), nullable=True))
    op.add_column('stock_move', sa.Column('gross_grams', whole(), nullable=True))
    op.add_column('stock_move', sa.Column('tare_grams', whole(), nullable=True))
    refer('stock_move', 'scale_id', 'weighing_scale')


def upgrade():
    weighing()
