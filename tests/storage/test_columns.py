"""Columns that mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.storage.columns import UTCDateTime, among, micros, rows_of
from bot.storage.connection import Connection
from bot.storage.database import Database

THINGS = sa.table("people", sa.column("id", sa.Text), sa.column("name", sa.Text), sa.column("created_at", UTCDateTime))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        micros(datetime(2026, 3, 6, 10, 40))  # noqa: DTZ001


async def test_a_time_without_a_zone_reaches_no_database(database: Database) -> None:
    def write(connection: Connection) -> None:
        naive = datetime(2026, 3, 6, 10, 40)  # noqa: DTZ001
        connection.execute(sa.insert(THINGS), {"id": "a", "name": "a", "created_at": naive})

    with pytest.raises(sa.exc.StatementError, match="needs a zone"):
        await database.write(write)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_a_moment_is_kept_to_the_microsecond(at: datetime) -> None:
    back = UTCDateTime().process_result_value(micros(at), sqlite.dialect())
    assert back == at.astimezone(UTC)
    assert back.tzinfo is UTC


async def test_moments_of_all_zones_come_back_as_utc(database: Database) -> None:
    given_at = [datetime(2026, 3, 6, 10, 40, 0, 123456, timezone(timedelta(hours=h))) for h in (-12, 0, 14)]

    def work(connection: Connection) -> list[datetime]:
        given = [{"id": f"{n}", "name": "", "created_at": at} for n, at in enumerate(given_at)]
        connection.execute(sa.insert(THINGS), given)
        return list(connection.execute(sa.select(THINGS.c.created_at).order_by(THINGS.c.id)).scalars())

    found = await database.write(work)
    assert found == given_at
    assert {at.tzinfo for at in found} == {UTC}


HOSTILE = [
    "",
    "a'b",
    'a"b',
    "a\\b",
    "{a,b}",
    "[1]",
    "null",
    "NULL",
    "%s",
    ":x",
    "é",
    "👩‍👩‍👧",
    "\u2028",
    "a\nb",
    "\x7f",
]


async def test_any_strings_may_be_looked_for(database: Database) -> None:
    def work(connection: Connection) -> tuple[set[str], list[str]]:
        connection.execute(sa.insert(THINGS), [{"id": x, "name": x, "created_at": datetime.now(UTC)} for x in HOSTILE])
        sought = sa.select(THINGS.c.id).where(among(THINGS.c.id, "ids"))
        read = sa.select(rows_of("ids").c.value)
        return (
            set(connection.execute(sought, {"ids": [*HOSTILE, "nothing"]}).scalars()),
            list(connection.execute(read, {"ids": HOSTILE}).scalars()),
        )

    assert await database.write(work) == (set(HOSTILE), HOSTILE)


async def test_looking_for_none_finds_none(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        connection.execute(sa.insert(THINGS), {"id": "a", "name": "a", "created_at": datetime.now(UTC)})
        return list(connection.execute(sa.select(THINGS.c.id).where(among(THINGS.c.id, "ids")), {"ids": []}).scalars())

    assert await database.read(work) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=20))
async def test_a_list_of_texts_is_the_same_list_on_the_other_side(database: Database, texts: list[str]) -> None:
    read = sa.select(rows_of("ids").c.value)
    assert await database.read(lambda c: list(c.execute(read, {"ids": texts}).scalars())) == texts
