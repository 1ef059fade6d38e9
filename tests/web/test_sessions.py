"""Where somebody is signed in: shown to them, ended by them, and ended for them when their rights change."""

from collections.abc import Callable

import httpx
import pytest

from bot.core.events import Event, GroupCreated, MemberRemoved, PeopleEnrolled
from bot.core.people import GroupId, Identity, PersonId, Place, Role
from bot.core.platform_news import ChannelMoved, GroupLeft, PersonGone, WorkspaceLeft
from bot.storage.channels import follow
from bot.storage.connection import Connection
from bot.storage.tables import identities
from tests.stage import ADA, CY, OLA
from tests.web.house import BEN, CLASS, DEE, Stage, enrol, submit
from tests.web.test_sign_in import is_in, link_for, use

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile Safari/604.1"
CHANNEL = Place("slack:T1:C-room")


async def comes_in(stage: Stage, person: PersonId, agent: str) -> httpx.AsyncClient:
    """Sign somebody in with a browser."""
    client = stage.client()
    client.headers["user-agent"] = agent
    await use(client, await link_for(stage, person))
    return client


async def test_each_is_named_and_this_one_is_marked(stage: Stage) -> None:
    desk, phone = await comes_in(stage, ADA, FIREFOX), await comes_in(stage, ADA, PHONE)
    dees = await comes_in(stage, DEE, "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36")
    text = (await phone.get("/me/sessions")).text
    assert text.index("<b>Safari on an iPhone</b> (this one)") < text.index("<b>Firefox on Linux</b>")
    assert "Windows" not in text
    assert "since today, 11:40" in text
    assert "last seen today, 11:40" in text
    assert all([await is_in(client) for client in (desk, phone, dees)])


async def test_one_of_them_is_ended(stage: Stage) -> None:
    desk, phone = await comes_in(stage, ADA, FIREFOX), await comes_in(stage, ADA, PHONE)
    page = await phone.get("/me/sessions")
    name = page.text.split("Firefox")[1].split('value="')[2].split('"')[0]
    shown = await submit(phone, page, "/me/sessions", end=name)
    assert "Firefox" not in shown.text
    assert (await is_in(desk), await is_in(phone)) == (False, True)


async def test_everywhere_else_is_everywhere_else(stage: Stage) -> None:
    desk, phone, dees = [await comes_in(stage, who, FIREFOX) for who in (ADA, ADA, DEE)]
    await submit(phone, await phone.get("/me/sessions"), "/me/sessions", end="others")
    assert (await is_in(desk), await is_in(phone), await is_in(dees)) == (False, True, True)


async def test_this_one_is_ended_as_by_signing_out(stage: Stage) -> None:
    client = await comes_in(stage, ADA, FIREFOX)
    page = await client.get("/me/sessions")
    name = page.text.split('name="end" value="')[1].split('"')[0]
    assert (await submit(client, page, "/me/sessions", end=name)).url.path == "/"
    assert not await is_in(client)


async def test_nobody_ends_a_session_of_anybody_else(stage: Stage) -> None:
    dees, mine = await comes_in(stage, DEE, FIREFOX), await comes_in(stage, ADA, PHONE)
    name = (await dees.get("/me/sessions")).text.split('name="end" value="')[1].split('"')[0]
    await submit(mine, await mine.get("/me/sessions"), "/me/sessions", end=name)
    assert await is_in(dees)


async def test_where_one_has_been_away_for_long_is_no_longer_listed(stage: Stage) -> None:
    await comes_in(stage, ADA, FIREFOX)
    stage.hands.move(minutes=31)
    phone = await comes_in(stage, ADA, PHONE)
    assert "Firefox" not in (await phone.get("/me/sessions")).text


# Ended for them.


def slack(person: PersonId) -> Identity:
    """Name somebody as Slack does."""
    return Identity("slack", "T1", f"U-{person}")


@pytest.fixture
async def known(stage: Stage) -> Stage:
    """Let Ada, Ben and Cy be in Slack; Ola observes Ada's class, which follows a channel."""
    await enrol(stage, {OLA: "Ola"}, role=Role.OBSERVER)

    def work(connection: Connection) -> None:
        follow(connection, CLASS, CHANNEL)
        for person in (ADA, BEN, CY):
            connection.execute(identities.insert().values(**slack(person)._asdict(), person_id=person))

    await stage.database.write(work)
    return stage


def removed(stage: Stage, person: PersonId) -> MemberRemoved:
    """Let Ada take somebody off the roster."""
    return MemberRemoved(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, person=person)


def enrolled(stage: Stage, person: PersonId, role: Role) -> PeopleEnrolled:
    """Let Ada give somebody another role."""
    people = ((person, "Somebody"),)
    return PeopleEnrolled(id=stage.name(), at=stage.hands(), who=ADA, group=CLASS, role=role, people=people)


ENDS: dict[str, tuple[PersonId, Callable[[Stage], Event]]] = {
    "a facilitator is taken off": (ADA, lambda stage: removed(stage, ADA)),
    "an observer is taken off": (OLA, lambda stage: removed(stage, OLA)),
    "a learner is taken off": (BEN, lambda stage: removed(stage, BEN)),
    "an observer becomes a facilitator": (OLA, lambda stage: enrolled(stage, OLA, Role.FACILITATOR)),
    "a facilitator becomes a learner": (ADA, lambda stage: enrolled(stage, ADA, Role.LEARNER)),
    "a facilitator leaves": (ADA, lambda s: GroupLeft(id=s.name(), at=s.hands(), who=ADA, group=CLASS)),
    "the account is closed": (ADA, lambda s: PersonGone(id=s.name(), at=s.hands(), who=slack(ADA))),
    "a learner leaves the channel": (
        BEN,
        lambda s: ChannelMoved(id=s.name(), at=s.hands(), who=slack(BEN), place=CHANNEL, left=(slack(BEN),)),
    ),
    "Mull is removed from the workspace": (
        ADA,
        lambda s: WorkspaceLeft(
            id=s.name(), at=s.hands(), who=slack(ADA), platform="slack", workspace="T1", reason="removed"
        ),
    ),
    "Mull is removed from the workspace of the group": (
        OLA,
        lambda s: WorkspaceLeft(
            id=s.name(), at=s.hands(), who=slack(ADA), platform="slack", workspace="T1", reason="removed"
        ),
    ),
}


@pytest.mark.parametrize("what", ENDS)
async def test_whoever_may_no_longer_is_signed_out_everywhere(known: Stage, what: str) -> None:
    person, event = ENDS[what]
    mine, link = await known.signed_in(person), await link_for(known, person)
    dees = await known.signed_in(DEE)
    assert await is_in(mine)
    await known.happen(event(known))
    assert not await is_in(mine)
    assert (await known.client().get(link)).status_code == 410
    assert await is_in(dees)


STAYS: dict[str, Callable[[Stage], Event]] = {
    "the same role again": lambda stage: enrolled(stage, ADA, Role.FACILITATOR),
    "a group more": lambda s: GroupCreated(
        id=s.name(), at=s.hands(), who=ADA, group=GroupId("chess"), name="Chess", code="c", setting="club", zone="UTC"
    ),
    "somebody else goes": lambda stage: removed(stage, BEN),
    "another workspace": lambda s: WorkspaceLeft(
        id=s.name(), at=s.hands(), who=slack(ADA), platform="slack", workspace="T", reason="removed"
    ),
}


@pytest.mark.parametrize("what", STAYS)
async def test_whose_rights_stay_is_not_disturbed(known: Stage, what: str) -> None:
    mine = await known.signed_in(ADA)
    await known.happen(STAYS[what](known))
    assert await is_in(mine)


async def test_a_former_facilitator_with_a_session_from_anywhere_finds_nothing(known: Stage) -> None:
    await known.happen(removed(known, ADA))
    client = await known.signed_in(ADA)
    assert (await client.get("/groups")).status_code == 404
    assert (await client.get(f"/groups/{CLASS}")).status_code == 404
