"""What comes, before anybody is asked: for facilitators only, as it is sent, and one for themselves to try."""

import html
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa

from bot.adapters.drawn import Drawn
from bot.app import DRAWS
from bot.core.effects import AnyEffect
from bot.core.events import OccurrenceRequested, Outcome, RunRequested
from bot.core.people import PersonId, Place, Role
from bot.core.runs import Memory, Mode
from bot.runner.flow_menu import load_menu
from bot.storage.channels import follow
from bot.storage.connection import Connection
from bot.storage.groups import change_group
from bot.storage.people import load_actor, meet_at, want_messages
from bot.storage.turns import save_memories
from bot.web import own_look
from bot.web.auth import Visitor
from bot.web.coming import Coming, load_coming
from bot.web.group_access import GroupHere
from tests.adapters.looking import buttons_in, everything_in
from tests.stage import ADA, CY, OLA, rows
from tests.web.house import BEN, CLASS, DEE, Stage, enrol, form_on, send_fields

ADDRESS = f"/groups/{CLASS}/preview"
WEEKLY = f"{ADDRESS}/weekly-check-in"
SAM = PersonId("sam")
HOSTILE = "<script>alert(1)</script> *the* map & more"
PANELS = ("In the browser", "In Slack", "On Discord")


@pytest.fixture
def everywhere(stage: Stage) -> Stage:
    """Connect the house to everything."""
    return connect(stage, "slack", "discord")


def connect(stage: Stage, *platforms: str) -> Stage:
    """Let the pages draw what chat platforms show."""
    stage.app.state.house = stage.house = replace(stage.house, draws=DRAWS, connected=frozenset(platforms))
    return stage


def shown_on(page: httpx.Response) -> list[str]:
    """List the platforms of a preview."""
    return re.findall(r'<h3 id="\w+">(.*?)</h3>', page.text)


async def coming(stage: Stage, what: str) -> Coming:
    """Load what comes, as the page does for Ada."""

    def work(connection: Connection) -> Coming:
        here = GroupHere(
            id=CLASS,
            name="6b",
            code="",
            setting="class",
            zone="Europe/Berlin",
            task="",
            reply_day="",
            adult="",
            may_read=True,
        )
        who = Visitor(ADA, "Ms Ada", load_actor(connection, ADA))
        return load_coming(connection, stage.house.shelf, here, who, what=what, choices={}, now=stage.hands.at)

    return await stage.database.read(work)


async def begun_by_sam(stage: Stage, what: str, mode: Mode) -> httpx.AsyncClient:
    """Let somebody whose name is Sam begin it in earnest."""
    begun = RunRequested(
        id=stage.name(), at=stage.hands(), who=SAM, place=Place(f"browser:{SAM}"), flow=what, group=CLASS, mode=mode
    )
    assert await stage.happen(begun) is Outcome.ACCEPTED
    return await stage.signed_in(SAM)


def squeezed(text: str) -> str:
    """Read the text of a page, without its tags and gaps."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


async def test_ada_sees_what_comes_as_each_platform_shows_it(everywhere: Stage) -> None:
    page = await (await everywhere.signed_in(ADA)).get(WEEKLY)
    assert page.status_code == 200
    assert shown_on(page) == list(PANELS)
    assert page.text.count("Hi Sam. Ms Ada would like to hear about our playground map.") == 6
    assert page.text.count("Made me think hard") == 1  # Discord's short label
    assert "Ms Ada will read this." in page.text.partition('id="readers"')[2]
    assert "The post in the channel" not in page.text
    assert "Some questions come only after certain answers" in page.text


@pytest.mark.parametrize("who", [BEN, CY, DEE, OLA])
async def test_whoever_does_not_read_the_answers_finds_nothing(everywhere: Stage, who: PersonId) -> None:
    await enrol(everywhere, {OLA: "Ola"}, role=Role.OBSERVER)
    theirs, ada = await everywhere.signed_in(who), await everywhere.signed_in(ADA)
    fields = form_on(await ada.get(WEEKLY), WEEKLY).fields
    for address in (ADDRESS, WEEKLY, f"{ADDRESS}/habit_of_week"):
        assert (await theirs.get(address)).status_code in (404, 405)
        assert (await send_fields(theirs, address, fields, {"flow": "weekly-check-in"})).status_code in (403, 404)
    assert await rows(everywhere.database, "SELECT id FROM runs") == []


@pytest.mark.parametrize("what", ["tea", "habit-plan", "peer-share", "note", "staff-check-in", "check_in"])
async def test_only_what_the_group_can_be_asked_is_shown_or_sent(everywhere: Stage, what: str) -> None:
    ada = await everywhere.signed_in(ADA)
    fields = form_on(await ada.get(WEEKLY), WEEKLY).fields
    assert (await ada.get(f"{ADDRESS}/{what}")).status_code == 404
    assert (await send_fields(ada, f"{ADDRESS}/{what}", fields, {})).status_code == 404
    assert await rows(everywhere.database, "SELECT id FROM runs") == []


async def test_a_platform_is_shown_where_it_is_used_and_all_of_them_on_request(stage: Stage) -> None:
    ada = await connect(stage).signed_in(ADA)
    page = await ada.get(WEEKLY)
    assert shown_on(page) == ["In the browser"]
    assert "See it in Slack and on Discord too" in page.text
    page = await ada.get(f"{WEEKLY}?everywhere=1")
    assert shown_on(page) == list(PANELS)
    assert page.text.count("Not connected to this group") == 2
    await stage.database.write(lambda connection: follow(connection, CLASS, None, Place("discord:7:list:8")))
    assert shown_on(await ada.get(WEEKLY)) == ["In the browser", "On Discord"]
    connect(stage, "slack")
    assert shown_on(await ada.get(WEEKLY)) == list(PANELS)


@pytest.mark.parametrize(("channel", "name"), [("slack:T1:C1", "In Slack"), ("discord:7:8", "On Discord")])
async def test_the_post_is_shown_where_the_group_follows_a_channel(everywhere: Stage, channel: str, name: str) -> None:
    await everywhere.database.write(lambda connection: follow(connection, CLASS, Place(channel)))
    page = await (await everywhere.signed_in(ADA)).get(WEEKLY)
    [panel] = [one for one in page.text.split("<section")[1:] if "The post in the channel" in one]
    assert f">{name}</h3>" in panel
    assert "Ms Ada asks: Look at how you thought this week" in panel
    assert "Reflect now" in panel
    assert "13 March" in panel


async def test_what_ada_once_planned_herself_is_not_shown(everywhere: Stage) -> None:
    memory = Memory(person=ADA, group=CLASS, name="plan", text="Draw it before I count", at=everywhere.hands())
    await everywhere.database.write(lambda connection: save_memories(connection, [memory]))
    page = await (await everywhere.signed_in(ADA)).get(WEEKLY)
    assert "Draw it before I count" not in page.text
    assert "This week, how much of our playground map made you think hard?" in page.text


async def test_hostile_words_stay_words(everywhere: Stage) -> None:
    await everywhere.database.write(lambda connection: change_group(connection, CLASS, {"task": HOSTILE}))
    page = await (await everywhere.signed_in(ADA)).get(WEEKLY)
    assert "<script>alert" not in page.text
    assert html.escape(HOSTILE, quote=False) in page.text
    assert "\\*" not in page.text


@pytest.mark.parametrize("mode", Mode)
async def test_the_page_of_a_learner_is_what_the_preview_showed(stage: Stage, mode: Mode) -> None:
    await enrol(stage, {SAM: "Sam"})
    menu = await stage.database.read(load_menu)
    for what in [flow.id for flow in menu.values() if flow.is_offered_in("class")]:
        found = await coming(stage, what)
        drawings = own_look.draw(found.first if mode is Mode.DIALOGUE else found.form, stage.hands.at)
        sam = await begun_by_sam(stage, what, mode)
        runs = await rows(stage.database, "SELECT id FROM runs WHERE flow = :flow", flow=what)
        page = await sam.get(f"/me?run={runs[0][0]}" if mode is Mode.DIALOGUE else f"/me/form/{runs[0][0]}")
        shown = squeezed(page.text)
        for text in everything_in(drawings):
            assert squeezed(html.escape(text)) in shown, (what, text)
        form = page.text.partition('<form method="post" action="/me')[2].partition("</form>")[0]
        asked = re.findall(r"<(?:p class=.reads.|legend|label class=.question.)[^>]*>(.*?)</", form)
        drawn = {squeezed(html.escape(text)) for text in everything_in(drawings)}
        assert {squeezed(text) for text in asked} <= drawn, what
        pressed = re.findall(r"<(?:button|summary|a class=\"quiet\")[^>]*>(.*?)</", form)
        buttons = [label.removeprefix("*") for label in buttons_in(drawings)]
        assert sorted(html.unescape(re.sub("<[^>]*>", "", label)) for label in pressed) == sorted(buttons), what


async def test_what_is_shown_is_what_a_learner_gets(stage: Stage) -> None:
    await enrol(stage, {SAM: "Sam"})
    found = await coming(stage, "weekly-check-in")
    await begun_by_sam(stage, "weekly-check-in", Mode.DIALOGUE)
    sent = await rows(stage.database, "SELECT body FROM outbox WHERE person_id = 'sam' ORDER BY seq")
    prompts = [effect.prompt for effect in found.first if hasattr(effect, "prompt")]
    assert len(sent) == len(found.first) == 2
    assert found.first[0].text in sent[0][0]  # type: ignore[union-attr]
    assert all(prompt.text in sent[1][0] and prompt.reads in sent[1][0] for prompt in prompts)


async def test_one_is_sent_to_ada_once_however_often_she_presses(everywhere: Stage) -> None:
    ada = await everywhere.signed_in(ADA)
    fields = form_on(await ada.get(WEEKLY), WEEKLY).fields
    for _ in range(2):
        page = await send_fields(ada, WEEKLY, fields, {})
        assert "Sent." in page.text
        assert 'href="/me#now"' in page.text.partition('id="sent"')[2].partition("</p>")[0]
    assert await rows(everywhere.database, "SELECT person_id, group_id, flow, place FROM runs") == [
        ("ada", CLASS, "weekly-check-in", "browser:ada")
    ]
    sent = "SELECT count(*) FROM outbox WHERE kind = 'AskQuestion'"
    assert await rows(everywhere.database, sent) == [(1,)]
    assert "This week, how much of our playground map" in (await ada.get("/me")).text


@pytest.mark.parametrize(
    ("place", "wishes", "told", "goes_to"),
    [
        ("slack:T1:D1", False, "Look in Slack", "slack:T1:D1"),
        ("discord:@me:1", True, "Look on Discord", "discord:@me:1"),
        ("discord:@me:1", False, "your own page", "browser:ada"),
    ],
)
async def test_it_goes_where_ada_is_met_and_calls_nobody_for_it(
    everywhere: Stage, place: str, wishes: bool, told: str, goes_to: str
) -> None:
    def work(connection: Connection) -> None:
        meet_at(connection, ADA, Place(place))
        want_messages(connection, ADA, is_wanted=wishes)

    await everywhere.database.write(work)
    ada = await everywhere.signed_in(ADA)
    page = await send_fields(ada, WEEKLY, form_on(await ada.get(WEEKLY), WEEKLY).fields, {})
    assert told in page.text
    assert await rows(everywhere.database, "SELECT DISTINCT place FROM outbox") == [(goes_to,)]


async def test_a_habit_week_shows_the_next_habit_in_order_and_writes_nothing(everywhere: Stage) -> None:
    ada = await everywhere.signed_in(ADA)
    week = f"{ADDRESS}/habit_of_week"
    page = await ada.get(week)
    assert page.text.count("chose a habit to try this week: Persisting.") == 6
    assert "Send one to me now" not in page.text
    assert await tables(everywhere, "occurrences", "runs", "outbox") == (0, 0, 0)
    begun = OccurrenceRequested(
        id=everywhere.name(), at=everywhere.hands(), who=ADA, group=CLASS, kind="habit_of_week", choices={}
    )
    assert await everywhere.happen(begun) is Outcome.ACCEPTED
    before = await tables(everywhere, "occurrences", "runs", "outbox")
    assert "Managing impulsivity" in (await ada.get(week)).text
    assert "Thinking flexibly: " in (await ada.get(f"{week}?order=voted")).text
    assert (await ada.get(f"{week}?habit=tea")).status_code == 404
    assert await tables(everywhere, "occurrences", "runs", "outbox") == before


async def test_a_group_of_nobody_can_be_shown_what_comes(everywhere: Stage) -> None:
    await everywhere.database.write(
        lambda connection: connection.execute(sa.text("DELETE FROM memberships WHERE role = 'learner'"))
    )
    ada = await everywhere.signed_in(ADA)
    for what in ("weekly-check-in", "habit_of_week"):
        page = await ada.get(f"{ADDRESS}/{what}")
        assert "Ms Ada will read this." in page.text


async def test_what_a_platform_would_not_take_is_said(stage: Stage) -> None:
    def too_much(effects: Sequence[AnyEffect], now: datetime) -> tuple[Drawn, ...]:
        raise ValueError("blocks of a message: 1 to 50 blocks, not 51")

    stage.app.state.house = replace(stage.house, draws={"slack": too_much}, connected=frozenset({"slack"}))
    page = await (await stage.signed_in(ADA)).get(WEEKLY)
    assert shown_on(page) == ["In the browser", "In Slack"]
    assert page.text.count("does not fit there") == 1


async def test_the_page_of_the_group_leads_here(everywhere: Stage) -> None:
    ada = await everywhere.signed_in(ADA)
    form = form_on(await ada.get(f"/groups/{CLASS}"), f"/groups/{CLASS}/ask")
    page = await send_fields(ada, ADDRESS, form.fields, {"flow": "relevance-check"})
    assert str(page.url).endswith("/preview/relevance-check")
    assert (await send_fields(ada, ADDRESS, form.fields, {"flow": ""})).status_code == 404


def test_no_platforms_library_is_loaded_before_somebody_looks() -> None:
    code = "import sys, bot.app, bot.web.app; print(sorted({'discord', 'slack_sdk', 'slack_bolt'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


async def tables(stage: Stage, *names: str) -> tuple[int, ...]:
    """Count rows."""
    return tuple([(await rows(stage.database, f"SELECT count(*) FROM {name}"))[0][0] for name in names])
