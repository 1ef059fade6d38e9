"""What a batch sends: at once to whoever waits for it, held in a pause for everybody else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.effects import EffectId, SendMessage
from bot.core.events import (
    ChoicePressed,
    Control,
    ControlPressed,
    Event,
    EventId,
    FormSubmitted,
    OccurrenceDue,
    OccurrenceRequested,
    RunEvent,
    RunRequested,
    TextReceived,
    TimerFired,
)
from bot.core.occurrences import OccurrenceId
from bot.core.people import PersonId, Place
from bot.core.runs import OPEN, Answer, Mode, Opening, Run, RunId, RunStatus, TimerKind, Visibility
from bot.flows.engine import Turn
from bot.runner.going_out import GoingOut, settling
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.people import pause_person
from bot.storage.turns import Lease, Outgoing
from tests.stage import ADA, NOW, begin, class_of, place_of, press, pupil, say, set_stage

BEN, CLEO = pupil(0), pupil(1)
UNTIL = NOW + timedelta(days=3)
RUN = RunId("r1")
SLACK = Place("slack:T1:UBEN")


def told(person: PersonId, name: str = "e/1") -> SendMessage:
    """Make something to say."""
    return SendMessage(id=EffectId(name), person=person, place=place_of(person), text="Hello.")


async def made(
    database: Database,
    effect: SendMessage,
    cause: Event | None,
    *,
    by: PersonId = BEN,
    at: datetime = NOW,
    taken: Lease | None = None,
) -> Outgoing:
    """Send one effect because of an event, while both learners want quiet."""
    going_out = GoingOut({cause.id: taken} if taken and cause else {})
    going_out.add([effect], at, cause)

    def work(connection: Connection) -> list[Outgoing]:
        for person in (BEN, CLEO):
            pause_person(connection, person, UNTIL)
        return going_out.made(connection, {cause.id: by} if cause else {}, NOW)

    (found,) = await database.write(work)
    return found


@pytest.fixture
async def stage(database: Database) -> Database:
    await set_stage(database, 2)
    return database


TIMER = TimerFired(id=EventId("t"), at=NOW, who=BEN, run=RUN, wait=1, kind=TimerKind.NUDGE)
DUE = OccurrenceDue(id=EventId("d"), at=NOW, who=BEN, occurrence=OccurrenceId("o1"), due_at=NOW)
REQUESTED = OccurrenceRequested(id=EventId("o"), at=NOW, who=BEN, group=class_of(0), kind="check_in", choices={})
SENT = replace(begin(0, name="sent"), is_own_wish=False)


@pytest.mark.parametrize("cause", [say(0, "words", "1"), press(0, RUN, 1, "yes"), begin(0)], ids=lambda one: one.id)
async def test_whoever_did_something_is_answered_at_once_in_a_pause_too(stage: Database, cause: Event) -> None:
    found = await made(stage, told(BEN), cause)
    assert found == Outgoing(told(BEN), NOW, is_reply=True, cause=cause.id)


@pytest.mark.parametrize("cause", [TIMER, DUE, REQUESTED, SENT, None], ids=lambda one: one.id if one else "nobody")
async def test_what_nobody_waits_for_is_held_in_a_pause(stage: Database, cause: Event | None) -> None:
    assert await made(stage, told(BEN), cause) == Outgoing(told(BEN), NOW, due_at=UNTIL)


async def test_what_somebody_else_caused_is_held_in_a_pause(stage: Database) -> None:
    assert await made(stage, told(CLEO), say(0, "words", "1")) == Outgoing(told(CLEO), NOW, due_at=UNTIL)


async def test_without_a_pause_everything_is_due_at_once(stage: Database) -> None:
    effect = replace(told(ADA), place=place_of(ADA))
    assert await made(stage, effect, TIMER) == Outgoing(effect, NOW)


async def test_whoever_took_an_event_holds_the_lease_of_its_answer_only(stage: Database) -> None:
    lease = Lease("me", NOW + timedelta(minutes=1))
    words = say(0, "words", "1")
    assert (await made(stage, told(BEN), words, taken=lease)).lease == lease
    assert (await made(stage, told(CLEO), words, taken=lease)).lease is None


async def test_a_platforms_clock_that_runs_ahead_delays_nothing(stage: Database) -> None:
    ahead, behind = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)
    assert (await made(stage, told(BEN), say(0, "words", "1"), at=ahead)).at == NOW
    assert (await made(stage, told(BEN), say(0, "words", "1"), at=behind)).at == behind


async def test_effects_keep_their_order(stage: Database) -> None:
    going_out = GoingOut({})
    for number in range(3):
        going_out.add([told(BEN, f"e/{number}/a"), told(CLEO, f"e/{number}/b")], NOW, say(0, "w", str(number)))
    found = await stage.write(lambda connection: going_out.made(connection, {}, NOW))
    assert [one.effect.id for one in found] == [f"e/{number}/{part}" for number in range(3) for part in "ab"]


# What a question shows from now on.


def run(**more: object) -> Run:
    """Make a run in Slack that waits for an answer to its first question."""
    made = Run(
        id=RUN,
        person=BEN,
        group=class_of(0),
        flow="three",
        version="1",
        opening=Opening(),
        place=SLACK,
        started_at=NOW,
        asked_at=NOW,
        key="one",
        wait=1,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def answer(key: str, said: str) -> Answer:
    """Make an answer."""
    return Answer(
        run=RUN,
        key=key,
        person=BEN,
        group=class_of(0),
        flow="three",
        asked=f"What about {key}?",
        value=said,
        said=said,
        visibility=Visibility.GROUP,
        at=NOW,
    )


def shown(turn: Turn, before: Run | None, event: RunEvent) -> list[tuple[str, str, str, bool]]:
    """Read what messages are to show."""
    found = list(settling(turn, before, event, "Three questions"))
    for number, one in enumerate(found):
        assert (one.person, one.place, one.run) == (BEN, turn.run.place, RUN)
        assert one.id.startswith(f"{event.id}/settled/"), number
    assert len({one.id for one in found}) == len(found)
    return [(one.key, one.asked, one.said, one.can_edit) for one in found]


def wrote(text: str) -> TextReceived:
    return replace(say(0, text, "1"), place=SLACK)


STOP = ControlPressed(id=EventId("c"), at=NOW, who=BEN, place=SLACK, run=RUN, wait=1, control=Control.STOP)


def test_a_question_shows_what_was_said_to_it() -> None:
    turn = Turn(run=run(key="two", wait=2), answers=(answer("one", "The bridge."),))
    assert shown(turn, run(), wrote("The bridge.")) == [("one", "What about one?", "The bridge.", True)]


def test_the_last_question_shows_its_answer_and_nothing_more() -> None:
    turn = Turn(run=run(key="", status=RunStatus.DONE), answers=(answer("plan", "Screws."),))
    assert shown(turn, run(key="plan"), wrote("Screws.")) == [("plan", "What about plan?", "Screws.", True)]


def test_a_question_at_which_somebody_stops_shows_that() -> None:
    turn = Turn(run=run(status=RunStatus.STOPPED))
    assert shown(turn, run(), STOP) == [("one", "Three questions", "", False)]


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.STOPPED])
def test_the_card_of_a_form_shows_that_it_is_over(status: RunStatus) -> None:
    form = run(mode=Mode.FORM, key="")
    sent = FormSubmitted(id=EventId("f"), at=NOW, who=BEN, place=SLACK, run=RUN, raw={})
    turn = Turn(run=replace(form, status=status), answers=(answer("one", "The bridge."),))
    assert shown(turn, form, sent) == [("", "Three questions", "", False)]


def test_a_form_that_goes_on_shows_nothing_yet() -> None:
    form = run(mode=Mode.FORM, key="")
    sent = FormSubmitted(id=EventId("f"), at=NOW, who=BEN, place=SLACK, run=RUN, raw={})
    assert shown(Turn(run=form, answers=(answer("one", "The bridge."),)), form, sent) == []


@pytest.mark.parametrize("mode", [Mode.DIALOGUE, Mode.FORM])
def test_an_answer_changed_after_the_end_is_shown_and_the_end_not_again(mode: Mode) -> None:
    over = run(key="", status=RunStatus.DONE, mode=mode)
    turn = Turn(run=over, answers=(answer("one", "The long bridge."),))
    assert shown(turn, over, wrote("x")) == [("one", "What about one?", "The long bridge.", True)]


def test_where_messages_cannot_be_changed_nothing_is_asked_for() -> None:
    elsewhere = run(place=place_of(BEN), status=RunStatus.STOPPED)
    assert list(settling(Turn(run=elsewhere, answers=(answer("one", "x"),)), run(), STOP, "Three")) == []


def test_a_beginning_settles_nothing() -> None:
    started: RunRequested = replace(begin(0), place=SLACK)
    assert list(settling(Turn(run=run(), answers=(answer("one", "x"),)), None, started, "Three")) == []


def test_a_press_that_changes_nothing_shows_nothing() -> None:
    pressed: ChoicePressed = replace(press(0, RUN, 1, "yes"), place=SLACK)
    assert run().status is OPEN
    assert shown(Turn(run=run()), run(), pressed) == []
    assert shown(Turn(run=run(status=RunStatus.STOPPED)), None, pressed) == []
