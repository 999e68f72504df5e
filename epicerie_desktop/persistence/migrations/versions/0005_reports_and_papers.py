"""What the coordinator prints: reports, their parameters, the wording of papers, saved questions."""

import sqlalchemy as sa
from alembic import op

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


def upgrade():
    """One function per area of the house."""
    papers_made()
    letterhead()
