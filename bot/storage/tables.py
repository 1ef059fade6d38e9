"""Every table, as Core sees it; `migrations/` brings a database there."""

from typing import Any

import sqlalchemy as sa

from bot.storage.columns import UTCDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *args: Any, **options: Any) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, *args, **{"nullable": False, **options})


def _time(name: str, **options: Any) -> "sa.Column[Any]":
    return sa.Column(name, UTCDateTime, **{"nullable": False, **options})


people = sa.Table(
    "people",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("lang", server_default="en"),
    _text("zone", nullable=True),
    sa.Column("card", sa.Integer, nullable=False, server_default="1"),
    _time("created_at"),
    _text("place", nullable=True),
    _text("mode", nullable=True),
    _time("paused_until", nullable=True),
    sa.Column("wants_messages", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("prefers_weekday", sa.Integer, nullable=True),
    _text("prefers_clock", nullable=True),
)

identities = sa.Table(
    "identities",
    metadata,
    _text("platform", primary_key=True),
    _text("workspace", primary_key=True),
    _text("external_id", primary_key=True),
    _text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), index=True),
)

groups = sa.Table(
    "groups",
    metadata,
    _text("id", primary_key=True),
    _text("parent_id", sa.ForeignKey("groups.id"), nullable=True),
    _text("name"),
    _text("code", unique=True),
    _text("setting"),
    _text("zone"),
    _text("task", server_default=""),
    _text("reply_day", server_default=""),
    _text("adult", server_default=""),
    _time("created_at"),
    _text("place", nullable=True, index=True),
    _text("listed_at", nullable=True, index=True),
    sa.Column("budget", sa.Integer, nullable=False, server_default="3"),
)

memberships = sa.Table(
    "memberships",
    metadata,
    _text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    _text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
    _text("role"),
    _time("since"),
    _time("ended_at", nullable=True),
    _text("ended_by", nullable=True),
)

kept_apart = sa.Table(
    "kept_apart",
    metadata,
    _text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    _text("first_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    _text("second_id", sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
)

occurrences = sa.Table(
    "occurrences",
    metadata,
    _text("id", primary_key=True),
    _text("kind"),
    _text("group_id"),
    _text("by_id"),
    _text("status"),
    _time("started_at"),
    _time("due_at", nullable=True, index=True),
    _text("state"),
    _text("program_id", nullable=True, index=True),
    _time("closes_at", nullable=True),
    sa.Index("ix_occurrences_group_id_started_at", "group_id", "started_at"),
)

programs = sa.Table(
    "programs",
    metadata,
    _text("id", primary_key=True),
    _text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True),
    _text("by_id"),
    _text("kind"),
    _text("choices"),
    _text("rule"),
    _text("ownership"),
    _text("note", server_default=""),
    _time("next_at", nullable=True, index=True),
    _text("next_day", nullable=True),
    _time("set_at"),
    _time("ended_at", nullable=True),
    _text("last_day", nullable=True),
    sa.Column("lasts_seconds", sa.Integer, nullable=False, server_default="345600"),
    sa.Column("reminders", sa.Integer, nullable=False, server_default="1"),
    sa.Column("is_own_time", sa.Boolean, nullable=False, server_default=sa.false()),
)

fan_outs = sa.Table(
    "fan_outs",
    metadata,
    _text("occurrence_id", primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    _text("zone", primary_key=True),
    _time("due_at", index=True),
    _text("group_id"),
    _text("by_id"),
    _text("flow"),
    sa.Column("size", sa.Integer, nullable=False),
    _text("cursor"),
    sa.Column("is_posted", sa.Boolean, nullable=False),
    sa.Column("reminders", sa.Integer, nullable=False),
    _text("clock", nullable=True),
    _time("closes_at", nullable=True),
    _time("since", nullable=True),
)

prompts = sa.Table(
    "prompts",
    metadata,
    _text("occurrence_id", primary_key=True),
    _text("person_id", primary_key=True),
    _text("part", primary_key=True),
    _text("week"),
    _time("shown_at"),
    _text("why", server_default=""),
    sa.Index("ix_prompts_person_id_week", "person_id", "week"),
)

calendars = sa.Table(
    "calendars",
    metadata,
    _text("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    _text("body"),
    _text("set_by"),
    _time("set_at"),
)

flow_versions = sa.Table(
    "flow_versions",
    metadata,
    _text("flow", primary_key=True),
    _text("version", primary_key=True),
    _text("document"),
    _time("published_at"),
)

flows = sa.Table(
    "flows",
    metadata,
    _text("flow", primary_key=True),
    _text("version"),
)

runs = sa.Table(
    "runs",
    metadata,
    _text("id", primary_key=True),
    _text("person_id"),
    _text("group_id", nullable=True),
    _text("flow"),
    _text("version"),
    _text("status"),
    _text("place"),
    _time("started_at"),
    _time("asked_at"),
    _time("put_off_until", nullable=True),
    _text("opening"),
    _text("state"),
    sa.Index("ix_runs_person_id_status", "person_id", "status"),
)

answers = sa.Table(
    "answers",
    metadata,
    _text("run_id", primary_key=True),
    _text("key", primary_key=True),
    _text("person_id"),
    _text("group_id", nullable=True),
    _text("flow"),
    _text("asked"),
    _text("value"),
    _text("said"),
    _text("visibility"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    _time("answered_at"),
    _time("edited_at", nullable=True),
    sa.Column("is_late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_answers_group_id_answered_at", "group_id", "answered_at"),
    sa.Index("ix_answers_person_id_answered_at", "person_id", "answered_at"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    _text("run_id", primary_key=True),
    _text("key", primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    _text("value"),
    _text("said"),
    _time("said_at"),
)

memories = sa.Table(
    "memories",
    metadata,
    _text("person_id", primary_key=True),
    _text("group_id", primary_key=True),
    _text("name", primary_key=True),
    _text("text"),
    _time("at"),
)

timers = sa.Table(
    "timers",
    metadata,
    _text("run_id", primary_key=True),
    _text("person_id"),
    sa.Column("wait", sa.Integer, nullable=False),
    _text("kind"),
    _time("due_at", index=True),
)

flags = sa.Table(
    "flags",
    metadata,
    _text("id", primary_key=True),
    _text("group_id"),
    _text("person_id"),
    _time("raised_at"),
    _time("resolved_at", nullable=True),
    sa.Index("ix_flags_group_id", "group_id"),
)

platform_marks = sa.Table(
    "platform_marks",
    metadata,
    _text("platform", primary_key=True),
    _text("name", primary_key=True),
    _text("value"),
)

heard = sa.Table(
    "heard",
    metadata,
    _text("event_id", primary_key=True),
    _text("run_id"),
    _text("key"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    _text("event_id", primary_key=True),
    _time("received_at", index=True),
)

set_aside = sa.Table(
    "set_aside",
    metadata,
    _text("event_id", primary_key=True),
    _text("reason"),
    _text("event"),
    _time("at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    _text("id", unique=True),
    _text("platform"),
    _text("place"),
    _text("person_id"),
    _text("run_id", nullable=True),
    _text("kind"),
    _text("body", nullable=True),
    _text("state"),
    _time("due_at"),
    sa.Column("is_reply", sa.Boolean, nullable=False, server_default=sa.false()),
    _text("owner", nullable=True),
    _time("leased_until", nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _text("remote_id", nullable=True),
    _text("reason", nullable=True),
    _time("created_at"),
    _time("sent_at", nullable=True),
    _time("expires_at", nullable=True),
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
    _text("token_hash", primary_key=True),
    _text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), index=True),
    _time("created_at"),
    _time("seen_at"),
    _time("expires_at"),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    _text("token_hash", primary_key=True),
    _text("person_id", sa.ForeignKey("people.id", ondelete="CASCADE")),
    _time("expires_at"),
    _time("used_at", nullable=True),
)

workspaces = sa.Table(
    "workspaces",
    metadata,
    _text("platform", primary_key=True),
    _text("id", primary_key=True),
    _text("name"),
    _text("sealed_token"),
    _text("bot_user"),
    _text("scopes"),
    _text("installed_by", nullable=True),
    _time("installed_at"),
    _time("ended_at", nullable=True),
    _text("ended_why", nullable=True),
)

install_states = sa.Table(
    "install_states",
    metadata,
    _text("state_hash", primary_key=True),
    _time("expires_at"),
)
