"""Events that could not be applied, kept with the reason."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.storage.tables import set_aside


def put_aside(connection: Connection, event_id: str, reason: str, event: str, at: datetime) -> None:
    """Keep an event that poisons its batch; once is enough."""
    known = sa.select(set_aside.c.event_id).where(set_aside.c.event_id == event_id)
    if connection.execute(known).scalar() is None:
        row = {"event_id": event_id, "reason": reason, "event": event, "at": at}
        connection.execute(sa.insert(set_aside), row)
