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


def recalls():
    """Product recalls, and the lots set aside."""
    op.create_table('recall_import',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('sheets', whole(), nullable=False),
    sa.Column('latest_on', day(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_recall_import_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_import')),
    sa.UniqueConstraint('uid', name=op.f('uq_recall_import_uid')),
    sqlite_strict=True
    )
    op.create_table('recall',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('edition', whole(), nullable=False),
    sa.Column('brand', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('risks', sa.Text(), nullable=False),
    sa.Column('advice', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('published_on', day(), nullable=True),
    sa.Column('sold_from', day(), nullable=True),
    sa.Column('sold_until', day(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall')),
    sa.UniqueConstraint('number', name=op.f('uq_recall_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_recall_uid')),
    sqlite_strict=True
    )
    op.create_table('recall_product',
    sa.Column('recall_id', whole(), nullable=False),
    sa.Column('n', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('lot', sa.Text(), nullable=False),
    sa.Column('all_lots', sa.Integer(), nullable=False),
    sa.Column('date_kind', sa.Text(), nullable=True),
    sa.Column('first_on', day(), nullable=True),
    sa.Column('last_on', day(), nullable=True),
    sa.ForeignKeyConstraint(['recall_id'], ['recall.id'], name=op.f('fk_recall_product_recall_id_recall')),
    sa.PrimaryKeyConstraint('recall_id', 'n', name=op.f('pk_recall_product')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_recall_product_code'), 'recall_product', ['code'], unique=False)
    op.create_table('quarantine',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('recall_id', whole(), nullable=True),
    sa.Column('certainty', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('lifted_at', instant(), nullable=True),
    sa.Column('lifted_by', whole(), nullable=True),
    sa.Column('lifted_for', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['lifted_by'], ['account.id'], name=op.f('fk_quarantine_lifted_by_account')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_quarantine_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_quarantine_made_by_account')),
    sa.ForeignKeyConstraint(['recall_id'], ['recall.id'], name=op.f('fk_quarantine_recall_id_recall')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('uid', name=op.f('uq_quarantine_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_quarantine_lot_id'), 'quarantine', ['lot_id'], unique=False)
    op.create_index('ix_quarantine_open', 'quarantine', ['lot_id'], unique=False, sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))
    op.create_table('recall_drill',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('seconds', whole(), nullable=False),
    sa.Column('certain', whole(), nullable=False),
    sa.Column('possible', whole(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_recall_drill_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_recall_drill_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_drill')),
    sa.UniqueConstraint('uid', name=op.f('uq_recall_drill_uid')),
    sqlite_strict=True
    )


def cold_chain():
    """Cold units, their readings, the end of a day."""
    op.create_table('cold_unit',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('contents', values(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cold_unit')),
    sa.UniqueConstraint('uid', name=op.f('uq_cold_unit_uid')),
    sqlite_strict=True
    )
    op.create_table('cold_reading',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('unit_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('tenths', whole(), nullable=False),
    sa.Column('least', whole(), nullable=True),
    sa.Column('most', whole(), nullable=True),
    sa.Column('action', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_cold_reading_made_by_account')),
    sa.ForeignKeyConstraint(['unit_id'], ['cold_unit.id'], name=op.f('fk_cold_reading_unit_id_cold_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cold_reading')),
    sa.UniqueConstraint('uid', name=op.f('uq_cold_reading_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_cold_reading_day'), 'cold_reading', ['day'], unique=False)
    op.create_index(op.f('ix_cold_reading_unit_id_day'), 'cold_reading', ['unit_id', 'day'], unique=False)
    op.create_table('day_end',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('dates_checked', sa.Integer(), nullable=False),
    sa.Column('cash_counted', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('seen_at', instant(), nullable=True),
    sa.Column('seen_by', whole(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_day_end_made_by_account')),
    sa.ForeignKeyConstraint(['seen_by'], ['account.id'], name=op.f('fk_day_end_seen_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_end')),
    sa.UniqueConstraint('uid', name=op.f('uq_day_end_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_day_end_day'), 'day_end', ['day'], unique=False)


def allergens():
    """What is known of the fourteen allergens, article by article."""
    op.create_table('article_allergen',
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('allergen', sa.Text(), nullable=False),
    sa.Column('presence', sa.Text(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_allergen_article_id_article')),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_article_allergen_changed_by_account')),
    sa.PrimaryKeyConstraint('article_id', 'allergen', name=op.f('pk_article_allergen')),
    sqlite_strict=True
    )


def upgrade():
    recalls()
    cold_chain()
    allergens()
