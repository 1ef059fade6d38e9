"""Coming in with a class code and a card."""

import httpx
import pytest

from bot.core.events import CardRenewed, MemberRemoved
from bot.storage.connection import Connection
from bot.storage.tables import sessions
from tests.stage import ADA, CY
from tests.web.house import BEN, CLASS, CLASS_CODE, ELSEWHERE_CODE, Stage, form_on, submit


async def come_in(client: httpx.AsyncClient, code: str, card: str) -> httpx.Response:
    """Type both codes into the front page."""
    return await submit(client, await client.get("/"), "/", **{"class": code, "card": card})


@pytest.mark.parametrize("spelling", ["maple-4127", "MAPLE 4127", " Maple4127 "])
async def test_a_learner_comes_in_by_card(stage: Stage, spelling: str) -> None:
    page = await come_in(stage.client(), spelling, stage.card(BEN).lower().replace("-", " "))
    assert page.status_code == 200
    assert page.url.path == "/me"


async def test_a_link_on_a_card_fills_in_the_class(stage: Stage) -> None:
    page = await stage.client().get("/", params={"class": CLASS_CODE})
    assert f'value="{CLASS_CODE}"' in page.text


@pytest.mark.parametrize(
    ("code", "card"),
    [
        pytest.param(CLASS_CODE, "ZZZ-ZZZ", id="no such card"),
        pytest.param("oak-1111", "ben", id="no such class"),
        pytest.param(ELSEWHERE_CODE, "ben", id="a card of another class"),
        pytest.param(CLASS_CODE, "ada", id="a teacher's"),
        pytest.param("\u0130\x00\U0001f600", "\u0661" * 90, id="odd signs"),
    ],
)
async def test_nobody_comes_in_with_anything_else(stage: Stage, code: str, card: str) -> None:
    cards = {"ben": stage.card(BEN), "ada": stage.card(ADA)}
    page = await come_in(stage.client(), code, cards.get(card, card))
    assert page.status_code == 422
    assert "Look at both once more" in page.text
    assert "mull" not in page.headers.get("set-cookie", "")


async def test_a_renewed_card_takes_the_place_of_the_old_one(stage: Stage) -> None:
    await stage.happen(CardRenewed(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, person=BEN))
    assert (await come_in(stage.client(), CLASS_CODE, stage.card(BEN))).status_code == 422
    assert (await come_in(stage.client(), CLASS_CODE, stage.card(BEN, 2))).status_code == 200


async def test_somebody_who_left_the_class_stays_out(stage: Stage) -> None:
    await stage.happen(MemberRemoved(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, person=BEN))
    assert (await come_in(stage.client(), CLASS_CODE, stage.card(BEN))).status_code == 422


async def test_guessing_ends_after_fifty_cards_even_with_the_right_one(stage: Stage) -> None:
    client = stage.client()
    page = await client.get("/")
    for _ in range(50):
        page = await submit(client, page, "/", **{"class": CLASS_CODE, "card": "ZZZ-ZZZ"})
        assert page.status_code == 422
    page = await come_in(client, CLASS_CODE, stage.card(BEN))
    assert page.status_code == 429
    assert "you can try again in 10 minutes" in page.text
    # The address is closed for other classes, and the class for other addresses.
    assert (await come_in(client, ELSEWHERE_CODE, stage.card(CY))).status_code == 429
    assert (await come_in(elsewhere(stage), CLASS_CODE, stage.card(BEN))).status_code == 429
    assert (await come_in(elsewhere(stage), ELSEWHERE_CODE, stage.card(CY))).status_code == 200


async def test_a_class_behind_one_address_may_slip_now_and_then(stage: Stage) -> None:
    for _ in range(30):
        client = stage.client()
        page = await come_in(client, CLASS_CODE, "ZZZ-ZZZ")
        page = await submit(client, page, "/", **{"class": CLASS_CODE, "card": stage.card(BEN)})
        assert page.url.path == "/me"


async def test_coming_in_is_no_guess(stage: Stage) -> None:
    client = stage.client()
    front = await client.get("/")
    fields = {"csrf": form_on(front, "/").fields["csrf"], "class": [CLASS_CODE], "card": [stage.card(BEN)]}
    binder = client.cookies["mull-visit"]
    for _ in range(51):
        visitor = stage.client()
        visitor.cookies.set("mull-visit", binder, domain="mull.test")
        assert (await visitor.post("/", data=fields)).status_code == 303


async def test_somebody_who_is_in_is_led_on(stage: Stage) -> None:
    assert (await (await stage.signed_in(BEN)).get("/")).headers["location"] == "/me#now"
    assert (await (await stage.signed_in(ADA)).get("/")).headers["location"] == "/groups"


async def test_whoever_comes_in_next_takes_the_browser_over(stage: Stage) -> None:
    client = await stage.signed_in(CY)
    await client.post("/sign-out")  # without its token: refused, so Cy's cookie is still there
    page = await client.get("/help")
    await submit(client, page, "/sign-out")
    await come_in(client, CLASS_CODE, stage.card(BEN))

    def whose(connection: Connection) -> list[str]:
        return list(connection.execute(sessions.select()).scalars("person_id"))

    assert await stage.database.read(whose) == [BEN]


def elsewhere(stage: Stage) -> httpx.AsyncClient:
    """Open a browser at another address."""
    transport = httpx.ASGITransport(stage.app, client=("10.0.0.9", 4000))
    client = httpx.AsyncClient(transport=transport, base_url=stage.house.base_url)
    stage.clients.append(client)
    return client
