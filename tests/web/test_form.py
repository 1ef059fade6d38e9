"""All questions of a run on one page."""

from bot.core.runs import Mode
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
