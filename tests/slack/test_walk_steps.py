"""The step "Send a check-in" of somebody's own workflow."""

from typing import Any

import pytest

from tests.slack.flows import HARD
from tests.slack.house import MODES, Walk
from tests.stage import rows

both = pytest.mark.parametrize("walk", MODES, indirect=True)
STEP = "send_check_in"


async def run(walk: Walk, **inputs: Any) -> dict[str, Any]:
    """Let a workflow come to the step; answer what it was completed with."""
    step = await walk.slack.run_workflow_step(STEP, inputs)
    await walk.house.settle()
    assert step["delivery"].acked
    result: dict[str, Any] = step["result"]
    return result


@both
async def test_the_person_gets_the_questions_and_the_step_is_done(walk: Walk) -> None:
    assert await run(walk, person="UBEN", flow="Our week") == {"outputs": {"sent": True}}
    assert HARD in walk.ben.words()
    await walk.press(walk.ben, "coasting")
    assert await rows(walk.database, "SELECT said FROM answers") == [("coasting",)]


@both
async def test_without_a_flow_it_is_the_one_that_comes_first(walk: Walk) -> None:
    assert await run(walk, person="UBEN") == {"outputs": {"sent": True}}
    assert "Staff check-in" in walk.ben.dm[-1].text


@both
async def test_the_same_step_delivered_twice_is_done_once(walk: Walk) -> None:
    await run(walk, person="UBEN", flow="week")
    count = len(walk.ben.dm)
    await walk.slack.deliver_again(walk.slack.delivered[-1])
    await walk.house.settle()
    assert len(walk.ben.dm) == count


@both
@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"person": "UBEN", "flow": "Nothing of ours"}, "I don't know “Nothing of ours”"),
        ({"person": "UEVE", "flow": "week"}, "in no group"),
        ({"person": "UNOBODY"}, "in no group"),
        ({"person": "UBOT"}, "in no group"),
        ({"person": "USLACKBOT"}, "in no group"),
        ({"person": "UOLA"}, "in no group"),
        ({"person": ""}, "in no group"),
        ({}, "in no group"),
    ],
)
async def test_what_cannot_be_sent_ends_the_step_with_a_sentence(walk: Walk, inputs: dict[str, Any], why: str) -> None:
    before = len(await rows(walk.database, "SELECT 1 FROM people"))
    result = await run(walk, **inputs)
    assert why in result.get("error", "")
    assert walk.ben.dm + walk.ola.dm + walk.eve.dm == []
    known = len(await rows(walk.database, "SELECT 1 FROM people")) - before
    assert known == (1 if inputs.get("person") == "UEVE" else 0)


async def test_another_step_is_none_of_ours(walk: Walk) -> None:
    step = await walk.slack.run_workflow_step("another", {"person": "UBEN"})
    await walk.house.settle()
    assert step["delivery"].acked
    assert "result" not in step


async def test_a_pause_keeps_what_a_workflow_sends_quiet(walk: Walk) -> None:
    await walk.command(walk.ben, "pause 1 week")
    assert await run(walk, person="UBEN", flow="week") == {"outputs": {"sent": True}}
    assert walk.ben.dm == []
    await walk.house.move(days=8)
    assert HARD in walk.ben.words()
