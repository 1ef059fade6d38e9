"""What facilitators have read, what they wrote about it, who looked at what, calls for an adult."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNREAD, READ = sa.text("read_at IS NULL"), sa.text("read_at IS NOT NULL")
POINT = sa.text("""value IN ('"1"', '"2"', '"3"', '"4"', '"5"') AND visibility IN ('facilitators', 'group')""")
NAME_OCCURRENCES = {
    "sqlite": (
        "UPDATE readings SET occurrence_id = "
        "(SELECT json_extract(runs.opening, '$.errand.occurrence') FROM runs WHERE runs.id = readings.run_id)"
    ),
    "postgresql": (
        "UPDATE readings SET occurrence_id = runs.opening::json -> 'errand' ->> 'occurrence' "
        "FROM runs WHERE runs.id = readings.run_id"
    ),
}
"""What a run's opening says about the occurrence that began it."""


def upgrade() -> None:
    """Take the step."""
    _add_readings()
    _add_threads()
    _add_audit()
    _add_sign_in_requests()
    op.add_column("groups", sa.Column("crisis_lines", sa.Text(), server_default="", nullable=False))
    op.add_column("flags", sa.Column("taken_at", sa.BigInteger(), nullable=True))
    op.add_column("flags", sa.Column("taken_by", sa.Text(), nullable=True))
    op.add_column("flags", sa.Column("call_at", sa.BigInteger(), nullable=True))
    op.add_column("flags", sa.Column("calls", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_flags_call_at", "flags", ["call_at"])
    op.create_index(
        "ix_answers_points",
        "answers",
        ["group_id", "answered_at", "flow", "key", "value", "person_id", "visibility"],
        sqlite_where=POINT,
        postgresql_where=POINT,
    )


def _add_readings() -> None:
    """Make the table, and let everything answered so far wait to be read."""
    op.create_table(
        "readings",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=True),
        sa.Column("occurrence_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_readings")),
    )
    op.execute(
        "INSERT INTO readings (run_id, group_id, person_id, flow, answered_at) "
        "SELECT run_id, min(group_id), min(person_id), min(flow), max(coalesce(edited_at, answered_at)) FROM answers "
        "WHERE visibility IN ('facilitators', 'group') AND group_id IS NOT NULL GROUP BY run_id"
    )
    op.execute(NAME_OCCURRENCES[op.get_context().dialect.name])
    newest_first = ["group_id", "answered_at", "flow", "occurrence_id"]
    op.create_index("ix_readings_group_id_answered_at", "readings", newest_first)
    op.create_index("ix_readings_person_id_answered_at", "readings", ["person_id", "answered_at"])
    op.create_index(
        "ix_readings_unread",
        "readings",
        newest_first,
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index("ix_readings_read", "readings", ["group_id", "read_at"], sqlite_where=READ, postgresql_where=READ)
    op.create_table(
        "stars",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stars_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "run_id", name=op.f("pk_stars")),
    )


def _add_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("last_by", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index("ix_threads_run_id", "threads", ["run_id"])
    op.create_index("ix_threads_group_id_last_at", "threads", ["group_id", "last_at"])
    op.create_index("ix_threads_person_id_last_at", "threads", ["person_id", "last_at"])
    op.create_table(
        "comments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_comments_thread_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_thread_id", "comments", ["thread_id"])


def _add_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_person_id_at", "audit", ["person_id", "at"])
    op.create_index("ix_audit_group_id_at", "audit", ["group_id", "at"])


def _add_sign_in_requests() -> None:
    op.add_column("sessions", sa.Column("browser", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "sign_in_requests",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["people.id"], name=op.f("fk_sign_in_requests_approved_by"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_requests")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_in_requests_id")),
        sa.UniqueConstraint("code", name=op.f("uq_sign_in_requests_code")),
    )
