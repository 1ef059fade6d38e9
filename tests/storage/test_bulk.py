"""Many rows in one statement: the same on both databases as one at a time."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.bulk import BulkInsert, BulkUpdate
from bot.storage.columns import micros
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import memories, outbox, people
from tests.stage import NOW, rows

AT = micros(NOW)
ADDED = BulkInsert(people, ["id", "name", "zone", "card", "created_at"])
CHANGED = BulkUpdate(people, ["name", "zone", "card", "id"])
KEPT = BulkInsert(
    memories,
    ["person_id", "group_id", "name", "text", "at"],
    keys=["person_id", "group_id", "name"],
    changes=["text", "at"],
)
EVERYBODY = "SELECT id, name, zone, card, created_at FROM people ORDER BY card, id"

Texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


async def test_rows_are_added_as_given_in_their_order(database: Database) -> None:
    given = [(f"{n}", f"Name {n}", None if n % 2 else "UTC", n, AT + n) for n in range(300)]
    await database.write(lambda connection: ADDED.run(connection, given))
    assert await rows(database, EVERYBODY) == given


async def test_columns_left_out_keep_their_defaults(database: Database) -> None:
    few = BulkInsert(people, ["id", "name", "created_at"])
    await database.write(lambda connection: few.run(connection, [("a", "A", AT)]))
    assert await rows(database, "SELECT id, lang, card, zone FROM people") == [("a", "en", 1, None)]


async def test_rows_that_are_numbered_are_numbered_in_the_order_given(database: Database) -> None:
    names = ["id", "platform", "place", "person_id", "kind", "body", "state", "due_at", "created_at"]
    put = BulkInsert(outbox, names)
    given = [(f"{n}", "fake", "fake:x", "x", "SendMessage", "{}", "pending", AT, AT) for n in range(500)]
    await database.write(lambda connection: put.run(connection, given[:200]))
    await database.write(lambda connection: put.run(connection, given[200:]))
    assert await rows(database, "SELECT id FROM outbox ORDER BY seq") == [(f"{n}",) for n in range(500)]


async def test_no_rows_are_no_statement(database: Database) -> None:
    def nothing(connection: Connection) -> None:
        for bulk in (ADDED, CHANGED, KEPT):
            bulk.run(connection, [])

    await database.write(nothing)
    assert await rows(database, EVERYBODY) == []


async def test_only_the_rows_named_are_changed(database: Database) -> None:
    before = [(f"{n}", "before", None, n, AT) for n in range(100)]

    def work(connection: Connection) -> None:
        ADDED.run(connection, before)
        CHANGED.run(connection, [("after", "UTC", n, f"{n}") for n in range(0, 100, 2)])
        CHANGED.run(connection, [("nobody", None, 0, "not there")])

    await database.write(work)
    expected = [(i, "after", "UTC", n, at) if n % 2 == 0 else (i, name, zone, n, at) for i, name, zone, n, at in before]
    assert await rows(database, EVERYBODY) == expected


async def test_rows_that_are_there_get_the_changes_and_nothing_else(database: Database) -> None:
    def work(connection: Connection) -> None:
        KEPT.run(connection, [("ben", "g", "plan", "old", 1), ("ben", "", "plan", "own", 1)])
        KEPT.run(connection, [("ben", "g", "plan", "new", 2), ("cleo", "g", "plan", "first", 2)])

    await database.write(work)
    assert await rows(database, "SELECT * FROM memories ORDER BY person_id, group_id") == [
        ("ben", "", "plan", "own", 1),
        ("ben", "g", "plan", "new", 2),
        ("cleo", "g", "plan", "first", 2),
    ]


async def test_a_column_whose_name_is_a_word_of_sql_is_quoted(database: Database) -> None:
    table = sa.Table("words", sa.MetaData(), sa.Column("id", sa.Text), sa.Column("order", sa.Integer))

    def work(connection: Connection) -> None:
        table.create(connection)
        BulkInsert(table, ["id", "order"]).run(connection, [("a", 1)])
        BulkUpdate(table, ["order", "id"]).run(connection, [(2, "a")])

    await database.write(work)
    assert await rows(database, "SELECT * FROM words") == [("a", 2)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given=st.dictionaries(Texts, st.tuples(Texts, st.none() | Texts, st.integers(0, 2**31 - 1)), max_size=30),
    data=st.data(),
)
async def test_whatever_is_written_comes_back(
    database: Database, given: dict[str, tuple[str, str | None, int]], data: st.DataObject
) -> None:
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(given)), Texts)) if given else {}

    def work(connection: Connection) -> None:
        connection.execute(sa.delete(people))
        ADDED.run(connection, [(i, name, zone, card, AT) for i, (name, zone, card) in given.items()])
        CHANGED.run(connection, [(name, given[i][1], given[i][2], i) for i, name in changed.items()])

    await database.write(work)
    expected = {i: (changed.get(i, name), zone, card, AT) for i, (name, zone, card) in given.items()}
    assert {row[0]: row[1:] for row in await rows(database, EVERYBODY)} == expected
