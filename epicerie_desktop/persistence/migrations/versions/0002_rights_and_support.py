"""Work on rights and support: decisions, committee, suspensions, the support file, dated stays, reserved and merged files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


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


def carry_suspensions():
    """Carry what kept a right from use into `suspension`: until its end, or the eve of another right given in its place."""
    made = "randomblob(16)" if op.get_bind().dialect.name == "sqlite" else "gen_random_uuid()"
    op.execute(f"""
        INSERT INTO suspension (uid, household_id, kind, since, until, reason_code, made_at, made_by, lifted_on, lifted_by)
        SELECT {made}, g.household_id, 'SUSPENDED', g.suspended_on, g.valid_until, 'OTHER', g.decided_at, g.decided_by,
               n.valid_from, n.decided_by
        FROM access_grant g
        LEFT JOIN access_grant n ON n.id = (
            SELECT o.id FROM access_grant o
            WHERE o.household_id = g.household_id AND o.id > g.id AND o.suspended_on IS NULL
              AND o.valid_from <= g.valid_until AND o.valid_until >= g.suspended_on
            ORDER BY o.valid_from LIMIT 1)
        WHERE g.suspended_on IS NOT NULL AND g.suspended_on <= g.valid_until
    """)
    op.drop_column('access_grant', 'suspended_on')


def upgrade():
    op.add_column('shop', sa.Column('decides', sa.Text(), server_default='', nullable=False))
    op.add_column('account', sa.Column('social', sa.Integer(), server_default='1', nullable=False))
    op.add_column('access_grant', sa.Column('terms', values(), server_default='{}', nullable=False))
    op.add_column('access_grant', sa.Column('validated_at', instant(), nullable=True))
    refer("access_grant", "validated_by", "account")
    refer("access_grant", "origin_id", "access_grant")
    op.add_column('access_grant', sa.Column('carried', values(), server_default='{}', nullable=False))
    op.add_column('assessment', sa.Column('band', sa.Text(), nullable=True))
    op.add_column('household', sa.Column('reserved', sa.Integer(), server_default='0', nullable=False))
    refer("household", "merged_into_id", "household")
    op.create_index(op.f("ix_household_merged_into_id"), "household", ["merged_into_id"], unique=False)
    op.add_column('household_member', sa.Column('shared', sa.Integer(), server_default='0', nullable=False))
    op.add_column('household_member', sa.Column('left_for', sa.Text(), nullable=True))
    op.create_table('action_count',
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('action_code', sa.Text(), nullable=False),
    sa.Column('step_code', sa.Text(), nullable=False),
    sa.Column('steps', whole(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'action_code', 'step_code', name=op.f('pk_action_count')),
    sqlite_strict=True
    )
    op.create_table('meeting',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('closed_at', instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('uid', name=op.f('uq_meeting_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_meeting_day'), 'meeting', ['day'], unique=False)
    op.create_table('social_scale',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('valid_from', day(), nullable=False),
    sa.Column('value', whole(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('code', 'valid_from', name=op.f('pk_social_scale')),
    sqlite_strict=True
    )
    op.create_table('workshop',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('action_code', sa.Text(), nullable=True),
    sa.Column('active', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('uid', name=op.f('uq_workshop_uid')),
    sqlite_strict=True
    )
    op.create_table('workshop_session',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('workshop_id', whole(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('minutes', whole(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('seats', whole(), nullable=True),
    sa.Column('cancelled', sa.Integer(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_session_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_session')),
    sa.UniqueConstraint('uid', name=op.f('uq_workshop_session_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_workshop_session_at'), 'workshop_session', ['at'], unique=False)
    op.create_table('absence',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('excused', sa.Integer(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_absence_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_absence_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    sa.UniqueConstraint('household_id', 'day', name=op.f('uq_absence_household_id_day')),
    sa.UniqueConstraint('uid', name=op.f('uq_absence_uid')),
    sqlite_strict=True
    )
    op.create_table('appointment',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('at', instant(), nullable=False),
    sa.Column('minutes', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('worker_id', whole(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_appointment_household_id_household')),
    sa.ForeignKeyConstraint(['worker_id'], ['account.id'], name=op.f('fk_appointment_worker_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment')),
    sa.UniqueConstraint('uid', name=op.f('uq_appointment_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_appointment_at'), 'appointment', ['at'], unique=False)
    op.create_index(op.f('ix_appointment_household_id_at'), 'appointment', ['household_id', 'at'], unique=False)
    op.create_table('attendance',
    sa.Column('session_id', whole(), nullable=False),
    sa.Column('person_id', whole(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_attendance_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendance_person_id_person')),
    sa.ForeignKeyConstraint(['session_id'], ['workshop_session.id'], name=op.f('fk_attendance_session_id_workshop_session')),
    sa.PrimaryKeyConstraint('session_id', 'person_id', name=op.f('pk_attendance')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_attendance_household_id'), 'attendance', ['household_id'], unique=False)
    op.create_table('avoidance',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('family_id', whole(), nullable=True),
    sa.Column('article_id', whole(), nullable=True),
    sa.Column('agreed_on', day(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_avoidance_article_id_article')),
    sa.ForeignKeyConstraint(['family_id'], ['family.id'], name=op.f('fk_avoidance_family_id_family')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_avoidance_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_avoidance_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avoidance')),
    sa.UniqueConstraint('uid', name=op.f('uq_avoidance_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_avoidance_household_id'), 'avoidance', ['household_id'], unique=False)
    op.create_table('fee_paid',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('cents', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('cancelled_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_fee_paid_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_fee_paid_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fee_paid')),
    sa.UniqueConstraint('uid', name=op.f('uq_fee_paid_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_fee_paid_household_id'), 'fee_paid', ['household_id'], unique=False)
    op.create_table('merge',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('source_id', whole(), nullable=False),
    sa.Column('target_id', whole(), nullable=False),
    sa.Column('moved', values(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('undone_at', instant(), nullable=True),
    sa.Column('undone_by', whole(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_merge_made_by_account')),
    sa.ForeignKeyConstraint(['source_id'], ['household.id'], name=op.f('fk_merge_source_id_household')),
    sa.ForeignKeyConstraint(['target_id'], ['household.id'], name=op.f('fk_merge_target_id_household')),
    sa.ForeignKeyConstraint(['undone_by'], ['account.id'], name=op.f('fk_merge_undone_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge')),
    sa.UniqueConstraint('uid', name=op.f('uq_merge_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_merge_target_id'), 'merge', ['target_id'], unique=False)
    op.create_table('note',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('struck_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_note_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_note_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note')),
    sa.UniqueConstraint('uid', name=op.f('uq_note_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_note_household_id_day'), 'note', ['household_id', 'day'], unique=False)
    op.create_table('objective',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('set_on', day(), nullable=False),
    sa.Column('due_on', day(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ended_on', day(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_objective_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objective')),
    sa.UniqueConstraint('uid', name=op.f('uq_objective_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_objective_household_id'), 'objective', ['household_id'], unique=False)
    op.create_table('onward_referral',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_onward_referral_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onward_referral')),
    sa.UniqueConstraint('uid', name=op.f('uq_onward_referral_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_onward_referral_household_id'), 'onward_referral', ['household_id'], unique=False)
    op.create_table('paper',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('seen_on', day(), nullable=False),
    sa.Column('expires_on', day(), nullable=True),
    sa.Column('size', whole(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('removed_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_paper_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_paper_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('uid', name=op.f('uq_paper_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_paper_expires_on'), 'paper', ['expires_on'], unique=False)
    op.create_index(op.f('ix_paper_household_id'), 'paper', ['household_id'], unique=False)
    op.create_table('portrait',
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('agreed_on', day(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_portrait_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_portrait_made_by_account')),
    sa.PrimaryKeyConstraint('household_id', name=op.f('pk_portrait')),
    sa.UniqueConstraint('household_id', name=op.f('uq_portrait_household_id')),
    sqlite_strict=True
    )
    op.create_table('reserved_to',
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('account_id', whole(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_reserved_to_account_id_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_reserved_to_household_id_household')),
    sa.PrimaryKeyConstraint('household_id', 'account_id', name=op.f('pk_reserved_to')),
    sqlite_strict=True
    )
    op.create_table('review',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_review_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_review_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('uid', name=op.f('uq_review_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_review_household_id_day'), 'review', ['household_id', 'day'], unique=False)
    op.create_table('support_file',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('opened_on', day(), nullable=False),
    sa.Column('referrer_id', whole(), nullable=True),
    sa.Column('referred_on', day(), nullable=True),
    sa.Column('reason_code', sa.Text(), nullable=True),
    sa.Column('urgent', sa.Integer(), nullable=False),
    sa.Column('worker_id', whole(), nullable=True),
    sa.Column('review_on', day(), nullable=True),
    sa.Column('closed_on', day(), nullable=True),
    sa.Column('exit_code', sa.Text(), nullable=True),
    sa.Column('exit_result', sa.Text(), nullable=True),
    sa.Column('waiting_until', day(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_support_file_household_id_household')),
    sa.ForeignKeyConstraint(['referrer_id'], ['referrer.id'], name=op.f('fk_support_file_referrer_id_referrer')),
    sa.ForeignKeyConstraint(['worker_id'], ['account.id'], name=op.f('fk_support_file_worker_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_file')),
    sa.UniqueConstraint('uid', name=op.f('uq_support_file_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_support_file_household_id_opened_on'), 'support_file', ['household_id', 'opened_on'], unique=False)
    op.create_table('support_step',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('cancelled_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_support_step_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_support_step_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_step')),
    sa.UniqueConstraint('uid', name=op.f('uq_support_step_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_support_step_household_id_day'), 'support_step', ['household_id', 'day'], unique=False)
    op.create_table('suspension',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('since', day(), nullable=False),
    sa.Column('until', day(), nullable=True),
    sa.Column('reason_code', sa.Text(), nullable=False),
    sa.Column('asked_on', day(), nullable=True),
    sa.Column('heard_on', day(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('lifted_on', day(), nullable=True),
    sa.Column('lifted_by', whole(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_suspension_household_id_household')),
    sa.ForeignKeyConstraint(['lifted_by'], ['account.id'], name=op.f('fk_suspension_lifted_by_account')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_suspension_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension')),
    sa.UniqueConstraint('uid', name=op.f('uq_suspension_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_suspension_household_id_since'), 'suspension', ['household_id', 'since'], unique=False)
    op.create_table('task',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=True),
    sa.Column('worker_id', whole(), nullable=True),
    sa.Column('due_on', day(), nullable=True),
    sa.Column('done_at', instant(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_task_household_id_household')),
    sa.ForeignKeyConstraint(['worker_id'], ['account.id'], name=op.f('fk_task_worker_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('uid', name=op.f('uq_task_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_task_done_at_due_on'), 'task', ['done_at', 'due_on'], unique=False)
    op.create_table('undertaking',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('signed_on', day(), nullable=False),
    sa.Column('until', day(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('revoked_on', day(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_undertaking_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_undertaking_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_undertaking')),
    sa.UniqueConstraint('uid', name=op.f('uq_undertaking_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_undertaking_household_id_kind'), 'undertaking', ['household_id', 'kind'], unique=False)
    op.create_table('member_away',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('member_id', whole(), nullable=False),
    sa.Column('since', day(), nullable=False),
    sa.Column('until', day(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['household_member.id'], name=op.f('fk_member_away_member_id_household_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_away')),
    sa.UniqueConstraint('uid', name=op.f('uq_member_away_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_member_away_member_id'), 'member_away', ['member_id'], unique=False)
    op.create_table('objective_payment',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('objective_id', whole(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.Column('cancelled_at', instant(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_objective_payment_made_by_account')),
    sa.ForeignKeyConstraint(['objective_id'], ['objective.id'], name=op.f('fk_objective_payment_objective_id_objective')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objective_payment')),
    sa.UniqueConstraint('uid', name=op.f('uq_objective_payment_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_objective_payment_objective_id'), 'objective_payment', ['objective_id'], unique=False)
    op.create_table('paper_content',
    sa.Column('paper_id', whole(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['paper_id'], ['paper.id'], name=op.f('fk_paper_content_paper_id_paper')),
    sa.PrimaryKeyConstraint('paper_id', name=op.f('pk_paper_content')),
    sqlite_strict=True
    )
    op.create_table('waiting_entry',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('assessment_id', whole(), nullable=True),
    sa.Column('since', day(), nullable=False),
    sa.Column('urgent', sa.Integer(), nullable=False),
    sa.Column('left_on', day(), nullable=True),
    sa.Column('left_for', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_waiting_entry_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_waiting_entry_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_entry')),
    sa.UniqueConstraint('uid', name=op.f('uq_waiting_entry_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_waiting_entry_household_id'), 'waiting_entry', ['household_id'], unique=False)
    op.create_table('decision',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('assessment_id', whole(), nullable=True),
    sa.Column('grant_id', whole(), nullable=True),
    sa.Column('day', day(), nullable=False),
    sa.Column('maker', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('advice', sa.Text(), nullable=True),
    sa.Column('reason_code', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_decision_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['grant_id'], ['access_grant.id'], name=op.f('fk_decision_grant_id_access_grant')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_decision_household_id_household')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_decision_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('uid', name=op.f('uq_decision_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_decision_household_id_day'), 'decision', ['household_id', 'day'], unique=False)
    op.create_table('meeting_item',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('meeting_id', whole(), nullable=False),
    sa.Column('household_id', whole(), nullable=False),
    sa.Column('assessment_id', whole(), nullable=False),
    sa.Column('rank', whole(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('decision_id', whole(), nullable=True),
    sa.Column('version', whole(), nullable=False),
    sa.Column('changed_at', instant(), nullable=False),
    sa.Column('changed_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_meeting_item_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_meeting_item_decision_id_decision')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_meeting_item_household_id_household')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_item_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_item')),
    sa.UniqueConstraint('meeting_id', 'household_id', name=op.f('uq_meeting_item_meeting_id_household_id')),
    sa.UniqueConstraint('meeting_id', 'rank', name=op.f('uq_meeting_item_meeting_id_rank')),
    sa.UniqueConstraint('uid', name=op.f('uq_meeting_item_uid')),
    sqlite_strict=True
    )
    carry_suspensions()
