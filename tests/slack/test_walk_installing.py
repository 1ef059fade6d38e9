"""Mull comes into several workspaces, leaves one, comes back; the others notice nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.slack.installs import GONE
from bot.runner.installs import StoredInstalls
from bot.storage.database import Database
from bot.storage.sealing import Seal
from tests.slack.fake import FakeSlack
from tests.slack.flows import HARD, WEEK
from tests.slack.house import MODES, SlackHouse, Walk, add_team, set_team
from tests.stage import Hands, rows

# slack_sdk sends the app's id and secret by a class that aiohttp is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")

NEXT_STEP = "It has written to you there with the next step."


@pytest.fixture(params=MODES)
async def walk(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Walk]:
    """Let two schools be there, and Mull be in neither of them."""
    await set_team(database, WEEK)
    hands = Hands()
    async with FakeSlack(hands) as slack:
        add_team(slack)
        slack.world.workspaces["T1"].installed = False
        slack.add_workspace("T2", name="Hill School", installed=False)
        slack.add_user("UDAN", name="Dan Hill", team="T2")
        installs = StoredInstalls(database, Seal(b"s" * 64), hands)
        async with SlackHouse(database, slack, hands, mode=request.param, installs=installs) as house:
            yield Walk(house)
            await house.settle()
        assert slack.complaints == []


async def install(walk: Walk, team: str = "T1", who: str = "UADA") -> str:
    """Let somebody install Mull; answer the page that they come to."""
    visit = await walk.slack.browser(team, who).install(f"{walk.house.url}/slack/install")
    await walk.house.settle()
    return visit.text if visit.status == 200 else f"{visit.status} {visit.text}"


async def kept(walk: Walk) -> list[tuple[str, bool, str | None]]:
    """Read where Mull is: the workspace, whether its token is there, why it ended."""
    found = await rows(walk.database, "SELECT id, sealed_token, ended_why FROM workspaces ORDER BY id")
    return [(team, bool(token), why) for team, token, why in found]


async def test_mull_is_installed_from_its_page_and_answers_from_then_on(walk: Walk) -> None:
    assert await kept(walk) == []
    assert "Mull is in Bridge School" in await install(walk)
    assert await kept(walk) == [("T1", True, None)]
    assert (walk.ben.dm, walk.ola.dm) == ([], []), "nobody else hears from Mull until they choose"
    await walk.write(walk.ben, "help")
    assert len(walk.ben.dm) == 2
    assert {call.token for call in walk.slack.calls if call.method == "chat.postMessage"} == {walk.slack.token}


async def test_who_installs_it_reads_the_next_step_and_nobody_else_hears_of_it(walk: Walk) -> None:
    assert NEXT_STEP in await install(walk)
    assert len(walk.ada.dm) == 1
    assert walk.ada.dm[0].text.startswith("I'm Mull. You just added me, and nobody else has heard from me.")
    assert "/mull group" in walk.ada.words()
    await walk.house.move(hours=30)
    assert len(walk.ada.dm) == 1
    assert walk.ben.dm + walk.ola.dm + walk.eve.dm == []


async def test_only_the_state_of_ones_own_browser_installs_once(walk: Walk) -> None:
    address = f"{walk.house.url}/slack/install"
    browser = walk.slack.browser("T1", "UADA")
    visit = await browser.install(address)
    reused = walk.slack.browser("T1", "UADA")
    reused.cookies = dict.fromkeys(browser.cookies, visit.state)
    refused = [
        await browser.call_back(visit.callback),
        await walk.slack.browser("T1", "UADA").install(address, state=visit.state),
        await walk.slack.browser("T1", "UADA").install(address, state=visit.state[:-1] + "~"),
        await walk.slack.browser("T1", "UADA").install(address, with_cookies=False),
    ]
    assert [one.status for one in refused] == [400] * 4
    refused.append(await reused.call_back(visit.callback))
    assert all("Mull was not installed" in one.text for one in refused)
    assert len([call for call in walk.slack.calls if call.method == "oauth.v2.access"]) == 1


async def test_a_state_older_than_ten_minutes_installs_nothing(walk: Walk) -> None:
    browser = walk.slack.browser("T1", "UADA")
    first = await browser.install(f"{walk.house.url}/slack/install", code="unknown")
    assert first.status == 401
    late = await StoredInstalls(walk.database, Seal(b"s" * 64), walk.hands).issue_state()
    browser.cookies = dict.fromkeys(first.cookies, late)
    walk.hands.move(minutes=11)
    asked = len(walk.slack.calls)
    visit = await browser.call_back(f"{walk.house.url}/slack/oauth_redirect?code=code-1&state={late}")
    assert "This page was open for too long" in visit.text
    assert len(walk.slack.calls) == asked
    assert await kept(walk) == []


async def test_who_declines_reads_that_nothing_was_installed(walk: Walk) -> None:
    browser = walk.slack.browser("T1", "UADA")
    visit = await browser.call_back(f"{walk.house.url}/slack/oauth_redirect?error=access_denied&state=x")
    assert "Nothing was installed: the request was declined in Slack." in visit.text
    assert await kept(walk) == []


async def test_who_removes_mull_gets_nothing_more_and_another_school_everything(walk: Walk) -> None:
    await install(walk)
    await install(walk, "T2", "UDAN")
    dan = walk.slack.person("UDAN")
    await walk.command(walk.ben, "start week")
    assert HARD in walk.ben.words()
    deliveries = await walk.slack.uninstall()
    await walk.house.settle()
    assert all(delivery.acked for delivery in deliveries)
    assert await kept(walk) == [("T1", False, "Mull was removed from the Slack workspace"), ("T2", True, None)]
    calls = len(walk.slack.calls)
    await walk.house.move(hours=25)
    await walk.house.move(hours=48)
    assert len(walk.slack.calls) == calls
    count = len(dan.dm)
    await walk.write(dan, "help")
    assert len(dan.dm) == count + 2
    assert await kept(walk) == [("T1", False, "Mull was removed from the Slack workspace"), ("T2", True, None)]


async def test_a_token_that_slack_refuses_ends_the_install(walk: Walk) -> None:
    await install(walk)
    walk.slack.faults.error("chat.postMessage", "token_revoked", times=9)
    await walk.write(walk.ben, "help")
    assert await kept(walk) == [("T1", False, "Slack took Mull's token back")]


async def test_who_installs_mull_again_is_known_and_asked_again(walk: Walk) -> None:
    await install(walk)
    await walk.write(walk.ben, "help")
    await walk.slack.uninstall()
    await walk.house.settle()
    await install(walk)
    assert await kept(walk) == [("T1", True, None)]
    await walk.command(walk.ben, "start week")
    assert HARD in walk.ben.words()
    assert await rows(walk.database, "SELECT place FROM people WHERE id = 'ben'") == [("slack:T1:UBEN",)]
    assert len(await rows(walk.database, "SELECT 1 FROM people")) == 3


async def test_news_of_a_removal_that_comes_after_a_new_install_ends_nothing(walk: Walk) -> None:
    await install(walk)
    walk.slack.pause_delivery()
    removing = asyncio.ensure_future(walk.slack.uninstall())
    await asyncio.wait({removing}, timeout=0)
    walk.house.hands.move(minutes=2)
    await install(walk)
    await walk.slack.deliver_paused()
    await removing
    await walk.house.settle()
    assert await kept(walk) == [("T1", True, None)]


async def test_a_persons_own_token_that_was_taken_back_ends_nothing(walk: Walk) -> None:
    await install(walk)
    await walk.slack.tell("T1", {"type": "tokens_revoked", "tokens": {"oauth": ["UBEN"], "bot": []}})
    await walk.house.settle()
    assert await kept(walk) == [("T1", True, None)]


async def test_an_old_button_where_mull_is_no_more_says_so(walk: Walk) -> None:
    await install(walk)
    await walk.command(walk.ben, "help")
    installs = StoredInstalls(walk.database, Seal(b"s" * 64), walk.hands)
    await installs.end("T1", "it was ended by hand")
    await walk.ben.press("My answers")
    assert walk.ben.ephemerals[-1].text == GONE
