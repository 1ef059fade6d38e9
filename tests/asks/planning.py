"""A check-in that a team in Slack is asked by itself, as its pages plan it; and the pages of a class."""

from datetime import timedelta

from bot.core.events import EventId, Outcome, ProgramSet
from bot.core.people import GroupId
from bot.core.programs import ProgramId
from bot.core.schedules import rule_to_json
from bot.runner.flow_shelf import FlowShelf
from bot.web.app import create_app
from bot.web.house import House
from tests.runner.term import THURSDAY_NINE, Term, on
from tests.slack.house import Walk
from tests.stage import ADA, rows
from tests.web.house import SECRET, Bell, Stage

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


async def read(term: Term, path: str) -> str:
    """Let Ms Ada read one of her pages."""
    house = House(
        database=term.database,
        accept=term.inbox.accept,
        shelf=FlowShelf(),
        watch=Bell().watch,
        now=term.hands,
        secret=SECRET,
        base_url="http://mull.test",
    )
    stage = Stage(house, create_app(house), term.inbox, term.database, term.hands)
    async with await stage.signed_in(ADA) as ada:
        page = await ada.get(path)
    assert page.status_code == 200
    return page.text
