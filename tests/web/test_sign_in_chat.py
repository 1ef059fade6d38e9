"""Coming in by saying yes in a chat: bound to the browser that asked, once, for ten minutes."""

import re
from dataclasses import replace

import httpx
import pytest

from bot.adapters.asking import Asked, Reply
from bot.core.people import PersonId, Place, Role
from bot.desk.desk import Desk
from bot.storage.connection import Connection
from bot.storage.groups import add_members
from bot.storage.tables import identities, sign_in_requests
from tests.desk.asking import does_of, in_slack, text_of
from tests.stage import ADA, NOW
from tests.web.house import BEN, CLASS, DEE, Stage, form_on, send_fields, submit

FIREFOX = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"}


class Chat:
    """The same house as people meet it in Slack."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._desk = Desk(database=stage.database, door=stage.inbox, now=stage.hands, base_url=stage.house.base_url)

    async def say(self, who: PersonId, words: str) -> Reply:
        """Ask something of Mull."""
        asked = Asked(
            id=self._stage.name(), at=self._stage.hands(), who=in_slack(who), place=Place("slack:T1:D"), words=words
        )
        return await self._desk.ask(asked)

    async def answer(self, who: PersonId, code: str, words: str = "let in") -> str:
        """Type a code and press a button below it; answer what is said in the end."""
        (does,) = [does for does in does_of(await self.say(who, f"sign in {code}")) if does.startswith(words)]
        return text_of(await self.say(who, does))


@pytest.fixture
async def chat(stage: Stage) -> Chat:
    """Let Ada, Ben and Dee be in Slack as well."""
    return await in_chat(stage)


async def in_chat(stage: Stage) -> Chat:
    """Let Ada, Ben and Dee be in Slack as well."""
    stage.app.state.house = replace(stage.house, connected=frozenset({"slack"}))

    def work(connection: Connection) -> None:
        for person in (ADA, BEN, DEE):
            connection.execute(identities.insert().values(**in_slack(person)._asdict(), person_id=person))

    await stage.database.write(work)
    return Chat(stage)


async def wait(client: httpx.AsyncClient) -> str:
    """Press the button of the sign-in page; answer the code that it shows."""
    client.headers.update(FIREFOX)
    page = await submit(client, await client.get("/sign-in"), "/sign-in")
    return page.text.split('data-waiting="')[1].split('"')[0]


async def test_a_yes_lets_in_the_browser_that_asked(stage: Stage, chat: Chat) -> None:
    mine, other = stage.client(), stage.client()
    code, theirs = await wait(mine), await wait(other)
    assert re.fullmatch(r"(?=.*\d)[2-9A-Z]{4}", code)
    assert code != theirs
    assert (await mine.get("/sign-in")).status_code == 200
    await chat.answer(ADA, code)
    assert (await other.get("/sign-in")).status_code == 200
    came = await mine.get("/sign-in")
    assert (came.status_code, came.headers["location"]) == (303, "/groups")
    assert "Ms Ada" in (await mine.get("/groups")).text
    assert (await other.get("/groups")).headers["location"] == "/"
    assert "mull-waiting" not in mine.cookies


async def test_the_front_page_leads_there_and_who_is_in_is_not_asked(stage: Stage, chat: Chat) -> None:
    assert '<a href="/sign-in">' in (await stage.client().get("/")).text
    page = await (await stage.signed_in(ADA)).get("/sign-in")
    assert (page.status_code, page.headers["location"]) == (303, "/groups")


async def test_the_code_alone_lets_nobody_in(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    code = await wait(client)
    assert "Firefox on Windows" in text_of(await chat.say(ADA, f"sign in {code}"))
    thief = stage.client()
    thief.cookies.set("mull-waiting", code)
    for browser in (client, thief):
        assert (await browser.get("/sign-in")).status_code == 200
        assert (await browser.get("/groups")).status_code == 303
    assert "/mull sign-in" not in (await thief.get("/sign-in")).text


async def test_not_me_is_told_to_the_browser_and_it_may_begin_again(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    code = await wait(client)
    await chat.answer(ADA, code, "not me")
    page = await client.get("/sign-in")
    assert "Somebody answered “Not me” to this code" in page.text
    fresh = await wait(client)
    await chat.answer(ADA, fresh)
    assert (await client.get("/sign-in")).headers["location"] == "/groups"


async def test_a_new_code_ends_the_one_before(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    old, _ = await wait(client), await submit(client, await client.get("/sign-in"), "/sign-in")
    assert "I don't know that code" in text_of(await chat.say(ADA, f"sign in {old}"))


async def test_ten_minutes_later_the_browser_is_not_let_in(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    await chat.answer(ADA, await wait(client))
    stage.hands.move(minutes=11)
    page = await client.get("/sign-in")
    assert page.status_code == 200
    assert "data-waiting" not in page.text


async def test_an_approval_is_used_once(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    code = await wait(client)
    thief = stage.client()
    thief.cookies.set("mull-waiting", client.cookies["mull-waiting"])
    await chat.answer(ADA, code)
    assert (await client.get("/sign-in")).status_code == 303
    assert (await thief.get("/sign-in")).status_code == 200


async def test_only_a_hash_of_the_browsers_token_is_kept(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    await wait(client)

    def kept(connection: Connection) -> str:
        return repr(connection.execute(sign_in_requests.select()).all())

    assert client.cookies["mull-waiting"] not in await stage.database.read(kept)


async def test_signing_in_gives_the_browser_a_new_token_and_ends_the_old_one(stage: Stage, chat: Chat) -> None:
    client, planted = stage.client(), await stage.session(DEE)
    client.cookies.set("mull", "planted", domain="mull.test")
    code = await wait(client)
    await chat.answer(ADA, code)
    await client.get("/sign-in")
    token = client.cookies.get("mull", domain="mull.test")
    assert token not in ("planted", planted)
    other = stage.client()
    other.cookies.set("mull", "planted")
    assert (await other.get("/groups")).status_code == 303


async def test_a_form_from_elsewhere_makes_no_browser_wait(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    fields = form_on(await client.get("/sign-in"), "/sign-in").fields
    assert (await client.post("/sign-in", data=fields, headers={"origin": "https://elsewhere.test"})).status_code == 403
    assert (await send_fields(client, "/sign-in", fields, {"csrf": ""})).status_code == 403
    assert "mull-waiting" not in client.cookies


async def test_whoever_leads_nothing_any_more_is_not_let_in(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    await chat.answer(ADA, await wait(client))
    await stage.database.write(lambda connection: add_members(connection, CLASS, [ADA], Role.LEARNER, NOW))
    assert (await client.get("/sign-in")).status_code == 200
    assert (await client.get("/groups")).status_code == 303


async def test_codes_from_one_place_come_to_an_end(stage: Stage, chat: Chat) -> None:
    client = stage.client()
    fields = form_on(await client.get("/sign-in"), "/sign-in").fields
    for _ in range(50):
        assert (await client.post("/sign-in", data=fields)).status_code == 303
    page = await client.post("/sign-in", data=fields)
    assert page.status_code == 429
    assert "That was a lot of codes" in page.text


async def test_where_no_chat_is_connected_the_link_is_the_way(stage: Stage) -> None:
    page = await stage.client().get("/sign-in")
    assert "Sign in from a chat" not in page.text
    assert "Open the link that you were sent" in page.text
