"""The facilitator's first page."""

import pytest

from bot.core.events import AdultAsked, FlagResolved, Outcome
from bot.core.people import Action, GroupId, PersonId
from bot.storage.flags import open_flags
from bot.storage.groups import find_group_by_code
from bot.storage.people import load_actor
from tests.stage import ADA, CY
from tests.web.house import BEN, CLASS, DEE, Stage, enrol, form_on, submit


async def groups_read_by_ada(stage: Stage) -> tuple[GroupId, ...]:
    return (await stage.database.read(lambda c: load_actor(c, ADA))).groups(Action.READ_ANSWERS)


async def test_it_shows_my_groups_and_no_others(stage: Stage) -> None:
    page = await (await stage.signed_in(ADA)).get("/groups")
    assert f'href="/groups/{CLASS}"' in page.text
    assert "our playground map" in page.text
    assert "7a" not in page.text.partition("<main")[2].partition("<form")[0]


async def test_a_new_group_leads_to_its_roster(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get("/groups")
    assert form_on(page, "/groups").fields["zone"] == ["Europe/Berlin"]
    made = await submit(ada, page, "/groups", name="  Robotics\tclub ", setting="club", parent=CLASS)
    assert made.url.path.endswith("/roster")
    assert "Robotics club" in made.text
    assert len(await groups_read_by_ada(stage)) == 2


async def test_a_form_sent_twice_makes_one_group(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get("/groups")
    made, again = [await submit(ada, page, "/groups", name="Chess", setting="club", parent="") for _ in range(2)]
    assert made.url.path.endswith("/roster")
    assert again.url.path == "/groups"
    assert len(await groups_read_by_ada(stage)) == 2


async def test_what_is_missing_is_asked_for_and_the_rest_is_kept(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get("/groups")
    again = await submit(ada, page, "/groups", name="", setting="club", zone="Londn", parent="")
    assert again.status_code == 422
    assert "What is the group called?" in again.text
    assert "I don&#39;t know this time zone" in again.text
    assert 'value="Londn"' in again.text
    assert "up to 80 characters" in (await submit(ada, page, "/groups", name="x" * 81, setting="club")).text
    assert len(await groups_read_by_ada(stage)) == 1


async def test_a_group_cannot_be_put_below_one_that_is_not_mine(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    answer = await submit(ada, await ada.get("/groups"), "/groups", name="Mine", setting="club", parent="class-7a")
    assert answer.status_code == 422
    assert len(await groups_read_by_ada(stage)) == 1


async def test_a_learner_who_wants_to_talk_comes_first_until_somebody_did(stage: Stage) -> None:
    await stage.happen(AdultAsked(id=stage.name(), at=stage.hands(), who=BEN, group=CLASS))
    ada = await stage.signed_in(ADA)
    page = await ada.get("/groups")
    assert page.text.index("would like to talk to an adult") < page.text.index("our playground map")
    assert f"/groups/{CLASS}/people/{BEN}" in page.text
    after = await submit(ada, page, f"/groups/{CLASS}/flags")
    assert "would like to talk" not in after.text
    assert await stage.database.read(lambda c: open_flags(c, [CLASS])) == []
    # A colleague who still has the old page open presses the same button.
    assert (await submit(ada, page, f"/groups/{CLASS}/flags")).status_code == 200


async def test_one_goes_to_those_who_want_to_talk_and_then_says_that_they_did(stage: Stage) -> None:
    await enrol(stage, {PersonId("elif"): "Elif"})
    for who in (BEN, PersonId("elif")):
        await stage.happen(AdultAsked(id=stage.name(), at=stage.hands(), who=who, group=CLASS))
    ada, ben = await stage.signed_in(ADA), await stage.signed_in(BEN)
    page = await ada.get("/groups")
    assert "I go to them<span>: Elif, Ben Okafor" in page.text
    page = await submit(ada, page, f"/groups/{CLASS}/flags/taken")
    assert page.text.count("<bdi>Ms Ada</bdi> goes to them.") == 2
    assert "I go to them" not in page.text
    assert page.text.count("Talked to them") == 2
    assert "Ms Ada has read that you want to talk, and will come to you." in (await ben.get("/me")).text


@pytest.mark.parametrize("who", [BEN, CY, DEE])
async def test_only_those_who_read_the_answers_say_that_they_go(stage: Stage, who: PersonId) -> None:
    await stage.happen(AdultAsked(id=stage.name(), at=stage.hands(), who=BEN, group=CLASS))
    client = await stage.signed_in(who)
    token = form_on(await client.get("/me"), "/sign-out").fields["csrf"][0]
    assert (await client.post(f"/groups/{CLASS}/flags/taken", data={"csrf": token})).status_code == 404
    assert [flag.taken_by for flag in await stage.database.read(lambda c: open_flags(c, [CLASS]))] == [None]


async def test_only_those_who_read_the_answers_may_say_that_they_talked(stage: Stage) -> None:
    raised = AdultAsked(id=stage.name(), at=stage.hands(), who=BEN, group=CLASS)
    await stage.happen(raised)
    for who in (BEN, CY, DEE):
        said = FlagResolved(id=stage.name(), at=stage.hands(), who=who, group=CLASS, flag=raised.id)
        assert await stage.happen(said) is Outcome.UNKNOWN
    assert len(await stage.database.read(lambda c: open_flags(c, [CLASS]))) == 1


async def test_class_codes_lead_to_their_groups(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    made = await submit(ada, await ada.get("/groups"), "/groups", name="Chess", setting="club", parent="")
    settings = await ada.get(str(made.url).replace("roster", "settings"))
    code = settings.text.partition("Class code: <strong>")[2].partition("<")[0]
    found = await stage.database.read(lambda c: find_group_by_code(c, code))
    assert found is not None
    assert found.name == "Chess"


async def test_a_hostile_name_is_shown_as_text(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    name = '<script>alert(1)</script>"\x00\u202e'
    made = await submit(ada, await ada.get("/groups"), "/groups", name=name, setting="club", parent="")
    assert made.status_code == 200
    for page in (made, await ada.get("/groups")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
