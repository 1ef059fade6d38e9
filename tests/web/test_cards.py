"""The sheet of cards."""

from bot.core.people import PersonId, Role
from bot.storage.connection import Connection
from bot.storage.groups import add_members
from bot.storage.people import add_people
from tests.web.house import ADA, BEGINS_AT, BEN, CLASS, CLASS_CODE, DEE, ELSEWHERE, Stage, submit

PAGE = f"/groups/{CLASS}/cards"


async def test_a_card_holds_all_that_is_needed_to_come_in(stage: Stage) -> None:
    page = (await (await stage.signed_in(ADA)).get(PAGE)).text
    for words in ("Ben Okafor", CLASS_CODE, stage.card(BEN), "mull.test"):
        assert words in page
    assert "http://mull.test" not in page
    assert "Ms Ada" not in page


async def test_what_stands_on_the_card_opens_the_learners_page(stage: Stage) -> None:
    await (await stage.signed_in(ADA)).get(PAGE)
    ben = stage.client()
    came_in = await submit(ben, await ben.get("/"), "/", **{"class": CLASS_CODE, "card": stage.card(BEN)})
    assert came_in.url.path == "/me"


async def test_ten_cards_fill_a_sheet(stage: Stage) -> None:
    people = [(PersonId(f"p{n}"), f"Learner {n}") for n in range(24)]

    def work(connection: Connection) -> None:
        add_people(connection, people, BEGINS_AT)
        add_members(connection, CLASS, [person for person, _ in people], Role.LEARNER, BEGINS_AT)

    await stage.database.write(work)
    sheets = (await (await stage.signed_in(ADA)).get(PAGE)).text.split('<div class="sheet">')[1:]
    assert [sheet.count('<section class="paper-card"') for sheet in sheets] == [10, 10, 5]


async def test_one_card_can_be_printed_alone_and_made_anew(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    one = await ada.get(f"{PAGE}?person={BEN}")
    assert one.text.count('<section class="paper-card"') == 1
    new = await submit(ada, one, f"/groups/{CLASS}/people/{BEN}/card")
    assert stage.card(BEN, 2) in new.text
    assert stage.card(BEN, 1) not in new.text


async def test_there_is_no_card_for_anybody_else(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    for person in ("cy", "ada", "nobody"):
        assert (await ada.get(f"{PAGE}?person={person}")).status_code == 404


async def test_a_learner_who_leads_another_group_gets_no_card_that_would_open_it(stage: Stage) -> None:
    await stage.database.write(lambda c: add_members(c, CLASS, [DEE], Role.LEARNER, BEGINS_AT))
    ada = await stage.signed_in(ADA)
    assert "Mr Dee" not in (await ada.get(PAGE)).text
    await stage.database.write(lambda c: add_members(c, ELSEWHERE, [ADA], Role.FACILITATOR, BEGINS_AT))
    assert "Mr Dee" in (await ada.get(PAGE)).text
