"""The first schema. Self-contained: it imports no class of the program."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


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


def upgrade():
    op.create_table('account',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name')),
    sa.UniqueConstraint('uid', name=op.f('uq_account_uid')),
    sqlite_strict=True
    )
    op.create_table('contract',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('starts_on', day(), nullable=False),
    sa.Column('ends_on', day(), nullable=False),
    sa.Column('site_code', sa.Text(), nullable=False),
    sa.Column('site_number', whole(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('verify_key', sa.LargeBinary(), nullable=False),
    sa.Column('identity', sa.Text(), nullable=True),
    sa.Column('signing_key', sa.LargeBinary(), nullable=False),
    sa.Column('generation', uid(), nullable=False),
    sa.Column('joined_at', instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('uid', name=op.f('uq_contract_uid')),
    sqlite_strict=True
    )
    op.create_table('family',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('food', sa.Integer(), nullable=False),
    sa.Column('chilled', sa.Integer(), nullable=False),
    sa.Column('position', whole(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family')),
    sa.UniqueConstraint('code', name=op.f('uq_family_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_family_uid')),
    sqlite_strict=True
    )
    op.create_table('person',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('token', uid(), nullable=False),
    sa.Column('last_name', sa.Text(), nullable=False),
    sa.Column('first_name', sa.Text(), nullable=False),
    sa.Column('sex', sa.Text(), nullable=False),
    sa.Column('born', sa.Text(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('token', name=op.f('uq_person_token')),
    sa.UniqueConstraint('uid', name=op.f('uq_person_uid')),
    sqlite_strict=True
    )
    op.create_table('post',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('number', name=op.f('uq_post_number')),
    sa.UniqueConstraint('uid', name=op.f('uq_post_uid')),
    sqlite_strict=True
    )
    op.create_table('referrer',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('organisation', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrer')),
    sa.UniqueConstraint('uid', name=op.f('uq_referrer_uid')),
    sqlite_strict=True
    )
    op.create_table('setting',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('value', values(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'valid_from', name=op.f('pk_setting')),
    sqlite_strict=True
    )
    op.create_table('shop',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('contract_number', whole(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('commune_code', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('manager', sa.Text(), nullable=False),
    sa.Column('ccas', sa.Text(), nullable=False),
    sa.Column('demo', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop')),
    sa.UniqueConstraint('uid', name=op.f('uq_shop_uid')),
    sqlite_strict=True
    )
    op.create_table('supplier',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier')),
    sa.UniqueConstraint('uid', name=op.f('uq_supplier_uid')),
    sqlite_strict=True
    )
    op.create_table('article',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('family_id', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('short_code', sa.Text(), nullable=False),
    sa.Column('sold_by', sa.Text(), nullable=False),
    sa.Column('net_grams', whole(), nullable=True),
    sa.Column('generic', sa.Integer(), nullable=False),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_article_family_id_family')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('uid', name=op.f('uq_article_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_article_family_id'), 'article', ['family_id'], unique=False)
    op.create_index(op.f('ix_article_folded'), 'article', ['folded'], unique=False)
    op.create_table('draft',
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('saved_at', instant(), nullable=False),
    sa.Column('body', values(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_draft_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', 'key', name=op.f('pk_draft')),
    sqlite_strict=True
    )
    op.create_table('family_value',
    sa.Column('family_id', whole(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('cents_per_kg', whole(), nullable=True),
    sa.Column('cents_per_piece', whole(), nullable=True),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_family_value_family_id_family')),
    sa.PrimaryKeyConstraint('family_id', 'valid_from', name=op.f('pk_family_value')),
    sqlite_strict=True
    )
    op.create_table('household',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('token', uid(), nullable=False),
    sa.Column('opened_on', day(), nullable=False),
    sa.Column('closed_on', day(), nullable=True),
    sa.Column('holder_id', whole(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('phone2', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('referrer_id', whole(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_household_holder_id_person')),
    sa.ForeignKeyConstraint(['referrer_id'], ['referrer.id'], name=op.f('fk_household_referrer_id_referrer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('number', name=op.f('uq_household_number')),
    sa.UniqueConstraint('token', name=op.f('uq_household_token')),
    sa.UniqueConstraint('uid', name=op.f('uq_household_uid')),
    sqlite_strict=True
    )
    op.create_table('journal',
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('seq', whole(), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('actor_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('prev', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_journal_actor_id_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_journal_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', 'seq', name=op.f('pk_journal')),
    sqlite_strict=True
    )
    op.create_table('month_sent',
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('revision', whole(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_month_sent_contract_id_contract')),
    sa.PrimaryKeyConstraint('contract_id', 'month', name=op.f('pk_month_sent')),
    sqlite_strict=True
    )
    op.create_table('number_series',
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('last', whole(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_number_series_post_id_post')),
    sa.PrimaryKeyConstraint('post_id', 'kind', name=op.f('pk_number_series')),
    sqlite_strict=True
    )
    op.create_table('parcel_sent',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('generation', uid(), nullable=False),
    sa.Column('seq', whole(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('prev', sa.LargeBinary(), nullable=False),
    sa.Column('last_month', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_parcel_sent_contract_id_contract')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_parcel_sent_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_sent')),
    sa.UniqueConstraint('contract_id', 'post_id', 'generation', 'seq', name=op.f('uq_parcel_sent_contract_id_post_id_generation_seq')),
    sa.UniqueConstraint('uid', name=op.f('uq_parcel_sent_uid')),
    sqlite_strict=True
    )
    op.create_table('reception',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('supplier_id', whole(), nullable=True),
    sa.Column('slip', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_reception_made_by_account')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_reception_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reception')),
    sa.UniqueConstraint('uid', name=op.f('uq_reception_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_reception_day'), 'reception', ['day'], unique=False)
    op.create_table('ruleset',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('adopted_at', instant(), nullable=False),
    sa.Column('adopted_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['adopted_by'], ['account.id'], name=op.f('fk_ruleset_adopted_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ruleset')),
    sa.UniqueConstraint('uid', name=op.f('uq_ruleset_uid')),
    sa.UniqueConstraint('valid_from', name=op.f('uq_ruleset_valid_from')),
    sqlite_strict=True
    )
    op.create_table('site',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('contract_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('verify_key', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_site_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('contract_id', 'code', name=op.f('uq_site_contract_id_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_site_uid')),
    sqlite_strict=True
    )
    op.create_table('article_code',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_code_article_id_article')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_article_code')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_article_code_article_id'), 'article_code', ['article_id'], unique=False)
    op.create_table('article_value',
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_value_article_id_article')),
    sa.PrimaryKeyConstraint('article_id', 'valid_from', name=op.f('pk_article_value')),
    sqlite_strict=True
    )
    op.create_table('assessment',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('ruleset_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_assessment_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_assessment_made_by_account')),
    sa.ForeignKeyConstraint(['ruleset_id'], ['ruleset.id'], name=op.f('fk_assessment_ruleset_id_ruleset')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('uid', name=op.f('uq_assessment_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_assessment_household_id_day'), 'assessment', ['household_id', 'day'], unique=False)
    op.create_table('card',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('issued_on', day(), nullable=False),
    sa.Column('revoked_on', day(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_card_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('code', name=op.f('uq_card_code')),
    sa.UniqueConstraint('uid', name=op.f('uq_card_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_card_household_id'), 'card', ['household_id'], unique=False)
    op.create_table('household_address',
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('lines', sa.Text(), nullable=False),
    sa.Column('postcode', sa.Text(), nullable=False),
    sa.Column('commune_code', sa.Text(), nullable=True),
    sa.Column('commune_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_address_household_id_household')),
    sa.PrimaryKeyConstraint('household_id', 'valid_from', name=op.f('pk_household_address')),
    sqlite_strict=True
    )
    op.create_table('household_member',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('person_id', whole(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('joined_on', day(), nullable=False),
    sa.Column('left_on', day(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_member_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_household_member_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_member')),
    sa.UniqueConstraint('uid', name=op.f('uq_household_member_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_household_member_household_id_joined_on'), 'household_member', ['household_id', 'joined_on'], unique=False)
    op.create_index(op.f('ix_household_member_person_id'), 'household_member', ['person_id'], unique=False)
    op.create_table('lot',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('reception_id', whole(), nullable=True),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('received_on', day(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('date_kind', sa.Text(), nullable=False),
    sa.Column('limit_on', day(), nullable=True),
    sa.Column('balance_pieces', whole(), nullable=False),
    sa.Column('balance_grams', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_lot_article_id_article')),
    sa.ForeignKeyConstraint(['reception_id'], ['reception.id'], name=op.f('fk_lot_reception_id_reception')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('uid', name=op.f('uq_lot_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_lot_article_id'), 'lot', ['article_id'], unique=False)
    op.create_index('ix_lot_in_stock', 'lot', ['article_id', 'limit_on', 'received_on', 'id'], unique=False, sqlite_where=sa.text('balance_pieces > 0 OR balance_grams > 0'), postgresql_where=sa.text('balance_pieces > 0 OR balance_grams > 0'))
    op.create_index('ix_lot_to_mend', 'lot', ['article_id', 'id'], unique=False, sqlite_where=sa.text('balance_pieces < 0 OR balance_grams < 0'), postgresql_where=sa.text('balance_pieces < 0 OR balance_grams < 0'))
    op.create_table('parcel_received',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('site_id', whole(), nullable=False),
    sa.Column('post', whole(), nullable=False),
    sa.Column('generation', uid(), nullable=False),
    sa.Column('seq', whole(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', instant(), nullable=False),
    sa.Column('imported_at', instant(), nullable=False),
    sa.Column('imported_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['imported_by'], ['account.id'], name=op.f('fk_parcel_received_imported_by_account')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_parcel_received_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel_received')),
    sa.UniqueConstraint('digest', name=op.f('uq_parcel_received_digest')),
    sa.UniqueConstraint('uid', name=op.f('uq_parcel_received_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_parcel_received_site_id_post_generation_seq'), 'parcel_received', ['site_id', 'post', 'generation', 'seq'], unique=False)
    op.create_table('search_word',
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_search_word_household_id_household')),
    sa.PrimaryKeyConstraint('word', 'household_id', name=op.f('pk_search_word')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_search_word_household_id'), 'search_word', ['household_id'], unique=False)
    op.create_table('access_grant',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('valid_until', day(), nullable=False),
    sa.Column('participation_permille', whole(), nullable=False),
    sa.Column('ceilings', values(), nullable=False),
    sa.Column('ruleset_id', whole(), nullable=True),
    sa.Column('assessment_id', whole(), nullable=True),
    sa.Column('exceptional', sa.Integer(), nullable=False),
    sa.Column('suspended_on', day(), nullable=True),
    sa.Column('decided_at', instant(), nullable=False),
    sa.Column('decided_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_access_grant_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_access_grant_decided_by_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_access_grant_household_id_household')),
    sa.ForeignKeyConstraint(['ruleset_id'], ['ruleset.id'], name=op.f('fk_access_grant_ruleset_id_ruleset')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant')),
    sa.UniqueConstraint('uid', name=op.f('uq_access_grant_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_access_grant_household_id_valid_until'), 'access_grant', ['household_id', 'valid_until'], unique=False)
    op.create_table('site_month',
    sa.Column('site_id', whole(), nullable=False),
    sa.Column('post', whole(), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('revision', whole(), nullable=False),
    sa.Column('closed', sa.Integer(), nullable=False),
    sa.Column('parcel_id', whole(), nullable=False),
    sa.Column('figures', values(), nullable=False),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel_received.id'], name=op.f('fk_site_month_parcel_id_parcel_received')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_month_site_id_site')),
    sa.PrimaryKeyConstraint('site_id', 'post', 'month', name=op.f('pk_site_month')),
    sqlite_strict=True
    )
    op.create_table('sale',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('post_id', whole(), nullable=False),
    sa.Column('number', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('grant_id', whole(), nullable=True),
    sa.Column('persons', whole(), nullable=False),
    sa.Column('participation_permille', whole(), nullable=False),
    sa.Column('shelf_cents', whole(), nullable=False),
    sa.Column('paid_cents', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('overridden', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['grant_id'], ['access_grant.id'], name=op.f('fk_sale_grant_id_access_grant')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_sale_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_sale_made_by_account')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_sale_post_id_post')),
    sa.ForeignKeyConstraint(['reverses_id'], ['sale.id'], name=op.f('fk_sale_reverses_id_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale')),
    sa.UniqueConstraint('post_id', 'number', name=op.f('uq_sale_post_id_number')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_sale_reverses_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_sale_uid')),
    sqlite_strict=True
    )
    op.create_index('ix_sale_day', 'sale', ['day'], unique=False)
    op.create_index('ix_sale_household_day', 'sale', ['household_id', 'day', 'paid_cents', 'shelf_cents', 'grams'], unique=False)
    op.create_table('payment',
    sa.Column('sale_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.Column('tendered_cents', whole(), nullable=False),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_payment_sale_id_sale')),
    sa.PrimaryKeyConstraint('sale_id', 'kind', name=op.f('pk_payment')),
    sqlite_strict=True
    )
    op.create_table('sale_line',
    sa.Column('sale_id', whole(), nullable=False),
    sa.Column('n', whole(), nullable=False),
    sa.Column('line', whole(), nullable=False),
    sa.Column('article_id', whole(), nullable=False),
    sa.Column('family_id', whole(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('food', sa.Integer(), nullable=False),
    sa.Column('pieces', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('tare_grams', whole(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('reference_cents', whole(), nullable=False),
    sa.Column('shelf_cents', whole(), nullable=False),
    sa.Column('paid_cents', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_sale_line_article_id_article')),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_sale_line_family_id_family')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_sale_line_lot_id_lot')),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_sale_line_sale_id_sale')),
    sa.PrimaryKeyConstraint('sale_id', 'n', name=op.f('pk_sale_line')),
    sqlite_strict=True,
    sqlite_with_rowid=False
    )
    op.create_index('ix_sale_line_lot', 'sale_line', ['lot_id'], unique=False)
    op.create_table('stock_move',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('lot_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('pieces', whole(), nullable=False),
    sa.Column('grams', whole(), nullable=False),
    sa.Column('sale_id', whole(), nullable=True),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('loss_reason', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_stock_move_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_stock_move_made_by_account')),
    sa.ForeignKeyConstraint(['reverses_id'], ['stock_move.id'], name=op.f('fk_stock_move_reverses_id_stock_move')),
    sa.ForeignKeyConstraint(['sale_id'], ['sale.id'], name=op.f('fk_stock_move_sale_id_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_move')),
    sa.UniqueConstraint('uid', name=op.f('uq_stock_move_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_stock_move_day_kind'), 'stock_move', ['day', 'kind'], unique=False)
    op.create_index(op.f('ix_stock_move_lot_id'), 'stock_move', ['lot_id'], unique=False)
    op.create_index(op.f('ix_stock_move_sale_id'), 'stock_move', ['sale_id'], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        # A brake, not a wall: the chain is what proves; see docs/decisions.
        for table in ("journal", "stock_move", "sale", "sale_line", "payment"):
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
