"""Every word of the desk, said with ids that belong to others: nothing of theirs is told, and nothing of it changes.

A matter that is missing from `SAID` fails the first test. To add one, say which words with which ids are to be tried;
a button stands for its words, so this is about components as well.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pytest

from bot.core.events import AdultAsked, EventId, MemberRemoved, OccurrenceRequested, Outcome
from bot.core.people import Identity, PersonId, Role
from bot.core.platform_news import PersonGone
from bot.core.review import AnswerCommented
from bot.core.runs import RunId
from bot.desk.desk import MATTERS
from bot.flows.conversation import run_id
from bot.runner.conductor import occurrence_id
from bot.runner.review import thread_named
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.groups import add_members, change_group
from bot.storage.people import add_people
from bot.storage.sign_in_requests import find_request_with_code, request_sign_in
from bot.storage.tables import identities, metadata
from tests.desk.asking import BEN, STRANGER, Counter, a_counter, in_slack, text_of
from tests.stage import ADA, CY, NOW, begin, class_of, say

FORMER, GONE = PersonId("fay"), PersonId("gus")
GROUP, NAME, ANSWER = class_of(0), "Robotics", "The scale of the map."
CODE = "4F7K"

SAID: dict[str, Sequence[str]] = {
    "start": ("three", "{group}", "three {group}", "form {group}"),
    "open": ("{run}", "{run} dialogue"),
    "join": ("{round}",),
    "sent": ("three", "three {group}"),
    "note": ("https://school.example/map",),
    "feedback": ("", "{round}"),
    "news": ("", "{group}"),
    "message me": ("",),
    "no messages": ("",),
    "club": ("", "{group}", "go {group}"),
    "later": ("", "{run}"),
    "tomorrow": ("", "{run}"),
    "pause": ("1 week", "{run}"),
    "resume": ("", "{run}"),
    "answers": ("", "before {run}"),
    "edit": ("{run} one", "{run} two"),
    "who reads this": ("", "{group}", "{run}"),
    "talk to an adult": ("", "{group}"),
    "review": ("", "before 9999999999999999.zzzz", "before 9999999999999999.{run}", "{group}", "more {group}"),
    "mark read": ("{run}",),
    "group": ("", "{group}", "new {group}", "follow {group}"),
    "group ask": ("three {group}", "{group}"),
    "leave": ("{group}", "{group} yes"),
    "come back": ("{group}",),
    "settings": ("", "{group}"),
    "mode": ("form", "{group}"),
    "program": ("{group}", "set three thursday 15:10 {group}", "end {round} {group}"),
    "when": ("", "{group}"),
    "post": ("{run} there", "{run} again"),
    "write about": ("{run} one",),
    "write back": ("{thread}",),
    "settle": ("{thread}",),
    "on my way": ("{group}",),
    "sign in": ("", "{request}", "{run}"),
    "let in": (CODE, "{group}"),
    "not me": (CODE, "{group}"),
    "help": ("", "{group}"),
    "hello": ("", "{group}"),
    "thanks": ("", "{group}"),
}
OUTSIDERS: dict[str, PersonId | Identity] = {
    "a facilitator elsewhere": CY,
    "a former facilitator": FORMER,
    "a closed account": GONE,
    "a stranger": STRANGER,
}


@dataclass(frozen=True)
class Ids:
    """What words may name: all of it is of one group."""

    run: RunId
    thread: str
    round: str
    request: str
    group: str = GROUP


@pytest.fixture
async def at(database: Database) -> Counter:
    """Open the desk over a group that has one of everything."""
    return await a_counter(database)


async def live(at: Counter) -> Ids:
    """Let the group have an answer, a thread, a round, a call for an adult; and a browser wait for its facilitator."""
    begun, now = begin(0), at.hands.at
    run = run_id(begun, BEN)
    said = AnswerCommented(id=EventId("test/comment"), at=now, who=ADA, run=run, key="one", text="Which scale?")
    asked = OccurrenceRequested(
        id=EventId("test/round"), at=now, who=ADA, group=GROUP, kind="habit_of_week", choices={}
    )
    ends = (
        MemberRemoved(id=EventId("test/removed"), at=now, who=ADA, group=GROUP, person=FORMER),
        PersonGone(id=EventId("test/gone"), at=now, who=in_slack(GONE)),
    )
    await at.database.write(_add_helpers)
    wanted = AdultAsked(id=EventId("test/adult"), at=now, who=BEN, group=GROUP)
    for event in (begun, say(0, ANSWER, "one"), said, asked, wanted, *ends):
        assert await at.inbox.accept(event) is Outcome.ACCEPTED, event
    request = await at.database.write(lambda connection: _wait(connection, at))
    return Ids(run=run, thread=thread_named(said), round=occurrence_id(asked.id), request=request)


def _add_helpers(connection: Connection) -> None:
    change_group(connection, GROUP, {"name": NAME})
    add_people(connection, [(FORMER, "Fay"), (GONE, "Gus")], NOW)
    add_members(connection, GROUP, [FORMER, GONE], Role.FACILITATOR, NOW)
    rows = [{**in_slack(person)._asdict(), "person_id": person} for person in (FORMER, GONE)]
    connection.execute(identities.insert(), rows)


def _wait(connection: Connection, at: Counter) -> str:
    now = at.hands.at
    request_sign_in(connection, lambda: CODE, "Firefox", now, now.replace(year=now.year + 1))
    found = find_request_with_code(connection, CODE, now)
    assert found is not None
    return found.id


async def of_the_group(at: Counter, ids: Ids) -> list[str]:
    """Write out every row that names something of the group."""

    def work(connection: Connection) -> list[str]:
        tables = [table for table in metadata.sorted_tables if table.name not in ("inbox", "audit")]
        rows = [f"{table.name}: {row!r}" for table in tables for row in connection.execute(table.select())]
        return sorted(row for row in rows if any(one in row for one in (*asdict(ids).values(), BEN)))

    return await at.database.read(work)


def test_every_matter_is_tried() -> None:
    assert set(MATTERS) == set(SAID)


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_ids_of_others_open_nothing(at: Counter, role: str) -> None:
    ids = await live(at)
    before, found = await of_the_group(at, ids), []
    for matter, tries in SAID.items():
        for words in tries:
            said = f"{matter} {words.format(**asdict(ids))}".strip()
            given = (("text", "Hello"), ("code", words))
            shown = "".join([text_of(await at.say(OUTSIDERS[role], said, given=one)) for one in ((), given)])
            found += [(said, shown) for trace in (NAME, "Ben 0", ANSWER, "Which scale?") if trace in shown]
    assert found == []
    assert await of_the_group(at, ids) == before
    home = text_of(await at.home(OUTSIDERS[role]))
    assert not any(trace in home for trace in (NAME, "Ben 0", ANSWER))
