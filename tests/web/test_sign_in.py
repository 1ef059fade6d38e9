"""One-time links, how long a session lasts, and the way out."""

import hashlib
from datetime import timedelta

import httpx
import pytest

from bot.core.people import GroupId, PersonId
from bot.storage.bootstrap import add_owner
from bot.storage.connection import Connection
from bot.storage.sessions import make_link
from bot.storage.tables import sessions, sign_in_links
from tests.stage import ADA
from tests.web.house import BEN, Stage, open_stage, submit


async def link_for(stage: Stage, person: PersonId = ADA, lives: timedelta = timedelta(days=1)) -> str:
    """Make a link; answer its address."""
    until = stage.hands.at + lives

    def work(connection: Connection) -> str:
        return make_link(connection, person, until)

    return f"/sign-in/{await stage.database.write(work)}"


async def use(client: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    """Open a link and press its button."""
    return await submit(client, await client.get(address), "", **fields)


async def is_in(client: httpx.AsyncClient) -> bool:
    """Say whether somebody is signed in."""
    return (await client.get("/help")).status_code == 200


async def test_a_link_signs_in_once(stage: Stage) -> None:
    client, address = stage.client(), await link_for(stage)
    for _ in range(2):
        assert "Hello, <bdi>Ms Ada</bdi>" in (await client.get(address)).text
    await use(client, address)
    assert await is_in(client)
    assert (await stage.client().get(address)).status_code == 410


async def test_the_owner_says_what_learners_call_them(stage: Stage) -> None:
    owner = PersonId("owner")
    at = stage.hands.at
    await stage.database.write(lambda connection: add_owner(connection, owner, GroupId("school"), at))
    client, address = stage.client(), await link_for(stage, owner)
    assert (await use(client, address, name=" \n ")).status_code == 422
    assert (await use(client, address, name="x" * 81)).status_code == 422
    page = await use(client, address, name="  Dr   Lindqvist ")
    assert page.url.path == "/groups"
    assert "Dr Lindqvist" in page.text


async def test_two_presses_of_one_link_are_one_sign_in(stage: Stage) -> None:
    one, two, address = stage.client(), stage.client(), await link_for(stage)
    first, second = await one.get(address), await two.get(address)
    await submit(one, first, "")
    late = await submit(two, second, "")
    assert late.status_code == 410
    assert "This link is used up" in late.text
    assert (await is_in(one), await is_in(two)) == (True, False)


async def test_an_old_link_is_no_link(stage: Stage) -> None:
    address = await link_for(stage)
    page = await stage.client().get(address)
    stage.hands.move(hours=25)
    client = stage.client()
    assert (await client.get(address)).status_code == 410
    assert page.status_code == 200


async def test_nothing_that_is_kept_signs_anybody_in(stage: Stage) -> None:
    address, client = await link_for(stage), stage.client()
    await use(client, address)

    def kept(connection: Connection) -> set[str]:
        found = [connection.execute(table.select()).scalars("token_hash") for table in (sessions, sign_in_links)]
        return {hash_ for column in found for hash_ in column}

    link, cookie = address.rsplit("/", 1)[1], client.cookies["mull"]
    assert await stage.database.read(kept) == {hashlib.sha256(token.encode()).hexdigest() for token in (link, cookie)}


async def test_whoever_leads_is_signed_out_after_half_an_hour_away(stage: Stage) -> None:
    client = stage.client()
    await use(client, await link_for(stage))
    for _ in range(3):
        stage.hands.move(minutes=29)
        assert await is_in(client)
    stage.hands.move(minutes=31)
    assert not await is_in(client)


async def test_nobody_who_leads_stays_for_more_than_half_a_day(stage: Stage) -> None:
    client = stage.client()
    await use(client, await link_for(stage))
    for _ in range(28):
        stage.hands.move(minutes=25)
        assert await is_in(client)
    stage.hands.move(minutes=25)
    assert not await is_in(client)


async def test_a_learner_who_went_away_is_signed_out(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for _ in range(3):
        stage.hands.move(hours=1, minutes=50)
        assert await is_in(client)
    stage.hands.move(hours=2, minutes=1)
    page = await client.get("/me")
    assert (page.status_code, page.headers["location"]) == (303, "/")


async def test_no_learner_stays_for_more_than_half_a_day(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for _ in range(11):
        stage.hands.move(hours=1)
        assert await is_in(client)
    stage.hands.move(hours=1, minutes=1)
    assert not await is_in(client)


async def test_signing_out_ends_the_session_itself(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    token = client.cookies["mull"]
    page = await submit(client, await client.get("/me"), "/sign-out")
    assert page.url.path == "/"
    stolen = stage.client()
    stolen.cookies.set("mull", token)
    assert not await is_in(stolen)


async def test_cookies_are_out_of_reach(stage: Stage) -> None:
    client = stage.client()
    await client.get("/")
    page = await client.get(await link_for(stage))
    form = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0]}
    cookie = (await client.post(page.url.path, data=form)).headers["set-cookie"]
    assert cookie.startswith("mull=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie


async def test_over_https_cookies_are_bound_to_the_host(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with open_stage(tmp_path_factory.mktemp("https"), "https://mull.test") as stage:
        cookie = (await stage.client().get("/")).headers["set-cookie"]
        assert cookie.startswith("__Host-mull")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
