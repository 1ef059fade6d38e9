"""What follows when answers are read: comments find their people, one reader is enough, adults are called."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.effects import CallAdult, SendMessage, ShowComment
from bot.core.events import AdultAsked, Event, EventId, FlagResolved, GroupChanged, Outcome
from bot.core.people import PersonId
from bot.core.platform_news import PersonPaused
from bot.core.review import (
    AnswerCommented,
    AnswersRead,
    AnswersStarred,
    FlagsTaken,
    ReviewEvent,
    ThreadContinued,
    ThreadResolved,
)
from bot.core.runs import RunId, ThreadId
from bot.runner.clock import Clock
from bot.runner.inbox import Inbox
from bot.runner.outbox import Outbox
from bot.runner.review import CALL_EVERY, FURTHER_AFTER
from bot.storage.database import Database
from bot.storage.readings import count_unread
from bot.storage.threads import load_threads
from tests.stage import (
    ADA,
    CY,
    NOW,
    OLA,
    FakePlatform,
    Hands,
    an_inbox,
    begin,
    class_of,
    count,
    edit,
    place_of,
    pupil,
    rows,
    run_of,
    say,
    set_stage,
)

BEN, ELIF, GROUP, RUN = pupil(0), pupil(1), class_of(0), run_of(0)
SEVEN = datetime(2026, 3, 7, 6, tzinfo=UTC)
"""Seven in the morning of the next day, where the class is."""


class School:
    """A class in which Ben has answered one question, its door, its clock, and what everybody sees."""

    def __init__(self, database: Database) -> None:
        self.database, self.now, self.platform = database, Hands(), FakePlatform()
        self.inbox: Inbox = an_inbox(database, self.now)
        self.outbox = Outbox(database, {"fake": self.platform}, self.now, "here")
        self.clock = Clock(database, self.inbox, self.now)
        self._count = 0

    async def open(self) -> None:
        """Set the stage, let Ben answer, and let everybody be met on the fake platform."""
        await set_stage(self.database, 2)
        for person in (ADA, OLA, CY, BEN, ELIF):
            await self.database.write(
                lambda connection, person=person: connection.exec_driver_sql(  # type: ignore[misc]
                    f"UPDATE people SET place = '{place_of(person)}' WHERE id = '{person}'"
                )
            )
        assert await self.inbox.accept(begin(0)) is Outcome.ACCEPTED
        assert await self.inbox.accept(say(0, "I got stuck. Then I drew it.", "a")) is Outcome.ACCEPTED
        await self.send()
        self.platform.seen.clear()

    async def send(self) -> None:
        """Let everybody see what is for them."""
        while await self.outbox.deliver_due():
            pass

    async def do(self, kind: Callable[..., Event], who: PersonId, **fields: Any) -> Outcome:
        """Let somebody do something, and everybody see what follows."""
        self._count += 1
        event = kind(id=EventId(f"fake/{who}/do-{self._count}"), at=self.now(), who=who, **fields)
        outcome = await self.inbox.accept(event)
        await self.send()
        return outcome

    async def comment(self, who: PersonId, text: str = "What did you draw?", **fields: Any) -> Outcome:
        """Write about Ben's answer."""
        return await self.do(AnswerCommented, who, **{"run": RUN, "key": "one", "text": text, **fields})

    async def threads(self) -> list[tuple[str, list[tuple[str, str]], bool]]:
        """Read the threads about Ben's run: what about, who said what, whether they are resolved."""
        read = await self.database.read(lambda connection: load_threads(connection, [RUN]))
        return [(one.about, [(said.name, said.text) for said in one.said], one.resolved_at is not None) for one in read]

    async def thread(self) -> ThreadId:
        """Name the first thread."""
        return (await self.database.read(lambda connection: load_threads(connection, [RUN])))[0].id

    async def unread(self) -> int:
        """Count what nobody has read."""
        return (await self.database.read(lambda connection: count_unread(connection, [GROUP]))).get(GROUP, 0)

    def seen_by(self, person: PersonId) -> list[Any]:
        """List what somebody saw."""
        return [effect for effect in self.platform.seen if effect.person == person]


@pytest.fixture
async def school(database: Database) -> School:
    """Open the school."""
    made = School(database)
    await made.open()
    return made


async def test_a_comment_on_a_sentence_is_shown_answered_back_and_resolved_by_either_side(school: School) -> None:
    assert await school.comment(ADA, quote="Then I drew it.") is Outcome.ACCEPTED
    [shown] = school.seen_by(BEN)
    assert isinstance(shown, ShowComment)
    assert (shown.comment.by, shown.comment.about, shown.is_back) == ("Ms Ada", "Then I drew it.", False)
    thread = await school.thread()
    assert await school.do(ThreadContinued, BEN, thread=thread, text="A bridge.") is Outcome.ACCEPTED
    [back] = school.seen_by(ADA)
    assert (back.comment.by, back.comment.text, back.is_back) == ("Ben 0", "A bridge.", True)
    assert await school.do(ThreadResolved, BEN, thread=thread) is Outcome.ACCEPTED
    said = [("Ms Ada", "What did you draw?"), ("Ben 0", "A bridge.")]
    assert await school.threads() == [("Then I drew it.", said, True)]
    assert await school.do(ThreadContinued, ADA, thread=thread, text="Show me?") is Outcome.ACCEPTED
    assert [resolved for _, _, resolved in await school.threads()] == [False]


async def test_two_facilitators_who_write_about_the_same_share_one_thread(school: School) -> None:
    await school.comment(ADA)
    await school.comment(ADA, "And then?")
    assert [len(said) for _, said, _ in await school.threads()] == [2]
    await school.comment(ADA, "This part?", quote="I got stuck.")
    assert [len(said) for _, said, _ in await school.threads()] == [2, 1]


@pytest.mark.parametrize("who", [OLA, CY, ELIF])
async def test_whoever_may_not_read_an_answer_can_neither_write_about_it_nor_go_on_nor_settle(
    school: School, who: PersonId
) -> None:
    assert await school.comment(who) is Outcome.UNKNOWN
    await school.comment(ADA)
    thread = await school.thread()
    assert await school.do(ThreadContinued, who, thread=thread, text="Me too") is Outcome.UNKNOWN
    assert await school.do(ThreadResolved, who, thread=thread) is Outcome.UNKNOWN
    assert await school.do(AnswersStarred, who, group=GROUP, run=RUN) is Outcome.UNKNOWN
    assert await school.do(AnswersRead, who, group=GROUP, runs=(RUN,)) is Outcome.UNKNOWN
    assert await school.do(FlagsTaken, who, group=GROUP) is Outcome.UNKNOWN
    assert [(len(said), resolved) for _, said, resolved in await school.threads()] == [(1, False)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "  "},
        {"text": "x" * 4_001},
        {"text": "\0"},
        {"text": "Which\0part?"},
        {"quote": "words he never said"},
        {"key": "two"},
        {"run": RunId("none")},
    ],
)
async def test_a_comment_on_nothing_is_refused(school: School, wrong: dict[str, Any]) -> None:
    assert await school.comment(ADA, **wrong) is Outcome.UNKNOWN
    assert await school.threads() == []
    assert school.platform.seen == []


async def test_a_comment_that_waits_is_said_before_the_next_prompt_and_only_once(school: School) -> None:
    await school.comment(ADA)
    for name in ("b", "c"):
        await school.inbox.accept(say(0, "…", name))
    await school.send()
    school.platform.seen.clear()
    later = NOW + timedelta(days=7)
    await school.inbox.accept(begin(0, name="next", at=later))
    await school.send()
    said = [effect.text for effect in school.seen_by(BEN) if isinstance(effect, SendMessage)]
    assert said[0] == "Before we begin: Ms Ada wrote about your “I got stuck. Then I drew it.”\n\nWhat did you draw?"
    assert said[1] == "Hi Ben."
    for name in ("d", "e", "f"):
        await school.inbox.accept(say(0, "…", name, at=later))
    await school.send()
    school.platform.seen.clear()
    await school.inbox.accept(begin(0, name="third", at=later + timedelta(days=7)))
    await school.send()
    assert [effect.text for effect in school.seen_by(BEN) if isinstance(effect, SendMessage)] == ["Hi Ben."]


@pytest.mark.parametrize("kind", [ThreadContinued, ThreadResolved])
async def test_whoever_reacted_to_a_comment_is_not_told_of_it_again(
    school: School, kind: Callable[..., ReviewEvent]
) -> None:
    await school.comment(ADA)
    fields = {"text": "A bridge."} if kind is ThreadContinued else {}
    await school.do(kind, BEN, thread=await school.thread(), **fields)
    for name in ("b", "c"):
        await school.inbox.accept(say(0, "…", name))
    await school.send()
    school.platform.seen.clear()
    await school.inbox.accept(begin(0, name="next", at=NOW + timedelta(days=7)))
    await school.send()
    assert [effect.text for effect in school.seen_by(BEN) if isinstance(effect, SendMessage)] == ["Hi Ben."]


async def test_what_one_has_read_no_colleague_need_read_until_it_is_changed(school: School) -> None:
    assert await school.unread() == 1
    await school.do(AnswersRead, ADA, group=GROUP, runs=(RUN,))
    assert await school.unread() == 0
    await school.inbox.accept(edit(0, "one", "I drew a bridge.", "changed"))
    assert await school.unread() == 1
    await school.comment(ADA)
    assert await school.unread() == 0
    await school.do(AnswersRead, ADA, group=GROUP, runs=(RUN,), is_read=False)
    assert await school.unread() == 1


async def test_a_star_is_ones_own_and_comes_off(school: School) -> None:
    for _ in range(2):
        assert await school.do(AnswersStarred, ADA, group=GROUP, run=RUN) is Outcome.ACCEPTED
    assert await rows(school.database, "SELECT person_id, run_id FROM stars") == [(ADA, RUN)]
    await school.do(AnswersStarred, ADA, group=GROUP, run=RUN, is_starred=False)
    assert await count(school.database, "stars") == 0


async def test_what_was_changed_after_it_was_shown_stays_unread(school: School) -> None:
    seen_at = school.now()
    school.now.move(minutes=1)
    await school.inbox.accept(edit(0, "one", "I drew a bridge.", "changed", at=school.now()))
    await school.do(AnswersRead, ADA, group=GROUP, runs=(RUN,), seen_at=seen_at)
    assert await school.unread() == 1
    await school.do(AnswersRead, ADA, group=GROUP, runs=(RUN,), seen_at=school.now())
    assert await school.unread() == 0


async def test_two_who_write_about_the_same_words_at_once_share_one_thread(school: School) -> None:
    other = an_inbox(school.database, school.now)
    for number in range(10):
        quote = "I got stuck. Then I drew it."[number:]
        both = (
            AnswerCommented(
                id=EventId(f"fake/{n}/{number}"), at=NOW, who=ADA, run=RUN, key="one", text="?", quote=quote
            )
            for n in "ab"
        )
        await asyncio.gather(*(door.accept(event) for door, event in zip((school.inbox, other), both, strict=True)))
    assert [len(said) for _, said, _ in await school.threads()] == [2] * 10


# Adults.


async def test_adults_are_told_at_once_and_every_quarter_of_an_hour_until_one_goes(school: School) -> None:
    await school.do(AdultAsked, BEN, group=GROUP)
    for times in (1, 2, 3):
        for _ in range(3):
            await school.clock.tick()
        await school.send()
        calls = school.seen_by(ADA)
        assert [(call.name, call.count) for call in calls] == [("Ben 0", n) for n in range(1, times + 1)]
        assert all(isinstance(call, CallAdult) for call in calls)
        school.now.move(seconds=CALL_EVERY.total_seconds())
    assert school.seen_by(OLA) == []
    assert await school.do(FlagsTaken, ADA, group=GROUP) is Outcome.ACCEPTED
    assert [effect.text for effect in school.seen_by(BEN)] == [
        "Ms Ada has read that you want to talk, and will come to you."
    ]
    await school.clock.tick()
    await school.send()
    assert len(school.seen_by(ADA)) == 3


async def test_adults_of_the_school_are_told_where_nobody_of_the_class_goes(school: School) -> None:
    await school.database.write(
        lambda connection: connection.exec_driver_sql(f"UPDATE groups SET parent_id = 'elsewhere' WHERE id = '{GROUP}'")
    )
    await school.do(AdultAsked, BEN, group=GROUP)
    for _ in range(FURTHER_AFTER + 1):
        assert school.seen_by(CY) == []
        await school.clock.tick()
        await school.send()
        school.now.move(seconds=CALL_EVERY.total_seconds())
    assert [call.name for call in school.seen_by(CY)] == ["Ben 0"]


async def test_nobody_is_called_about_what_is_resolved_nor_for_more_than_a_day(school: School) -> None:
    await school.do(AdultAsked, BEN, group=GROUP)
    await school.clock.tick()
    [flag] = [row[0] for row in await rows(school.database, "SELECT id FROM flags")]
    await school.do(FlagResolved, ADA, group=GROUP, flag=flag)
    school.now.move(hours=1)
    await school.clock.tick()
    assert await rows(school.database, "SELECT calls FROM flags") == [(1,)]
    await school.do(AdultAsked, ELIF, group=GROUP)
    for _ in range(110):
        await school.clock.tick()
        school.now.move(minutes=15)
    assert await rows(school.database, "SELECT calls, call_at FROM flags WHERE calls > 1") == [(96, None)]


async def test_the_same_call_by_two_clocks_is_one(school: School) -> None:
    await school.do(AdultAsked, BEN, group=GROUP)
    other = Clock(school.database, an_inbox(school.database, school.now), school.now)
    await school.clock.tick()
    await other.tick()
    await school.send()
    assert len(school.seen_by(ADA)) == 1


async def test_who_changes_a_group_is_kept_and_who_only_asks_for_an_adult_is_not(school: School) -> None:
    await school.do(AdultAsked, BEN, group=GROUP)
    await school.do(GroupChanged, ADA, group=GROUP, changes={"task": "the bridge"})
    await school.do(GroupChanged, CY, group=GROUP, changes={"task": "another"})
    found = await rows(school.database, "SELECT actor_id, deed, group_id, what FROM audit")
    assert found == [(ADA, "changed", GROUP, "GroupChanged")]


async def test_a_comment_waits_for_the_morning_and_for_the_end_of_a_pause(school: School) -> None:
    school.now.move(hours=9, minutes=30)
    await school.comment(ADA)
    assert school.seen_by(BEN) == []
    await school.do(ThreadContinued, BEN, thread=await school.thread(), text="A bridge.")
    assert school.seen_by(ADA) == [], "a teacher has a night as well"
    school.now.at = SEVEN - timedelta(seconds=1)
    await school.send()
    assert [school.seen_by(BEN), school.seen_by(ADA)] == [[], []]
    school.now.at = SEVEN
    await school.send()
    assert [len(school.seen_by(BEN)), len(school.seen_by(ADA))] == [1, 1]
    await school.do(PersonPaused, BEN, until=SEVEN + timedelta(days=2))
    await school.comment(ADA, "And then?", quote="I got stuck.")
    school.now.at = SEVEN + timedelta(days=2) - timedelta(seconds=1)
    await school.send()
    assert len(school.seen_by(BEN)) == 1
    school.now.at = SEVEN + timedelta(days=2)
    await school.send()
    assert len(school.seen_by(BEN)) == 2


async def test_a_call_for_an_adult_does_not_wait_for_the_morning(school: School) -> None:
    school.now.move(hours=12)
    await school.do(AdultAsked, BEN, group=GROUP)
    await school.clock.tick()
    await school.send()
    assert [type(effect) for effect in school.seen_by(ADA)] == [CallAdult]
    await school.do(FlagsTaken, ADA, group=GROUP)
    assert [type(effect) for effect in school.seen_by(BEN)] == [SendMessage]
