"""The tables of what becomes of answers: who has read them, what was written about them, who wants an adult."""

import sqlalchemy as sa

from bot.storage.columns import moment, text
from bot.storage.tables import metadata

readings = sa.Table(
    "readings",
    metadata,
    text("run_id", primary_key=True),
    text("group_id"),
    text("person_id"),
    text("flow"),
    moment("answered_at"),
    moment("read_at", nullable=True),
    text("read_by", nullable=True),
    text("occurrence_id", nullable=True),
    sa.Index("ix_readings_group_id_answered_at", "group_id", "answered_at", "flow", "occurrence_id"),
    sa.Index("ix_readings_person_id_answered_at", "person_id", "answered_at"),
    sa.Index(
        "ix_readings_unread",
        *("group_id", "answered_at", "flow", "occurrence_id"),
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    ),
    sa.Index(
        "ix_readings_read",
        "group_id",
        "read_at",
        sqlite_where=sa.text("read_at IS NOT NULL"),
        postgresql_where=sa.text("read_at IS NOT NULL"),
    ),
)

stars = sa.Table(
    "stars",
    metadata,
    text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    text("run_id", primary_key=True),
    moment("at"),
)

threads = sa.Table(
    "threads",
    metadata,
    text("id", primary_key=True),
    text("run_id", index=True),
    text("key"),
    text("quote"),
    text("group_id"),
    text("person_id"),
    moment("opened_at"),
    moment("last_at"),
    text("last_by"),
    moment("told_at", nullable=True),
    moment("resolved_at", nullable=True),
    text("resolved_by", nullable=True),
    sa.Index("ix_threads_group_id_last_at", "group_id", "last_at"),
    sa.Index("ix_threads_person_id_last_at", "person_id", "last_at"),
)

comments = sa.Table(
    "comments",
    metadata,
    text("id", primary_key=True),
    text("thread_id", sa.ForeignKey("threads.id", ondelete="CASCADE"), index=True),
    text("by_id"),
    text("text"),
    moment("at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    moment("at"),
    text("actor_id"),
    text("deed"),
    text("group_id", nullable=True),
    text("person_id", nullable=True),
    text("what", server_default=""),
    sa.Index("ix_audit_person_id_at", "person_id", "at"),
    sa.Index("ix_audit_group_id_at", "group_id", "at"),
)

flags = sa.Table(
    "flags",
    metadata,
    text("id", primary_key=True),
    text("group_id"),
    text("person_id"),
    moment("raised_at"),
    moment("resolved_at", nullable=True),
    moment("taken_at", nullable=True),
    text("taken_by", nullable=True),
    moment("call_at", nullable=True, index=True),
    sa.Column("calls", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_flags_group_id", "group_id"),
)
