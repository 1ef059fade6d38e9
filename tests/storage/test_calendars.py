"""School years of groups: a group's own, or that of the nearest above it."""

from datetime import date

import pytest

from bot.core.calendars import NO_YEAR, FreeTime, SchoolYear
from bot.core.people import GroupId
from bot.storage.calendars import drop_calendar, groups_under, origin_above, origin_of, own_year, save_calendar, year_of
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_group
from bot.storage.people import add_people
from tests.stage import ADA, NOW, a_group, rows

DISTRICT, SCHOOL, CLASS, CLUB, OTHER = (GroupId(name) for name in ("district", "school", "class", "club", "other"))
WINTER = SchoolYear(
    begins=date(2026, 9, 1),
    ends=date(2027, 7, 9),
    free=(FreeTime(date(2026, 12, 21), date(2027, 1, 3), "Winter’s break"),),
    shifts=True,
)
SPRING = SchoolYear(free=(FreeTime(date(2027, 3, 29), date(2027, 4, 9), "Easter"),))


@pytest.fixture
async def schools(database: Database) -> Database:
    """Put a class and a club into a school, and the school into a district; another school stands beside it."""

    def work(connection: Connection) -> None:
        add_people(connection, [(ADA, "Ms Ada")], NOW)
        for group, parent in ((DISTRICT, None), (SCHOOL, DISTRICT), (CLASS, SCHOOL), (CLUB, SCHOOL), (OTHER, DISTRICT)):
            add_group(connection, a_group(group, parent=parent))

    await database.write(work)
    return database


async def save(database: Database, group: GroupId, year: SchoolYear) -> None:
    """Write down a group's own year."""
    await database.write(lambda connection: save_calendar(connection, group, year, ADA, NOW))


async def years(database: Database) -> dict[str, SchoolYear]:
    """Read the year that holds in each group."""
    groups = (DISTRICT, SCHOOL, CLASS, CLUB, OTHER)
    return await database.read(lambda connection: {group: year_of(connection, group) for group in groups})


async def under(database: Database, group: GroupId) -> list[GroupId]:
    """List where a group's year holds."""
    return await database.read(lambda connection: groups_under(connection, group))


async def test_where_nothing_was_set_every_day_is_open(schools: Database) -> None:
    assert set((await years(schools)).values()) == {NO_YEAR}
    assert await schools.read(lambda connection: own_year(connection, CLASS)) is None
    assert await schools.read(lambda connection: origin_of(connection, CLASS)) is None


async def test_the_year_of_the_nearest_group_above_holds(schools: Database) -> None:
    await save(schools, DISTRICT, SPRING)
    await save(schools, SCHOOL, WINTER)
    expected = {DISTRICT: SPRING, SCHOOL: WINTER, CLASS: WINTER, CLUB: WINTER, OTHER: SPRING}
    assert await years(schools) == expected
    assert await schools.read(lambda connection: origin_of(connection, CLASS)) == SCHOOL
    assert await schools.read(lambda connection: origin_above(connection, SCHOOL)) == DISTRICT
    await save(schools, CLASS, NO_YEAR)
    assert await years(schools) == {**expected, CLASS: NO_YEAR}


async def test_a_year_set_anew_takes_the_place_of_the_old_one(schools: Database) -> None:
    await save(schools, SCHOOL, WINTER)
    await save(schools, SCHOOL, SPRING)
    assert await schools.read(lambda connection: own_year(connection, SCHOOL)) == SPRING
    await schools.write(lambda connection: drop_calendar(connection, SCHOOL))
    assert await schools.read(lambda connection: own_year(connection, SCHOOL)) is None


async def test_what_is_set_holds_in_the_groups_below_without_their_own(schools: Database) -> None:
    assert await under(schools, DISTRICT) == sorted([DISTRICT, SCHOOL, CLASS, CLUB, OTHER])
    await save(schools, SCHOOL, WINTER)
    assert await under(schools, DISTRICT) == sorted([DISTRICT, OTHER])
    assert await under(schools, SCHOOL) == sorted([SCHOOL, CLASS, CLUB])
    assert await under(schools, CLASS) == [CLASS]


async def test_groups_that_stand_above_each_other_come_to_an_end(schools: Database) -> None:
    await rows_changed(schools, "UPDATE groups SET parent_id = 'class' WHERE id = 'district'")
    assert set((await years(schools)).values()) == {NO_YEAR}
    assert len(await under(schools, SCHOOL)) == 5
    await save(schools, CLASS, WINTER)
    assert set((await years(schools)).values()) == {WINTER}


async def test_a_year_goes_with_its_group(schools: Database) -> None:
    await save(schools, CLUB, WINTER)
    await rows_changed(schools, "DELETE FROM groups WHERE id = 'club'")
    assert await rows(schools, "SELECT * FROM calendars") == []


async def rows_changed(database: Database, sql: str) -> None:
    """Change rows behind our own back."""

    def work(connection: Connection) -> None:
        connection.exec_driver_sql(sql)

    await database.write(work)
