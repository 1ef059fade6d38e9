"""How somebody is to be reached, on both databases."""

from bot.core.people import Place
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.people import meet_at, want_messages
from bot.storage.reach import Reach, load_reach
from tests.stage import ADA, set_stage


async def test_somebody_is_reached_where_they_chose_and_as_they_wish(database: Database) -> None:
    await set_stage(database)
    assert await database.read(lambda connection: load_reach(connection, ADA)) == Reach(None, False)
    place = Place("discord:@me:1")

    def work(connection: Connection) -> Reach:
        meet_at(connection, ADA, place)
        want_messages(connection, ADA, is_wanted=True)
        return load_reach(connection, ADA)

    assert await database.write(work) == Reach(place, True)
