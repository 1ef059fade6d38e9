"""Clubs: lists of people, direct messages only where they are wished for, what a platform notes for itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.add_column("people", sa.Column("wants_messages", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("groups", sa.Column("listed_at", sa.Text(), nullable=True))
    op.create_index("ix_groups_listed_at", "groups", ["listed_at"])
    op.create_table(
        "platform_marks",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "name", name=op.f("pk_platform_marks")),
    )
