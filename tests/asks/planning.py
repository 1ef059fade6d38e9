"""A check-in that a team in Slack is asked by itself, as its pages plan it."""

from datetime import timedelta

from bot.core.events import EventId, Outcome, ProgramSet
from bot.core.people import GroupId
from bot.core.programs import ProgramId
from bot.core.schedules import rule_to_json
from tests.runner.term import THURSDAY_NINE, on
from tests.slack.house import Walk
from tests.stage import rows

FIRST = on(12, 8)


async def plan(walk: Walk, flow: str = "week") -> None:
    """Let Ada plan a flow for each of the one group there is: Thursdays at nine in Berlin."""
    found = "SELECT group_id, person_id FROM memberships WHERE role = 'facilitator'"
    [(group, ada)] = await rows(walk.database, found)
    event = ProgramSet(
        id=EventId(f"pages/{flow}"),
        at=walk.hands(),
        who=ada,
        group=GroupId(group),
        program=ProgramId(flow),
        kind="check_in",
        choices={"flow": flow, "where": "each"},
        rule=rule_to_json(THURSDAY_NINE),
        reminders=0,
    )
    assert await walk.house.inbox.accept(event) is Outcome.ACCEPTED


async def first(walk: Walk, after: timedelta = timedelta(0)) -> None:
    """Go to the first time it comes, Thursday 12 March, or so long after."""
    await walk.house.move(seconds=(FIRST + after - walk.hands()).total_seconds())
