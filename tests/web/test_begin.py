"""A class in one form: group, people and a weekly check-in, once however often it is sent."""

import httpx
import pytest

from bot.core.people import PersonId
from tests.stage import ADA, rows
from tests.web.house import BEN, Stage, submit

NAMES = "\n".join(f"Learner {number}" for number in range(25))


async def begin(ada: httpx.AsyncClient, **changes: str) -> httpx.Response:
    """Fill the form in and send it."""
    given = {"name": "6c", "setting": "class", "names": NAMES, "day": "4", "at": "11:40", "zone": "Europe/Berlin"}
    return await submit(ada, await ada.get("/begin"), "/begin", **(given | changes))


async def test_one_form_makes_a_class_that_is_asked_every_week(stage: Stage) -> None:
    page = await begin(await stage.signed_in(ADA))
    assert page.url.path.endswith("/schedule")
    assert "Weekly check-in" in page.text
    group = page.url.path.split("/")[2]
    members = "SELECT role, count(*) FROM memberships WHERE group_id = :group GROUP BY role ORDER BY role"
    assert await rows(stage.database, members, group=group) == [("facilitator", 1), ("learner", 25)]
    programs = "SELECT kind, choices FROM programs WHERE group_id = :group"
    [(kind, choices)] = await rows(stage.database, programs, group=group)
    assert kind == "check_in"
    assert '"weekly-check-in"' in choices


async def test_staff_get_their_own_questions(stage: Stage) -> None:
    page = await begin(await stage.signed_in(ADA), setting="staff")
    assert "Staff check-in" in page.text


async def test_the_same_form_twice_is_one_class(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get("/begin")
    given = {"name": "6c", "setting": "class", "names": NAMES, "day": "4", "at": "11:40", "zone": "Europe/Berlin"}
    first, second = [await submit(ada, page, "/begin", **given) for _ in range(2)]
    assert first.url.path == second.url.path
    assert await rows(stage.database, "SELECT count(*) FROM groups WHERE name = '6c'") == [(1,)]
    assert await rows(stage.database, "SELECT count(*) FROM people WHERE name = 'Learner 7'") == [(1,)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "What is the group called?"),
        ({"names": " \n"}, "Write at least one name."),
        ({"names": "x" * 300}, "is too long for a card"),
        ({"zone": "Mars/Olympus"}, "know this time zone"),
        ({"at": "soon"}, "On which day, and at what time?"),
        ({"day": "9"}, "On which day, and at what time?"),
        ({"setting": "ship"}, "Which of these fits?"),
    ],
)
async def test_what_is_missing_is_asked_beside_its_field_and_nothing_is_made(
    stage: Stage, changes: dict[str, str], sentence: str
) -> None:
    before = await rows(stage.database, "SELECT count(*) FROM groups")
    page = await begin(await stage.signed_in(ADA), **changes)
    assert page.status_code == 422
    assert sentence in page.text.replace("&#39;", "'")
    assert "Learner 3" in page.text or "names" in changes
    assert await rows(stage.database, "SELECT count(*) FROM groups") == before


@pytest.mark.parametrize("who", [BEN])
async def test_learners_find_nothing_here(stage: Stage, who: PersonId) -> None:
    assert (await (await stage.signed_in(who)).get("/begin")).status_code == 404
