"""A habit week on its facilitator's page: the habit, where it stands, what learners wrote."""

import httpx
import pytest

from bot.core.occurrences import OccurrenceId, OccurrenceStatus
from bot.flows.habit_of_week.habits import habits
from bot.flows.habit_of_week.program import Week, read_week
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group
from tests.stage import ADA, OLA
from tests.web.house import Stage, forms_on, send_fields
from tests.web.living import ADDRESS, SCRIPT, ask_everybody, open_class

WORDS = "When the paper tore I used two sheets"
LEVEL = "I try the same way once more."


def address_of(name: OccurrenceId) -> str:
    """Name a week's page."""
    return f"{ADDRESS}/weeks/{name}"


async def page_of(stage: Stage, name: OccurrenceId) -> httpx.Response:
    """Open a week's page as Ada."""
    return await (await stage.signed_in(ADA)).get(address_of(name))


async def press(stage: Stage, name: OccurrenceId, step: str) -> httpx.Response:
    """Press a button of the page as Ada."""
    ada = await stage.signed_in(ADA)
    form = next(f for f in forms_on(await ada.get(address_of(name))) if ("step", step) in f.buttons)
    return await send_fields(ada, form.action, form.fields, {"step": step})


async def week_of(group: Group, name: OccurrenceId) -> Week:
    """Read a week as it stands."""
    return read_week(await group.occurrence(name))


async def a_whole_week(stage: Stage) -> tuple[Group, OccurrenceId]:
    """Live through a week up to the look back."""
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    for _ in range(2):
        await group.work_through(BEN, CLEO)
        await group.move(days=2)
    await group.work_through(BEN)
    return group, name


async def test_a_week_is_read_in_the_learners_own_words(stage: Stage) -> None:
    _, name = await a_whole_week(stage)
    page = (await page_of(stage, name)).text
    for words in (
        "Persisting",
        "Staying with something hard",
        "After a wrong answer somebody names a second way",
        "Everybody looks back. The week ends Friday 13 March, 11:40.",
        "What next",
    ):
        assert words in page
    ben = page.partition(">Ben Okafor<")[2].partition("</article>")[0]
    places = [
        ben.index(w) for w in ("ben turns the page", "on Tuesday", "ben noticed", "and it helped", WORDS, "Keep my")
    ]
    assert places == sorted(places)
    assert "cleo noticed" in page
    assert ">Dana<" not in page


async def test_a_level_stands_beside_own_words_only(stage: Stage) -> None:
    group, name = await a_whole_week(stage)
    await group.say(CLEO, "helped", "2", "skip")
    await group.work_through(CLEO)
    page = (await page_of(stage, name)).text
    cleo = page.partition(">Cleo<")[2].partition("</article>")[0]
    assert "and it helped" in cleo
    assert LEVEL not in cleo
    assert page.index(WORDS) < page.index(LEVEL)
    assert page.count(LEVEL) == 1
    assert "<table" not in page


async def test_the_next_part_comes_by_hand(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    page = await press(stage, name, "move_on")
    assert "The next part is on everybody&#39;s page." in page.text
    assert "The look back comes" in page.text
    assert (await week_of(group, name)).part == "notice"
    assert await group.asked(DANA) == "habit-notice:noticed"


async def test_a_habit_is_skipped(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    page = await press(stage, name, "skip")
    assert "This habit was skipped." in page.text
    assert (await group.occurrence(name)).status is OccurrenceStatus.STOPPED
    assert not [form for form in forms_on(page) if form.action == address_of(name)]


async def test_a_week_that_is_over_stays_over(stage: Stage) -> None:
    """Another facilitator skipped it while this page stood open."""
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    ada = await stage.signed_in(ADA)
    form = next(f for f in forms_on(await ada.get(address_of(name))) if ("step", "move_on") in f.buttons)
    await group.steer(name, "skip")
    page = await send_fields(ada, form.action, form.fields, {"step": "move_on"})
    assert "This habit was skipped." in page.text
    assert (await week_of(group, name)).part == "plan"


async def test_the_same_habit_comes_again_as_a_new_week(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    ada = await stage.signed_in(ADA)
    form = next(f for f in forms_on(await ada.get(address_of(name))) if f.fields.get("pick") == ["again"])
    page = await send_fields(ada, form.action, form.fields, {})
    again = OccurrenceId(page.url.path.rpartition("/")[2])
    assert again != name
    assert (await week_of(group, again)).habit == "persisting"
    assert (await week_of(group, again)).round == 1


async def test_a_vote_shows_what_is_offered_and_nobodys_choice(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week", order="voted")
    await group.say(BEN, "1")
    page = await page_of(stage, name)
    for habit in (await week_of(group, name)).offered:
        assert str(habits()[habit].name) in page.text
    assert "Ben Okafor" not in page.text
    assert "In their own words" not in page.text
    await press(stage, name, "move_on")
    assert (await week_of(group, name)).part == "plan"


async def test_plans_of_who_left_stay(stage: Stage) -> None:
    group, name = await a_whole_week(stage)
    await group.remove(CLEO)
    page = (await page_of(stage, name)).text
    assert ">Cleo<" in page
    assert "cleo turns the page" in page


async def test_hostile_words_are_shown_as_text(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    await group.say(BEN, SCRIPT, SCRIPT)
    page = (await page_of(stage, name)).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") == 2


@pytest.mark.parametrize("step", ["", "close", "release", SCRIPT])
async def test_only_steps_of_a_week_are_found(stage: Stage, step: str) -> None:
    group = await open_class(stage)
    name = await group.begin("habit_of_week")
    ada = await stage.signed_in(ADA)
    form = next(f for f in forms_on(await ada.get(address_of(name))) if ("step", "skip") in f.buttons)
    assert (await send_fields(ada, form.action, form.fields, {"step": step})).status_code == 404
    assert (await group.occurrence(name)).status is OccurrenceStatus.OPEN


async def test_nobody_else_reads_or_steers(stage: Stage) -> None:
    group, name = await a_whole_week(stage)
    for answer in (await ask_everybody(stage, address_of(name))).values():
        assert answer.status_code == 404
        for words in (WORDS, "turns the page", "Cleo", CLASS):
            assert words not in answer.text
    ola = await stage.signed_in(OLA)
    csrf = forms_on(await ola.get(f"{ADDRESS}/roster"))[0].fields["csrf"]
    assert (await send_fields(ola, address_of(name), {"csrf": csrf, "step": ["skip"]}, {})).status_code == 404
    assert (await group.occurrence(name)).status is OccurrenceStatus.OPEN
