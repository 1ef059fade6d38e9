"""Who waits for whom on a round's page, since when, and the button that brings somebody's question back."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from bot.core.events import Control, Outcome
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Role
from bot.core.platform_news import PersonPaused
from bot.flows.phrases import ENGLISH
from bot.web.pages.round import DONE
from tests.programs.group import BEN, CLASS, CLEO, DANA, Group
from tests.stage import ADA, CY, OLA
from tests.web.house import FormSeen, Stage, enrol, forms_on, send_fields
from tests.web.living import ADDRESS, SCRIPT, cruel_round, open_class
from tests.web.test_round import address_of, part

SOL = PersonId("sol")
ASKED = ENGLISH.brought_back.format(by="Ms Ada")


async def page_of(stage: Stage, name: OccurrenceId, who: PersonId = ADA) -> tuple[httpx.AsyncClient, httpx.Response]:
    """Open a round's page; answer the browser as well."""
    client = await stage.signed_in(who)
    return client, await client.get(address_of(name))


def reminders(page: httpx.Response) -> list[str]:
    """List whom the buttons of a page remind."""
    return [form.buttons[0][1] for form in forms_on(page) if form.fields.get("step") == ["remind"]]


def form_for(page: httpx.Response, people: str) -> FormSeen:
    """Find the form that reminds somebody."""
    return next(form for form in forms_on(page) if form.buttons == [("about", people)])


async def press(client: httpx.AsyncClient, page: httpx.Response, people: str) -> httpx.Response:
    """Press the button that reminds somebody."""
    form = form_for(page, people)
    return await send_fields(client, form.action, form.fields, {"about": people})


def lines(page: httpx.Response) -> dict[str, str]:
    """Read who is at what, as a person does."""
    found = part(page.text, "doing").split("<dt>")[1:]
    return {
        what: " ".join(unescape(re.sub(r"<[^>]*>", "", who.partition("</dd>")[0])).split())
        for what, _, who in (line.partition("</dt>") for line in found)
    }


async def a_round(stage: Stage) -> tuple[Group, OccurrenceId]:
    """Let Ben and Cleo look at each other's work, while Dana has not shared yet."""
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    await group.work_through(BEN, CLEO, until="peer-review")
    await group.steer(name, "pair_now")
    group.platform.seen.clear()
    return group, name


# Who waits for whom.


async def test_each_line_says_whose_and_since_which_day(stage: Stage) -> None:
    group, name = await a_round(stage)
    _, page = await page_of(stage, name)
    assert "since" not in part(page.text, "doing")
    await group.move(days=1)
    _, page = await page_of(stage, name)
    assert lines(page) == {
        "Choosing what to share": "Dana since yesterday Remind Dana",
        "Looking at a piece": (
            "Ben Okafor at the work of Cleo since yesterday Remind Ben Okafor "
            "Cleo at the work of Ben Okafor since yesterday Remind Cleo Remind all 2 Looking at a piece"
        ),
    }
    await group.work_through(CLEO)
    await group.move(days=3)
    _, page = await page_of(stage, name)
    assert "Cleo since Friday 6 March" in lines(page)["Waiting for somebody to look at their piece"]


async def test_who_waits_for_a_comment_reads_from_whom_it_comes(stage: Stage) -> None:
    group, name = await a_round(stage)
    await group.work_through(CLEO)
    _, page = await page_of(stage, name)
    assert lines(page)["Waiting for a comment"] == "Cleo from Ben Okafor"


async def test_a_comment_that_is_held_says_since_when_and_its_author_waits_for_the_teacher(stage: Stage) -> None:
    group = await open_class(stage)
    name, _ = await cruel_round(group)
    await group.work_through(CLEO, DANA)
    await group.move(hours=30)
    _, page = await page_of(stage, name)
    assert "It has waited since yesterday, 11:40." in part(page.text, "needs")
    assert 'href="#needs">for you to read one</a>' in part(page.text, "doing")


# Reminding.


async def test_one_press_brings_the_question_and_the_page_says_so(stage: Stage) -> None:
    group, name = await a_round(stage)
    ada, page = await page_of(stage, name)
    assert reminders(page) == ["dana", "ben", "cleo", "ben cleo"]
    assert f"They read: “{ASKED}”" in page.text
    page = await press(ada, page, "dana")
    await group.deliver()
    assert group.told(DANA)[0] == ASKED
    assert group.told(BEN) == group.told(CLEO) == []
    assert DONE["remind"] in page.text
    assert lines(page)["Choosing what to share"] == "Dana reminded today, 11:40, by Ms Ada"
    assert reminders(page) == ["ben", "cleo", "ben cleo"]


async def test_a_whole_line_is_reminded_with_one_press(stage: Stage) -> None:
    group, name = await a_round(stage)
    ada, page = await page_of(stage, name)
    page = await press(ada, page, "ben cleo")
    await group.deliver()
    assert [group.told(one)[0] for one in (BEN, CLEO)] == [ASKED, ASKED]
    assert reminders(page) == ["dana"]


async def test_a_second_press_the_same_day_says_that_it_was_done(stage: Stage) -> None:
    group, name = await a_round(stage)
    await enrol(stage, {SOL: "Mr Sol"}, CLASS, Role.FACILITATOR)
    sol, stale = await page_of(stage, name, SOL)
    ada, page = await page_of(stage, name)
    for _ in range(2):
        assert DONE["remind"] in (await press(ada, page, "dana")).text, "a form sent twice is sent once"
    after = await press(sol, stale, "dana")
    await group.deliver()
    assert DONE["remind_not"] in unescape(after.text)
    assert "reminded today, 11:40, by Ms Ada" in lines(after)["Choosing what to share"]
    assert group.told(DANA).count(ASKED) == 1
    stage.hands.move(days=1)
    _, page = await page_of(stage, name)
    assert "dana" in reminders(page)


async def test_in_the_evening_it_is_said_that_it_comes_in_the_morning(stage: Stage) -> None:
    group, name = await a_round(stage)
    stage.hands.at = stage.hands.at.replace(hour=20)
    ada, page = await page_of(stage, name)
    page = await press(ada, page, "dana")
    await group.deliver()
    assert DONE["remind_later"] in page.text
    assert lines(page)["Choosing what to share"] == "Dana reminder from Ms Ada comes tomorrow, 07:00"
    assert group.told(DANA) == []
    stage.hands.at = stage.hands.at.replace(day=7, hour=6, minute=0)
    await group.move()
    assert group.told(DANA)[0] == ASKED
    _, page = await page_of(stage, name)
    assert "reminded today, 07:00, by Ms Ada" in lines(page)["Choosing what to share"]


async def test_who_wants_quiet_or_said_when_has_no_button(stage: Stage) -> None:
    group, name = await a_round(stage)
    until = stage.hands.at + timedelta(days=2)
    paused = PersonPaused(id=stage.name(), at=stage.hands(), who=DANA, until=until)
    assert await stage.happen(paused) is Outcome.ACCEPTED
    await group.control(CLEO, Control.TOMORROW)
    _, page = await page_of(stage, name)
    assert reminders(page) == ["ben"]
    assert lines(page)["Choosing what to share"] == "Dana wants quiet just now"
    assert "Cleo at the work of Ben Okafor wants it tomorrow, 15:00" in lines(page)["Looking at a piece"]


async def test_readers_may_be_reminded_after_the_end_too(stage: Stage) -> None:
    group, name = await a_round(stage)
    await group.work_through(CLEO)
    await group.steer(name, "close")
    await group.move(hours=2)
    group.platform.seen.clear()
    ada, page = await page_of(stage, name)
    assert reminders(page) == ["ben"]
    await press(ada, page, "ben")
    await group.deliver()
    assert group.told(BEN)[0] == ASKED


@pytest.mark.parametrize("people", ["cy", "dana cy", "nobody", SCRIPT, "ada"])
async def test_people_who_do_not_learn_here_are_not_found(stage: Stage, people: str) -> None:
    group, name = await a_round(stage)
    ada, page = await page_of(stage, name)
    form = form_for(page, "dana")
    assert (await send_fields(ada, form.action, form.fields, {"about": people})).status_code == 404
    await group.deliver()
    assert group.platform.seen == []


@pytest.mark.parametrize("who", [OLA, CY, BEN])
async def test_nobody_else_reminds(stage: Stage, who: PersonId) -> None:
    group, name = await a_round(stage)
    client = await stage.signed_in(who)
    other = await client.get(f"{ADDRESS}/roster" if who == OLA else "/me")
    fields = {"csrf": forms_on(other)[0].fields["csrf"], "step": ["remind"], "about": ["dana"]}
    assert (await send_fields(client, address_of(name), fields, {})).status_code == 404
    await group.deliver()
    assert group.platform.seen == []


async def test_hostile_names_stand_as_text_beside_the_button(stage: Stage) -> None:
    group = await open_class(stage)
    await enrol(stage, {PersonId("noa"): f'"><img src=x>{SCRIPT}'}, CLASS)
    name = await group.begin("peer_exchange", practice="no")
    _, page = await page_of(stage, name)
    assert "noa" in reminders(page)
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
