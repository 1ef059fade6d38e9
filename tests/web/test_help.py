"""Who reads what, and the way to an adult."""

import pytest

from bot.core.people import GroupId
from bot.storage.flags import open_flags
from bot.storage.groups import add_group, change_group, crisis_lines_of
from tests.stage import ADA, a_group
from tests.web.house import ADULT, BEN, CLASS, ELSEWHERE, Stage, form_on, send_fields, submit


async def test_the_help_page_names_who_reads(stage: Stage) -> None:
    page = await (await stage.signed_in(BEN)).get("/help")
    assert "Ms Ada" in page.text
    assert "Mr Dee" not in page.text


async def test_an_adult_is_one_tap_away_on_every_page(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for path in ("/me", "/me/answers", "/help", "/nowhere"):
        assert 'href="/adult"' in (await client.get(path)).text


async def test_asking_for_an_adult_raises_one_flag(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await client.get("/adult")
    assert "Ms Ada" in page.text
    assert ADULT in page.text
    fields = form_on(page, "/adult").fields
    for _ in range(2):
        page = await send_fields(client, "/adult", fields, {})
    assert "It&#39;s good that you said so" in page.text or "It's good that you said so" in page.text
    assert "Nobody watches this around the clock" in page.text
    flags = await stage.database.read(lambda connection: open_flags(connection, [CLASS]))
    assert [flag.person_id for flag in flags] == [BEN]


async def test_only_adults_of_ones_own_groups_are_asked(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await submit(client, await client.get("/adult"), "/adult", group=ELSEWHERE)
    assert page.status_code == 404
    assert not await stage.database.read(lambda connection: open_flags(connection, [ELSEWHERE]))


# The school's own crisis lines.

SCHOOL, ROOM = GroupId("north-school"), GroupId("room")
LINES = "School counsellor: 030 555 123\nHelpline: 116 111"


@pytest.mark.parametrize("path", ["/help", "/adult", f"/adult?asked={CLASS}"])
async def test_crisis_lines_stand_wherever_an_adult_is_named(stage: Stage, path: str) -> None:
    client = await stage.signed_in(BEN)
    assert "116 111" not in (await client.get(path)).text
    await stage.database.write(lambda connection: change_group(connection, CLASS, {"crisis_lines": LINES}))
    page = await client.get(path)
    assert LINES in page.text
    assert "no emergency line" in page.text


async def test_the_lines_of_the_nearest_group_above_hold_where_a_group_has_none(stage: Stage) -> None:
    names = [SCHOOL, ROOM, CLASS]

    async def read() -> dict[GroupId, str]:
        return await stage.database.read(lambda connection: crisis_lines_of(connection, names))

    await stage.database.write(lambda connection: add_group(connection, a_group(SCHOOL, ADA)))
    await stage.database.write(lambda connection: add_group(connection, a_group(ROOM, ADA, SCHOOL)))
    await stage.database.write(
        lambda connection: connection.exec_driver_sql(f"UPDATE groups SET parent_id = '{ROOM}' WHERE id = '{CLASS}'")
    )
    assert await read() == dict.fromkeys(names, "")
    await stage.database.write(lambda connection: change_group(connection, SCHOOL, {"crisis_lines": LINES}))
    assert await read() == dict.fromkeys(names, LINES)
    await stage.database.write(lambda connection: change_group(connection, CLASS, {"crisis_lines": "112"}))
    assert await read() == {SCHOOL: LINES, ROOM: LINES, CLASS: "112"}
