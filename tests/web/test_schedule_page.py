"""All that the schedule page can set, and what it shows of the weeks ahead and behind."""

import re
from datetime import date, time, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.core.calendars import FreeTime, SchoolYear
from bot.core.events import EventId, GroupChanged
from bot.core.people import PersonId, Role
from bot.core.programs import Program
from bot.core.schedules import LAST, Monthly, MonthlyOn, OnDates, Rule, Weekly, rule_from_json
from bot.runner.clock import Clock
from bot.runner.fan_out import NOT_IN_TIME
from bot.runner.schedule import due_event
from bot.storage.calendars import save_calendar
from bot.storage.connection import Connection
from bot.storage.groups import load_groups
from bot.storage.programs import programs_of
from bot.storage.prompts import budget_of
from bot.storage.tables import outbox
from bot.web.pages.schedule import ALREADY, IS_OVER, NEVER, NO_BUDGET
from bot.web.schedule_form import NO_DATE, NO_DATES, NO_MONTH_DAY, NO_NTH, ODD_LENGTH, ODD_REMINDERS
from tests.stage import ADA, CY, NOW, OLA, rows
from tests.web.house import BEN, CLASS, Stage, enrol, form_on, send_fields

PAGE = f"/groups/{CLASS}/schedule"
TODAY = date(2026, 3, 6)
HALF_NINE = time(9, 30)
SPRING = FreeTime(date(2026, 3, 16), date(2026, 3, 20), "Spring break")


async def fill(ada: httpx.AsyncClient, **typed: Any) -> httpx.Response:
    """Fill the form in and send it."""
    form = form_on(await ada.get(PAGE), f"{PAGE}#more")
    return await send_fields(ada, PAGE, form.fields, {"what": "weekly-check-in", "at": "09:30", **typed})


async def set_programs(stage: Stage) -> list[Program]:
    """Read what the class has set."""
    return await stage.database.read(lambda connection: programs_of(connection, CLASS))


async def have_holidays(stage: Stage, *free: FreeTime, shifts: bool = False) -> None:
    """Give the class time off: a week, if nothing is said."""
    year = SchoolYear(free=free or (SPRING,), shifts=shifts)
    await stage.database.write(lambda connection: save_calendar(connection, CLASS, year, ADA, NOW))


@pytest.mark.parametrize(
    ("typed", "rule", "words"),
    [
        ({"day": ["0"], "every": "1"}, Weekly((0,), HALF_NINE, TODAY), "Monday, 09:30, every week"),
        ({"day": ["0"], "every": "2"}, Weekly((0,), HALF_NINE, TODAY, 2), "Next: Monday 16 March, 09:30"),
        ({"day": ["0"], "every": "2next"}, Weekly((0,), HALF_NINE, date(2026, 3, 9), 2), "Next: Monday 9 March, 09:30"),
        ({"kind": "monthly", "month_day": "31"}, Monthly(31, HALF_NINE, TODAY), "Next: Tuesday 31 March, 09:30"),
        (
            {"kind": "monthly_on", "nth": "1", "weekday": "0"},
            MonthlyOn(1, 0, HALF_NINE, TODAY),
            "The first Monday of every month, 09:30",
        ),
        (
            {"kind": "monthly_on", "nth": "-1", "weekday": "4"},
            MonthlyOn(LAST, 4, HALF_NINE, TODAY),
            "The last Friday of every month, 09:30",
        ),
        (
            {"kind": "dates", "dates": "2026-09-01\r\n\r\n1 April 2026\r\n2026-09-01"},
            OnDates((date(2026, 4, 1), date(2026, 9, 1)), HALF_NINE),
            "1 April 2026 and 1 September 2026, 09:30",
        ),
        ({"kind": "once", "once": "2026-04-02"}, OnDates((date(2026, 4, 2),), HALF_NINE), "2 April 2026, 09:30"),
    ],
)
async def test_every_rule_can_be_set_and_is_said_in_words(
    stage: Stage, typed: dict[str, Any], rule: Rule, words: str
) -> None:
    page = await fill(await stage.signed_in(ADA), **typed)
    assert "It is set." in page.text
    assert words in page.text
    [program] = await set_programs(stage)
    assert rule_from_json(program.rule) == rule
    assert (program.lasts, program.reminders, program.is_own_time) == (timedelta(days=4), 1, False)


async def test_windows_reminders_and_ones_own_time_are_set(stage: Stage) -> None:
    page = await fill(await stage.signed_in(ADA), day=["3"], lasts="2", reminders="2", whose="own")
    [program] = await set_programs(stage)
    assert (program.lasts, program.reminders, program.is_own_time) == (timedelta(days=2), 2, True)
    assert "Open for 2 days, two reminders at most" in page.text
    assert "in each person&#39;s own time" in page.text


async def test_a_habit_week_keeps_the_groups_time_and_its_own_pace(stage: Stage) -> None:
    page = await fill(await stage.signed_in(ADA), what="habit_of_week", day=["0"], whose="own")
    [program] = await set_programs(stage)
    assert not program.is_own_time
    assert "Open for 4 days" not in page.text
    assert "/preview/habit_of_week?order=fixed" in page.text


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ({"kind": "monthly", "month_day": "32"}, NO_MONTH_DAY),
        ({"kind": "monthly", "month_day": "²"}, NO_MONTH_DAY),
        ({"kind": "monthly_on", "nth": "5", "weekday": "0"}, NO_NTH),
        ({"kind": "monthly_on", "nth": "1", "weekday": "7"}, NO_NTH),
        ({"kind": "dates", "dates": "  "}, NO_DATES),
        ({"kind": "dates", "dates": "2026-09-01\n\n2026-13-01 & more"}, "Line 3, “2026-13-01 &amp; more”"),
        ({"kind": "dates", "dates": "2026-09-01 to 2026-09-04"}, "Please give each a line of its own."),
        ({"kind": "once", "once": "soon"}, NO_DATE),
        ({"kind": "once", "once": ""}, NO_DATE),
        ({"kind": "once", "once": "2026-03-05"}, IS_OVER),
        ({"kind": "once", "once": "2026-03-17"}, NEVER),
        ({"day": ["1"], "lasts": "40"}, ODD_LENGTH),
        ({"day": ["1"], "reminders": "9"}, ODD_REMINDERS),
    ],
)
async def test_a_slip_says_what_to_do_and_loses_nothing(stage: Stage, typed: dict[str, Any], slip: str) -> None:
    await have_holidays(stage)
    page = await fill(await stage.signed_in(ADA), **typed)
    assert page.status_code == 422
    assert slip in page.text
    assert await set_programs(stage) == []
    kept = form_on(page, f"{PAGE}#more").fields
    plain = {name: value for name, value in typed.items() if name in ("kind", "month_day", "dates", "once")}
    assert {name: kept[name] for name in plain} == {name: [value] for name, value in plain.items()}


async def test_what_is_folded_away_is_open_after_a_slip(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    assert '<details class="fold" open>' not in (await fill(ada)).text
    page = await fill(ada, reminders="0")
    assert '<details class="fold" open>' in page.text
    assert form_on(page, f"{PAGE}#more").fields["reminders"] == ["0"]


async def test_two_that_take_turns_are_not_the_same(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    await fill(ada, day=["0"], every="2")
    assert "It is set." in (await fill(ada, day=["0"], every="2next")).text
    stage.hands.move(days=14)
    ada = await stage.signed_in(ADA)
    assert ALREADY in (await fill(ada, day=["0"], every="2")).text


async def test_the_weeks_ahead_name_what_comes_and_what_is_free(stage: Stage) -> None:
    await have_holidays(stage)
    text = (await fill(await stage.signed_in(ADA), day=["3"])).text
    assert text.count("<strong>09:30 Weekly check-in</strong>") == 4
    assert text.count("Weekly check-in: not on this day") == 1
    assert text.count("Spring break") == 5
    assert "to 1 person" in text
    assert "On Sunday a reminder to whoever still has it open." in text


async def test_what_a_free_day_moves_stands_where_it_comes(stage: Stage) -> None:
    await have_holidays(stage, shifts=True)
    text = (await fill(await stage.signed_in(ADA), kind="once", once="2026-03-19")).text
    assert "moved from Thursday 19 March" in text
    assert "not on this day" not in text


def days_with_entries(page: httpx.Response) -> list[str]:
    """List the days of the weeks ahead on which something comes, such as `10 April`."""
    cells = page.text.partition('id="ahead"')[2].partition('id="more"')[0].split('<li class="day')[1:]
    dates = [re.search(r"</span> (\d+)<span class=\"unseen\">( \w+)</span>", cell) for cell in cells]
    return [found[1] + found[2] for cell, found in zip(cells, dates, strict=True) if found and "<strong>" in cell]


@pytest.mark.parametrize(
    ("typed", "until", "comes_on"),
    [
        ({"kind": "once", "once": "2026-04-03"}, date(2026, 4, 9), ["10 April"]),
        ({"kind": "once", "once": "2026-04-03"}, date(2026, 4, 12), []),
        ({"kind": "once", "once": "2026-04-10"}, date(2026, 4, 19), []),
        ({"kind": "monthly", "month_day": "3"}, date(2026, 4, 7), ["8 April"]),
        ({"kind": "monthly", "month_day": "10"}, date(2026, 4, 19), ["10 March"]),
    ],
)
async def test_what_a_free_day_moves_into_the_last_week_or_beyond_it_is_nowhere_left_out(
    stage: Stage, typed: dict[str, Any], until: date, comes_on: list[str]
) -> None:
    """Let the six weeks shown end on Sunday 12 April, within holidays or after them."""
    await have_holidays(stage, FreeTime(date(2026, 4, 3), until, "Easter break"), shifts=True)
    page = await fill(await stage.signed_in(ADA), **typed)
    assert "It is set." in page.text
    assert days_with_entries(page) == comes_on
    assert ("moved from Friday 3 April" in page.text) is any("April" in day for day in comes_on)
    assert "not on this day" not in page.text


async def test_it_says_how_the_last_one_went_and_whom_nothing_reached(stage: Stage) -> None:
    await enrol(stage, {PersonId("zora"): "Zora"})
    await fill(await stage.signed_in(ADA), day=["0"])
    stage.hands.move(days=2, hours=22)
    for _ in range(3):
        await Clock(stage.database, stage.inbox, stage.hands).tick()
        stage.hands.move(minutes=1)

    def work(connection: Connection) -> None:
        mine = sa.update(outbox).where(outbox.c.person_id == BEN)
        connection.execute(mine.values(state="dead", reason="direct messages are closed"))

    await stage.database.write(work)
    text = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "Last time, today: 2 asked, 0 answered" in text
    assert "Could not reach Ben Okafor: direct messages are closed." in text
    assert "Zora" not in text


async def live(stage: Stage, *, days: int, hours: int = 0) -> None:
    """Let time pass, and the clock look."""
    stage.hands.move(days=days, hours=hours)
    await Clock(stage.database, stage.inbox, stage.hands).tick()


async def test_it_says_for_how_many_it_comes_later_because_their_week_is_full(stage: Stage) -> None:
    await enrol(stage, {PersonId("zora"): "Zora"})
    ada = await stage.signed_in(ADA)
    await send_fields(
        ada, f"{PAGE}/budget", form_on(await ada.get(PAGE), f"{PAGE}/budget#week").fields, {"budget": "1"}
    )
    await fill(ada, kind="once", once="2026-03-11")
    await fill(ada, kind="once", once="2026-03-13", what="plan-work")
    await live(stage, days=5)
    assert "their week was full" not in (await (await stage.signed_in(ADA)).get(PAGE)).text
    await live(stage, days=2)
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert page.count("For 2 it comes later, because their week was full.") == 1


async def test_it_says_that_some_could_not_be_asked_in_time(stage: Stage) -> None:
    await fill(await stage.signed_in(ADA), day=["0"], lasts="1")
    stage.hands.move(days=2, hours=22)
    [program] = await set_programs(stage)
    begun = due_event(program, stage.hands())
    assert begun is not None
    await stage.happen(begun)
    assert NOT_IN_TIME not in (await (await stage.signed_in(ADA)).get(PAGE)).text
    await live(stage, days=1)
    text = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert text.count(NOT_IN_TIME) == 1
    assert "asked," not in text
    assert await rows(stage.database, "SELECT * FROM runs") == []


async def test_the_prompts_a_week_are_chosen(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    form = form_on(await ada.get(PAGE), f"{PAGE}/budget#week")
    assert form.fields["budget"] == ["3"]
    assert "Saved." in (await send_fields(ada, form.action, form.fields, {"budget": "5"})).text
    assert await stage.database.read(lambda connection: budget_of(connection, CLASS)) == 5
    page = await send_fields(ada, form.action, form_on(await ada.get(PAGE), form.action).fields, {"budget": "15"})
    assert page.status_code == 422
    assert NO_BUDGET in page.text
    assert form_on(page, form.action).fields["budget"] == ["15"]


@pytest.mark.parametrize("budget", ["0", "15", "-1", "many", "", "³", "9" * 5000])
async def test_a_budget_that_is_none_is_left_alone_at_the_door(stage: Stage, budget: str) -> None:
    changes = {"budget": budget, "task": "our garden"}
    await stage.happen(GroupChanged(id=EventId("test/budget"), at=NOW, who=ADA, group=CLASS, changes=changes))
    [group] = await stage.database.read(lambda connection: load_groups(connection, [CLASS]))
    assert (group.budget, group.task) == (3, "our garden")


@pytest.mark.parametrize("who", [BEN, CY, OLA])
async def test_only_who_reads_the_answers_changes_the_week(stage: Stage, who: PersonId) -> None:
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    theirs = await stage.signed_in(who)
    assert (await theirs.get(PAGE)).status_code == 404
    assert (await send_fields(theirs, f"{PAGE}/budget", {}, {"budget": "9"})).status_code in (403, 404)
    assert await stage.database.read(lambda connection: budget_of(connection, CLASS)) == 3
