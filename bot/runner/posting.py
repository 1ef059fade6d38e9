"""The post that invites a whole group to a flow, in words."""

from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from bot.core.effects import EffectId, InviteGroup
from bot.core.events import Event
from bot.core.occurrences import Occurrence
from bot.core.people import PersonId, Place, Role
from bot.core.schedules import rule_from_json
from bot.flows.document import AskStep, Document
from bot.flows.flow import pick
from bot.flows.program import Post
from bot.runner.rule_words import how_often
from bot.storage.connection import Connection
from bot.storage.flows import current_versions, read_document
from bot.storage.groups import load_groups, load_members
from bot.storage.programs import programs_of

QUESTIONS_A_MINUTE = 2


def invitation(connection: Connection, one: Occurrence, post: Post, channel: Place, event: Event) -> InviteGroup:
    """Write the post: who asks, what, until when, and who will read it; the whole group may see it."""
    group = load_groups(connection, [one.group])[0]
    names = {PersonId(m.id): m.name for m in load_members(connection, one.group) if m.role == Role.FACILITATOR.value}
    asker = names.get(one.by) or group.name
    document = _document(connection, post.flow)
    title = pick(document.title, "en") if document else post.flow
    about = pick(document.about, "en") if document else ""
    until = f"Open until {_day(one.due_at, group.zone)}, and late is welcome." if one.due_at else ""
    text = "This one is closed. Late answers are welcome." if post.is_closed else f"{asker} asks: {about}".strip()
    return InviteGroup(
        id=EffectId(f"{event.id}/{one.id}/{'closed' if post.is_closed else 'post'}"),
        person=one.by,
        place=channel,
        about=one.id,
        title=title,
        text=text,
        small=f"{_length(document)}{_how_often(connection, one)}{_readers(list(names.values()) or [asker])}",
        until=until,
        closes_at=one.due_at,
        is_closed=post.is_closed,
    )


def title_of(connection: Connection, flow: str) -> str:
    """Name a flow as the whole group may read it."""
    document = _document(connection, flow)
    return pick(document.title, "en") if document else flow


def _document(connection: Connection, flow: str) -> Document | None:
    version = current_versions(connection, [flow]).get(flow)
    written = read_document(connection, flow, version) if version else None
    return Document.model_validate_json(written) if written else None


def _readers(names: list[str]) -> str:
    """Say who reads, and that names stand beside the answers."""
    if len(names) == 1:
        return f"{names[0]} reads your answers, with your name."
    return f"{', '.join(names[:-1])} and {names[-1]} read your answers, with your name."


def _length(document: Document | None) -> str:
    """Say how long it takes, so that people can choose their moment."""
    questions = sum(isinstance(step, AskStep) for step in document.steps) if document else 0
    minutes = ceil(questions / QUESTIONS_A_MINUTE)
    return f"About {minutes} minute{'s' * (minutes > 1)}. " if questions else ""


def _how_often(connection: Connection, one: Occurrence) -> str:
    """Say how often it comes, where it does so by itself."""
    rules = [program.rule for program in programs_of(connection, one.group) if program.id == one.program]
    often = how_often(rule_from_json(rules[0])) if rules else ""
    return f"It comes {often}. " if often else ""


def _day(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"
