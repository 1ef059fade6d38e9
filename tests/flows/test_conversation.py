"""Which run an event belongs to, and which comes next: what transcripts of one place cannot show."""

from dataclasses import replace

from bot.core.effects import EffectId
from bot.core.events import RunRequested
from bot.core.people import GroupId, PersonId
from bot.core.runs import Opening, Run, RunId, RunStatus, TimerKind
from bot.flows.conversation import Start, converse, in_focus, run_id
from bot.flows.document import Document
from bot.flows.flow import Flow
from bot.flows.phrases import ENGLISH
from tests.flows.made import (
    BEN,
    BYE,
    COLOUR,
    DM,
    PAGE,
    ROOF,
    Given,
    at,
    document,
    fired,
    pressed,
    requested,
    texts,
    typed,
)
from tests.flows.world import Shelf, World

HOUSE = document(ROOF, COLOUR, BYE, flow="house", title="House")
GARDEN = document(COLOUR, flow="garden", title="Garden")


def world(*documents: Document) -> World:
    return World(BEN, Shelf(documents or (HOUSE, GARDEN)), Opening(words={"task": "the map"}))


def only(world: World, flow: str) -> Run:
    [run] = [run for run in world.runs.values() if run.flow == flow]
    return run


# Whose answer is it?


def test_text_belongs_to_the_last_question_in_the_place_it_was_written_in() -> None:
    ben = world()
    ben.happen(requested("house", 0, PAGE))
    ben.happen(requested("garden", 1, DM))
    ben.happen(typed("A flag", 2, PAGE))
    assert only(ben, "house").said == {"roof": "A flag"}
    ben.happen(typed("red", 3, DM))
    assert only(ben, "garden").said == {"colour": "red"}


def test_text_in_a_place_without_questions_belongs_to_the_last_one_anywhere() -> None:
    ben = world()
    ben.happen(requested("garden", 0, PAGE))
    ben.happen(requested("house", 1, PAGE))
    ben.happen(typed("A flag", 2, DM))
    assert only(ben, "house").said == {"roof": "A flag"}
    assert only(ben, "house").place == DM


def test_a_run_that_waits_is_not_in_focus() -> None:
    ben = world()
    ben.happen(requested("house"))
    run = only(ben, "house")
    assert in_focus({run.id: run}, PAGE) == run
    assert in_focus({run.id: replace(run, is_shown=False)}, PAGE) is None
    assert in_focus({run.id: replace(run, status=RunStatus.DONE)}, PAGE) is None
    assert in_focus({}, PAGE) is None


def test_a_button_of_a_run_that_nobody_knows_gets_a_kind_sentence() -> None:
    ben = world()
    ben.happen(requested("house"))
    stranger = replace(only(ben, "house"), id=RunId("somebody-else"))
    assert texts(ben.happen(pressed(stranger, "red"))) == [ENGLISH.not_yours]


def test_a_timer_of_a_run_that_nobody_knows_is_silent() -> None:
    ben = world()
    ben.happen(requested("house"))
    stranger = replace(only(ben, "house"), id=RunId("somebody-else"))
    assert ben.happen(fired(stranger, TimerKind.NUDGE, 60 * 50)) == ()


# Asking for a flow.


def test_a_request_replayed_is_the_same_run() -> None:
    once, twice = world(), world()
    once.happen(requested("house"))
    twice.happen(requested("house"))
    assert once.runs == twice.runs


def test_one_request_makes_another_run_for_each_person() -> None:
    assert run_id(requested(), BEN) != run_id(requested(), PersonId("cy"))


def test_a_flow_that_does_not_exist_is_not_begun() -> None:
    assert world().happen(requested("unknown")) == ()


def test_the_same_flow_in_two_groups_is_two_runs() -> None:
    ben = world()
    ben.happen(requested("house", 0))
    ben.happen(requested("house", 1, group=GroupId("club")))
    assert [run.group for run in ben.open_runs()] == ["class", "club"]


def test_asked_for_elsewhere_a_run_goes_on_there() -> None:
    ben = world()
    ben.happen(requested("house", 0, PAGE))
    effects = ben.happen(requested("house", 1, DM))
    assert {effect.place for effect in effects} == {DM}
    assert only(ben, "house").place == DM


def test_a_run_begun_while_another_waits_has_its_own_version() -> None:
    newer = document(ROOF, flow="house", title="House")
    flows = {one.version: Flow(one, "en") for one in (HOUSE, newer)}
    ask = requested("house", 0)
    [old] = converse(BEN, {}, ask, lambda _, version, __: flows[version], Start(HOUSE.version, Opening())).turns
    turn = converse(BEN, {old.run.id: old.run}, typed("A flag"), lambda _, version, __: flows[version]).turns[0]
    assert turn.run.version == HOUSE.version
    assert texts(turn.effects) == ["Which colour?"]


# Waiting in line.


def sent(flow: str, minutes: float) -> RunRequested:
    return requested(flow, minutes, is_own_wish=False)


def test_somebody_who_has_answered_nothing_yet_is_not_in_the_middle() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(sent("garden", 1))
    assert all(run.is_shown for run in ben.open_runs())


def test_somebody_who_answered_within_the_hour_is_not_interrupted() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 60.5))
    assert not only(ben, "garden").is_shown


def test_what_waits_comes_up_within_the_hour_where_the_other_is_left_alone() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 2))
    assert ben.happen(fired(only(ben, "garden"), TimerKind.NUDGE, 61.9)) == ()  # not yet due
    assert texts(ben.happen(fired(only(ben, "garden"), TimerKind.NUDGE, 62))) == ["Which colour?"]
    assert only(ben, "garden").is_shown


def test_what_waits_goes_on_waiting_while_the_other_goes_on() -> None:
    wall: Given = {"id": "wall", "ask": "What is on the wall?", "text": {}}
    ben = world(document(ROOF, wall, COLOUR, flow="house", title="House"), GARDEN)
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 2))
    ben.happen(typed("Ivy", 61))
    assert ben.happen(fired(only(ben, "garden"), TimerKind.NUDGE, 62)) == ()
    assert ben.timers[only(ben, "garden").id].due_at == at(122)
    assert texts(ben.happen(fired(only(ben, "garden"), TimerKind.NUDGE, 122))) == ["Which colour?"]


def test_somebody_silent_for_an_hour_is_asked_anew() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 61.5))
    assert only(ben, "garden").is_shown


def test_what_somebody_asks_for_begins_at_once() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(requested("garden", 2))
    assert only(ben, "garden").is_shown


def test_asking_for_a_run_that_waits_begins_it() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 2))
    assert texts(ben.happen(requested("garden", 3))) == ["Which colour?"]


def test_a_timer_never_brings_up_the_next_run() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 2))
    run = only(ben, "house")
    assert texts(ben.happen(fired(run, TimerKind.NUDGE, 60 * 50))) == [ENGLISH.nudge, "Which colour?"]
    assert not only(ben, "garden").is_shown


def test_effects_of_two_runs_are_numbered_through() -> None:
    ben = world()
    ben.happen(sent("house", 0))
    ben.happen(typed("A flag", 1))
    ben.happen(sent("garden", 2))
    effects = ben.happen(typed("red", 3))
    assert [effect.id for effect in effects] == [EffectId(f"test/text/3/{n}") for n in range(3)]
    assert texts(effects) == ["That was all.", "One more is waiting: Garden.", "Which colour?"]
