"""How one learner went on."""

import re
from html import unescape

import httpx

from bot.core.people import PersonId, Role
from bot.storage.audit import readers_of
from bot.storage.groups import add_members
from tests.stage import ADA, CY, OLA
from tests.web.answering import WEEKLY, answer
from tests.web.house import BEN, CLASS, DEE, ELSEWHERE, Stage, enrol

PAGE = f"/groups/{CLASS}/people/{BEN}/growth"


def words_of(page: httpx.Response) -> str:
    """Read a page's words, one space between them."""
    assert page.status_code == 200, page.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


async def see(stage: Stage, person: PersonId = ADA) -> httpx.Response:
    return await (await stage.signed_in(person)).get(PAGE)


async def test_a_scale_becomes_a_line_with_a_table(stage: Stage) -> None:
    for point in ("2", "cant_say", "4"):
        await answer(stage, raw={**WEEKLY, "thinking": point, "plan_kept": ""})
        stage.hands.move(weeks=1)
    page = await see(stage)
    said = words_of(page)
    assert "“most” now, “a little” on 6 March" in said
    assert "6 March a little 20 March most" in said
    assert page.text.count('<circle class="dot"') == 2
    assert "style=" not in page.text


async def test_plans_and_goals_come_newest_first_in_their_own_words(stage: Stage) -> None:
    await answer(stage, raw={**WEEKLY, "next": "<b>Draw</b> it", "next.cue": "at noon"})
    stage.hands.move(weeks=1)
    await answer(stage, raw={**WEEKLY, "plan_kept": "", "next": "Ask Fay", "next.cue": "at once"})
    page = await see(stage)
    said = words_of(page)
    assert said.index("What I will try, 13 March Ask Fay") < said.index("What I will try, 6 March <b>Draw</b> it")
    assert "<b>Draw" not in page.text


async def test_an_empty_page_is_kind_and_nobody_has_read_anything(stage: Stage) -> None:
    assert "With the first check-ins" in words_of(await see(stage))
    assert await stage.database.read(lambda c: readers_of(c, BEN)) == []


async def test_who_looked_is_written_down(stage: Stage) -> None:
    await answer(stage)
    await see(stage)
    assert [one.name for one in await stage.database.read(lambda c: readers_of(c, BEN))] == ["Ms Ada"]


async def test_it_shows_this_group_only_to_those_who_read_it(stage: Stage) -> None:
    at = stage.hands()
    await stage.database.write(lambda c: add_members(c, ELSEWHERE, [BEN], Role.LEARNER, at))
    await answer(stage, group=ELSEWHERE, raw={**WEEKLY, "next": "Said in 7a", "next.cue": "soon"})
    assert "Said in 7a" not in (await see(stage)).text
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    for person in (OLA, BEN, CY, DEE):
        assert (await see(stage, person)).status_code == 404
    ada = await stage.signed_in(ADA)
    for nobody in (CY, "nobody", "%00"):
        assert (await ada.get(f"/groups/{CLASS}/people/{nobody}/growth")).status_code == 404
