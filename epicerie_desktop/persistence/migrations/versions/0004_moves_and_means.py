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
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column}_{to} REFERENCES {to} (id)"
    )


def append_only(*tables):
    """Refuse to change or erase a row: a brake, not a wall, as in 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def reorder():
    """How much of an article or a family there should be."""
    op.create_table('stock_minimum',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('article_id', whole(), nullable=True),
    sa.Column('family_id', whole(), nullable=True),
    sa.Column('counted_by', sa.Text(), nullable=False),
    sa.Column('weeks', whole(), nullable=False),
    sa.Column('least', whole(), nullable=False),
    sa.Column('pack', whole(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=True),
    sa.Column('supplier_id', whole(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.CheckConstraint('(article_id IS NULL) <> (family_id IS NULL)', name=op.f('ck_stock_minimum_one_kind')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_stock_minimum_article_id_article')),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_stock_minimum_family_id_family')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_stock_minimum_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_minimum')),
    sa.UniqueConstraint('uid', name=op.f('uq_stock_minimum_uid')),
    sa.UniqueConstraint('article_id', name=op.f('uq_stock_minimum_article_id')),
    sa.UniqueConstraint('family_id', name=op.f('uq_stock_minimum_family_id')),
    sqlite_strict=True
    )


def piece_weights():
    op.add_column("family", sa.Column("piece_grams", whole(), nullable=True))
    op.add_column("article", sa.Column("learned_grams", whole(), nullable=True))
    op.add_column("article", sa.Column("learned_over", whole(), nullable=True))
    op.add_column("article", sa.Column("learned_since", day(), nullable=True))


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


def means_of_payment():
    op.add_column("payment", sa.Column("reference", sa.Text(), nullable=False, server_default=""))
    refer("cash_move", "fee_id", "fee_paid")
    op.create_index("ix_cash_move_fee_id", "cash_move", ["fee_id"], unique=False,
                    sqlite_where=sa.text("fee_id IS NOT NULL"), postgresql_where=sa.text("fee_id IS NOT NULL"))


def moves():
    """Places of the shop, slips of what leaves, what a loss was worth."""
    op.add_column('lot', sa.Column('place', sa.Text(), server_default='SHELF', nullable=False))
    op.add_column('stock_move', sa.Column('value_cents', whole(), nullable=True))
    refer('stock_move', 'pair_id', 'stock_move')
    op.create_index('ix_stock_move_pair', 'stock_move', ['pair_id'], unique=False,
                    sqlite_where=sa.text('pair_id IS NOT NULL'), postgresql_where=sa.text('pair_id IS NOT NULL'))
    op.create_table('goods_slip',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('partner', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_goods_slip_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods_slip')),
    sa.UniqueConstraint('uid', name=op.f('uq_goods_slip_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_goods_slip_day_kind'), 'goods_slip', ['day', 'kind'], unique=False)
    op.create_table('goods_slip_line',
    sa.Column('move_id', whole(), nullable=False),
    sa.Column('slip_id', whole(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('tenths', whole(), nullable=True),
    sa.ForeignKeyConstraint(['move_id'], ['stock_move.id'], name=op.f('fk_goods_slip_line_move_id_stock_move')),
    sa.ForeignKeyConstraint(['slip_id'], ['goods_slip.id'], name=op.f('fk_goods_slip_line_slip_id_goods_slip')),
    sa.PrimaryKeyConstraint('move_id', name=op.f('pk_goods_slip_line')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_goods_slip_line_slip_id'), 'goods_slip_line', ['slip_id'], unique=False)
    append_only('goods_slip_line')


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
    reorder()
    piece_weights()
    shelves()
    means_of_payment()
    moves()
    payment_slips()
    months()
    paper_mornings()
    household_papers()
