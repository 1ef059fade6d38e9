"""The sample school: its people and groups, read from `school.yaml`."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.core.events import EventId, GroupCreated
from bot.core.people import GroupId, PersonId, Role
from bot.core.schedules import at_wall_time
from bot.storage.bootstrap import add_owner
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members, change_group
from bot.storage.people import add_people, rename_person

SCHOOL = GroupId("maple-street")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGroup:
    """One group of the sample school."""

    id: GroupId
    name: str
    facilitator: PersonId
    learners: tuple[PersonId, ...]
    zone: str
    weekday: int
    at: time
    flows: tuple[str, ...]

    def asked_at(self, now: datetime, weeks_ago: int) -> datetime:
        """Find when the group was asked: its weekday and wall time, so many weeks before the last one that passed."""
        local = now.astimezone(ZoneInfo(self.zone))
        day = local - timedelta(days=(local.weekday() - self.weekday) % 7)
        latest = at_wall_time(day, self.at, self.zone)
        return (latest if latest <= now else latest - timedelta(weeks=1)) - timedelta(weeks=weeks_ago)


def build_school(connection: Connection, now: datetime) -> list[SampleGroup]:
    """Write the school down as it began, half a year ago; answer its groups."""
    given: dict[str, Any] = yaml.safe_load((files("bot.demo") / "school.yaml").read_text("utf-8"))
    began = (now - timedelta(weeks=26)).astimezone(UTC)
    owner = person_id(given["owner"]["name"])
    add_owner(connection, owner, SCHOOL, began)
    rename_person(connection, owner, given["owner"]["name"])
    change_group(connection, SCHOOL, {"name": given["school"], "zone": "Europe/Berlin"})
    groups = given["groups"]
    names = {name for group in groups for name in [group["facilitator"], *group["learners"]]}
    add_people(connection, sorted((person_id(n), n) for n in names if person_id(n) != owner), began)
    return [_build_group(connection, group, began) for group in groups]


def person_id(name: str) -> PersonId:
    """Name a person of the sample school after themselves."""
    return PersonId(name.lower().replace(" ", "-"))


def _build_group(connection: Connection, given: dict[str, Any], began: datetime) -> SampleGroup:
    group = SampleGroup(
        id=GroupId(given["id"]),
        name=given["name"],
        facilitator=person_id(given["facilitator"]),
        learners=tuple(person_id(name) for name in given["learners"]),
        zone=given["zone"],
        weekday=given["weekday"],
        at=time.fromisoformat(given["at"]),
        flows=tuple(given["flows"]),
    )
    created = GroupCreated(
        id=EventId(f"mull/demo/{group.id}"),
        at=began,
        who=group.facilitator,
        group=group.id,
        name=group.name,
        code=given["code"],
        setting=given["setting"],
        zone=group.zone,
        parent=SCHOOL,
    )
    add_group(connection, created)
    change_group(connection, group.id, {key: given[key] for key in ("task", "reply_day", "adult")})
    add_members(connection, group.id, group.learners, Role.LEARNER, began)
    add_members(connection, group.id, [group.facilitator], Role.FACILITATOR, began)
    return group
