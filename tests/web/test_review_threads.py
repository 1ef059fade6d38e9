"""Writing about answers from the pages that show them, and who may."""

import pytest

from bot.core.people import PersonId, Role
from bot.core.review import ThreadContinued
from bot.web.pages.review import sentences
from bot.web.thread_view import way_back
from tests.stage import ADA, CY, OLA, rows
from tests.web.answering import edit
from tests.web.house import BEN, CLASS, DEE, Stage, enrol
from tests.web.reviewing import SOL, ask, comment, form_with, press, say, shown

# Threads.


async def test_writing_about_a_sentence_goes_back_to_the_card_and_counts_as_read(stage: Stage) -> None:
    run = await say(stage, "I got stuck. Then I drew it.")
    ada = await stage.signed_in(ADA)
    page = await ada.get("/review?flow=weekly-check-in")
    assert '<option value="Then I drew it.">' in page.text
    words = {"text": "What did you draw?\r\nShow me.", "quote": "Then I drew it."}
    back = await press(ada, page, "/review/comment", words, run=run, key="part")
    assert back.url.fragment == f"run-{run}"
    assert back.url.params["flow"] == "weekly-check-in"
    assert "“Then I drew it.”" in back.text
    assert "What did you draw?\nShow me." in back.text
    assert "You have read this" in back.text
    again = await press(ada, page, "/review/comment", words, run=run, key="part")
    assert again.text.count('<p class="said"') == 1


async def test_words_that_were_changed_meanwhile_lose_no_comment(stage: Stage) -> None:
    run = await say(stage, "I got stuck. Then I drew it.")
    ada = await stage.signed_in(ADA)
    page = await ada.get("/review")
    await edit(stage, run, "part", "A bridge.")
    back = await press(ada, page, "/review/comment", {"text": "Why?", "quote": "I got stuck."}, run=run, key="part")
    assert back.status_code == 200
    assert '<p class="said" dir="auto">Why?</p>' in back.text


async def test_a_thread_is_answered_settled_and_opened_again(stage: Stage) -> None:
    run = await say(stage, "The scale")
    thread = await comment(stage, run)
    await stage.happen(ThreadContinued(id=stage.name(), at=stage.hands(), who=BEN, thread=thread, text="A bridge."))
    ada = await stage.signed_in(ADA)
    page = await ada.get("/review?show=threads")
    assert page.text.index("What did you draw?") < page.text.index("A bridge.")
    page = await press(ada, page, "/review/reply", {"text": "Good."}, thread=thread)
    assert '<p class="said" dir="auto">Good.</p>' in page.text
    page = await press(ada, page, "/review/settle", thread=thread)
    assert "is-resolved" in page.text
    assert await shown(stage, "?show=threads") == []
    await press(ada, page, "/review/settle", thread=thread)
    assert await shown(stage, "?show=threads") == ["The scale"]


async def test_conversations_in_which_the_learner_spoke_last_come_first(stage: Stage) -> None:
    first, second = await say(stage, "First words"), await say(stage, "Second words")
    waits = await comment(stage, first)
    await stage.happen(ThreadContinued(id=stage.name(), at=stage.hands(), who=BEN, thread=waits, text="Yes."))
    await comment(stage, second)
    assert await shown(stage, "?show=threads") == ["First words", "Second words"]
    assert await shown(stage, "?show=threads&skip=1") == ["Second words"]
    assert await shown(stage, "?show=threads&flow=plan-work") == []


async def test_a_colleagues_thread_is_seen_and_gone_on_with(stage: Stage) -> None:
    await enrol(stage, {SOL: "Mr Sol"}, role=Role.FACILITATOR)
    run = await say(stage, "The scale")
    thread = await comment(stage, run)
    sol = await stage.signed_in(SOL)
    page = await press(sol, await sol.get("/review?show=all"), "/review/reply", {"text": "And why?"}, thread=thread)
    assert page.text.index("Ms Ada</bdi></strong>") < page.text.index("Mr Sol</bdi></strong>")


@pytest.mark.parametrize("address", [f"/groups/{CLASS}", f"/groups/{CLASS}/people/{BEN}"])
async def test_the_same_threads_stand_where_answers_are_read(stage: Stage, address: str) -> None:
    run = await say(stage, "The scale")
    thread = await comment(stage, run)
    ada = await stage.signed_in(ADA)
    page = await ada.get(f"{address}?flow=weekly-check-in")
    assert f"/review?run={run}" in page.text
    page = await press(ada, page, "/review/reply", {"text": "Good."}, thread=thread)
    assert (page.url.path, page.url.query, page.url.fragment) == (address, b"flow=weekly-check-in", f"run-{run}")
    assert '<p class="said" dir="auto">Good.</p>' in page.text
    page = await press(ada, page, "/review/settle", thread=thread)
    assert page.url.path == address
    assert "Open again" in page.text


async def test_nothing_is_said_where_nothing_was_written(stage: Stage) -> None:
    run = await say(stage, "The scale")
    ada = await stage.signed_in(ADA)
    page = await ada.get("/review")
    assert (await press(ada, page, "/review/comment", {"text": "  "}, run=run, key="part")).status_code == 200
    assert (await press(ada, page, "/review/comment", {"text": "x" * 4_001}, run=run, key="part")).status_code == 413
    assert await rows(stage.database, "SELECT count(*) FROM threads") == [(0,)]


async def test_a_script_that_keeps_the_page_open_is_told_that_it_is_done(stage: Stage) -> None:
    run = await say(stage, "The scale")
    ada = await stage.signed_in(ADA)
    fields = form_with(await ada.get("/review"), "/review/read", run=run).fields
    done = await ada.post("/review/read", data={**fields, "is_read": "yes"}, headers={"accept": "application/json"})
    assert (done.status_code, done.content) == (204, b"")
    assert await shown(stage) == []


def test_sentences_are_exact_parts_and_one_alone_is_the_whole() -> None:
    said = "I got stuck!  Then (at 3 p.m.) I drew it…\nWhy? No idea"
    found = sentences(said)
    assert found[0] == "I got stuck!"
    assert found[-2:] == ["Why?", "No idea"]
    assert all(one in said for one in found)
    assert sentences("Only one.") == sentences("") == sentences("...") == []


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("/review?show=all#run-x", "/review?show=all#run-x"),
        ("/groups/class-6b/people/ben?flow=a", "/groups/class-6b/people/ben?flow=a"),
        ("https://elsewhere.test/review", "/review"),
        ("//elsewhere.test/review", "/review"),
        ("/\\elsewhere.test", "/review"),
        ("/sign-out", "/review"),
        ("http://[", "/review"),
        ("/review?a=\r\nset-cookie: x", "/review?a=set-cookie%3A%20x"),
        ("", "/review"),
    ],
)
def test_a_form_leads_back_to_our_pages_only(written: str, leads: str) -> None:
    assert way_back(written) == leads


# Who may.


@pytest.mark.parametrize("who", [OLA, BEN, CY, DEE])
async def test_whoever_may_not_read_it_finds_nothing(stage: Stage, who: PersonId) -> None:
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    run = await say(stage, "Secret scale")
    thread = await comment(stage, run, text="Secret words")
    await stage.happen(ThreadContinued(id=stage.name(), at=stage.hands(), who=ADA, thread=thread, text="More"))
    before = await rows(stage.database, "SELECT count(*), max(resolved_at) FROM threads, comments")
    client = await stage.signed_in(who)
    for query in ("", f"?group={CLASS}", f"?run={run}", "?show=threads", "?show=all"):
        page = await client.get(f"/review{query}")
        assert page.status_code == (200 if who == DEE and "run" not in query and "group" not in query else 404)
        assert "Secret" not in page.text
    for action, fields in (
        ("/review/comment", {"run": run, "key": "part", "text": "Hi"}),
        ("/review/comment", {"run": run, "key": "part", "text": ""}),
        ("/review/read", {"run": run}),
        ("/review/star", {"run": run}),
        ("/review/reply", {"thread": thread, "text": "Hi"}),
        ("/review/settle", {"thread": thread}),
    ):
        assert (await ask(stage, who, action, **fields)).status_code == 404, action
    assert await rows(stage.database, "SELECT count(*), max(resolved_at) FROM threads, comments") == before
    assert await rows(stage.database, "SELECT count(*) FROM stars") == [(0,)]


@pytest.mark.parametrize("name", ["none", "%00", "'"])
async def test_what_does_not_exist_is_not_found(stage: Stage, name: str) -> None:
    ada = await stage.signed_in(ADA)
    for query in (f"?group={name}", f"?run={name}"):
        assert (await ada.get(f"/review{query}")).status_code == (200 if name == "%00" else 404)
    for action, fields in (
        ("/review/comment", {"run": name, "key": "part", "text": "Hi"}),
        ("/review/read", {"run": name}),
        ("/review/read", {}),
        ("/review/star", {"run": name}),
        ("/review/reply", {"thread": name, "text": "Hi"}),
        ("/review/settle", {"thread": name}),
    ):
        assert (await ask(stage, ADA, action, **fields)).status_code == 404, action


async def test_only_those_who_read_answers_are_led_there(stage: Stage) -> None:
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    assert 'href="/review"' in (await (await stage.signed_in(ADA)).get("/groups")).text
    for who in (OLA, BEN):
        assert 'href="/review"' not in (await (await stage.signed_in(who)).get("/me")).text


@pytest.mark.parametrize("address", ["/review", f"/groups/{CLASS}", f"/groups/{CLASS}/people/{BEN}"])
async def test_every_look_at_answers_is_noted_for_those_whose_they_are(stage: Stage, address: str) -> None:
    await (await stage.signed_in(ADA)).get(address)
    assert await rows(stage.database, "SELECT count(*) FROM audit") == [(0,)]
    await say(stage, "The scale")
    await say(stage, "The legend")
    await say(stage, "Ada's own", ADA)
    await (await stage.signed_in(ADA)).get(address)
    noted = await rows(stage.database, "SELECT actor_id, deed, group_id, person_id FROM audit")
    assert noted == [(ADA, "read", CLASS, BEN)]
