"""The group a page is about, for those who may see that page; for anybody else there is nothing here."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends

from bot.core.errors import NotYours
from bot.core.people import Action, GroupId, authorize
from bot.storage.groups import load_groups
from bot.web.auth import Facilitating, InHouse, Visitor
from bot.web.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHere:
    """A group as its facilitators' pages show it; `may_read` says whether the visitor may read answers."""

    id: GroupId
    name: str
    code: str
    setting: str
    zone: str
    task: str
    reply_day: str
    adult: str
    may_read: bool

    @property
    def home(self) -> str:
        """Name the page a visitor comes back to."""
        return f"/groups/{self.id}" if self.may_read else f"/groups/{self.id}/roster"


async def groups_of(house: House, who: Visitor) -> list[GroupHere]:
    """List the groups a visitor administers or reads, in the order of their names."""
    readable = set(who.actor.groups(Action.READ_ANSWERS))
    ids = readable.union(who.actor.groups(Action.ADMINISTER))
    found = await house.database.read(lambda connection: load_groups(connection, ids))
    return [_here(row, may_read=row.id in readable) for row in found]


async def administered(group: str, who: Facilitating, house: InHouse) -> GroupHere:
    """Find the group of a page for those who may administer it."""
    return await _find(house, who, GroupId(group), Action.ADMINISTER)


async def read(group: str, who: Facilitating, house: InHouse) -> GroupHere:
    """Find the group of a page for those who may read its answers."""
    return await _find(house, who, GroupId(group), Action.READ_ANSWERS)


async def _find(house: House, who: Visitor, group: GroupId, action: Action) -> GroupHere:
    if not authorize(who.actor, action, [group]):
        raise NotYours
    found = await house.database.read(lambda connection: load_groups(connection, [group]))
    if not found:
        raise NotYours
    return _here(found[0], may_read=authorize(who.actor, Action.READ_ANSWERS, [group]))


def _here(row: Any, *, may_read: bool) -> GroupHere:
    return GroupHere(
        id=GroupId(row.id),
        name=row.name,
        code=row.code,
        setting=row.setting,
        zone=row.zone,
        task=row.task,
        reply_day=row.reply_day,
        adult=row.adult,
        may_read=may_read,
    )


Administered: TypeAlias = Annotated[GroupHere, Depends(administered)]
Read: TypeAlias = Annotated[GroupHere, Depends(read)]
