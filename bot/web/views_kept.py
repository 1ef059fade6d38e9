"""Who looked at whose answers: every page that shows some writes it down, for those whose answers they are."""

from collections.abc import Collection, Mapping

from bot.core.people import GroupId, PersonId
from bot.storage.answers import RunRead
from bot.storage.audit import Deed, note_deed
from bot.storage.connection import Connection
from bot.web.auth import Visitor
from bot.web.house import House


async def keep_views(house: House, who: Visitor, runs: Collection[RunRead]) -> None:
    """Write down whose runs a visitor was shown."""
    shown: dict[GroupId, set[PersonId]] = {}
    for run in runs:
        shown.setdefault(run.group, set()).add(run.person)
    await _keep(house, who, shown)


async def keep_view(house: House, who: Visitor, group: GroupId, shown: Collection[PersonId]) -> None:
    """Write down whose answers in a group a visitor was shown."""
    await _keep(house, who, {group: shown})


async def _keep(house: House, who: Visitor, shown: Mapping[GroupId, Collection[PersonId]]) -> None:
    """Write it down in one transaction; one's own answers are no news."""
    about = {group: others for group, people in sorted(shown.items()) if (others := set(people) - {who.person})}
    at = house.now()

    def work(connection: Connection) -> None:
        for group, others in about.items():
            note_deed(connection, who.person, Deed.READ, group=group, about=others, at=at)

    if about:
        await house.database.write(work)
