"""What platforms write down for themselves, by name: nothing of it is about people."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.tables import platform_marks


def read_mark(connection: Connection, platform: str, name: str) -> str:
    """Read what a platform wrote down; empty where it wrote nothing."""
    found = sa.select(platform_marks.c.value).where(*_named(platform, name))
    return str(connection.execute(found).scalar() or "")


def write_mark(connection: Connection, platform: str, name: str, value: str) -> None:
    """Write something down, over what stood there."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    kept = insert(platform_marks).values(platform=platform, name=name, value=value)
    connection.execute(kept.on_conflict_do_update(index_elements=["platform", "name"], set_={"value": value}))


def _named(platform: str, name: str) -> tuple["sa.ColumnElement[bool]", ...]:
    return platform_marks.c.platform == platform, platform_marks.c.name == name
