"""Who reads what, and the way to an adult."""

from bot.storage.flags import open_flags
from tests.web.house import ADULT, BEN, CLASS, ELSEWHERE, Stage, form_on, send_fields, submit


async def test_the_help_page_names_who_reads(stage: Stage) -> None:
    page = await (await stage.signed_in(BEN)).get("/help")
    assert "Ms Ada" in page.text
    assert "Mr Dee" not in page.text


async def test_an_adult_is_one_tap_away_on_every_page(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    for path in ("/me", "/me/answers", "/help", "/nowhere"):
        assert 'href="/adult"' in (await client.get(path)).text


async def test_asking_for_an_adult_raises_one_flag(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await client.get("/adult")
    assert "Ms Ada" in page.text
    assert ADULT in page.text
    fields = form_on(page, "/adult").fields
    for _ in range(2):
        page = await send_fields(client, "/adult", fields, {})
    assert "It&#39;s good that you said so" in page.text or "It's good that you said so" in page.text
    assert "Nobody watches this around the clock" in page.text
    flags = await stage.database.read(lambda connection: open_flags(connection, [CLASS]))
    assert [flag.person_id for flag in flags] == [BEN]


async def test_only_adults_of_ones_own_groups_are_asked(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await submit(client, await client.get("/adult"), "/adult", group=ELSEWHERE)
    assert page.status_code == 404
    assert not await stage.database.read(lambda connection: open_flags(connection, [ELSEWHERE]))
