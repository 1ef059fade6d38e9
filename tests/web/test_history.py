"""Who read answers of a group, took them along or changed something in it, for those who look after the group."""

import re
from html import unescape
from typing import get_args

import httpx
import pytest

from bot.core.events import AdultAsked, PersonRenamed, ProgramEvent, RosterEvent
from bot.core.people import Action
from bot.core.platform_news import GroupFollows
from bot.flows.program import programs
from bot.storage.audit import Deed, Done, note_deed
from bot.storage.connection import Connection
from bot.web.deed_words import CHANGES, in_words
from tests.programs.group import BEN, CLASS, CLEO, DANA
from tests.stage import ADA, NOW, OLA
from tests.web.house import Stage
from tests.web.living import ADDRESS, THREE, ask_everybody, cruel_round, open_class

HISTORY = f"{ADDRESS}/history"


def text_of(page: httpx.Response) -> str:
    """Read the words of a page in one line."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.text)).split())


async def history(stage: Stage, query: str = "") -> str:
    """Read the page as Ada: its words in one line."""
    return text_of(await (await stage.signed_in(ADA)).get(HISTORY + query))


async def note(stage: Stage, deed: Deed, *about: str, what: str = "") -> None:
    """Let Ada do something with answers now."""

    def work(connection: Connection) -> None:
        at = stage.hands()
        note_deed(connection, ADA, deed, group=CLASS, about=[p for p in THREE if p in about], at=at, what=what)

    await stage.database.write(work)


def test_whatever_a_facilitator_can_change_has_words() -> None:
    events = {one.__name__ for one in (*get_args(RosterEvent), *get_args(ProgramEvent), GroupFollows)}
    steps = {
        f"{kind}.{step}"
        for kind, program in programs().items()
        for step, right in program.STEPS.items()
        if right is not Action.ANSWER
    }
    assert events - {AdultAsked.__name__, PersonRenamed.__name__} | steps | programs().keys() == CHANGES.keys()


@pytest.mark.parametrize(
    ("deed", "what", "people", "words"),
    [
        (Deed.READ, "", 1, "read answers of Ben"),
        (Deed.READ, "", 25, "read answers of 25 people"),
        (Deed.EXPORTED, "csv", 25, "took answers of 25 people along as a file"),
        (Deed.EXPORTED, "paper", 1, "opened the answers of Ben for printing"),
        (Deed.CHANGED, "PeopleEnrolled", 3, "put 3 people on the roster"),
        (Deed.CHANGED, "MemberRemoved", 1, "took Ben off the roster"),
    ],
)
def test_deeds_in_words(deed: Deed, what: str, people: int, words: str) -> None:
    done = Done(name="Ada", deed=deed, what=what, times=1, last_at=NOW, people=people, person="Ben")
    assert in_words(done) == words


def test_whoever_has_no_name_yet_is_somebody() -> None:
    done = Done(name="Ada", deed=Deed.READ, what="", times=1, last_at=NOW, people=1, person="")
    assert in_words(done) == "read answers of somebody"


async def test_what_was_done_on_a_day_stands_there_once_with_how_often(stage: Stage) -> None:
    await open_class(stage)
    await note(stage, Deed.READ, BEN)
    await note(stage, Deed.READ, BEN, CLEO)
    stage.hands.move(minutes=5)
    await note(stage, Deed.EXPORTED, BEN, CLEO, DANA, what="xlsx")
    said = await history(stage)
    assert "Ms Ada read answers of 2 people 11:40, twice that day" in said
    assert "Ms Ada took answers of 3 people along as a file 11:45" in said
    assert said.index("took answers") < said.index("read answers")


async def test_steps_of_a_round_and_changes_of_the_group_are_kept(stage: Stage) -> None:
    group = await open_class(stage)
    name, number = await cruel_round(group)
    await group.steer(name, "release", str(number))
    await group.steer(name, "release", str(number))
    await group.remove(DANA)
    said = await history(stage)
    assert "Ms Ada began a feedback round" in said
    assert "Ms Ada let a held comment go to its author 11:" in said
    assert "let a held comment go to its author 11:40, twice" not in said
    assert "Ms Ada took Dana off the roster" in said


async def test_whom_somebody_reminds_is_named_and_whom_they_keep_apart_is_not(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    await group.move(minutes=1)
    await group.steer(name, "remind", BEN)
    await group.keep_apart(CLEO, DANA)
    said = await history(stage)
    assert "Ms Ada reminded Ben Okafor of a round" in said
    assert "changed who is kept apart" in said
    assert "Cleo" not in said
    assert "Dana" not in said


async def test_what_comes_by_itself_and_what_learners_do_is_no_change(stage: Stage) -> None:
    group = await open_class(stage)
    name = await group.begin("peer_exchange", practice="no")
    await group.work_through(BEN, until="peer-review")
    await group.steer(name, "withdraw", who=BEN)
    await group.move(days=4)
    assert "withdr" not in await history(stage)
    assert (await history(stage, "?week=2026-W10")).count("Ms Ada") == 2


async def test_a_week_is_a_page_and_leads_to_the_one_before_that_has_something(stage: Stage) -> None:
    await open_class(stage)
    await note(stage, Deed.READ, BEN)
    stage.hands.move(days=22)
    page = await (await stage.signed_in(ADA)).get(HISTORY)
    assert "Nobody has read, taken along or changed anything this week." in text_of(page)
    assert f"{HISTORY}?week=2026-W10" in page.text
    before = await (await stage.signed_in(ADA)).get(f"{HISTORY}?week=2026-W10")
    assert "Friday 6 March Ms Ada read answers of Ben Okafor 11:40" in text_of(before)
    assert "?week=" not in before.text
    assert "This week" in text_of(before)


@pytest.mark.parametrize("week", ["2026-W99", "0000-W01", "9999-W52", "yesterday", "2026-W10%00", "<script>"])
async def test_a_week_that_is_none_is_this_one(stage: Stage, week: str) -> None:
    await open_class(stage)
    await note(stage, Deed.READ, BEN)
    assert "read answers of Ben Okafor" in await history(stage, f"?week={week}")


async def test_a_day_ends_at_midnight_in_the_zone_of_the_group(stage: Stage) -> None:
    await open_class(stage)
    stage.hands.move(hours=12, minutes=15)
    await note(stage, Deed.READ, BEN)
    stage.hands.move(minutes=15)
    await note(stage, Deed.READ, CLEO)
    said = await history(stage)
    assert "Today Ms Ada read answers of Cleo 00:10 Yesterday Ms Ada read answers of Ben Okafor 23:55" in said


async def test_an_observer_sees_it_and_nobody_outside_does(stage: Stage) -> None:
    await open_class(stage)
    await note(stage, Deed.READ, BEN)
    answers = await ask_everybody(stage, HISTORY)
    assert answers.pop(OLA).status_code == 200
    assert {page.status_code for page in answers.values()} == {404}


async def test_the_settings_lead_there(stage: Stage) -> None:
    await open_class(stage)
    page = await (await stage.signed_in(ADA)).get(f"{ADDRESS}/settings")
    assert f'href="{HISTORY}"' in page.text
