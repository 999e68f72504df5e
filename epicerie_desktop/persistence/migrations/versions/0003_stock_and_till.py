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


def append_only(*tables):
    """Refuse to change or erase a row: a brake, not a wall, as in 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def cash():
    op.create_table('till_session',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('opened_at', instant(), nullable=False),
    sa.Column('opened_by', whole(), nullable=False),
    sa.Column('after_sale', whole(), nullable=False),
    sa.Column('float_cents', whole(), nullable=False),
    sa.Column('closed_at', instant(), nullable=True),
    sa.Column('closed_by', whole(), nullable=True),
    sa.Column('up_to_sale', whole(), nullable=True),
    sa.Column('expected_cents', whole(), nullable=True),
    sa.Column('counted_cents', whole(), nullable=True),
    sa.Column('deposit_cents', whole(), nullable=True),
    sa.Column('counts', values(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['closed_by'], ['account.id'], name=op.f('fk_till_session_closed_by_account')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_till_session_opened_by_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_till_session_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_till_session')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_till_session_post_id_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_till_session_uid')),
    sqlite_strict=True
    )
    op.create_table('cash_move',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('session_id', whole(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.Column('counts', values(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_cash_move_made_by_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_cash_move_post_id_post')),
    sa.ForeignKeyConstraint(['reverses_id'], ['cash_move.id'], name=op.f('fk_cash_move_reverses_id_cash_move')),
    sa.ForeignKeyConstraint(['session_id'], ['till_session.id'], name=op.f('fk_cash_move_session_id_till_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_move')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_cash_move_post_id_number')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_cash_move_reverses_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_cash_move_uid')),
    sqlite_strict=True
    )
    op.create_table('purse_move',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.Column('sale_id', whole(), nullable=True),
    sa.Column('cash_move_id', whole(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['cash_move_id'], ['cash_move.id'], name=op.f('fk_purse_move_cash_move_id_cash_move')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_purse_move_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_purse_move_made_by_account')),
    sa.ForeignKeyConstraint(['reverses_id'], ['purse_move.id'], name=op.f('fk_purse_move_reverses_id_purse_move')),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_purse_move_sale_id_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purse_move')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_purse_move_reverses_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_purse_move_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_purse_move_household_id'), 'purse_move', ['household_id'], unique=False)
    op.create_index(op.f('ix_purse_move_sale_id'), 'purse_move', ['sale_id'], unique=False)
    op.create_table('closing',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('begins_on', day(), nullable=False),
    sa.Column('ends_on', day(), nullable=False),
    sa.Column('after_sale', whole(), nullable=False),
    sa.Column('up_to_sale', whole(), nullable=False),
    sa.Column('tickets', whole(), nullable=False),
    sa.Column('cancelled', whole(), nullable=False),
    sa.Column('paid_cents', whole(), nullable=False),
    sa.Column('gross_cents', whole(), nullable=False),
    sa.Column('shelf_cents', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('means', values(), nullable=False),
    sa.Column('perpetual_cents', whole(), nullable=False),
    sa.Column('perpetual_gross_cents', whole(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_closing_made_by_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_closing_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing')),
    sa.UniqueConstraint('post_id', 'kind', 'number', name=op.f('uq_closing_post_id_kind_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_closing_uid')),
    sqlite_strict=True
    )
    append_only("cash_move", "purse_move", "closing")


def storeroom():
    op.create_table('repacking',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('waste_grams', whole(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('undone_at', instant(), nullable=True),
    sa.Column('undone_by', whole(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_repacking_made_by_account')),
    sa.ForeignKeyConstraint(['undone_by'], ['account.id'], name=op.f('fk_repacking_undone_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repacking')),
    sa.UniqueConstraint('uid', name=op.f('uq_repacking_uid')),
    sqlite_strict=True
    )
    op.create_table('stock_take',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('opened_at', instant(), nullable=False),
    sa.Column('opened_by', whole(), nullable=False),
    sa.Column('blind', sa.Integer(), nullable=False),
    sa.Column('closed_at', instant(), nullable=True),
    sa.Column('closed_by', whole(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['closed_by'], ['account.id'], name=op.f('fk_stock_take_closed_by_account')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_stock_take_opened_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_take')),
    sa.UniqueConstraint('uid', name=op.f('uq_stock_take_uid')),
    sqlite_strict=True
    )
    op.create_table('stock_take_line',
    sa.Column('stock_take_id', whole(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('counted_pieces', whole(), nullable=False),
    sa.Column('counted_grams', whole(), nullable=False),
    sa.Column('book_pieces', whole(), nullable=False),
    sa.Column('book_grams', whole(), nullable=False),
    sa.Column('counted_at', instant(), nullable=False),
    sa.Column('counted_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_stock_take_line_article_id_article')),
    sa.ForeignKeyConstraint(['counted_by'], ['account.id'], name=op.f('fk_stock_take_line_counted_by_account')),
    sa.ForeignKeyConstraint(['stock_take_id'], ['stock_take.id'], name=op.f('fk_stock_take_line_stock_take_id_stock_take')),
    sa.PrimaryKeyConstraint('stock_take_id', 'article_id', name=op.f('pk_stock_take_line')),
    sqlite_strict=True
    )
    op.create_table('repacking_move',
    sa.Column('repacking_id', whole(), nullable=False),
    sa.Column('move_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['move_id'], ['stock_move.id'], name=op.f('fk_repacking_move_move_id_stock_move')),
    sa.ForeignKeyConstraint(['repacking_id'], ['repacking.id'], name=op.f('fk_repacking_move_repacking_id_repacking')),
    sa.PrimaryKeyConstraint('repacking_id', 'move_id', name=op.f('pk_repacking_move')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_repacking_move_move_id'), 'repacking_move', ['move_id'], unique=False)


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


def dates_and_receptions():
    """What an arrival says of itself, the precision of dates, checks of best-before dates, what is put forward."""
    op.add_column('reception', sa.Column('driver', sa.Text(), server_default='', nullable=False))
    op.add_column('reception', sa.Column('tenths', whole(), nullable=True))
    op.add_column('reception', sa.Column('short_reason', sa.Text(), server_default='', nullable=False))
    op.add_column('lot', sa.Column('date_precision', sa.Text(), server_default='DAY', nullable=False))
    op.add_column('lot', sa.Column('frozen_on', day(), nullable=True))
    op.add_column('lot', sa.Column('financing', sa.Text(), server_default='', nullable=False))
    op.add_column('lot', sa.Column('unit_cents', whole(), nullable=True))
    op.create_table('lot_delivery',
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('ordered', whole(), nullable=True),
    sa.Column('delivered', whole(), nullable=True),
    sa.Column('damaged', whole(), nullable=True),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_lot_delivery_lot_id_lot')),
    sa.PrimaryKeyConstraint('lot_id', name=op.f('pk_lot_delivery')),
    sqlite_strict=True
    )
    op.create_table('refused_goods',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('reception_id', whole(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('pieces', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_refused_goods_article_id_article')),
    sa.ForeignKeyConstraint(['reception_id'], ['reception.id'], name=op.f('fk_refused_goods_reception_id_reception')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refused_goods')),
    sa.UniqueConstraint('uid', name=op.f('uq_refused_goods_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_refused_goods_reception_id'), 'refused_goods', ['reception_id'], unique=False)
    op.create_table('delivery_mapping',
    sa.Column('supplier_id', whole(), nullable=False),
    sa.Column('columns', values(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_delivery_mapping_changed_by_account')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_delivery_mapping_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('supplier_id', name=op.f('pk_delivery_mapping')),
    sqlite_strict=True
    )
    op.create_table('best_before_check',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('packaging', sa.Integer(), nullable=False),
    sa.Column('aspect', sa.Integer(), nullable=False),
    sa.Column('agreed_for', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_best_before_check_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_best_before_check_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_best_before_check')),
    sa.UniqueConstraint('uid', name=op.f('uq_best_before_check_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_best_before_check_lot_id_day'), 'best_before_check', ['lot_id', 'day'], unique=False)
    op.create_table('forward_item',
    sa.Column('day', day(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('double', sa.Integer(), nullable=False),
    sa.Column('cents', whole(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_forward_item_article_id_article')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_forward_item_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_forward_item_made_by_account')),
    sa.PrimaryKeyConstraint('day', 'lot_id', name=op.f('pk_forward_item')),
    sqlite_strict=True
    )
    append_only("best_before_check")


def ahead():
    """Prints of tickets, parcel types, orders prepared ahead, emergency parcels."""
    op.create_table('ticket_print',
    sa.Column('sale_id', whole(), nullable=False),
    sa.Column('n', whole(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_ticket_print_sale_id_sale')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_ticket_print_made_by_account')),
    sa.PrimaryKeyConstraint('sale_id', 'n', name=op.f('pk_ticket_print')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_table('parcel_type',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sizes', values(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_type')),
    sa.UniqueConstraint('uid', name=op.f('uq_parcel_type_uid')),
    sqlite_strict=True
    )
    op.create_table('prepared_order',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('body', values(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('closed_as', sa.Text(), nullable=True),
    sa.Column('closed_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_prepared_order_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_prepared_order_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prepared_order')),
    sa.UniqueConstraint('uid', name=op.f('uq_prepared_order_uid')),
    sqlite_strict=True
    )
    op.create_index('ix_prepared_order_household_day', 'prepared_order', ['household_id', 'day'], unique=False)
    op.create_table('emergency_parcel',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('persons', whole(), nullable=False),
    sa.Column('shelf_cents', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_emergency_parcel_post_id_post')),
    sa.ForeignKeyConstraint(['reverses_id'], ['emergency_parcel.id'], name=op.f('fk_emergency_parcel_reverses_id_emergency_parcel')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_emergency_parcel_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_parcel')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_emergency_parcel_reverses_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_emergency_parcel_uid')),
    sqlite_strict=True
    )
    op.create_index('ix_emergency_parcel_day', 'emergency_parcel', ['day'], unique=False)
    op.create_table('emergency_line',
    sa.Column('parcel_id', whole(), nullable=False),
    sa.Column('n', whole(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('family_id', whole(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('food', sa.Integer(), nullable=False),
    sa.Column('pieces', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('shelf_cents', whole(), nullable=False),
    sa.ForeignKeyConstraint(['parcel_id'], ['emergency_parcel.id'], name=op.f('fk_emergency_line_parcel_id_emergency_parcel')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_emergency_line_article_id_article')),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_emergency_line_family_id_family')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_emergency_line_lot_id_lot')),
    sa.PrimaryKeyConstraint('parcel_id', 'n', name=op.f('pk_emergency_line')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_index('ix_emergency_line_lot', 'emergency_line', ['lot_id'], unique=False)
    append_only("ticket_print", "emergency_parcel", "emergency_line")


def upgrade():
    cash()
    storeroom()
    weighing()
    recalls()
    cold_chain()
    allergens()
    dates_and_receptions()
    ahead()
