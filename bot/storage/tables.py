"""The tables, as Core sees them, but for those in `review_tables`; `migrations/` brings a database there."""

import sqlalchemy as sa

from bot.storage.columns import moment, text

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IS_POINT = sa.text("""value IN ('"1"', '"2"', '"3"', '"4"', '"5"') AND visibility IN ('facilitators', 'group')""")
"""Keeps the readable answers that are a point of a scale; an index holds them, and serves this very clause only."""

people = sa.Table(
    "people",
    metadata,
    text("id", primary_key=True),
    text("name"),
    text("lang", server_default="en"),
    text("zone", nullable=True),
    sa.Column("card", sa.Integer, nullable=False, server_default="1"),
    moment("created_at"),
    text("place", nullable=True),
    text("mode", nullable=True),
    moment("paused_until", nullable=True),
    sa.Column("wants_messages", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("prefers_weekday", sa.Integer, nullable=True),
    text("prefers_clock", nullable=True),
)

identities = sa.Table(
    "identities",
    metadata,
    text("platform", primary_key=True),
    text("workspace", primary_key=True),
    text("external_id", primary_key=True),
    text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), index=True),
)

groups = sa.Table(
    "groups",
    metadata,
    text("id", primary_key=True),
    text("parent_id", sa.ForeignKey("groups.id"), nullable=True, index=True),
    text("name"),
    text("code", unique=True),
    text("setting"),
    text("zone"),
    text("task", server_default=""),
    text("reply_day", server_default=""),
    text("adult", server_default=""),
    text("crisis_lines", server_default=""),
    moment("created_at"),
    text("place", nullable=True, index=True),
    text("listed_at", nullable=True, index=True),
    sa.Column("budget", sa.Integer, nullable=False, server_default="3"),
)

memberships = sa.Table(
    "memberships",
    metadata,
    text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
    text("role"),
    moment("since"),
    moment("ended_at", nullable=True),
    text("ended_by", nullable=True),
)

kept_apart = sa.Table(
    "kept_apart",
    metadata,
    text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    text("first_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    text("second_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
)

occurrences = sa.Table(
    "occurrences",
    metadata,
    text("id", primary_key=True),
    text("kind"),
    text("group_id"),
    text("by_id"),
    text("status"),
    moment("started_at"),
    moment("due_at", nullable=True, index=True),
    text("state"),
    text("program_id", nullable=True, index=True),
    moment("closes_at", nullable=True),
    sa.Index("ix_occurrences_group_id_started_at", "group_id", "started_at"),
)

programs = sa.Table(
    "programs",
    metadata,
    text("id", primary_key=True),
    text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True),
    text("by_id"),
    text("kind"),
    text("choices"),
    text("rule"),
    text("ownership"),
    text("note", server_default=""),
    moment("next_at", nullable=True, index=True),
    text("next_day", nullable=True),
    moment("set_at"),
    moment("ended_at", nullable=True),
    text("last_day", nullable=True),
    sa.Column("lasts_seconds", sa.Integer, nullable=False, server_default="345600"),
    sa.Column("reminders", sa.Integer, nullable=False, server_default="1"),
    sa.Column("is_own_time", sa.Boolean, nullable=False, server_default=sa.false()),
)

fan_outs = sa.Table(
    "fan_outs",
    metadata,
    text("occurrence_id", primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    text("zone", primary_key=True),
    moment("due_at", index=True),
    text("group_id"),
    text("by_id"),
    text("flow"),
    sa.Column("size", sa.Integer, nullable=False),
    text("cursor"),
    sa.Column("is_posted", sa.Boolean, nullable=False),
    sa.Column("reminders", sa.Integer, nullable=False),
    text("clock", nullable=True),
    moment("closes_at", nullable=True),
    moment("since", nullable=True),
)

prompts = sa.Table(
    "prompts",
    metadata,
    text("occurrence_id", primary_key=True),
    text("person_id", primary_key=True),
    text("part", primary_key=True),
    text("week"),
    moment("shown_at"),
    text("why", server_default=""),
    sa.Index("ix_prompts_person_id_week", "person_id", "week"),
)

calendars = sa.Table(
    "calendars",
    metadata,
    text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    text("body"),
    text("set_by"),
    moment("set_at"),
)

flow_versions = sa.Table(
    "flow_versions",
    metadata,
    text("flow", primary_key=True),
    text("version", primary_key=True),
    text("document"),
    moment("published_at"),
)

flows = sa.Table(
    "flows",
    metadata,
    text("flow", primary_key=True),
    text("version"),
)

runs = sa.Table(
    "runs",
    metadata,
    text("id", primary_key=True),
    text("person_id"),
    text("group_id", nullable=True),
    text("flow"),
    text("version"),
    text("status"),
    text("place"),
    moment("started_at"),
    moment("asked_at"),
    moment("put_off_until", nullable=True),
    text("opening"),
    text("state"),
    sa.Index("ix_runs_person_id_status", "person_id", "status"),
)

answers = sa.Table(
    "answers",
    metadata,
    text("run_id", primary_key=True),
    text("key", primary_key=True),
    text("person_id"),
    text("group_id", nullable=True),
    text("flow"),
    text("asked"),
    text("value"),
    text("said"),
    text("visibility"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    moment("answered_at"),
    moment("edited_at", nullable=True),
    sa.Column("is_late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_answers_group_id_answered_at", "group_id", "answered_at"),
    sa.Index("ix_answers_person_id_answered_at", "person_id", "answered_at"),
    sa.Index(
        "ix_answers_points",
        *("group_id", "answered_at", "flow", "key", "value", "person_id", "visibility"),
        sqlite_where=IS_POINT,
        postgresql_where=IS_POINT,
    ),
)

revisions = sa.Table(
    "revisions",
    metadata,
    text("run_id", primary_key=True),
    text("key", primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    text("value"),
    text("said"),
    moment("said_at"),
)

memories = sa.Table(
    "memories",
    metadata,
    text("person_id", primary_key=True),
    text("group_id", primary_key=True),
    text("name", primary_key=True),
    text("text"),
    moment("at"),
)

timers = sa.Table(
    "timers",
    metadata,
    text("run_id", primary_key=True),
    text("person_id"),
    sa.Column("wait", sa.Integer, nullable=False),
    text("kind"),
    moment("due_at", index=True),
)

platform_marks = sa.Table(
    "platform_marks",
    metadata,
    text("platform", primary_key=True),
    text("name", primary_key=True),
    text("value"),
)

heard = sa.Table(
    "heard",
    metadata,
    text("event_id", primary_key=True),
    text("run_id"),
    text("key"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    text("event_id", primary_key=True),
    moment("received_at", index=True),
)

set_aside = sa.Table(
    "set_aside",
    metadata,
    text("event_id", primary_key=True),
    text("reason"),
    text("event"),
    moment("at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    text("id", unique=True),
    text("platform"),
    text("place"),
    text("person_id"),
    text("run_id", nullable=True),
    text("kind"),
    text("body", nullable=True),
    text("state"),
    moment("due_at"),
    sa.Column("is_reply", sa.Boolean, nullable=False, server_default=sa.false()),
    text("owner", nullable=True),
    moment("leased_until", nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    text("remote_id", nullable=True),
    text("reason", nullable=True),
    moment("created_at"),
    moment("sent_at", nullable=True),
    moment("expires_at", nullable=True),
    sa.Index("ix_outbox_place_state_seq", "place", "state", "seq"),
    sa.Index(
        "ix_outbox_open",
        "seq",
        sqlite_where=sa.text("state IN ('pending', 'leased')"),
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    ),
    sa.Index(
        "ix_outbox_replies",
        "seq",
        sqlite_where=sa.text("is_reply AND state IN ('pending', 'leased')"),
        postgresql_where=sa.text("is_reply AND state IN ('pending', 'leased')"),
    ),
)

sessions = sa.Table(
    "sessions",
    metadata,
    text("token_hash", primary_key=True),
    text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), index=True),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    text("browser", server_default=""),
)

sign_in_requests = sa.Table(
    "sign_in_requests",
    metadata,
    text("token_hash", primary_key=True),
    text("id", unique=True),
    text("code", unique=True),
    text("browser"),
    moment("created_at"),
    moment("expires_at"),
    text("approved_by", sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=True),
    moment("refused_at", nullable=True),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    text("token_hash", primary_key=True),
    text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE")),
    moment("expires_at"),
    moment("used_at", nullable=True),
)

workspaces = sa.Table(
    "workspaces",
    metadata,
    text("platform", primary_key=True),
    text("id", primary_key=True),
    text("name"),
    text("sealed_token"),
    text("bot_user"),
    text("scopes"),
    text("installed_by", nullable=True),
    moment("installed_at"),
    moment("ended_at", nullable=True),
    text("ended_why", nullable=True),
)

install_states = sa.Table(
    "install_states",
    metadata,
    text("state_hash", primary_key=True),
    moment("expires_at"),
)
