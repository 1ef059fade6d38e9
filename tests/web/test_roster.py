"""Who is in a group."""

import pytest

from bot.core.events import Outcome, PeopleEnrolled
from bot.core.people import Action, GroupId, PersonId, Role
from bot.storage.connection import Connection
from bot.storage.groups import add_group, add_members, load_members
from bot.storage.people import add_people, load_actor
from bot.storage.tables import groups
from tests.stage import ADA, CY, NOW, OLA, a_group
from tests.web.house import BEN, CLASS, Stage, enrol, form_on, submit

PAGE = f"/groups/{CLASS}/roster"
HELPERS = f"/groups/{CLASS}/helpers"


async def names(stage: Stage, role: Role = Role.LEARNER) -> list[str]:
    members = await stage.database.read(lambda c: load_members(c, CLASS))
    return [member.name for member in members if member.role == role]


async def test_pasted_names_are_tidied_and_added(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    done = await submit(ada, await ada.get(PAGE), PAGE, names="  Mia \r\n\r\nNoa\tLevi\r\nÉloïse\n")
    assert "3 names added" in done.text
    assert await names(stage) == ["Ben Okafor", "Mia", "Noa Levi", "Éloïse"]


async def test_a_form_sent_twice_adds_once(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    for _ in range(2):
        await submit(ada, page, PAGE, names="Mia", again="yes")
    assert await names(stage) == ["Ben Okafor", "Mia"]


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Write at least one name."),
        (" \n\t\n", "Write at least one name."),
        ("Mia\n\n" + "x" * 81, "Line 3 is too long for a card"),
        ("\n".join(f"Name {n}" for n in range(201)), "That is 201 names. Up to 200 go in at once; “Name 200”"),
    ],
    ids=["nothing", "blanks", "long", "many"],
)
async def test_a_paste_that_does_not_fit_is_kept_and_explained(stage: Stage, pasted: str, sentence: str) -> None:
    ada = await stage.signed_in(ADA)
    again = await submit(ada, await ada.get(PAGE), PAGE, names=pasted)
    assert again.status_code == 422
    assert sentence in again.text
    assert "".join(form_on(again, PAGE).fields["names"]).split() == pasted.split()
    assert await names(stage) == ["Ben Okafor"]


@pytest.mark.parametrize(("pasted", "double"), [("ben okafor", "ben okafor"), ("Mia\nMIA", "Mia")])
async def test_a_name_that_is_there_is_asked_about(stage: Stage, pasted: str, double: str) -> None:
    ada = await stage.signed_in(ADA)
    asked = await submit(ada, await ada.get(PAGE), PAGE, names=pasted)
    assert asked.status_code == 422
    assert f"There is already one <bdi>{double}</bdi>." in asked.text
    assert await names(stage) == ["Ben Okafor"]
    await submit(ada, asked, PAGE, again="yes")
    assert len(await names(stage)) == 1 + len(pasted.splitlines())


async def test_hostile_names_are_text(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    hostile = "</textarea><img src=x onerror=alert(1)>"
    kept = await submit(ada, await ada.get(PAGE), PAGE, names=f"{hostile}\n{'y' * 90}")
    assert "<img" not in kept.text
    done = await submit(ada, await ada.get(PAGE), PAGE, names=f"{hostile}\x00")
    assert "<img" not in done.text
    assert hostile in await names(stage)


async def test_taking_somebody_off_asks_once_more(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    address = f"/groups/{CLASS}/people/{BEN}/remove"
    page = await ada.get(address)
    assert "What <bdi>Ben Okafor</bdi> wrote stays." in page.text
    assert await names(stage) == ["Ben Okafor"]
    await submit(ada, page, address)
    assert await names(stage) == []


async def test_the_last_who_reads_cannot_be_taken_off(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    address = f"/groups/{CLASS}/people/{ADA}/remove"
    page = await ada.get(address)
    assert "stays for now" in page.text
    confirm_ben = await ada.get(f"/groups/{CLASS}/people/{BEN}/remove")
    token = form_on(confirm_ben, f"/groups/{CLASS}/people/{BEN}/remove").fields["csrf"]
    assert (await ada.post(address, data={"csrf": token})).status_code == 404
    assert await names(stage, Role.FACILITATOR) == ["Ms Ada"]


async def test_one_who_takes_themselves_off_comes_in_anew(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    await submit(ada, await ada.get("/groups"), "/groups", name="Chess", setting="club", parent="")
    await submit(ada, await ada.get(PAGE), HELPERS, name="Mr Sol", role="facilitator")
    address = f"/groups/{CLASS}/people/{ADA}/remove"
    left = await submit(ada, await ada.get(address), address)
    assert left.url.path == "/"
    assert await names(stage, Role.FACILITATOR) == ["Mr Sol"]


async def test_a_helper_gets_a_link_that_is_shown_once_and_works_once(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    shown = await submit(ada, page, HELPERS, name="Mr Sol", role="facilitator")
    link = shown.text.partition("<textarea")[2].partition(">")[2].partition("<")[0]
    assert link.startswith("http://mull.test/sign-in/")
    again = await submit(ada, page, HELPERS, name="Mr Sol", role="facilitator")
    assert "/sign-in/" not in again.text
    assert await names(stage, Role.FACILITATOR) == ["Mr Sol", "Ms Ada"]
    sol = stage.client()
    opened = await sol.get(link)
    await submit(sol, opened, "")
    assert (await sol.get(f"/groups/{CLASS}")).status_code == 200


async def test_the_link_is_good_for_a_week(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    shown = await submit(ada, await ada.get(PAGE), HELPERS, name="Mr Sol", role="observer")
    link = shown.text.partition("<textarea")[2].partition(">")[2].partition("<")[0]
    stage.hands.move(days=7, seconds=1)
    assert "<form" not in (await stage.client().get(link)).text.partition("<main")[2]


async def test_a_helper_needs_a_name(stage: Stage) -> None:
    ada = await stage.signed_in(ADA)
    page = await ada.get(PAGE)
    assert "Write the person&#39;s name." in (await submit(ada, page, HELPERS, name=" ", role="observer")).text
    assert "up to 80" in (await submit(ada, page, HELPERS, name="x" * 81, role="observer")).text
    assert (await submit(ada, page, HELPERS, name="Mr Sol", role="learner")).status_code == 404


async def test_an_observer_cannot_make_somebody_who_reads(stage: Stage) -> None:
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)
    ola = await stage.signed_in(OLA)
    page = await ola.get(PAGE)
    assert 'value="facilitator"' not in page.text
    assert f'/people/{BEN}"' not in page.text
    assert (await submit(ola, page, HELPERS, name="Mr Sol", role="facilitator")).status_code == 404
    event = PeopleEnrolled(
        id=stage.name(),
        at=NOW,
        who=OLA,
        group=CLASS,
        role=Role.FACILITATOR,
        people=((PersonId("sol"), "Mr Sol"),),
    )
    assert await stage.happen(event) is Outcome.UNKNOWN
    assert (await stage.database.read(lambda c: load_actor(c, PersonId("sol")))).groups(Action.READ_ANSWERS) == ()


async def test_who_helps_from_a_group_above_is_named_and_cannot_be_taken_off_here(stage: Stage) -> None:
    pia, school = PersonId("pia"), GroupId("school")

    def work(connection: Connection) -> None:
        add_people(connection, [(pia, "Dr Pia")], NOW)
        add_group(connection, a_group(school, pia, name="Maple Street School"))
        add_members(connection, school, [pia, ADA], Role.FACILITATOR, NOW)
        add_members(connection, school, [CY], Role.LEARNER, NOW)
        connection.execute(groups.update().where(groups.c.id == CLASS).values(parent_id=school))

    await stage.database.write(work)
    page = (await (await stage.signed_in(ADA)).get(f"/groups/{CLASS}/roster")).text
    assert "helps from <bdi>Maple Street School</bdi>, reads no answers" in page
    assert page.count("helps from") == 1, "Ms Ada leads the class herself, and learners of the school lead nothing"
    assert f"/people/{pia}/remove" not in page
    hers = await (await stage.signed_in(pia)).get("/groups")
    assert f'href="/groups/{CLASS}/roster"' in hers.text
    assert f"/groups/{CLASS}/cards" not in hers.text
