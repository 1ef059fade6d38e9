"""A learner lives a habit week on a phone, from the plan to the look back."""

import pytest
from playwright.async_api import expect

from bot.core.occurrences import OccurrenceStatus
from bot.storage.occurrences import occurrences_of
from tests.browser.learner import answer, pass_time, reply
from tests.browser.looking import look_over
from tests.browser.serving import Windows
from tests.stage import ADA
from tests.web.house import BEN, CLASS, Stage

PLAN = "Turn the page before I start over"
WHEN = "On Tuesday, as soon as I open my book"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_habit_week_from_plan_to_look_back(windows: Windows, stage: Stage, scripts: bool) -> None:
    ada = await windows.open(ADA, width=1280)
    await ada.goto(f"/groups/{CLASS}/programs")
    await ada.get_by_role("button", name="Begin a habit week").click()

    # Monday: the habit in plain words, and one small plan.
    phone = await windows.open(BEN, scripts=scripts)
    await phone.goto("/me")
    await expect(phone.locator(".talk")).to_contain_text("Ms Ada chose a habit to try this week: Persisting.")
    if scripts:
        await look_over(phone)
    await reply(phone, PLAN)
    await reply(phone, WHEN)
    await expect(phone.locator(".talk")).to_contain_text("I'll show you your plan again in the middle of the week.")

    # Midweek: the plan in one's own words; it can be left, and comes back in the end all the same.
    await pass_time(stage, days=2, minutes=1)
    phone = await windows.open(BEN, scripts=scripts)
    await phone.goto("/me")
    await expect(phone.locator(".talk")).to_contain_text(f'For this week you wrote: "{PLAN} – {WHEN}"')
    await reply(phone, "[Skip]")

    # Friday: what became of it, which sentence fits, where it showed, what comes next.
    await pass_time(stage, days=2, minutes=1)
    phone = await windows.open(BEN, scripts=scripts)
    await phone.goto("/me")
    await expect(phone.locator("#asked")).to_contain_text(f'For this week you planned: "{PLAN} – {WHEN}"')
    await reply(phone, "[I did it, and it helped]")
    if scripts:
        await look_over(phone)
    await reply(phone, "[I try a second way when the first does not work.]")
    await reply(phone, "When the paper tore I used two sheets because one bent, so next time I begin with two")
    rest = await answer(phone, {"What will you do with this habit": "[Keep my plan]"})
    assert rest[-1] == "What will you do with this habit next week?"
    await expect(phone.locator(".talk")).to_contain_text("This habit comes back later in the year")
    await phone.get_by_role("link", name="My answers").first.click()
    await expect(phone.locator(".run").first).to_contain_text("I try a second way when the first does not work.")

    await pass_time(stage, days=3, minutes=1)
    [week] = await stage.database.read(lambda connection: occurrences_of(connection, CLASS, "habit_of_week"))
    assert week.status is OccurrenceStatus.DONE
