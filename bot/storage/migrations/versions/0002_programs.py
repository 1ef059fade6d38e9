"""Programs and their occurrences, people who are kept apart, and where people like to be met."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "kept_apart",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("first_id", sa.Text(), nullable=False),
        sa.Column("second_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_kept_apart_first_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_kept_apart_group_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_kept_apart_second_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "first_id", "second_id", name=op.f("pk_kept_apart")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
    )
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrences_due_at"), ["due_at"], unique=False)
        batch_op.create_index("ix_occurrences_group_id_started_at", ["group_id", "started_at"], unique=False)
    op.add_column("people", sa.Column("place", sa.Text(), nullable=True))
