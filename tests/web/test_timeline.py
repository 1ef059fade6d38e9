"""One learner's answers over time."""

from bot.core.people import GroupId, PersonId, Role
from bot.storage.groups import add_members
from tests.stage import ADA, CY
from tests.web.answering import WEEKLY, answer, edit
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage

PAGE = f"/groups/{CLASS}/people/{BEN}"


async def put(stage: Stage, group: GroupId, person: PersonId, role: Role) -> None:
    at = stage.hands()
    await stage.database.write(lambda connection: add_members(connection, group, [person], role, at))


async def test_what_an_answer_said_before_is_one_tap_away(stage: Stage) -> None:
    run = await answer(stage)
    stage.hands.move(hours=1)
    await edit(stage, run, "part", "The legend")
    stage.hands.move(hours=1)
    await edit(stage, run, "part", "The compass")
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "<summary>Edited today, 13:40. Read what it said before</summary>" in page
    places = [page.index(words) for words in ("The compass", "The legend", "The scale")]
    assert places == sorted(places)


async def test_it_can_be_read_flow_by_flow(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "part": "Weekly words"})
    stage.hands.move(days=1)
    await answer(stage, flow="plan-work", raw={"work": "Plan words"})
    ada = await stage.signed_in(ADA)
    both = (await ada.get(PAGE)).text
    assert both.index("Plan a piece of work</h2>") < both.index("Weekly check-in</h2>")
    one = (await ada.get(f"{PAGE}?flow=weekly-check-in")).text
    assert "Weekly words" in one
    assert "Plan a piece of work</h2>" not in one


async def test_answers_of_groups_i_do_not_read_stay_out(stage: Stage) -> None:
    await put(stage, ELSEWHERE, BEN, Role.LEARNER)
    await answer(stage, raw={**WEEKLY, "part": "Said in 6b"})
    await answer(stage, group=ELSEWHERE, raw={**WEEKLY, "part": "Said in 7a"})
    seen_by_ada = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "Said in 6b" in seen_by_ada
    assert "Said in 7a" not in seen_by_ada
    seen_by_dee = (await (await stage.signed_in(DEE)).get(f"/groups/{ELSEWHERE}/people/{BEN}")).text
    assert "Said in 7a" in seen_by_dee
    assert "Said in 6b" not in seen_by_dee
    await put(stage, ELSEWHERE, ADA, Role.FACILITATOR)
    assert "Said in 7a" in (await (await stage.signed_in(ADA)).get(PAGE)).text


async def test_somebody_of_another_group_is_not_found_here(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    assert (await ada.get(f"/groups/{CLASS}/people/{CY}")).status_code == 404
    assert (await ada.get(f"/groups/{CLASS}/people/nobody")).status_code == 404
    assert (await ada.get(f"/groups/{CLASS}/people/%00")).status_code == 404


async def test_no_answers_yet_is_said_kindly(stage: Stage) -> None:
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    assert "Skipping is fine, and so is late." in page
