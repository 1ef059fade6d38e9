"""What a group is asked by itself, set from the chat; and when somebody likes to be asked."""

from datetime import date, time, timedelta

import pytest

from bot.core.people import Identity, PersonId
from bot.core.programs import Program
from bot.core.schedules import Weekly, rule_from_json
from bot.desk.english import ENGLISH
from bot.desk.rhythm import read_time
from bot.storage.database import Database
from bot.storage.flows import publish_flow
from bot.storage.programs import programs_of
from tests.desk.asking import BEN, STRANGER, Counter, a_counter, buttons_of, does_of, text_of
from tests.stage import ADA, CY, FLOW, NOW, OLA, class_of, rows

PLANNING = "Planning what a group is asked is for those who lead it."


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk."""
    return await a_counter(database)


async def plans(at: Counter) -> list[Program]:
    """Read what the class runs by itself."""
    return await at.database.read(lambda connection: programs_of(connection, class_of(0)))


@pytest.mark.parametrize(
    ("typed", "days", "at", "every", "rest"),
    [
        ("thursday 15:10", (3,), time(15, 10), 1, ""),
        ("every Thursday at 3pm", (3,), time(15), 1, ""),
        ("mondays and thursdays, 9.30", (0, 3), time(9, 30), 1, ""),
        ("every second tue 8am", (1,), time(8), 2, ""),
        ("weekly-check-in fri 12am", (4,), time(0), 1, "weekly-check-in"),
        ("fri 12pm", (4,), time(12), 1, ""),
        ("fri 25:00", (4,), None, 1, "25:00"),
        ("", (), None, 1, ""),
    ],
)
def test_days_and_times_as_people_write_them(
    typed: str, days: tuple[int, ...], at: time | None, every: int, rest: str
) -> None:
    assert read_time(typed, ENGLISH.calendar.weekdays) == (days, at, every, rest)


async def test_ada_sets_a_rhythm_in_one_line_sees_it_and_ends_it(at: Counter) -> None:
    assert "is asked nothing by itself yet" in text_of(await at.say(ADA, "program"))
    reply = await at.say(ADA, f"program {FLOW.flow} thursday 15:10")
    assert "Three questions: Thursday, 15:10, every week. Next: Thu 12 Mar, 15:10." in text_of(reply)
    [found] = await plans(at)
    rule = rule_from_json(found.rule)
    assert isinstance(rule, Weekly)
    assert (rule.weekdays, rule.at, rule.every) == ((3,), time(15, 10), 1)
    assert (found.lasts, found.reminders) == (timedelta(days=4), 1)
    assert "comes already" in text_of(await at.say(ADA, f"program {FLOW.flow} thursday 15:10"))
    shown = await at.say(ADA, "schedule")
    assert "Thursday, 15:10, every week" in text_of(shown)
    assert "It comes no more" in text_of(await at.say(ADA, does_of(shown)[0]))
    assert await plans(at) == []


@pytest.mark.parametrize("name", ["week", "ask", "monday", "second", "set"])
async def test_a_flow_may_be_called_what_else_says_when(at: Counter, name: str) -> None:
    one = FLOW.model_copy(update={"flow": name, "title": f"About {name}"})
    await at.database.write(lambda connection: publish_flow(connection, name, one.version, one.to_json(), NOW))
    for number, words in enumerate((f"set {name} thursday 15:10", f"set About {name} tue and fri at 8am"), start=1):
        assert f"About {name}: " in text_of(await at.say(ADA, f"program {words}"))
        assert len(await plans(at)) == number
    found = [(one.choices["flow"], rule_from_json(one.rule)) for one in await plans(at)]
    since = date(2026, 3, 6)
    assert (name, Weekly(weekdays=(3,), at=time(15, 10), since=since)) in found
    assert (name, Weekly(weekdays=(1, 4), at=time(8), since=since)) in found
    reply = await at.say(ADA, f"program set {name}")
    assert "Monday" in [button.label for button in buttons_of(reply)]
    assert f"program set {name} monday" in does_of(reply)[0]


async def test_what_is_missing_is_asked_by_buttons_until_it_is_set(at: Counter) -> None:
    reply = await at.say(ADA, does_of(await at.say(ADA, "program"))[-1])
    for _ in range(4):
        if await plans(at):
            break
        reply = await at.say(ADA, buttons_of(reply)[0].does)
    [found] = await plans(at)
    rule = rule_from_json(found.rule)
    assert isinstance(rule, Weekly)
    assert (rule.weekdays, rule.at) == ((0,), time(8, 30))


@pytest.mark.parametrize("who", [BEN, OLA, STRANGER])
async def test_nobody_else_plans_for_a_group(at: Counter, who: PersonId | Identity) -> None:
    await at.say(ADA, f"program {FLOW.flow} thursday 15:10")
    [found] = await plans(at)
    for words in ("program", f"program {FLOW.flow} friday 9:00", f"program end {found.id}"):
        assert text_of(await at.say(who, words)).startswith(PLANNING)
    assert [one.id for one in await plans(at)] == [found.id]


async def test_cy_plans_for_their_own_group_only(at: Counter) -> None:
    await at.say(ADA, f"program {FLOW.flow} thursday 15:10")
    [found] = await plans(at)
    for words in ("program", f"program end {found.id}", f"program {FLOW.flow} friday 9:00 {class_of(0)}"):
        assert "Thursday" not in text_of(await at.say(CY, words))
    assert [one.id for one in await plans(at)] == [found.id]


async def test_ben_chooses_his_own_time_and_takes_it_back(at: Counter) -> None:
    async def likes() -> tuple[object, ...]:
        found = "SELECT prefers_weekday, prefers_clock FROM people WHERE id = :who"
        return tuple((await rows(at.database, found, who=BEN))[0])

    assert "reaches you when it comes" in text_of(await at.say(BEN, "when"))
    assert "Thursday, 16:00" in text_of(await at.say(BEN, "when thursday 4pm"))
    assert await likes() == (3, "16:00:00")
    assert "Thursday, 16:00" in text_of(await at.say(BEN, "settings"))
    assert "To choose your own time" in text_of(await at.say(BEN, "when grmpf"))
    assert await likes() == (3, "16:00:00")
    await at.say(BEN, "when any time")
    assert await likes() == (None, None)


async def test_a_stranger_has_no_time_to_choose(at: Counter) -> None:
    assert "not in a group yet" in text_of(await at.say(STRANGER, "when thursday 16:00"))
