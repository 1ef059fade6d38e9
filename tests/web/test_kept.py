"""What was written while a session ended: kept for its writer, and for nobody else."""

import re
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import PersonId
from bot.core.runs import Mode
from bot.web.kept import OPENS_FOR, Kept, seal, unseal
from tests.stage import ADA, CY, NOW
from tests.web.house import BEN, CLASS_CODE, ELSEWHERE_CODE, SECRET, Stage, form_on, submit
from tests.web.talk import all_runs, begin, kept, open_runs, say

WORDS = "The bike shed & <the> fence"
CODES = {BEN: CLASS_CODE, CY: ELSEWHERE_CODE}


async def too_late(stage: Stage, client: httpx.AsyncClient, **away: float) -> httpx.Response:
    """Leave Ben at a question with a box, for a while, and send words to it."""
    page = await say(client, await begin(stage, client), chosen="3")
    stage.hands.move(**away or {"hours": 2, "minutes": 1})
    return await say(client, page, text=WORDS)


async def come_in(stage: Stage, client: httpx.AsyncClient, page: httpx.Response, who: PersonId = BEN) -> httpx.Response:
    """Type both codes into the page that asks for them."""
    return await submit(client, page, "/", **{"class": CODES[who], "card": stage.card(who)})


async def test_words_sent_too_late_come_back_to_their_writer_and_are_sent(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await too_late(stage, client)
    assert page.status_code == 401
    assert "What you wrote is safe, and not sent yet." in page.text
    page = await come_in(stage, client, page)
    assert form_on(page, "/me/say").fields["text"] == [WORDS]
    assert "Ben Okafor" in page.text
    assert await kept(stage) == {"thinking": "3"}
    page = await submit(client, page, "/me/say", text=f"{WORDS}!")
    assert page.url.path == "/me"
    assert (await kept(stage))["part"] == f"{WORDS}!"


async def test_the_way_in_shows_them_to_nobody(stage: Stage) -> None:
    page = await too_late(stage, await stage.signed_in(BEN))
    assert "shed" not in page.text
    assert "Ben Okafor" not in page.text


async def test_a_wrong_card_does_not_lose_them(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await too_late(stage, client)
    page = await submit(client, page, "/", **{"class": CLASS_CODE, "card": "ZZZ-ZZZ"})
    assert page.status_code == 422
    assert WORDS in form_on(await come_in(stage, client, page), "/me/say").fields["text"]


async def test_whoever_comes_in_instead_sees_and_sends_nothing_of_it(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await come_in(stage, client, await too_late(stage, client), CY)
    assert page.url.path == "/me"
    assert "shed" not in page.text
    assert await kept(stage) == {"thinking": "3"}
    assert await all_runs(stage, CY) == []


async def test_after_an_hour_the_page_opens_nothing_any_more(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await too_late(stage, client)
    stage.hands.move(hours=1, minutes=1)
    page = await come_in(stage, client, page)
    assert page.url.path == "/me"
    assert "shed" not in page.text


async def test_a_whole_page_comes_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await begin(stage, client, mode=Mode.FORM)
    address = page.url.path
    stage.hands.move(hours=3)
    given = {"q:thinking": "3", "q:part": f"\n{WORDS}", "q:way": "own", "own:way": "I paced it out", "q:next": " "}
    page = await come_in(stage, client, await submit(client, page, address, **given))
    labels = re.findall(r'<label class="question"[^>]*>(.*?)</label>', page.text)
    assert labels == ["Made me stop and think", "What I tried first"]
    assert "What you ticked is kept as well." in page.text
    await submit(client, page, address)
    said = await kept(stage)
    assert (said["thinking"], said["part"], said["way"]) == ("3", WORDS, "I paced it out")
    assert await open_runs(stage) == []


async def test_a_changed_answer_comes_back(stage: Stage) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    await say(client, page, text="First thought")
    address = f"/me/answers/{(await all_runs(stage))[0].id}/part"
    page = await client.get(address)
    stage.hands.move(hours=3)
    page = await come_in(stage, client, await submit(client, page, address, **{"q:part": WORDS}))
    page = await submit(client, page, address)
    assert page.url.path == "/me/answers"
    assert (await kept(stage))["part"] == WORDS


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"control": "skip", "text": WORDS}, id="a button"),
        pytest.param({"text": " \r\n"}, id="nothing"),
        pytest.param({"csrf": "made up", "text": WORDS}, id="a form of another's"),
        pytest.param({"text": "x" * 1_500_000}, id="more than anybody writes"),
    ],
)
async def test_nothing_else_is_kept(stage: Stage, fields: dict[str, str]) -> None:
    client = await stage.signed_in(BEN)
    page = await say(client, await begin(stage, client), chosen="3")
    stage.hands.move(hours=3)
    page = await say(client, page, **fields)
    assert (page.status_code, page.url.path) == (200, "/")
    assert "What you wrote" not in page.text


async def test_a_session_that_is_over_for_good_keeps_nothing(stage: Stage) -> None:
    page = await too_late(stage, await stage.signed_in(BEN), hours=13)
    assert (page.status_code, page.url.path) == (200, "/")


@given(st.lists(st.tuples(st.text(), st.text())).map(tuple), st.integers(0, 3_600))
def test_what_is_sealed_opens_for_the_same_person_in_the_same_house_only(
    fields: tuple[tuple[str, str], ...], seconds: int
) -> None:
    written = Kept("/me/say", fields)
    sealed, at = seal(SECRET, BEN, written, NOW), NOW + timedelta(seconds=seconds)
    assert unseal(SECRET, BEN, sealed, at) == written
    assert unseal(SECRET, CY, sealed, at) is None
    assert unseal(SECRET + b"!", BEN, sealed, at) is None
    assert unseal(SECRET, BEN, sealed, NOW + OPENS_FOR + timedelta(seconds=1)) is None


@given(st.text())
def test_what_is_made_up_opens_nothing(sealed: str) -> None:
    assert unseal(SECRET, ADA, sealed, NOW) is None
