"""The review inbox: what nobody has read, cut as one likes, and what is noted of it."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event

from bot.core.events import FormSubmitted, OccurrenceRequested, Outcome, Raw
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Place, Role
from bot.core.review import AnswersRead
from bot.core.runs import RunId
from bot.flows.habit_of_week.program import PLAN
from bot.runner.conductor import errand_run, occurrence_id
from bot.storage.groups import add_members
from tests.stage import ADA, CY, NOW
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage, enrol, forms_on, send_fields
from tests.web.reviewing import SOL, comment, form_with, page_of, press, say, shown, shown_titles

SCRIPT = "<script>alert('x')</script> & <!channel>"

# What is shown.


async def test_what_nobody_has_read_comes_newest_first(stage: Stage) -> None:
    for words in ("First words", "Second words"):
        await say(stage, words)
        stage.hands.move(days=7)
    run = await say(stage, "Third words")
    assert await shown(stage) == ["Third words", "Second words", "First words"]
    await stage.happen(AnswersRead(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, runs=(run,)))
    assert await shown(stage) == ["Second words", "First words"]
    assert await shown(stage, "?show=all") == ["Third words", "Second words", "First words"]
    page = await page_of(stage)
    assert "Review: 2 new answers" in page
    assert "Weekly check-in" in page
    assert "today, 11:40" not in page


async def test_an_edited_answer_is_new_again_and_shows_what_it_said(stage: Stage) -> None:
    run = await say(stage, "The scale")
    await stage.happen(AnswersRead(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, runs=(run,)))
    stage.hands.move(hours=1)
    await edit(stage, run, "part", "The legend")
    page = await page_of(stage)
    assert page.index("The legend") < page.index("Read what it said before") < page.index("The scale")


async def test_filters_choose_by_group_flow_week_habit_and_attribute(stage: Stage) -> None:
    await stage.database.write(lambda connection: add_members(connection, ELSEWHERE, [ADA], Role.FACILITATOR, NOW))
    await say(stage, "First week")
    stage.hands.move(weeks=1)
    await say(stage, "In 7a", CY, ELSEWHERE)
    await answer(stage, flow="relevance-check", raw={"clear": "3", "matters": "3", "can": "3"})
    assert len(await shown_titles(stage)) == 3
    assert await shown(stage, f"?group={ELSEWHERE}") == ["In 7a"]
    assert await shown(stage, "?week=2026-W10") == ["First week"]
    assert await shown(stage, "?flow=weekly-check-in") == ["In 7a", "First week"]
    assert await shown_titles(stage, "?attribute=co-creation") == ["Does this task fit?"]
    assert await shown(stage, "?habit=thinking-about-thinking") == ["In 7a", "First week"]
    assert await shown(stage, f"?habit=thinking-about-thinking&group={CLASS}&attribute=voice") == ["First week"]
    for nothing in ("?flow=plan-work", "?habit=persisting", "?habit=none", "?attribute=none", "?flow=%27"):
        assert "Nothing here with this choice." in await page_of(stage, nothing)


async def begin(stage: Stage, kind: str, **choices: str) -> OccurrenceId:
    """Let Ada begin a program in the class; name its occurrence."""
    began = OccurrenceRequested(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, kind=kind, choices=choices)
    assert await stage.happen(began) is Outcome.ACCEPTED
    return occurrence_id(began.id)


async def fill_in(stage: Stage, run: RunId, raw: Mapping[str, Raw]) -> None:
    """Let Ben fill in a run that was begun for him."""
    place = Place(f"browser:{BEN}")
    sent = FormSubmitted(id=stage.name(), at=stage.hands(), who=BEN, place=place, run=run, raw=raw)
    assert await stage.happen(sent) is Outcome.ACCEPTED


async def test_a_program_finds_what_its_occurrences_asked_and_not_the_same_questions_asked_otherwise(
    stage: Stage,
) -> None:
    await enrol(stage, {SOL: "Sol"})
    await say(stage, "By myself", SOL)
    week = await begin(stage, "check_in", flow="weekly-check-in")
    await fill_in(stage, errand_run(week, f"ask:{BEN}", BEN), WEEKLY | {"part": "As asked"})
    stage.hands.move(days=7)
    held = await begin(stage, "peer_exchange", practice="no")
    await fill_in(stage, errand_run(held, f"share:{BEN}", BEN), {"work": "My bridge", "kind": "clear", "ask": ""})
    week = await begin(stage, "habit_of_week", habit="persisting")
    await fill_in(stage, errand_run(week, f"{PLAN}:{BEN}", BEN), {"act": "Once more", "act.cue": "on Friday"})
    found = {"check_in": "As asked", "peer_exchange": "My bridge", "habit_of_week": "Once more", "own": "By myself"}
    for program, words in found.items():
        page = await page_of(stage, f"?program={program}")
        assert [one for one in found.values() if one in page] == [words]
        assert f'<option value="{program}" selected>' in page
    assert await shown(stage, "?program=check_in&flow=weekly-check-in") == ["As asked"]
    assert await shown(stage, "?program=check_in&week=2026-W10") == ["As asked"]
    assert await shown(stage, f"?program=own&group={CLASS}&habit=thinking-about-thinking") == ["By myself"]
    assert "Once more" in await page_of(stage, "?program=habit_of_week&habit=persisting")
    for nothing in (
        "?program=peer_exchange&flow=weekly-check-in",
        "?program=check_in&week=2026-W11",
        "?program=own&habit=persisting",
        "?program=none",
        "?program=%27",
    ):
        assert "Nothing here with this choice." in await page_of(stage, nothing)


async def test_a_program_cuts_every_list_and_stays_chosen(stage: Stage) -> None:
    await enrol(stage, {SOL: "Sol"})
    own = await say(stage, "By myself", SOL)
    week = await begin(stage, "check_in", flow="weekly-check-in")
    asked = errand_run(week, f"ask:{BEN}", BEN)
    await fill_in(stage, asked, WEEKLY | {"part": "As asked"})
    ada = await stage.signed_in(ADA)
    for run in (own, asked):
        await comment(stage, run)
        await press(ada, await ada.get("/review?show=all"), "/review/star", run=run)
    for show in ("all", "threads", "starred"):
        assert await shown(stage, f"?show={show}&program=check_in") == ["As asked"]
    page = await page_of(stage, "?program=check_in&show=all")
    assert "/review?show=starred&amp;program=check_in" in page


async def test_an_answer_that_was_changed_stays_of_its_program(stage: Stage) -> None:
    week = await begin(stage, "check_in", flow="weekly-check-in")
    asked = errand_run(week, f"ask:{BEN}", BEN)
    await fill_in(stage, asked, WEEKLY | {"part": "As asked"})
    await edit(stage, asked, "part", "Changed")
    assert await shown(stage, "?program=check_in") == ["Changed"]


async def test_a_habit_finds_what_was_written_in_its_weeks(stage: Stage) -> None:
    began = OccurrenceRequested(
        id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, kind="habit_of_week", choices={"habit": "persisting"}
    )
    assert await stage.happen(began) is Outcome.ACCEPTED
    run = errand_run(occurrence_id(began.id), f"{PLAN}:{BEN}", BEN)
    ben = await stage.signed_in(BEN)
    page = await ben.get(f"/me?run={run}")
    await send_fields(ben, "/me/say", form_with(page, "/me/say").fields, {"text": "Once more, on Friday"})
    assert "Once more, on Friday" in await page_of(stage, "?habit=persisting")
    assert "Once more, on Friday" in await page_of(stage, "?habit=persisting&flow=habit-plan")
    for other in ("?habit=creating", "?habit=persisting&flow=weekly-check-in"):
        assert "Once more, on Friday" not in await page_of(stage, other)


@pytest.mark.parametrize(
    "query",
    [
        "week=2026-W60",
        "before=x",
        "before=9.%00",
        "skip=-1",
        "skip=99999999",
        "opened=x",
        "show=none",
        "opened=" + "9" * 17,
    ],
)
async def test_an_address_that_makes_no_sense_is_no_fault(stage: Stage, query: str) -> None:
    await say(stage, "Here")
    assert "Here" in await page_of(stage, f"?{query}")


async def test_older_answers_are_one_link_away_and_keep_the_choice(stage: Stage) -> None:
    for number in range(30):
        stage.hands.move(days=7)
        await say(stage, f"Number {number:02}")
    ada = await stage.signed_in(ADA)
    first = await ada.get("/review?flow=weekly-check-in")
    older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(older).query)["flow"] == ["weekly-check-in"]
    assert "Number 05" in first.text
    assert "Number 04" not in first.text
    assert await shown(stage, older.removeprefix("/review")) == [f"Number {n:02}" for n in (4, 3, 2, 1, 0)]


async def test_it_takes_as_many_statements_for_one_run_as_for_many(stage: Stage) -> None:
    counted: list[str] = []

    def count(connection: object, cursor: object, statement: str, *more: object) -> None:
        counted.append(statement)

    await comment(stage, await say(stage, "Only one"))
    await page_of(stage, "?show=all")
    engine = await stage.database.read(lambda connection: connection.engine)
    event.listen(engine, "before_cursor_execute", count)
    try:
        await page_of(stage, "?show=all")
        few = len(counted)
        for number in range(20):
            stage.hands.move(days=7)
            await comment(stage, await say(stage, f"Number {number}"))
        counted.clear()
        await page_of(stage, "?show=all")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 0 < len(counted) == few


async def test_hostile_words_are_shown_as_text(stage: Stage) -> None:
    await enrol(stage, {PersonId("mia"): SCRIPT})
    run = await say(stage, f'{SCRIPT}. "><img src=x onerror=alert(1)>. Third.', PersonId("mia"))
    await comment(stage, run, text=SCRIPT, quote=SCRIPT)
    for address in ("?show=all", "?show=threads", f"?run={run}"):
        page = await page_of(stage, address)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert" in page


async def test_where_there_is_nothing_it_is_said_kindly(stage: Stage) -> None:
    assert "All is read." in await page_of(stage)
    assert "for you alone" in await page_of(stage, "?show=starred")
    assert "No open conversations." in await page_of(stage, "?show=threads")
    assert "Answers come in here" in await page_of(stage, "?show=all")


# Reading, and stars.


async def test_what_one_has_read_no_colleague_need_and_it_stays_in_sight_until_one_leaves(stage: Stage) -> None:
    await enrol(stage, {SOL: "Mr Sol"}, role=Role.FACILITATOR)
    run = await say(stage, "The scale")
    ada = await stage.signed_in(ADA)
    back = await press(ada, await ada.get("/review"), "/review/read", run=run)
    assert back.url.fragment == f"run-{run}"
    assert "You have read this" in back.text
    assert "is-read" in back.text
    assert await shown(stage) == []
    assert "<bdi>Ms Ada</bdi> has read this" in await page_of(stage, "?show=all", SOL)
    await press(ada, back, "/review/read", run=run)
    assert await shown(stage, person=SOL) == ["The scale"]


async def test_all_on_a_page_are_read_at_once_in_every_group(stage: Stage) -> None:
    await stage.database.write(lambda connection: add_members(connection, ELSEWHERE, [ADA], Role.FACILITATOR, NOW))
    runs = [await say(stage, "In 6b"), await say(stage, "In 7a", CY, ELSEWHERE), await say(stage, "In 6b too")]
    ada = await stage.signed_in(ADA)
    page = await ada.get("/review")
    form = next(form for form in forms_on(page) if set(form.fields.get("run", ())) == set(runs))
    after = await send_fields(ada, form.action, form.fields, {})
    assert "Review: nothing new" in after.text
    assert await shown(stage, person=DEE) == []


async def test_a_star_is_for_oneself(stage: Stage) -> None:
    await enrol(stage, {SOL: "Mr Sol"}, role=Role.FACILITATOR)
    run = await say(stage, "The scale")
    await say(stage, "The legend")
    ada = await stage.signed_in(ADA)
    page = await press(ada, await ada.get("/review"), "/review/star", run=run)
    assert "★ Starred" in page.text
    assert await shown(stage, "?show=starred") == ["The scale"]
    assert await shown(stage, "?show=starred", SOL) == []
    await press(ada, page, "/review/star", run=run)
    assert await shown(stage, "?show=starred") == []
