"""What the coordinator prints: reports, their parameters, the wording of papers, saved questions."""

import sqlalchemy as sa

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


def upgrade():
    """One function per area of the house."""
