"""A group that lives through its rounds, with the pages to look at."""

from bot.core.people import PersonId
from bot.runner.flow_shelf import FlowShelf
from bot.storage.database import Database
from bot.web.app import create_app
from bot.web.house import House
from tests.programs.group import Group
from tests.web.house import SECRET, Bell, Stage


async def a_group(database: Database, people: tuple[PersonId, ...], setting: str = "class") -> tuple[Group, Stage]:
    """Set a group up, and build a house around it."""
    group = Group(database, people)
    await group.set_up(setting)
    house = House(
        database=database,
        accept=group.inbox.accept,
        shelf=FlowShelf(),
        watch=Bell().watch,
        now=group.hands,
        secret=SECRET,
        base_url="http://mull.test",
    )
    return group, Stage(house, create_app(house), group.inbox, database, group.hands)
