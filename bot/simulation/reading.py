"""Reading what the house kept of a year, as its facilitators would."""

from bot.core.people import GroupId
from bot.simulation.record import Stored
from bot.simulation.year import Year
from bot.storage.answers import Sought, read_runs
from bot.storage.connection import Connection
from bot.storage.database import Database

MOST = 100_000


async def read_stored(database: Database, year: Year) -> list[Stored]:
    """Read every answer that the groups of a year gave."""
    return await database.read(lambda connection: _read(connection, year))


def _read(connection: Connection, year: Year) -> list[Stored]:
    programs = {program.flow: program.id for program in year.programs}
    found = []
    for group in year.groups:
        for run in read_runs(connection, Sought(groups=[GroupId(group.id)]), MOST).runs:
            found += [Stored(run.person, programs[run.flow], answer.said, answer.is_late) for answer in run.answers]
    return found
