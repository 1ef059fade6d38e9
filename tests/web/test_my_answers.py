"""A person's own answers, changed afterwards."""

from sqlalchemy import select

from bot.storage.connection import Connection
from bot.storage.tables import revisions
from tests.stage import CY
from tests.web.house import BEN, Stage, form_on, send_fields, submit
from tests.web.talk import all_runs, begin, kept, publish_everything, say


async def test_an_answer_is_changed_and_its_history_kept(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await say(client, page, text="First thought")
    run = (await all_runs(stage))[0].id
    address = f"/me/answers/{run}/part"
    stage.hands.move(days=2)
    client = await stage.signed_in(BEN)
    for text in ("Second thought", "Third thought"):
        page = await submit(client, await client.get(address), address, **{"q:part": text})
        assert page.url.path == "/me/answers"
    assert "Third thought" in page.text
    assert "Changed today, 11:40." in page.text
    page = await client.get(address)
    assert page.text.index("Second thought") < page.text.index("First thought")
    assert form_on(page, address).fields["q:part"] == ["Third thought"]
    assert (await kept(stage))["part"] == "Third thought"
    chat = (await client.get("/me")).text
    assert chat.index("First thought") < chat.index("Second thought") < chat.index("Third thought")


async def test_a_change_sent_twice_is_one(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    await say(client, await begin(stage, client), chosen="3")
    address = f"/me/answers/{(await all_runs(stage))[0].id}/thinking"
    fields = form_on(await client.get(address), address).fields
    for _ in range(2):
        await send_fields(client, address, fields, {"q:thinking": "5"})

    def work(connection: Connection) -> list[str]:
        return list(connection.execute(select(revisions.c.said)).scalars())

    assert await stage.database.read(work) == ["about half"]


async def test_what_does_not_fit_comes_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await say(client, page, text="Kept")
    address = f"/me/answers/{(await all_runs(stage))[0].id}/part"
    for text, sentence in (("x" * 10_001, "10,001 characters"), (" ", "I got an empty answer")):
        page = await submit(client, await client.get(address), address, **{"q:part": text})
        assert page.status_code == 422
        assert sentence in page.text
        assert form_on(page, address).fields["q:part"] == [text]
    assert (await kept(stage))["part"] == "Kept"


async def test_what_was_skipped_can_be_answered_late(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    await say(client, await begin(stage, client), control="stop")
    page = await begin(stage, client)
    page = await say(client, page, control="skip")
    await say(client, page, control="stop")
    address = f"/me/answers/{(await all_runs(stage))[-1].id}/thinking"
    stage.hands.move(days=30)
    client = await stage.signed_in(BEN)
    await submit(client, await client.get(address), address, **{"q:thinking": "4"})
    assert (await kept(stage))["thinking"] == "4"


async def test_each_answer_says_who_reads_it(stage: Stage) -> None:
    await publish_everything(stage)
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, "everything")
    for fields in ({"tick": ["a_map"]}, {"control": "skip"}, {"chosen": "none"}, {"text": "Mine alone"}):
        page = await say(client, page, **fields)
    page = await client.get("/me/answers")
    before, after = page.text.split("Mine alone")
    assert "Ms Ada" in before
    assert "Only you" in after.split("Change")[0]


async def test_nobody_else_sees_or_changes_them(stage: Stage) -> None:
    ben, cy = await stage.signed_in(BEN), await stage.signed_in(CY)
    await say(ben, await begin(stage, ben), chosen="3")
    address = f"/me/answers/{(await all_runs(stage))[0].id}/thinking"
    fields = form_on(await ben.get(address), address).fields
    token = form_on(await cy.get("/adult"), "/adult").fields["csrf"]
    assert (await cy.get(address)).status_code == 404
    assert (await send_fields(cy, address, fields, {"csrf": token, "q:thinking": "5"})).status_code == 404
    assert await kept(stage) == {"thinking": "3"}
    assert "Nothing here yet" in (await cy.get("/me/answers")).text


async def test_older_answers_are_a_page_further(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for number in range(21):
        page = await say(client, await begin(stage, client), chosen=str(number % 5 + 1))
        await say(client, page, control="stop")
        stage.hands.move(minutes=10)
    runs = [run.id for run in await all_runs(stage)]
    page = await client.get("/me/answers")
    assert [run for run in runs if f"run-{run}" in page.text] == runs[1:]
    older = page.text.split('href="/me/answers?before=')[1].split('"')[0]
    page = await client.get(f"/me/answers?before={older}")
    assert [run for run in runs if f"run-{run}" in page.text] == runs[:1]
    assert (await client.get("/me/answers?before=yesterday")).status_code == 404
