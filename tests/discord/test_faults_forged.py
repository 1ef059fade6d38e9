"""Whatever Mull does not know is ignored, whatever is not theirs is refused, and neither changes anything."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord.listening import FORGOTTEN, NOT_YOURS
from bot.storage.database import Database
from tests.discord.flows import HARD, HELPED
from tests.discord.person import Person
from tests.discord.trouble import Club, a_club, asked, everything
from tests.stage import rows

SECRET = "private words"
BUTTON, MENU = 2, 3


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Club]:
    """Be in a club where Ben and Cy are asked the first question."""
    async with a_club(database) as begun:
        for person in (begun.ben, begun.cy):
            await begun.run(person, "start", flow="week")
        yield begun


async def run_of(at: Club, person: Person) -> str:
    """Name somebody's run."""
    who = await at.person_of(person)
    return str((await rows(at.database, "SELECT id FROM runs WHERE person_id = :who", who=who))[0][0])


def told_not_theirs(person: Person) -> int:
    """Count how often somebody reads that it is not theirs."""
    return [message.content for message in person.messages()].count(NOT_YOURS)


FORGERIES: dict[str, tuple[str, list[str] | None]] = {
    "a name of nobody's": (f"burn:{SECRET}", None),
    "no wait": ("answer:{mine}", None),
    "a wait in words": ("answer:{mine}:soon:1", None),
    "a wait that is too long": ("answer:{mine}:12345678901:1", None),
    "no run": ("answer", None),
    "an empty value": ("answer:{mine}:1:", None),
    "an unknown control": (f"control:{{mine}}:1:{SECRET}", None),
    "a control without a name": ("control:{mine}:1", None),
    "a menu of unknown controls": ("controls:{mine}:1", [SECRET]),
    "words that say nothing": ("do:", None),
    "a button where a menu is": ("pick:{mine}:1", None),
    "a menu where a button is": ("answer:{mine}:1:1", ["1"]),
    "a field that is no button": ("write:{mine}:1:some", None),
    "a form that is pressed": ("form:{mine}", None),
    "somebody else's answer": ("answer:{theirs}:1:1", None),
    "somebody else's menu": ("pick:{theirs}:1", ["1"]),
    "somebody else's stop": ("control:{theirs}:1:stop", None),
    "a run that never was": ("answer:nothing:1:1", None),
    "people for a club": ("people:700000000000000001", ["900000000000000003"]),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_press_changes_nothing_and_says_so(at: Club, forgery: str) -> None:
    custom_id, values = FORGERIES[forgery]
    given = {"mine": await run_of(at, at.ben), "theirs": await run_of(at, at.cy)}
    before = await everything(at.database)
    with capture_logs() as logs:
        await at.ben.forge(custom_id.format(**given), on=at.ben.newest, values=values)
        await at.house.settle()
    assert await everything(at.database) == before
    assert (told_not_theirs(at.ben), told_not_theirs(at.cy)) == (1, 0)
    assert (asked(at.ben, HARD), asked(at.cy, HARD)) == (1, 1)
    assert SECRET not in str(logs)


async def test_a_menu_in_which_nothing_is_chosen_changes_nothing(at: Club) -> None:
    before = await everything(at.database)
    await at.ben.forge(f"pick:{await run_of(at, at.ben)}:1", on=at.ben.newest, values=[])
    await at.house.settle()
    assert await everything(at.database) == before
    assert asked(at.ben, HARD) == 1


@pytest.mark.parametrize("words", ["again", "again 1", "again 900000000000000003"])
async def test_to_try_again_what_was_never_sent_changes_nothing(at: Club, words: str) -> None:
    before = await everything(at.database)
    await at.ben.forge(f"do:{words}", on=at.ben.newest)
    await at.house.settle()
    assert await everything(at.database) == before
    assert FORGOTTEN in at.ben.sees()


async def test_who_may_not_manage_a_server_does_not_set_up_a_club(at: Club) -> None:
    channel = at.discord.add_channel(at.guild, "700000000000000002", name="chess")
    await at.ben.forge(f"do:club yes Europe/Berlin {channel.id} -", on=at.ben.newest)
    await at.house.settle()
    assert await rows(at.database, "SELECT count(*) FROM groups") == [(1,)]


MODALS: dict[str, str] = {
    "another's run": "write:{theirs}:1",
    "a wait in words": "write:{mine}:soon",
    "another name": f"burn:{SECRET}",
    "another's form": "form:{theirs}",
    "another's answer": "edit:{theirs}:hard",
    "an answer without a name": "edit:{mine}",
    "words that say nothing": "ask:",
}


async def with_a_modal(at: Club) -> Person:
    """Let Ben write an answer."""
    await at.press(at.ben, "a little hard")
    await at.choose(at.ben, "a friend")
    await at.press(at.ben, "Write your answer")
    return at.ben


@pytest.mark.parametrize("forgery", MODALS)
async def test_a_forged_modal_changes_nothing_and_says_so(at: Club, forgery: str) -> None:
    ben = await with_a_modal(at)
    given = {"mine": await run_of(at, ben), "theirs": await run_of(at, at.cy)}
    before = await everything(at.database)
    assert ben.modal is not None
    ben.modal.custom_id = MODALS[forgery].format(**given)
    with capture_logs() as logs:
        await ben.send_modal({"Your answer": SECRET})
        await at.house.settle()
    assert await everything(at.database) == before
    assert (told_not_theirs(ben), told_not_theirs(at.cy)) == (1, 0)
    assert SECRET not in str(logs)


FIELDS: dict[str, Any] = {
    "nothing": [],
    "no field": [{"type": 18, "id": 1}],
    "another field": [{"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "burn", "value": SECRET}}],
    "a list": [
        {"type": 18, "id": 1, "component": {"type": 22, "id": 2, "custom_id": "text", "values": [SECRET, SECRET]}}
    ],
    "far too much": [
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "text", "value": SECRET * 2_000}}
    ],
}


@pytest.mark.parametrize("fields", FIELDS)
async def test_a_modal_with_other_fields_changes_nothing_and_says_so(at: Club, fields: str) -> None:
    ben = await with_a_modal(at)
    before = await everything(at.database)
    with capture_logs() as logs:
        await send_fields(at, ben, FIELDS[fields])
    assert await everything(at.database) == before
    assert told_not_theirs(ben) == 1
    assert SECRET not in str(logs)


async def send_fields(at: Club, person: Person, fields: Any) -> None:
    """Let a client of somebody's own making send the open modal."""
    payloads, modal = at.discord.payloads, person.modal
    assert modal is not None
    data = {"custom_id": modal.custom_id, "components": fields}
    opener = modal.opened_by
    made = payloads.interaction(person.id, opener.channel, 5, data, message=opener.message, modal=modal)  # type: ignore[arg-type]
    await payloads.send(made)
    await at.house.settle()


# What the gateway never says.


@pytest.mark.parametrize("kind", [1, 9, 99])
async def test_an_interaction_of_an_unknown_kind_is_ignored(at: Club, kind: int) -> None:
    before = await everything(at.database)
    payload = at.ben.last.payload if at.ben.last else {}
    await at.discord.payloads.tell("INTERACTION_CREATE", payload | {"type": kind, "id": "1", "token": "t"}, at.guild)
    await at.house.settle()
    assert await everything(at.database) == before
    await still_works(at)


EVENTS: dict[str, Any] = {
    "INTERACTION_CREATE": {"content": SECRET},
    "MESSAGE_CREATE": {"content": SECRET},
    "MESSAGE_UPDATE": {"content": SECRET},
    "MESSAGE_DELETE": {"content": SECRET},
    "GUILD_DELETE": {},
    "CHANNEL_DELETE": {"id": "x"},
    "SOMETHING_NEW": {"content": SECRET},
}


@pytest.mark.parametrize("name", EVENTS)
async def test_a_malformed_event_stops_nothing(at: Club, name: str) -> None:
    before = await everything(at.database)
    with capture_logs() as logs:
        await at.discord.gateway.malformed(name, EVENTS[name])
        await at.discord.connected()
        await at.house.settle()
    assert await everything(at.database) == before
    assert SECRET not in str(logs)
    await still_works(at)


@pytest.mark.parametrize("lacking", ["data", "user", "channel", "message"])
async def test_a_press_that_lacks_something_stops_nothing(at: Club, lacking: str) -> None:
    before = await everything(at.database)
    payload = dict(at.ben.last.payload if at.ben.last else {}) | {"id": "12", "token": "t", "type": 3}
    for key in ("member", "user") if lacking == "user" else (lacking,):
        payload.pop(key, None)
    await at.discord.payloads.tell("INTERACTION_CREATE", payload, at.guild)
    await at.house.settle()
    assert await everything(at.database) == before
    await still_works(at)


async def still_works(at: Club) -> None:
    """Let Ben go on, as soon as Mull hears."""
    await at.discord.connected()
    await at.press(at.ben, "a little hard")
    assert asked(at.ben, HELPED) == 1
