"""What happens to runs besides turns."""

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.core.people import GroupId, PersonId
from bot.core.runs import RunStatus
from bot.storage.tables import runs, timers


def stop_runs(connection: Connection, person: PersonId, group: GroupId) -> None:
    """Stop a person's open runs in a group, with their deadlines; what was answered stays."""
    where = (runs.c.person_id == person, runs.c.group_id == group, runs.c.status == RunStatus.OPEN.value)
    connection.execute(sa.delete(timers).where(timers.c.run_id.in_(sa.select(runs.c.id).where(*where))))
    connection.execute(sa.update(runs).where(*where).values(status=RunStatus.STOPPED.value))
