"""What the coordinator prints: reports, their parameters, the wording of papers, saved questions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def whole():
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def uid():
    return sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")


def instant():
    return sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def day():
    return sa.Text().with_variant(sa.Date(), "postgresql")


def papers_made():
    op.create_table('paper_made',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('version', whole(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('first_at', instant(), nullable=False),
    sa.Column('first_by', whole(), nullable=False),
    sa.Column('times', whole(), nullable=False),
    sa.Column('last_at', instant(), nullable=False),
    sa.CheckConstraint('times >= 1', name=op.f('ck_paper_made_times')),
    sa.ForeignKeyConstraint(['first_by'], ['account.id'], name=op.f('fk_paper_made_first_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_made')),
    sa.UniqueConstraint('kind', 'about', 'version', name=op.f('uq_paper_made_kind_about_version')),
    sa.UniqueConstraint('uid', name=op.f('uq_paper_made_uid')),
    sqlite_strict=True
    )


def letterhead():
    """The logo of the shop, drawn at the head of its papers."""
    op.add_column("shop", sa.Column("logo", sa.LargeBinary()))


def append_only(*tables):
    """Refuse to change or erase a row: a brake, not a wall, as in 0001."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def volunteers():
    """The hours volunteers give."""
    op.create_table('volunteer_hours',
    sa.Column('id', whole(), nullable=False),
    sa.Column('uid', uid(), nullable=False),
    sa.Column('day', day(), nullable=False),
    sa.Column('account_id', whole(), nullable=True),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('minutes', whole(), nullable=False),
    sa.Column('task', sa.Text(), nullable=False),
    sa.Column('reverses_id', whole(), nullable=True),
    sa.Column('made_at', instant(), nullable=False),
    sa.Column('made_by', whole(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_volunteer_hours_account_id_account')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_volunteer_hours_made_by_account')),
    sa.ForeignKeyConstraint(['reverses_id'], ['volunteer_hours.id'], name=op.f('fk_volunteer_hours_reverses_id_volunteer_hours')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_hours')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_volunteer_hours_reverses_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_volunteer_hours_uid')),
    sqlite_strict=True
    )
    op.create_index(op.f('ix_volunteer_hours_day'), 'volunteer_hours', ['day'], unique=False)
    append_only("volunteer_hours")


def estimates():
    """What the manager estimates for a funder, of the whole shop."""
    op.create_table(
        "aggregate_estimate",
        sa.Column("id", whole(), nullable=False),
        sa.Column("uid", uid(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("first_on", day(), nullable=False),
        sa.Column("last_on", day(), nullable=False),
        sa.Column("value", whole(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("made_at", instant(), nullable=False),
        sa.Column("made_by", whole(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_aggregate_estimate_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aggregate_estimate")),
        sa.UniqueConstraint("uid", name=op.f("uq_aggregate_estimate_uid")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_aggregate_estimate_first_on_last_on"), "aggregate_estimate", ["first_on", "last_on"])
    append_only("aggregate_estimate")


def values():
    return sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def questions():
    """Questions kept by name, and the tables that were published."""
    op.create_table(
        "saved_question",
        sa.Column("id", whole(), nullable=False),
        sa.Column("uid", uid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("made_by", whole(), nullable=False),
        sa.Column("version", whole(), nullable=False),
        sa.Column("changed_at", instant(), nullable=False),
        sa.Column("changed_by", whole(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_saved_question_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_question")),
        sa.UniqueConstraint("folded", name=op.f("uq_saved_question_folded")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_question_uid")),
        sqlite_strict=True,
    )
    op.create_table(
        "published_table",
        sa.Column("id", whole(), nullable=False),
        sa.Column("uid", uid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("first", day(), nullable=False),
        sa.Column("last", day(), nullable=False),
        sa.Column("threshold", whole(), nullable=False),
        sa.Column("cells", values(), nullable=False),
        sa.Column("made_at", instant(), nullable=False),
        sa.Column("made_by", whole(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_published_table_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_table")),
        sa.UniqueConstraint("uid", name=op.f("uq_published_table_uid")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_published_table_first_last"), "published_table", ["first", "last"])
    append_only("published_table")


def upgrade():
    """One function per area of the house."""
    papers_made()
    letterhead()
    volunteers()
    estimates()
    questions()
