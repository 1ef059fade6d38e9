"""All questions of a run on one page."""

import httpx

from bot.core.runs import Mode
from bot.flows.library import read as read_flow
from bot.storage.connection import Connection
from bot.storage.flows import publish_flow
from tests.web.house import BEN, Stage, form_on, send_fields, submit
from tests.web.talk import begin, kept, open_runs, publish_everything, say


async def test_a_check_in_as_one_page(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    address = page.url.path
    assert address.startswith("/me/form/")
    given = {
        "q:thinking": "3",
        "q:part": "The shed",
        "q:way": "own",
        "own:way": "I paced it out",
        "q:next": "Pace again",
    }
    page = await submit(client, page, address, **given)
    assert page.url.path == "/me"
    assert not await open_runs(stage)
    assert await kept(stage) == {
        "thinking": "3",
        "part": "The shed",
        "way": "I paced it out",
        "next": "Pace again",
        "next.cue": None,
    }
    assert "I paced it out" in page.text


async def test_a_branch_comes_as_the_next_part(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    address = page.url.path
    page = await submit(client, page, address, **{"q:thinking": "1", "q:next": "Explain it"})
    assert page.url.path == address
    assert "Saved so far. One question is left." in page.text
    assert [name for name in form_on(page, address).fields if name.startswith("on:")] == ["on:part_easy"]
    await submit(client, page, address, **{"q:part_easy": "Folding"})
    said = await kept(stage)
    assert (said["thinking"], said["part_easy"], said["next"]) == ("1", "Folding", "Explain it")


async def test_a_slip_comes_back_beside_its_field(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    address = page.url.path
    page = await submit(client, page, address, **{"q:thinking": "3", "q:part": "a\x00b", "q:way": "draw"})
    assert "One answer needs another look. The rest is saved." in page.text
    assert "There is a sign in it" in page.text
    form = form_on(page, address)
    assert [name for name in form.fields if name.startswith("on:")] == ["on:part"]
    assert form.fields["q:part"] == ["ab"]
    await submit(client, page, address)
    said = await kept(stage)
    assert (said["part"], said["way"]) == ("ab", "draw")


async def test_ones_own_words_without_words_are_asked_for(stage: Stage) -> None:
    await publish_everything(stage)
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, "everything", Mode.FORM)
    address = page.url.path
    given = {"q:many": ["a_map", "own"], "own:many": "tea, with milk", "q:one": "own", "q:day": "Thirteenth"}
    page = await submit(client, page, address, **given)
    assert "Some answers need another look" in page.text
    assert "Go ahead, write it in your own words." in page.text
    assert "Which day?" in page.text
    page = await submit(client, page, address, **{"q:one": "own", "own:one": "A bench", "q:day": "2026-03-09"})
    assert await kept(stage) == {
        "many": ["a_map", "tea, with milk"],
        "day": "2026-03-09",
        "one": "A bench",
        "secret": None,
    }


async def test_a_dialogue_can_go_on_as_a_page(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    await say(client, await begin(stage, client), chosen="3")
    run = (await open_runs(stage))[0]
    page = await client.get(f"/me/form/{run.id}")
    asked = [name for name in form_on(page, page.url.path).fields if name.startswith("on:")]
    assert asked == ["on:part", "on:way", "on:next", "on:next.cue"]
    await submit(client, page, page.url.path, **{"q:part": "The shed"})
    assert (await kept(stage))["part"] == "The shed"


async def test_a_page_sent_twice_is_one_answer_and_a_closed_one_leads_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    fields = form_on(page, page.url.path).fields
    for _ in range(2):
        back = await send_fields(client, page.url.path, fields, {"q:thinking": "3", "q:part": "The shed"})
        assert back.url.path == "/me"
    assert (await kept(stage))["part"] == "The shed"
    assert (await client.get(page.url.path)).headers["location"] == "/me#now"


async def test_what_was_not_on_the_page_is_not_skipped(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    form = form_on(page, page.url.path)
    only = {name: form.fields[name] for name in ("csrf", "nonce", "on:thinking")}
    page = await send_fields(client, page.url.path, only, {"q:thinking": "3"})
    assert await kept(stage) == {"thinking": "3"}


LOOK = """\
flow: look
title: Look at a piece
band: 11-13
settings: [class]
exercises: {attributes: [social-construction], phases: [notice]}
steps:
  - say: "Somebody shared this: https://school.example/map"
  - say: "%s"
  - id: one
    ask: What is there?
    text: {lines: 2}
    probe: {by: comment}
  - say: Now the colours.
  - id: colour
    ask: Which colour stands out?
    choice: {options: [Red, Green]}
  - when: {said: {colour: [red]}}
    say: Red it is.
  - id: more
    when: {said: {colour: [red]}}
    ask: Which red?
    text: {lines: 1}
"""


async def looking(stage: Stage, mode: Mode = Mode.FORM) -> httpx.Response:
    """Let Ben begin to look at a piece."""
    document = read_flow(LOOK % " ".join(f"Word {n}" for n in range(300)), "look.yaml")

    def work(connection: Connection) -> None:
        publish_flow(connection, document.flow, document.version, document.to_json(), stage.hands.at)

    await stage.database.write(work)
    return await begin(stage, await stage.signed_in(BEN), "look", mode)


async def test_a_page_shows_what_a_conversation_says(stage: Stage) -> None:
    address, client = (await looking(stage)).url.path, await stage.signed_in(BEN)
    page = (await client.get(address)).text
    order = ["Somebody shared this", "Show all of it", "Word 299", "What is there?", "Now the colours.", "Which colour"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert 'href="https://school.example/map" target="_blank"' in page
    assert "Red it is." not in page


async def test_a_vague_comment_is_nudged_once_and_may_go_as_it_is(stage: Stage) -> None:
    address, client = (await looking(stage)).url.path, await stage.signed_in(BEN)
    page = await submit(client, await client.get(address), address, **{"q:one": "cool & nice", "q:colour": "red"})
    assert '<blockquote dir="auto">cool &amp; nice</blockquote>' in page.text
    assert page.text.index("Read again what came before") < page.text.index("Word 299")
    assert "Red it is." in page.text.split("cool &amp; nice")[1]
    form = form_on(page, address)
    assert [name for name in form.fields if name.startswith("on:")] == ["on:one.probe", "on:more"]
    assert ("q:one.probe", "as_it_is") in form.buttons
    page = await submit(client, page, address, **{"q:one.probe": "as_it_is", "q:more": "Dark"})
    assert page.url.path == "/me"
    assert await kept(stage) == {"one": "cool & nice", "colour": "red", "one.probe": "as_it_is", "more": "Dark"}


async def test_words_for_a_nudge_are_kept(stage: Stage) -> None:
    address, client = (await looking(stage)).url.path, await stage.signed_in(BEN)
    page = await submit(client, await client.get(address), address, **{"q:one": "cool!", "q:colour": "green"})
    page = await submit(client, page, address, **{"own:one.probe": "x" * 10_001})
    assert "I can keep 10,000" in page.text
    page = await submit(client, page, address, **{"own:one.probe": "The scale in the corner"})
    assert page.url.path == "/me"
    assert (await kept(stage))["one.probe"] == "The scale in the corner"


async def test_a_conversation_at_its_nudge_goes_on_as_a_page(stage: Stage) -> None:
    await looking(stage, Mode.DIALOGUE)
    client, run = await stage.signed_in(BEN), (await open_runs(stage))[0]
    page = await say(client, await client.get("/me"), text="cool!")
    assert ("chosen", "as_it_is") in form_on(page, "/me/say").buttons
    page = await client.get(f"/me/form/{run.id}")
    assert [name for name in form_on(page, page.url.path).fields if name.startswith("on:")] == [
        "on:one.probe",
        "on:colour",
    ]
