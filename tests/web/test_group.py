"""A group's answers, and asking it."""

from datetime import timedelta

import pytest

from bot.core.events import MemberRemoved
from bot.core.people import PersonId
from bot.flows.check_in.program import CheckIn
from bot.storage.groups import change_group
from bot.storage.occurrences import occurrences_of
from bot.storage.turns import load_open_runs
from bot.web.weeks import recent_weeks, week_named
from tests.stage import ADA, CY, NOW
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import BEN, CLASS, ELSEWHERE, Stage, enrol, submit

PAGE = f"/groups/{CLASS}"
SCRIPT = "<script>alert('x')</script> & <!channel>"


async def enrol_named(stage: Stage, *names: str) -> None:
    """Put more learners into the class, their ids made from their names."""
    await enrol(stage, {PersonId(name.lower()): name for name in names})


async def test_questions_stand_with_their_answers_in_the_order_they_are_asked(stage: Stage) -> None:
    await answer(stage)
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "Ben Okafor" in page
    assert "Weekly check-in" in page
    assert "today, 11:40" in page
    places = [page.index(words) for words in ("made you think hard?", "about half", "stop and think?", "The scale")]
    assert places == sorted(places)
    assert '<dd class="skipped">skipped</dd>' in page


async def test_an_edited_answer_says_so(stage: Stage) -> None:
    run = await answer(stage)
    stage.hands.move(hours=1)
    await edit(stage, run, "part", "The legend of the map")
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "The legend of the map" in page
    assert "The scale of the map" not in page
    assert "edited today, 12:40" in page


async def test_hostile_words_are_shown_as_text(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "part": SCRIPT})
    await stage.database.write(lambda c: change_group(c, CLASS, {"name": SCRIPT, "task": SCRIPT}))
    await enrol_named(stage, SCRIPT)
    ada = await stage.signed_in(ADA)
    for address in (PAGE, f"{PAGE}/roster", f"{PAGE}/cards", f"{PAGE}/settings", f"{PAGE}/people/{BEN}", "/groups"):
        page = (await ada.get(address)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


async def test_filters_choose_by_flow_week_and_person(stage: Stage) -> None:
    await enrol_named(stage, "Mia")
    await answer(stage, raw={**WEEKLY, "part": "First week"})
    stage.hands.move(weeks=1)
    await answer(stage, raw={**WEEKLY, "part": "Second week"})
    await answer(stage, PersonId("mia"), raw={**WEEKLY, "part": "From Mia"})
    ada = await stage.signed_in(ADA)

    async def shown(query: str) -> set[str]:
        page = (await ada.get(f"{PAGE}?{query}")).text
        return {words for words in ("First week", "Second week", "From Mia") if words in page}

    assert await shown("") == {"First week", "Second week", "From Mia"}
    assert await shown("week=2026-W10") == {"First week"}
    assert await shown("week=2026-W11&person=ben") == {"Second week"}
    assert await shown("person=mia") == {"From Mia"}
    assert await shown("flow=plan-work") == set()
    assert "Show everything" in (await ada.get(f"{PAGE}?flow=plan-work")).text


async def test_in_a_very_large_group_the_menu_names_only_the_person_chosen(stage: Stage) -> None:
    await enrol_named(stage, *(f"Number{number}" for number in range(201)))
    await answer(stage)
    ada = await stage.signed_in(ADA)
    assert "<option" not in (await ada.get(PAGE)).text.partition("everybody</option>")[2].partition("</select>")[0]
    assert '<option value="number7" selected>Number7</option>' in (await ada.get(f"{PAGE}?person=number7")).text


@pytest.mark.parametrize(
    "query",
    [
        "week=2026-W60",
        "week=9999-W53",
        "week=0000-W01",
        "before=x",
        "before=9.%00",
        "person=%00",
        "flow=%27",
        "sent=-1",
    ],
)
async def test_an_address_that_makes_no_sense_is_no_fault(stage: Stage, query: str) -> None:
    await answer(stage)
    assert (await (await stage.signed_in(ADA)).get(f"{PAGE}?{query}")).status_code == 200


async def test_older_answers_are_one_link_away_and_keep_the_filters(stage: Stage) -> None:
    for number in range(30):
        stage.hands.move(days=7)
        await answer(stage, raw={**WEEKLY, "part": f"Number {number:02}."})
    ada = await stage.signed_in(ADA)
    first = await ada.get(f"{PAGE}?person={BEN}")
    assert "Number 29." in first.text
    assert "Number 04." not in first.text
    link = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "person=ben" in link
    second = await ada.get(link)
    assert "Number 04." in second.text
    assert "Number 00." in second.text
    assert "Number 05." not in second.text
    assert "Older answers" not in second.text


async def test_answers_of_another_group_never_show(stage: Stage) -> None:
    await answer(stage, CY, ELSEWHERE, raw={**WEEKLY, "part": "Words of Cy"})
    ada = await stage.signed_in(ADA)
    for query in ("", f"?person={CY}", "?week=2026-W10"):
        assert "Words of Cy" not in (await ada.get(PAGE + query)).text


async def test_an_empty_group_says_what_to_do_next(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = (await ada.get(PAGE)).text
    assert "Print the cards" in page
    made = await submit(ada, await ada.get("/groups"), "/groups", name="Chess", setting="club", parent="")
    assert "Add names" in (await ada.get(str(made.url).removesuffix("/roster"))).text


async def test_asking_reaches_each_learner_once_however_often_it_is_sent(stage: Stage) -> None:
    await enrol_named(stage, "Mia", "Noa")
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    for _ in range(2):
        sent = await submit(ada, page, f"{PAGE}/ask", flow="plan-work")
        assert "Sent to 3 people" in sent.text
    persons = [BEN, PersonId("mia"), PersonId("noa")]
    runs = await stage.database.read(lambda c: load_open_runs(c, persons))
    for person in persons:
        (run,) = runs[person].values()
        assert (run.flow, run.group, run.place) == ("plan-work", CLASS, f"browser:{person}")
    assert await stage.database.read(lambda c: load_open_runs(c, [ADA])) == {ADA: {}}


async def test_only_flows_made_for_the_setting_may_be_asked(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    assert "staff-check-in" not in page.text
    for flow in ("staff-check-in", "no-such-flow", ""):
        assert (await submit(ada, page, f"{PAGE}/ask", flow=flow)).status_code == 404


async def test_flows_of_programs_are_not_asked_and_their_answers_can_be_sought(stage: Stage) -> None:
    await answer(stage)
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    sought, _, asked = page.text.partition(' id="ask"')
    assert "habit-plan" in sought
    assert "peer-practice" not in sought
    assert "habit-plan" not in asked
    assert "habit-plan" not in (await (await stage.signed_in(BEN)).get("/me")).text
    assert (await submit(ada, page, f"{PAGE}/ask", flow="habit-plan")).status_code == 404


async def test_asking_is_one_occurrence(stage: Stage) -> None:
    await enrol_named(stage, "Mia")
    ada = await stage.signed_in(ADA)
    await submit(ada, await ada.get(PAGE), f"{PAGE}/ask", flow="plan-work")
    (one,) = await stage.database.read(lambda c: occurrences_of(c, CLASS))
    assert (one.kind, one.by, CheckIn.model_validate_json(one.state).flow) == ("check_in", ADA, "plan-work")


async def test_asking_nobody_goes_to_no_one(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    await stage.happen(MemberRemoved(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, person=BEN))
    sent = await submit(ada, page, f"{PAGE}/ask", flow="plan-work")
    assert "so it went to no one" in sent.text


def test_a_week_begins_on_its_local_monday() -> None:
    week = week_named("2026-W13", "Europe/Berlin")
    assert week is not None
    assert week.title == "23–29 March 2026"
    assert (week.since.isoformat(), week.until.isoformat()) == (
        "2026-03-22T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
    )
    assert week.until - week.since == timedelta(days=7, hours=-1)


def test_weeks_go_back_from_this_one_across_the_new_year() -> None:
    names = [week.name for week in recent_weeks(NOW, "Europe/Berlin")]
    assert names[:2] == ["2026-W10", "2026-W09"]
    assert names[9:11] == ["2026-W01", "2025-W52"]
    assert len(set(names)) == 40
