"""What a group is asked by itself, set and ended on its page."""

from datetime import date

import httpx
import pytest

from bot.core.people import PersonId, Role
from bot.runner.clock import Clock
from bot.storage.occurrences import occurrences_of
from bot.storage.programs import programs_of
from bot.web.pages.schedule import ALREADY, NOTHING
from bot.web.schedule_form import NO_DAY, NO_TIME
from tests.stage import ADA, CY, OLA
from tests.web.house import BEN, CLASS, Stage, enrol, forms_on, send_fields

PAGE = f"/groups/{CLASS}/schedule"


async def set_up(ada: httpx.AsyncClient, days: list[str], **more: str) -> httpx.Response:
    """Fill the form in, with days, and send it."""
    [form] = [one for one in forms_on(await ada.get(PAGE)) if "at" in one.fields]
    choices: dict[str, object] = {"what": "weekly-check-in", "at": "09:30", "day": days, **more}
    return await send_fields(ada, PAGE, {**form.fields, "day": []}, choices)  # type: ignore[arg-type]


async def test_a_check_in_comes_by_itself_on_its_days(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    assert "Nothing yet." in (await ada.get(PAGE)).text
    page = await set_up(ada, ["0", "3"])
    assert "It is set." in page.text
    assert "Monday and Thursday, 09:30, every week" in page.text
    assert "Monday 9 March, 09:30" in page.text
    stage.hands.move(days=2, hours=22)
    await Clock(stage.database, stage.inbox, stage.hands).tick()
    [begun] = await stage.database.read(lambda connection: occurrences_of(connection, CLASS, "check_in"))
    assert begun.by == ADA
    ada = await stage.signed_in(ADA)
    assert "Thursday 12 March, 09:30" in (await ada.get(PAGE)).text


@pytest.mark.parametrize(
    ("days", "more", "slip"),
    [([], {}, NO_DAY), (["9"], {}, NO_DAY), (["1"], {"at": "half nine"}, NO_TIME), (["1"], {"what": "tea"}, NOTHING)],
)
async def test_a_slip_keeps_what_was_chosen(stage: Stage, days: list[str], more: dict[str, str], slip: str) -> None:
    page = await set_up(await stage.signed_in(ADA), days, every="2", **more)
    assert page.status_code == 422
    assert slip in page.text
    assert 'value="2" checked' in page.text
    assert await stage.database.read(lambda connection: programs_of(connection, CLASS)) == []


async def test_a_habit_week_comes_every_second_week_until_it_is_ended(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await set_up(ada, ["4"], what="habit_of_week", every="2", at="08:00")
    assert "Friday, 08:00, every second week" in page.text
    [program] = await stage.database.read(lambda connection: programs_of(connection, CLASS))
    assert (program.kind, program.next_day) == ("habit_of_week", date(2026, 3, 20))
    [form] = [one for one in forms_on(page) if one.fields.get("program")]
    assert "It comes no more." in (await send_fields(ada, f"{PAGE}/end", form.fields, {})).text
    assert await stage.database.read(lambda connection: programs_of(connection, CLASS)) == []


async def test_the_same_is_not_set_twice(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    await set_up(ada, ["0"])
    assert ALREADY in (await set_up(ada, ["0"])).text
    assert "It is set." in (await set_up(ada, ["1"])).text
    assert len(await stage.database.read(lambda connection: programs_of(connection, CLASS))) == 2


@pytest.mark.parametrize("who", [BEN, CY, OLA])
async def test_who_does_not_read_the_answers_finds_nothing(stage: Stage, who: PersonId) -> None:
    await set_up(await stage.signed_in(ADA), ["0"])
    if who == OLA:
        await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    theirs = await stage.signed_in(who)
    assert (await theirs.get(PAGE)).status_code == 404
    for path in (PAGE, f"{PAGE}/end"):
        assert (await send_fields(theirs, path, {}, {"program": "p1", "what": "weekly-check-in"})).status_code in (
            403,
            404,
        )
    assert len(await stage.database.read(lambda connection: programs_of(connection, CLASS))) == 1
