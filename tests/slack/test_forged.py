"""Whatever Mull does not know is ignored, whatever is not theirs is refused, and neither changes anything."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.slack.listening import NOT_YOURS
from tests.adapters.conformance import FLOW as CHECK_IN
from tests.slack.delivery import INTERACTIVE
from tests.slack.fake import FakeSlack
from tests.slack.house import SlackHouse
from tests.slack.person import Person
from tests.slack.trouble import ONE, PLAN, TWO, a_class, said, start
from tests.stage import FLOW, rows

# What Mull does not know, and what is not theirs.

UNKNOWN_EVENTS: list[dict[str, Any]] = [
    {"type": "emoji_changed", "subtype": "add"},
    {"type": "message", "channel_type": "im", "subtype": "bot_message", "bot_id": "B9", "text": "x", "ts": "1.1"},
    {"type": "message", "channel_type": "im", "subtype": "me_message", "user": "U000", "text": "x", "ts": "1.1"},
    {"type": "message", "channel_type": "channel", "user": "U000", "text": "x", "ts": "1.1", "channel": "C1"},
    {"type": "app_home_opened", "tab": "messages", "user": "U000", "channel": "DU000"},
    {"type": "tokens_revoked", "tokens": {"oauth": ["U000"], "bot": []}},
    {"type": "function_executed", "function": {"callback_id": "of_another"}, "function_execution_id": "Fx1"},
]
UNKNOWN_PAYLOADS: list[dict[str, Any]] = [
    {"type": "block_suggestion", "value": "x"},
    {"type": "shortcut", "callback_id": "of_another", "trigger_id": "t"},
    {"type": "view_closed", "view": {"id": "V1"}},
    {"type": "interactive_message"},
]


async def everything(house: SlackHouse) -> list[Any]:
    """Read all that an act could change, but for what is said about it."""
    tables = ("runs", "answers", "heard", "timers", "memberships", "set_aside")
    return [await rows(house.database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


@pytest.mark.parametrize("event", UNKNOWN_EVENTS, ids=lambda event: event["type"])
async def test_an_event_that_mull_does_not_know_is_acknowledged_and_ignored(
    house: SlackHouse, slack: FakeSlack, ben: Person, event: dict[str, Any]
) -> None:
    before, seen = await everything(house), said(slack, ben.id)
    told = await slack.tell("T1", event)
    await house.settle()
    assert told.acked
    assert said(slack, ben.id) == seen
    assert await everything(house) == before


@pytest.mark.parametrize("payload", UNKNOWN_PAYLOADS, ids=lambda payload: payload["type"])
async def test_a_payload_that_mull_does_not_know_is_logged_by_its_type_and_ignored(
    house: SlackHouse, slack: FakeSlack, ben: Person, payload: dict[str, Any]
) -> None:
    before = await everything(house)
    full = slack.payloads.interaction(ben.user, "", secret="private words") | payload
    with capture_logs() as logs:
        told = await slack.deliveries.deliver(INTERACTIVE, full)
        await house.settle()
    assert told.acked
    assert await everything(house) == before
    assert "private words" not in str(logs)
    if payload["type"] != "view_closed":
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["slack_payload_ignored"]


FORGERIES: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "a name of nobody's": lambda action, run: action.update(action_id="burn:it"),
    "no wait": lambda action, run: action.update(action_id=f"answer:{run}"),
    "a wait in words": lambda action, run: action.update(action_id=f"answer:{run}:soon:1"),
    "no run": lambda action, run: action.update(action_id="answer"),
    "an unknown control": lambda action, run: action.update(action_id=f"control:{run}:1:burn"),
    "a control without a name": lambda action, run: action.update(action_id=f"control:{run}:1"),
    "nothing chosen": lambda action, run: action.update(action_id=f"pick:{run}:1"),
    "boxes that are not there": lambda action, run: action.update(action_id=f"ticks:{run}:1"),
}
FOREIGN: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "somebody else's answer": lambda action, run: action.update(action_id=f"answer:{run}:1:1"),
    "somebody else's stop": lambda action, run: action.update(action_id=f"control:{run}:1:stop"),
    "a run that never was": lambda action, run: action.update(action_id="answer:nothing:1:1"),
}


@pytest.mark.parametrize("forgery", [*FORGERIES, *FOREIGN])
async def test_a_forged_press_changes_nothing_and_says_so(house: SlackHouse, slack: FakeSlack, forgery: str) -> None:
    ben, cy = await a_class(house.database, slack, 2, document=CHECK_IN)
    for person in (ben, cy):
        await start(house, person, CHECK_IN.flow)
    ((foreign,),) = await rows(house.database, "SELECT id FROM runs WHERE person_id = 'pupil-0001'")
    slack.pause_delivery()
    real = await ben.press("a little hard")
    slack.deliveries.paused = None
    payload = deepcopy(real.payload)
    (FORGERIES | FOREIGN)[forgery](payload["actions"][0], foreign)
    before = await everything(house)
    told = await slack.deliveries.deliver(INTERACTIVE, payload)
    await house.settle()
    assert told.acked
    assert await everything(house) == before
    assert told_not_theirs(ben) == 1
    assert told_not_theirs(cy) == 0


def told_not_theirs(person: Person) -> int:
    """Count how often somebody reads that it is not theirs, in direct messages or for their eyes only."""
    return [message.text for message in (*person.dm, *person.ephemerals)].count(NOT_YOURS)


@pytest.mark.parametrize("about", ["another run", "no JSON", "another name"])
async def test_a_forged_form_changes_nothing_and_says_so(house: SlackHouse, slack: FakeSlack, about: str) -> None:
    ben, cy = await a_class(house.database, slack, 2)
    for person in (ben, cy):
        await start(house, person, f"form {FLOW.flow}")
    ((foreign,),) = await rows(house.database, "SELECT id FROM runs WHERE person_id = 'pupil-0001'")
    assert ben.modal is not None
    match about:
        case "another run":
            ben.modal.given["private_metadata"] = f'{{"run": "{foreign}"}}'
        case "no JSON":
            ben.modal.given["private_metadata"] = "burn it"
        case _:
            ben.modal.given["callback_id"] = "burn"
    before = await everything(house)
    errors = await ben.submit({ONE: "The bridge.", TWO: "Glue.", PLAN: "Screws."})
    await house.settle()
    assert await everything(house) == before
    assert told_not_theirs(ben) + list(errors.values()).count(NOT_YOURS) == 1
    assert told_not_theirs(cy) == 0
    assert cy.modal is not None
