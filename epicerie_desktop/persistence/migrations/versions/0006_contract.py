"""The contract: what joins its shops, what parcels and receipts tell, its axes and actions, its balances."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


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


def append_only(*tables):
    """Refuse to change or erase a row: a brake, not a wall, as in 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def joining():
    """What the coordinator's file brings a shop, and the keys that were replaced."""
    for column in (
        sa.Column("spare_recipient", sa.Text(), nullable=False, server_default=""),
        sa.Column("counting_key", sa.LargeBinary(), nullable=True),
        sa.Column("terms", values(), nullable=False, server_default="{}"),
        sa.Column("edition", whole(), nullable=False, server_default="1"),
        sa.Column("same_person", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("left_on", day(), nullable=True),
    ):
        op.add_column("contract", column)
    op.create_table('contract_key',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('verify_key', sa.LargeBinary(), nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('signing_key', sa.LargeBinary(), nullable=False),
    sa.Column('replaced_at', instant(), nullable=False),
    sa.Column('replaced_by', whole(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('vouches', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_key_contract_id_contract')),
    sa.ForeignKeyConstraint(['replaced_by'], ['account.id'], name=op.f('fk_contract_key_replaced_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_key')),
    sa.UniqueConstraint('uid', name=op.f('uq_contract_key_uid')),
    sqlite_strict=True
    )
    append_only("contract_key")


def parcels():
    """Posts and their keys, receipts, and what a parcel told besides its months."""
    for column in (
        sa.Column("joined_on", day(), nullable=True),
        sa.Column("left_on", day(), nullable=True),
        sa.Column("left_reason", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("site", column)
    for column in (
        sa.Column("prev", sa.LargeBinary(), nullable=False, server_default=sa.text(empty_bytes())),
        sa.Column("body_version", whole(), nullable=False, server_default="1"),
        sa.Column("size", whole(), nullable=False, server_default="0"),
        sa.Column("journal_head", sa.Text(), nullable=False, server_default=""),
        sa.Column("journal_months", values(), nullable=False, server_default="{}"),
        sa.Column("warnings", values(), nullable=False, server_default="[]"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("counting_key", sa.Text(), nullable=True),
    ):
        op.add_column("parcel_received", column)
    op.create_table('receipt_read',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('post', whole(), nullable=False),
    sa.Column('generation', uid(), nullable=False),
    sa.Column('seq', whole(), nullable=False),
    sa.Column('parcel', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', instant(), nullable=False),
    sa.Column('months', values(), nullable=False),
    sa.Column('read_at', instant(), nullable=False),
    sa.Column('read_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_receipt_read_contract_id_contract')),
    sa.ForeignKeyConstraint(['read_by'], ['account.id'], name=op.f('fk_receipt_read_read_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt_read')),
    sa.UniqueConstraint('contract_id', 'digest', name=op.f('uq_receipt_read_contract_id_digest')),
    sa.UniqueConstraint('uid', name=op.f('uq_receipt_read_uid')),
    sqlite_strict=True
    )
    op.create_table('site_post',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('site_id', whole(), nullable=False),
    sa.Column('post', whole(), nullable=False),
    sa.Column('verify_key', sa.LargeBinary(), nullable=False),
    sa.Column('first_at', instant(), nullable=False),
    sa.Column('confirmed_at', instant(), nullable=True),
    sa.Column('confirmed_by', whole(), nullable=True),
    sa.Column('revoked_at', instant(), nullable=True),
    sa.Column('revoked_by', whole(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by'], ['account.id'], name=op.f('fk_site_post_confirmed_by_account')),
    sa.ForeignKeyConstraint(['revoked_by'], ['account.id'], name=op.f('fk_site_post_revoked_by_account')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_post_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_post')),
    sa.UniqueConstraint('uid', name=op.f('uq_site_post_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_site_post_site_id_post'), 'site_post', ['site_id', 'post'], unique=False)
    carry_keys()
    op.drop_column("site", "verify_key")


def empty_bytes():
    return "''::bytea" if op.get_bind().dialect.name == "postgresql" else "X''"


def carry_keys():
    """Give each post of a shop the key the shop was known by: until now all its posts signed with the same one."""
    born = "gen_random_uuid()" if op.get_bind().dialect.name == "postgresql" else "randomblob(16)"
    op.execute(
        "INSERT INTO site_post (uid, site_id, post, verify_key, first_at, reason) "
        f"SELECT {born}, s.id, p.post, s.verify_key, min(p.imported_at), '' FROM site s "
        "JOIN parcel_received p ON p.site_id = s.id WHERE s.verify_key IS NOT NULL GROUP BY s.id, p.post, s.verify_key"
    )


def doubles():
    """What tells that two shops know the same household, and what was found so."""
    op.create_table('household_key',
    sa.Column('site_id', whole(), nullable=False),
    sa.Column('post', whole(), nullable=False),
    sa.Column('household', sa.Text(), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('means', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_household_key_contract_id_contract')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_household_key_site_id_site')),
    sa.PrimaryKeyConstraint('site_id', 'post', 'household', 'value', name=op.f('pk_household_key')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_household_key_contract_id_value'), 'household_key', ['contract_id', 'value'], unique=False)
    op.create_table('household_double',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('first', sa.Text(), nullable=False),
    sa.Column('second', sa.Text(), nullable=False),
    sa.Column('means', sa.Text(), nullable=False),
    sa.Column('found_at', instant(), nullable=False),
    sa.Column('parcel_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_household_double_contract_id_contract')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel_received.id'], name=op.f('fk_household_double_parcel_id_parcel_received')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_double')),
    sa.UniqueConstraint('contract_id', 'first', 'second', name=op.f('uq_household_double_contract_id_first_second')),
    sa.UniqueConstraint('uid', name=op.f('uq_household_double_uid')),
    sqlite_strict=True
    )


def contract():
    """Axes, actions, indicators, values, funding."""
    op.create_table('axis',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('position', whole(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_axis_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_axis')),
    sa.UniqueConstraint('contract_id', 'code', name=op.f('uq_axis_contract_id_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_axis_uid')),
    sqlite_strict=True
    )
    op.create_table('contract_action',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('axis_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('pilot', sa.Text(), nullable=False),
    sa.Column('partners', values(), nullable=False),
    sa.Column('position', whole(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['axis_id'], ['axis.id'], name=op.f('fk_contract_action_axis_id_axis')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_action_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_action')),
    sa.UniqueConstraint('contract_id', 'code', name=op.f('uq_contract_action_contract_id_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_contract_action_uid')),
    sqlite_strict=True
    )
    op.create_table('action_status',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('action_id', whole(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('since', day(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['contract_action.id'], name=op.f('fk_action_status_action_id_contract_action')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_action_status_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_status')),
    sa.UniqueConstraint('uid', name=op.f('uq_action_status_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_action_status_action_id_since'), 'action_status', ['action_id', 'since'], unique=False)
    op.create_table('indicator',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('action_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('unit_name', sa.Text(), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('target', whole(), nullable=True),
    sa.Column('headline', sa.Integer(), nullable=False),
    sa.Column('position', whole(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['contract_action.id'], name=op.f('fk_indicator_action_id_contract_action')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_indicator_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('contract_id', 'code', name=op.f('uq_indicator_contract_id_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_indicator_uid')),
    sqlite_strict=True
    )
    op.create_table('value_mapping',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('headings', sa.Text(), nullable=False),
    sa.Column('mapping', values(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_value_mapping_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_value_mapping')),
    sa.UniqueConstraint('contract_id', 'headings', name=op.f('uq_value_mapping_contract_id_headings')),
    sa.UniqueConstraint('uid', name=op.f('uq_value_mapping_uid')),
    sqlite_strict=True
    )
    op.create_table('value_import',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('mapping', values(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_value_import_contract_id_contract')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_value_import_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_value_import')),
    sa.UniqueConstraint('contract_id', 'digest', name=op.f('uq_value_import_contract_id_digest')),
    sa.UniqueConstraint('uid', name=op.f('uq_value_import_uid')),
    sqlite_strict=True
    )
    op.create_table('indicator_value',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('indicator_id', whole(), nullable=False),
    sa.Column('site_id', whole(), nullable=True),
    sa.Column('first_month', sa.Text(), nullable=False),
    sa.Column('last_month', sa.Text(), nullable=False),
    sa.Column('value', whole(), nullable=True),
    sa.Column('as_of', day(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('replaces_id', whole(), nullable=True),
    sa.Column('import_id', whole(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['value_import.id'], name=op.f('fk_indicator_value_import_id_value_import')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_indicator_value_indicator_id_indicator')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_indicator_value_made_by_account')),
    sa.ForeignKeyConstraint(['replaces_id'], ['indicator_value.id'], name=op.f('fk_indicator_value_replaces_id_indicator_value')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_indicator_value_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_value')),
    sa.UniqueConstraint('uid', name=op.f('uq_indicator_value_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_indicator_value_indicator_id_first_month'), 'indicator_value', ['indicator_id', 'first_month'], unique=False)
    op.create_table('funder',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_funder_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funder')),
    sa.UniqueConstraint('contract_id', 'name', name=op.f('uq_funder_contract_id_name')),
    sa.UniqueConstraint('uid', name=op.f('uq_funder_uid')),
    sqlite_strict=True
    )
    op.create_table('funding_line',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('funder_id', whole(), nullable=False),
    sa.Column('action_id', whole(), nullable=True),
    sa.Column('year', whole(), nullable=False),
    sa.Column('planned_cents', whole(), nullable=False),
    sa.Column('paid_cents', whole(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['contract_action.id'], name=op.f('fk_funding_line_action_id_contract_action')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_funding_line_contract_id_contract')),
    sa.ForeignKeyConstraint(['funder_id'], ['funder.id'], name=op.f('fk_funding_line_funder_id_funder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funding_line')),
    sa.UniqueConstraint('uid', name=op.f('uq_funding_line_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_funding_line_contract_id_year'), 'funding_line', ['contract_id', 'year'], unique=False)
    append_only("action_status", "indicator_value", "value_import")


def balances():
    """Balances frozen with a date and a scope."""
    op.create_table('contract_balance',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('as_of', day(), nullable=False),
    sa.Column('first_month', sa.Text(), nullable=False),
    sa.Column('last_month', sa.Text(), nullable=False),
    sa.Column('record', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_balance_contract_id_contract')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_contract_balance_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_balance')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_contract_balance_contract_id_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_contract_balance_uid')),
    sqlite_strict=True
    )
    append_only("contract_balance")


def purge():
    """Files kept for a reason, and those whose names went."""
    for column in (
        sa.Column("held_until", day(), nullable=True),
        sa.Column("held_for", sa.Text(), nullable=False, server_default=""),
        sa.Column("purged_on", day(), nullable=True),
    ):
        op.add_column("household", column)
    op.add_column("person", sa.Column("age_band", sa.Text(), nullable=False, server_default=""))


def upgrade():
    """One function per area of the house."""
    joining()
    parcels()
    doubles()
    contract()
    balances()
    purge()
