"""Windows, reminders, budgets: what an occurrence still has to ask, and when somebody was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    _add("people", sa.Column("prefers_weekday", sa.Integer(), nullable=True))
    _add("people", sa.Column("prefers_clock", sa.Text(), nullable=True))
    _add("groups", sa.Column("budget", sa.Integer(), server_default="3", nullable=False))
    _add("occurrences", sa.Column("program_id", sa.Text(), nullable=True))
    _add("occurrences", sa.Column("closes_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_occurrences_program_id", "occurrences", ["program_id"])
    _add("programs", sa.Column("last_day", sa.Text(), nullable=True))
    _add("programs", sa.Column("lasts_seconds", sa.Integer(), server_default="345600", nullable=False))
    _add("programs", sa.Column("reminders", sa.Integer(), server_default="1", nullable=False))
    _add("programs", sa.Column("is_own_time", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add("answers", sa.Column("is_late", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add("outbox", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "fan_outs",
        sa.Column("occurrence_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("is_posted", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("occurrence_id", "step", "zone", name=op.f("pk_fan_outs")),
    )
    op.create_index("ix_fan_outs_due_at", "fan_outs", ["due_at"])
    op.create_table(
        "prompts",
        sa.Column("occurrence_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("occurrence_id", "person_id", "part", name=op.f("pk_prompts")),
    )
    op.create_index("ix_prompts_person_id_week", "prompts", ["person_id", "week"])


def _add(table: str, column: "sa.Column[object]") -> None:
    op.add_column(table, column)
