"""What a turn leaves behind besides words: answers, memories, timers, places. The words are in tests/transcripts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.effects import AskQuestion
from bot.core.events import AnswerEdited, Control, ControlPressed, EventId, FormSubmitted
from bot.core.runs import Memory, Mode, Opening, Run, RunStatus, Timer, TimerKind, Visibility
from bot.flows.engine import Turn, advance, begin
from bot.flows.flow import Flow
from bot.flows.phrases import ENGLISH
from tests.flows.made import BEN, BYE, CLASS, COLOUR, DM, PAGE, ROOF, at, fired, flow, fresh, pressed, texts, typed

HOUSE = flow(ROOF, COLOUR, BYE)


def begun(flow: Flow = HOUSE, opening: Opening | None = None, mode: Mode = Mode.DIALOGUE) -> Turn:
    return begin(flow, fresh(flow, opening, mode), typed("begin", 0))


def control(run: Run, which: Control, minutes: float = 1) -> ControlPressed:
    name = EventId(f"test/control/{minutes}")
    return ControlPressed(id=name, at=at(minutes), who=BEN, place=PAGE, run=run.id, wait=run.wait, control=which)


# Answers and memories.


def test_an_answer_says_who_was_asked_what_as_they_read_it() -> None:
    turn = advance(HOUSE, begun().run, typed("  A flag\r\nand a bird "))
    [answer] = turn.answers
    assert answer.asked == "What is on the map?"
    assert (answer.value, answer.said) == ("A flag\nand a bird", "A flag\nand a bird")
    assert (answer.person, answer.group, answer.at) == (BEN, CLASS, at(1))
    assert answer.visibility is Visibility.FACILITATORS
    assert not answer.is_edit


def test_an_option_is_kept_by_its_value_and_shown_by_its_label() -> None:
    run = advance(HOUSE, begun().run, typed("A flag")).run
    [answer] = advance(HOUSE, run, pressed(run, "green")).answers
    assert (answer.value, answer.said) == ("green", "Green")


def test_what_is_to_be_remembered_goes_to_the_group_of_the_run() -> None:
    run = begun().run
    turn = advance(HOUSE, run, typed("A flag"))
    assert turn.memories == (Memory(person=BEN, group=CLASS, name="roof", text="A flag", at=run.started_at),)


def test_an_edit_of_a_finished_run_changes_the_answer_and_nothing_else() -> None:
    run = advance(HOUSE, begun().run, typed("A flag")).run
    run = advance(HOUSE, run, pressed(run, "green", minutes=2)).run
    assert run.status is RunStatus.DONE
    edit = AnswerEdited(id=EventId("test/edit/1"), at=at(9), who=BEN, place=DM, run=run.id, key="colour", raw="red")
    turn = advance(HOUSE, run, edit)
    assert turn.run == replace(run, said={"roof": "A flag", "colour": "red"})
    assert [(answer.said, answer.is_edit) for answer in turn.answers] == [("Red", True)]
    assert turn.timer is None


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.STOPPED, RunStatus.BROKEN])
def test_a_run_that_is_over_stays_as_it_is(status: RunStatus) -> None:
    run = replace(begun().run, status=status, key=None)
    turn = advance(HOUSE, run, pressed(run, "red", place=DM))
    assert turn.run == run
    assert texts(turn.effects) == [ENGLISH.old_button]
    assert turn.effects[0].place == DM


# Places.


def test_a_run_moves_to_where_the_person_answers() -> None:
    turn = advance(HOUSE, begun().run, typed("A flag", place=DM))
    assert turn.run.place == DM
    assert {effect.place for effect in turn.effects} == {DM}


def test_a_timer_asks_where_the_person_was_last() -> None:
    run = advance(HOUSE, begun().run, typed("A flag", place=DM)).run
    turn = advance(HOUSE, run, fired(run, TimerKind.NUDGE, 60 * 49))
    assert {effect.place for effect in turn.effects} == {DM}


# Effects.


def test_effects_are_numbered_within_their_event() -> None:
    run = advance(HOUSE, begun().run, typed("A flag")).run
    turn = advance(HOUSE, run, fired(run, TimerKind.NUDGE, 60 * 49))
    assert [effect.id for effect in turn.effects] == ["test/timer/2940/0", "test/timer/2940/1"]


def test_a_question_carries_its_run_its_wait_and_its_title() -> None:
    [effect] = begun().effects
    assert isinstance(effect, AskQuestion)
    assert (effect.run, effect.wait, effect.title) == ("run", 1, "Made up")


def test_the_same_question_keeps_its_wait_and_the_next_has_another() -> None:
    run = advance(HOUSE, begun().run, typed("A flag")).run
    assert run.wait == 2
    assert advance(HOUSE, run, typed("purple", 2)).run.wait == 2
    assert advance(HOUSE, run, control(run, Control.BACK)).run.wait == 3


# Timers.


def test_a_question_that_waits_has_one_nudge_ahead() -> None:
    turn = advance(HOUSE, begun().run, typed("A flag"))
    assert turn.timer == Timer(run=turn.run.id, wait=2, kind=TimerKind.NUDGE, due_at=at(1) + timedelta(hours=48))


def test_a_flow_may_never_nudge() -> None:
    assert begun(flow(ROOF, nudge_after=0)).timer is None


def test_a_finished_run_has_no_timer() -> None:
    only_roof = flow(ROOF)
    turn = advance(only_roof, begun(only_roof).run, typed("A flag"))
    assert turn.run.status is RunStatus.DONE
    assert turn.timer is None


def test_putting_off_replaces_the_nudge() -> None:
    run = begun().run
    turn = advance(HOUSE, run, control(run, Control.LATER))
    assert turn.timer == Timer(run=run.id, wait=1, kind=TimerKind.PUT_OFF, due_at=at(1) + timedelta(hours=3))
    assert advance(HOUSE, turn.run, fired(run, TimerKind.NUDGE, 60 * 50)).effects == ()


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 14, tzinfo=UTC), datetime(2026, 10, 25, 14, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 14, tzinfo=UTC), datetime(2026, 3, 29, 13, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 21, 3, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 20, 20, tzinfo=UTC), datetime(2026, 11, 22, 9, 15, tzinfo=UTC)),
    ],
    ids=["clocks go back", "clocks go forward", "still Friday there", "already Saturday there"],
)
def test_tomorrow_is_three_in_the_afternoon_of_the_next_local_day(zone: str, now: datetime, due: datetime) -> None:
    run = begun(opening=Opening(zone=zone)).run
    turn = advance(HOUSE, run, replace(control(run, Control.TOMORROW), at=now))
    assert turn.run.put_off_until == due


@pytest.mark.parametrize("wait", [0, 1, 3])
def test_a_timer_of_another_wait_does_nothing(wait: int) -> None:
    run = advance(HOUSE, begun().run, typed("A flag")).run
    turn = advance(HOUSE, run, fired(run, TimerKind.NUDGE, 60 * 50, wait=wait))
    assert turn.run == run
    assert turn.effects == ()


def test_a_timer_that_comes_before_its_time_does_nothing() -> None:
    run = begun().run
    assert advance(HOUSE, run, fired(run, TimerKind.NUDGE, 60)).effects == ()
    assert advance(HOUSE, run, fired(run, TimerKind.PUT_OFF, 60 * 50)).effects == ()


# Slips and forms.


def test_choosing_own_words_is_no_slip() -> None:
    menu = flow({"id": "way", "ask": "Which way?", "choice": {"options": ["Left", "Right"], "own": True}})
    run = begun(menu).run
    assert advance(menu, run, pressed(run, "own")).run.slips == 0
    assert advance(menu, run, typed(" ")).run.slips == 1


def test_a_form_may_come_for_a_run_in_dialogue() -> None:
    run = begun().run
    form = FormSubmitted(id=EventId("test/form/1"), at=at(1), who=BEN, place=PAGE, run=run.id, raw={"roof": "A flag"})
    turn = advance(HOUSE, run, form)
    assert texts(turn.effects) == ["Which colour?"]


def test_a_follow_up_needs_cues_in_the_language_of_the_person() -> None:
    asking = flow({**ROOF, "probe": {"by": "depth"}})
    assert advance(asking, begun(asking).run, typed("A flag")).run.is_probed
    asking.has_depth_cues = False
    assert advance(asking, begun(asking).run, typed("A flag")).run.status is RunStatus.DONE


def test_a_form_has_no_follow_up() -> None:
    asking = flow({**ROOF, "probe": {"by": "depth"}})
    assert advance(asking, begun(asking, mode=Mode.FORM).run, typed("A flag")).run.status is RunStatus.DONE
