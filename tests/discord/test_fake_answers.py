"""Answers to interactions are taken once, in time, and in the shapes that fit; follow-ups as long as tokens live."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.discord.fake import FakeDiscord
from tests.discord.person import Person
from tests.discord.world import EPHEMERAL, JSON, SUPPRESS_EMBEDS
from tests.discord.world_interactions import Interaction

SAY: JSON = {"content": "Hello", "flags": SUPPRESS_EMBEDS, "allowed_mentions": {"parse": []}}
PRIVATELY: JSON = {**SAY, "flags": SUPPRESS_EMBEDS | EPHEMERAL}
MODAL: JSON = {
    "custom_id": "form",
    "title": "Form",
    "components": [{"type": 18, "label": "What?", "component": {"type": 4, "custom_id": "what", "style": 1}}],
}
TO: JSON = {"name": "to", "description": "Where", "type": 3}
COMMANDS: list[JSON] = [{"name": "go", "description": "Go", "name_localizations": {"de": "los"}, "options": [TO]}]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """Open a Discord with a club in it, which has nothing to complain about in the end."""
    async with FakeDiscord() as discord:
        discord.add_user("11", name="Ada")
        club = discord.add_guild("7001", name="Bridge Club", owner="11")
        discord.add_user("13", name="Cy", guilds=[club])
        discord.add_user("14", name="Ben Okoro", guilds=[club])
        yield discord
        assert discord.complaints == []


@pytest.fixture
def ben(fake: FakeDiscord) -> Person:
    """Be Ben."""
    return fake.person("14")


@dataclass
class Hand:
    """Answers by hand, without a library; gives the status and what was answered."""

    fake: FakeDiscord
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask anything."""
        headers = {"Authorization": f"Bot {self.fake.token}"}
        async with self.session.request(method, self.fake.api_url + path, json=body, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def answer(self, done: Interaction, kind: int, data: JSON | None = None) -> tuple[int, Any]:
        """Answer at once."""
        body = {"type": kind} | ({"data": data} if data else {})
        return await self.ask("POST", f"/interactions/{done.id}/{done.token}/callback?with_response=true", body)

    async def later(self, done: Interaction, method: str, rest: str = "", body: Any = None) -> tuple[int, Any]:
        """Follow up."""
        return await self.ask(method, f"/webhooks/900/{done.token}{rest}", body)


@pytest.fixture
async def hand(fake: FakeDiscord) -> AsyncIterator[Hand]:
    """Answer by hand."""
    async with aiohttp.ClientSession() as session:
        hand = Hand(fake, session)
        await hand.ask("PUT", "/applications/900/commands", COMMANDS)
        yield hand


Ran = Callable[[], Awaitable[Interaction]]


@pytest.fixture
def ran(ben: Person) -> Ran:
    """Run a command and wait for nothing."""
    return lambda: ben.run("go", wait=False)


async def test_one_answer_is_taken(hand: Hand, ran: Ran, ben: Person) -> None:
    done = await ran()
    assert done.answered_with is None
    status, answer = await hand.answer(done, 4, PRIVATELY)
    assert (status, answer["resource"]["message"]["content"]) == (200, "Hello")
    assert answer["interaction"]["response_message_ephemeral"]
    assert (await hand.answer(done, 4, SAY))[1]["code"] == 40060
    assert ben.sees() == "Hello"


async def test_an_answer_comes_in_time_or_not_at_all(fake: FakeDiscord, hand: Hand, ran: Ran, ben: Person) -> None:
    late, in_time = await ran(), await ran()
    fake.pass_time(seconds=3)
    assert (await hand.answer(in_time, 5))[0] == 200
    fake.pass_time(seconds=0.01)
    status, refused = await hand.answer(late, 4, SAY)
    assert (status, refused["code"]) == (404, 10062)
    assert fake.failed_interactions == [late]
    assert (await hand.ask("POST", "/interactions/1/nothing/callback", {"type": 6}))[1]["code"] == 10062
    assert ben.sees() == "Mull is thinking…"


async def test_a_token_lives_for_fifteen_minutes(fake: FakeDiscord, hand: Hand, ran: Ran) -> None:
    done = await ran()
    assert (await hand.later(done, "POST", body=SAY))[1]["code"] == 10015
    await hand.answer(done, 4, SAY)
    fake.pass_time(minutes=15)
    assert (await hand.later(done, "POST", body=SAY))[0] == 200
    fake.pass_time(seconds=1)
    for method, rest, body in (("POST", "", SAY), ("PATCH", "/messages/@original", SAY), ("GET", "/messages/1", None)):
        status, refused = await hand.later(done, method, rest, body)
        assert (status, refused["code"]) == (401, 50027)


async def test_follow_ups_are_written_read_changed_and_deleted(hand: Hand, ran: Ran, ben: Person) -> None:
    done = await ran()
    await hand.answer(done, 4, SAY)
    _, more = await hand.later(done, "POST", body=PRIVATELY)
    place = f"/messages/{more['id']}"
    assert (await hand.later(done, "PATCH", place, {**SAY, "flags": 0, "content": "Changed"}))[0] == 200
    assert ben.private[0].content == "Changed"
    assert (await hand.later(done, "GET", place))[1]["content"] == "Changed"
    assert (await hand.later(done, "GET", "/messages/@original"))[1]["content"] == "Hello"
    assert (await hand.later(done, "DELETE", place))[0] == 204
    assert (await hand.later(done, "DELETE", place))[1]["code"] == 10008
    assert (await hand.later(done, "DELETE", "/messages/@original"))[0] == 204
    assert ben.messages() == []


async def test_what_one_reads_is_no_message_of_the_channel(
    fake: FakeDiscord, hand: Hand, ran: Ran, ben: Person
) -> None:
    await hand.answer(await ran(), 4, PRIVATELY)
    channel = f"/channels/{ben.here.id}/messages"
    assert (await hand.ask("GET", channel))[1] == []
    for method in ("GET", "DELETE"):
        assert (await hand.ask(method, f"{channel}/{ben.newest.id}"))[1]["code"] == 10008
    assert (await hand.ask("PATCH", f"{channel}/{ben.newest.id}", SAY))[1]["code"] == 10008
    assert fake.person("13").sees() == ""


async def test_a_follow_up_ends_thinking_and_stays_as_private_as_was_said(hand: Hand, ran: Ran, ben: Person) -> None:
    done = await ran()
    await hand.answer(done, 5, {"flags": EPHEMERAL})
    assert done.is_thinking
    _, first = await hand.later(done, "POST", body=SAY)
    assert done.original
    assert (first["id"], done.is_thinking, ben.private) == (done.original.id, False, [done.original])
    _, second = await hand.later(done, "POST", body=SAY)
    assert [one.id for one in done.followups] == [second["id"]]


async def test_a_press_can_leave_its_message_or_change_it(hand: Hand, ran: Ran, ben: Person) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Go", "custom_id": "go"}]}
    await hand.answer(await ran(), 4, {**PRIVATELY, "components": [row]})
    left = await ben.press("Go", wait=False)
    assert (await hand.answer(left, 6))[0] == 200
    assert (await hand.later(left, "PATCH", "/messages/@original", {"content": "New", **_silent()}))[0] == 200
    changed = await ben.press("Go", wait=False)
    await hand.answer(changed, 7, {"content": "Newer", "components": [], **_silent()})
    assert (ben.sees(), changed.original) == ("Newer", changed.message)


def _silent() -> JSON:
    return {"allowed_mentions": {"parse": []}}


@pytest.mark.parametrize(
    ("kind", "data"), [(6, None), (7, SAY), (8, {"choices": []})], ids=["leave", "change", "complete"]
)
async def test_a_command_is_not_answered_like_a_press(
    fake: FakeDiscord, hand: Hand, ran: Ran, kind: int, data: JSON | None
) -> None:
    status, refused = await hand.answer(await ran(), kind, data)
    assert (status, refused["code"], "type" in refused["errors"]) == (400, 50035, True)
    assert "COMMAND" in fake.complaints.pop()


async def test_a_form_is_not_answered_with_a_form(fake: FakeDiscord, hand: Hand, ran: Ran, ben: Person) -> None:
    await hand.answer(await ran(), 9, MODAL)
    sent = await ben.send_modal({"What?": "This"}, wait=False)
    assert sent.data["components"][0]["component"]["value"] == "This"
    assert (await hand.answer(sent, 9, MODAL))[0] == 400
    assert "MODAL with MODAL" in fake.complaints.pop()
    assert "What?" in ben.sees()
    assert (await hand.answer(sent, 4, PRIVATELY))[0] == 200
    assert ben.sees() == "Hello"


async def test_a_question_of_completion_takes_choices_only(fake: FakeDiscord, hand: Hand, ben: Person) -> None:
    fake.patience = 0.05
    assert await ben.complete("go", focused="to", text="fr") == []
    asked = fake.interactions.all[-1]
    assert asked.failed
    assert asked.data["options"] == [{"name": "to", "type": 3, "value": "fr", "focused": True}]


async def test_menus_of_people_roles_and_channels_say_who_is_meant(
    fake: FakeDiscord, hand: Hand, ran: Ran, ben: Person
) -> None:
    role = fake.add_role("7001", "7201", name="Robot club")
    rows = [
        {"type": 1, "components": [{"type": kind, "custom_id": f"{kind}", "placeholder": name, "max_values": 2}]}
        for kind, name in ((5, "Who"), (6, "Which role"), (7, "Who or which"), (8, "Where"))
    ]
    await hand.answer(await ran(), 4, {**PRIVATELY, "components": rows})
    for name, chosen, kinds in (
        ("Who", ["13"], ["members", "users"]),
        ("Which role", [role.id], ["roles"]),
        ("Who or which", ["13", role.id], ["members", "roles", "users"]),
        ("Where", [ben.here.id], ["channels"]),
    ):
        told = (await ben.choose(*chosen, of=name, wait=False)).data
        assert (told["values"], sorted(told["resolved"])) == (chosen, kinds)
    with pytest.raises(LookupError):
        await ben.choose("11", "13", "14", of="Who", wait=False)


async def test_commands_are_known_by_their_names_in_ones_language(fake: FakeDiscord, hand: Hand, ben: Person) -> None:
    ben.user.locale = "de"
    assert (await ben.run("los", wait=False)).data["name"] == "go"
    ben.user.locale = "fr"
    with pytest.raises(LookupError):
        await ben.run("los", wait=False)


async def test_what_is_greyed_out_or_a_link_is_not_pressed(hand: Hand, ran: Ran, ben: Person) -> None:
    link = {"type": 2, "style": 5, "label": "More", "url": "https://example.org"}
    grey = {"type": 2, "style": 2, "label": "Go", "custom_id": "go", "disabled": True}
    await hand.answer(await ran(), 4, {**PRIVATELY, "components": [{"type": 1, "components": [link, grey]}]})
    assert (ben.labels(), ben.link("More")) == ([], "https://example.org")
    for label in ("More", "Go"):
        with pytest.raises(LookupError):
            await ben.press(label, wait=False)


async def test_nobody_acts_where_the_bot_is_away(fake: FakeDiscord, hand: Hand, ben: Person) -> None:
    assert (await ben.run("go")).failed
    assert len(fake.failed_interactions) == 1


async def test_what_is_told_of_who_acts(fake: FakeDiscord, hand: Hand, ran: Ran, ben: Person) -> None:
    role = fake.add_role("7001", name="Robot club", to=["14"])
    fake.world.guilds["7001"].members["14"].nick = "Benny"
    told = (await ran()).payload
    assert (told["member"]["nick"], told["member"]["roles"]) == ("Benny", [role.id])
    assert int(told["member"]["permissions"]) == fake.world.rights("14", ben.here)
    assert (told["locale"], told["guild_locale"], told["guild_id"], told["context"]) == ("en-GB", "en-GB", "7001", 0)
    assert told["authorizing_integration_owners"] == {"0": "7001"}
    assert "user" not in told
    alone = (await ben.run("go", where="dm", wait=False)).payload
    assert (alone["user"]["id"], alone["context"], alone["authorizing_integration_owners"]) == ("14", 1, {"0": "0"})
    assert "member" not in alone
