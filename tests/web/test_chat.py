"""The conversation by plain forms, as a browser without JavaScript sends them."""

import re
from datetime import timedelta

import pytest
from markupsafe import escape

from bot.core.events import EventId, RunRequested
from bot.core.people import GroupId, Place, Role
from bot.core.runs import RunStatus
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members
from bot.storage.outbox import claim_effects, drop_bodies, finish_effects
from tests.stage import CY, a_group
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage, form_on, send_fields
from tests.web.talk import CHECK_IN, all_runs, begin, kept, open_runs, publish_everything, say


async def test_a_whole_check_in(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client)
    assert page.url.path == "/me"
    for fields in (
        {"chosen": "3"},
        {"text": "I stopped at the bike shed because it is round, so I could not count squares."},
        {"control": "skip"},
        {"chosen": "draw"},
        {"text": "Draw it first"},
        {"text": "When I have counted twice"},
    ):
        page = await say(client, page, **fields)
        assert page.status_code == 200
    assert not await open_runs(stage)
    said = await kept(stage)
    assert said.pop("part.probe", None) is None
    assert said == {
        "thinking": "3",
        "part": "I stopped at the bike shed because it is round, so I could not count squares.",
        "way": "draw",
        "next": "Draw it first",
        "next.cue": "When I have counted twice",
    }
    assert "What would you like to look at?" in page.text


async def test_every_kind_of_question(stage: Stage) -> None:
    await publish_everything(stage)
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, "everything")
    page = await say(client, page, tick=["a_map", "a_break"], text="the window seat")
    page = await say(client, page, text="2026-03-13")
    page = await say(client, page, text="My grandmother")
    assert "Only you" in page.text
    await say(client, page, text="اكتب هنا")
    assert await kept(stage) == {
        "many": ["a_map", "a_break", "the window seat"],
        "day": "2026-03-13",
        "one": "My grandmother",
        "secret": "اكتب هنا",
    }


async def test_a_form_sent_twice_is_one_answer(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client)
    fields = form_on(page, "/me/say").fields
    for _ in range(2):
        page = await send_fields(client, "/me/say", fields, {"chosen": "3"})
    assert await kept(stage) == {"thinking": "3"}
    assert "That question is closed" not in page.text


async def test_beginning_twice_is_one_run(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    fields = form_on(await client.get("/me"), "/me/start").fields
    for _ in range(2):
        await send_fields(client, "/me/start", fields, {"flow": CHECK_IN})
    assert len(await all_runs(stage)) == 1


async def test_an_old_button_gets_a_kind_sentence(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    old = await begin(stage, client)
    await say(client, old, chosen="3")
    fields = {**form_on(old, "/me/say").fields, "nonce": ["another-press-of-it"]}
    page = await send_fields(client, "/me/say", fields, {"chosen": "5"})
    assert "That question is closed" in page.text
    assert await kept(stage) == {"thinking": "3"}


async def test_what_was_written_to_a_closed_question_is_given_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client)
    asked = await say(client, page, chosen="3")
    await say(client, asked, control="skip")
    fields = {**form_on(asked, "/me/say").fields, "nonce": ["from-the-other-tab"]}
    page = await send_fields(client, "/me/say", fields, {"text": "A long thought <3"})
    assert page.status_code == 409
    assert "A long thought &lt;3</blockquote>" in page.text
    said = await kept(stage)
    assert said["part"] is None


async def test_skip_and_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client)
    assert not [b for b in form_on(page, "/me/say").buttons if b == ("control", "back")]
    page = await say(client, page, control="skip")
    page = await say(client, page, control="back")
    assert ("chosen", "3") in form_on(page, "/me/say").buttons
    page = await say(client, page, chosen="3")
    assert (await kept(stage))["thinking"] == "3"


async def test_words_do_what_buttons_do(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    page = await say(client, page, text=" Skip. ")
    assert (await kept(stage))["part"] is None


@pytest.mark.parametrize(
    ("control", "when"), [("later", "comes back today, 14:40"), ("tomorrow", "comes back tomorrow, 15:00")]
)
async def test_put_off_and_go_on(stage: Stage, control: str, when: str) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), control=control)
    assert when in page.text
    assert "What would you like to look at?" in page.text
    address = re.search(r'href="(/me\?run=\w+)#now"', page.text)
    assert address is not None
    page = await say(client, await client.get(address[1]), chosen="2")
    assert await kept(stage) == {"thinking": "2"}


async def test_stop_keeps_what_was_said(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    page = await say(client, page, control="stop")
    assert "We stop here" in page.text
    assert [run.status for run in await all_runs(stage)] == [RunStatus.STOPPED]
    assert await kept(stage) == {"thinking": "3"}


async def test_who_reads_this_leaves_the_question_open(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), control="help")
    assert "Nobody watches this around the clock" in page.text
    assert ("chosen", "3") in form_on(page, "/me/say").buttons


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("</textarea><img src=x onerror=alert(1)>", id="way out of the box"),
        pytest.param("\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd", id="rtl"),
        pytest.param("\U0001f600" * 10_000, id="10,000 emoji"),
        pytest.param("{{ 7 * 7 }} {first_name} {said.thinking}", id="template"),
        pytest.param("one\r\ntwo", id="lines"),
    ],
)
async def test_whatever_is_written_is_shown_as_text(stage: Stage, text: str) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    page = await say(client, page, text=text)
    written = text.replace("\r\n", "\n")
    assert (await kept(stage))["part"] == written
    for address in ("/me", "/me/answers"):
        shown = (await client.get(address)).text

        assert f'dir="auto">{escape(written)}</p>' in shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("x" * 10_001, "That is 10,001 characters; I can keep 10,000", id="too long"),
        pytest.param("a\x00b", "There is a sign in it that I can", id="nul"),
    ],
)
async def test_what_cannot_be_kept_comes_back_to_be_changed(stage: Stage, text: str, sentence: str) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    page = await say(client, page, text=text)
    assert page.status_code == 422
    assert sentence in page.text
    assert form_on(page, "/me/say").fields["text"] == [text]
    assert await kept(stage) == {"thinking": "3"}
    page = await say(client, page, text="Shorter")
    assert (await kept(stage))["part"] == "Shorter"


async def test_nobody_reaches_into_anothers_run(stage: Stage) -> None:
    ben, cy = await stage.signed_in(BEN), await stage.signed_in(CY)
    await begin(stage, ben)
    run = (await open_runs(stage))[0]
    page = await begin(stage, cy)
    for path in (f"/me/form/{run.id}", f"/me/answers/{run.id}/thinking"):
        assert (await cy.get(path)).status_code == 404
    page = await send_fields(cy, "/me/say", form_on(page, "/me/say").fields, {"run": run.id, "chosen": "3"})
    assert page.status_code == 404
    assert await kept(stage) == {}
    assert run.id not in (await cy.get("/me", params={"run": run.id})).text


async def test_nobody_begins_in_anothers_group_or_what_is_not_for_theirs(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    fields = form_on(await client.get("/me"), "/me/start").fields
    for changes in ({"group": ELSEWHERE, "flow": CHECK_IN}, {"flow": "staff-check-in"}, {"flow": "nothing"}):
        assert (await send_fields(client, "/me/start", fields, changes)).status_code == 404
    assert await all_runs(stage) == []


async def test_somebody_in_two_groups_chooses_first(stage: Stage) -> None:
    club = GroupId("club")

    def work(connection: Connection) -> None:
        add_group(connection, a_group(club, DEE, name="Robotics", code="rose-1234"))
        add_members(connection, club, [BEN], Role.LEARNER, stage.hands.at)

    await stage.database.write(work)
    client = await stage.signed_in(BEN)
    page = await client.get("/me")
    assert "Which group is it for?" in page.text
    page = await client.get("/me", params={"group": club})
    fields = form_on(page, "/me/start").fields
    assert fields["group"] == [club]
    await send_fields(client, "/me/start", fields, {"flow": CHECK_IN})
    assert [run.group for run in await open_runs(stage)] == [club]


async def test_what_was_sent_waits_behind_what_is_open(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await stage.happen(sent_by_ada(stage, "relevance-check"))
    page = await client.get("/me")
    assert "One more is waiting" in page.text
    assert len(await open_runs(stage)) == 2
    page = await say(client, page, control="stop")
    assert len(await open_runs(stage)) == 1
    assert "One more is waiting" in page.text


async def test_an_answer_below_another_question_names_its_own(stage: Stage) -> None:
    """Something else was sent before Ben answered: his answer to the first question stands below that."""
    client = await stage.signed_in(BEN)
    first = await begin(stage, client)
    stage.hands.move(minutes=90)
    await stage.happen(sent_by_ada(stage, "relevance-check"))
    page = await say(client, first, chosen="3")
    for _ in range(2):
        page = await say(client, page, control="stop")
    (about,) = re.findall(r'<span class="about" dir="auto">([^<]*)</span>', page.text)
    assert "think hard" in about


async def test_a_question_outlives_what_was_sent(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    await begin(stage, client)
    now = stage.hands.at

    def forget(connection: Connection) -> None:
        until = now + timedelta(minutes=1)
        while claimed := claim_effects(connection, "w", ["browser"], now=now, until=until, most=10):
            finish_effects(connection, "w", now, sent=[(row.seq, "x") for row in claimed])
        assert drop_bodies(connection, now + timedelta(days=8)) > 0

    await stage.database.write(forget)
    page = await client.get("/me")
    assert "Hi Ben" not in page.text
    await say(client, page, chosen="4")
    assert await kept(stage) == {"thinking": "4"}


async def test_the_page_begins_with_the_last_things_said(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for number in range(8):
        page = await say(client, await begin(stage, client), text=f"{number % 5 + 1}")
        await say(client, page, control="stop")
    page = await client.get("/me")
    assert page.text.index("Mull:") < page.text.index("You:")
    assert page.text.count("Hi Ben") < 8
    assert (await client.get("/me?earlier=1")).text.count("Hi Ben") == 8


async def test_days_are_named_in_the_groups_own_zone(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    await begin(stage, client)
    stage.hands.move(hours=12, minutes=30)  # 00:10 on Saturday in Berlin, 23:10 on Friday in Greenwich
    assert "Friday 6 March" in (await (await stage.signed_in(BEN)).get("/me")).text


def sent_by_ada(stage: Stage, flow: str) -> RunRequested:
    """Describe Ada sending a flow to Ben."""
    return RunRequested(
        id=EventId("test/sent"),
        at=stage.hands(),
        who=BEN,
        place=Place(f"browser:{BEN}"),
        flow=flow,
        group=CLASS,
        is_own_wish=False,
    )
