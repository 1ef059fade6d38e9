"""When Mull comes to somebody by itself, as they say on their own page."""

from datetime import date, time, timedelta

import httpx
import pytest

from bot.core.people import PersonId, Role
from bot.core.timing import LONGEST_PAUSE
from bot.storage.people import Wishes, load_wishes
from tests.stage import OLA
from tests.web.house import BEN, CLASS, Stage, enrol, form_on, submit

PAGE = "/me/times"
TODAY = date(2026, 3, 6)


async def wish(stage: Stage, step: str, **typed: str) -> httpx.Response:
    """Let Ben send a form of the page."""
    client = await stage.signed_in(BEN)
    return await submit(client, await client.get(PAGE), PAGE, step=step, **typed)


async def wishes(stage: Stage, person: PersonId = BEN) -> Wishes:
    """Read what somebody wishes."""
    return await stage.database.read(lambda connection: load_wishes(connection, person, CLASS))


async def test_a_quiet_time_ends_in_the_morning_of_its_day_and_can_end_before(stage: Stage) -> None:
    page = await wish(stage, "quiet", until="2026-03-13")
    assert "It is quiet from now on." in page.text
    assert "It is quiet until Friday 13 March, 07:00." in page.text
    until = (await wishes(stage)).paused_until
    assert until is not None
    assert until.isoformat() == "2026-03-13T06:00:00+00:00"
    page = await wish(stage, "ended")
    assert "The quiet time is over." in page.text
    assert "It is quiet until" not in page.text
    assert (await wishes(stage)).paused_until is None


async def test_a_quiet_time_that_is_over_is_not_shown(stage: Stage) -> None:
    await wish(stage, "quiet", until="2026-03-07")
    stage.hands.move(hours=30)
    assert "It is quiet until" not in (await (await stage.signed_in(BEN)).get(PAGE)).text


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Please choose a day."),
        ("Friday", "Please choose a day."),
        ("2026-02-30", "Please choose a day."),
        (TODAY.isoformat(), "That day is not ahead of you."),
        ("2025-12-01", "That day is not ahead of you."),
        ((TODAY + LONGEST_PAUSE + timedelta(days=1)).isoformat(), "Half a year is the most."),
        ("9999-12-31", "Half a year is the most."),
    ],
)
async def test_a_day_that_does_not_fit_is_said_beside_the_field(stage: Stage, until: str, sentence: str) -> None:
    page = await wish(stage, "quiet", until=until)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{until}"' in page.text
    assert (await wishes(stage)).paused_until is None


async def test_a_day_and_an_hour_are_kept_and_given_up_again(stage: Stage) -> None:
    page = await wish(stage, "time", day="3", at="16:30")
    assert "You are asked on Thursday at 16:30, if it is still open then." in page.text
    assert (await wishes(stage)).prefers == (3, time(16, 30))
    page = await wish(stage, "any")
    assert "You are asked on" not in page.text
    assert (await wishes(stage)).prefers is None


@pytest.mark.parametrize(("day", "at"), [("7", "16:30"), ("", "16:30"), ("3", ""), ("3", "noon"), ("-1", "16:30")])
async def test_a_time_that_is_none_is_asked_for_once_more(stage: Stage, day: str, at: str) -> None:
    page = await wish(stage, "time", day=day, at=at)
    assert page.status_code == 422
    assert "Please choose a day and an hour." in page.text
    assert (await wishes(stage)).prefers is None


async def test_a_step_that_is_none_is_not_found(stage: Stage) -> None:
    assert (await wish(stage, "forever")).status_code == 404


async def test_who_is_asked_nothing_anywhere_has_nothing_to_choose(stage: Stage) -> None:
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    page = await (await stage.signed_in(OLA)).get(PAGE)
    assert "You are in no group that is asked something." in page.text
    assert '<form method="post" action="/me/times"' not in page.text


async def test_a_form_sent_twice_counts_once_and_help_leads_here(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    assert f'href="{PAGE}"' in (await client.get("/help")).text
    fields = form_on(await client.get(PAGE), PAGE).fields
    for _ in range(2):
        sent = await client.post(PAGE, data={**fields, "step": "time", "day": "0", "at": "09:00"})
        assert sent.status_code == 303
    assert (await wishes(stage)).prefers == (0, time(9))
