"""Chat platforms: workspaces, channels that groups follow, pauses, and which message an answer came in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REPLIES = sa.text("is_reply AND state IN ('pending', 'leased')")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "workspaces",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=True),
        sa.Column("installed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "install_states",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_install_states")),
    )
    op.create_table(
        "heard",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_heard")),
    )
    op.add_column("people", sa.Column("mode", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("paused_until", sa.BigInteger(), nullable=True))
    op.add_column("groups", sa.Column("place", sa.Text(), nullable=True))
    op.create_index("ix_groups_place", "groups", ["place"])
    op.add_column("memberships", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("is_reply", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_outbox_replies", "outbox", ["seq"], sqlite_where=REPLIES, postgresql_where=REPLIES)
