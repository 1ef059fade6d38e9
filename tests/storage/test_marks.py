"""What a platform wrote down for itself is what it reads."""

from bot.storage.database import Database
from bot.storage.marks import read_mark, write_mark
from tests.stage import count


async def write(database: Database, value: str, platform: str = "discord", name: str = "commands") -> None:
    """Write something down."""
    await database.write(lambda connection: write_mark(connection, platform, name, value))


async def read(database: Database, platform: str = "discord", name: str = "commands") -> str:
    """Read what was written down."""
    return await database.read(lambda connection: read_mark(connection, platform, name))


async def test_what_was_never_written_is_empty(database: Database) -> None:
    assert await read(database) == ""
    await write(database, "")
    assert await read(database) == ""


async def test_what_is_written_stands_in_place_of_what_was(database: Database) -> None:
    for value in ("1f3a", "\u00fc \U0001f600 '%", "2b"):
        await write(database, value)
        assert await read(database) == value
    assert await count(database, "platform_marks") == 1


async def test_each_platform_has_names_of_its_own(database: Database) -> None:
    await write(database, "a")
    await write(database, "b", platform="slack")
    await write(database, "c", name="scopes")
    assert [await read(database), await read(database, "slack"), await read(database, name="scopes")] == ["a", "b", "c"]
    assert await read(database, "slack", "scopes") == ""
